"""Start both engines for as long as a block lasts: for the tests, for setting up a demo, for a benchmark."""

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

from config.embedded import postgres, reached, valkey
from config.embedded.places import Places

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
ANSWERS = {"postgres": reached.answers, "valkey": valkey.answers}


class Urls(NamedTuple):
    """Where the engines answer; `environ` holds the same as the settings read it."""

    database: str
    redis: str

    @property
    def environ(self) -> dict[str, str]:
        """The variables to put into the environment of a process that uses the engines."""
        return {"DATABASE_URL": self.database, "REDIS_URL": self.redis}


class InUse(RuntimeError):
    """Somebody runs engines on this folder already."""


@contextmanager
def running(data_dir: str | os.PathLike[str], *, unsafe: bool = False) -> Iterator[Urls]:
    """Run PostgreSQL and Valkey on `data_dir` and give their addresses; both are gone when the block ends.

    They also go when this process dies in any way. `unsafe` trades durability for speed: tests only.
    """
    places = Places.of(data_dir)
    with hold(places), started(places, {"postgres", "valkey"}, unsafe=unsafe):
        yield Urls(places.database_url, places.redis_url)


def in_use(places: Places) -> bool:
    """Whether somebody runs engines on this folder."""
    if not places.lock.exists():
        return False
    with places.lock.open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def hold(places: Places) -> Iterator[IO[bytes]]:
    """Keep the folder to ourselves. The lock falls with the process.

    Raises InUse when somebody else keeps it, RuntimeError when it holds somebody's own things under the names of ours.
    """
    _refuse_what_is_not_ours(places)
    places.prepare()
    with places.lock.open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(f"A demo is running on {places.data_dir}. Stop it first.") from None
        try:
            yield lock
        finally:
            if not places.sockets.is_relative_to(places.data_dir):
                shutil.rmtree(places.sockets, ignore_errors=True)


def _refuse_what_is_not_ours(places: Places) -> None:
    """A reset drops our names, and the lock says that they are ours. Other names may stand beside them and stay."""
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
def started(places: Places, engines: set[str], *, unsafe: bool = False) -> Iterator[None]:
    """Run the named engines, each under its keeper, until the block ends. The caller holds the folder."""
    with ExitStack() as stack:
        keepers = {engine: stack.enter_context(_kept(places, engine, unsafe)) for engine in sorted(engines)}
        for engine, keeper in keepers.items():
            _wait(engine, keeper, ANSWERS[engine], places)
        if "postgres" in engines:
            reached.create_database(places)
        yield


@contextmanager
def _kept(places: Places, engine: str, unsafe: bool) -> Iterator["subprocess.Popen[bytes]"]:
    if engine == "postgres":
        postgres.create(places)
    line = [sys.executable, "-m", "config.embedded.keep", *(["--unsafe"] if unsafe else []), engine]
    environ = os.environ | {"DATA_DIR": str(places.data_dir), "KEEPER_OF": str(os.getpid())}
    keeper = subprocess.Popen(line, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        yield keeper
    finally:
        keeper.terminate()
        keeper.wait()


def _wait(
    engine: str, keeper: "subprocess.Popen[bytes]", answers: Callable[[Places], bool], places: Places
) -> None:
    until = time.monotonic() + START_SECONDS
    while not answers(places):
        if keeper.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"{engine} did not start on {places.data_dir}; its own words are above.")
        time.sleep(0.05)
