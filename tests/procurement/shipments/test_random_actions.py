"""Tests that random actions on shipments, refused or not, keep the figures correct.

Nothing is allocated twice, every counter equals the sum of its rows, and no piece is lost.
"""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procurement.allocations.actions import allocation_counter_mismatches
from procurement.distribution.actions import recall_lot
from procurement.logistics.actions.journey import (
    cancel_shipment,
    close_shipment,
    record_arrival,
    record_delivery,
    record_departure,
    write_off_shipment,
)
from procurement.logistics.queries.counter_mismatches import logistics_counter_mismatches
from procurement.orders.actions.close import reduce_quantity, write_off_order
from procurement.orders.models import Order
from procurement.quality.actions import reject_lot, release_conditionally, release_lot
from procurement.quality.models import Lot
from procurement.receiving.actions.discrepancies import discard_discrepancy, settle_discrepancy
from procurement.receiving.actions.receipts import reverse_receipt
from procurement.receiving.models import Discrepancy, GoodsReceipt
from procurement.receiving.rules.receipts import LotCount
from procurement.shipments.models import Shipment, ShipmentLine
from tests.worlds.shipments import DELIVERED_AT, Journey
from workflow.errors import Refused

type Step = Callable[[Journey, Order, int], object]


def shipment(order: Order, number: int) -> Shipment | None:
    """Return one of the order's shipments so far, chosen by the number."""
    found = list(Shipment.objects.filter(lines__order_line__order=order).distinct().order_by("pk"))
    return found[number % len(found)] if found else None


def lot(number: int) -> Lot | None:
    found = list(Lot.objects.order_by("pk"))
    return found[number % len(found)] if found else None


def step_on_shipment(act: Callable[[Journey, Shipment, int], object]) -> Step:
    def step(story: Journey, order: Order, number: int) -> object:
        chosen = shipment(order, number)
        return act(story, chosen, number) if chosen else None

    return step


def step_on_lot(act: Callable[[Journey, Lot, int], object]) -> Step:
    def step(story: Journey, _order: Order, number: int) -> object:
        chosen = lot(number)
        return act(story, chosen, number) if chosen else None

    return step


def clear_then(
    side: str, due: str, move: Callable[..., object], **facts: Any
) -> Callable[[Journey, Shipment, int], object]:
    def act(story: Journey, chosen: Shipment, _number: int) -> object:
        story.hand_in_all(chosen, due)
        if story.clearance(chosen, side).status == "open":
            story.clear(chosen, side)
        given = {name: value(story) for name, value in facts.items()}
        return move(chosen, by=story.logistics.by, at=DELIVERED_AT, **given)

    return act


def receive_randomly(story: Journey, chosen: Shipment, number: int) -> object:
    line = chosen.lines.get()
    failed, extra = min(line.uncounted_pieces, number % 3 * 100), number % 4 * 7
    return story.receive(
        chosen,
        LotCount(
            line=line,
            accepted=line.uncounted_pieces - failed,
            rejected=failed,
            surplus=extra,
            lot_number=f"L-{number % 2}",
            reason="As the packing list does not say." if failed or extra else "",
        ),
    )


def step_on_discrepancy(act: Callable[[Journey, Discrepancy, int], object]) -> Step:
    def step(story: Journey, _order: Order, number: int) -> object:
        found = list(Discrepancy.objects.order_by("pk"))
        return act(story, found[number % len(found)], number) if found else None

    return step


def settle_randomly(story: Journey, case: Discrepancy, number: int) -> object:
    outcome = ("accepted", "credited", "replaced")[number % 3]
    facts: dict[str, Any] = {"amount": Decimal(5), "currency": "USD"} if outcome == "credited" else {}
    lot = ("", f"S-{number}")[number % 2]
    by, at = story.officer.by, DELIVERED_AT
    return settle_discrepancy(case, outcome=outcome, lot_number=lot, by=by, at=at, **facts)


