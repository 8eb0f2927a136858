"""`python -m benchmarks.board`: time every view of one city's board with ten thousand open shipments.

Whole pages are requested in this process. The first answer of each view warms the caches and is not
counted.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from benchmarks.scratch_instance import scratch

DEMANDED = 300  # milliseconds at the 95th percentile
QUERIES = (
    "",
    "?view=under_way",
    "?view=soon",
    "?view=held",
    "?view=papers",
    "?view=risk",
    "?view=under_way&order=-risk",
    "?view=under_way&warning=late_for_need",
    "?view=under_way&mode=sea&q=EX1",
)
HEAD = "| the board | ms, median | ms, 95 % | KB |\n| --- | --: | --: | --: |"


def main() -> int:
    """Fill the database, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.board", description=__doc__)
    parser.add_argument("--shipments", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=40)
    parser.add_argument("--port", type=int, default=8124)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="twinlane-bench-") as folder, scratch(Path(folder), asked.port):
        import django  # noqa: PLC0415 - the settings are known only now

        django.setup()
        from benchmarks.runner import prepare  # noqa: PLC0415
        from benchmarks.screening import fill  # noqa: PLC0415

        prepare()
        at = fill(asked.shipments, 0, asked.shipments)
        print(
            f"{open_all(at):,} open shipments, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n\n{HEAD}"
        )
        for line in measure(asked.times):
            print(line, flush=True)
    return 0


def open_all(at: datetime) -> int:
    """Assign every shipment to one city and set it under way, without the actions. Return the number.

    Only the facts that the board shows matter here.
    """
    from accounts.models import User  # noqa: PLC0415
    from procurement.logistics.rules.alerts import SEVERITIES  # noqa: PLC0415
    from procurement.shipments.models import Shipment  # noqa: PLC0415

    chance = random.Random(3)
    city = User.objects.filter(memberships__role="officer").order_by("pk")[0].memberships.get().city
    rows = list(Shipment.objects.order_by("pk"))
    for row in rows:
        row.city, row.status = city, chance.choice(("planned", "packed", "in_transit", "arrived"))
        row.mode = chance.choice(("air", "air", "sea"))
        row.departed_at = row.arrived_at = at
        row.expected_on = (
            at.date() + timedelta(days=chance.randrange(-5, 60)) if chance.random() < 0.9 else None
        )
        row.held, row.documents_missing = chance.random() < 0.1, chance.choice((0, 0, 0, 2))
        row.alerts = [code for code in SEVERITIES if chance.random() < 0.06]
        row.risk = sum(SEVERITIES[code] for code in row.alerts)
    names = (
        "city",
        "status",
        "mode",
        "departed_at",
        "arrived_at",
        "expected_on",
        "held",
        "documents_missing",
        "alerts",
        "risk",
    )
    Shipment.objects.bulk_update(rows, names, batch_size=1_000)
    return len(rows)


def measure(times: int) -> list[str]:
    """Request each view `times` times as an officer of the city, and return a table row for each."""
    from django.test import Client  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    from procurement.shipments.models import Shipment  # noqa: PLC0415

    city = Shipment.objects.order_by("pk")[0].city
    reader = Client()
    reader.force_login(city.memberships.get().user)
    lines = []
    for query in QUERIES:
        took, size = [], 0
        for turn in range(times + 1):
            began = time.perf_counter()
            answer = reader.get(reverse("shipments") + query)
            if turn:
                took.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, answer.status_code
            size = len(answer.content)
        worst = sorted(took)[int(len(took) * 0.95)]
        lines.append(f"| {query or 'all'} | {median(took):.1f} | {worst:.1f} | {size / 1024:.0f} |")
    return lines


if __name__ == "__main__":
    sys.exit(main())
