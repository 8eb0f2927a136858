"""Static files of an installation: of each script only the minified file is collected, and files are compressed."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import override_settings

MANIFEST = {"BACKEND": "config.static.CompressedManifestStorage"}


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    with override_settings(STORAGES={"staticfiles": MANIFEST}, STATIC_ROOT=folder):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


def test_only_minified_form_of_admin_script_is_collected(collected):
    names = {
        path.name.partition(".")[0]: path for path in (collected / "admin/js/vendor/jquery").glob("*.js")
    }
    assert list(names) == ["jquery"]
    assert names["jquery"].name.startswith("jquery.min.")
    assert finders.find("admin/js/vendor/jquery/jquery.js"), (
        "where nothing is collected, DEBUG finds the long one"
    )


def test_collected_static_files_except_source_maps_are_compressed(collected):
    by_name = {path.name for path in collected.rglob("*") if path.is_file()}
    styles = [name for name in by_name if name.startswith("bootstrap.min.") and name.endswith(".css")]
    maps = [name for name in by_name if name.endswith(".map")]
    assert len(styles) == len(maps) == 1
    assert {f"{styles[0]}.br", f"{styles[0]}.gz"} <= by_name
    assert not {f"{maps[0]}.br", f"{maps[0]}.gz"} & by_name


def test_every_collected_file_is_readable_by_the_user_who_serves_it(collected):
    files = [path for path in collected.rglob("*") if path.is_file()]
    assert "staticfiles.json" in {path.name for path in files}
    assert [path.name for path in files if path.stat().st_mode & 0o444 != 0o444] == []
