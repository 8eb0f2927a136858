"""Tests of payments that are urged soon after another one (fraud case 8)."""

from datetime import timedelta

import pytest
from django.db import transaction

from procurement.leads.screening.finding_messages import finding_sentence
from procurement.orders.actions.approve import place_order
from procurement.orders.actions.quantities import QuantityDelta, apply_quantity_changes
from procurement.orders.actions.screening import screen_account_changes
from procurement.orders.models import Order
from procurement.orders.payments.actions import record_early_payment_request, record_payment
from procurement.suppliers.rules.bank_accounts import WAITING_PERIOD
from tests.procurement.orders.payments.account_steps import (
    DAY,
    call_back,
    deposit_of,
    findings_in_effect,
    propose_payment_of,
)
from tests.procurement.refusals import assert_refused
from tests.worlds.completed_orders import LATE
from tests.worlds.need_to_order import Story


def two_orders(story: Story) -> tuple[Order, Order]:
    """Return an order whose deposit is proposed, and one that was placed after that."""
    account = story.account()
    first = story.placed(bank_account=account)
    propose_payment_of(story, deposit_of(first))
    second = story.approved(bank_account=account)
    place_order(second, by=story.officer.by, at=LATE + timedelta(hours=20))
    return first, second


@pytest.mark.parametrize(("later", "hurried"), [(DAY, True), (3 * DAY, True), (4 * DAY, False)])
def test_second_deposit_proposed_within_three_days_of_another_blocks_payment(
    story: Story, later: timedelta, hurried: bool
) -> None:
    _first, second = two_orders(story)
    one = propose_payment_of(story, deposit_of(second), LATE + later)
    assert bool(findings_in_effect("payment_urgent")) is hurried
    if not hurried:
        return
    (finding,) = findings_in_effect("payment_urgent")
    assert "soon after another payment" in finding_sentence(finding.code, finding.figures)
    with assert_refused("not_ready", one):
        record_payment(
            one,
            paid_on=(LATE + later).date(),
            transfer="TT-2",
            by=story.approver.by,
            at=LATE + later,
        )


def test_urgent_payment_finding_ends_only_after_call_back_and_waiting_period(story: Story) -> None:
    _first, second = two_orders(story)
    one = propose_payment_of(story, deposit_of(second), LATE + DAY)
    assert second.bank_account is not None
    call_back(story, second.bank_account, LATE + 2 * DAY, again=True)
    screen_account_changes(LATE + 2 * DAY)
    assert findings_in_effect("payment_urgent"), "it cools"
    cold = LATE + 2 * DAY + WAITING_PERIOD
    screen_account_changes(cold)
    assert findings_in_effect("payment_urgent") == []
    paid = record_payment(one, paid_on=cold.date(), transfer="TT-2", by=story.approver.by, at=cold)
    assert paid.status == "paid"


def test_two_deposits_agreed_before_the_first_proposal_are_not_urgent(story: Story) -> None:
    account = story.account()
    first, second = story.placed(bank_account=account), story.placed(bank_account=account)
    propose_payment_of(story, deposit_of(first))
    propose_payment_of(story, deposit_of(second), LATE + DAY)
    assert findings_in_effect("payment_urgent") == []


def test_further_payment_urged_by_the_supplier_next_day_blocks_payment(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    propose_payment_of(story, deposit_of(order))
    second = order.payments.get(milestone="against_documents")
    record_early_payment_request(second, reason="EUR 880,000 by tonight.", by=story.officer.by, at=LATE + DAY)
    (finding,) = findings_in_effect("payment_urgent")
    assert finding.severity == "block"
    with assert_refused("not_ready", deposit_of(order)):
        record_payment(
            deposit_of(order),
            paid_on=LATE.date(),
            transfer="TT-1",
            by=story.approver.by,
            at=LATE + DAY,
        )


def test_payment_earned_by_departed_goods_is_not_urgent(story: Story) -> None:
    order = story.ready(bank_account=story.account())
    propose_payment_of(story, deposit_of(order))
    with transaction.atomic():
        apply_quantity_changes({order.lines.get().pk: QuantityDelta(shipped=10_000, departed=10_000)})
    propose_payment_of(story, order.payments.get(milestone="against_documents"), LATE + DAY)
    assert findings_in_effect("payment_urgent") == []


@pytest.mark.parametrize(("later", "hurried"), [(DAY, True), (5 * DAY, False)])
def test_two_urgent_requests_for_one_payment_within_three_days_block_payment(
    story: Story, later: timedelta, hurried: bool
) -> None:
    deposit = deposit_of(story.placed(bank_account=story.account()))
    for at in (LATE, LATE + later):
        record_early_payment_request(deposit, reason="At once.", by=story.officer.by, at=at)
    assert bool(findings_in_effect("payment_urgent")) is hurried


def test_urgent_request_for_the_first_payment_is_recorded_without_blocking(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    deposit = deposit_of(order)
    record_early_payment_request(deposit, reason="They ask for it today.", by=story.officer.by, at=LATE)
    assert findings_in_effect("payment_urgent") == []
    assert propose_payment_of(story, deposit).status == "proposed"


def test_urgent_request_for_a_draft_order_is_refused(story: Story) -> None:
    deposit = deposit_of(story.draft())
    with assert_refused("not_ready", deposit):
        record_early_payment_request(deposit, reason="At once.", by=story.officer.by, at=LATE)
