"""Whatever is done in whatever order, refused or not: nothing is promised twice, every counter is what its rows add up to, and no
piece is lost.
"""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procurement.allocations import actions
from procurement.orders.actions import ending
from procurement.orders.models.order import Order
from procurement.shipments.actions import arrivals, journey
from procurement.shipments.actions.dock.cases import drop_case, settle_case
from procurement.shipments.actions.lots import condition_lot, recall_lot, refuse_lot, release_lot
from procurement.shipments.models.arrival import Lot, Receipt
from procurement.shipments.models.cases import DifferenceCase
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from procurement.shipments.rules.counters import miscounted
from procurement.shipments.rules.receipts import Count
from tests.procurement.shipments.play import DOOR, Voyage
from workflow.errors import Refused

type Step = Callable[[Voyage, Order, int], object]


def shipment(order: Order, number: int) -> Shipment | None:
    """One of the shipments so far, by chance."""
    found = list(Shipment.objects.filter(lines__order_line__order=order).distinct().order_by("pk"))
    return found[number % len(found)] if found else None


def lot(number: int) -> Lot | None:
    found = list(Lot.objects.order_by("pk"))
    return found[number % len(found)] if found else None


def on_shipment(act: Callable[[Voyage, Shipment, int], object]) -> Step:
    def step(story: Voyage, order: Order, number: int) -> object:
        chosen = shipment(order, number)
        return act(story, chosen, number) if chosen else None

    return step


def on_lot(act: Callable[[Voyage, Lot, int], object]) -> Step:
    def step(story: Voyage, _order: Order, number: int) -> object:
        chosen = lot(number)
        return act(story, chosen, number) if chosen else None

    return step


def clear_and(
    side: str, due: str, move: Callable[..., object], **facts: Any
) -> Callable[[Voyage, Shipment, int], object]:
    def act(story: Voyage, chosen: Shipment, _number: int) -> object:
        story.hand_in_all(chosen, due)
        if story.lane(chosen, side).status == "open":
            story.clear(chosen, side)
        given = {name: value(story) for name, value in facts.items()}
        return move(chosen, by=story.logistics.by, at=DOOR, **given)

    return act


def count(story: Voyage, chosen: Shipment, number: int) -> object:
    line = chosen.lines.get()
    failed, extra = min(line.uncounted, number % 3 * 100), number % 4 * 7
    return story.receive(
        chosen,
        Count(
            line=line,
            accepted=line.uncounted - failed,
            rejected=failed,
            surplus=extra,
            lot_number=f"L-{number % 2}",
            reason="As the packing list does not say." if failed or extra else "",
        ),
    )


def on_case(act: Callable[[Voyage, DifferenceCase, int], object]) -> Step:
    def step(story: Voyage, _order: Order, number: int) -> object:
        found = list(DifferenceCase.objects.order_by("pk"))
        return act(story, found[number % len(found)], number) if found else None

    return step


def settle(story: Voyage, case: DifferenceCase, number: int) -> object:
    outcome = ("accepted", "credited", "replaced")[number % 3]
    facts: dict[str, Any] = {"amount": Decimal(5), "currency": "USD"} if outcome == "credited" else {}
    lot = ("", f"S-{number}")[number % 2]
    by, at = story.officer.by, DOOR
    return settle_case(case, outcome=outcome, lot_number=lot, by=by, at=at, **facts)


def astray() -> list[str]:
    """The lines of which a piece is nowhere, or in two places: each that came is in a lot, rejected, or in a case that is open."""
    found = []
    for line in ShipmentLine.objects.order_by("pk"):
        lots = sum(one.quantity for one in line.lots.all())
        waiting = sum(one.pieces for one in line.cases.unsettled().filter(kind="surplus"))
        here = lots + line.rejected + line.missing + waiting + line.uncounted
        if here != line.quantity + line.surplus:
            found.append(f"{line}: {here} of {line.quantity} shipped and {line.surplus} too many")
    return found


def take_back(story: Voyage, _order: Order, number: int) -> object:
    found = list(Receipt.objects.order_by("pk"))
    if not found:
        return None
    return arrivals.take_back(found[number % len(found)], reason="A slip.", by=story.logistics.by, at=DOOR)


def by_logistics(move: Callable[..., object], **facts: Any) -> Callable[[Voyage, Any, int], object]:
    return lambda story, thing, _number: move(thing, by=story.logistics.by, at=DOOR, **facts)


def onward(story: Voyage, chosen: Shipment, number: int) -> object:
    """The next step of the journey, so that chance gets somewhere."""
    steps: dict[str, Callable[[Voyage, Shipment, int], object]] = {
        "planned": lambda story, chosen, _number: story.packed(chosen),
        "packed": depart,
        "departed": by_logistics(journey.arrive),
        "arrived": deliver,
        "delivered": count,
    }
    return steps[chosen.status](story, chosen, number) if chosen.status in steps else None


depart = clear_and("export", "depart", journey.depart)
deliver = clear_and("import", "deliver", journey.deliver, received_by=lambda story: story.logistics.user)
STEPS: tuple[Step, ...] = (
    *(6 * (on_shipment(onward),)),
    lambda story, order, number: story.plan(order, part=1_000 * (1 + number % 4)),
    take_back,
    on_shipment(by_logistics(journey.cancel, reason="Another flight.")),
    on_shipment(by_logistics(journey.lose, reason="Overboard.")),
    on_shipment(by_logistics(journey.close)),
    on_lot(
        lambda story, chosen, number: story.pass_lot(chosen, ("passed", "conditional", "failed")[number % 3])
    ),
    on_lot(by_logistics(release_lot)),
    on_lot(by_logistics(condition_lot, condition="Not for surgery.")),
    on_lot(by_logistics(refuse_lot, reason="They tear.")),
    on_lot(by_logistics(recall_lot, reason="They tear.")),
    on_case(settle),
    on_case(lambda story, case, _number: drop_case(case, reason="No.", by=story.officer.by, at=DOOR)),
    lambda story, order, number: ending.shorten(
        order, order.lines.get(), 500 * (1 + number % 3), reason="Fewer.", by=story.officer.by, at=DOOR
    ),
    lambda story, order, _number: ending.lose(order, reason="Gone.", by=story.officer.by, at=DOOR),
)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 11)), min_size=10, max_size=30)
)
def test_in_whatever_order_things_happen_the_counters_hold_and_no_piece_is_lost(
    story: Voyage, steps: list[tuple[int, int]]
) -> None:
    with transaction.atomic():
        played = Voyage()
        order = played.ready()
        for which, number in steps:
            with suppress(Refused), transaction.atomic():
                STEPS[which](played, order, number)
            assert miscounted() == []
            assert astray() == []
            assert actions.miscounted() == []
        transaction.set_rollback(True)
