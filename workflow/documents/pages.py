"""Pages of files as pictures of our own: drawn apart from everything else when somebody first looks, kept, and drawn again if lost.

They lie under MEDIA_ROOT/pages/ by the random name of the file they were drawn from. No row knows them: whoever may read the file may
read its pages, and a page that nobody looked at for a month goes.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from django.conf import settings

from workflow.documents import store
from workflow.documents.checking import open_apart
from workflow.errors import Refused
from workflow.models.evidence import File

type Size = Literal["small", "large"]

WIDTHS: dict[Size, int] = {"small": 560, "large": 1600}  # pixels
FOLDER = "pages"
KEPT_SECONDS = 30 * 24 * 3600
MOST_AT_ONCE = 2  # drawings; who comes meanwhile is told to come again
BUSY_SECONDS = 60
TRIED_AGAIN_SECONDS = 4 * 3600


class Busy(Exception):
    """Too many pages are being drawn: the same address gives the picture a little later."""


def picture_of(file: File, number: int, size: Size) -> Path | None:
    """The path of a page's picture; None where the file has no such page, or it cannot be drawn. Raises Busy."""
    if file.status != File.Status.CLEAN or not 1 <= number <= file.pages:
        return None
    place = _folder() / f"{file.stored.replace('/', '')}-{number}-{size}.webp"
    if not place.exists() or _to_be_tried_again(place):
        with _turn():
            _draw(file, number, size, place)
    if not place.stat().st_size:
        return None
    place.touch()
    return place


def forget_old() -> int:
    """Remove the pages nobody looked at for a month; how many."""
    oldest = time.time() - KEPT_SECONDS
    old = [place for place in _folder().glob("*-*") if place.stat().st_mtime < oldest]
    for place in old:
        place.unlink(missing_ok=True)
    return len(old)


def _to_be_tried_again(place: Path) -> bool:
    """Whether it could not be drawn some hours ago: perhaps the machine was busy, and not the file broken."""
    facts = place.stat()
    return facts.st_size == 0 and facts.st_mtime < time.time() - TRIED_AGAIN_SECONDS


def _draw(file: File, number: int, size: Size, place: Path) -> None:
    """Draw it beside its place and move it there whole. What cannot be drawn leaves an empty file, and is let be for some hours."""
    unfinished = place.with_suffix(f".{time.monotonic_ns()}.part")
    try:
        answer = open_apart("page", store.kept(file), unfinished, str(WIDTHS[size]), str(number), size)
    except Refused as refused:
        answer = {"refused": refused.code}
    if "refused" in answer:
        unfinished.write_bytes(b"")
    unfinished.chmod(0o600)
    unfinished.replace(place)


@contextmanager
def _turn() -> Iterator[None]:
    """One of the few places for drawing: a file that is there while somebody draws, and forgotten if they died."""
    for number in range(MOST_AT_ONCE):
        place = _folder() / f"turn-{number}"
        if place.exists() and place.stat().st_mtime < time.time() - BUSY_SECONDS:
            place.unlink(missing_ok=True)
        try:
            place.touch(exist_ok=False)
        except FileExistsError:
            continue
        try:
            yield
        finally:
            place.unlink(missing_ok=True)
        return
    raise Busy


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
