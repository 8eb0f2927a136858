"""Large files this program makes itself, such as every paper of an order in one: written whole or not at all, kept, and swept away.

They lie under MEDIA_ROOT/made/ by random names. A row of a stage knows which of them is its own; what no row knows is deleted.
"""

import hashlib
import secrets
import time
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from django.conf import settings

FOLDER = "made"
CHUNK = 256 * 1024  # bytes in memory at a time
UNKNOWN_SECONDS = 600  # a finished file that no row knows: its transaction may still be ending
UNFINISHED_SECONDS = 3600
FROM = (1980, 1, 1, 0, 0, 0)  # the earliest moment a ZIP can tell


class Part(NamedTuple):
    """What was put into an archive: how many bytes, and their SHA-256."""

    size: int
    sha256: str


class Archive:
    """A ZIP that is written part by part, never held in memory; its file is there, under its name, once all of it is."""

    def __init__(self) -> None:
        """Begin one under a random name."""
        self.name = f"{secrets.token_hex(20)}.zip"
        self._place = place_of(self.name)
        self._unfinished = self._place.with_suffix(".part")

    def __enter__(self) -> Self:
        """Open it for writing, readable by this account alone."""
        self._unfinished.touch(mode=0o600, exist_ok=False)
        self._zip = zipfile.ZipFile(self._unfinished, "w")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish it and give it its name; where something went wrong, nothing of it stays."""
        try:
            self._zip.close()
            if kind is None:
                self._unfinished.replace(self._place)
        finally:
            self._unfinished.unlink(missing_ok=True)

    def put(self, path: str, chunks: Iterable[bytes], *, packed: bool = False) -> Part:
        """Put one file in, as it comes; `packed` makes text smaller, which pictures and PDFs are already."""
        info = zipfile.ZipInfo(path, FROM)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w") as target:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        return Part(size, digest.hexdigest())


def place_of(name: str) -> Path:
    """The path of a file by its name; its folder exists."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / name


def chunks_of(path: Path) -> Iterator[bytes]:
    """A file's bytes, a little at a time."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def measured(name: str) -> Part:
    """Size and SHA-256 of a finished file."""
    digest, size = hashlib.sha256(), 0
    for chunk in chunks_of(place_of(name)):
        digest.update(chunk)
        size += len(chunk)
    return Part(size, digest.hexdigest())


def sweep(known: Iterable[str]) -> int:
    """Delete what no row knows, and what a process that died left unfinished; how many."""
    kept, now = set(known), time.time()
    gone = 0
    for path in place_of("").glob("*"):
        oldest = now - (UNFINISHED_SECONDS if path.suffix == ".part" else UNKNOWN_SECONDS)
        if path.name not in kept and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
