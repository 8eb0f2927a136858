"""Tests of goods that were offered for one need and allocated to another, whose receivers then count."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procurement.allocations import actions
from procurement.allocations.models import Allocation
from procurement.catalogue.models.customs import CustomsRule
from procurement.leads.actions.leads import LeadEdit, change_lead
from procurement.leads.models.leads import SupplierLead
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
from workflow.clock import advance_clock

IN_FORCE = datetime.combine(date(2020, 4, 28), AT.timetz())  # two days after the joint declaration began
FALSE = "would be signing a false declaration"


@pytest.fixture
def practice_story(story: Story) -> Story:
    """Return the example purchase (`Story`) on a practice site, whose time can be moved forward."""
    story.practise()
    return story


def need_line(practice_story: Story, *receivers: str, use: str = "medical") -> RequestLine:
    return practice_story.line(4_000, product="RESP_KN95", declared_use=use, facility_kinds=list(receivers))


def allocate_to(
    practice_story: Story,
    line: RequestLine,
    *,
    own: bool = True,
    use: str = "non_medical",
    at: datetime = IN_FORCE,
) -> Allocation:
    """Allocate to a line an offer that was verified for the city hall's need, or for no need."""
    hall = need_line(practice_story, "municipality", use="non_medical")
    lead = practice_story.lead(hall, stock=4_000, declared_use=use, standard="GB2626-2006-KN95")
    if not own:
        change_lead(lead, LeadEdit(line=None), by=practice_story.officer.by, at=AT)
    assert (lead.status, lead.blocking_findings) == ("verified", 0)
    if clock.now() < at:
        advance_clock(at)
    return actions.allocate(
        lead,
        line,
        4_000,
        reason="The patients come first.",
        author=practice_story.officer.user,
        by=practice_story.officer.by,
        at=at,
    )


def order_of(practice_story: Story, allocation: Allocation, at: datetime = IN_FORCE) -> Order:
    reason = "Only one maker had stock."
    return create_order(
        practice_story.city,
        [allocation],
        author=practice_story.officer.user,
        by=practice_story.officer.by,
        at=at,
        few_offers_reason=reason,
    )


def approve(practice_story: Story, order: Order) -> dict[str, object]:
    moves = Program(practice_story.officer.user).get(f"orders/{order.reference}/")["available_moves"]
    return next(one for one in moves if one["verb"] == "approve")


@pytest.mark.parametrize("own", [True, False], ids=["for the city hall", "for no need"])
@pytest.mark.parametrize("receiver", ["hospital", "laboratory", "home_care"])
def test_non_medical_goods_allocated_to_patients_are_flagged_and_block_the_order(
    practice_story: Story, receiver: str, own: bool
) -> None:
    line = need_line(practice_story, "school", receiver)
    allocation = allocate_to(practice_story, line, own=own)
    browser = Browser(practice_story.officer.user)
    assert FALSE in browser.open(allocation)
    order = order_of(practice_story, allocation)
    page = browser.open(order)
    assert FALSE in page
    assert line.supply_request.reference in page
    move = approve(practice_story, order)
    assert (move["open"], FALSE in str(move["reason"])) == (False, True)
    assert (
        Program(practice_story.officer.user).refused(f"orders/{order.reference}/approve/")["code"]
        == "not_ready"
    )
    edit_request(
        line.supply_request,
        RequestEdit(facility_kinds=["school"]),
        by=practice_story.officer.by,
        at=IN_FORCE,
        reason="Half was found.",
    )  # no patients there
    assert FALSE not in browser.open(order)
    assert approve(practice_story, order)["open"]


@pytest.mark.parametrize("offered_for", ["this need", "another need", "no need"])
def test_payments_are_blocked_for_the_need_the_goods_are_allocated_to_unless_offered_for_it(
    practice_story: Story, offered_for: str
) -> None:
    """A finding on the offer covers the need that it was made for."""
    line = need_line(practice_story, "hospital")
    allocation = allocate_to(practice_story, line, own=offered_for != "no need")
    order = order_of(practice_story, allocation)
    if offered_for == "this need":
        SupplierLead.objects.filter(pk=allocation.lead_id).update(line=line)
    needs = [one.refusal.details.get("need") for one in payment_blocks_at(order, IN_FORCE)]
    assert needs == ([] if offered_for == "this need" else [line.supply_request.reference])


