"""However a demo ends, no process remains: no PostgreSQL backend, no worker, no child of a worker pool."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress

import psutil
import pytest

from config.local_stack.paths import DataPaths
from tests.faults.demo import MAKE, Demo, StoppedDemo, command_line, copy_of, count_entries, demo
from tests.lanes import FULL

pytestmark = [pytest.mark.fault, pytest.mark.xdist_group("demo")]
LINES = ("postgres", "valkey", "web", "worker", "beat")
CRASHING = LINES if FULL else ("postgres",)
SIGNALS = [signal.SIGTERM, *([signal.SIGKILL, signal.SIGINT] if FULL else [])]


@pytest.fixture(scope="module")
def reused_demo(first_demo: StoppedDemo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Yield a demo that the tests end in one way after another and start again on the data left behind."""
    with demo(copy_of(first_demo.data_dir, tmp_path_factory.mktemp("reused_demo") / "data")) as it:
        yield it


@pytest.fixture
def running(reused_demo: Demo) -> Demo:
    if not reused_demo.is_ready():
        reused_demo.end()  # remains of a failed test
        reused_demo.start().wait_until_ready()
    return reused_demo


def test_sigterm_stops_demo_with_exit_code_143(first_demo: StoppedDemo) -> None:
    assert first_demo.gone, first_demo.said
    assert first_demo.code == 143
    assert "Traceback" not in first_demo.said


@pytest.mark.every_way
def test_demo_data_survives_kill_of_all_processes(running: Demo) -> None:
    before = count_entries(DataPaths.from_data_dir(running.data_dir).database_url)
    while (
        everything := running.processes()
    ):  # a process may have started another one while the list was being made
        for process in everything:
            with suppress(psutil.NoSuchProcess):
                process.kill()
    assert running.all_ended()
    running.start().wait_until_ready()
    assert 0 < before <= count_entries(DataPaths.from_data_dir(running.data_dir).database_url)
    assert running.get("/readyz") == 200  # the next test ends it in its own way


@pytest.mark.every_way
def test_sigterm_to_make_stops_demo(second_start: Demo) -> None:
    second_start.start(MAKE).wait_until_ready()
    assert second_start.process is not None
    second_start.process.terminate()
    assert second_start.all_ended()


@pytest.mark.every_way
def test_killed_make_stops_demo(second_start: Demo) -> None:
    second_start.start(MAKE).wait_until_ready()
    assert second_start.process is not None
    second_start.process.kill()
    assert second_start.all_ended()


@pytest.mark.every_way
def test_control_c_stops_demo_without_traceback(second_start: Demo) -> None:
    second_start.start_in_terminal(MAKE).wait_until_ready()
    os.write(second_start.terminal, b"\x03")
    assert second_start.all_ended(), second_start.output()
    assert "Traceback" not in second_start.output()


@pytest.mark.every_way
def test_closed_terminal_stops_demo(second_start: Demo) -> None:
    second_start.start_in_terminal(MAKE).wait_until_ready()
    assert len(second_start.processes()) > len(LINES)
    os.close(second_start.terminal)
    second_start.terminal = -1
    assert second_start.all_ended()


@pytest.mark.parametrize("name", CRASHING)
def test_crash_of_one_process_stops_demo(running: Demo, name: str) -> None:
    running.named(name).kill()
    assert running.all_ended()
    assert running.exit_code() not in (0, None)


@pytest.mark.every_way
def test_killed_supervisor_stops_demo(running: Demo) -> None:
    assert running.process is not None
    running.process.kill()
    assert running.all_ended()


@pytest.mark.every_way
def test_killed_monitor_processes_stop_demo(running: Demo) -> None:
    for process in running.monitors():
        process.kill()
    assert running.all_ended()


@pytest.mark.every_way
def test_monitor_processes_killed_while_web_starts_stop_demo(second_start: Demo) -> None:
    """A Granian process misses a signal that comes before it listens for signals."""
    web = second_start.start().line("web")
    while len(web.children(recursive=True)) < 2:
        time.sleep(0.01)
    for process in second_start.monitors():
        process.kill()
    assert second_start.all_ended()


@pytest.mark.every_way
@pytest.mark.parametrize("place", range(len(LINES)))
def test_kill_of_any_demo_child_process_stops_demo(running: Demo, place: int) -> None:
    running.started()[place].kill()
    assert running.all_ended()
    assert running.exit_code() not in (0, None)


@pytest.mark.every_way
@pytest.mark.parametrize("line", [1, 3])
def test_demo_continues_when_reader_of_output_closes(second_start: Demo, line: int) -> None:
    with second_start.start_with_reader("head", f"-{line}"):
        second_start.wait_until_ready()
        assert second_start.get("/readyz") == 200
        assert second_start.process is not None
        second_start.process.terminate()
        assert second_start.all_ended()
        assert second_start.exit_code() == 143


@pytest.mark.every_way
def test_sigterm_stops_demo_while_output_is_not_read(second_start: Demo) -> None:
    with second_start.start_with_reader("sleep", "600", room=100):
        second_start.wait_until_ready()
        assert second_start.process is not None
        second_start.process.terminate()
        assert second_start.all_ended()
        assert second_start.exit_code() == 143


@pytest.mark.parametrize("number", SIGNALS)
def test_signal_right_after_start_of_web_process_leaves_no_process(second_start: Demo, number: int) -> None:
    second_start.start().line("web")
    assert second_start.process is not None
    second_start.process.send_signal(number)
    assert second_start.all_ended()
    assert second_start.exit_code() == (128 + number if number != signal.SIGKILL else -number)
    assert not (second_start.data_dir / "demo.json").exists()
    assert "Traceback" not in second_start.output()


@pytest.mark.every_way
def test_sigterm_during_demo_preparation_leaves_no_process(second_start: Demo) -> None:
    second_start.start()
    while not any("demo_up" in command_line(process) for process in second_start.started()):
        time.sleep(0.05)
    assert second_start.process is not None
    second_start.process.terminate()
    assert second_start.all_ended()
    assert second_start.exit_code() == 143
