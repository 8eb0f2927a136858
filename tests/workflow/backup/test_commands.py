"""The commands `backup` and `restore`: their round trip, and each damage that they report.

They run PostgreSQL's own tools.
"""

import io
import json
import os
import stat
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.actions.people import add_person
from accounts.actors import CONSOLE_ACTOR
from config.local_stack.postgres import POSTGRES_BIN_DIR
from tests.workflow.conftest import AT
from workflow.backup import archive
from workflow.backup.archive import DATABASE, MANIFEST
from workflow.clock import create_instance
from workflow.installation_models import Instance
from workflow.journal.hash_chain import chain_head, seal_entries
from workflow.uploads.models import File
from workflow.uploads.storage import file_sha256, store_bytes, stored_path

KEY = "a key of a city, long enough to be one"
pytestmark = pytest.mark.django_db(transaction=True)  # pg_dump reads what is committed


@pytest.fixture(autouse=True)
def instance(settings, tmp_path, monkeypatch):
    """A real instance with a person, a sealed entry and a clean file."""
    settings.MEDIA_ROOT, settings.BACKUP_DIR, settings.BACKUP_KEY = tmp_path / "files", tmp_path / "out", ""
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setenv("PATH", f"{POSTGRES_BIN_DIR}{os.pathsep}{os.environ['PATH']}")
    create_instance(Instance.Kind.REAL)
    person = add_person(email="one@city.example", name="One", by=CONSOLE_ACTOR, at=AT)
    assert seal_entries() > 0
    stored = store_bytes([b"a clean file"])
    digest = file_sha256(stored_path(stored))
    File.objects.create(
        thing_label="x", thing_id=1, name="a.pdf", content_type="application/pdf", size=12, stored=stored,
        uploaded_sha256="0" * 64, kept_sha256=digest, by=person, status=File.Status.CLEAN, created_at=AT,
    )  # fmt: skip
    stored_path(f"{stored}.part").write_bytes(b"unfinished")
    return stored


def backup(settings) -> Path:
    """Write a backup and return its path."""
    call_command("backup", stdout=io.StringIO())
    return max(settings.BACKUP_DIR.glob("twinlane-*"))


def run_restore(file: Path, *line: str) -> str:
    """Run the command on a file; return what it says."""
    output = io.StringIO()
    call_command("restore", str(file), *line, stdout=output)
    return output.getvalue()


