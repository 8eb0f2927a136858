"""Storage of files under MEDIA_ROOT, outside every served folder.

Files have random names and are readable by this account alone.
"""

import hashlib
import logging
import os
import secrets
import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from workflow.errors import Refused
from workflow.uploads.models import File

ALTERED, LOST = "file_altered", "file_lost"
log = logging.getLogger(__name__)
ORPHAN_AFTER_SECONDS = 24 * 3600


def stored_path(stored: str) -> Path:
    """Return the path of a stored name."""
    return Path(settings.MEDIA_ROOT) / stored


def new_path() -> tuple[str, Path]:
    """Return a random name and its path, in a folder that exists."""
    name = secrets.token_hex(20)
    stored = f"{name[:2]}/{name[2:]}"
    path = stored_path(stored)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return stored, path


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal.

    Raises OSError if it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def clean_path(file: File) -> Path:
    """Return the path of the cleaned copy of a clean file.

    Refuses if the bytes are gone, or are not the bytes that were found clean. Both are logged: the folder was
    changed from outside, or a disk has failed.
    """
    path = stored_path(file.stored)
    try:
        digest = file_sha256(path)
    except OSError:
        log.exception("file %s: its bytes cannot be read", file.key)
        message = _("The content of “%(name)s” has been lost. Contact your Twinlane administrator.")
        raise Refused(LOST, message % {"name": file.name}) from None
    if digest != file.kept_sha256:
        log.error("file %s: SHA-256 %s on disk, %s when it was checked", file.key, digest, file.kept_sha256)
        message = _(
            "“%(name)s” was changed on disk after it was checked. Contact your Twinlane administrator."
        )
        raise Refused(ALTERED, message % {"name": file.name})
    return path


def store_bytes(chunks: Iterable[bytes]) -> str:
    """Store the bytes completely or not at all, and return the stored name."""
    stored, path = new_path()
    unfinished = path.with_suffix(".part")
    try:
        unfinished.touch(mode=0o600, exist_ok=False)
        with unfinished.open("wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return stored


def delete_bytes(stored: str) -> None:
    """Delete the stored bytes, if they are still there."""
    stored_path(stored).unlink(missing_ok=True)


def delete_unknown_files() -> int:
    """Delete files that are at least a day old and unknown to any row; return how many.

    They were left by a process that died between storing a file and recording it.
    """
    oldest = time.time() - ORPHAN_AFTER_SECONDS
    root = Path(settings.MEDIA_ROOT)
    old = [path for path in root.glob("??/*") if path.stat().st_mtime < oldest]
    names = {path.relative_to(root).as_posix(): path for path in old}
    known = set(File.objects.filter(stored__in=names).values_list("stored", flat=True))
    unknown_paths = [path for name, path in names.items() if name not in known]
    for path in unknown_paths:
        path.unlink(missing_ok=True)
    return len(unknown_paths)
