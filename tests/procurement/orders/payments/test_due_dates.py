"""Tests of due dates of payments, their correction with a reason, and the payment schedule."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from procurement.orders.actions.approve import place_order
from procurement.orders.actions.quantities import QuantityDelta, apply_quantity_changes
from procurement.orders.models import Order
from procurement.orders.payments.actions import (
    backfill_due_dates,
    propose_payment,
    record_payment,
    set_due_date,
    set_payment_schedule,
)
from procurement.orders.payments.models import Payment
from procurement.orders.payments.rules.payments import PaymentShare
from tests.procurement.refusals import assert_refused
from tests.worlds.completed_orders import LATE
from tests.worlds.need_to_order import AT, Story
from workflow.journal.models import Entry


def due_dates(order: Order) -> dict[str, date | None]:
    return dict(order.payments.order_by("pk").values_list("milestone", "due_on"))


def test_each_payment_falls_due_on_the_day_of_its_milestone(story: Story) -> None:
    order = story.approved()
    assert backfill_due_dates(AT) == 0
    assert set(due_dates(order).values()) == {None}
    place_order(order, by=story.officer.by, at=AT)
    assert due_dates(order) == {"deposit": AT.date(), "against_documents": None, "after_inspection": None}
    line = order.lines.get().pk
    for delta, milestone, days in (
        (QuantityDelta(shipped=10_000, departed=9_999), "", 1),
        (QuantityDelta(departed=1), "against_documents", 2),
        (QuantityDelta(released=9_000), "", 3),
        (QuantityDelta(failed=1_000), "after_inspection", 4),
    ):
        with transaction.atomic():
            apply_quantity_changes({line: delta})
        at = AT + timedelta(days=days)
        assert backfill_due_dates(at) == bool(milestone)
        assert backfill_due_dates(at) == 0, "once"
        if milestone:
            assert due_dates(order)[milestone] == at.date()
    assert Entry.objects.filter(verb="fall_due").count() == 3


def test_payment_due_date_follows_the_citys_time_zone(story: Story) -> None:
    order = story.approved()
    assert order.city.timezone == "America/Vancouver"
    evening = datetime(2020, 4, 18, 3, 0, tzinfo=UTC)  # eight in the evening of the day before
    place_order(order, by=story.officer.by, at=evening)
    assert due_dates(order)["deposit"] == date(2020, 4, 17)


def test_payment_dated_tomorrow_in_the_citys_time_zone_is_refused(story: Story) -> None:
    deposit = story.placed(bank_account=story.account()).payments.get(milestone="deposit")
    propose_payment(deposit, by=story.officer.by, at=LATE)
    evening = datetime(2020, 4, 25, 3, 0, tzinfo=UTC)
    with assert_refused("day_to_come", deposit):
        record_payment(deposit, paid_on=date(2020, 4, 25), transfer="TT-1", by=story.approver.by, at=evening)
    record_payment(deposit, paid_on=date(2020, 4, 24), transfer="TT-1", by=story.approver.by, at=evening)


def test_manual_due_date_needs_a_reason_and_is_not_overwritten(story: Story) -> None:
    order = story.placed()
    papers = order.payments.get(milestone="against_documents")
    agreed = date(2020, 6, 1)
    with assert_refused("reason_missing", papers):
        set_due_date(papers, due_on=agreed, reason=" ", by=story.officer.by, at=AT)
    set_due_date(papers, due_on=agreed, reason=" 30 days net. ", by=story.officer.by, at=AT)
    assert (papers.due_on, papers.due_reason) == (agreed, "30 days net.")
    with transaction.atomic():
        apply_quantity_changes({order.lines.get().pk: QuantityDelta(shipped=10_000, departed=10_000)})
    backfill_due_dates(LATE)
    assert due_dates(order)["against_documents"] == agreed


def test_due_payments_exclude_undue_and_paid_ones(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    assert [one.milestone for one in Payment.objects.due()] == ["deposit"]
    deposit = propose_payment(order.payments.get(milestone="deposit"), by=story.officer.by, at=LATE)
    assert list(Payment.objects.due()) == [deposit]
    record_payment(deposit, paid_on=LATE.date(), transfer="TT-1", by=story.approver.by, at=LATE)
    assert not Payment.objects.due().exists()


def payment_shares(order: Order) -> list[tuple[str, int, int]]:
    rows = order.payments.unpaid().order_by("pk").values_list("milestone", "percent", "amount")
    return [(milestone, percent, int(amount)) for milestone, percent, amount in rows]


def test_payment_schedule_of_a_draft_order_can_be_changed_and_restored(story: Story) -> None:
    order = story.draft()
    officer = {"by": story.officer.by, "at": AT}
    set_payment_schedule(
        order, [PaymentShare("deposit", 10), PaymentShare("after_inspection", 90)], **officer
    )
    assert payment_shares(order) == [("deposit", 10, 500), ("after_inspection", 90, 4500)]
    set_payment_schedule(order, [PaymentShare("against_documents", 100)], **officer)
    assert payment_shares(order) == [("against_documents", 100, 5000)]
    assert sum(one.amount for one in order.payments.unpaid()) == order.total


def test_deposit_above_the_usual_share_requires_a_reason(story: Story) -> None:
    order = story.draft()
    wanted = [PaymentShare("deposit", 31), PaymentShare("after_inspection", 69)]
    with assert_refused("deposit_too_high", order) as caught:
        set_payment_schedule(order, wanted, deposit_reason=" ", by=story.officer.by, at=AT)
    assert caught.value.details["field"] == "deposit_reason"
    set_payment_schedule(order, wanted, deposit_reason="Made to measure.", by=story.officer.by, at=AT)
    order.refresh_from_db()
    assert order.deposit_reason == "Made to measure."
    assert payment_shares(order)[0] == ("deposit", 31, 1550)


@pytest.mark.parametrize("reach", ["approved", "placed"])
def test_payment_schedule_of_an_approved_order_cannot_be_changed(story: Story, reach: str) -> None:
    order = getattr(story, reach)()
    with assert_refused("wrong_status", order):
        set_payment_schedule(
            order,
            [PaymentShare("deposit", 1), PaymentShare("against_documents", 99)],
            by=story.officer.by,
            at=AT,
        )
