"""Count of the SQL statements of each operation, in a process with the server's settings.

The process reads a list of requests from standard input and prints the number of statements of each. A
request is sent twice and the second is counted, so that one-time initialization is not. A request that may
be sent only once is counted the first time.
"""

import json
import subprocess
import sys
from collections.abc import Iterable

from benchmarks.operations.operation import BASELINE, Operation, PreparedRequest
from benchmarks.scratch_instance import ROOT, Installation

BASELINE_SETTINGS_MODULE = "benchmarks.baseline.settings"


def statement_counts(installation: Installation, operations: Iterable[Operation]) -> dict[str, int]:
    """Return the number of statements of each operation's last request, by the operation's name."""
    known = list(operations)
    found: dict[str, int] = {}
    for settings, at_baseline in (
        (installation.environ["DJANGO_SETTINGS_MODULE"], False),
        (BASELINE_SETTINGS_MODULE, True),
    ):
        here = [one for one in known if (one.interface == BASELINE) == at_baseline and one.requests]
        requests = [{**_as_job(one.requests[-1]), "once": one.is_each_request_sent_once} for one in here]
        line = [sys.executable, "-m", "benchmarks.sql_counts"]
        environ = installation.environ | {"DJANGO_SETTINGS_MODULE": settings}
        done = subprocess.run(
            line,
            cwd=ROOT,
            env=environ,
            input=json.dumps(requests),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        found |= dict(zip((one.name for one in here), json.loads(done.stdout), strict=True))
    return found


def _as_job(ask: PreparedRequest) -> dict[str, object]:
    return {
        "method": ask.method,
        "path": ask.path,
        "body": ask.body,
        "kind": ask.content_type,
        "headers": dict(ask.headers),
    }


def main() -> None:
    """Count the statements of the requests on standard input."""
    import django  # noqa: PLC0415 - the settings are known only now

    django.setup()
    from django.db import connection  # noqa: PLC0415 - needs settings
    from django.test import Client  # noqa: PLC0415 - needs settings
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 - needs settings

    counts = []
    for request in json.load(sys.stdin):
        for _turn in range(1 if request["once"] else 2):
            with CaptureQueriesContext(connection) as queries:
                answer = Client().generic(
                    request["method"],
                    request["path"],
                    request["body"],
                    request["kind"],
                    headers=request["headers"],
                )
            if answer.status_code >= 400:
                raise SystemExit(f"{request['path']}: {answer.status_code}")
        counts.append(len(queries))
    sys.stdout.write(json.dumps(counts))


if __name__ == "__main__":
    main()
