"""Preview pictures of the pages of files: drawn in a sandboxed process on first view, then cached on disk.

A picture that is missing is drawn again. The pictures are under MEDIA_ROOT/pages/ and are named after the file's random
name. No database row refers to them: a person who may read the file may read its pages. A picture that was not
viewed for a month is deleted.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from django.conf import settings

from workflow.errors import Refused
from workflow.uploads.models import File
from workflow.uploads.sandbox_client import run_parser
from workflow.uploads.storage import clean_path

type Size = Literal["small", "large"]

PREVIEW_WIDTHS: dict[Size, int] = {"small": 560, "large": 1600}  # pixels
PREVIEW_FOLDER = "pages"
PREVIEW_LIFETIME_SECONDS = 30 * 24 * 3600
MAX_CONCURRENT_DRAWINGS = 2  # drawings; a further request gets the answer to try again
SLOT_TIMEOUT_SECONDS = 60
RETRY_AFTER_SECONDS = 4 * 3600


class PreviewBusy(Exception):
    """Error raised when too many pages are being drawn at once; a retry a little later succeeds."""


def preview(file: File, number: int, size: Size) -> Path | None:
    """Return the path of a page's picture, after drawing it if necessary.

    Returns None if the file is not clean, has no such page, or cannot be drawn. Raises PreviewBusy.
    """
    if file.status != File.Status.CLEAN or not 1 <= number <= file.pages:
        return None
    path = _folder() / f"{file.stored.replace('/', '')}-{number}-{size}.webp"
    if not path.exists() or _should_retry(path):
        with _drawing_slot():
            _draw(file, number, size, path)
    if not path.stat().st_size:
        return None
    path.touch()
    return path


def delete_old_previews() -> int:
    """Delete the pages that were not viewed for a month, and return how many."""
    oldest = time.time() - PREVIEW_LIFETIME_SECONDS
    old = [path for path in _folder().glob("*-*") if path.stat().st_mtime < oldest]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _should_retry(path: Path) -> bool:
    """Return True if drawing failed some hours ago.

    Perhaps the machine was busy then, and the file is not broken.
    """
    facts = path.stat()
    return facts.st_size == 0 and facts.st_mtime < time.time() - RETRY_AFTER_SECONDS


def _draw(file: File, number: int, size: Size, path: Path) -> None:
    """Draw the page into a temporary file, then move the complete file to `path`.

    A page that cannot be drawn leaves an empty file, and is not tried again for some hours.
    """
    unfinished = path.with_suffix(f".{time.monotonic_ns()}.part")
    try:
        answer = run_parser(
            "preview", clean_path(file), unfinished, str(PREVIEW_WIDTHS[size]), str(number), size
        )
    except Refused as refused:
        answer = {"refused": refused.code}
    if "refused" in answer:
        unfinished.write_bytes(b"")
    unfinished.chmod(0o600)
    unfinished.replace(path)


@contextmanager
def _drawing_slot() -> Iterator[None]:
    """Occupy one of the few slots for drawing until the block ends.

    Raises PreviewBusy if none is free. A slot is a file that exists while a process draws. A file left by a dead
    process is removed after SLOT_TIMEOUT_SECONDS.
    """
    for number in range(MAX_CONCURRENT_DRAWINGS):
        slot = _folder() / f"turn-{number}"
        if slot.exists() and slot.stat().st_mtime < time.time() - SLOT_TIMEOUT_SECONDS:
            slot.unlink(missing_ok=True)
        try:
            slot.touch(exist_ok=False)
        except FileExistsError:
            continue
        try:
            yield
        finally:
            slot.unlink(missing_ok=True)
        return
    raise PreviewBusy


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / PREVIEW_FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
