"""Deciding in somebody's place: what a deputy may, what the record says of it, and where a deputy is no second person."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import User
from partners.actions import delegations
from partners.models.delegations import Delegation
from partners.models.people import Membership
from procurement.notices.planning import tell
from procurement.orders.actions import deciding, making
from procurement.orders.actions.deciding import send_back
from procurement.suppliers.actions.judgements import declare_interest, end_interest
from tests.procurement.orders.deciding.play import also, block
from tests.procurement.refusals import refused
from tests.procurement.story import AT, LATER, Person, Story
from tests.world import powers_for
from workflow import clock
from workflow.clock import create_instance
from workflow.journal.entries import history_of


@pytest.fixture
def clocked(story: Story):
    """The clock stands where the story does: by it, it is told who is away today."""
    clock.forget()
    create_instance("practice", AT)
    yield story
    clock.forget()


def away(story: Story, giver: User, deputy: User) -> Person:
    """The deputy, from today on for a week."""
    delegations.delegate(
        story.city,
        deputy,
        starts_on=AT.date(),
        ends_on=AT.date() + timedelta(days=7),
        by=powers_for(giver),
        at=AT,
    )
    return Person(deputy, powers_for(deputy))


def test_a_deputy_decides_and_every_decision_says_in_whose_place(clocked: Story) -> None:
    story, order = clocked, deciding.submit(clocked.draft(), by=clocked.officer.by, at=AT)
    deputy = away(story, story.approver.user, story.second_officer.user)
    send_back(order, reason="Why?", by=deputy.by, at=AT)
    told = {"stands_in_for": str(story.approver.user), "absent_until": "2020-04-23"}
    assert history_of(order).filter(verb="return").get().facts == told
    assert order.tell(told) == [("in the place of", f"{story.approver.user}, absent until 2020-04-23")]
    deciding.submit(order, by=story.officer.by, at=AT)
    finding = block(order)
    deciding.override(order, reason="Wards run dry.", by=deputy.by, at=LATER)
    assert finding.reference in order.override_covers
    deciding.approve(order, by=deputy.by, at=LATER)
    assert order.approved_under is not None
    assert (order.approved_by, order.approved_under.giver) == (deputy.user, story.approver.user)
    assert order.override_under == order.approved_under


def test_whoever_stands_in_for_an_approver_is_told_of_an_order_that_waits(clocked: Story) -> None:
    """And nobody whose days are over, or were never to begin by now."""
    approver = clocked.approver.user
    deputy = away(clocked, approver, clocked.second_officer.user).user
    order = deciding.submit(clocked.draft(), by=clocked.officer.by, at=AT)
    entry = history_of(order).get(verb="submit")
    assert {one.recipient for one in tell(entry, AT).notices} == {approver, deputy}
    Delegation.objects.update(starts_on=AT.date() + timedelta(days=1))
    assert {one.recipient for one in tell(entry, AT).notices} == {approver}


def test_what_its_author_does_to_their_own_order_is_in_nobodys_place(clocked: Story) -> None:
    order = clocked.draft()
    author = away(clocked, clocked.approver.user, clocked.officer.user)
    deciding.submit(order, by=author.by, at=AT)
    send_back(order, reason="My mistake.", by=author.by, at=AT)
    assert history_of(order).filter(verb="return").get().facts == {}
    deciding.approve(order, by=author.by, at=AT)
    assert (order.status, order.approved_under) == ("approved", None)
    assert order.tell({}) == []


def test_a_deputy_is_no_second_person_where_either_had_a_hand_in_it(clocked: Story) -> None:
    story, order = clocked, deciding.submit(clocked.draft(), by=clocked.officer.by, at=AT)
    author = away(story, story.approver.user, story.officer.user)
    verifier = away(story, story.approver.user, story.verifier.user)
    also(
        story, story.officer.user, Membership.Role.APPROVER
    )  # who wrote it is an approver, too, and goes away
    theirs = away(story, story.officer.user, story.second_officer.user)
    for person in (author, verifier, theirs):
        with refused("not_allowed", order) as caught:
            deciding.approve(order, by=person.by, at=AT)
        assert caught.value.details["show"]
    both = away(story, story.approver.user, story.second_officer.user)  # for one who had none, they may
    deciding.approve(order, by=both.by, at=AT)
    assert order.approved_under is not None
    assert order.approved_under.giver == story.approver.user


def test_a_deputy_decides_nothing_in_the_place_of_somebody_whom_the_company_concerns(clocked: Story) -> None:
    story, order = clocked, deciding.submit(clocked.draft(), by=clocked.officer.by, at=AT)
    absent = story.approver
    interest = declare_interest(story.supplier, absent.user, words="a cousin", by=absent.by, at=AT)
    deputy = away(story, absent.user, story.second_officer.user)
    with refused("not_allowed", order) as caught:
        deciding.approve(order, by=deputy.by, at=AT)
    assert "whom the company concerns" in str(caught.value)
    end_interest(interest, reason="sold", by=story.officer.by, at=AT)
    assert deciding.approve(order, by=deputy.by, at=AT).status == "approved"


def test_a_gift_above_the_limit_is_accepted_by_a_deputy_and_its_value_raised(clocked: Story) -> None:
    story = clocked
    story.limit("1000")
    gift = story.gift()
    deputy = away(story, story.approver.user, story.observer.user)
    deciding.accept(gift, by=deputy.by, at=LATER)
    assert gift.approved_under is not None
    line = gift.lines.get()
    making.edit(gift, unit_values={line.pk: Decimal(2)}, by=deputy.by, at=LATER)
    assert gift.approved_under is not None
    story.limit("1000000")
    making.edit(gift, unit_values={line.pk: Decimal(3)}, by=story.officer.by, at=LATER)
    assert (gift.approved_by, gift.approved_under) == (story.officer.user, None)
