"""One demo set up for all tests that start one: each gets a copy of its data, as a second start finds it."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.embedded.engines import running
from config.embedded.places import Places
from tests.faults.demo import Demo, First, copy_of, demo
from tests.faults.figures import NOTES
from tests.faults.house import House, open_house


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, migrated: str | None) -> Iterator[House]:
    """An installation of its own for the tests that kill parts of it; each starts the processes it needs."""
    with open_house(tmp_path_factory.mktemp("house"), migrated) as it:
        yield it


@pytest.fixture(scope="session")
def first_demo(tmp_path_factory: pytest.TempPathFactory) -> First:
    """A demo whose first start was cut off and begun anew: it played its scenario, answered, and was stopped."""
    data_dir = tmp_path_factory.mktemp("demo") / "data"
    with running(data_dir) as urls, psycopg.connect(urls.database, autocommit=True) as connection:
        connection.execute("CREATE TABLE left_by_half_a_story ()")
    Places.of(data_dir).unfinished.touch()
    with demo(data_dir) as it:
        it.start().wait_until_ready()
        assert it.process is not None
        it.process.terminate()
        gone = it.gone()
        return First(data_dir, gone, it.code() if gone else None, it.said())


@pytest.fixture
def second_start(first_demo: First, tmp_path: Path) -> Iterator[Demo]:
    """A demo that finds data, in a folder with a space in its name; the test starts it in its own way."""
    with demo(copy_of(first_demo.data_dir, tmp_path / "our data")) as it:
        yield it


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the fault tests measured, below everything else; and in a file of its own where FIGURES names one."""
    for line in NOTES:
        terminalreporter.write_line(line)
    if NOTES and (path := os.environ.get("FIGURES")):
        Path(path).write_text("".join(f"{line}\n" for line in NOTES), encoding="utf-8")
