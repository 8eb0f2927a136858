"""`make sbom` lists each package that runs, in files that CycloneDX's own library finds valid."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from config.advisory_check import locked_packages

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with both lists; what is installed stays as it is."""
    target = tmp_path_factory.mktemp("sbom")
    old = [part for stamp in (".venv/dev.stamp", "node_modules/.stamp") for part in ("--assume-old", stamp)]
    done = subprocess.run(
        ["make", "--no-print-directory", *old, "sbom", f"SBOM={target}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return target


@pytest.mark.parametrize("name", ["python", "npm"])
def test_each_list_is_valid_and_a_broken_one_is_not(folder, name):
    content = (folder / f"{name}.json").read_text()
    validator = JsonStrictValidator(SchemaVersion.from_version(json.loads(content)["specVersion"]))
    assert validator.validate_str(content) is None
    assert validator.validate_str(content.replace('"components"', '"component"', 1)) is not None


def listed(folder: Path, name: str) -> set[tuple[str, str]]:
    """Return names and versions of a list."""
    components = json.loads((folder / f"{name}.json").read_text())["components"]
    return {
        ("/".join(filter(None, (component.get("group"), component["name"]))), component["version"])
        for component in components
    }


def test_each_locked_python_package_that_runs_is_listed(folder):
    lock = (ROOT / "requirements/base.txt").read_text()
    locked = set(re.findall(r"^([\w.-]+)==([^\s;]+)", lock, re.MULTILINE))
    assert listed(folder, "python") == locked


def test_each_locked_npm_package_that_runs_is_listed(folder):
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    runs = {
        place.rpartition("node_modules/")[2]
        for place, facts in lock.items()
        if place and not facts.get("dev")
    }
    versions = {
        (package.name, package.version)
        for package in locked_packages()
        if package.ecosystem == "npm" and package.name in runs
    }
    assert listed(folder, "npm") <= versions
    assert {name for name, _ in listed(folder, "npm")} == runs
