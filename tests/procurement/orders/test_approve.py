"""Tests of approving an order: the limit, the second person, blocking issues, and overrides.

An override records the approver's name and reason.
"""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from partners.memberships.models import Membership
from partners.permissions.permissions import ActiveDelegation
from procurement.allocations import actions
from procurement.allocations.models import Allocation
from procurement.leads.actions.decisions import reopen_lead
from procurement.leads.actions.findings import answer_finding
from procurement.leads.actions.leads import LeadEdit, change_lead
from procurement.leads.models.leads import SupplierLead
from procurement.orders.actions.approve import (
    approve_order,
    mark_ready,
    override_blockers,
    place_order,
    record_confirmation,
    return_to_author,
    submit_order,
)
from procurement.orders.actions.create import (
    OrderEdit,
    choose_account,
    create_donation,
    create_order,
    edit_order,
)
from procurement.orders.models import Order
from procurement.orders.payments.actions import set_payment_schedule
from procurement.orders.payments.rules.payments import PaymentShare
from procurement.orders.queries import overrides_of
from procurement.orders.rules.blockers import blocker_references, is_above_approval_limit, verifiers_of
from procurement.orders.rules.orders import delegation_for_decision
from procurement.suppliers.actions.statuses import declare_interest, set_status
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from procurement.verification.models import VerificationTask
from tests.procurement.orders.decision_steps import add_blocking_finding, add_role, another_account, lead_of
from tests.procurement.refusals import assert_refused
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT, LATER, Story
from workflow.errors import Refused
from workflow.journal.entries import history_of


def test_order_below_the_limit_is_approved_by_its_author(story: Story) -> None:
    order = approve_order(story.draft(), by=story.officer.by, at=LATER)
    assert (order.status, order.approved_by, order.approved_at) == ("approved", story.officer.user, LATER)


def test_order_whose_offer_price_has_changed_cannot_be_approved(story: Story) -> None:
    order = story.draft()
    price = LeadEdit(unit_price=lead_of(order).unit_price + 1)
    change_lead(lead_of(order), price, by=story.officer.by, at=AT, reason="The maker asks more.")
    with pytest.raises(Refused, match="now costs"):
        approve_order(order, by=story.officer.by, at=LATER)


def test_draft_order_below_the_limit_is_approved_only_by_its_author(story: Story) -> None:
    order = story.draft()
    for person in (story.second_officer, story.approver):
        with assert_refused("not_allowed", order):
            approve_order(order, by=person.by, at=AT)
    assert approve_order(order, by=story.officer.by, at=AT).status == "approved"


def test_order_above_the_limit_is_submitted_to_an_approver(story: Story) -> None:
    story.limit("7000")
    order = story.draft()
    with assert_refused("not_ready", order) as caught:
        approve_order(order, by=story.officer.by, at=AT)
    assert "Send the order for approval." in str(caught.value)
    submit_order(order, by=story.officer.by, at=AT)
    approve_order(order, by=story.approver.by, at=LATER)
    assert (order.status, order.approved_by) == ("approved", story.approver.user)


def test_order_exactly_at_the_limit_needs_no_approver(story: Story) -> None:
    story.limit("7053.18")
    assert not is_above_approval_limit(story.draft())


def test_order_without_a_city_limit_or_known_total_needs_an_approver(story: Story) -> None:
    story.limit(None)
    assert is_above_approval_limit(story.draft())
    story.limit("1000000")
    assert is_above_approval_limit(story.gift(story.promise(kind="donation", price=None)))


def test_author_with_approver_role_cannot_approve_their_own_order(story: Story) -> None:
    order = submit_order(story.draft(), by=story.officer.by, at=AT)
    both = add_role(story, story.officer.user, Membership.Role.APPROVER)
    with assert_refused("not_allowed", order) as caught:
        approve_order(order, by=both.by, at=AT)
    assert "You created or changed this order" in str(caught.value)
    assert caught.value.details["show"]


@pytest.mark.parametrize("what", ["costs", "payments", "account"])
def test_person_who_edited_an_order_cannot_approve_it_or_be_covered_by_a_delegate(
    story: Story, what: str
) -> None:
    order = story.draft()
    both = add_role(story, story.second_officer.user, Membership.Role.APPROVER)
    who = {"by": both.by, "at": AT}
    if what == "costs":
        edit_order(order, OrderEdit(extra_costs=Decimal(100)), **who)
    elif what == "payments":
        set_payment_schedule(order, [PaymentShare("after_inspection", 100)], deposit_reason="", **who)
    else:
        choose_account(order, story.account(), reason="From the invoice.", **who)
    submit_order(order, by=story.officer.by, at=AT)
    with assert_refused("not_allowed", order) as caught:
        approve_order(order, by=both.by, at=AT)
    assert "You created or changed this order" in str(caught.value)
    away = ActiveDelegation(1, story.city.pk, both.user.pk, str(both.user), AT.date())
    assert (
        delegation_for_decision(
            replace(story.approver.by, delegations=(away,)), Order.objects.get(pk=order.pk)
        )
        is None
    )


