"""Tests of goods that are offered for one need and allocated to another.

The other need decides who will use them.
"""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.allocations import actions
from procurement.allocations.models import Allocation
from procurement.catalogue.models.customs import CustomsRule
from procurement.leads.actions.leads import LeadEdit, change_lead
from procurement.orders.actions.approve import approve_order, place_order
from procurement.orders.actions.create import create_donation, create_order
from procurement.orders.models import Order
from procurement.orders.payments.rules.blocks import payment_blocks_at
from procurement.requests.actions.requests import RequestEdit, edit_request
from procurement.requests.models import RequestLine
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.worlds.need_to_order import AT, Story
from workflow import clock
from workflow.clock import advance

IN_FORCE = datetime.combine(date(2020, 4, 28), AT.timetz())  # two days after the joint declaration began
FALSE = "would be signing a false declaration"


@pytest.fixture
def told(story: Story) -> Story:
    """Return the story on a practice site, whose time can be moved on."""
    story.practise()
    return story


def need(told: Story, *receivers: str, use: str = "medical") -> RequestLine:
    return told.line(4_000, product="RESP_KN95", declared_use=use, facility_kinds=list(receivers))


def promised(
    told: Story, line: RequestLine, *, own: bool = True, use: str = "non_medical", at: datetime = IN_FORCE
) -> Allocation:
    """Allocate to a line an offer that was verified for the city hall's need, or for no need."""
    hall = need(told, "municipality", use="non_medical")
    lead = told.lead(hall, stock=4_000, declared_use=use, standard="GB2626-2006-KN95")
    if not own:
        change_lead(lead, LeadEdit(line=None), by=told.officer.by, at=AT)
    assert (lead.status, lead.blocking_findings) == ("verified", 0)
    if clock.now() < at:
        advance(at)
    return actions.allocate(lead, line, 4_000, author=told.officer.user, by=told.officer.by, at=at)


def written(told: Story, allocation: Allocation, at: datetime = IN_FORCE) -> Order:
    reason = "Only one maker had stock."
    return create_order(
        told.city, [allocation], author=told.officer.user, by=told.officer.by, at=at, few_offers_reason=reason
    )


def approves(told: Story, order: Order) -> dict[str, object]:
    moves = Program(told.officer.user).get(f"orders/{order.reference}/")["available_moves"]
    return next(one for one in moves if one["verb"] == "approve")


@pytest.mark.parametrize("own", [True, False], ids=["for the city hall", "for no need"])
@pytest.mark.parametrize("receiver", ["hospital", "laboratory", "home_care"])
def test_non_medical_goods_allocated_to_patients_are_flagged_and_block_the_order(
    told: Story, receiver: str, own: bool
) -> None:
    line = need(told, "school", receiver)
    allocation = promised(told, line, own=own)
    browser = Browser(told.officer.user)
    assert FALSE in browser.open(allocation)
    order = written(told, allocation)
    page = browser.open(order)
    assert FALSE in page
    assert line.supply_request.reference in page
    move = approves(told, order)
    assert (move["open"], FALSE in str(move["reason"])) == (False, True)
    assert Program(told.officer.user).refused(f"orders/{order.reference}/approve/")["code"] == "not_ready"
    edit_request(
        line.supply_request,
        RequestEdit(facility_kinds=["school"]),
        by=told.officer.by,
        at=IN_FORCE,
        reason="Half was found.",
    )  # no patients there
    assert FALSE not in browser.open(order)
    assert approves(told, order)["open"]


@pytest.mark.parametrize(
    ("receivers", "use", "at"),
    [
        (["municipality", "school"], "non_medical", IN_FORCE),  # people who treat no patients
        (["hospital"], "medical", IN_FORCE),  # declared for their real use
        (["hospital"], "non_medical", AT),  # the joint declaration is not required yet
    ],
)
def test_goods_with_a_true_declared_use_are_not_flagged(
    told: Story, receivers: list[str], use: str, at: datetime
) -> None:
    allocation = promised(told, need(told, *receivers), use=use, at=at)
    browser = Browser(told.officer.user)
    assert FALSE not in browser.open(allocation)
    order = written(told, allocation, at)
    assert FALSE not in browser.open(order)
    assert approves(told, order)["open"]


def test_false_use_under_a_weak_customs_rule_does_not_block_order_or_payment(told: Story) -> None:
    CustomsRule.objects.update(confidence="weak")
    order = written(told, promised(told, need(told, "hospital")))
    assert approves(told, order)["open"]
    Program(told.officer.user).post(f"orders/{order.reference}/approve/")
    assert Program(told.officer.user).post(f"orders/{order.reference}/place/")["status"] == "placed"
    order.refresh_from_db()
    assert payment_blocks_at(order, IN_FORCE) == []


def test_payment_blocks_are_read_once_for_all_payments_of_an_order(told: Story) -> None:
    order = written(told, promised(told, need(told, "hospital")))
    with CaptureQueriesContext(connection) as first:
        assert [FALSE in str(one.no) for one in payment_blocks_at(order, IN_FORCE)] == [True]
    with CaptureQueriesContext(connection) as second:
        assert len(payment_blocks_at(order, IN_FORCE)) == 1
    assert len(second) < len(first)


def test_order_approved_before_the_customs_rule_began_cannot_be_placed_afterwards(told: Story) -> None:
    order = written(told, promised(told, need(told, "clinic"), at=AT), AT)
    program = Program(told.officer.user)
    program.post(f"orders/{order.reference}/approve/")
    advance(IN_FORCE)
    assert FALSE in program.refused(f"orders/{order.reference}/place/")["detail"]


def test_placed_order_with_a_false_declared_use_cannot_be_paid(told: Story) -> None:
    order = written(told, promised(told, need(told, "clinic"), at=AT), AT)
    approve_order(order, by=told.officer.by, at=AT)
    place_order(order, by=told.officer.by, at=AT)
    browser = Browser(told.officer.user)
    before = browser.open(order)
    advance(IN_FORCE)
    assert before.text.count(FALSE) == 0
    assert browser.open(order).text.count(FALSE) == 3  # in the light, at the held money, and at the payment


def test_donation_for_patients_with_a_false_declared_use_cannot_be_accepted(told: Story) -> None:
    hall = need(told, "municipality", use="non_medical")
    gift = told.lead(
        hall, 4_000, None, kind="donation", declared_use="non_medical", standard="GB2626-2006-KN95"
    )
    advance(IN_FORCE)
    ward = need(told, "long_term_care")
    allocation = actions.allocate(
        gift, ward, 4_000, author=told.officer.user, by=told.officer.by, at=IN_FORCE
    )
    order = create_donation(
        told.city, [allocation], author=told.officer.user, by=told.officer.by, at=IN_FORCE
    )
    move = next(
        one
        for one in Program(told.approver.user).get(f"orders/{order.reference}/")["available_moves"]
        if one["verb"] == "accept"
    )
    assert (move["open"], FALSE in str(move["reason"])) == (False, True)
