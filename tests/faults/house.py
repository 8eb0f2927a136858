"""A whole installation to be hurt: its own engines, web, worker, beat and mail server, each killed and started by its own pid."""

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

from config.embedded.engines import hold, started
from config.embedded.places import Places
from config.embedded.postgres import BIN
from tests.faults.demo import OURS, ROOT, free_port

SECRET_KEY = "for-the-fault-tests-only-0123456789-abcdefghijklmnopqrstuvwxyz"
LEASE = 3


class House:
    """The places, the environment and the running processes of one installation. A real one: its mail goes out by SMTP."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.places = Places.of(folder)
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
            "SMTP_TLS": "0",
        }
        stack.enter_context(hold(self.places))
        stack.callback(self.stop_engines)

    # --- engines ------------------------------------------------------------------------------------------------
    def start(self, engine: str, *, unsafe: bool = True) -> None:
        """Start PostgreSQL or Valkey, and wait until it answers. `unsafe` keeps nothing over the engine's own crash."""
        self.engines[engine] = ExitStack()
        self.engines[engine].enter_context(started(self.places, {engine}, unsafe=unsafe))

    def stop(self, engine: str) -> None:
        """Stop it in good order, or clear away what is left of it."""
        self.engines.pop(engine).close()

    def stop_engines(self) -> None:
        """Whatever still runs."""
        for engine in list(self.engines):
            self.stop(engine)

    def pid_of(self, engine: str) -> int:
        """The server itself, by its own word."""
        if engine == "postgres":
            return int((self.places.postgres / "postmaster.pid").read_text().split()[0])
        with redis.Redis(unix_socket_path=str(self.places.valkey_socket)) as client:
            return int(client.info("server")["process_id"])

    def restart_postgres_at_once(self) -> None:
        """An immediate shutdown, which is what a crash leaves behind, and a start right after it."""
        os.kill(self.pid_of("postgres"), signal.SIGQUIT)
        self.stop("postgres")
        self.start("postgres", unsafe=False)

    # --- processes ----------------------------------------------------------------------------------------------
    def run(self, *line: str) -> str:
        """A command to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, *line], cwd=ROOT, env=self.environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def manage(self, *line: str) -> str:
        """A management command."""
        return self.run("manage.py", *line)

    @contextmanager
    def running(self, *line: str) -> Iterator["Victim"]:
        """A process while the block lasts; it may be killed and started again."""
        victim = Victim([sys.executable, *line], self.environ)
        victim.start()
        try:
            yield victim
        finally:
            victim.kill()

    @contextmanager
    def mail_server(self, delay: float = 0, *, worst: bool = False) -> Iterator[None]:
        """The sink that journals what it took, as a process of its own; `worst` as tests/smtp.py says."""
        port_file = self.journal.with_suffix(".port")
        port_file.unlink(missing_ok=True)
        self.journal.write_text("")
        with self.running("-m", "tests.smtp", str(port_file), str(self.journal), str(delay), str(int(worst))):
            wait_for(port_file.exists, 10)
            wait_for(lambda: port_file.read_text() != "", 10)
            self.environ["SMTP_PORT"] = port_file.read_text()
            yield

    def gate(self) -> "Gate":
        """From now on the mail server keeps everybody waiting who names a recipient, until the gate is opened."""
        gate = Gate(self.journal.with_suffix(".gate"), self.journal.with_suffix(".knocked"))
        gate.knocked.unlink(missing_ok=True)
        gate.shut.touch()
        return gate

    def worker(self, processes: int = 2) -> Any:
        """A Celery worker with a pool of so many processes."""
        return self.running(
            "-m", "celery", "--app", "config.celery", "worker", "--concurrency", str(processes), "--loglevel", "CRITICAL",
            "--without-mingle", "--without-gossip", "--without-heartbeat",
        )  # fmt: skip

    def beat(self, name: str = "beat-schedule") -> Any:
        """The metronome, every three seconds."""
        schedule = str(self.places.data_dir / name)
        return self.running(
            "-m", "celery", "--app", "config.beat", "beat", "--schedule", schedule, "--loglevel", "CRITICAL"
        )

    def web(self) -> Any:
        """The web server with two workers."""
        return self.running(
            "-m", "config.web", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "2",
            "--respawn-failed-workers", "--log-level", "critical", "config.wsgi:application",
        )  # fmt: skip

    # --- what came of it ----------------------------------------------------------------------------------------
    def arrived(self) -> list[str]:
        """The Message-IDs the mail server took, in order, as often as it took them."""
        return self.journal.read_text().split()

    def arrivals(self) -> int:
        """How many they are: cheap, for who asks again and again."""
        return self.journal.read_bytes().count(b"\n")

    def ask(self, query: str) -> list[Any]:
        """Rows straight from the database."""
        with psycopg.connect(self.places.database_url, autocommit=True) as connection:
            return connection.execute(query).fetchall()


class Gate(NamedTuple):
    """Two files beside the journal of the mail server, as tests/smtp.py says: while the first is there everybody waits."""

    shut: Path
    knocked: Path

    def open(self) -> None:
        """Nobody waits any more."""
        self.shut.unlink()


class Victim:
    """One process with all that grows out of it."""

    def __init__(self, line: list[str], environ: dict[str, str]) -> None:
        self.line = line
        self.environ = environ
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, in a session of its own."""
        self.process = subprocess.Popen(
            self.line,
            cwd=ROOT,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def children(self) -> list[psutil.Process]:
        """What it started."""
        assert self.process is not None
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def kill(self) -> None:
        """All of it, at once, without a word. Itself first: it would fork another child for the one it misses."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        children = self.children()
        self.process.kill()
        for child in children:
            _kill(child)
        self.process.wait()

    def send(self, number: signal.Signals) -> None:
        """A signal to all of it."""
        assert self.process is not None
        for process in (psutil.Process(self.process.pid), *self.children()):
            process.send_signal(number)

    def ended(self) -> bool:
        """Whether it came to its end by itself."""
        return self.process is not None and self.process.poll() is not None

    def kill_a_child(self, which: int) -> bool:
        """One of its children; False if it has none at the moment."""
        alive = self.children()
        return bool(alive) and _kill(alive[which % len(alive)])


def _kill(process: psutil.Process) -> bool:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return False
    return True


def wait_for(done: Callable[[], bool], seconds: float, every: float = 0.02) -> bool:
    """Whether it came true in time."""
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            return False
        time.sleep(every)
    return True


@contextmanager
def open_house(folder: Path, migrated: str | None) -> Iterator[House]:
    """An installation with both engines running and its database made: as the one at that address, or by its own migrations."""
    with ExitStack() as stack:
        it = House(folder, stack)
        it.start("postgres")
        it.start("valkey")
        if migrated:
            made = subprocess.run([str(BIN / "pg_dump"), migrated], check=True, capture_output=True).stdout
            into = [str(BIN / "psql"), "--quiet", "--set", "ON_ERROR_STOP=1", it.places.database_url]
            subprocess.run(into, input=made, check=True, stdout=subprocess.DEVNULL)
        else:
            it.manage("migrate", "-v0")
        yield it
