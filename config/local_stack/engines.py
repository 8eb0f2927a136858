"""Start of PostgreSQL and Valkey for as long as a block runs.

Used by the tests, to prepare a demo, and for benchmarks.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from config.local_stack import valkey
from config.local_stack.paths import DataPaths
from config.local_stack.postgres import create_cluster
from config.local_stack.postgres_client import accepts_connections, create_database

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
ANSWERS = {"postgres": accepts_connections, "valkey": valkey.accepts_connections}


class Urls(NamedTuple):
    """Addresses of the two engines; `environ` holds them as environment variables."""

    database: str
    redis: str

    @property
    def environ(self) -> dict[str, str]:
        """Environment variables for a process that uses the engines."""
        return {"DATABASE_URL": self.database, "REDIS_URL": self.redis}


class FolderInUse(RuntimeError):
    """Error raised when another process already runs engines on this folder."""


@contextmanager
def run_engines(data_dir: str | os.PathLike[str], *, unsafe: bool = False) -> Iterator[Urls]:
    """Run PostgreSQL and Valkey on `data_dir` until the block ends, and yield their addresses.

    The engines also stop when this process dies in any way. `unsafe` trades durability for speed: tests only.
    """
    places = DataPaths.of(data_dir)
    with lock_folder(places), start_engines(places, {"postgres", "valkey"}, unsafe=unsafe):
        yield Urls(places.database_url, places.redis_url)


def is_in_use(places: DataPaths) -> bool:
    """Return True if a process runs engines on this folder."""
    if not places.lock.exists():
        return False
    with places.lock.open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def lock_folder(places: DataPaths) -> Iterator[IO[bytes]]:
    """Lock the folder for this process until the block ends.

    The lock also ends with the process. Raises FolderInUse if another process holds the folder, and RuntimeError if
    it contains foreign files under the demo's names.
    """
    _refuse_what_is_not_ours(places)
    places.prepare()
    with places.lock.open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUse(f"A demo is running on {places.data_dir}. Stop it first.") from None
        try:
            yield lock
        finally:
            if not places.sockets.is_relative_to(places.data_dir):
                shutil.rmtree(places.sockets, ignore_errors=True)


def _refuse_what_is_not_ours(places: DataPaths) -> None:
    """Raise RuntimeError if the folder contains foreign files under the demo's names.

    A reset deletes by name; the lock file is the sign that these names belong to the demo. Files with other
    names may be in the folder, but not the data of another PostgreSQL server.
    """
    if places.lock.exists():
        return
    kept_by_others = [
        each for depth in ("", "*/", "*/*/") for each in places.data_dir.glob(f"{depth}PG_VERSION")
    ]
    if kept_by_others:
        raise RuntimeError(
            f"{kept_by_others[0].parent} is the data of a PostgreSQL server that is not the demo's. "
            "Give the demo a folder of its own with DATA_DIR="
        )
    found = next(places.ours(), None)
    if found is not None:
        raise RuntimeError(
            f"{found} is not the demo's, and the demo would keep its own there. "
            "Move it away, or give the demo another folder with DATA_DIR="
        )


@contextmanager
def start_engines(places: DataPaths, engines: set[str], *, unsafe: bool = False) -> Iterator[None]:
    """Run the named engines, each under its supervisor, until the block ends.

    The caller holds the folder.
    """
    with ExitStack() as stack:
        keepers = {engine: stack.enter_context(_kept(places, engine, unsafe)) for engine in sorted(engines)}
        for engine, keeper in keepers.items():
            _wait(engine, keeper, ANSWERS[engine], places)
        if "postgres" in engines:
            create_database(places)
        yield


@contextmanager
def _kept(places: DataPaths, engine: str, unsafe: bool) -> Iterator["subprocess.Popen[bytes]"]:
    if engine == "postgres":
        create_cluster(places)
    line = [sys.executable, "-m", "config.local_stack.supervisor", *(["--unsafe"] if unsafe else []), engine]
    environ = os.environ | {"DATA_DIR": str(places.data_dir), "KEEPER_OF": str(os.getpid())}
    keeper = subprocess.Popen(line, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        yield keeper
    finally:
        keeper.terminate()
        keeper.wait()


def _wait(
    engine: str, keeper: "subprocess.Popen[bytes]", answers: Callable[[DataPaths], bool], places: DataPaths
) -> None:
    until = time.monotonic() + START_SECONDS
    while not answers(places):
        if keeper.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"{engine} did not start on {places.data_dir}; its own words are above.")
        time.sleep(0.05)
