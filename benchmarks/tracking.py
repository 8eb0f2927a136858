"""`python -m benchmarks.tracking`: a million tracking events taken in through the action that a file and the API call.

On a scratch installation filled with whole stories (benchmarks/fill), so that each shipment has an offer whose findings are judged.
Each shipment gets a journey in IATA's codes; some events are sent twice, and their order is shuffled over windows of many batches. In
the end every event is there once, was counted as often as it was sent, and every hand-over is the first one that was told.
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

from benchmarks.house import scratch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from procurement.shipments.actions.tracking.batches import Heard
    from procurement.shipments.models.shipment import Shipment

BATCH = 1_000  # events in one call, as many as a body of the API may hold
WINDOW = 20  # batches over which the order is shuffled
AGAIN = 0.1  # of all events are sent a second time
BEGINS, ENDS = ("BKD", "FOH", "RCS", "MAN", "DEP"), ("ARR", "RCF", "NFD", "CCD", "AWD", "DLV")
BETWEEN = ("ARR", "TFD", "MAN", "DEP")  # a stop on the way
STOPS = ("HKHKG", "KRINC", "JPTYO", "USLAX")


@dataclass(frozen=True)
class Taken:
    """What was sent and what came of it."""

    sent: int
    batches: int
    seconds: float
    fresh: int
    repeated: int

    def __str__(self) -> str:
        """As a sentence for docs/figures.md."""
        return (
            f"{self.sent:,} events in {self.batches:,} batches taken in in {self.seconds:.0f} s, {self.sent / self.seconds:,.0f} "
            f"a second: {self.fresh:,} kept, {self.repeated:,} heard before and only counted"
        )


def main() -> int:
    """Read the options, fill, take in, compare, print."""
    asked = arguments().parse_args()
    with tempfile.TemporaryDirectory(prefix="twinlane-bench-") as folder, scratch(Path(folder), asked.port):
        import django  # noqa: PLC0415 - the settings are known only now

        django.setup()
        from benchmarks.running import prepare  # noqa: PLC0415
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
    """How many events, of how many shipments."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tracking", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument(
        "--shipments", type=int, default=30_000, help="stories; seven of ten have one that is not cancelled"
    )
    parser.add_argument("--port", type=int, default=8120)
    return parser


def open_ones() -> "list[Shipment]":
    """The shipments of which something may be heard."""
    from procurement.shipments.models.shipment import Shipment  # noqa: PLC0415

    rows = Shipment.objects.exclude(status=Shipment.Status.CANCELLED)
    return list(rows.only("pk", "origin", "destination").order_by("pk"))


def drawn(shipments: "Sequence[Shipment]", number: int, at: datetime) -> "Iterator[Heard]":
    """So many events: journeys of equal length, one in ten sent twice, shuffled over windows. The same for the same numbers."""
    chance = random.Random(17)
    each = max(1, round(number * (1 - AGAIN) / len(shipments)))
    for window in batched(_told(shipments, each, number, at, chance), BATCH * WINDOW):
        shuffled = list(window)
        chance.shuffle(shuffled)
        yield from shuffled


def _told(
    shipments: "Sequence[Shipment]", each: int, number: int, at: datetime, chance: random.Random
) -> "Iterator[Heard]":
    """Journey after journey, in the order in which things happened."""
    left = number
    before: list[Heard] = []
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


def _journey(shipment: "Shipment", each: int, at: datetime, chance: random.Random) -> "Iterator[Heard]":
    """So many events of one shipment, an hour and some minutes apart."""
    from procurement.shipments.actions.tracking.batches import Heard  # noqa: PLC0415

    begun = at - timedelta(days=90, minutes=chance.randrange(10_000))
    stops = max(0, each - len(BEGINS) - len(ENDS))
    codes = [*BEGINS, *(BETWEEN[place % len(BETWEEN)] for place in range(stops)), *ENDS][:each]
    for place, code in enumerate(codes):
        here = place < len(BEGINS)
        there = place >= len(codes) - len(ENDS)
        yield Heard(
            shipment=shipment,
            code=code,
            code_system="iata",
            source="DEMO Air",
            external_id=f"{shipment.pk}-{place}",
            occurred_at=begun + timedelta(minutes=80 * place),
            place=shipment.origin if here else shipment.destination if there else STOPS[place % len(STOPS)],
            pieces=100 if code in ("RCS", "RCF") else None,
        )


def take_in(sent: "Iterable[Heard]", at: datetime) -> Taken:
    """Send them batch by batch, as a program does."""
    from accounts.actors import CONSOLE  # noqa: PLC0415
    from procurement.shipments.actions.tracking.batches import hear_many  # noqa: PLC0415

    fresh = repeated = count = batches = 0
    began = time.monotonic()
    for batch in batched(sent, BATCH):
        made = hear_many(batch, by=CONSOLE, at=at)
        batches, count = batches + 1, count + made.events
        fresh, repeated = fresh + made.fresh, repeated + made.repeated
        if batches % 100 == 0:
            print(f"{count:,} after {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return Taken(count, batches, time.monotonic() - began, fresh, repeated)


def compare(sent: "Sequence[Heard]") -> int:
    """Whether what is kept is what was sent, each once. Returns of how many shipments; fails where anything differs."""
    from procurement.shipments.models.tracking import Milestone, TrackingEvent  # noqa: PLC0415

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
