"""Files of the product in which a function runs during a journey (a short use of the product, see journeys.py)."""

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from types import CodeType
from typing import NamedTuple

import pytest

from tests.architecture.sources import ROOMS, ROOT

JOURNEYS = "tests/architecture/journeys.py"


class Step(NamedTuple):
    """One step of a journey: a request or a run of the periodic job.

    `what` describes it, for example "POST /needs/"; `files` are those in which it executed a function.
    """

    what: str
    files: frozenset[str]


class Journey(NamedTuple):
    """A journey that ran.

    `all_requests` holds the files executed in all its steps, `main_request` those of its main step: the last
    POST or, in a journey without one, the last step.
    """

    steps: list[Step]

    @property
    def all_requests(self) -> frozenset[str]:
        return frozenset[str]().union(*(step.files for step in self.steps))

    @property
    def main_step(self) -> Step:
        posts = [step for step in self.steps if step.what.startswith("POST")]
        return (posts or self.steps)[-1]

    @property
    def main_request(self) -> frozenset[str]:
        return self.main_step.files


@contextmanager
def executed_files(root: Path = ROOT) -> Iterator[set[str]]:
    """Collect the product files in which a function or method starts, as paths relative to the root.

    Bodies of modules and classes do not count, so importing a file does not count it.
    """
    tool, start = sys.monitoring.PROFILER_ID, sys.monitoring.events.PY_START
    found: set[str] = set()

    def started(code: CodeType, _offset: int) -> object:
        if code.co_flags & inspect.CO_OPTIMIZED:  # set for functions, unset for modules and classes
            found.update(_own(Path(code.co_filename), root))
        return sys.monitoring.DISABLE  # one start is enough; this keeps the journeys fast

    sys.monitoring.use_tool_id(tool, "measure")
    sys.monitoring.register_callback(tool, start, started)
    sys.monitoring.restart_events()
    sys.monitoring.set_events(tool, start)
    try:
        yield found
    finally:
        sys.monitoring.set_events(tool, sys.monitoring.events.NO_EVENTS)
        sys.monitoring.register_callback(tool, start, None)
        sys.monitoring.free_tool_id(tool)


def _own(path: Path, root: Path) -> set[str]:
    """Return the relative path if the file belongs to the product, else nothing: a library, a test, a migration."""
    if not path.is_relative_to(root):
        return set()
    inside = path.relative_to(root)
    return {inside.as_posix()} if inside.parts[0] in ROOMS and "migrations" not in inside.parts else set()


class JourneyPlugin:
    """Pytest plugin that runs each journey twice and keeps the second run, because the first fills caches."""

    def __init__(self) -> None:
        self.journeys: dict[str, Journey] = {}

    @pytest.fixture(params=["first play", "counted play"])
    def watch(self, request: pytest.FixtureRequest) -> "JourneyPlugin":
        """Start a journey, which is named after its test function."""
        name = request.node.originalname.removeprefix("test_").replace("_", "-")
        self.playing = self.journeys[name] = Journey([])
        return self

    def step[R](self, what: str, take: Callable[[], R]) -> R:
        """Call `take` as the next step of the journey, which `what` describes, and return its result."""
        with executed_files() as files:
            result = take()
        self.playing.steps.append(Step(what, frozenset(files)))
        return result


def play_journeys() -> dict[str, Journey]:
    """Run all journeys in a test database and return them by name. Exits if one of them fails.

    What pytest prints goes to stderr.
    """
    watch = JourneyPlugin()
    options = [JOURNEYS, "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header", "--tb=short"]
    with redirect_stdout(sys.stderr):
        result = pytest.main(options, plugins=[watch])
    if result != pytest.ExitCode.OK:
        sys.exit(f"A journey failed: {result!r}")
    return watch.journeys
