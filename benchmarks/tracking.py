"""`python -m benchmarks.tracking`: take in a million tracking events by the action of file and API.

It runs on a scratch installation filled with whole stories (benchmarks/fill), so that each shipment
has an offer with findings. Each shipment gets a journey in IATA's codes. Some events are sent
twice, and their order is shuffled over windows of many batches. At the end every event must be
stored once and counted as often as it was sent, and every hand-over must be the earliest one
reported.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.scratch_instance import scratch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from procurement.shipments.models import Shipment
    from procurement.tracking.actions.events import TrackingUpdate

BATCH = 1_000  # events in one call, the most that one API request may hold
WINDOW = 20  # batches over which the order is shuffled
AGAIN = 0.1  # share of events that are sent twice
BEGINS, ENDS = ("BKD", "FOH", "RCS", "MAN", "DEP"), ("ARR", "RCF", "NFD", "CCD", "AWD", "DLV")
BETWEEN = ("ARR", "TFD", "MAN", "DEP")  # a stop on the way
STOPS = ("HKHKG", "KRINC", "JPTYO", "USLAX")


@dataclass(frozen=True)
class Taken:
    """Number of events sent, and their results."""

    sent: int
    batches: int
    seconds: float
    fresh: int
    repeated: int

    def __str__(self) -> str:
        """Return a sentence for docs/benchmarks.md."""
        return (
            f"{self.sent:,} events in {self.batches:,} batches taken in in {self.seconds:.0f} s, {self.sent / self.seconds:,.0f} "
            f"a second: {self.fresh:,} kept, {self.repeated:,} heard before and only counted"
        )


def main() -> int:
    """Read the options, fill the database, take in the events, compare and print."""
    asked = arguments().parse_args()
    with tempfile.TemporaryDirectory(prefix="twinlane-bench-") as folder, scratch(Path(folder), asked.port):
        import django  # noqa: PLC0415 - the settings are known only now

        django.setup()
        from benchmarks.runner import prepare  # noqa: PLC0415
        from benchmarks.screening import fill  # noqa: PLC0415

        prepare()
        began = time.monotonic()
        at = fill(asked.shipments, 0, asked.shipments)
        print(f"filled in {time.monotonic() - began:.0f} s", file=sys.stderr)
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        shipments = open_ones()
        sent = list(drawn(shipments, asked.events, at))
        print(take_in(sent, at), flush=True)
        print(f"{compare(sent):,} shipments, each event once and every hand-over the first one told")
    return 0


def arguments() -> argparse.ArgumentParser:
    """Return the parser of the options: numbers of events and of shipments."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tracking", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument(
        "--shipments", type=int, default=30_000, help="stories; seven of ten have one that is not cancelled"
    )
    parser.add_argument("--port", type=int, default=8120)
    return parser


def open_ones() -> "list[Shipment]":
    """Return the shipments that may receive events."""
    from procurement.shipments.models import Shipment  # noqa: PLC0415

    rows = Shipment.objects.exclude(status=Shipment.Status.CANCELLED)
    return list(rows.only("pk", "origin", "destination").order_by("pk"))


def drawn(shipments: "Sequence[Shipment]", number: int, at: datetime) -> "Iterator[TrackingUpdate]":
    """Yield this many events: journeys of equal length, shuffled over windows.

    One event in ten is sent twice. The result is the same for the same numbers.
    """
    chance = random.Random(17)
    each = max(1, round(number * (1 - AGAIN) / len(shipments)))
    for window in batched(_told(shipments, each, number, at, chance), BATCH * WINDOW):
        shuffled = list(window)
        chance.shuffle(shuffled)
        yield from shuffled


def _told(
    shipments: "Sequence[Shipment]", each: int, number: int, at: datetime, chance: random.Random
) -> "Iterator[TrackingUpdate]":
    """Yield the events journey by journey, in the order in which they happened, with some repeats."""
    left = number
    before: list[TrackingUpdate] = []
    for shipment in shipments:
        for one in _journey(shipment, each, at, chance):
            if left == 0:
                return
            yield one
            left -= 1
            before.append(one)
            if left and chance.random() < AGAIN:
                yield chance.choice(before[-500:])
                left -= 1
        before = before[-500:]
    for _rest in range(left):
        yield chance.choice(before)


def _journey(
    shipment: "Shipment", each: int, at: datetime, chance: random.Random
) -> "Iterator[TrackingUpdate]":
    """Yield this many events of one shipment, 80 minutes apart."""
    from procurement.tracking.actions.events import TrackingUpdate  # noqa: PLC0415

    begun = at - timedelta(days=90, minutes=chance.randrange(10_000))
    stops = max(0, each - len(BEGINS) - len(ENDS))
    codes = [*BEGINS, *(BETWEEN[place % len(BETWEEN)] for place in range(stops)), *ENDS][:each]
    for place, code in enumerate(codes):
        here = place < len(BEGINS)
        there = place >= len(codes) - len(ENDS)
        yield TrackingUpdate(
            shipment=shipment,
            code=code,
            code_system="iata",
            source="DEMO Air",
            external_id=f"{shipment.pk}-{place}",
            occurred_at=begun + timedelta(minutes=80 * place),
            place=shipment.origin if here else shipment.destination if there else STOPS[place % len(STOPS)],
            pieces=100 if code in ("RCS", "RCF") else None,
        )


def take_in(sent: "Iterable[TrackingUpdate]", at: datetime) -> Taken:
    """Send the events batch by batch, as a client of the API does."""
    from accounts.actors import CONSOLE  # noqa: PLC0415
    from procurement.tracking.actions.events import record_event_batch  # noqa: PLC0415

    fresh = repeated = count = batches = 0
    began = time.monotonic()
    for batch in batched(sent, BATCH):
        made = record_event_batch(batch, by=CONSOLE, at=at)
        batches, count = batches + 1, count + made.events
        fresh, repeated = fresh + made.fresh, repeated + made.repeated
        if batches % 100 == 0:
            print(f"{count:,} after {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return Taken(count, batches, time.monotonic() - began, fresh, repeated)


def compare(sent: "Sequence[TrackingUpdate]") -> int:
    """Check that each sent event is stored once, and return the number of shipments.

    Raises AssertionError on any difference.
    """
    from procurement.shipments.models import Milestone  # noqa: PLC0415
    from procurement.tracking.models import TrackingEvent  # noqa: PLC0415

    times = Counter((one.shipment.pk, one.external_id) for one in sent)
    kept = TrackingEvent.objects.filter(source="DEMO Air")
    found = {(pk, number): many for pk, number, many in kept.values_list("shipment", "external_id", "times")}
    assert kept.count() == len(found) == len(times), "each event once"
    assert found == dict(times), "counted as often as it was sent"
    handed: dict[int, datetime] = {}
    for one in sent:
        if one.code == "RCS":
            pk = one.shipment.pk
            handed[pk] = min(one.occurred_at, handed.get(pk, one.occurred_at))
    steps = Milestone.objects.filter(step="picked_up", shipment__in=handed)
    assert dict(steps.values_list("shipment", "actual_at")) == handed, "the first hand-over of each"
    return len(handed)


if __name__ == "__main__":
    sys.exit(main())
