"""Fixtures that start one demo for all tests that need one; each test gets a copy of its data after a first start."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.local_stack.engines import run_engines
from config.local_stack.paths import DataPaths
from tests.faults.demo import Demo, StoppedDemo, copy_of, demo
from tests.faults.figures import NOTES
from tests.faults.installation import Installation, open_installation


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory, migrated: str | None) -> Iterator[Installation]:
    """Yield an installation for the tests that kill parts; each test starts the processes it needs."""
    with open_installation(tmp_path_factory.mktemp("installation"), migrated) as it:
        yield it


@pytest.fixture(scope="session")
def first_demo(tmp_path_factory: pytest.TempPathFactory) -> StoppedDemo:
    """Run a demo whose first start was interrupted before; it runs its scenario, answers, and is stopped."""
    data_dir = tmp_path_factory.mktemp("demo") / "data"
    with run_engines(data_dir) as urls, psycopg.connect(urls.database, autocommit=True) as connection:
        connection.execute("CREATE TABLE left_by_half_a_story ()")
    DataPaths.from_data_dir(data_dir).unfinished_marker.touch()
    with demo(data_dir) as it:
        it.start().wait_until_ready()
        assert it.process is not None
        it.process.terminate()
        gone = it.all_ended()
        return StoppedDemo(data_dir, gone, it.exit_code() if gone else None, it.output())


@pytest.fixture
def second_start(first_demo: StoppedDemo, tmp_path: Path) -> Iterator[Demo]:
    """Yield a demo with existing data in a folder with a space in its name; the test starts it."""
    with demo(copy_of(first_demo.data_dir, tmp_path / "our data")) as it:
        yield it


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the fault tests measured; also write it to the file that FIGURES names."""
    for line in NOTES:
        terminalreporter.write_line(line)
    if NOTES and (path := os.environ.get("FIGURES")):
        Path(path).write_text("".join(f"{line}\n" for line in NOTES), encoding="utf-8")
