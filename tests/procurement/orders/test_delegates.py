"""Tests of approval by a delegate: what a delegate may decide, what the record shows, and who may not give the second approval."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.models import User
from partners.memberships import actions
from partners.memberships.models import Delegation, Membership
from procurement.notifications.builder import build_notifications_for_entry
from procurement.orders.actions.approve import (
    accept_donation,
    approve_order,
    override_blockers,
    return_to_author,
    submit_order,
)
from procurement.orders.actions.create import OrderEdit, edit_order
from procurement.suppliers.actions.statuses import declare_interest, end_interest
from tests.procurement.orders.decision_steps import add_blocking_finding, add_role
from tests.procurement.refusals import assert_refused
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT, LATER, Person, Story
from workflow.clock import clear_instance_cache, create_instance
from workflow.formatting import format_day
from workflow.journal.entries import history_of


@pytest.fixture
def practice_story(story: Story):
    """Return the example purchase (`Story`) on a practice site, whose date decides who is away today."""
    clear_instance_cache()
    create_instance("practice", AT)
    yield story
    clear_instance_cache()


def delegate_for_a_week(story: Story, delegator: User, deputy: User) -> Person:
    """Return the delegate of a person who is away for a week from today."""
    actions.delegate_approvals(
        story.city,
        deputy,
        starts_on=AT.date(),
        ends_on=AT.date() + timedelta(days=7),
        by=powers_for(delegator),
        at=AT,
    )
    return Person(deputy, powers_for(deputy))


def test_delegate_approves_and_overrides_in_the_name_of_the_absent_approver(practice_story: Story) -> None:
    story, order = practice_story, submit_order(practice_story.draft(), by=practice_story.officer.by, at=AT)
    deputy = delegate_for_a_week(story, story.approver.user, story.second_officer.user)
    return_to_author(order, reason="Why?", by=deputy.by, at=AT)
    data = {"on_behalf_of": str(story.approver.user), "absent_until": "2020-04-23"}
    assert history_of(order).filter(verb="return").get().facts == data
    assert order.described_facts(data) == [
        ("on behalf of", f"{story.approver.user}, absent until {format_day(date(2020, 4, 23))}")
    ]
    submit_order(order, by=story.officer.by, at=AT)
    finding = add_blocking_finding(order)
    override_blockers(order, reason="Wards run dry.", by=deputy.by, at=LATER)
    assert finding.reference in order.override_covers
    approve_order(order, by=deputy.by, at=LATER)
    assert order.approved_under is not None
    assert (order.approved_by, order.approved_under.delegator) == (deputy.user, story.approver.user)
    assert order.override_under == order.approved_under


def test_delegate_is_notified_of_a_waiting_order_only_during_the_delegation(practice_story: Story) -> None:
    """A delegate is not notified before the first day or after the last day."""
    approver = practice_story.approver.user
    deputy = delegate_for_a_week(practice_story, approver, practice_story.second_officer.user).user
    order = submit_order(practice_story.draft(), by=practice_story.officer.by, at=AT)
    entry = history_of(order).get(verb="submit")
    assert {one.recipient for one in build_notifications_for_entry(entry, AT).notices} == {approver, deputy}
    Delegation.objects.update(starts_on=AT.date() + timedelta(days=1))
    assert {one.recipient for one in build_notifications_for_entry(entry, AT).notices} == {approver}


def test_action_of_an_author_on_their_own_order_is_not_recorded_as_delegated(practice_story: Story) -> None:
    order = practice_story.draft()
    author = delegate_for_a_week(practice_story, practice_story.approver.user, practice_story.officer.user)
    submit_order(order, by=author.by, at=AT)
    return_to_author(order, reason="My mistake.", by=author.by, at=AT)
    assert history_of(order).filter(verb="return").get().facts == {}
    approve_order(order, by=author.by, at=AT)
    assert (order.status, order.approved_under) == ("approved", None)
    assert order.described_facts({}) == []


def test_delegate_cannot_approve_when_delegate_or_approver_worked_on_the_order(practice_story: Story) -> None:
    story, order = practice_story, submit_order(practice_story.draft(), by=practice_story.officer.by, at=AT)
    author = delegate_for_a_week(story, story.approver.user, story.officer.user)
    verifier = delegate_for_a_week(story, story.approver.user, story.verifier.user)
    add_role(
        story, story.officer.user, Membership.Role.APPROVER
    )  # the author is also an approver, and then goes away
    add_role(story, story.verifier.user, Membership.Role.APPROVER)  # so is the verifier of its offer
    theirs = delegate_for_a_week(story, story.officer.user, story.second_officer.user)
    of_verifier = delegate_for_a_week(story, story.verifier.user, story.observer.user)
    for person in (author, verifier, theirs, of_verifier):
        with assert_refused("not_allowed", order) as caught:
            approve_order(order, by=person.by, at=AT)
        assert caught.value.details["show"]
    both = delegate_for_a_week(
        story, story.approver.user, story.second_officer.user
    )  # neither person had a part
    approve_order(order, by=both.by, at=AT)
    assert order.approved_under is not None
    assert order.approved_under.delegator == story.approver.user


def test_delegate_cannot_approve_for_an_approver_with_a_declared_interest(practice_story: Story) -> None:
    story, order = practice_story, submit_order(practice_story.draft(), by=practice_story.officer.by, at=AT)
    absent = story.approver
    interest = declare_interest(story.supplier, absent.user, words="a cousin", by=absent.by, at=AT)
    deputy = delegate_for_a_week(story, absent.user, story.second_officer.user)
    with assert_refused("not_allowed", order) as caught:
        approve_order(order, by=deputy.by, at=AT)
    assert "has an interest in the company" in str(caught.value)
    end_interest(interest, reason="sold", by=story.officer.by, at=AT)
    assert approve_order(order, by=deputy.by, at=AT).status == "approved"


def test_delegate_accepts_a_donation_above_the_limit_and_raises_its_value(practice_story: Story) -> None:
    story = practice_story
    story.limit("1000")
    gift = story.gift()
    deputy = delegate_for_a_week(story, story.approver.user, story.observer.user)
    accept_donation(gift, by=deputy.by, at=LATER)
    assert gift.approved_under is not None
    line = gift.lines.get()
    edit_order(gift, OrderEdit(), unit_values={line.pk: Decimal(2)}, by=deputy.by, at=LATER)
    assert gift.approved_under is not None
    story.limit("1000000")
    edit_order(gift, OrderEdit(), unit_values={line.pk: Decimal(3)}, by=story.officer.by, at=LATER)
    assert (gift.approved_by, gift.approved_under) == (story.officer.user, None)
