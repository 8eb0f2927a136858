"""The processes of the demo end together, no matter which ends first and when a signal comes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
RUN_SCRIPT = (
    "import os, sys; from config.local_stack.processes import ProcfileProcesses; "
    "sys.exit(ProcfileProcesses(dict(zip('abcde', sys.argv[1:])), dict(os.environ)).run())"
)
WAITS = "exec sleep 600"


def run_lines(place: int, line: str, mark: str, **streams: int) -> int:
    """Run five command lines, one given and four that wait; return the exit code."""
    lines = [WAITS] * 5
    lines[place] = line
    with subprocess.Popen(
        [sys.executable, "-c", RUN_SCRIPT, *lines], cwd=ROOT, env=os.environ | {"MARK": mark}, **streams
    ) as process:
        try:
            return process.wait(timeout=60)
        finally:
            process.kill()


def processes_left(mark: str) -> list[psutil.Process]:
    """Return the processes that still run with the mark in their environment."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and process.environ().get("MARK") == mark:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_during_start_stops_all_demo_processes(place, number, tmp_path):
    assert run_lines(place, f"kill -{number} $PPID; {WAITS}", str(tmp_path)) == 128 + number
    assert processes_left(str(tmp_path)) == []


@pytest.mark.parametrize(
    ("line", "code"), [("exit 0", 1), ("exit 3", 3), ("kill -9 $$", 137), ("exec not-a-command", 127)]
)
def test_demo_process_that_ends_stops_others_and_gives_its_exit_code(line, code, tmp_path):
    assert run_lines(2, line, str(tmp_path)) == code
    assert processes_left(str(tmp_path)) == []


def test_demo_processes_continue_without_reader_of_output_until_stopped(tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        line = f"for i in 1 2 3; do echo said; done; sleep 1; kill -TERM $PPID; {WAITS}"
        assert run_lines(0, line, str(tmp_path), stdout=writing) == 143
    finally:
        os.close(writing)
    assert processes_left(str(tmp_path)) == []
