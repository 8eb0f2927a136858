"""A demo that tests stop and kill: started as a person does, on its own folder and port."""

import fcntl
import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import psutil
import psycopg

from config.local_stack.paths import DataPaths

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 300  # a limit for a busy machine, not a promise
GONE_SECONDS = 60
# Variables that the test session may have set; the demo must choose its own.
OURS = (
    "ALLOWED_HOSTS",
    "BASE_URL",
    "DATABASE_URL",
    "DJANGO_SETTINGS_MODULE",
    "LOG_LEVEL",
    "PRACTICE",
    "REDIS_URL",
    "SECRET_KEY",
)
# Makes the terminal on stdin the controlling one, then runs the command, as a terminal program does.
TAKE_TERMINAL = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
UP = (sys.executable, "-m", "config.local_stack", "up")
MAKE = ("make", "--no-print-directory", "demo")


def command_line(process: psutil.Process) -> str:
    """Return the command line of a process, or an empty string if it is gone."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""


def count_entries(url: str) -> int:
    """Return the number of journal entries."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM workflow_entry").fetchone()
    assert row is not None
    return int(row[0])


def free_port() -> int:
    """Return a port that is free at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data_dir: Path, port: int, **more: str) -> dict[str, str]:
    """Return the environment of a fresh terminal."""
    kept = {
        name: value for name, value in os.environ.items() if name not in OURS and not name.startswith("MAKE")
    }
    return kept | {"DATA_DIR": str(data_dir), "PORT": str(port)} | more


@dataclass
class Demo:
    """One demo with its processes."""

    data_dir: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None
    terminal: int = -1

    def start(self, command: tuple[str, ...] = UP, **more: str) -> "Demo":
        """Start it; its output goes to a file beside the data."""
        self._forget()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment(self.data_dir, self.port, **more),
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        return self

    def start_in_terminal(self, command: tuple[str, ...] = MAKE) -> "Demo":
        """Start it as the foreground process of a terminal of its own."""
        self._forget()
        self.terminal, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", TAKE_TERMINAL, *command],
            cwd=ROOT,
            env=environment(self.data_dir, self.port),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        return self

    @contextmanager
    def start_with_reader(self, *reader: str, room: int | None = None) -> Iterator[None]:
        """Start it with its output in a pipe that another command reads.

        With `room`, only so many bytes fit in before the command must read.
        """
        self._forget()
        theirs, ours = os.pipe()
        if room is not None:
            whole = fcntl.fcntl(ours, fcntl.F_SETPIPE_SZ, room)  # the kernel gives at least one page
            os.write(ours, b"x" * (whole - room))
        with (
            subprocess.Popen(reader, stdin=theirs, stdout=subprocess.DEVNULL) as reading,
            self.log.open("ab") as log,
        ):
            os.close(theirs)
            self.process = subprocess.Popen(
                UP,
                cwd=ROOT,
                env=environment(self.data_dir, self.port),
                stdout=ours,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
            os.close(ours)
            try:
                yield
            finally:
                reading.kill()

    @property
    def log(self) -> Path:
        """The file with its output."""
        return self.data_dir.with_suffix(".log")

    def wait_until_ready(self) -> "Demo":
        """Wait for demo.json, which appears when the instance answers."""
        until = time.monotonic() + READY_SECONDS
        while not (self.data_dir / "demo.json").exists():
            self._drain()
            assert time.monotonic() < until, self.output()
            assert self.process is None or self.process.poll() is None, self.output()
            time.sleep(0.1)
        return self

    def is_ready(self) -> bool:
        """Return True if it runs and has reported that it answers."""
        return (
            self.process is not None
            and self.process.poll() is None
            and (self.data_dir / "demo.json").exists()
        )

    def output(self) -> str:
        """Return its output so far."""
        return self.log.read_text() if self.log.exists() else ""

    def facts(self) -> dict[str, Any]:
        """Return the content of demo.json."""
        return dict(json.loads((self.data_dir / "demo.json").read_text()))

    def get(self, path: str) -> int:
        """Return the status of a page."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return int(answer.status)

    def processes(self) -> list[psutil.Process]:
        """Return all processes of this demo, found by environment, folder or command line."""
        return [
            process for process in psutil.process_iter() if process.pid != os.getpid() and self._owns(process)
        ]

    def monitors(self, name: str = "") -> list[psutil.Process]:
        """Return the monitor processes: each starts the command of one line of the Procfile and watches it.

        With `name`, only that of the line with this name.
        """
        return [
            each
            for each in self.processes()
            if re.search(rf"\.supervisor (--\w+ )*{name}", command_line(each))
        ]

    def named(self, name: str) -> psutil.Process:
        """Return the process of a line of the Procfile."""
        words = {
            "postgres": "/bin/postgres",
            "valkey": "valkey-server",
            "web": "config.web",
            "worker": "worker",
            "beat": "beat",
        }
        (keeper,) = self.monitors(name)
        return next(each for each in keeper.children() if words[name] in command_line(each))

    def started(self) -> list[psutil.Process]:
        """Return its direct child processes.

        It reads only its own children from /proc, so it may be called often.
        """
        assert self.process is not None
        found = []
        for children in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            for pid in children.read_text().split():
                with suppress(psutil.NoSuchProcess):
                    found.append(psutil.Process(int(pid)))
        return sorted(found, key=lambda one: one.pid)

    def line(self, name: str) -> psutil.Process:
        """Return the monitor process of a line of the Procfile as soon as it has started."""
        while not DataPaths.from_data_dir(self.data_dir).unfinished_links_file.exists():
            time.sleep(0.05)
        while True:
            for each in self.started():
                if f".supervisor {name} " in command_line(
                    each
                ) or f".supervisor --gentle {name} " in command_line(each):
                    return each
            time.sleep(0.001)

    def processor_seconds(self) -> float:
        """Return the processor time it has used, ended processes included."""
        return sum(sum(process.cpu_times()[:4]) for process in self.processes())

    def all_ended(self) -> bool:
        """Return True if all its processes end within GONE_SECONDS."""
        until = time.monotonic() + GONE_SECONDS
        # Look again when these are gone: one may have started another.
        while left := self.processes():
            self._drain()
            if time.monotonic() > until:
                return False
            self._wait_a_little(left)
        if self.process is not None:  # collect the exit code
            self.process.wait(timeout=GONE_SECONDS)
        return True

    def _wait_a_little(self, left: list[psutil.Process]) -> None:
        """Wait up to half a second for these processes, and for its own one to collect the exit code."""
        own = self.process.pid if self.process is not None else 0
        psutil.wait_procs([each for each in left if each.pid != own], timeout=0.5)
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=0.1)

    def exit_code(self) -> int:
        """Return its exit code; wait for the end if it still runs."""
        assert self.process is not None
        return self.process.wait(timeout=GONE_SECONDS)

    def _owns(self, process: psutil.Process) -> bool:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            return (
                process.environ().get("DATA_DIR") == str(self.data_dir)
                or process.cwd().startswith(f"{self.data_dir}/")
                or str(self.data_dir) in " ".join(process.cmdline())
            )
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False

    def _forget(self) -> None:
        """Delete the demo.json of the last start: a new one shows when the next start is ready."""
        (self.data_dir / "demo.json").unlink(missing_ok=True)

    def _drain(self) -> None:
        """Copy its terminal output to the log, so that it never blocks on a full terminal."""
        if self.terminal < 0:
            return
        os.set_blocking(self.terminal, False)
        try:
            with self.log.open("ab") as log:
                log.write(os.read(self.terminal, 65536))
        except OSError:
            return

    def end(self) -> None:
        """Kill all its processes."""
        if self.terminal >= 0:
            os.close(self.terminal)
            self.terminal = -1
        for process in self.processes():
            try:
                process.send_signal(signal.SIGKILL)
            except psutil.NoSuchProcess:
                continue
        if self.process is not None:
            self.process.kill()
            self.process.wait(timeout=GONE_SECONDS)


class StoppedDemo(NamedTuple):
    """Data folder, end and output of a demo that was stopped by SIGTERM."""

    data_dir: Path
    gone: bool
    code: int | None
    said: str


@contextmanager
def demo(data_dir: Path) -> Iterator[Demo]:
    """Yield a demo on a folder; end it after the block."""
    it = Demo(data_dir)
    try:
        yield it
    finally:
        it.end()


def copy_of(data_dir: Path, target: Path) -> Path:
    """Copy the data with its owners, so that not each test must play the scenario."""
    subprocess.run(["cp", "-a", str(data_dir), str(target)], check=True)
    shutil.rmtree(target / "sockets", ignore_errors=True)
    return target
