"""Tests of the boundaries in the rules for orders: prices, limits, reasons and pieces, without a database."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from partners.cities.models import City
from partners.powers import Power
from procurement.allocations.models import Allocation
from procurement.leads.models.leads import SupplierLead
from procurement.orders.decision_memos.rules import CREATE_MEMO
from procurement.orders.models import Order, OrderLine
from procurement.orders.rules.blockers import (
    OFFERS_SOUGHT_RULE,
    changed_price_refusal,
    donation_without_value_refusal,
    goods_in_transit_refusal,
    is_above_approval_limit,
    leads_with_needs,
    missing_reason_refusal,
    missing_reason_refusals,
    non_overridable_references,
    unsettled_pieces_refusal,
    unverified_leads,
)
from procurement.orders.rules.orders import (
    delegations_for_order,
    may_accept,
    may_approve,
    may_edit,
    may_enter_donation,
    may_handle_donation,
    may_handle_without_interest,
    may_order,
    may_record_arrival,
    may_return,
    may_write_purchase,
    revaluation_refusal,
)
from tests.worlds.need_to_order import AT
from workflow.errors import Refused


def order_line(
    quantity: int = 10, price: str = "0.5", asked: str | None = "0.5", currency: str = "USD"
) -> OrderLine:
    """Return a line of an order, and what its offer asks now."""
    wanted = Decimal(asked) if asked else None
    lead = SupplierLead(pk=1, reference="SL-1", unit_price=wanted, currency=currency)
    return OrderLine(quantity=quantity, unit_price=Decimal(price), allocation=Allocation(lead=lead))


def order(*lines: Any, **facts: Any) -> Any:
    """Return an order with lines of these counters."""
    return SimpleNamespace(lines=SimpleNamespace(all=lambda: lines), **facts)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, ""),
        ({"price": "0.50"}, ""),
        ({"asked": "0.6"}, "SL-1 now costs 0.6 USD per unit; the order says 0.5 USD"),
        ({"asked": "0.4"}, "now costs 0.4 USD"),
        ({"currency": "CAD"}, "now costs 0.5 CAD"),
        ({"asked": None}, "now costs – per unit"),
        ({"asked": "0.6", "quantity": 0}, ""),
    ],
)
def test_order_line_price_differing_from_its_offer_is_refused(facts, words):
    no = changed_price_refusal(order_line(**facts), "USD")
    assert (words in str(no) and no.details["lead"] == "SL-1") if no else words == ""


@pytest.mark.parametrize(
    ("limit", "total", "above"),
    [
        ("1000", "1000", False),
        ("1000", "1000.01", True),
        ("1000", None, True),
        (None, "1", True),
        ("0", "0", False),
    ],
)
def test_order_above_the_limit_or_with_unknown_limit_or_total_needs_an_approver(limit, total, above):
    city = City(approval_limit=Decimal(limit) if limit else None)
    assert (
        is_above_approval_limit(Order(city=city, total_in_city_currency=Decimal(total) if total else None))
        is above
    )


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"offers_sought": 3}, []),
        ({"offers_sought": 4}, ["offers_sought_reason"]),
        ({"offers_sought": 4, "offers_sought_reason": " "}, ["offers_sought_reason"]),
        ({"offers_sought": 4, "offers_sought_reason": "one by phone"}, []),
        ({"offers_sought": 4, "kind": "donation"}, []),
        ({"offers_sought": 2, "few_offers_reason": "one maker"}, ["offers_sought_reason"]),
        ({"offers_recorded": 2, "offers_sought": 2}, ["few_offers_reason"]),
        ({"offers_recorded": 2, "offers_sought": 2, "few_offers_reason": " "}, ["few_offers_reason"]),
        ({"offers_recorded": 2, "offers_sought": 2, "few_offers_reason": "one maker"}, []),
        ({"offers_sought": 3, "authority": "emergency"}, ["authority_reference"]),
        ({"offers_sought": 3, "authority": "emergency", "authority_reference": " "}, ["authority_reference"]),
        ({"offers_sought": 3, "authority": "emergency", "authority_reference": "2020-17"}, []),
        (
            {"offers_recorded": 0, "offers_sought": 0, "authority": "emergency"},
            ["few_offers_reason", "authority_reference"],
        ),
    ],
)
def test_missing_reasons_of_an_order_are_all_named_by_field(facts, fields):
    order = Order(**{"kind": "purchase", "offers_recorded": 3, **facts})
    assert [no.details["field"] for no in missing_reason_refusals(order)] == fields
    first = missing_reason_refusal(order)
    assert (first.details["field"] if first else None) == (fields[0] if fields else None)
    assert [one.value for one in OFFERS_SOUGHT_RULE.numbers] == [3], "the rules page names the number"


@pytest.mark.parametrize(
    ("kind", "prices", "given"),
    [
        ("donation", ["0.4", "0.01"], True),
        ("donation", ["0.4", "0"], False),
        ("donation", ["0"], False),
        ("purchase", ["0"], True),
    ],
)
def test_donation_without_a_value_on_each_line_is_refused(kind, prices, given):
    no = donation_without_value_refusal(
        order(*(SimpleNamespace(unit_price=Decimal(one)) for one in prices), kind=kind)
    )
    assert (no is None) is given
    assert no is None or no.details["field"] == "unit_values"


@pytest.mark.parametrize(
    ("lines", "pieces"),
    [
        ([(5, 0)], None),
        ([(5, 0), (0, 0)], None),
        ([(5, 1), (0, 2)], 3),
        ([(0, 0)], ...),
        ([(0, 5)], ...),
        ([], ...),
    ],
)
def test_order_is_complete_when_some_units_are_released_and_none_is_open(lines, pieces):
    no = unsettled_pieces_refusal(
        order(*(SimpleNamespace(released=released, open_quantity=left) for released, left in lines))
    )
    assert (no is None) is (pieces is None)
    assert no is None or no.details.get("pieces", ...) == pieces


@pytest.mark.parametrize(("lines", "pieces"), [([], None), ([0, 0], None), ([0, 1, 2], 3)])
def test_order_with_goods_in_transit_cannot_be_written_off(lines, pieces):
    no = goods_in_transit_refusal(
        order(*(SimpleNamespace(in_transit_quantity=on_the_way) for on_the_way in lines))
    )
    assert (no and no.details["pieces"]) == pieces


@pytest.mark.parametrize("power", Power)
def test_order_and_receiving_permissions_by_power(power):
    by: Any = SimpleNamespace(may=lambda asked, thing: asked == power, companies_with_interest=frozenset())
    purchase, gift = order(kind="purchase"), order(kind="donation")
    orders = power == Power.ORDER
    assert may_record_arrival(by, gift) is (power in (Power.ORDER, Power.SHIP, Power.RECEIVE))
    asked = (
        may_order,
        may_write_purchase,
        may_handle_without_interest,
        may_handle_donation,
        may_enter_donation,
    )
    assert [may(by, purchase) for may in asked] == [orders, orders, orders, False, False]
    assert [may(by, gift) for may in asked] == [orders, False, orders, orders, orders]


def actor(user_id: int, *powers: str, concerned: int | None = None) -> Any:
    """Return a user with these powers, whom one company may concern."""
    return SimpleNamespace(
        user_id=user_id,
        may=lambda power, thing: power in powers,
        companies_with_interest=frozenset({concerned} - {None}),
    )


def test_only_the_author_or_an_approver_can_approve_or_return_a_draft_order():
    draft: Any = order(author_id=1, status="draft", kind="purchase")
    author, other = actor(1, Power.ORDER), actor(2, Power.ORDER)
    assert (may_approve(author, draft), may_return(author, draft)) == (True, True)
    assert (may_approve(other, draft), may_return(other, draft)) == (False, False)
    left = actor(1)
    assert (may_approve(left, draft), may_return(left, draft)) == (False, False)
    assert may_return(actor(2, Power.APPROVE), draft)


@pytest.mark.parametrize(("above", "officer_may"), [(False, True), (True, False)])
def test_officer_accepts_and_revalues_a_donation_up_to_the_limit(above, officer_may):
    city = City(approval_limit=Decimal(1000))
    gift: Any = order(
        city=city, total_in_city_currency=Decimal(1001 if above else 1000), status="accepted", pk=None
    )
    officer, observer = actor(1, Power.ORDER), actor(2)
    assert (may_accept(officer, gift) is True) is officer_may
    no = revaluation_refusal(officer, gift)
    assert (no.details["field"] if no else "") == ("unit_values" if above else "")
    assert (may_edit(officer, gift), may_edit(observer, gift)) == (True, False)
    assert may_accept(observer, gift) is False


@pytest.mark.parametrize("company", [5, 6])
def test_person_with_an_interest_in_supplier_or_maker_cannot_edit_accept_or_approve(company):
    city = City(approval_limit=Decimal(1000))
    made = Order(
        city=city,
        total_in_city_currency=Decimal(1),
        kind="purchase",
        status="draft",
        author_id=1,
        supplier_id=5,
    )
    given = Order(city=city, kind="donation", supplier_id=5)
    made.offers_at_creation = given.offers_at_creation = [SupplierLead(), SupplierLead(maker_id=6)]
    rules = [
        (may, made)
        for may in (may_write_purchase, may_handle_without_interest, may_edit, may_accept, may_approve)
    ]
    for may, one in [*rules, (may_enter_donation, given)]:
        assert may(actor(1, Power.ORDER, concerned=7), one) is True
        no = may(actor(1, Power.ORDER, concerned=company), one)
        assert isinstance(no, Refused)
        assert no.details["show"]


def test_actor_without_delegations_acts_for_no_approver():
    assert delegations_for_order(SimpleNamespace(), order(city_id=1)) == []


def test_every_offer_status_except_verified_is_an_obstacle():
    leads = [SupplierLead(reference=status, status=status) for status in SupplierLead.Status]
    assert unverified_leads(leads) == [
        status for status in SupplierLead.Status.values if status != "verified"
    ]


def test_changed_account_finding_cannot_be_overridden_by_rule():
    code = "account_changed"
    findings: Any = [SimpleNamespace(reference=name, code=name) for name in ("price_high", code)]
    assert non_overridable_references(findings) == [code]


def test_order_line_reduced_to_zero_contributes_no_goods():
    need = object()
    rows = [
        SimpleNamespace(
            quantity=n, allocation=SimpleNamespace(lead=n, line=SimpleNamespace(supply_request=need))
        )
        for n in (0, 1)
    ]
    assert leads_with_needs(rows) == [(1, need)]


@pytest.mark.parametrize("power", Power)
def test_decision_memo_of_a_non_draft_order_is_made_by_people_who_order_or_approve(power):
    for status in Order.Status.values:
        no = CREATE_MEMO.refusal(actor(1, power), SimpleNamespace(order=order(status=status)), AT)
        code = "" if power in (Power.ORDER, Power.APPROVE) else "not_allowed"
        assert (no.code if no else "") == (code or ("not_ready" if status == "draft" else ""))