def test_delegation_for_the_author_in_another_city_does_not_prevent_approval(story: Story) -> None:
    order = submit_order(story.draft(), by=story.officer.by, at=AT)
    author = story.officer.user
    elsewhere = ActiveDelegation(1, 0, author.pk, str(author), AT.date())
    approve_order(order, by=replace(story.approver.by, delegations=(elsewhere,)), at=LATER)
    assert (order.status, order.approved_under) == ("approved", None)


def test_verifier_of_an_offer_cannot_approve_its_order(story: Story) -> None:
    order = submit_order(story.draft(), by=story.officer.by, at=AT)
    both = add_role(story, story.verifier.user, Membership.Role.APPROVER)
    with assert_refused("not_allowed", order) as caught:
        approve_order(order, by=both.by, at=AT)
    assert "verified" in str(caught.value)


def test_person_with_a_declared_interest_cannot_submit_approve_or_place_the_order(story: Story) -> None:
    draft, approved, promised, more = story.draft(), story.approved(), story.promise(), story.promise()
    waiting = submit_order(story.draft(), by=story.officer.by, at=AT)
    maker = story.company("黄埔制造 DEMO")
    goods = story.promise(maker=maker)
    for person, company in (
        (story.officer, story.supplier),
        (story.approver, story.supplier),
        (story.second_officer, maker),
    ):
        declare_interest(company, person.user, words="a cousin", by=person.by, at=AT)
    with assert_refused("not_allowed", goods):
        second = powers_for(story.second_officer.user)
        create_order(story.city, [goods], author=story.second_officer.user, by=second, at=AT)
    assert (
        create_order(story.city, [promised], author=story.second_officer.user, by=second, at=AT).status
        == "draft"
    )
    officer, approver = powers_for(story.officer.user), powers_for(story.approver.user)
    with assert_refused("not_allowed", more):
        create_order(story.city, [more], author=story.officer.user, by=officer, at=AT)
    for order, move, by in (
        (draft, submit_order, officer),
        (draft, approve_order, officer),
        (approved, place_order, officer),
        (waiting, approve_order, approver),
    ):
        with assert_refused("not_allowed", order):
            move(order, by=by, at=LATER)


def test_person_with_a_declared_interest_cannot_create_or_edit_orders_and_donations(story: Story) -> None:
    draft, gift, promised = story.draft(), story.accepted(), story.promise(kind="donation")
    declare_interest(story.supplier, story.officer.user, words="a cousin", by=story.officer.by, at=AT)
    by = powers_for(story.officer.user)
    with assert_refused("not_allowed", draft):
        edit_order(draft, OrderEdit(extra_costs=Decimal(1)), by=by, at=LATER)
    higher = {gift.lines.get().pk: Decimal("0.60")}
    with assert_refused("not_allowed", gift):
        edit_order(gift, OrderEdit(), unit_values=higher, by=by, at=LATER)
    with assert_refused("not_allowed", promised):
        create_donation(story.city, [promised], author=story.officer.user, by=by, at=LATER)


def test_approver_returns_an_order_to_its_author_with_a_reason(story: Story) -> None:
    order = submit_order(story.draft(), by=story.officer.by, at=AT)
    with assert_refused("reason_missing", order):
        return_to_author(order, reason="", by=story.approver.by, at=AT)
    return_to_author(order, reason="Why not the cheaper offer?", by=story.approver.by, at=AT)
    assert order.status == "draft"


def test_fewer_than_three_offers_require_a_reason_before_approval(story: Story) -> None:
    order = story.draft(few_offers_reason=" ")
    for move in (approve_order, submit_order):
        with assert_refused("not_ready", order) as caught:
            move(order, by=story.officer.by, at=AT)
        assert caught.value.details["field"] == "few_offers_reason"
    edit_order(order, OrderEdit(offers_sought=3), by=story.officer.by, at=AT)
    for move in (approve_order, submit_order):
        with assert_refused("not_ready", order) as caught:
            move(order, by=story.officer.by, at=AT)
        assert caught.value.details["field"] == "offers_sought_reason"
    edit_order(order, OrderEdit(offers_sought_reason="Two by phone"), by=story.officer.by, at=AT)
    assert approve_order(order, by=story.officer.by, at=AT).status == "approved"