def scratch_database_count() -> int:
    """Return how many scratch databases are left."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'twinlane_check_%%'")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("key", ["", KEY])
def test_backup_passes_its_check_and_is_recorded(settings, instance, key):
    settings.BACKUP_KEY = key
    file = backup(settings)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    said = run_restore(file, "--check")
    assert f"version {settings.VERSION}" in said
    assert chain_head() in said
    assert Instance.objects.get().backed_up_at is not None
    assert scratch_database_count() == 0
    assert (b"one@city.example" in file.read_bytes()) is False


def test_unpacked_backup_contains_database_files_and_manifest(settings, instance, tmp_path):
    run_restore(backup(settings), "--unpack", str(tmp_path / "open"))
    names = {
        path.relative_to(tmp_path / "open").as_posix()
        for path in (tmp_path / "open").rglob("*")
        if path.is_file()
    }
    assert names == {DATABASE, MANIFEST, f"files/{instance}"}
    manifest = json.loads((tmp_path / "open" / MANIFEST).read_text())
    assert set(manifest["hashes"]) == names - {MANIFEST}
    with pytest.raises(CommandError, match="not empty"):
        run_restore(backup(settings), "--unpack", str(tmp_path / "open"))


def rewrite_members(file: Path, change) -> Path:
    """Write the members of a backup again, each as `change` returns it; None leaves it out."""
    target = file.with_name("changed.tar")
    with tarfile.open(file) as old, tarfile.open(target, "w") as new:
        for info in old:
            content = change(info.name, old.extractfile(info).read())
            if content is not None:
                info.size = len(content)
                new.addfile(info, io.BytesIO(content))
    return target


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda name, content: b"another file" if name.startswith("files/") else content,
            "not what was saved",
        ),
        (lambda name, content: None if name.startswith("files/") else content, "not what was saved"),
        (lambda name, content: None if name == MANIFEST else content, "no manifest"),
        (lambda name, content: content + b"x" if name == DATABASE else content, "not what was saved"),
    ],
    ids=["swapped file", "missing file", "no manifest", "changed dump"],
)
def test_restore_reports_a_changed_backup(settings, change, words):
    with pytest.raises(CommandError, match=words):
        run_restore(rewrite_members(backup(settings), change), "--check")


@pytest.mark.parametrize("size", [100, 5_000, -20_000])
@pytest.mark.parametrize("key", ["", KEY])
def test_restore_reports_a_truncated_backup(settings, key, size):
    settings.BACKUP_KEY = key
    file = backup(settings)
    file.write_bytes(file.read_bytes()[:size])
    with pytest.raises(CommandError, match="failed the check"):
        run_restore(file, "--check")


def test_restore_check_reports_a_stored_file_changed_before_the_backup(settings, instance):
    stored_path(instance).write_bytes(b"another file")
    with pytest.raises(CommandError, match=rf"The file {instance} is missing or not what its row says"):
        run_restore(backup(settings), "--check")
    assert scratch_database_count() == 0


def test_restore_reports_a_journal_without_the_noted_head(settings, monkeypatch):
    monkeypatch.setattr(archive, "chain_head", lambda: "f" * 64)
    with pytest.raises(CommandError, match="noted head"):
        run_restore(backup(settings), "--check")


def test_restore_without_the_right_key_is_refused(settings):
    settings.BACKUP_KEY = KEY
    file = backup(settings)
    for key in ("", "another key"):
        settings.BACKUP_KEY = key
        with pytest.raises(CommandError, match="BACKUP_KEY"):
            run_restore(file, "--check")


def test_backup_keeps_only_the_newest_files(settings, monkeypatch):
    settings.BACKUP_KEEP = 2
    for day in (1, 2, 3):
        monkeypatch.setattr(
            "workflow.management.commands.backup.real_now", lambda day=day: datetime(2026, 5, day, tzinfo=UTC)
        )
        call_command("backup", stdout=io.StringIO())
    names = [path.name for path in sorted(settings.BACKUP_DIR.iterdir())]
    assert names == ["twinlane-20260502T000000Z.tar", "twinlane-20260503T000000Z.tar"]


def test_backup_without_postgresql_tools_writes_and_records_nothing(settings, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CommandError, match="Install PostgreSQL's client programs"):
        backup(settings)
    assert list(settings.BACKUP_DIR.iterdir()) == []
    assert Instance.objects.get().backed_up_at is None


def test_restore_here_overwrites_no_database_and_no_files(settings, monkeypatch, instance):
    file = backup(settings)
    with pytest.raises(CommandError, match="The database is not empty"):
        run_restore(file, "--here")
    monkeypatch.setattr(archive.postgres_tools, "has_tables", lambda: False)
    monkeypatch.setattr(archive.postgres_tools, "restore_database", lambda *_parts: pytest.fail("restored"))
    with pytest.raises(CommandError, match="files is not empty"):
        run_restore(file, "--here")
    assert stored_path(instance).read_bytes() == b"a clean file"


@pytest.mark.parametrize("fault", ["version", "changed"])
def test_restore_here_refuses_another_version_and_a_changed_backup(settings, monkeypatch, tmp_path, fault):
    file = backup(settings)
    if fault == "changed":
        file = rewrite_members(file, lambda name, content: content + b"x" if name == DATABASE else content)
    settings.MEDIA_ROOT = tmp_path / "new"
    settings.VERSION = "0.0.1" if fault == "version" else settings.VERSION
    monkeypatch.setattr(archive.postgres_tools, "has_tables", lambda: False)
    monkeypatch.setattr(archive.postgres_tools, "restore_database", lambda *_parts: pytest.fail("restored"))
    words = {"version": "this is 0.0.1", "changed": "not what was saved"}[fault]
    with pytest.raises(CommandError, match=words):
        run_restore(file, "--here")
    assert not settings.MEDIA_ROOT.exists()
