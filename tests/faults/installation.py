"""A whole installation for the fault tests: engines, web, worker, beat and mail server.

Each process is killed by its own pid.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import psycopg
import redis

from config.local_stack.engines import lock_folder, start_engines
from config.local_stack.paths import DataPaths
from config.local_stack.postgres import POSTGRES_BIN_DIR
from tests.faults.demo import OURS, ROOT, free_port

SECRET_KEY = "for-the-fault-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz"
LEASE = 3


class Installation:
    """Paths, environment and processes of one real installation, which sends its mail by SMTP."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.places = DataPaths.from_data_dir(folder)
        self.stack = stack
        self.engines: dict[str, ExitStack] = {}
        self.port = free_port()
        self.journal = folder / "mail-journal"
        self.environ = {name: value for name, value in os.environ.items() if name not in OURS} | {
            "DATABASE_URL": self.places.database_url,
            "REDIS_URL": self.places.redis_url,
            "DATA_DIR": str(folder),
            "SECRET_KEY": SECRET_KEY,
            "BASE_URL": f"http://localhost:{self.port}",
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "PRACTICE": "0",
            "LOG_LEVEL": "CRITICAL",
            "TICK_SECONDS": "3",
            "OUTBOX_LEASE": str(LEASE),
            "SMTP_HOST": "127.0.0.1",
            "SMTP_TLS": "none",
        }
        stack.enter_context(lock_folder(self.places))
        stack.callback(self.stop_engines)

    # --- engines ------------------------------------------------------------------------------------------------
    def start(self, engine: str, *, unsafe: bool = True) -> None:
        """Start PostgreSQL or Valkey and wait until it answers.

        With `unsafe`, a crash of the engine loses its data.
        """
        self.engines[engine] = ExitStack()
        self.engines[engine].enter_context(start_engines(self.places, {engine}, unsafe=unsafe))

    def stop(self, engine: str) -> None:
        """Stop an engine in good order, or remove what is left after a crash."""
        self.engines.pop(engine).close()

    def stop_engines(self) -> None:
        """Stop every engine that still runs."""
        for engine in list(self.engines):
            self.stop(engine)

    def pid_of(self, engine: str) -> int:
        """Return the pid of the server, as the server itself reports it."""
        if engine == "postgres":
            return int((self.places.postgres_dir / "postmaster.pid").read_text().split()[0])
        with redis.Redis(unix_socket_path=str(self.places.valkey_socket)) as client:
            return int(client.info("server")["process_id"])

    def restart_postgres_at_once(self) -> None:
        """Shut PostgreSQL down in immediate mode, which leaves the state of a crash, and start it again."""
        os.kill(self.pid_of("postgres"), signal.SIGQUIT)
        self.stop("postgres")
        self.start("postgres", unsafe=False)

    # --- processes ----------------------------------------------------------------------------------------------
    def run(self, *line: str) -> str:
        """Run a Python command to its end and return its output."""
        done = subprocess.run(
            [sys.executable, *line], cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def manage(self, *line: str) -> str:
        """Run a management command and return its output."""
        return self.run("manage.py", *line)

    @contextmanager
    def running(self, *line: str) -> Iterator["Victim"]:
        """Run a process during the block; the test may kill it and start it again."""
        victim = Victim([sys.executable, *line], self.environ)
        victim.start()
        try:
            yield victim
        finally:
            victim.kill()

    @contextmanager
    def mail_server(self, delay: float = 0, *, worst: bool = False) -> Iterator[None]:
        """Run the journaling mail server of tests/smtp.py; with `worst`, it misbehaves as described there."""
        port_file = self.journal.with_suffix(".port")
        port_file.unlink(missing_ok=True)
        self.journal.write_text("")
        with self.running("-m", "tests.smtp", str(port_file), str(self.journal), str(delay), str(int(worst))):
            wait_for(port_file.exists, 10)
            wait_for(lambda: port_file.read_text() != "", 10)
            self.environ["SMTP_PORT"] = port_file.read_text()
            yield

    def gate(self) -> "Gate":
        """Make every sender wait at the mail server until the returned gate is opened."""
        gate = Gate(self.journal.with_suffix(".gate"), self.journal.with_suffix(".knocked"))
        gate.knocked.unlink(missing_ok=True)
        gate.shut.touch()
        return gate

    def worker(self, processes: int = 2) -> Any:
        """Run a Celery worker with a pool of so many processes."""
        return self.running(
            "-m", "celery", "--app", "config.celery", "worker", "--concurrency", str(processes), "--loglevel", "CRITICAL",
            "--without-mingle", "--without-gossip", "--without-heartbeat",
        )  # fmt: skip

    def beat(self, name: str = "beat-schedule") -> Any:
        """Run Celery's beat, which sends a tick every three seconds."""
        schedule = str(self.places.data_dir / name)
        return self.running(
            "-m", "celery", "--app", "config.beat", "beat", "--schedule", schedule, "--loglevel", "CRITICAL"
        )

    def web(self) -> Any:
        """Run the web server with two workers."""
        return self.running(
            "-m", "config.web", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "2",
            "--respawn-failed-workers", "--log-level", "critical", "config.wsgi:application",
        )  # fmt: skip

    # --- results ------------------------------------------------------------------------------------------------
    def arrived_message_ids(self) -> list[str]:
        """Return the Message-IDs that the mail server took, in order, with repeats."""
        return self.journal.read_text().split()

    def arrival_count(self) -> int:
        """Return the number of mails that the mail server took; cheap to call often."""
        return self.journal.read_bytes().count(b"\n")

    def ask(self, query: str) -> list[Any]:
        """Run a query on the database and return its rows."""
        with psycopg.connect(self.places.database_url, autocommit=True) as connection:
            return connection.execute(query).fetchall()


class Gate(NamedTuple):
    """Two files beside the journal of the mail server (tests/smtp.py).

    While the first one exists, every sender waits.
    """

    shut: Path
    knocked: Path

    def open(self) -> None:
        """Let the senders go on."""
        self.shut.unlink()


class Victim:
    """One process with all its descendants."""

    def __init__(self, line: list[str], environ: dict[str, str]) -> None:
        self.line = line
        self.environ = environ
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process in a session of its own."""
        self.process = subprocess.Popen(
            self.line,
            cwd=ROOT,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def children(self) -> list[psutil.Process]:
        """Return all descendants."""
        assert self.process is not None
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def kill(self) -> None:
        """Kill the process and its descendants.

        The process is stopped first, because it would replace a killed child.
        """
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        children = self.children()
        self.process.kill()
        for child in children:
            _kill(child)
        self.process.wait()

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process and its descendants."""
        assert self.process is not None
        for process in (psutil.Process(self.process.pid), *self.children()):
            process.send_signal(number)

    def ended(self) -> bool:
        """Return True if the process has ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def kill_a_child(self, which: int) -> bool:
        """Kill one descendant; return False if there is none."""
        alive = self.children()
        return bool(alive) and _kill(alive[which % len(alive)])


def _kill(process: psutil.Process) -> bool:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return False
    return True


def wait_for(done: Callable[[], bool], seconds: float, every: float = 0.02) -> bool:
    """Return True if the condition comes true in time."""
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            return False
        time.sleep(every)
    return True


@contextmanager
def open_installation(folder: Path, migrated: str | None) -> Iterator[Installation]:
    """Yield an installation with both engines and a database.

    The database is a copy of the one at the address `migrated`; without an address, it is migrated.
    """
    with ExitStack() as stack:
        it = Installation(folder, stack)
        it.start("postgres")
        it.start("valkey")
        if migrated:
            made = subprocess.run(
                [str(POSTGRES_BIN_DIR / "pg_dump"), migrated], check=True, capture_output=True
            ).stdout
            into = [
                str(POSTGRES_BIN_DIR / "psql"),
                "--quiet",
                "--set",
                "ON_ERROR_STOP=1",
                it.places.database_url,
            ]
            subprocess.run(into, input=made, check=True, stdout=subprocess.DEVNULL)
        else:
            it.manage("migrate", "-v0")
        yield it
