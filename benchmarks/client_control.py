"""Control of the load client (load_client.py): start it, give it operations, run them, and stop it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.measurements import TurnResults
from benchmarks.operations.operation import Operation
from benchmarks.scratch_instance import ROOT


class UnexpectedStatus(RuntimeError):
    """Error: an operation was answered with an unexpected status.

    The message holds the request and the start of the answer.
    """


class LoadClient:
    """A running load client."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def load_operation(self, operation: Operation, port: int, host: str) -> None:
        """Give the client the requests of an operation.

        If each request may be sent only once, the last one is left out, because it was sent when the
        statements were counted.
        """
        requests = [
            ask.as_http_text(host)
            for ask in (
                operation.requests[:-1] if operation.is_each_request_sent_once else operation.requests
            )
        ]
        self._do(
            learn=operation.name,
            port=port,
            requests=requests,
            expects=operation.expected_statuses,
            once=operation.is_each_request_sent_once,
        )

    def run(self, operation: Operation, connections: int, seconds: float, most: int) -> TurnResults:
        """Send the operation's requests for at most this many seconds, over this many connections.

        Raises UnexpectedStatus with the first wrong answer.
        """
        values = self._do(run=operation.name, connections=connections, seconds=seconds, most=most)
        if values["wrong"]:
            raise UnexpectedStatus(f"{operation.name}: {values['wrong'][0]}")
        return TurnResults(tuple(values["times"]), values["took"], values["statuses"])

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
def load_client() -> Iterator[LoadClient]:
    """Run a load client for the duration of the block. It ends when its input ends."""
    line = [sys.executable, "-m", "benchmarks.load_client"]
    with subprocess.Popen(
        line, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield LoadClient(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            _end(process)


def _end(process: "subprocess.Popen[str]") -> None:
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
