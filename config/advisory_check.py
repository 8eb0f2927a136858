"""Check of the locked packages against security advisories: `python -m config.advisory_check PATH`.

PATH is a JSON file, a folder of JSON files or a zip of them, in the OSV format
(https://ossf.github.io/osv-schema/), so a machine without internet access can be checked.
"""

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, order=True)
class Package:
    """Locked package; `ecosystem` is its name in the OSV format."""

    ecosystem: str
    name: str
    version: str


@dataclass(frozen=True, order=True)
class Finding:
    """Package that an advisory affects; `fixed_version` is the first corrected version, empty if the advisory names none."""

    package: Package
    advisory_id: str
    fixed_version: str
    summary: str

    def __str__(self) -> str:
        cure = f"corrected in {self.fixed_version}" if self.fixed_version else "no corrected version named"
        return (
            f"{self.package.name} {self.package.version}: {self.advisory_id}, {cure}. {self.summary}".strip()
        )


def locked_packages(root: Path = ROOT) -> set[Package]:
    """Return the packages that requirements/ and package-lock.json lock, including those used only in development."""
    text = "\n".join(path.read_text() for path in (root / "requirements").glob("*.txt"))
    lines = re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE)
    found = {Package("PyPI", canonicalize_name(name), version) for name, version in lines}
    lock = json.loads((root / "package-lock.json").read_text())["packages"]
    for place, facts in lock.items():
        if place:
            found.add(Package("npm", place.rpartition("node_modules/")[2], facts["version"]))
    return found


def read_advisories(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the advisories of a file, folder or zip. Raises OSError and ValueError."""
    if path.is_dir():
        for one in sorted(path.rglob("*.json")):
            yield from _parse(one.read_bytes())
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if name.endswith(".json"):
                    yield from _parse(archive.read(name))
    else:
        yield from _parse(path.read_bytes())


def _parse(content: bytes) -> list[dict[str, Any]]:
    """Return the advisories of a JSON document: one, a list, or the answer of an OSV server."""
    found = json.loads(content)
    if isinstance(found, dict):
        found = found.get("vulns", [found])
    if not all(isinstance(one, dict) and "id" in one for one in found):
        raise ValueError("not in the OSV format: an advisory has an id")
    return list(found)


def advisory_findings(advisory: dict[str, Any], packages: set[Package]) -> Iterator[Finding]:
    """Yield the packages that an advisory affects; none if it was withdrawn."""
    if advisory.get("withdrawn"):
        return
    for affected in advisory.get("affected", []):
        named = affected.get("package", {})
        ecosystem, name = named.get("ecosystem", ""), named.get("name", "")
        if ecosystem == "PyPI":
            name = canonicalize_name(name)
        for package in packages:
            if (package.ecosystem, package.name) == (ecosystem, name) and is_affected(
                package.version, affected
            ):
                fixed = next(iter(_fixed(affected)), "")
                yield Finding(package, advisory["id"], fixed, advisory.get("summary", ""))


def is_affected(version: str, affected: dict[str, Any]) -> bool:
    """Return True if a version is listed, or inside one of the ranges (OSV schema, "Evaluation").

    A range with a version that cannot be compared counts as affected, so that a person looks at it.
    """
    if version in affected.get("versions", []):
        return True
    ranges = [one for one in affected.get("ranges", []) if one.get("type") != "GIT"]
    try:
        return any(_is_within(Version(version), one["events"]) for one in ranges)
    except InvalidVersion:
        return True


def _is_within(version: Version, events: list[dict[str, str]]) -> bool:
    """Return True if the newest event up to a version introduces the weakness."""
    inside = False
    for kind, at in sorted((pair for event in events for pair in event.items()), key=_place):
        if kind == "introduced" and version >= _version(at):
            inside = True
        elif (kind == "fixed" and version >= _version(at)) or (
            kind == "last_affected" and version > _version(at)
        ):
            inside = False
    return inside


def _place(event: tuple[str, str]) -> tuple[Version, bool]:
    kind, at = event
    return _version(at), kind != "introduced"


def _version(text: str) -> Version:
    return Version("0.dev0" if text == "0" else text)  # "0" is before every version


def _fixed(affected: dict[str, Any]) -> list[str]:
    ranges = [one for one in affected.get("ranges", []) if one.get("type") != "GIT"]
    return [event["fixed"] for one in ranges for event in one["events"] if "fixed" in event]


def main(line: list[str]) -> int:
    """Print the affected packages. Return the exit code: 0 for none, 1 for some, 2 if no advisory could be read."""
    if len(line) != 1:
        print("Name a file, folder or zip of advisories in the OSV format.", file=sys.stderr)
        return 2
    packages = locked_packages()
    try:
        advisories = list(read_advisories(Path(line[0])))
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        print(f"{line[0]} cannot be read: {error}", file=sys.stderr)
        return 2
    if not advisories:
        print(f"{line[0]} holds no advisory.", file=sys.stderr)
        return 2
    found = sorted({one for advisory in advisories for one in advisory_findings(advisory, packages)})
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(packages)} packages, {len(advisories)} advisories, {len(found)} found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
