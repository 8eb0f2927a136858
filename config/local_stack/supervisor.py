"""Supervisor of one process of the demo: ends the process and all processes that it started.

It ends the process and its descendants (workers, database backends, pool children) when it is asked to stop,
when the process itself ends, when the terminal closes, and when the demo that started it is gone in any way,
`kill -9` included. If the supervisor is killed, the kernel asks the process to stop, and the demo, which inherits
it, kills what does not stop in time (processes.py).

The Procfile runs `python -m config.local_stack.supervisor NAME ...` for each of its lines. So it imports
little.
"""

import argparse
import ctypes
import fcntl
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import IO

import psutil

from config.local_stack import postgres, valkey
from config.local_stack.paths import DataPaths
from config.local_stack.postgres import server_command

POLL_SECONDS = 0.25
GRACE_SECONDS = 8  # from the first request to stop until the process is killed
ENGINE_GRACE_SECONDS = 12  # how long an engine waits for the processes that use it
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


@dataclass
class Supervisor:
    """One process under supervision.

    `is_engine` is True for a process that others use, and that therefore stops last. `is_stop_requested` is True once a signal asked
    the supervisor to stop.
    """

    command: list[str]
    paths: DataPaths
    is_engine: bool = False
    stop_signal: signal.Signals = signal.SIGTERM
    is_stop_requested: bool = False

    def run(self) -> int:
        """Run the command to its end, kill the processes that it left behind, and return its exit code."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._ask)
        owner = psutil.Process(int(os.environ.get("SUPERVISOR_OWNER_PID", os.getppid())))
        terminal = sys.stdin.isatty()
        inherit_orphans()
        with self.paths.in_use_lock_file.open("ab") as in_use:
            if not self.is_engine:
                fcntl.flock(in_use, fcntl.LOCK_SH)
            child = self._start()
            try:
                while (
                    child.poll() is None
                    and not self.is_stop_requested
                    and _is_alive(owner)
                    and not (terminal and _hung_up())
                ):
                    _wait_for_exit(child, POLL_SECONDS)
                if child.poll() is None:
                    self._stop(child, in_use)
            finally:
                end_descendants()
        return child.wait()

    def _stop(self, child: "subprocess.Popen[bytes]", in_use: IO[bytes]) -> None:
        if self.is_engine:
            _wait_until(lambda: _is_unlocked(in_use), ENGINE_GRACE_SECONDS)
        child.send_signal(self.stop_signal)
        _wait_until(lambda: child.poll() is not None, GRACE_SECONDS)

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(self.stop_signal),  # noqa: PLW1509 - a supervisor has one thread, so code between fork and exec is safe
        )

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.is_stop_requested = True


def die_with_parent(number: signal.Signals) -> None:
    """Ask the kernel to send this process the signal when its parent dies."""
    _prctl(PR_SET_PDEATHSIG, number)


def inherit_orphans() -> None:
    """Become the parent of every descendant whose own parent dies."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def end_descendants() -> None:
    """Kill every process below this one.

    After `inherit_orphans`, this includes descendants whose own parents are gone.
    """
    here = psutil.Process()
    while left := here.children(recursive=True):
        for process in left:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(left, timeout=1)


def _is_alive(owner: psutil.Process) -> bool:
    return owner.is_running() and owner.status() != psutil.STATUS_ZOMBIE


def _hung_up() -> bool:
    """Return True if the terminal on the standard input is gone.

    Its SIGHUP reaches only the session leader, which may be make.
    """
    watch = select.poll()
    watch.register(sys.stdin, 0)
    return bool(watch.poll(0))


def _is_unlocked(in_use: IO[bytes]) -> bool:
    try:
        fcntl.flock(in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait_for_exit(child: "subprocess.Popen[bytes]", seconds: float) -> None:
    try:
        child.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return


def _wait_until(done: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.05)


def _prctl(option: int, value: int) -> None:
    """Call Linux's prctl; do nothing on other systems.

    There the supervisor has no help from the kernel, and ends only the processes it can see.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def supervise() -> int:
    """Supervise postgres, valkey, or another process, given as a name to show followed by its command."""
    parser = argparse.ArgumentParser(
        prog="python -m config.local_stack.supervisor", description=supervise.__doc__
    )
    parser.add_argument(
        "--unsafe", action="store_true", help="an engine: faster; a crash may lose everything"
    )
    parser.add_argument("--gentle", action="store_true", help="let others have the processor first")
    parser.add_argument("name", help="postgres, valkey, or what the command goes by")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    paths = DataPaths.from_data_dir(os.environ.get("DATA_DIR") or ".data")
    if options.gentle:
        os.nice(10)
    if options.name == "postgres":
        line = server_command(paths, unsafe=options.unsafe)
        return Supervisor(line, paths, is_engine=True, stop_signal=postgres.STOP_SIGNAL).run()
    if options.name == "valkey":
        return Supervisor(valkey.server_command(paths, unsafe=options.unsafe), paths, is_engine=True).run()
    return Supervisor(options.command, paths).run()


if __name__ == "__main__":
    sys.exit(supervise())
