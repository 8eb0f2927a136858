"""Paths of one instance: everything under DATA_DIR, and the private folder of its sockets."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

# The kernel takes 107 bytes for the path of a socket; the longest name in the folder is ".s.PGSQL.5432.lock".
MAX_SOCKET_FOLDER_LENGTH = 80
# Characters allowed in that path: commas, quotes and others have a meaning in PostgreSQL's setting and for its client.
PLAIN_PATH_PATTERN = re.compile(r"[A-Za-z0-9_./ -]+")
DATABASE_USER = DATABASE_NAME = "twinlane"
# Patterns of what the demo and the settings keep in the folder; a reset deletes only these.
OWNED_FILE_NAMES = (
    "postgres",
    "valkey",
    "sockets",
    "files",
    "mail",
    "static",
    "beat-schedule",
    "beat-schedule.*",
    "beat-schedule-wal",
    "beat-schedule-shm",
    "beat-schedule-journal",
    "demo.json",
    "demo.json.starting",
    "secret-key",
    "static.stamp",
    "loaded.stamp",
    "in-use",
    "unfinished",
)


@dataclass(frozen=True)
class DataPaths:
    """Folders and addresses of the instance whose data is in `data_dir`.

    Nothing is created before `prepare`.
    """

    data_dir: Path

    @classmethod
    def from_data_dir(cls, data_dir: str | os.PathLike[str]) -> "DataPaths":
        """Return the paths of a data folder. `data_dir` may be relative, begin with a tilde, or be a symbolic link."""
        return cls(Path(data_dir).expanduser().resolve())

    @property
    def postgres_dir(self) -> Path:
        """PostgreSQL's own folder (its PGDATA)."""
        return self.data_dir / "postgres"

    @property
    def valkey_dir(self) -> Path:
        """Folder of Valkey's append-only file."""
        return self.data_dir / "valkey"

    @property
    def valkey_log(self) -> Path:
        """Log file of Valkey; PostgreSQL logs to the standard error instead."""
        return self.valkey_dir / "valkey.log"

    @property
    def unfinished_marker(self) -> Path:
        """Marker file that exists from the first start until all data is loaded.

        An interrupted start begins again with empty folders and is not continued.
        """
        return self.data_dir / "unfinished"

    @property
    def secret_key_file(self) -> Path:
        """File of the key that signs this instance's sessions, created at its first start."""
        return self.data_dir / "secret-key"

    @property
    def links_file(self) -> Path:
        """File with the address and the sign-in links of the roles, for programs.

        It exists once the demo is ready.
        """
        return self.data_dir / "demo.json"

    @property
    def unfinished_links_file(self) -> Path:
        """Name of the links file while the demo is still starting."""
        return self.data_dir / "demo.json.starting"

    @property
    def lock_file(self) -> Path:
        """Lock file held by the process that runs engines on this folder, so that only one can."""
        return self.data_dir / "twinlane.lock"

    @property
    def in_use_lock_file(self) -> Path:
        """Lock file shared by every process that uses the engines.

        The engines stop when no process holds it any more.
        """
        return self.data_dir / "in-use"

    @property
    def sockets_dir(self) -> Path:
        """Folder of both sockets.

        It is inside DATA_DIR if that path is short and plain, else it is a private folder elsewhere.
        """
        inside = self.data_dir / "sockets"
        if len(os.fsencode(inside)) <= MAX_SOCKET_FOLDER_LENGTH and PLAIN_PATH_PATTERN.fullmatch(str(inside)):
            return inside
        digest = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:12]
        return _short_home() / f"twinlane-{os.getuid()}-{digest}"

    @property
    def postgres_socket(self) -> Path:
        """Socket that PostgreSQL creates once it takes connections."""
        return self.sockets_dir / "pg" / ".s.PGSQL.5432"

    @property
    def valkey_socket(self) -> Path:
        """Socket that Valkey creates once it takes connections."""
        return self.sockets_dir / "valkey.sock"

    @property
    def database_url(self) -> str:
        """Address of the database, with the host as a parameter.

        As the host part of the address it would lose its capital letters.
        """
        return f"postgresql://{DATABASE_USER}@/{DATABASE_NAME}?host={quote(str(self.postgres_socket.parent))}"

    @property
    def redis_url(self) -> str:
        """Address of Celery's broker, in kombu's own scheme for a socket."""
        return f"redis+socket://{quote(str(self.valkey_socket))}?virtual_host=0"

    def existing_owned_paths(self) -> Iterator[Path]:
        """Yield the existing paths whose names are in OWNED_FILE_NAMES.

        Links are yielded, never followed.
        """
        for name in OWNED_FILE_NAMES:
            yield from self.data_dir.glob(name)

    def prepare(self) -> None:
        """Create the folders, private to this user.

        An existing folder keeps its mode. Raises PermissionError if the folder of the sockets belongs to
        another user or is open to others.
        """
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.lock_file.touch()  # first, because it marks the others as ours
        for folder in (self.valkey_dir, self.sockets_dir, self.postgres_socket.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
        owner = self.sockets_dir.lstat()
        if self.sockets_dir.is_symlink() or owner.st_uid != os.getuid() or owner.st_mode & 0o077:
            raise PermissionError(
                f"{self.sockets_dir} belongs to another user or is open to others. Remove it."
            )


def _short_home() -> Path:
    """Return a folder for temporary files whose path leaves room for the name of a socket."""
    for home in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir()):
        short = (
            home
            and len(os.fsencode(home)) < MAX_SOCKET_FOLDER_LENGTH - 30
            and PLAIN_PATH_PATTERN.fullmatch(home)
        )
        if home and short and os.access(home, os.W_OK):
            return Path(home)
    return Path("/tmp")  # noqa: S108 - the folder made in it is private, and `prepare` looks whose it is
