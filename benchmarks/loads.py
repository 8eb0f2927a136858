"""The load client as the harness sees it: start it, teach it an operation, let it run for a moment, stop it by its own pid."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.asking.operation import Operation
from benchmarks.figures import Slice
from benchmarks.house import ROOT


class WrongAnswer(RuntimeError):
    """An operation answered with another status than it should: what was asked, and the answer's first words."""


class Loads:
    """A running client."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def learn(self, operation: Operation, port: int, host: str) -> None:
        """Teach it the requests of an operation. The last one of those that are sent once is kept back: its statements were counted."""
        requests = [ask.written(host) for ask in (operation.asks[:-1] if operation.once else operation.asks)]
        self._do(
            learn=operation.name,
            port=port,
            requests=requests,
            expects=operation.expects,
            once=operation.once,
        )

    def run(self, operation: Operation, connections: int, seconds: float, most: int) -> Slice:
        """Send its requests for so many seconds at most, so many at once. Raises WrongAnswer with the first wrong one."""
        told = self._do(run=operation.name, connections=connections, seconds=seconds, most=most)
        if told["wrong"]:
            raise WrongAnswer(f"{operation.name}: {told['wrong'][0]}")
        return Slice(tuple(told["times"]), told["took"], told["statuses"])

    def _do(self, **job: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError("the load client has ended; its own words are above")
        return json.loads(answer)


@contextmanager
def loading() -> Iterator[Loads]:
    """A client for as long as the block lasts. It ends when its input does."""
    line = [sys.executable, "-m", "benchmarks.client"]
    with subprocess.Popen(
        line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Loads(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            _end(process)


def _end(process: "subprocess.Popen[str]") -> None:
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
