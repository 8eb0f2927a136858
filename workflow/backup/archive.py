"""Backup archive: a tar with the database, the uploaded files and, last, a manifest with the hash of each.

The database is dumped before the files are read: a file without its row is harmless, a row without its file is
not. The head of the journal's hash chain is read before both, so every restored journal contains it.
"""

import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from django.conf import settings
from django.db import connection

from workflow.backup import postgres_tools
from workflow.backup.encryption import DecryptingReader, EncryptingWriter, is_encrypted
from workflow.backup.errors import BackupDamaged, BackupError
from workflow.journal.hash_chain import chain_head

DATABASE, MANIFEST, FILES = "database.dump", "manifest.json", "files/"
BACKUP_FILE_PATTERN = "twinlane-*.tar*"


@dataclass(frozen=True)
class Manifest:
    """Facts about a backup; `hashes` has the SHA-256 of each member by its name in the archive."""

    version: str
    created_at: str
    head: str
    hashes: dict[str, str] = field(default_factory=dict)


def write_backup(folder: Path, at: datetime, key: str = "") -> Path:
    """Write a backup completely or not at all, and return its path; `key` encrypts it. Raises BackupError, OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"twinlane-{at:%Y%m%dT%H%M%SZ}.tar{'.encrypted' if key else ''}"
    unfinished = folder / f".{name}.part"
    manifest = Manifest(settings.VERSION, at.isoformat(), chain_head())
    try:
        with TemporaryDirectory(dir=folder, prefix=".") as scratch, unfinished.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            dump = Path(scratch, DATABASE)
            postgres_tools.dump_database(dump)
            with _open_archive(file, key) as tar:
                _add_all(tar, dump, manifest)
            file.flush()
            os.fsync(file.fileno())
        return unfinished.rename(folder / name)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def _open_archive(file: BinaryIO, key: str) -> Iterator[tarfile.TarFile]:
    target: Any = EncryptingWriter(file, key) if key else file
    with tarfile.open(fileobj=target, mode="w|") as tar:
        yield tar
    if key:
        target.close()


def _add_all(tar: tarfile.TarFile, dump: Path, manifest: Manifest) -> None:
    manifest.hashes[DATABASE] = _add_file(tar, dump, DATABASE)
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix != ".part":
            name = f"{FILES}{path.relative_to(root).as_posix()}"
            try:
                manifest.hashes[name] = _add_file(tar, path, name)
            except FileNotFoundError:  # deleted meanwhile, after its row
                continue
    content = json.dumps(asdict(manifest), indent=1).encode()
    info = tarfile.TarInfo(MANIFEST)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, io.BytesIO(content))


def _add_file(tar: tarfile.TarFile, path: Path, name: str) -> str:
    """Add a file under a name; return its SHA-256."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        info = tarfile.TarInfo(name)
        status = os.fstat(file.fileno())
        info.size, info.mtime, info.mode = status.st_size, int(status.st_mtime), 0o600
        tar.addfile(info, file)
    return digest


def unpack_backup(archive: Path, folder: Path, key: str = "") -> Manifest:
    """Unpack a backup into a folder and compare every hash. Raises BackupDamaged, BackupError, OSError."""
    with archive.open("rb") as file:
        source: Any = file
        if is_encrypted(file):
            if not key:
                raise BackupError(
                    "The backup is encrypted. Set BACKUP_KEY to the key under which it was made."
                )
            source = DecryptingReader(file, key)
        try:
            with tarfile.open(fileobj=source, mode="r|") as tar:
                found = {info.name: _extract(tar, info, folder) for info in tar}
        except (tarfile.TarError, EOFError) as error:
            raise BackupDamaged(f"It cannot be read to its end: {error}") from error
    if MANIFEST not in found:
        raise BackupDamaged("It has no manifest: it was cut.")
    manifest = Manifest(**json.loads((folder / MANIFEST).read_text()))
    del found[MANIFEST]
    wrong = sorted(
        name for name in found.keys() | manifest.hashes if found.get(name) != manifest.hashes.get(name)
    )
    if wrong:
        raise BackupDamaged(f"{wrong[0]} is missing or not what was saved ({len(wrong)} in all).")
    return manifest


def _extract(tar: tarfile.TarFile, info: tarfile.TarInfo, folder: Path) -> str:
    """Unpack one member inside the folder; return its SHA-256."""
    tar.extract(info, folder, filter="data")
    with (folder / info.name).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def prune_backups(folder: Path, keep: int) -> list[Path]:
    """Delete all backups of a folder except the `keep` newest; return the deleted ones."""
    old = sorted(folder.glob(BACKUP_FILE_PATTERN))[: -max(keep, 1)]
    for path in old:
        path.unlink(missing_ok=True)
    return old


def verify_backup(archive: Path, key: str = "") -> Manifest:
    """Restore a backup into a scratch database, and compare its journal and files with the manifest.

    Returns the manifest. Raises BackupDamaged, BackupError, OSError.
    """
    with _unpacked(archive, key) as (folder, manifest), postgres_tools.scratch_database() as database:
        postgres_tools.restore_database(folder / DATABASE, database)
        _check_journal(database, manifest.head)
        _check_files(database, manifest)
    return manifest


def restore_backup(archive: Path, key: str = "") -> Manifest:
    """Restore a backup into this instance's own database and folder of files, and compare both with the manifest.

    Both must be empty, so nothing is overwritten, and the code must have the backup's version. A refused or damaged
    backup leaves both empty. Returns the manifest. Raises BackupDamaged, BackupError, OSError.
    """
    root = Path(settings.MEDIA_ROOT)
    if postgres_tools.has_tables():
        raise BackupError("The database is not empty. Create a new one, and set DATABASE_URL to it.")
    if root.exists() and any(root.iterdir()):
        raise BackupError(f"{root} is not empty. Move it to another place.")
    with _unpacked(archive, key) as (folder, manifest):
        if manifest.version != settings.VERSION:
            raise BackupError(
                f"It is of version {manifest.version}, and this is {settings.VERSION}. Restore it with its own version, "
                "then upgrade."
            )
        postgres_tools.restore_database(folder / DATABASE)
        if root.exists():
            root.rmdir()
        if (folder / FILES).exists():
            (folder / FILES).rename(root)
    database = str(connection.settings_dict["NAME"])
    _check_journal(database, manifest.head)
    _check_files(database, manifest)
    return manifest


@contextmanager
def _unpacked(archive: Path, key: str) -> Iterator[tuple[Path, Manifest]]:
    """Unpack a backup beside the files of this instance, where there is room; yield the folder and the manifest."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings.DATA_DIR, prefix=".restore-") as scratch:
        folder = Path(scratch)
        yield folder, unpack_backup(archive, folder, key)


def _check_journal(database: str, head: str) -> None:
    """Verify the restored journal in a process of its own, whose database is the restored one."""
    line = [sys.executable, str(settings.BASE_DIR / "manage.py"), "verify_journal", "--head", head]
    environ = os.environ | {"DATABASE_URL": postgres_tools.database_url(database)}
    done = subprocess.run(line, env=environ, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise BackupDamaged(done.stderr.strip())


def _check_files(database: str, manifest: Manifest) -> None:
    rows = postgres_tools.stored_files(database)
    wrong = sorted(name for name, digest in rows.items() if manifest.hashes.get(f"{FILES}{name}") != digest)
    if wrong:
        raise BackupDamaged(f"The file {wrong[0]} is missing or not what its row says ({len(wrong)} in all).")
