"""Fraud case 8 (North Rhine-Westphalia): the seller changes the account and urges payment after the contract.

Played on an order and its payments, with the sums of the case and two variants (another account, currency and sum), and
with similar but honest payments that must stay allowed.
"""

from datetime import timedelta

import pytest

from procurement.leads.models.findings import Finding
from procurement.orders.actions.screening import screen_account_changes
from procurement.orders.payments.actions import propose_payment, record_early_payment_request, record_payment
from procurement.suppliers.actions.bank_accounts import propose_account
from tests.procurement.refusals import assert_refused
from tests.worlds.completed_orders import LATE
from tests.worlds.fraud_cases import has_finding

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def findings_in_effect(code):
    return list(Finding.objects.in_effect().filter(code=code))


def place_order_with_deposit(story, price, currency):
    """Return a placed order at this price, and its proposed deposit."""
    order = story.placed(story.promise(price=price, currency=currency), bank_account=story.account())
    return order, propose_payment(order.payments.get(milestone="deposit"), by=story.officer.by, at=LATE)


CASE = ("price", "currency", "number", "country", "after")
PLAYED = [
    ("1.47", "EUR", "NG 5500 0001", "NG", 1),  # 1.5 million in advance, and 880,000 more the next day
    ("0.62", "USD", "HK 8800 0002", "HK", 2),
    ("4.10", "CNY", "LT 7700 0003", "LT", 3),
]


@pytest.mark.parametrize(CASE, PLAYED)
def test_08_payment_to_another_account_after_the_contract_is_stopped(
    story, price, currency, number, country, after
):
    order, deposit = place_order_with_deposit(story, price, currency)
    at = LATE + after * DAY
    fresh = propose_account(
        story.supplier,
        holder="Somebody Else DEMO",
        number=number,
        bank=f"Bank {country} DEMO",
        country=country,
        proposed_by=story.officer.user,
        by=story.officer.by,
        at=at,
    )
    screen_account_changes(at)
    (finding,) = findings_in_effect("account_after_contract")
    assert has_finding(
        finding,
        "block",
        (
            (
                f"{order.reference} was placed on 2020-04-16, and another account has been provided since: "
                f"{fresh.masked_account_number}"
            ),
            f"un autre compte a été indiqué depuis : {fresh.masked_account_number}",
            f"{fresh.masked_account_number}",
        ),
    )
    with assert_refused("not_ready", deposit):
        record_payment(deposit, paid_on=at.date(), transfer="TT-1", by=story.approver.by, at=at)


@pytest.mark.parametrize(CASE, PLAYED)
def test_08_second_payment_urged_soon_after_the_first_is_stopped(
    story, price, currency, number, country, after
):
    order, deposit = place_order_with_deposit(story, price, currency)
    at = LATE + after * DAY
    second = order.payments.get(milestone="against_documents")
    record_early_payment_request(
        second, reason=f"{country}: by tonight, or the lorries leave.", by=story.officer.by, at=at
    )
    (finding,) = findings_in_effect("payment_urgent")
    day = at.date().isoformat()
    assert has_finding(
        finding,
        "block",
        (
            f"was requested on {day}, soon after another payment",
            f"ont été demandés le {day}, peu après un autre paiement",
            f"{day}",
        ),
    )
    assert finding.figures["amount"] == {"amount": str(second.amount), "currency": currency}
    with assert_refused("not_ready", deposit):
        record_payment(deposit, paid_on=at.date(), transfer="TT-1", by=story.approver.by, at=at)


def test_08_near_miss_payment_to_the_contract_account_requested_later_is_allowed(story):
    order, deposit = place_order_with_deposit(story, "1.47", "EUR")
    screen_account_changes(LATE + DAY)
    second = order.payments.get(milestone="against_documents")
    record_early_payment_request(second, reason="As agreed.", by=story.officer.by, at=LATE + 4 * DAY)
    assert findings_in_effect("account_after_contract") == findings_in_effect("payment_urgent") == []
    paid = record_payment(
        deposit, paid_on=LATE.date(), transfer="TT-1", by=story.approver.by, at=LATE + 4 * DAY
    )
    assert paid.status == "paid"
