"""Tests of the boundaries in the rules for payments: days, moments and sums, without a database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from partners.cities.models import City
from procurement.orders.models import Order
from procurement.orders.payments.models import Payment
from procurement.orders.payments.rules.account_changes import (
    ACCOUNT_AFTER_CONTRACT_RULE,
    RUSH_PERIOD,
    URGENT_PAYMENT_RULE,
    account_change_findings,
    accounts_changed_after_contract,
    is_urgent_request,
    was_called_back_since,
)
from procurement.orders.payments.rules.blocks import BANK_ACCOUNT_RULE
from procurement.orders.payments.rules.payments import (
    DEPOSIT_RULE,
    PaymentShare,
    above_order_value_refusal,
    invalid_shares_refusal,
    may_pay,
    may_plan_payment,
    may_recalculate,
    paid_or_proposed_amount,
    payment_before_order_refusal,
    split_amount,
)
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.rules.bank_accounts import WAITING_PERIOD

PLACED = datetime(2020, 4, 17, 2, tzinfo=UTC)  # the evening of 16 April in Burnaby
NOW = PLACED + timedelta(days=20)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
BURNABY = City(pk=1, name_en="Burnaby", timezone="America/Vancouver")


def account(pk: int, **facts: object) -> BankAccount:
    given = {
        "status": "confirmed",
        "created_at": PLACED - DAY,
        "waiting_period_ends_at": PLACED - DAY,
        **facts,
    }
    return BankAccount(pk=pk, number="12345678", **given)


def order(uses: BankAccount | None = None, contract: int | None = 1) -> Order:
    """Return an order that was placed with account 1 and now uses another, if one is given."""
    given = {"bank_account": uses, "contract_account_id": contract}
    return Order(pk=1, reference="PO-2020-0001", city=BURNABY, placed_at=PLACED, currency="USD", **given)


def payment(status: str = "planned", **facts: object) -> Payment:
    given = {"order": order(account(1)), "milestone": "deposit", "amount": Decimal(100), "currency": "USD"}
    return Payment(status=status, **{**given, **facts})


# --- what the rules page says -----------------------------------------------------------------------------------
def test_payment_rules_show_their_thresholds_and_fraud_cases():
    rules = (ACCOUNT_AFTER_CONTRACT_RULE, URGENT_PAYMENT_RULE, BANK_ACCOUNT_RULE, DEPOSIT_RULE)
    numbers = [[one.value for one in rule.numbers] for rule in rules]
    cases = [[one.description for one in rule.sources if one.url] for rule in rules]
    assert numbers == [[48], [3, 48], [48], [30]]
    assert cases == [
        [f"fraud.md {case}" for case in named.split()]
        for named in ("F19 F20", "F19 F20", "F43 F44", "F12 F15")
    ]


def test_rules_page_gives_no_source_for_the_deposit_share():
    assert DEPOSIT_RULE.sources[-1].url == ""


# --- a changed account ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("facts", "changed"),
    [
        ({"created_at": PLACED, "status": "proposed", "waiting_period_ends_at": None}, True),
        ({"created_at": PLACED, "waiting_period_ends_at": None}, True),
        ({"created_at": PLACED - SECOND, "status": "proposed", "waiting_period_ends_at": None}, False),
        ({"created_at": PLACED, "status": "proposed", "waiting_period_ends_at": NOW}, True),
        ({"created_at": PLACED, "waiting_period_ends_at": NOW + SECOND}, True),
        ({"created_at": PLACED, "waiting_period_ends_at": NOW}, False),
        ({"created_at": PLACED, "status": "retired", "waiting_period_ends_at": None}, False),
    ],
)
def test_account_added_since_the_contract_is_a_change_until_its_waiting_period_ends(facts, changed):
    first, other = account(1), account(2, **facts)
    assert accounts_changed_after_contract(order(first), PLACED, [first, other], NOW) == (
        [other] if changed else []
    )


def test_first_account_and_contract_account_are_not_account_changes():
    late = {"created_at": NOW, "status": "proposed", "waiting_period_ends_at": None}
    first, contracts = account(5, **late), account(1, **late)
    assert accounts_changed_after_contract(order(first, contract=None), PLACED, [first], NOW) == []
    assert accounts_changed_after_contract(order(contracts), PLACED, [first, contracts], NOW) == []


@pytest.mark.parametrize(
    ("waiting_period_ends_at", "contract", "changed"),
    [
        (PLACED - DAY, 1, True),
        (PLACED + WAITING_PERIOD, 1, True),  # called in the very moment of the contract
        (PLACED + WAITING_PERIOD + SECOND, 1, False),
        (NOW + SECOND, 1, True),
        (PLACED - DAY, None, False),
    ],
)
def test_older_account_used_instead_of_the_contract_account_needs_a_new_call_back(
    waiting_period_ends_at, contract, changed
):
    mine, other = account(1), account(2, waiting_period_ends_at=waiting_period_ends_at)
    assert accounts_changed_after_contract(order(other, contract), PLACED, [mine, other], NOW) == (
        [other] if changed else []
    )


@pytest.mark.parametrize(
    ("facts", "called"),
    [
        ({"waiting_period_ends_at": NOW}, True),
        ({"waiting_period_ends_at": NOW + SECOND}, False),
        ({"waiting_period_ends_at": None}, False),
        ({"waiting_period_ends_at": NOW, "status": "proposed"}, False),
    ],
)
def test_call_back_counts_only_after_its_waiting_period(facts, called):
    assert was_called_back_since(account(1, **facts), PLACED, NOW) is called


def test_account_findings_give_dates_in_the_citys_time_zone():
    first, fresh = account(1), account(2, created_at=PLACED, status="proposed", waiting_period_ends_at=None)
    urgent = payment(urgent_request_at=PLACED + DAY)
    found = account_change_findings(order(first), [first, fresh], [urgent, payment()], PLACED + 2 * DAY)
    assert [(one.code, one.subject) for one in found] == [
        ("account_after_contract", "PO-2020-0001 2"),
        ("payment_urgent", "PO-2020-0001 deposit"),
    ]
    assert found[0].figures == {
        "order": "PO-2020-0001",
        "placed": "2020-04-16",
        "account": fresh.masked_account_number,
    }
    assert all("iamexpat.de" in one.source for one in found), "the case that the rule comes from"
    amount = {"amount": "100", "currency": "USD"}
    assert found[1].figures == {"order": "PO-2020-0001", "asked": "2020-04-17", "amount": amount}


@pytest.mark.parametrize(("later", "findings"), [(0 * SECOND, 1), (SECOND, 0)])
def test_urgent_request_finding_is_settled_by_a_later_call_back(later, findings):
    pressed = PLACED + DAY
    called = account(1, waiting_period_ends_at=pressed + later + WAITING_PERIOD)
    assert (
        len(account_change_findings(order(called), [called], [payment(urgent_request_at=pressed)], NOW))
        == findings
    )


@pytest.mark.parametrize("settled", ["paid", "cancelled"])
def test_paid_or_cancelled_payments_produce_no_account_finding(settled):
    first, fresh = account(1), account(2, created_at=PLACED, status="proposed", waiting_period_ends_at=None)
    urgent = payment(settled, urgent_request_at=NOW)
    assert account_change_findings(order(first), [first, fresh], [urgent], NOW) == []
    assert account_change_findings(order(first), [first], [urgent, payment()], NOW) == []
    unplaced = order(first)
    unplaced.placed_at = None
    assert account_change_findings(unplaced, [first, fresh], [payment()], NOW) == []


# --- a hurried request ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("asked_at", "hurried"),
    [
        (NOW, True),
        (NOW - RUSH_PERIOD, True),
        (NOW - RUSH_PERIOD - SECOND, False),
        (NOW + SECOND, False),
        (None, False),
    ],
)
def test_payment_requested_within_three_days_of_another_is_urgent(asked_at, hurried):
    others = [payment(asked_at=asked_at)]
    assert is_urgent_request(payment(milestone="after_inspection"), others, NOW, pressed=True) is hurried


@pytest.mark.parametrize(
    ("milestone", "asked_at", "hurried"),
    [
        ("deposit", PLACED - SECOND, True),
        ("deposit", PLACED, False),  # both were agreed before either was asked for
        ("against_documents", PLACED - SECOND, False),
    ],
)
def test_payment_proposed_by_the_city_is_urgent_only_as_a_deposit_of_a_later_order(
    milestone, asked_at, hurried
):
    others = [payment(asked_at=PLACED + SECOND), payment(asked_at=asked_at)]
    assert is_urgent_request(payment(milestone=milestone), others, PLACED + DAY, pressed=False) is hurried


def test_repeated_supplier_request_for_the_same_payment_counts_as_urgent():
    asked = payment(asked_at=PLACED + DAY)
    asked.order.placed_at = PLACED + 2 * DAY
    assert is_urgent_request(asked, [], PLACED + 2 * DAY, pressed=True)
    assert not is_urgent_request(asked, [], PLACED + 2 * DAY, pressed=False)
    asked.order.placed_at = None
    assert not is_urgent_request(asked, [], PLACED + 2 * DAY, pressed=True)


# --- days and sums ----------------------------------------------------------------------------------------------
def test_payment_date_before_the_order_date_in_the_citys_time_zone_is_refused():
    assert payment_before_order_refusal(order(), date(2020, 4, 16)) is None
    no = payment_before_order_refusal(order(), date(2020, 4, 15))
    assert no is not None
    assert "2020-04-16" in str(no)
    assert payment_before_order_refusal(Order(city=BURNABY), date(2020, 4, 15)) is None


@pytest.mark.parametrize(
    ("shares", "reason", "details"),
    [
        ([PaymentShare("deposit", 1), PaymentShare("after_inspection", 99)], "", None),
        (
            [
                PaymentShare("deposit", 30),
                PaymentShare("against_documents", 40),
                PaymentShare("after_inspection", 31),
            ],
            "",
            {"total": 101},
        ),
        (
            [PaymentShare("deposit", 40), PaymentShare("after_inspection", 60)],
            "",
            {"most": 30, "field": "deposit_reason"},
        ),
        (
            [PaymentShare("after_inspection", 50), PaymentShare("after_inspection", 50)],
            "",
            {"field": "shares"},
        ),
        ([PaymentShare("after_inspection", 99)], "", {"total": 99, "field": "shares"}),
    ],
)
def test_refused_payment_shares_name_the_field_and_the_problem(shares, reason, details):
    no = invalid_shares_refusal(shares, reason)
    assert (no and {name: no.details[name] for name in details}) == details


def test_rounding_goes_to_the_last_share_and_negative_totals_split_to_zero():
    assert split_amount(Decimal("0.05"), [50, 50]) == [Decimal("0.02"), Decimal("0.03")]
    assert split_amount(Decimal(-5), [30, 70]) == [0, 0]


def test_settled_amount_sums_proposed_and_paid_payments():
    payments = [payment(status) for status in ("planned", "proposed", "paid", "cancelled")]
    assert paid_or_proposed_amount(payments) == 200


@pytest.mark.parametrize(
    ("amount", "total", "code"),
    [
        (100, 200, ""),
        (100, 199, "more_than_owed"),
        (1, 101, ""),
        (1, 100, "nothing_left"),
        (0, 200, "nothing_left"),
    ],
)
def test_payment_above_the_remaining_order_value_is_refused(amount, total, code):
    no = above_order_value_refusal(payment(amount=Decimal(amount)), [payment("paid")], Decimal(total))
    assert (no.code if no else "") == code
    if no:
        assert no.details["field"] == "amount"
        assert no.details.get("left") == (str(total - 100) if code == "more_than_owed" else None)


# --- who ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("powers", "plans", "pays", "recalculates"),
    [
        ({"order"}, True, False, True),
        ({"ship"}, True, False, True),
        ({"pay"}, False, True, True),
        ({"approve", "receive"}, False, False, False),
    ],
)
def test_planning_paying_and_recalculating_payments_require_their_own_permissions(
    powers, plans, pays, recalculates
):
    by = SimpleNamespace(may=lambda power, thing: power in powers)
    assert (may_plan_payment(by, payment()), may_pay(by, payment()), may_recalculate(by, payment())) == (
        plans,
        pays,
        recalculates,
    )