def lines_with_lost_pieces() -> list[str]:
    """Return the lines with a lost piece, or one in two places.

    Each piece that arrived is in a lot, rejected, or in an open discrepancy.
    """
    found = []
    for line in ShipmentLine.objects.order_by("pk"):
        lots = sum(one.quantity for one in line.lots.all())
        waiting = sum(one.pieces for one in line.discrepancies.unsettled().filter(kind="surplus"))
        here = lots + line.rejected + line.missing + waiting + line.uncounted_pieces
        if here != line.quantity + line.surplus:
            found.append(f"{line}: {here} of {line.quantity} shipped and {line.surplus} too many")
    return found


def reverse_random_receipt(story: Journey, _order: Order, number: int) -> object:
    found = list(GoodsReceipt.objects.order_by("pk"))
    if not found:
        return None
    return reverse_receipt(
        found[number % len(found)], reason="A slip.", by=story.logistics.by, at=DELIVERED_AT
    )


def by_logistics(move: Callable[..., object], **facts: Any) -> Callable[[Journey, Any, int], object]:
    return lambda story, thing, _number: move(thing, by=story.logistics.by, at=DELIVERED_AT, **facts)


def take_next_step(story: Journey, chosen: Shipment, number: int) -> object:
    """Take the next step of the journey, so that random play gets somewhere."""
    steps: dict[str, Callable[[Journey, Shipment, int], object]] = {
        "planned": lambda story, chosen, _number: story.packed(chosen),
        "packed": depart,
        "in_transit": by_logistics(record_arrival),
        "arrived": deliver,
        "delivered": receive_randomly,
    }
    return steps[chosen.status](story, chosen, number) if chosen.status in steps else None


depart = clear_then("export", "depart", record_departure)
deliver = clear_then("import", "deliver", record_delivery, received_by=lambda story: story.logistics.user)
STEPS: tuple[Step, ...] = (
    *(6 * (step_on_shipment(take_next_step),)),
    lambda story, order, number: story.plan(order, part=1_000 * (1 + number % 4)),
    reverse_random_receipt,
    step_on_shipment(by_logistics(cancel_shipment, reason="Another flight.")),
    step_on_shipment(by_logistics(write_off_shipment, reason="Overboard.")),
    step_on_shipment(by_logistics(close_shipment)),
    step_on_lot(
        lambda story, chosen, number: story.pass_lot(chosen, ("passed", "conditional", "failed")[number % 3])
    ),
    step_on_lot(by_logistics(release_lot)),
    step_on_lot(by_logistics(release_conditionally, condition="Not for surgery.")),
    step_on_lot(by_logistics(reject_lot, reason="They tear.")),
    step_on_lot(by_logistics(recall_lot, reason="They tear.")),
    step_on_discrepancy(settle_randomly),
    step_on_discrepancy(
        lambda story, case, _number: discard_discrepancy(
            case, reason="No.", by=story.officer.by, at=DELIVERED_AT
        )
    ),
    lambda story, order, number: reduce_quantity(
        order,
        order.lines.get(),
        500 * (1 + number % 3),
        reason="Fewer.",
        by=story.officer.by,
        at=DELIVERED_AT,
    ),
    lambda story, order, _number: write_off_order(
        order, reason="Gone.", by=story.officer.by, at=DELIVERED_AT
    ),
)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(st.integers(0, len(STEPS) - 1), st.integers(0, 11)), min_size=10, max_size=30)
)
def test_counters_stay_correct_after_random_actions(story: Journey, steps: list[tuple[int, int]]) -> None:
    with transaction.atomic():
        played = Journey()
        order = played.ready()
        for which, number in steps:
            with suppress(Refused), transaction.atomic():
                STEPS[which](played, order, number)
            assert logistics_counter_mismatches() == []
            assert lines_with_lost_pieces() == []
            assert allocation_counter_mismatches() == []
        transaction.set_rollback(True)
