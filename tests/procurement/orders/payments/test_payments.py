"""Tests of payments: shares, two people, confirmed accounts past their waiting time, and milestones."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from procurement.orders.actions.close import reduce_quantity
from procurement.orders.actions.create import choose_account
from procurement.orders.actions.quantities import QuantityDelta, apply_quantity_changes
from procurement.orders.models import Order
from procurement.orders.payments.actions import propose_payment, record_payment, withdraw_proposal
from procurement.orders.payments.models import Payment
from procurement.orders.payments.rules.payments import (
    PaymentShare,
    invalid_shares_refusal,
    overpaid_amount,
    split_amount,
)
from procurement.suppliers.actions.bank_accounts import retire_account
from procurement.suppliers.actions.statuses import declare_interest
from tests.procurement.refusals import assert_refused
from tests.worlds.cities import powers_for
from tests.worlds.completed_orders import LATE
from tests.worlds.need_to_order import AT, Story


@given(
    total=st.decimals(min_value=0, max_value=10**12, places=2),
    cuts=st.lists(st.integers(min_value=1, max_value=98), min_size=1, max_size=2, unique=True),
)
def test_payment_shares_add_up_to_the_total_to_the_cent(total: Decimal, cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), 100]
    percents = [b - a for a, b in pairwise(edges)]
    parts = split_amount(total, percents)
    assert sum(parts) == total
    assert all(
        abs(part - total * percent / 100) <= Decimal("0.02")
        for part, percent in zip(parts, percents, strict=True)
    )


@pytest.mark.parametrize(
    ("shares", "reason", "code"),
    [
        ([PaymentShare("deposit", 30), PaymentShare("after_inspection", 70)], "", ""),
        ([PaymentShare("after_inspection", 100)], "", ""),
        ([PaymentShare("deposit", 100)], "custom made", ""),
        ([PaymentShare("deposit", 31), PaymentShare("after_inspection", 69)], " ", "deposit_too_high"),
        ([PaymentShare("deposit", 30), PaymentShare("after_inspection", 69)], "", "bad_shares"),
        ([PaymentShare("deposit", 50), PaymentShare("deposit", 50)], "", "bad_shares"),
        ([PaymentShare("deposit", 0), PaymentShare("after_inspection", 100)], "", "bad_shares"),
        ([], "", "bad_shares"),
    ],
)
def test_invalid_payment_shares_are_refused_by_code(
    shares: list[PaymentShare], reason: str, code: str
) -> None:
    answer = invalid_shares_refusal(shares, reason)
    assert (answer.code if answer else "") == code


def payment_of(order: Order, milestone: str = "deposit") -> Payment:
    return order.payments.get(milestone=milestone)


def propose_and_pay(story: Story, one: Payment) -> Payment:
    propose_payment(one, by=story.officer.by, at=LATE)
    return record_payment(one, paid_on=LATE.date(), transfer=" TT-1 ", by=story.approver.by, at=LATE)


def test_deposit_is_proposed_by_one_person_and_paid_by_another(story: Story) -> None:
    deposit = propose_and_pay(story, payment_of(story.placed(bank_account=story.account())))
    assert (deposit.status, deposit.transfer, deposit.paid_on) == ("paid", "TT-1", LATE.date())
    assert (deposit.proposed_by, deposit.paid_by) == (story.officer.user, story.approver.user)


def test_payment_cannot_be_recorded_by_the_person_who_proposed_it(story: Story) -> None:
    deposit = payment_of(story.placed(bank_account=story.account()))
    propose_payment(deposit, by=story.officer.by, at=LATE)
    with assert_refused("not_allowed", deposit) as caught:
        record_payment(deposit, paid_on=LATE.date(), transfer="TT-1", by=story.officer.by, at=LATE)
    assert "another person must make it" in str(caught.value)
    assert caught.value.details["show"]


def test_person_with_a_declared_interest_can_neither_propose_nor_record_a_payment(story: Story) -> None:
    deposit = payment_of(story.placed(bank_account=story.account()))
    user = story.second_officer.user
    declare_interest(story.supplier, user, words="a cousin", by=story.second_officer.by, at=AT)
    involved = powers_for(user)
    with assert_refused("not_allowed", deposit):
        propose_payment(deposit, by=involved, at=LATE)
    propose_payment(deposit, by=story.officer.by, at=LATE)
    with assert_refused("not_allowed", deposit):
        record_payment(deposit, paid_on=LATE.date(), transfer="TT-1", by=involved, at=LATE)


@pytest.mark.parametrize("role", ["verifier", "logistics", "observer", "stranger"])
def test_verifier_logistics_observer_and_other_city_can_neither_propose_nor_record_a_payment(
    story: Story, role: str
) -> None:
    deposit = payment_of(story.placed(bank_account=story.account()))
    with assert_refused("not_allowed", deposit):
        propose_payment(deposit, by=getattr(story, role).by, at=LATE)
    propose_payment(deposit, by=story.officer.by, at=LATE)
    with assert_refused("not_allowed", deposit):
        record_payment(deposit, paid_on=LATE.date(), transfer="TT-1", by=getattr(story, role).by, at=LATE)


def test_payment_cannot_be_proposed_before_the_order_is_placed(story: Story) -> None:
    deposit = payment_of(story.approved(bank_account=story.account()))
    with assert_refused("not_ready", deposit):
        propose_payment(deposit, by=story.officer.by, at=LATE)


def test_payment_cannot_be_proposed_without_a_bank_account(story: Story) -> None:
    deposit = payment_of(story.placed())
    with assert_refused("not_ready", deposit) as caught:
        propose_payment(deposit, by=story.officer.by, at=LATE)
    assert caught.value.details["field"] == "bank_account"


def test_payment_into_an_unconfirmed_account_is_refused(story: Story) -> None:
    deposit = payment_of(story.placed(bank_account=story.account(confirmed=False)))
    with assert_refused("not_ready", deposit):
        propose_payment(deposit, by=story.officer.by, at=LATE)


def test_payment_into_an_account_is_refused_until_its_waiting_period_ends(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    deposit = payment_of(order)
    assert order.bank_account is not None
    until = order.bank_account.waiting_period_ends_at
    assert until is not None
    with assert_refused("account_in_waiting_period", deposit) as caught:
        propose_payment(deposit, by=story.officer.by, at=until - timedelta(seconds=1))
    assert caught.value.details["until"] == until.isoformat()
    assert propose_payment(deposit, by=story.officer.by, at=until).status == "proposed"


def test_payment_is_refused_when_the_account_changed_after_the_proposal(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    deposit = payment_of(order)
    propose_payment(deposit, by=story.officer.by, at=LATE)
    fresh = story.account(confirmed=False)
    choose_account(order, fresh, reason="They wrote of a new bank.", by=story.officer.by, at=LATE)
    with assert_refused("not_ready", deposit):
        record_payment(deposit, paid_on=LATE.date(), transfer="TT-1", by=story.approver.by, at=LATE)


def test_second_payment_can_be_proposed_only_after_all_goods_departed(story: Story) -> None:
    order = story.ready(bank_account=story.account())
    second = payment_of(order, "against_documents")
    with assert_refused("not_ready", second) as caught:
        propose_payment(second, by=story.officer.by, at=LATE)
    assert caught.value.details["pieces"] == 10_000
    with transaction.atomic():
        apply_quantity_changes({order.lines.get().pk: QuantityDelta(shipped=10_000, departed=10_000)})
    assert propose_payment(second, by=story.officer.by, at=LATE).status == "proposed"


def test_last_payment_can_be_proposed_only_after_inspection_of_all_goods(story: Story) -> None:
    order = story.ready(bank_account=story.account())
    last = payment_of(order, "after_inspection")
    line = order.lines.get()
    with transaction.atomic():
        apply_quantity_changes({line.pk: QuantityDelta(shipped=10_000, departed=10_000, released=9_000)})
    with assert_refused("not_ready", last) as caught:
        propose_payment(last, by=story.officer.by, at=LATE)
    assert caught.value.details["pieces"] == 1_000
    with transaction.atomic():
        apply_quantity_changes({line.pk: QuantityDelta(failed=1_000)})
    assert propose_payment(last, by=story.officer.by, at=LATE).status == "proposed"


def test_lower_amount_needs_a_reason_and_a_higher_amount_is_refused(story: Story) -> None:
    deposit = payment_of(story.placed(bank_account=story.account()))
    for amount, reason in ((Decimal(1400), ""), (Decimal(1501), "they ask more"), (Decimal(0), "nothing")):
        with assert_refused("bad_amount", deposit):
            propose_payment(deposit, amount=amount, reason=reason, by=story.officer.by, at=LATE)
    propose_payment(deposit, amount=Decimal(1400), reason="A rebate.", by=story.officer.by, at=LATE)
    assert deposit.amount == Decimal(1400)


def test_payment_proposal_may_state_the_planned_amount(story: Story) -> None:
    deposit = payment_of(story.placed(bank_account=story.account()))
    propose_payment(deposit, amount=Decimal(1500), by=story.officer.by, at=LATE)
    assert deposit.status == "proposed"


def test_payment_proposal_is_withdrawn_with_a_reason(story: Story) -> None:
    deposit = payment_of(story.placed(bank_account=story.account()))
    propose_payment(deposit, by=story.officer.by, at=LATE)
    withdraw_proposal(deposit, reason="The wrong account.", by=story.second_officer.by, at=LATE)
    assert (deposit.status, deposit.proposed_by) == ("planned", None)


def test_payment_needs_a_transfer_reference_and_a_date_not_in_the_future(story: Story) -> None:
    deposit = payment_of(story.placed(bank_account=story.account()))
    propose_payment(deposit, by=story.officer.by, at=LATE)
    with assert_refused("transfer_missing", deposit):
        record_payment(deposit, paid_on=LATE.date(), transfer=" ", by=story.approver.by, at=LATE)
    with assert_refused("day_to_come", deposit):
        record_payment(
            deposit, paid_on=LATE.date() + timedelta(days=1), transfer="TT-1", by=story.approver.by, at=LATE
        )


def test_payment_dated_before_the_order_or_with_a_used_transfer_reference_is_refused(story: Story) -> None:
    """The order was placed at nine in the morning of the 16th in Burnaby."""
    order = story.ready(bank_account=story.account())
    deposit = propose_payment(payment_of(order), by=story.officer.by, at=LATE)
    with assert_refused("before_order", deposit) as no:
        record_payment(deposit, paid_on=date(2020, 4, 15), transfer="TT-1", by=story.approver.by, at=LATE)
    assert no.value.details["field"] == "paid_on"
    record_payment(deposit, paid_on=date(2020, 4, 16), transfer="TT-1", by=story.approver.by, at=LATE)
    with transaction.atomic():
        apply_quantity_changes({order.lines.get().pk: QuantityDelta(shipped=10_000, departed=10_000)})
    second = propose_payment(payment_of(order, "against_documents"), by=story.officer.by, at=LATE)
    with assert_refused("transfer_known", second) as no:
        record_payment(second, paid_on=LATE.date(), transfer=" tt-1", by=story.approver.by, at=LATE)
    assert no.value.details["field"] == "transfer"


def planned_amounts(order: Order) -> list[Decimal]:
    return list(order.payments.order_by("pk").values_list("amount", flat=True))


def reduce_line(story: Story, order: Order, pieces: int = 5_000) -> Order:
    line = order.lines.get()
    return reduce_quantity(order, line, pieces, reason="Half is enough.", by=story.officer.by, at=LATE)


def test_reduced_order_keeps_the_proposed_payment_and_replans_the_remaining_ones(story: Story) -> None:
    """The total is now 2,500 after 5,000. 1,500 are proposed, so 1,000 remain for shares of 40 and 30."""
    order = story.placed(bank_account=story.account())
    propose_payment(payment_of(order), by=story.officer.by, at=LATE)
    reduce_line(story, order)
    assert planned_amounts(order) == [1500, Decimal("571.43"), Decimal("428.57")]
    assert sum(planned_amounts(order)) == order.total == 2500


@pytest.mark.parametrize("pieces", [1, 3_333, 6_999, 7_000, 9_999])
def test_planned_payments_never_exceed_the_order_total_unless_already_paid(story: Story, pieces: int) -> None:
    order = story.placed(bank_account=story.account())
    propose_and_pay(story, payment_of(order))
    reduce_line(story, order, pieces)
    assert all(amount >= 0 for amount in planned_amounts(order))
    assert sum(planned_amounts(order)) == max(order.total, Decimal(1500))
    assert overpaid_amount(order, order.payments.all()) == max(Decimal(1500) - order.total, 0)


def test_further_payment_of_an_overpaid_order_is_refused(story: Story) -> None:
    order = story.ready(bank_account=story.account())
    propose_and_pay(story, payment_of(order))
    reduce_line(story, order, 8_000)
    line = order.lines.get()
    with transaction.atomic():
        apply_quantity_changes({line.pk: QuantityDelta(shipped=2_000, departed=2_000)})
    second = payment_of(order, "against_documents")
    assert second.amount == 0
    with assert_refused("nothing_left", second) as caught:
        propose_payment(second, by=story.officer.by, at=LATE)
    assert "There is nothing left to pay" in str(caught.value)


def test_proposal_above_the_reduced_total_must_be_withdrawn_before_payment(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    deposit = propose_payment(payment_of(order), by=story.officer.by, at=LATE)
    reduce_line(story, order, 8_000)
    with assert_refused("more_than_owed", deposit) as caught:
        record_payment(deposit, paid_on=LATE.date(), transfer="TT-1", by=story.approver.by, at=LATE)
    assert "1000.00 USD" in str(caught.value)
    withdraw_proposal(deposit, reason="It is worth less now.", by=story.approver.by, at=LATE)
    assert (deposit.status, deposit.amount) == ("planned", 300)
    assert planned_amounts(order) == [300, 400, 300]
    assert propose_and_pay(story, payment_of(order)).amount == 300


def test_withdrawn_rebate_restores_the_planned_amounts(story: Story) -> None:
    order = story.placed(bank_account=story.account())
    deposit = payment_of(order)
    propose_payment(deposit, amount=Decimal(1400), reason="A rebate.", by=story.officer.by, at=LATE)
    withdraw_proposal(deposit, reason="No rebate.", by=story.officer.by, at=LATE)
    assert planned_amounts(order) == [1500, 2000, 1500]


def test_planned_payment_exists_from_the_creation_of_the_order(story: Story) -> None:
    order = story.placed()
    assert str(payment_of(order)) == f"{order.reference}: Deposit"
    assert payment_of(order).created_at == AT


def test_unconfirmed_new_account_blocks_payment_into_the_old_one(story: Story) -> None:
    deposit = payment_of(story.placed(bank_account=story.account()))
    fresh = story.account(confirmed=False)
    with assert_refused("not_ready", deposit) as no:
        propose_payment(deposit, by=story.officer.by, at=LATE)
    assert no.value.details["account"] == fresh.pk
    retire_account(fresh, reason="Nobody there knows of it.", by=story.officer.by, at=LATE)
    assert propose_payment(deposit, by=story.officer.by, at=LATE).status == "proposed"
