"""Context managers that run PostgreSQL and Valkey until their block ends.

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
START_TIMEOUT_SECONDS = 60
READINESS_CHECKS = {"postgres": accepts_connections, "valkey": valkey.accepts_connections}


class EngineUrls(NamedTuple):
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
def run_engines(data_dir: str | os.PathLike[str], *, unsafe: bool = False) -> Iterator[EngineUrls]:
    """Run PostgreSQL and Valkey on `data_dir` until the block ends, and yield their addresses.

    The engines also stop when this process dies in any way. `unsafe` trades durability for speed: tests only.
    """
    paths = DataPaths.from_data_dir(data_dir)
    with lock_folder(paths), start_engines(paths, {"postgres", "valkey"}, unsafe=unsafe):
        yield EngineUrls(paths.database_url, paths.redis_url)


def is_in_use(paths: DataPaths) -> bool:
    """Return True if a process runs engines on this folder."""
    if not paths.lock_file.exists():
        return False
    with paths.lock_file.open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def lock_folder(paths: DataPaths) -> Iterator[IO[bytes]]:
    """Lock the folder for this process until the block ends.

    The lock also ends with the process. Raises FolderInUse if another process holds the folder, and RuntimeError if
    it contains foreign files under the demo's names.
    """
    _refuse_foreign_files(paths)
    paths.prepare()
    with paths.lock_file.open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUse(f"A demo is running on {paths.data_dir}. Stop it first.") from None
        try:
            yield lock
        finally:
            if not paths.sockets_dir.is_relative_to(paths.data_dir):
                shutil.rmtree(paths.sockets_dir, ignore_errors=True)


def _refuse_foreign_files(paths: DataPaths) -> None:
    """Raise RuntimeError if the folder contains foreign files under the demo's names.

    A reset deletes by name; the lock file is the sign that these names belong to the demo. Files with other
    names may be in the folder, but not the data of another PostgreSQL server.
    """
    if paths.lock_file.exists():
        return
    kept_by_others = [
        each for depth in ("", "*/", "*/*/") for each in paths.data_dir.glob(f"{depth}PG_VERSION")
    ]
    if kept_by_others:
        raise RuntimeError(
            f"{kept_by_others[0].parent} is the data of a PostgreSQL server that is not the demo's. "
            "Give the demo a folder of its own with DATA_DIR="
        )
    found = next(paths.existing_owned_paths(), None)
    if found is not None:
        raise RuntimeError(
            f"{found} is not the demo's, and the demo would keep its own there. "
            "Move it away, or give the demo another folder with DATA_DIR="
        )


@contextmanager
def start_engines(paths: DataPaths, engines: set[str], *, unsafe: bool = False) -> Iterator[None]:
    """Run the named engines, each under its supervisor, until the block ends.

    The caller holds the lock of the folder (`lock_folder`). With `unsafe`, a crash may lose all data.
    """
    with ExitStack() as stack:
        supervisors = {
            engine: stack.enter_context(_supervised_engine(paths, engine, unsafe))
            for engine in sorted(engines)
        }
        for engine, supervisor in supervisors.items():
            _wait_until_ready(engine, supervisor, READINESS_CHECKS[engine], paths)
        if "postgres" in engines:
            create_database(paths)
        yield


@contextmanager
def _supervised_engine(paths: DataPaths, engine: str, unsafe: bool) -> Iterator["subprocess.Popen[bytes]"]:
    if engine == "postgres":
        create_cluster(paths)
    line = [sys.executable, "-m", "config.local_stack.supervisor", *(["--unsafe"] if unsafe else []), engine]
    environ = os.environ | {"DATA_DIR": str(paths.data_dir), "SUPERVISOR_OWNER_PID": str(os.getpid())}
    supervisor = subprocess.Popen(
        line, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield supervisor
    finally:
        supervisor.terminate()
        supervisor.wait()


def _wait_until_ready(
    engine: str, supervisor: "subprocess.Popen[bytes]", answers: Callable[[DataPaths], bool], paths: DataPaths
) -> None:
    until = time.monotonic() + START_TIMEOUT_SECONDS
    while not answers(paths):
        if supervisor.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"{engine} did not start on {paths.data_dir}; its own words are above.")
        time.sleep(0.05)
