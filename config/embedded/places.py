"""Where one instance keeps what it owns: every path under DATA_DIR, and the short private folder of its sockets."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

# The kernel takes 107 bytes for the path of a socket; the longest name in the folder is ".s.PGSQL.5432.lock".
LONGEST_SOCKET_FOLDER = 80
# What may stand in that path: PostgreSQL's setting and its client read commas, quotes and more as signs of their own.
PLAIN = re.compile(r"[A-Za-z0-9_./ -]+")
USER = DATABASE = "twinlane"
# What the demo and the settings keep in the folder, as patterns: what a reset drops, and nothing else.
OURS = (
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
class Places:
    """The folders and addresses of the instance whose data lies in `data_dir`; nothing is made before `prepare`."""

    data_dir: Path

    @classmethod
    def of(cls, data_dir: str | os.PathLike[str]) -> "Places":
        """The places of a data folder, given in any form: relative, with a tilde, through a link."""
        return cls(Path(data_dir).expanduser().resolve())

    @property
    def postgres(self) -> Path:
        """PostgreSQL's own folder (its PGDATA)."""
        return self.data_dir / "postgres"

    @property
    def valkey(self) -> Path:
        """Valkey's append-only file."""
        return self.data_dir / "valkey"

    @property
    def valkey_log(self) -> Path:
        """What Valkey has to say; PostgreSQL says it on the standard error."""
        return self.valkey / "valkey.log"

    @property
    def unfinished(self) -> Path:
        """There from the first start until all is loaded: a start that was cut off is begun anew, not gone on with."""
        return self.data_dir / "unfinished"

    @property
    def secret_key(self) -> Path:
        """Signs this instance's sessions; made on its first start."""
        return self.data_dir / "secret-key"

    @property
    def links(self) -> Path:
        """The address and the links of the roles, for programs; there once the demo is ready."""
        return self.data_dir / "demo.json"

    @property
    def links_ahead(self) -> Path:
        """The same file while the demo is still starting."""
        return self.data_dir / "demo.json.starting"

    @property
    def lock(self) -> Path:
        """Held by whoever runs engines on this folder, so that two never do."""
        return self.data_dir / "twinlane.lock"

    @property
    def in_use(self) -> Path:
        """Shared by every process that uses the engines: they stop when nobody holds it any more."""
        return self.data_dir / "in-use"

    @property
    def sockets(self) -> Path:
        """The folder of both sockets: inside DATA_DIR where its path is short and plain, else a private one of its own."""
        inside = self.data_dir / "sockets"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER and PLAIN.fullmatch(str(inside)):
            return inside
        digest = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:12]
        return _short_home() / f"twinlane-{os.getuid()}-{digest}"

    @property
    def postgres_socket(self) -> Path:
        """Made by PostgreSQL once it takes connections."""
        return self.sockets / "pg" / ".s.PGSQL.5432"

    @property
    def valkey_socket(self) -> Path:
        """Made by Valkey once it takes connections."""
        return self.sockets / "valkey.sock"

    @property
    def database_url(self) -> str:
        """The host is a parameter: in the address itself it would lose its capital letters."""
        return f"postgresql://{USER}@/{DATABASE}?host={quote(str(self.postgres_socket.parent))}"

    @property
    def redis_url(self) -> str:
        """Celery's broker: kombu's own scheme for a socket."""
        return f"redis+socket://{quote(str(self.valkey_socket))}?virtual_host=0"

    def ours(self) -> Iterator[Path]:
        """What is there under the names of an instance's own things; a link among them is named, never followed."""
        for name in OURS:
            yield from self.data_dir.glob(name)

    def prepare(self) -> None:
        """Make the folders, private to this user. A folder that is there already keeps its mode."""
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.lock.touch()  # first: it says that the others are ours
        for folder in (self.valkey, self.sockets, self.postgres_socket.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
        owner = self.sockets.lstat()
        if self.sockets.is_symlink() or owner.st_uid != os.getuid() or owner.st_mode & 0o077:
            raise PermissionError(f"{self.sockets} belongs to somebody else or is open to others: remove it")


def _short_home() -> Path:
    """A folder for temporary things whose path leaves room for a socket's name; what we make in it is private."""
    for home in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir()):
        short = home and len(os.fsencode(home)) < LONGEST_SOCKET_FOLDER - 30 and PLAIN.fullmatch(home)
        if home and short and os.access(home, os.W_OK):
            return Path(home)
    return Path("/tmp")  # noqa: S108 - the folder made in it is private, and `prepare` looks whose it is