@pytest.mark.parametrize(
    ("receivers", "use", "at"),
    [
        (["municipality", "school"], "non_medical", IN_FORCE),  # people who treat no patients
        (["hospital"], "medical", IN_FORCE),  # declared for their real use
        (["hospital"], "non_medical", AT),  # the joint declaration is not required yet
    ],
)
def test_goods_with_a_true_declared_use_are_not_flagged(
    practice_story: Story, receivers: list[str], use: str, at: datetime
) -> None:
    allocation = allocate_to(practice_story, need_line(practice_story, *receivers), use=use, at=at)
    browser = Browser(practice_story.officer.user)
    assert FALSE not in browser.open(allocation)
    order = order_of(practice_story, allocation, at)
    assert FALSE not in browser.open(order)
    assert approve(practice_story, order)["open"]


def test_false_declared_use_under_an_unreliable_customs_rule_does_not_block_order_or_payment(
    practice_story: Story,
) -> None:
    CustomsRule.objects.update(confidence="weak")
    order = order_of(practice_story, allocate_to(practice_story, need_line(practice_story, "hospital")))
    assert approve(practice_story, order)["open"]
    Program(practice_story.officer.user).post(f"orders/{order.reference}/approve/")
    assert Program(practice_story.officer.user).post(f"orders/{order.reference}/place/")["status"] == "placed"
    order.refresh_from_db()
    assert payment_blocks_at(order, IN_FORCE) == []


def test_payment_blocks_are_read_once_for_all_payments_of_an_order(practice_story: Story) -> None:
    order = order_of(practice_story, allocate_to(practice_story, need_line(practice_story, "hospital")))
    with CaptureQueriesContext(connection) as first:
        assert [FALSE in str(one.refusal) for one in payment_blocks_at(order, IN_FORCE)] == [True]
    with CaptureQueriesContext(connection) as second:
        assert len(payment_blocks_at(order, IN_FORCE)) == 1
    assert len(second) < len(first)


def test_order_approved_before_the_customs_rule_began_cannot_be_placed_afterwards(
    practice_story: Story,
) -> None:
    order = order_of(
        practice_story, allocate_to(practice_story, need_line(practice_story, "clinic"), at=AT), AT
    )
    program = Program(practice_story.officer.user)
    program.post(f"orders/{order.reference}/approve/")
    advance_clock(IN_FORCE)
    assert FALSE in program.refused(f"orders/{order.reference}/place/")["detail"]


def test_placed_order_with_a_false_declared_use_cannot_be_paid(practice_story: Story) -> None:
    order = order_of(
        practice_story, allocate_to(practice_story, need_line(practice_story, "clinic"), at=AT), AT
    )
    approve_order(order, by=practice_story.officer.by, at=AT)
    place_order(order, by=practice_story.officer.by, at=AT)
    browser = Browser(practice_story.officer.user)
    before = browser.open(order)
    advance_clock(IN_FORCE)
    assert before.text.count(FALSE) == 0
    assert browser.open(order).text.count(FALSE) == 3  # in the light, at the held money, and at the payment


def test_donation_for_patients_with_a_false_declared_use_cannot_be_accepted(practice_story: Story) -> None:
    hall = need_line(practice_story, "municipality", use="non_medical")
    gift = practice_story.lead(
        hall, 4_000, None, kind="donation", declared_use="non_medical", standard="GB2626-2006-KN95"
    )
    advance_clock(IN_FORCE)
    ward = need_line(practice_story, "long_term_care")
    allocation = actions.allocate(
        gift,
        ward,
        4_000,
        reason="The ward comes first.",
        author=practice_story.officer.user,
        by=practice_story.officer.by,
        at=IN_FORCE,
    )
    order = create_donation(
        practice_story.city,
        [allocation],
        author=practice_story.officer.user,
        by=practice_story.officer.by,
        at=IN_FORCE,
    )
    move = next(
        one
        for one in Program(practice_story.approver.user).get(f"orders/{order.reference}/")["available_moves"]
        if one["verb"] == "accept"
    )
    assert (move["open"], FALSE in str(move["reason"])) == (False, True)
