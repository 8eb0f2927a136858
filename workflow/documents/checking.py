"""Opening a received file in a process of its own, and writing down what came of it: at once, and again if it was cut off."""

import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from workflow.actors import CLOCK
from workflow.documents import rules, scanner, store
from workflow.documents.scanner import Scan
from workflow.documents.store import new_place, place_of, sha256_of
from workflow.errors import Refused
from workflow.models.evidence import File

SECONDS = 40  # by the wall; the process itself has 20 s of CPU
CUT_OFF = timedelta(minutes=5)
MODULES = {"application/pdf": "pdf", "image/jpeg": "picture", "image/png": "picture", "image/webp": "picture"}


def check(file: File, *, at: datetime) -> File:
    """Open the file, keep the cleaned copy in place of what came, and call the file clean; or refuse it, and forget its bytes.

    Where a virus scanner is set and does not answer, the file stays unscanned and is checked again later.
    """
    came = place_of(file.stored)
    with rules.CHECK.on(file, by=CLOCK, at=at):
        pass
    stored, place = new_place()
    answer = open_apart(MODULES[file.content_type], came, place)
    scan = Scan.INFECTED if "refused" in answer else scanner.scan(came)
    if scan is Scan.AWAY:
        store.remove(stored)
        with rules.LEAVE.on(file, by=CLOCK, at=at):
            pass
        return file
    if scan is Scan.INFECTED:
        store.remove(stored)
        _reject(file, answer.get("refused", File.Refusal.INFECTED), at)
    else:
        place.chmod(0o600)
        with rules.PASS.on(file, by=CLOCK, at=at, removed=answer.get("removed", [])) as row:
            row.stored, row.kept_sha256 = stored, sha256_of(place)
            row.size = place.stat().st_size
            row.pages = answer.get("pages", 1)
    came.unlink(missing_ok=True)
    return file


def check_waiting(at: datetime, limit: int = 20) -> int:
    """Check what was received or begun and never finished, because a process died or the scanner was away; how many."""
    waiting = list(File.objects.unfinished(at - CUT_OFF).order_by("pk")[:limit])
    for file in waiting:
        check(file, at=at)
    return len(waiting)


def open_apart(module: str, source: Path, target: Path, *more: str) -> dict[str, Any]:
    """What the opener says: `{"ok": True, ...}`, or `{"refused": code}`. Never raises for what a file does to it.

    `more` is what this opener takes beside the two paths.
    """
    line = [sys.executable, "-E", "-s", "-m", f"workflow.opening.{module}", str(source), str(target), *more]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and paths that we made
            line,
            cwd=settings.BASE_DIR,
            env={},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return {"refused": File.Refusal.UNREADABLE}
    known = answer.get("ok") is True or answer.get("refused") in File.Refusal.values
    return answer if known else {"refused": File.Refusal.UNREADABLE}


def _reject(file: File, code: str, at: datetime) -> None:
    with rules.REJECT.on(file, by=CLOCK, at=at, code=code) as row:
        row.refusal = code
        row.stored = ""


def refused(file: File) -> Refused:
    """Why a rejected file was refused, for the person who brought it."""
    words = _("“%(name)s” was not accepted. %(reason)s") % {
        "name": file.name,
        "reason": file.get_refusal_display(),
    }
    return Refused("file_refused", words, field="file", reason=file.refusal)
