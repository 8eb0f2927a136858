"""A worker that bundles an order's documents is killed many times, and only a complete bundle becomes available."""

import hashlib
import time
import zipfile
from pathlib import Path

import pytest

from tests.faults.figures import record_result
from tests.faults.installation import Installation, wait_for

pytestmark = [pytest.mark.fault, pytest.mark.every_way]  # half a minute
FILES, MEGABYTES = 40, 4
KILLS = 20
ROW = "SELECT status, stored, sha256, files FROM procurement_auditfile"


def unfinished_files(folder: Path) -> set[str]:
    """Return the names of the unfinished files that already hold data."""
    return {path.name for path in folder.glob("*.part") if path.stat().st_size > MEGABYTES * 10**6}


def test_audit_file_is_complete_however_often_its_worker_is_killed(installation: Installation) -> None:
    installation.run("-m", "tests.faults.worker.large_order", str(FILES), str(MEGABYTES))
    folder = installation.places.data_dir / "files" / "archives"
    with installation.running("manage.py", "tick", "--loop") as maker:
        for number in range(KILLS):
            before = unfinished_files(folder) if folder.exists() else set()
            assert wait_for(lambda seen=before: folder.exists() and unfinished_files(folder) - seen, 120), (
                "no one is at it"
            )
            time.sleep(0.05 * (number % 4))
            maker.kill()
            ((status, stored, _sha, _files),) = installation.ask(ROW)
            assert (status, stored) == ("pending", ""), "nothing half may be handed out"
            maker.start()
        assert wait_for(lambda: installation.ask(ROW)[0][0] == "ready", 180, every=0.5), (
            "it was never finished"
        )
        ((_status, stored, sha256, files),) = installation.ask(ROW)
    place = folder / stored
    with place.open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == sha256
    with zipfile.ZipFile(place) as archive:
        assert archive.testzip() is None
        assert sum(name.startswith("order/") for name in archive.namelist()) == FILES
    record_result("bundle's maker killed -9", f"{KILLS} kills, {files} files: whole, asked once, built once")
