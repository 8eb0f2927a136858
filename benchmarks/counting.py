"""How many statements an operation takes, counted in a process of its own with the server's settings.

Reads a list of requests from its standard input and prints how many statements each took when its turn came a second time, so that
what a process learns once is not counted. What may be asked only once is counted the first time.
"""

import json
import subprocess
import sys
from collections.abc import Iterable

from benchmarks.asking.operation import FLOOR, Ask, Operation
from benchmarks.house import ROOT, House

FLOOR_SETTINGS = "benchmarks.floor.settings"


def counted(house: House, operations: Iterable[Operation]) -> dict[str, int]:
    """The statements of each operation's first request, by the operation's name."""
    known = list(operations)
    found: dict[str, int] = {}
    for settings, at_floor in ((house.environ["DJANGO_SETTINGS_MODULE"], False), (FLOOR_SETTINGS, True)):
        here = [one for one in known if (one.door == FLOOR) == at_floor and one.asks]
        requests = [{**_told(one.asks[-1]), "once": one.once} for one in here]
        line = [sys.executable, "-m", "benchmarks.counting"]
        environ = house.environ | {"DJANGO_SETTINGS_MODULE": settings}
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


def _told(ask: Ask) -> dict[str, object]:
    return {
        "method": ask.method,
        "path": ask.path,
        "body": ask.body,
        "kind": ask.kind,
        "headers": dict(ask.headers),
    }


def main() -> None:
    """Count what stands on the standard input."""
    import django  # noqa: PLC0415 - the settings are known only now

    django.setup()
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

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
