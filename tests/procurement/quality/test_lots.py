"""Tests of lots in quarantine: an uninspected lot is released only by a written override of a named person."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from procurement.catalogue.rules.inspections import sample_plan
from procurement.distribution.actions import recall_lot
from procurement.logistics.actions.journey import close_shipment
from procurement.quality.actions import (
    override_lot,
    record_inspection,
    reject_lot,
    release_conditionally,
    release_lot,
)
from procurement.quality.models import Lot
from procurement.quality.rules import LOT_MOVES, uninspected_goods_refusal
from procurement.receiving.actions.receipts import reverse_receipt
from procurement.receiving.rules.receipts import LotCount
from procurement.requests.models import RequestLine
from procurement.shipments.models import Shipment
from tests.procurement.refusals import assert_refused
from tests.worlds.shipments import DELIVERED_AT, Journey, passing_readings

NEXT_DAY = DELIVERED_AT + timedelta(days=1)


def need_line_figures(lot: Lot) -> tuple[int, int, int, int]:
    line = RequestLine.objects.get(allocations__order_line__shipment_lines__lots=lot)
    return line.allocated, line.shipped, line.arrived, line.released


def inspect(story: Journey, lot: Lot, **facts: object) -> None:
    looked: dict[str, object] = {"sampled": 200, "defects": 0, "verdict": "passed"}
    given = looked | {"readings": passing_readings(lot)} | facts
    record_inspection(lot, inspector=story.logistics.user, by=story.logistics.by, at=DELIVERED_AT, **given)  # type: ignore[arg-type]  # facts of a test


def test_uninspected_lot_cannot_be_released(story: Journey) -> None:
    lot = story.lot()
    for move in (
        lambda: release_lot(lot, by=story.logistics.by, at=DELIVERED_AT),
        lambda: release_conditionally(
            lot, condition="Only outdoors.", by=story.logistics.by, at=DELIVERED_AT
        ),
    ):
        with assert_refused("not_ready", lot) as caught:
            move()
        assert "not been inspected" in str(caught.value)


def test_released_lot_increases_the_coverage_of_the_need(story: Journey) -> None:
    lot = story.pass_lot(story.lot())
    release_lot(lot, by=story.logistics.by, at=NEXT_DAY)
    assert (lot.status, lot.released_at) == ("released", NEXT_DAY)
    assert (lot.line.released, lot.line.order_line.released) == (10_000, 10_000)
    assert need_line_figures(lot) == (10_000, 10_000, 10_000, 10_000)


def test_inspection_is_stored_with_its_sampling_plan(story: Journey) -> None:
    lot = story.lot()
    inspect(story, lot, defects=3, measured="Filtration 98.2 %")
    kept = lot.inspections.get()
    plan = sample_plan(10_000, "II", Decimal("2.5"))
    assert (kept.sampled, kept.defects, kept.acceptance_number) == (200, 3, plan.acceptance_number)
    assert (kept.verdict, kept.by, kept.measured) == ("passed", story.logistics.user, "Filtration 98.2 %")
    assert (str(kept), str(lot.line.shipment)) == (f"{lot.reference}: Passed", "SH-2020-0001")


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"sampled": 199}, "sample_too_small"),
        ({"defects": 11}, "too_many_defects"),
        ({"sampled": 199, "verdict": "conditional"}, "sample_too_small"),
        ({"sampled": 0, "verdict": "conditional"}, "sample_too_small"),
        ({"sampled": 0, "verdict": "failed"}, "sample_too_small"),
        ({"sampled": 10_001}, "sample_too_large"),
        ({"sampled": 10_001, "defects": 10_001, "verdict": "failed"}, "sample_too_large"),
        ({"sampled": 5, "defects": 6, "verdict": "failed"}, "bad_quantity"),
        ({"sampled": 5, "defects": -1, "verdict": "failed"}, "bad_quantity"),
        ({"verdict": "splendid"}, "verdict_unknown"),
        ({"level": "IX"}, "level_unknown"),
        ({"aql": Decimal("2.7")}, "aql_unknown"),
    ],
)
def test_invalid_inspection_is_refused(story: Journey, facts: dict[str, object], code: str) -> None:
    lot = story.lot()
    with assert_refused(code, lot):
        inspect(story, lot, **facts)
    assert not lot.inspections.exists()


def test_conditional_verdict_needs_the_full_sample(story: Journey) -> None:
    lot = story.lot()
    for sampled in (0, 1, 199):
        with assert_refused("sample_too_small", lot):
            inspect(story, lot, sampled=sampled, verdict="conditional")
        with assert_refused("not_ready", lot):
            release_conditionally(lot, condition="Only outdoors.", by=story.logistics.by, at=DELIVERED_AT)
    assert need_line_figures(lot)[3] == 0
    inspect(story, lot, sampled=200, defects=40, verdict="conditional")
    release_conditionally(lot, condition="Only outdoors.", by=story.logistics.by, at=DELIVERED_AT)
    assert need_line_figures(lot)[3] == 10_000


def test_lot_smaller_than_its_sample_is_inspected_completely(story: Journey) -> None:
    shipment = story.delivered()
    line = shipment.lines.get()
    story.receive(
        shipment,
        LotCount(line=line, accepted=3, lot_number="L-1"),
        LotCount(line=line, accepted=9_997, lot_number="L-2"),
    )
    lot = shipment.lots.get(number="L-1")
    for sampled, code in ((2, "sample_too_small"), (4, "sample_too_large")):
        with assert_refused(code, lot):
            inspect(story, lot, sampled=sampled, verdict="conditional")
    inspect(story, lot, sampled=3, verdict="conditional")
    assert lot.verdict == "conditional"


def test_lot_may_fail_on_a_small_sample(story: Journey) -> None:
    lot = story.lot()
    inspect(story, lot, sampled=5, defects=5, verdict="failed")
    with assert_refused("not_ready", lot) as caught:
        release_lot(lot, by=story.logistics.by, at=DELIVERED_AT)
    assert "Failed" in str(caught.value)


def test_last_verdict_of_a_lot_counts(story: Journey) -> None:
    lot = story.pass_lot(story.lot())
    inspect(story, lot, defects=20, verdict="failed")
    with assert_refused("not_ready", lot):
        release_lot(lot, by=story.logistics.by, at=DELIVERED_AT)


def test_approver_overrides_an_uninspected_lot_with_a_written_reason(story: Journey) -> None:
    lot = story.lot()
    with assert_refused("reason_missing", lot):
        override_lot(lot, reason=" ", by=story.approver.by, at=DELIVERED_AT)
    with assert_refused("not_allowed", lot):
        override_lot(lot, reason="We need them.", by=story.logistics.by, at=DELIVERED_AT)
    override_lot(
        lot, reason="The laboratory is closed; wards run dry.", by=story.approver.by, at=DELIVERED_AT
    )
    release_lot(lot, by=story.logistics.by, at=DELIVERED_AT)
    assert (lot.status, lot.override_by) == ("released", story.approver.user)


def test_later_failed_inspection_cancels_an_override(story: Journey) -> None:
    lot = story.lot()
    override_lot(lot, reason="The laboratory is closed.", by=story.approver.by, at=DELIVERED_AT)
    inspect(story, lot, defects=20, verdict="failed")
    assert (lot.override_by, lot.override_reason) == (None, "")
    with assert_refused("not_ready", lot):
        release_lot(lot, by=story.logistics.by, at=DELIVERED_AT)


def test_expired_lot_cannot_be_released(story: Journey) -> None:
    shipment = story.delivered()
    line = shipment.lines.get()
    story.receive(
        shipment,
        LotCount(
            line=line, accepted=10_000, lot_number="L-1", expires_on=DELIVERED_AT.date() - timedelta(days=1)
        ),
    )
    lot = story.pass_lot(shipment.lots.get())
    for move in (
        lambda: release_lot(lot, by=story.logistics.by, at=DELIVERED_AT),
        lambda: release_conditionally(lot, condition="For training.", by=story.logistics.by, at=DELIVERED_AT),
    ):
        with assert_refused("lot_expired", lot):
            move()


@pytest.mark.parametrize(
    ("hour", "open_to"),
    [
        ("2020-04-28T00:05-07:00", "release"),
        ("2020-04-28T18:00-07:00", "release"),  # already 29 April in UTC
        ("2020-04-28T23:59-07:00", "release"),
        ("2020-04-29T00:01-07:00", None),
    ],
)
def test_lot_can_be_released_on_its_last_day_in_the_citys_time_zone(
    story: Journey, hour: str, open_to: str | None
) -> None:
    at = datetime.fromisoformat(hour).astimezone(UTC)
    shipment = story.delivered()
    line = shipment.lines.get()
    story.receive(
        shipment, LotCount(line=line, accepted=10_000, lot_number="L-1", expires_on=date(2020, 4, 28))
    )
    lot = story.pass_lot(shipment.lots.get())
    listed = {move.verb: no for move, no in LOT_MOVES.available(story.logistics.by, lot, at)}
    if open_to is None:
        assert listed["release"].code == listed["condition"].code == "lot_expired"
        with assert_refused("lot_expired", lot):
            release_lot(lot, by=story.logistics.by, at=at)
        return
    assert listed["release"] is None
    assert release_lot(lot, by=story.logistics.by, at=at).status == Lot.Status.RELEASED


def test_lot_expiring_today_can_be_released(story: Journey) -> None:
    shipment = story.delivered()
    line = shipment.lines.get()
    story.receive(
        shipment, LotCount(line=line, accepted=10_000, lot_number="L-1", expires_on=DELIVERED_AT.date())
    )
    assert release_lot(
        story.pass_lot(shipment.lots.get()), by=story.logistics.by, at=DELIVERED_AT
    ).expires_on == date(2020, 4, 28)


# --- with conditions --------------------------------------------------------------------------------------------
def conditionally_released_lot(story: Journey) -> Lot:
    lot = story.pass_lot(story.lot(), "conditional")
    return release_conditionally(lot, condition="Not for surgery.", by=story.logistics.by, at=DELIVERED_AT)


def test_conditionally_released_lot_counts_as_released(story: Journey) -> None:
    lot = conditionally_released_lot(story)
    assert (lot.status, lot.condition) == ("released_conditionally", "Not for surgery.")
    assert need_line_figures(lot) == (10_000, 10_000, 10_000, 10_000)


def test_conditional_release_requires_a_condition(story: Journey) -> None:
    lot = story.pass_lot(story.lot(), "conditional")
    with assert_refused("reason_missing", lot):
        release_conditionally(lot, condition="", by=story.logistics.by, at=DELIVERED_AT)


def test_conditional_lot_is_fully_released_after_passing(story: Journey) -> None:
    lot = conditionally_released_lot(story)
    with assert_refused("not_ready", lot):
        release_lot(lot, by=story.logistics.by, at=DELIVERED_AT)
    story.pass_lot(lot)
    release_lot(lot, by=story.logistics.by, at=NEXT_DAY)
    assert (lot.status, lot.condition, lot.released_at) == ("released", "", DELIVERED_AT)
    assert need_line_figures(lot) == (10_000, 10_000, 10_000, 10_000)


# --- refused and recalled ---------------------------------------------------------------------------------------
def test_rejected_lot_reopens_the_need(story: Journey) -> None:
    lot = story.lot()
    with assert_refused("reason_missing", lot):
        reject_lot(lot, reason="", by=story.logistics.by, at=DELIVERED_AT)
    reject_lot(lot, reason="They tear.", by=story.logistics.by, at=DELIVERED_AT)
    assert lot.status == "rejected"
    assert lot.line.order_line.failed == 10_000
    assert need_line_figures(lot) == (0, 0, 0, 0)


def test_conditional_lot_can_be_rejected_before_the_shipment_closes(story: Journey) -> None:
    lot = conditionally_released_lot(story)
    reject_lot(lot, reason="They tear.", by=story.logistics.by, at=DELIVERED_AT)
    assert (lot.line.released, lot.line.order_line.released, lot.line.order_line.failed) == (0, 0, 10_000)
    assert need_line_figures(lot) == (0, 0, 0, 0)


def test_lot_in_use_after_closing_is_recalled_instead_of_rejected(story: Journey) -> None:
    lot = conditionally_released_lot(story)
    close_shipment(lot.shipment, by=story.logistics.by, at=DELIVERED_AT)
    lot.refresh_from_db()
    with assert_refused("not_ready", lot) as caught:
        reject_lot(lot, reason="They tear.", by=story.logistics.by, at=NEXT_DAY)
    assert "Recall" in str(caught.value)
    recall_lot(lot, reason="They tear.", by=story.logistics.by, at=NEXT_DAY)
    assert lot.status == "recalled"
    assert need_line_figures(lot) == (0, 0, 0, 0)
    order_line = lot.line.order_line
    order_line.refresh_from_db()
    assert (order_line.released, order_line.failed) == (0, 10_000)


def test_lot_with_no_goods_left_can_be_neither_released_nor_rejected(story: Journey) -> None:
    shipment = story.delivered()
    receipt = story.receive(shipment)
    reverse_receipt(receipt, reason="A slip.", by=story.logistics.by, at=DELIVERED_AT)
    lot = shipment.lots.get()
    with assert_refused("not_ready", lot):
        inspect(story, lot)
    with assert_refused("not_ready", lot):
        release_lot(lot, by=story.logistics.by, at=DELIVERED_AT)
    with assert_refused("not_ready", lot):
        reject_lot(lot, reason="Nothing there.", by=story.logistics.by, at=DELIVERED_AT)


def test_emptied_lot_does_not_keep_its_shipment_open(story: Journey) -> None:
    shipment = story.delivered()
    line = shipment.lines.get()
    receipt = story.receive(shipment, LotCount(line=line, accepted=10_000, lot_number="L-MISREAD"))
    reverse_receipt(receipt, reason="The number was misread.", by=story.logistics.by, at=DELIVERED_AT)
    story.receive(shipment)
    release_lot(story.pass_lot(shipment.lots.get(number="L-2020-04")), by=story.logistics.by, at=DELIVERED_AT)
    assert close_shipment(shipment, by=story.logistics.by, at=DELIVERED_AT).status == "closed"


def test_shipment_is_inspected_when_every_unit_is_counted_and_lot_decided(story: Journey) -> None:
    shipment = story.delivered()
    line = shipment.lines.get()
    uncounted = uninspected_goods_refusal(shipment)
    assert uncounted is not None
    assert uncounted.details["pieces"] == 10_000
    story.receive(
        shipment,
        LotCount(line=line, accepted=9_999, lot_number="L-1"),
        LotCount(line=line, accepted=1, lot_number="L-2"),
    )
    waiting = list(shipment.lots.order_by("pk"))
    while waiting:
        no = uninspected_goods_refusal(Shipment.objects.get(pk=shipment.pk))
        assert no is not None
        assert no.details["lots"] == [lot.reference for lot in waiting]
        reject_lot(waiting.pop(0), reason="They tear.", by=story.logistics.by, at=DELIVERED_AT)
    assert uninspected_goods_refusal(Shipment.objects.get(pk=shipment.pk)) is None


def test_inspected_milestone_is_set_with_the_last_lot_decision(story: Journey) -> None:
    shipment = story.delivered()
    line = shipment.lines.get()
    story.receive(
        shipment,
        LotCount(line=line, accepted=6_000, lot_number="L-1"),
        LotCount(line=line, accepted=4_000, lot_number="L-2"),
    )
    first, second = shipment.lots.order_by("number")
    step = shipment.milestones.get(step="inspected")
    release_lot(story.pass_lot(first), by=story.logistics.by, at=DELIVERED_AT)
    step.refresh_from_db()
    assert step.actual_at is None
    reject_lot(second, reason="They tear.", by=story.logistics.by, at=NEXT_DAY)
    step.refresh_from_db()
    assert step.actual_at == NEXT_DAY
    recall_lot(first, reason="They tear too.", by=story.logistics.by, at=NEXT_DAY + timedelta(days=1))
    step.refresh_from_db()
    assert step.actual_at == NEXT_DAY
