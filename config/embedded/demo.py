"""`make demo`: prepare a practice instance, run the lines of the Procfile, and stop all of them whatever happens.

Three ways to stop it from outside (Ctrl-C, SIGTERM, a closed terminal) and two from inside (one process ends, this one is
killed) all end with no process left; tests/faults/test_demo_stops.py tries each.
"""

import errno
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from honcho.environ import parse_procfile

from config.embedded.announce import announce
from config.embedded.engines import ROOT, hold, in_use, started
from config.embedded.keep import die_with_parent
from config.embedded.lines import Lines, silence
from config.embedded.places import Places
from config.embedded.reset import drop

ENGINES = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}


class Stop(Exception):
    """A signal asked the demo to stop while it was still being prepared."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number


def up(places: Places, port: int) -> int:
    """Run the demo until it is stopped; returns the exit code. Raises InUse or OSError with one sentence for people."""
    listen_for_signals()
    if sys.stdout.isatty() and not sys.stdin.isatty():
        os.dup2(
            sys.stdout.fileno(), sys.stdin.fileno()
        )  # the keepers watch the terminal by their standard input
    try:
        with hold(places):
            refuse_port_in_use(port)
            if places.unfinished.exists():
                drop(places)
                places.prepare()
            environ = environment(places, port)
            engines = wanted()
            return prepare(places, environ, engines) or run_lines(places, port, environ, engines)
    except Stop as stop:
        return stop.code


def manage(places: Places, port: int, command: list[str]) -> int:
    """Run a command of manage.py on the demo's data, beside a demo that runs there; returns its exit code.

    Raises RuntimeError where there is no demo, or one that is not ready.
    """
    if not places.secret_key.exists():
        raise RuntimeError(f"There is no demo's data in {places.data_dir}. make demo makes it.")
    with ExitStack() as stack:
        if not in_use(places):
            stack.enter_context(hold(places))
            stack.enter_context(started(places, wanted()))
        elif not places.links.exists():
            raise RuntimeError(f"The demo on {places.data_dir} is starting. Try again when it is ready.")
        line = [sys.executable, "manage.py", *command]
        return subprocess.run(line, cwd=ROOT, env=environment(places, port), check=False).returncode


def wanted() -> set[str]:
    """The engines to start: those whose address the caller does not bring along."""
    return {engine for engine, variable in ENGINES.items() if not os.environ.get(variable)}


def prepare(places: Places, environ: dict[str, str], engines: set[str]) -> int:
    """Bring the instance up to date with the engines on their own; returns the exit code of `manage.py demo_up`."""
    if places.links.exists():  # out of sight until this start answers; what still works in it is kept
        places.links.replace(places.links_ahead)
    if "postgres" in engines and not (places.postgres / "PG_VERSION").exists():
        places.unfinished.touch()
    with started(places, engines):
        code = kept("prepare", [sys.executable, "manage.py", "demo_up"], environ).wait()
    if code == 0:
        places.unfinished.unlink(missing_ok=True)
    return code


def run_lines(places: Places, port: int, environ: dict[str, str], engines: set[str]) -> int:
    """Run the Procfile's lines, but those of servers brought along, until one ends or a signal comes."""
    procfile = parse_procfile((ROOT / "Procfile").read_text()).processes
    lines = Lines(
        {name: line for name, line in procfile.items() if name not in ENGINES or name in engines}, environ
    )
    threading.Thread(target=announce, args=(places, port, lines.voice.put), daemon=True).start()
    return lines.run()


def kept(name: str, command: list[str], environ: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Start a command under a keeper, so that it goes when this process goes."""
    line = [sys.executable, "-m", "config.embedded.keep", name, *command]
    return subprocess.Popen(line, cwd=ROOT, env=environ, start_new_session=True)


def environment(places: Places, port: int) -> dict[str, str]:
    """What every process of the demo reads; what the caller set already stays."""
    ours = {
        "BASE_URL": f"http://localhost:{port}",
        "DATABASE_URL": places.database_url,
        "REDIS_URL": places.redis_url,
        "LOG_LEVEL": "WARNING",
        "PRACTICE": "1",
        "PYTHONUNBUFFERED": "1",
        "SECRET_KEY": secret_key(places),
    }
    if os.geteuid() == 0:  # Celery's warning; PostgreSQL is the one that must not run as root, and does not
        ours["PYTHONWARNINGS"] = "ignore:You're running the worker with superuser privileges"
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    fixed = {"DATA_DIR": str(places.data_dir), "PORT": str(port), "PATH": path, "KEEPER_OF": str(os.getpid())}
    given = {name: value for name, value in os.environ.items() if value or name not in ours}
    return ours | given | fixed


def secret_key(places: Places) -> str:
    """The key of this instance, made on its first start: sessions and signatures survive a restart."""
    if not places.secret_key.exists():
        places.secret_key.touch(mode=0o600)
        places.secret_key.write_text(secrets.token_urlsafe(64))
    return places.secret_key.read_text()


def refuse_port_in_use(port: int) -> None:
    """Raise OSError with a sentence if somebody listens on the port already, under either meaning of "localhost"."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        problem = _cannot_listen(family, host, port)
        if problem == errno.EADDRINUSE:
            raise OSError(f"Port {port} is in use. Choose another one: make demo PORT={port + 1}")
        if problem == errno.EACCES:
            raise OSError(f"Port {port} is for the system alone. Choose another one: make demo PORT=8000")


def _cannot_listen(family: socket.AddressFamily, host: str, port: int) -> int | None:
    """Why one cannot listen there, as an errno; None if one can."""
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return error.errno
    return None


def listen_for_signals() -> None:
    """Stop on SIGTERM and SIGINT; on SIGHUP too, after letting go of a terminal that no longer takes a word."""

    def stop(number: int, _frame: FrameType | None) -> None:
        raise Stop(number)

    def hang_up(_number: int, _frame: FrameType | None) -> None:
        silence(0, 1, 2)
        os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # under nohup it stays ignored
        signal.signal(signal.SIGHUP, hang_up)
    if "MAKELEVEL" in os.environ:
        die_with_parent(signal.SIGTERM)  # a make that is killed takes the demo along
