"""A scratch installation under a folder of its own: the embedded engines, and the web servers as the Procfile runs them."""

import os
import subprocess
import sys
import time
import urllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import psycopg
from django.db import connections
from honcho.environ import parse_procfile
from psycopg.sql import SQL, Identifier

from config.embedded.engines import running
from config.embedded.places import Places

ROOT = Path(__file__).resolve().parents[1]
PRODUCT, BASELINE = "config.wsgi:application", "benchmarks.floor.wsgi:application"
START_SECONDS = 60
OURS = ("DATABASE_URL", "REDIS_URL", "DATA_DIR", "PRACTICE", "DEBUG", "DJANGO_SETTINGS_MODULE")

type Worked = dict[int, float]  # seconds of processor time by process


@dataclass(frozen=True)
class Server:
    """A running web server."""

    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def host(self) -> str:
        """As a request names it."""
        return f"localhost:{self.port}"

    def memory(self) -> float:
        """Megabytes of memory (PSS: what they share counts once) of all its processes, without the keeper that watches them."""
        grown = psutil.Process(self.process.pid).children(recursive=True)
        return sum(one.memory_full_info().pss for one in grown) / 2**20

    def worked(self) -> Worked:
        """How long each of its processes has worked so far."""
        return _worked(self.process.pid)


@dataclass(frozen=True)
class House:
    """Where the installation is: the environment of its processes, and the first of its ports, two for each size."""

    environ: dict[str, str]
    port: int

    def database_worked(self) -> Worked:
        """How long each of PostgreSQL's processes has worked so far; empty for a server that was not brought along."""
        pid_file = Places.of(self.environ["DATA_DIR"]).postgres / "postmaster.pid"
        return _worked(int(pid_file.read_text().split("\n", 1)[0])) if pid_file.exists() else {}

    @contextmanager
    def copied(self, rows: int) -> Iterator["House"]:
        """The same with a copy of the database as it stands, which is dropped in the end."""
        address, question, options = self.environ["DATABASE_URL"].partition("?")
        server, _slash, name = address.rpartition("/")
        copy = f"{name}_{rows}"
        connections.close_all()  # PostgreSQL copies what nobody uses
        with psycopg.connect(f"{server}/postgres{question}{options}", autocommit=True) as main:
            main.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(copy), Identifier(name)))
            try:
                url = f"{server}/{copy}{question}{options}"
                yield replace(self, environ=self.environ | {"DATABASE_URL": url})
            finally:
                main.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(copy)))

    @contextmanager
    def serving(self, application: str, port: int) -> Iterator[Server]:
        """The web server exactly as the Procfile has it, with this application, until the block ends."""
        line = parse_procfile((ROOT / "Procfile").read_text()).processes["web"].replace(PRODUCT, application)
        if application != PRODUCT:
            line = line.replace("-m config.web", "-m granian")  # the other would load the product too
        path = os.pathsep.join([str(Path(sys.executable).parent), self.environ.get("PATH", os.defpath)])
        environ = self.environ | {"PATH": path, "PORT": str(port), "KEEPER_OF": str(os.getpid())}
        process = subprocess.Popen(["sh", "-c", line], cwd=ROOT, env=environ, stdin=subprocess.DEVNULL)
        try:
            _wait(process, f"http://127.0.0.1:{port}/healthz")
            yield Server(port, process)
        finally:
            process.terminate()
            process.wait()


@contextmanager
def scratch(folder: Path, port: int) -> Iterator[House]:
    """Engines on an empty folder, and this process's Django upon them. Servers that the caller's environment names are left alone."""
    for name in OURS:
        os.environ.pop(name, None)
    with running(folder) as urls:
        os.environ.update(urls.environ)
        os.environ.update(
            DATA_DIR=str(folder),
            SECRET_KEY="for-benchmarks-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
            BASE_URL=f"http://localhost:{port}",
            ALLOWED_HOSTS="localhost,127.0.0.1,testserver",
            LOG_LEVEL="WARNING",
            DJANGO_SETTINGS_MODULE="config.settings",
        )
        yield House(dict(os.environ), port)


def between(before: Worked, after: Worked) -> float:
    """Seconds of processor time between two looks, of the processes that were there at both."""
    return sum(after[pid] - before[pid] for pid in before.keys() & after.keys())


def _worked(pid: int) -> Worked:
    """Of all that has grown out of a process."""
    found = {}
    for one in psutil.Process(pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            found[one.pid] = times.user + times.system
    return found


def _wait(process: "subprocess.Popen[bytes]", url: str) -> None:
    until = time.monotonic() + START_SECONDS
    while not _answers(url):
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"{url} did not answer; the server's own words are above.")
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False
