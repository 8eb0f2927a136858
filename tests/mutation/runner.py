"""Pytest plugin that runs all tests once and then, for each slip (a small mistake in a rule), the tests of its lines.

The tests of a slip run in a fork of this process, which ends at the first failing test. Results are appended
to a file, so a run that was interrupted goes on.
"""

import functools
import gc
import hashlib
import json
import os
import select
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.slips import Slip

TOOL = 4  # a free number of sys.monitoring
KILLED, SURVIVED, IMPOSSIBLE = "killed", "survived", "impossible"
WAIT = 600  # seconds after which a fork hangs; no test found its slip
MOVES = "tests/architecture/test_moves.py"  # it compares every Move with docs/states.md, in a second
LEFT_OUT = (
    "transactional_db",
    "live_server",
    "chromium",
    "browser",
)  # they write for others, or wait for a browser


class Stage(NamedTuple):
    """How the slips are tried in one stage: later stages take longer and try only the survivors of earlier ones."""

    name: str
    seconds: float  # of tests for one slip
    shared: bool = False  # keep what a package of tests plays, with its open transaction
    afresh: bool = False  # run the cached steps again, with the slip
    pages: bool = True  # also the tests of pages, which are slow


class Runner:
    """The plugin: runs the tests, then the slips, and records the results."""

    def __init__(self, paths: list[str], stage: Stage, progress: "Progress", out: int) -> None:
        self.paths, self.stage, self.progress, self.out = paths, stage, progress, out
        self.lines: dict[pytest.Item, set[tuple[str, int]]] = {}
        self.took: dict[pytest.Item, float] = {}
        self.killers: dict[str, list[pytest.Item]] = defaultdict(list)
        self.kept: list[Any] = []
        # Set if this process ran the tests. Then another one tries the slips: a PDF that was rendered here leaves
        # threads which a fork lacks, and the first PDF of the fork would wait for them for ever.
        self.measured = False

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Replace the normal run of the tests."""
        from tests.mutation.switch import ROOMS, Source  # noqa: PLC0415 - after pytest has set Django up

        gc.unfreeze()
        sources = {path: Source(path) for path in self.paths}
        slips = [slip for source in sources.values() for slip in source.slips if self.progress.open(slip)]
        items = [one for one in session.items if not self._is_left_out(one)]
        self._say(f"{len(slips)} slips, {len(items)} tests")
        if not slips:
            return True
        self.measured = self._run_all(session, items, list(sources.values())) and not self.stage.shared
        if self.measured:
            return True
        caches = [
            one
            for one in gc.get_objects()
            if type(one) is functools._lru_cache_wrapper  # a lazy object may fail when its class is asked for
            and (one.__module__ or "").partition(".")[0] in ROOMS[:-1]
        ]
        gc.collect()
        gc.freeze()
        for number, slip in enumerate(slips, 1):
            started = time.monotonic()
            result, by = self._try(session, sources[slip.path], slip, caches)
            self.progress.add(slip, result, by, self.stage.name)
            self._say(f"{number}/{len(slips)} {time.monotonic() - started:5.1f}s {result} {slip} [{by}]")
            if self.stage.shared and by.startswith("signal"):
                break  # the transaction of all tests is lost; the next start goes on
        return True

    def _is_left_out(self, item: Any) -> bool:
        mark = item.get_closest_marker("django_db")
        commits = any(name in LEFT_OUT for name in item.fixturenames) or (
            mark and mark.kwargs.get("transaction")
        )
        return bool(commits) or (not self.stage.pages and item.path.name.startswith("test_pages_"))

    def _say(self, text: str) -> None:
        os.write(self.out, f"{text}\n".encode())

    def _run_all(self, session: Any, items: list[pytest.Item], sources: list[Any]) -> bool:
        """Run every test without a slip that no earlier run knows; note its time and the lines of rules it runs.

        Return True if there were such tests.
        """
        files = [source.file for source in sources]
        known = {} if self.stage.shared else self.progress.known_lines(files)
        for item in items:
            if item.nodeid in known:
                self.took[item], self.lines[item] = known[item.nodeid]
        unknown = [item for item in items if item not in self.took]
        are_some_unknown = bool(unknown)
        if known:  # one known test makes what all share: the database, the URLs
            shared = [item for item in self.took if {"db", "django_db_setup"} & {*item.fixturenames}]
            unknown = [*sorted(shared, key=lambda item: self.took[item])[:1], *unknown]
        last = items[-1].listchain()
        rest = _Next(last[:-2] if self.stage.shared else [session])
        with _watched([code for source in sources for code in source.codes()]) as seen:
            for item, after in zip(unknown, [*unknown[1:], rest][: len(unknown)], strict=True):
                seen.clear()
                sys.monitoring.restart_events()
                begun = time.process_time()
                if _fails(item, after):
                    self._say(f"left out, because it fails without a slip: {item.nodeid}")
                    self.took.pop(item, None)
                else:
                    self.took[item], self.lines[item] = time.process_time() - begun, set(seen)
        self._say(f"{sum(self.took.values()):.0f} s of tests; {len(unknown)} run now")
        if not self.stage.shared:
            self.progress.keep_lines(
                files, {one.nodeid: (self.took[one], self.lines[one]) for one in self.took}
            )
        if len(self.took) < 0.9 * len(items):
            sys.exit("Too many tests fail without a slip.")
        return are_some_unknown

    def _tests_of(self, source: Any, slip: Slip) -> list[pytest.Item]:
        """Return the tests that run the slip's lines; first those that found its neighbours, then the quick ones.

        No line shows which tests use a value of the module itself, so those that compare every Move come first, then
        those of its own package.
        """
        if slip.function:
            lines = {(source.file, line) for line in slip.lines}
            found = [item for item, seen in self.lines.items() if seen & lines]
        else:
            found = list(self.took)
        first = [*reversed(self.killers[slip.path + slip.function]), *reversed(self.killers[slip.path])]

        def order(item: pytest.Item) -> tuple[int, int, float]:
            near = len(Path(MOVES).parts) if item.nodeid.startswith(MOVES) else 0
            distance = 0 if slip.function else -max(near, shared_folders(slip.path, item.nodeid))
            return first.index(item) if item in first else len(first), distance, self.took[item]

        chosen, seconds = [], 0.0
        for item in sorted(found, key=order):
            if chosen and seconds + self.took[item] > self.stage.seconds:
                continue
            seconds += self.took[item]
            chosen.append(item)
        return chosen

    def _try(self, session: Any, source: Any, slip: Slip, caches: list[Any]) -> tuple[str, str]:
        """Return what happened to a slip, and the test or signal that ended it."""
        tests = self._tests_of(source, slip)
        if not tests:
            return SURVIVED, "no test runs it"
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            os.close(reader)
            self._in_child(source, slip, tests, caches, writer)
        os.close(writer)
        ready, _writers, _errors = select.select([reader], [], [], WAIT)
        answer = os.read(reader, 4000).decode() if ready else ""
        os.close(reader)
        if not answer:
            os.kill(child, signal.SIGKILL)
        _pid, status = os.waitpid(child, 0)
        if not answer:
            number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else status
            return (KILLED if ready else SURVIVED), f"signal {number}"
        result, _space, place = answer.partition(" ")
        if result != KILLED:
            return result, f"{len(tests)} tests"
        killer = tests[int(place)]
        for key in (slip.path + slip.function, slip.path):
            self.killers[key] = [*(one for one in self.killers[key] if one is not killer), killer][-8:]
        return KILLED, killer.nodeid

    def _in_child(self, source: Any, slip: Slip, tests: list[Any], caches: list[Any], writer: int) -> None:
        """Make the slip, run the tests until one fails, answer, and end this process."""
        answer = SURVIVED
        try:
            gc.disable()
            limit = 20 + 5 * sum(self.took[item] for item in tests)
            signal.setitimer(signal.ITIMER_PROF, limit * (4 if self.stage.afresh else 1))
            self._separate()
            if source.switch(slip):
                for cache in caches:
                    cache.cache_clear()
                failing = (
                    place
                    for place, (item, after) in enumerate(zip(tests, [*tests[1:], tests[-1]], strict=True))
                    if _fails(item, after)
                )
                found = next(failing, None)
                answer = SURVIVED if found is None else f"{KILLED} {found}"
            else:
                answer = IMPOSSIBLE
        except BaseException as error:  # noqa: BLE001  # also a SystemExit of the code under test
            answer = f"{KILLED} 0" if not isinstance(error, KeyboardInterrupt) else SURVIVED
        os.write(writer, answer.encode())
        os._exit(0)

    def _separate(self) -> None:
        """Give this process its own connection, unless the tests share one transaction."""
        from django.db import connections  # noqa: PLC0415 - after pytest has set Django up

        if self.stage.afresh:
            from tests.worlds import story_cache  # noqa: PLC0415 - after pytest has set Django up

            story_cache._cached_steps.clear()
        if not self.stage.shared:
            for each in connections.all(initialized_only=True):
                self.kept.append(each.connection)  # the parent goes on with it: never closed here
                each.connection = None


@contextmanager
def _watched(codes: list[Any]) -> Iterator[set[tuple[str, int]]]:
    """Yield the set of lines, as file and number, that run while the block runs; each is reported once."""
    seen: set[tuple[str, int]] = set()
    watch = sys.monitoring

    def note(code: Any, line: int) -> Any:
        seen.add((code.co_filename, line))
        return watch.DISABLE

    watch.use_tool_id(TOOL, "slips")
    watch.register_callback(TOOL, watch.events.LINE, note)
    for code in codes:
        watch.set_local_events(TOOL, code, watch.events.LINE)
    yield seen
    watch.free_tool_id(TOOL)


class Progress:
    """File with the results of earlier runs and this one, one result on each line."""

    def __init__(self, folder: Path, again: frozenset[str], only: str) -> None:
        """`again`: results that are tried once more; `only`: part of the name of a slip."""
        self.file, self.lines = folder / "results.jsonl", folder / "lines.json"
        self.again, self.only = again, only
        self.known: dict[str, dict[str, str]] = {}
        for line in self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else ():
            one = json.loads(line)
            self.known[one["name"]] = one

    def open(self, slip: Slip) -> bool:
        """Return True if the slip has no result yet, or one that is tried again, and is not listed as equivalent."""
        if slip.name.rpartition("|")[0] in EQUIVALENT:
            return False
        known = self.known.get(slip.name)
        return self.only in f"{slip} {slip.name}" and (known is None or known["result"] in self.again)

    def add(self, slip: Slip, result: str, by: str, stage: str) -> None:
        """Keep a result."""
        one = {"name": slip.name, "result": result, "by": by, "stage": stage, "slip": str(slip)}
        self.known[slip.name] = one
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(one, ensure_ascii=False) + "\n")

    def known_lines(self, files: list[str]) -> dict[str, tuple[float, set[tuple[str, int]]]]:
        """Return the time of each test and the lines it runs, if an earlier run noted them for these files."""
        kept = json.loads(self.lines.read_text(encoding="utf-8")) if self.lines.exists() else {"files": {}}
        if any(kept["files"].get(file) != _digest(file) for file in files):
            return {}
        names = list(kept["files"])
        return {
            name: (took, {(names[place], line) for place, line in lines})
            for name, (took, lines) in kept["tests"].items()
        }

    def keep_lines(self, files: list[str], tests: dict[str, tuple[float, set[tuple[str, int]]]]) -> None:
        """Keep the time and the lines of each test for the next run."""
        rows = {
            name: (took, sorted((files.index(file), line) for file, line in lines if file in files))
            for name, (took, lines) in tests.items()
        }
        kept = {"files": {file: _digest(file) for file in files}, "tests": rows}
        self.lines.write_text(json.dumps(kept), encoding="utf-8")


class _Next:
    """Stands for the next test: what these nodes share is kept."""

    def __init__(self, chain: list[Any]) -> None:
        self.chain = chain

    def listchain(self) -> list[Any]:
        return self.chain


def shared_folders(path: str, test: str) -> int:
    """Return how many folders the path of a file of rules begins with that the path of a test has after `tests/`."""
    pairs = zip(Path(path).parts[:-1], Path(test.partition("::")[0]).parts[1:-1], strict=False)
    return sum(1 for _same in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _digest(file: str) -> str:
    return hashlib.sha256(Path(file).read_bytes()).hexdigest()


def _fails(item: Any, after: Any) -> bool:
    return any(report.failed for report in runtestprotocol(item, nextitem=after, log=False))
