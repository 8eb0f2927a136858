"""Where files lie: under MEDIA_ROOT, outside every served folder, under random names, readable by this account alone."""

import os
import secrets
import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from workflow.models import File

STRAY_SECONDS = 24 * 3600


def place_of(stored: str) -> Path:
    """The path of a stored name."""
    return Path(settings.MEDIA_ROOT) / stored


def new_place() -> tuple[str, Path]:
    """A random name and its path, in a folder that exists."""
    name = secrets.token_hex(20)
    stored = f"{name[:2]}/{name[2:]}"
    place = place_of(stored)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return stored, place


def write(chunks: Iterable[bytes]) -> str:
    """Store the bytes, whole or not at all; the stored name."""
    stored, place = new_place()
    unfinished = place.with_suffix(".part")
    try:
        unfinished.touch(mode=0o600, exist_ok=False)
        with unfinished.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(place)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return stored


def remove(stored: str) -> None:
    """Forget the bytes. Removing twice is no error."""
    place_of(stored).unlink(missing_ok=True)


def forget_strays() -> int:
    """Remove what lies there for a day and no row knows: left by a process that died between storing and recording."""
    oldest = time.time() - STRAY_SECONDS
    root = Path(settings.MEDIA_ROOT)
    old = [path for path in root.glob("??/*") if path.stat().st_mtime < oldest]
    names = {path.relative_to(root).as_posix(): path for path in old}
    known = set(File.objects.filter(stored__in=names).values_list("stored", flat=True))
    strays = [path for name, path in names.items() if name not in known]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)
