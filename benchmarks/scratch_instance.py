"""A scratch instance in its own folder: the local engines, and web servers as in the Procfile."""

import os
import subprocess
import sys
import tempfile
import time
import urllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import django
import psutil
import psycopg
from django.db import connections
from honcho.environ import parse_procfile
from psycopg.sql import SQL, Identifier

from config.local_stack.engines import run_engines
from config.local_stack.paths import DataPaths

ROOT = Path(__file__).resolve().parents[1]
PRODUCT_APPLICATION, BASELINE_APPLICATION = "config.wsgi:application", "benchmarks.baseline.wsgi:application"
START_TIMEOUT_SECONDS = 60
REMOVED_ENVIRONMENT_VARIABLES = (
    "DATABASE_URL",
    "REDIS_URL",
    "DATA_DIR",
    "PRACTICE",
    "DEBUG",
    "DJANGO_SETTINGS_MODULE",
)

type ProcessorSeconds = dict[int, float]  # seconds of processor time by process id


@dataclass(frozen=True)
class Server:
    """A running web server."""

    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def host(self) -> str:
        """The value of the Host header."""
        return f"localhost:{self.port}"

    def memory_megabytes(self) -> float:
        """Return the megabytes of memory of all server processes, without their supervisor.

        The measure is PSS, which counts shared memory once.
        """
        grown = psutil.Process(self.process.pid).children(recursive=True)
        return sum(one.memory_full_info().pss for one in grown) / 2**20

    def processor_times(self) -> ProcessorSeconds:
        """Return the processor time so far of each server process."""
        return _worked(self.process.pid)


@dataclass(frozen=True)
class Installation:
    """An installation: the environment of its processes, and its first port. Each size uses two ports."""

    environ: dict[str, str]
    first_port: int

    def database_processor_times(self) -> ProcessorSeconds:
        """Return the processor time so far of each PostgreSQL process; empty for an external server."""
        pid_file = DataPaths.from_data_dir(self.environ["DATA_DIR"]).postgres_dir / "postmaster.pid"
        return _worked(int(pid_file.read_text().split("\n", 1)[0])) if pid_file.exists() else {}

    @contextmanager
    def with_database_copy(self, rows: int) -> Iterator["Installation"]:
        """Yield the same installation with a copy of the current database, which is dropped at the end."""
        address, question, options = self.environ["DATABASE_URL"].partition("?")
        server, _slash, name = address.rpartition("/")
        copy = f"{name}_{rows}"
        connections.close_all()  # PostgreSQL copies a database only if it has no connections
        with psycopg.connect(f"{server}/postgres{question}{options}", autocommit=True) as main:
            main.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(copy), Identifier(name)))
            try:
                url = f"{server}/{copy}{question}{options}"
                yield replace(self, environ=self.environ | {"DATABASE_URL": url})
            finally:
                main.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(copy)))

    @contextmanager
    def run_web_server(self, application: str, port: int) -> Iterator[Server]:
        """Run the web server exactly as in the Procfile, with this application, until the block ends."""
        line = (
            parse_procfile((ROOT / "Procfile").read_text())
            .processes["web"]
            .replace(PRODUCT_APPLICATION, application)
        )
        if application != PRODUCT_APPLICATION:
            line = line.replace("-m config.web", "-m granian")  # config.web would load the product as well
        path = os.pathsep.join([str(Path(sys.executable).parent), self.environ.get("PATH", os.defpath)])
        environ = self.environ | {"PATH": path, "PORT": str(port), "SUPERVISOR_OWNER_PID": str(os.getpid())}
        process = subprocess.Popen(["sh", "-c", line], cwd=ROOT, env=environ, stdin=subprocess.DEVNULL)
        try:
            _wait(process, f"http://127.0.0.1:{port}/healthz")
            yield Server(port, process)
        finally:
            process.terminate()
            process.wait()


@contextmanager
def scratch_installation(port: int) -> Iterator[Installation]:
    """Start PostgreSQL and Valkey in an empty folder, and set up this process's Django to use them.

    Servers named in the caller's environment are not used.
    """
    for name in REMOVED_ENVIRONMENT_VARIABLES:
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory(prefix="twinlane-bench-") as folder, run_engines(Path(folder)) as urls:
        os.environ.update(urls.environ)
        os.environ.update(
            DATA_DIR=folder,
            SECRET_KEY="for-benchmarks-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
            BASE_URL=f"http://localhost:{port}",
            ALLOWED_HOSTS="localhost,127.0.0.1,testserver",
            LOG_LEVEL="WARNING",
            DJANGO_SETTINGS_MODULE="config.settings",
        )
        django.setup()
        yield Installation(dict(os.environ), port)


def seconds_between(before: ProcessorSeconds, after: ProcessorSeconds) -> float:
    """Return the seconds of processor time between two readings, for processes present in both."""
    return sum(after[pid] - before[pid] for pid in before.keys() & after.keys())


def _worked(pid: int) -> ProcessorSeconds:
    """Return the processor time of all child processes of a process."""
    found = {}
    for one in psutil.Process(pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            found[one.pid] = times.user + times.system
    return found


def _wait(process: "subprocess.Popen[bytes]", url: str) -> None:
    until = time.monotonic() + START_TIMEOUT_SECONDS
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
