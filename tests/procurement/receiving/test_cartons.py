"""Tests of counting cartons at the dock: each once, undone, and summed up in one goods receipt or several.

Reversing a receipt frees its cartons.
"""

from datetime import date

import pytest

from procurement.receiving.actions.cartons import finish_receiving, record_carton, undo_carton
from procurement.receiving.actions.receipts import reverse_receipt
from procurement.receiving.models import CartonReceipt, Discrepancy, GoodsReceipt
from procurement.shipments.models import Carton, Shipment
from tests.procurement.refusals import assert_refused
from tests.worlds.shipments import DELIVERED_AT, Journey
from workflow.errors import Refused

LOT = {"pieces": 1_000, "lot_number": "L-2020-04"}


def count_carton(
    story: Journey, shipment: Shipment, number: int, state: str = "intact", **facts: object
) -> CartonReceipt:
    given = {} if state == "missing" else {**LOT, **facts}
    return record_carton(
        shipment,
        shipment.cartons.get(number=number),
        state=state,
        seen_by=story.logistics.user,
        by=story.logistics.by,
        at=DELIVERED_AT,
        **given,
    )


def end_receiving(story: Journey, shipment: Shipment, reason: str = "", **facts: object) -> GoodsReceipt:
    reasons = dict.fromkeys(shipment.lines.values_list("pk", flat=True), reason)
    return finish_receiving(
        shipment,
        received_by=story.logistics.user,
        by=story.logistics.by,
        at=DELIVERED_AT,
        reasons=reasons,
        **facts,
    )


def line_counts(shipment: Shipment) -> tuple[int, int, int, int, int]:
    line = shipment.lines.get()
    return line.accepted, line.rejected, line.missing, line.surplus, line.uncounted_pieces


def test_scanned_cartons_become_a_goods_receipt_when_receiving_is_finished(story: Journey) -> None:
    shipment = story.delivered()
    for number in range(1, 8):
        count_carton(story, shipment, number, expires_on=date(2022, 4, 1))
    count_carton(story, shipment, 8, "damaged", unusable=400, remark="wet")
    count_carton(story, shipment, 9, "missing")
    assert line_counts(shipment) == (0, 0, 0, 0, 10_000)
    receipt = end_receiving(story, shipment, "One wet, two not there.", remark="Rain.")
    assert line_counts(shipment) == (7_600, 400, 2_000, 0, 0)
    assert (receipt.cartons, receipt.remark) == (8, "Rain.")
    assert receipt.carton_receipts.count() == 9
    lots = shipment.lots.order_by("pk").values_list("number", "quantity", "expires_on")
    assert list(lots) == [("L-2020-04", 7_600, date(2022, 4, 1))]
    assert not CartonReceipt.objects.not_in_receipt().exists()


def test_delivery_received_in_two_runs_has_two_goods_receipts(story: Journey) -> None:
    shipment = story.delivered()
    for number in (1, 2, 3):
        count_carton(story, shipment, number)
    first = end_receiving(story, shipment, more_to_come=True)
    assert line_counts(shipment) == (3_000, 0, 0, 0, 7_000)
    for number in range(4, 11):
        count_carton(story, shipment, number)
    second = end_receiving(story, shipment)
    assert line_counts(shipment) == (10_000, 0, 0, 0, 0)
    assert [one.carton_receipts.count() for one in (first, second)] == [3, 7]
    assert not Discrepancy.objects.exists()
    with assert_refused("nothing_counted", shipment):
        end_receiving(story, shipment)


def test_partial_receipt_without_cartons_is_refused(story: Journey) -> None:
    shipment = story.delivered()
    with assert_refused("nothing_counted", shipment):
        end_receiving(story, shipment, more_to_come=True)


def test_receipt_with_missing_cartons_and_no_reason_is_refused(story: Journey) -> None:
    shipment = story.delivered()
    count_carton(story, shipment, 1)
    with assert_refused("reason_missing", shipment):
        end_receiving(story, shipment)
    assert CartonReceipt.objects.not_in_receipt().count() == 1


