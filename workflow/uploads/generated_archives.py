"""Large files that the program writes itself, such as the audit file of an order.

A file is written completely or not at all. The files are under MEDIA_ROOT/archives/ and have random names. Each
belongs to a row of a package above, which holds its name; a file that no row refers to is deleted.
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

ARCHIVE_FOLDER = "archives"
CHUNK_BYTES = 256 * 1024  # bytes in memory at a time
ORPHAN_AFTER_SECONDS = 600  # a finished file that no row knows: its transaction may still be ending
UNFINISHED_AFTER_SECONDS = 3600
EARLIEST_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest moment a ZIP can hold


class WrittenFileInfo(NamedTuple):
    """Size in bytes and SHA-256 of a written file."""

    size: int
    sha256: str


class Archive:
    """ZIP file that is written part by part and never held in memory.

    It appears under its name only when it is complete.
    """

    def __init__(self) -> None:
        """Choose a random name."""
        self.name = f"{secrets.token_hex(20)}.zip"
        self._place = archive_path(self.name)
        self._unfinished = self._place.with_suffix(".part")

    def __enter__(self) -> Self:
        """Open the archive for writing, readable by this account alone."""
        self._unfinished.touch(mode=0o600, exist_ok=False)
        self._zip = zipfile.ZipFile(self._unfinished, "w")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the archive and give it its name; after an error, delete it."""
        try:
            self._zip.close()
            if kind is None:
                self._unfinished.replace(self._place)
        finally:
            self._unfinished.unlink(missing_ok=True)

    def add_file(self, path: str, chunks: Iterable[bytes], *, packed: bool = False) -> WrittenFileInfo:
        """Write one file into the archive, and return its size and SHA-256.

        `packed` compresses it. That helps for text, but pictures and PDFs are compressed already.
        """
        info = zipfile.ZipInfo(path, EARLIEST_ZIP_TIME)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w") as target:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        return WrittenFileInfo(size, digest.hexdigest())


def archive_path(name: str) -> Path:
    """Return the path of a file, in a folder that exists."""
    folder = Path(settings.MEDIA_ROOT) / ARCHIVE_FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / name


def read_chunks(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file in chunks."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def archive_info(name: str) -> WrittenFileInfo:
    """Return the size and SHA-256 of a finished file."""
    digest, size = hashlib.sha256(), 0
    for chunk in read_chunks(archive_path(name)):
        digest.update(chunk)
        size += len(chunk)
    return WrittenFileInfo(size, digest.hexdigest())


def delete_orphans(known: Iterable[str]) -> int:
    """Delete files that no row refers to or that a dead process left unfinished; return how many."""
    kept, now = set(known), time.time()
    deleted = 0
    for path in archive_path("").glob("*"):
        oldest = now - (UNFINISHED_AFTER_SECONDS if path.suffix == ".part" else ORPHAN_AFTER_SECONDS)
        if path.name not in kept and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            deleted += 1
    return deleted
