"""Tests of accepting, changing and declining a donation."""

from decimal import Decimal

from partners.memberships.models import Membership
from procurement.leads.models.leads import SupplierLead
from procurement.orders.actions.approve import accept_donation, mark_ready, override_blockers
from procurement.orders.actions.close import decline_donation
from procurement.orders.actions.create import OrderEdit, edit_order
from procurement.orders.models import Order
from tests.procurement.orders.decision_steps import add_blocking_finding, add_role, lead_of
from tests.procurement.refusals import assert_refused
from tests.worlds.need_to_order import AT, LATER, Story


# --- donations --------------------------------------------------------------------------------------------------
def test_donation_below_the_approval_limit_is_accepted_by_an_officer(story: Story) -> None:
    gift = accept_donation(story.gift(), by=story.second_officer.by, at=LATER)
    assert (gift.status, gift.approved_by) == ("accepted", story.second_officer.user)


def test_donation_above_the_approval_limit_is_accepted_only_by_an_approver(story: Story) -> None:
    story.limit("100")
    gift = story.gift()
    with assert_refused("not_allowed", gift) as caught:
        accept_donation(gift, by=story.officer.by, at=AT)
    assert "limit" in str(caught.value)
    assert accept_donation(gift, by=story.approver.by, at=AT).status == "accepted"


def test_blocking_finding_stops_acceptance_of_a_donation_until_settled_or_overridden(story: Story) -> None:
    gift = story.gift()
    finding = add_blocking_finding(gift)
    with assert_refused("not_ready", gift) as caught:
        accept_donation(gift, by=story.officer.by, at=LATER)
    assert finding.reference in caught.value.details["obstacles"]
    override_blockers(gift, reason="Seen by our own nurse.", by=story.approver.by, at=LATER)
    assert accept_donation(gift, by=story.officer.by, at=LATER).status == "accepted"


def test_donation_needs_a_customs_value_before_it_is_marked_ready(story: Story) -> None:
    promised = story.promise(kind="donation", price=None)
    gift = accept_donation(story.gift(promised), by=story.approver.by, at=AT)
    with assert_refused("not_ready", gift) as caught:
        mark_ready(gift, by=story.officer.by, at=AT)
    assert caught.value.details["field"] == "unit_values"
    edit_order(
        gift, OrderEdit(), unit_values={gift.lines.get().pk: Decimal("0.40")}, by=story.officer.by, at=AT
    )
    assert mark_ready(gift, by=story.officer.by, at=AT).status == "ready_to_ship"


def test_raising_an_accepted_donation_above_the_limit_requires_an_approver(story: Story) -> None:
    """5,000 USD are 7,053.18 CAD, below 8,000; at 0.60 they would be 8,463.82."""
    story.limit("8000")
    gift = story.accepted()
    line = gift.lines.get()
    higher = {line.pk: Decimal("0.60")}
    for edit, values in ((OrderEdit(), higher), (OrderEdit(extra_costs=Decimal(1000)), None)):
        with assert_refused("above_limit", gift, line) as caught:
            edit_order(gift, edit, unit_values=values, by=story.officer.by, at=LATER)
        assert "an approver" in str(caught.value)
    edit_order(gift, OrderEdit(), unit_values={line.pk: Decimal("0.60")}, by=story.approver.by, at=LATER)
    assert (gift.status, gift.approved_by, gift.approved_at) == ("accepted", story.approver.user, LATER)
    assert gift.goods_total == 6000


def test_accepted_donation_above_the_limit_can_be_lowered_but_not_raised_by_an_officer(
    story: Story,
) -> None:
    story.limit("100")
    gift = accept_donation(story.gift(), by=story.approver.by, at=AT)
    line = gift.lines.get()
    edit_order(
        gift,
        OrderEdit(budget_line="4711"),
        unit_values={line.pk: Decimal("0.40")},
        by=story.officer.by,
        at=AT,
    )
    assert (gift.goods_total, gift.approved_by) == (4000, story.approver.user)
    with assert_refused("above_limit", gift, line):
        edit_order(gift, OrderEdit(), unit_values={line.pk: Decimal("0.41")}, by=story.officer.by, at=AT)
    story.limit("100000")
    gift = Order.objects.get(pk=gift.pk)
    edit_order(gift, OrderEdit(), unit_values={line.pk: Decimal("0.60")}, by=story.officer.by, at=LATER)
    assert (gift.goods_total, gift.approved_by) == (6000, story.officer.user)


def test_person_who_entered_a_donation_cannot_raise_it_above_the_limit(
    story: Story,
) -> None:
    story.limit("100")
    gift = story.gift()
    both = add_role(story, story.second_officer.user, Membership.Role.APPROVER)
    edit_order(gift, OrderEdit(budget_line="4711"), by=both.by, at=AT)
    accept_donation(gift, by=story.approver.by, at=AT)
    line = gift.lines.get()
    for price in ("0.60", "0.70"):
        edit_order(gift, OrderEdit(), unit_values={line.pk: Decimal(price)}, by=story.approver.by, at=LATER)
    gift = Order.objects.get(pk=gift.pk)
    with assert_refused("above_limit", gift, line):
        edit_order(gift, OrderEdit(), unit_values={line.pk: Decimal("0.80")}, by=both.by, at=LATER)


def test_approver_who_verified_the_offer_cannot_raise_its_donation(story: Story) -> None:
    """A person who verified the offer may not give the second approval."""
    story.limit("8000")
    gift = story.accepted()
    SupplierLead.objects.filter(pk=lead_of(gift).pk).update(verified_by=story.approver.user)
    with assert_refused("not_allowed", gift) as caught:
        edit_order(gift, OrderEdit(extra_costs=Decimal(9000)), by=story.approver.by, at=LATER)
    assert "verified" in str(caught.value)


def test_declined_donation_frees_its_allocated_goods(story: Story) -> None:
    gift = story.gift()
    lead = lead_of(gift)
    decline_donation(gift, reason="No room to store it.", by=story.officer.by, at=AT)
    lead.refresh_from_db()
    assert (gift.status, lead.allocated) == ("declined", 0)
    assert gift.lines.get().allocation.status == "undone"