def test_emergency_order_requires_the_reference_of_its_authority(story: Story) -> None:
    order = story.draft(authority="emergency")
    with assert_refused("not_ready", order) as caught:
        approve_order(order, by=story.officer.by, at=AT)
    assert caught.value.details["field"] == "authority_reference"
    edit_order(order, OrderEdit(authority_reference="Council 2020-17"), by=story.officer.by, at=AT)
    assert approve_order(order, by=story.officer.by, at=AT).status == "approved"


def test_order_with_an_unverified_offer_cannot_be_approved(story: Story) -> None:
    order = story.draft()
    lead = reopen_lead(lead_of(order), reason="a doubt", by=story.officer.by, at=AT)
    with assert_refused("not_ready", order) as caught:
        approve_order(order, by=story.officer.by, at=AT)
    assert caught.value.details["obstacles"] == [lead.reference]


def test_order_with_a_blocking_finding_cannot_be_approved(story: Story) -> None:
    order = story.draft()
    finding = add_blocking_finding(order)
    with assert_refused("not_ready", order) as caught:
        approve_order(order, by=story.officer.by, at=LATER)
    assert caught.value.details["obstacles"] == [lead_of(order).reference, finding.reference]


def test_blocking_finding_after_approval_prevents_placing_the_order(story: Story) -> None:
    order = story.approved()
    add_blocking_finding(order)
    with assert_refused("not_ready", order):
        place_order(order, by=story.officer.by, at=LATER)


def test_approver_overrides_blocking_issues_with_a_written_reason(story: Story) -> None:
    order = story.draft()
    add_blocking_finding(order)
    with assert_refused("reason_missing", order):
        override_blockers(order, reason="", by=story.approver.by, at=LATER)
    override_blockers(
        order, reason="The maker was called; wards run dry on Friday.", by=story.approver.by, at=LATER
    )
    assert order.override_by == story.approver.user
    assert order.override_covers == blocker_references(order)
    assert approve_order(order, by=story.officer.by, at=LATER).status == "approved"


def test_override_does_not_cover_later_findings(story: Story) -> None:
    order = story.draft()
    add_blocking_finding(order)
    override_blockers(order, reason="The maker was called.", by=story.approver.by, at=LATER)
    later = add_blocking_finding(order, "parcels_short")
    with assert_refused("not_ready", order) as caught:
        approve_order(order, by=story.officer.by, at=LATER)
    assert caught.value.details["obstacles"] == [later.reference]
    second = story.person("approver")
    override_blockers(order, reason="Counted again.", by=second.by, at=LATER)
    told = overrides_of(history_of(order).order_by("pk"))
    assert [(one.overridden_by, one.reason, one.covered_references) for one in told] == [
        (str(story.approver.user), "The maker was called.", order.override_covers[:2]),
        (str(second.user), "Counted again.", [later.reference]),
    ]
    with assert_refused("not_ready", order):
        override_blockers(order, reason="Once more.", by=second.by, at=LATER)
    assert approve_order(order, by=story.officer.by, at=LATER).status == "approved"


def test_author_and_officers_cannot_override_blocking_issues(story: Story) -> None:
    order = story.draft()
    add_blocking_finding(order)
    both = add_role(story, story.officer.user, Membership.Role.APPROVER)
    for by in (story.officer.by, both.by, story.logistics.by):
        with assert_refused("not_allowed", order):
            override_blockers(order, reason="I know them", by=by, at=LATER)


def test_changed_bank_account_finding_cannot_be_overridden(story: Story) -> None:
    order = story.draft()
    held = another_account(story, order)
    override_blockers(order, reason="They are honest.", by=story.approver.by, at=LATER)
    assert order.override_covers == [
        lead_of(order).reference
    ]  # the finding about the offer that went back to checking, not the one about the account
    with assert_refused("not_ready", order) as caught:
        approve_order(order, by=story.officer.by, at=LATER)
    assert caught.value.details["obstacles"] == [held.reference]
    SupplierLead.objects.update(status="verified", verified_by=story.verifier.user, verified_at=AT)
    with assert_refused("not_ready", order) as caught:
        override_blockers(order, reason="They are honest.", by=story.approver.by, at=LATER)
    assert "Another person must settle each one" in str(caught.value)


def test_override_without_a_blocking_issue_is_refused(story: Story) -> None:
    order = story.draft()
    with assert_refused("not_ready", order):
        override_blockers(order, reason="to be safe", by=story.approver.by, at=AT)


def test_order_from_a_suspended_supplier_cannot_be_approved(story: Story) -> None:
    order = story.draft()
    set_status(
        story.supplier,
        story.city,
        "suspended",
        reason="delivered gloves with holes",
        starts_on=date(2020, 4, 1),
        by=story.officer.by,
        at=AT,
    )
    with assert_refused("kept_out", order) as caught:
        approve_order(order, by=story.officer.by, at=AT)
    assert "holes" in str(caught.value)


