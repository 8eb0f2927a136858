"""Functions that read the files of deploy/ and the commands of docs/operations.md."""

import configparser
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
HOME = "/opt/twinlane"  # where the page puts the code
OPERATIONS = (ROOT / "docs/operations.md").read_text()


def read_unit(name: str) -> configparser.ConfigParser:
    """Return a unit; of several lines with one key only the last is kept."""
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's keys keep their case
    found.read_string(re.sub(r" \\\n\s*", " ", (UNITS / name).read_text()))
    return found


def unit_command(name: str) -> str:
    """Return the command of a unit as docs/operations.md writes it, relative to the folder of the code."""
    return read_unit(name)["Service"]["ExecStart"].replace(f"{HOME}/", "")


def documented_commands(heading: str) -> list[str]:
    """Return the indented lines below a heading; a continued line is one."""
    section = re.split(r"^#+ ", OPERATIONS.partition(f"{heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    joined = re.sub(r" \\\n\s*", " ", section)
    return re.findall(r"^    (\S.*)$", joined, re.MULTILINE)
