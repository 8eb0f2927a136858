"""`make demo`: prepare a practice site, run the Procfile, and stop every process at the end.

The demo can be stopped from outside in three ways (Ctrl-C, SIGTERM, a closed terminal) and from inside in
two (one process ends, this one is killed). No process remains in any of these cases;
tests/faults/test_demo_stops.py tries each.
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

from config.local_stack.engines import ROOT, is_in_use, lock_folder, start_engines
from config.local_stack.paths import DataPaths
from config.local_stack.processes import ProcfileProcesses, discard_output
from config.local_stack.reset import delete_demo_files
from config.local_stack.supervisor import die_with_parent
from config.local_stack.welcome import announce_when_ready

ENGINE_URL_VARIABLES = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}


class StopRequested(Exception):
    """Exception raised when a signal asks the demo to stop while it is still being prepared."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number


def run_demo(paths: DataPaths, port: int) -> int:
    """Run the demo until it is stopped, and return the exit code.

    Raises FolderInUse or OSError with one sentence for people.
    """
    listen_for_signals()
    if sys.stdout.isatty() and not sys.stdin.isatty():
        os.dup2(
            sys.stdout.fileno(), sys.stdin.fileno()
        )  # the supervisors watch the terminal by their standard input
    try:
        with lock_folder(paths):
            refuse_port_in_use(port)
            if paths.unfinished_marker.exists():
                delete_demo_files(paths)
                paths.prepare()
            environ = demo_environment(paths, port)
            engines = engines_to_start()
            return prepare_site(paths, environ, engines) or run_procfile(paths, port, environ, engines)
    except StopRequested as stop:
        return stop.code


def run_manage_command(paths: DataPaths, port: int, command: list[str]) -> int:
    """Run a command of manage.py on the demo's data, and return its exit code.

    A demo may be running on the same data. Raises RuntimeError if there is no demo, or if it is not ready.
    """
    if not paths.secret_key_file.exists():
        raise RuntimeError(f"There is no demo's data in {paths.data_dir}. make demo makes it.")
    with ExitStack() as stack:
        if not is_in_use(paths):
            stack.enter_context(lock_folder(paths))
            stack.enter_context(start_engines(paths, engines_to_start()))
        elif not paths.links_file.exists():
            raise RuntimeError(f"The demo on {paths.data_dir} is starting. Try again when it is ready.")
        line = [sys.executable, "manage.py", *command]
        return subprocess.run(line, cwd=ROOT, env=demo_environment(paths, port), check=False).returncode


def engines_to_start() -> set[str]:
    """Return the engines to start: those whose address is not set in the caller's environment."""
    return {engine for engine, variable in ENGINE_URL_VARIABLES.items() if not os.environ.get(variable)}


def prepare_site(paths: DataPaths, environ: dict[str, str], engines: set[str]) -> int:
    """Run `manage.py demo_up` with only the engines running, and return its exit code."""
    if paths.links_file.exists():  # hidden until this start answers; links that still work are kept
        paths.links_file.replace(paths.unfinished_links_file)
    if "postgres" in engines and not (paths.postgres_dir / "PG_VERSION").exists():
        paths.unfinished_marker.touch()
    with start_engines(paths, engines):
        code = start_supervised("prepare", [sys.executable, "manage.py", "demo_up"], environ).wait()
    if code == 0:
        paths.unfinished_marker.unlink(missing_ok=True)
    return code


def run_procfile(paths: DataPaths, port: int, environ: dict[str, str], engines: set[str]) -> int:
    """Run the processes of the Procfile until one ends or a signal arrives, and return the exit code.

    Skips the lines of servers that the caller provides.
    """
    procfile = parse_procfile((ROOT / "Procfile").read_text()).processes
    lines = ProcfileProcesses(
        {
            name: line
            for name, line in procfile.items()
            if name not in ENGINE_URL_VARIABLES or name in engines
        },
        environ,
    )
    threading.Thread(target=announce_when_ready, args=(paths, port, lines.voice.put), daemon=True).start()
    return lines.run()


def start_supervised(name: str, command: list[str], environ: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Start a command under a supervisor, so that it ends when this process ends."""
    line = [sys.executable, "-m", "config.local_stack.supervisor", name, *command]
    return subprocess.Popen(line, cwd=ROOT, env=environ, start_new_session=True)


def demo_environment(paths: DataPaths, port: int) -> dict[str, str]:
    """Return the environment variables for every process of the demo.

    Values that the caller set are kept, except DATA_DIR, PORT, PATH and SUPERVISOR_OWNER_PID.
    """
    defaults = {
        "BASE_URL": f"http://localhost:{port}",
        "DATABASE_URL": paths.database_url,
        "REDIS_URL": paths.redis_url,
        "LOG_LEVEL": "WARNING",
        "PRACTICE": "1",
        "PYTHONUNBUFFERED": "1",
        "SECRET_KEY": secret_key(paths),
    }
    if os.geteuid() == 0:  # silences Celery; PostgreSQL, which must not run as root, does not
        defaults["PYTHONWARNINGS"] = "ignore:You're running the worker with superuser privileges"
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    fixed = {
        "DATA_DIR": str(paths.data_dir),
        "PORT": str(port),
        "PATH": path,
        "SUPERVISOR_OWNER_PID": str(os.getpid()),
    }
    caller_environment = {name: value for name, value in os.environ.items() if value or name not in defaults}
    return defaults | caller_environment | fixed


def secret_key(paths: DataPaths) -> str:
    """Return the secret key of this instance, created at its first start.

    Sessions and signatures therefore survive a restart.
    """
    if not paths.secret_key_file.exists():
        paths.secret_key_file.touch(mode=0o600)
        paths.secret_key_file.write_text(secrets.token_urlsafe(64))
    return paths.secret_key_file.read_text()


def refuse_port_in_use(port: int) -> None:
    """Raise OSError if the port is in use or reserved for the system.

    Checks the IPv4 and the IPv6 address of "localhost".
    """
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        problem = _cannot_listen(family, host, port)
        if problem == errno.EADDRINUSE:
            raise OSError(f"Port {port} is in use. Choose another one: make demo PORT={port + 1}")
        if problem == errno.EACCES:
            raise OSError(f"Port {port} is for the system alone. Choose another one: make demo PORT=8000")


def _cannot_listen(family: socket.AddressFamily, host: str, port: int) -> int | None:
    """Return the errno that prevents listening at this address, or None if listening is possible."""
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        return error.errno
    return None


def listen_for_signals() -> None:
    """Install the handlers that stop the demo on SIGTERM, SIGINT and SIGHUP.

    On SIGHUP, first detach from the terminal, which no longer takes output. Under nohup, SIGHUP stays
    ignored.
    """

    def stop(number: int, _frame: FrameType | None) -> None:
        raise StopRequested(number)

    def hang_up(_number: int, _frame: FrameType | None) -> None:
        discard_output(0, 1, 2)
        os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # under nohup it stays ignored
        signal.signal(signal.SIGHUP, hang_up)
    if "MAKELEVEL" in os.environ:
        die_with_parent(signal.SIGTERM)  # if make is killed, the demo ends as well