def test_supplier_whose_ban_ended_yesterday_can_be_ordered_from(story: Story) -> None:
    set_status(
        story.supplier,
        story.city,
        "banned",
        reason="a bad batch",
        starts_on=date(2020, 3, 1),
        ends_on=AT.date() - timedelta(days=1),
        by=story.officer.by,
        at=AT,
    )
    assert story.placed().status == "placed"


def test_placed_order_is_confirmed_with_a_promised_date_and_marked_ready(story: Story) -> None:
    order = story.placed()
    assert order.placed_at == AT
    record_confirmation(order, promised_on=date(2020, 4, 25), by=story.officer.by, at=LATER)
    assert (order.confirmed_at, order.promised_on) == (LATER, date(2020, 4, 25))
    assert mark_ready(order, by=story.officer.by, at=LATER).status == "ready_to_ship"


@pytest.mark.parametrize("reach", ["approved", "placed", "confirmed", "ready"])
def test_approved_purchase_cannot_be_edited(story: Story, reach: str) -> None:
    order = getattr(story, reach)()
    with assert_refused("wrong_status", order):
        edit_order(order, OrderEdit(extra_costs=Decimal(1)), by=story.officer.by, at=LATER)
    with assert_refused("not_allowed", order):
        edit_order(order, OrderEdit(extra_costs=Decimal(1)), by=story.approver.by, at=LATER)


def test_person_who_accepted_check_report_cannot_approve_order_above_the_limit(story: Story) -> None:
    story.limit("7000")
    lead = story.lead(story.line())
    assert set(lead.checks.filter(status="accepted").values_list("reviewed_by", flat=True)) == {
        story.officer.user.pk
    }
    promised = actions.allocate(
        lead, lead.line, 10_000, author=story.second_officer.user, by=story.second_officer.by, at=AT
    )
    order = submitted_order_by_second_officer(story, promised)
    both = add_role(story, story.officer.user, Membership.Role.APPROVER)
    with assert_refused("not_allowed", order) as caught:
        approve_order(order, by=both.by, at=AT)
    assert "accepted a report" in str(caught.value)
    assert caught.value.details["show"]
    approve_order(order, by=story.approver.by, at=LATER)
    assert order.approved_by == story.approver.user


def test_reviewer_of_another_offers_report_may_approve_the_order(story: Story) -> None:
    order = submit_order(story.draft(), by=story.officer.by, at=AT)
    other = story.lead(story.line())
    VerificationTask.objects.filter(lead=other).update(reviewed_by=story.approver.user)
    mine = VerificationTask.objects.filter(lead=lead_of(order)).order_by("pk")
    mine.filter(pk=mine[0].pk).update(status="returned", reviewed_by=story.approver.user)
    assert story.approver.user.pk not in verifiers_of(order)
    assert approve_order(order, by=story.approver.by, at=LATER).status == "approved"


def submitted_order_by_second_officer(story: Story, promised: Allocation) -> Order:
    """Return an order that a second officer wrote and sent to an approver."""
    mine = story.second_officer
    order = create_order(
        story.city, [promised], few_offers_reason="Only one had stock.", author=mine.user, by=mine.by, at=AT
    )
    return submit_order(order, by=mine.by, at=AT)


@pytest.mark.parametrize(
    ("email", "percent", "remark", "alone"),
    [
        ("boss@foxmail.com", 50, "", False),
        ("sales@kanghu.example", 60, "Please wire the deposit today", False),
        ("boss@foxmail.com", 30, "Please wire the deposit today", True),
        ("sales@kanghu.example", 60, "URGENT - COVID-19", True),
    ],
)
def test_combined_warning_signs_send_an_order_below_the_limit_to_an_approver(
    story: Story, email: str, percent: int, remark: str, *, alone: bool
) -> None:
    correct_supplier(story.supplier, SupplierEdit(email=email), by=story.officer.by, at=AT)
    order = story.draft(story.promise(prepayment_percent=percent, remark=remark))
    lead = lead_of(order)
    found = lead.findings.filter(code="flags_together").first()
    assert (found is None) == alone
    if found:
        who = {"answered_by": story.verifier.user, "by": story.verifier.by, "at": AT}
        answer_finding(found, answer="They explained it on the phone.", **who)
        with assert_refused("not_ready", order) as caught:
            approve_order(order, by=story.officer.by, at=LATER)
        assert "approver who did not create it" in str(caught.value)
        assert "Several warning signs occur together" in str(caught.value)
        submit_order(order, by=story.officer.by, at=LATER)
    approve_order(order, by=(story.officer if alone else story.approver).by, at=LATER)
    assert order.status == "approved"
