"""The audit command compares given security advisories with the locked packages."""

import json
import zipfile

import pytest

from config.advisory_check import (
    Package,
    advisory_findings,
    is_affected,
    locked_packages,
    main,
    read_advisories,
)


def advisory(name="django", ecosystem="PyPI", **affected) -> dict:
    """Return a made-up advisory."""
    package = {"ecosystem": ecosystem, "name": name}
    return {"id": "TEST-1", "summary": "Made up.", "affected": [{"package": package, **affected}]}


def events(*pairs: tuple[str, str], kind: str = "ECOSYSTEM") -> dict:
    """Return a range with these events."""
    return {"ranges": [{"type": kind, "events": [{name: at} for name, at in pairs]}]}


def test_audit_reads_python_and_npm_lock_files():
    found = {(one.ecosystem, one.name) for one in locked_packages()}
    assert {("PyPI", "django"), ("npm", "bootstrap"), ("npm", "@popperjs/core"), ("npm", "kleur")} <= found


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ("1.9", events(("introduced", "0"), ("fixed", "2.0"))),
        ("0.0.0a1", events(("introduced", "0"))),
        ("1.10", events(("introduced", "1.9"), ("fixed", "1.11"))),
        ("2.0rc1", events(("introduced", "0"), ("fixed", "2.0"))),
        ("2.0", events(("introduced", "1"), ("last_affected", "2.0"))),
        ("3.1", events(("fixed", "3.2"), ("introduced", "3.0"), ("fixed", "2.5"), ("introduced", "2.0"))),
        ("1.1", {"versions": ["1.0", "1.1"]}),
        ("1.0.0", events(("introduced", "1.0.0-beta.1"), kind="SEMVER")),
        ("not a version", events(("introduced", "0"))),
    ],
)
def test_version_inside_an_advisory_range_is_affected(version, affected):
    assert is_affected(version, affected)


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ("2.0", events(("introduced", "0"), ("fixed", "2.0"))),
        ("1.8", events(("introduced", "1.9"))),
        ("2.0.1", events(("introduced", "1"), ("last_affected", "2.0"))),
        ("2.7", events(("introduced", "2.0"), ("fixed", "2.5"), ("introduced", "3.0"))),
        ("1.2", {"versions": ["1.0", "1.1"]}),
        ("1.2", events(("introduced", "0"), kind="GIT")),
        ("1.2", {}),
    ],
)
def test_version_outside_an_advisory_range_is_not_affected(version, affected):
    assert not is_affected(version, affected)


def test_package_names_are_normalized_and_withdrawn_advisories_ignored():
    packages = {Package("PyPI", "python-stdnum", "2.1"), Package("npm", "python-stdnum", "2.1")}
    found = advisory("Python_StdNum", **events(("introduced", "0"), ("fixed", "2.2")))
    (one,) = advisory_findings(found, packages)
    assert str(one) == "python-stdnum 2.1: TEST-1, corrected in 2.2. Made up."
    assert list(advisory_findings(found | {"withdrawn": "2026-01-01T00:00:00Z"}, packages)) == []
    assert list(advisory_findings(advisory("other", **events(("introduced", "0"))), packages)) == []


@pytest.fixture
def folder(tmp_path):
    harmless = advisory("bootstrap", "npm", **events(("introduced", "0"), ("fixed", "0.0.1")))
    (tmp_path / "a.json").write_text(json.dumps(advisory(**events(("introduced", "0")))))
    (tmp_path / "b.json").write_text(json.dumps({"vulns": [harmless]}))
    return tmp_path


def zip_folder(folder):
    """Write the JSON files of a folder to a zip beside it, and return its path."""
    target = folder.parent / f"{folder.name}.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for path in folder.glob("*.json"):
            archive.write(path, path.name)
    return target


@pytest.mark.parametrize("place", [lambda folder: folder, zip_folder], ids=["folder", "zip"])
def test_audit_names_an_affected_package_and_exits_with_1(folder, place, capsys):
    assert main([str(place(folder))]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("django 6.1")
    assert "TEST-1, no corrected version named" in said[0]
    assert said[1].endswith(" packages, 2 advisories, 1 found")


def test_audit_without_affected_package_exits_with_0(folder):
    assert main([str(folder / "b.json")]) == 0


@pytest.mark.parametrize("content", ["", "{", "[1]", "{}", "[]"])
def test_audit_of_an_invalid_advisory_file_exits_with_2(tmp_path, content, capsys):
    path = tmp_path / "x.json"
    path.write_text(content)
    assert main([str(path)]) == 2
    assert str(path) in capsys.readouterr().err


def test_audit_without_an_existing_advisory_file_exits_with_2(tmp_path):
    assert main([str(tmp_path / "none.json")]) == 2
    assert main([]) == 2


def test_audit_reads_a_json_list_of_advisories(tmp_path):
    path = tmp_path / "all.json"
    path.write_text(json.dumps([advisory(), advisory()]))
    assert len(list(read_advisories(path))) == 2