def test_carton_counted_twice_is_refused_and_its_first_count_named(story: Journey) -> None:
    shipment = story.delivered()
    first = count_carton(story, shipment, 1)
    for state, same in (("intact", True), ("missing", False)):
        with assert_refused("carton_seen", shipment, first) as caught:
            count_carton(story, shipment, 1, state)
        assert caught.value.details["same"] is same
        assert "units: 1,000" in str(caught.value)
    assert CartonReceipt.objects.count() == 1


def test_carton_of_another_shipment_is_refused(story: Journey) -> None:
    order = story.ready()
    first, second = story.delivered(story.plan(order, part=5_000)), story.delivered(story.plan(order))
    with assert_refused("another_shipment", first) as caught:
        record_carton(
            first,
            second.cartons.first(),
            state="missing",
            seen_by=story.logistics.user,
            by=story.logistics.by,
            at=DELIVERED_AT,
        )
    assert first.reference in str(caught.value)


def test_usable_carton_without_a_lot_number_is_refused(story: Journey) -> None:
    shipment = story.delivered()
    with assert_refused("lot_missing", shipment):
        count_carton(story, shipment, 1, lot_number="")


@pytest.mark.parametrize("role", ["approver", "verifier", "observer", "stranger", "broker"])
def test_role_without_receiving_permission_cannot_count_cartons(story: Journey, role: str) -> None:
    shipment, person = story.delivered(), getattr(story, role)
    box = shipment.cartons.get(number=1)
    with assert_refused("not_allowed", shipment):
        record_carton(shipment, box, state="missing", seen_by=person.user, by=person.by, at=DELIVERED_AT)
    with assert_refused("not_allowed", shipment):
        undo_carton(shipment, box, undone_by=person.user, by=person.by, at=DELIVERED_AT)
    count_carton(story, shipment, 1)
    with pytest.raises(Refused, match="You cannot do this"):
        finish_receiving(
            shipment, received_by=person.user, by=person.by, at=DELIVERED_AT, reasons={}, more_to_come=True
        )


def test_cartons_can_be_counted_only_after_delivery(story: Journey) -> None:
    shipment = story.arrived()
    with assert_refused("wrong_status", shipment):
        count_carton(story, shipment, 1)


# --- undone -----------------------------------------------------------------------------------------------------
def undo_carton_count(story: Journey, shipment: Shipment, number: int) -> Carton:
    box = shipment.cartons.get(number=number)
    return undo_carton(shipment, box, undone_by=story.logistics.user, by=story.logistics.by, at=DELIVERED_AT)


def test_carton_count_is_undone_and_repeated(story: Journey) -> None:
    shipment = story.delivered()
    wrong = count_carton(story, shipment, 1, "missing")
    undo_carton_count(story, shipment, 1)
    wrong.refresh_from_db()
    assert (wrong.undone_at, wrong.undone_by) == (DELIVERED_AT, story.logistics.user)
    with assert_refused("carton_not_seen", shipment):
        undo_carton_count(story, shipment, 1)
    assert count_carton(story, shipment, 1).state == "intact"


def test_reversed_receipt_frees_its_cartons_for_counting(story: Journey) -> None:
    shipment = story.delivered()
    count_carton(story, shipment, 1)
    receipt = end_receiving(story, shipment, "Nine are not there.")
    with assert_refused("carton_counted", shipment, receipt):
        undo_carton_count(story, shipment, 1)
    reverse_receipt(receipt, reason="They stood outside.", by=story.logistics.by, at=DELIVERED_AT)
    assert CartonReceipt.objects.not_in_receipt().count() == 1
    assert line_counts(shipment) == (0, 0, 0, 0, 10_000)
    undo_carton_count(story, shipment, 1)
    assert not CartonReceipt.objects.not_undone().exists()
