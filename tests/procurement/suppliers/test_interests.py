"""Tests of declared interests: a person with an interest in a company neither reports on it nor decides about it.

Another person must record its end.
"""

from collections.abc import Callable
from typing import Any

import pytest

from procurement.allocations import actions
from procurement.leads.actions.decisions import reopen_lead
from procurement.leads.actions.leads import verify_lead
from procurement.orders.actions.approve import submit_order
from procurement.suppliers.actions.merging import merge_suppliers
from procurement.suppliers.actions.statuses import declare_interest, end_interest
from procurement.suppliers.models.statuses import InterestDeclaration
from procurement.verification.actions.reports import accept_report
from tests.procurement.refusals import assert_refused
from tests.procurement.suppliers.permission_table import enter_certificate
from tests.worlds import cities
from tests.worlds.checks import submitted_check
from tests.worlds.cities import own_link, powers_for
from tests.worlds.leads import offer_under_review
from tests.worlds.need_to_order import AT, Person, Story
from workflow.actors import SYSTEM
from workflow.moves import moves_of


def person_with_interest(story: Story, person: Person, company: Any = None) -> Person:
    """Return a person of the city after they declared an interest in a company."""
    declare_interest(company or story.supplier, person.user, words="a cousin", by=person.by, at=AT)
    return Person(person.user, powers_for(person.user))


def submitted_order(story: Story) -> Any:
    return submit_order(story.draft(), by=story.officer.by, at=AT)


def planned_payment(story: Story) -> Any:
    return story.placed().payments.order_by("pk").first()


DECISIONS: list[tuple[str, Callable[[Story], Any], str, str]] = [
    ("accept a report", submitted_check, "verifier", "accept"),
    ("return a report", submitted_check, "verifier", "return"),
    ("verify an offer", offer_under_review, "verifier", "verify"),
    ("answer a finding", lambda story: story.lead(story.line()).findings.first(), "verifier", "uphold"),
    ("allocate it", lambda story: story.promise(), "officer", "confirm"),
    ("send an order to an approver", lambda story: story.draft(), "officer", "submit"),
    ("approve one's own order", lambda story: story.draft(), "officer", "approve"),
    ("approve someone's order", submitted_order, "approver", "approve"),
    ("override", submitted_order, "approver", "override"),
    ("place an order", lambda story: story.approved(), "officer", "place"),
    ("choose an account", lambda story: story.draft(), "officer", "use_account"),
    (
        "accept a gift",
        lambda story: story.gift(story.promise(kind="donation", price=None)),
        "approver",
        "accept",
    ),
    ("propose a payment", planned_payment, "officer", "propose"),
    ("pay", planned_payment, "second_officer", "pay"),
    ("confirm an account", lambda story: story.account(confirmed=False), "second_officer", "confirm"),
    ("call about it again", lambda story: story.account(), "second_officer", "record_callback"),
    ("use an account no longer", lambda story: story.account(), "officer", "retire"),
    ("confirm a certificate", enter_certificate, "verifier", "confirm"),
    ("doubt a certificate", enter_certificate, "verifier", "mark_altered"),
]


@pytest.mark.parametrize(("what", "reach", "who", "verb"), DECISIONS, ids=[row[0] for row in DECISIONS])
def test_person_with_a_declared_interest_is_refused_every_decision_about_the_company(
    story: Story, what: str, reach: Callable[[Story], Any], who: str, verb: str
) -> None:
    thing = reach(story)
    before, move = getattr(story, who), moves_of(thing)[verb]
    known = move.refusal(before.by, thing, AT)
    after = person_with_interest(story, before)
    closed = move.refusal(after.by, thing, AT)
    assert known is None or "interest" not in str(known)
    assert closed is not None and "You declared an interest in this company" in str(closed)
    assert closed.details["show"], "the greyed button says why"
    if thing.status in move.source:
        shown = {one.verb: no for one, no in moves_of(thing).available(after.by, thing, AT)}
        assert str(shown[verb]) == str(closed)


def test_action_by_a_person_with_an_interest_is_refused_while_another_person_succeeds(story: Story) -> None:
    lead = story.lead(story.line())
    reopen_lead(lead, reason="look again", by=story.officer.by, at=AT)
    mine = person_with_interest(story, story.verifier)
    with assert_refused("not_allowed", lead):
        verify_lead(lead, verifier=mine.user, by=mine.by, at=AT)
    verify_lead(lead, verifier=story.second_officer.user, by=story.second_officer.by, at=AT)
    officer = person_with_interest(story, story.officer)
    with assert_refused("not_allowed", lead):
        actions.allocate(lead, lead.line, 1_000, author=officer.user, by=officer.by, at=AT)


def test_interest_in_the_maker_counts_when_a_trader_offers_its_goods(story: Story) -> None:
    lead = offer_under_review(story)
    maker = story.company("佛山安洁医疗器械有限公司 DEMO")
    mine = person_with_interest(story, story.verifier, maker)
    assert "interest" not in str(moves_of(lead)["verify"].refusal(mine.by, lead, AT))
    lead.maker = maker
    assert "interest" in str(moves_of(lead)["verify"].refusal(mine.by, lead, AT))


def test_interest_holds_for_every_row_of_a_merged_company_and_no_other(story: Story) -> None:
    other = story.company("另一家 DEMO")
    mine = person_with_interest(story, story.verifier, other)
    assert mine.by.companies_with_interest == {other.pk}
    merge_suppliers(other, into=story.supplier, reason="one company", by=story.officer.by, at=AT)
    assert powers_for(mine.user).companies_with_interest == {other.pk, story.supplier.pk}
    assert story.officer.by.companies_with_interest == SYSTEM.companies_with_interest == frozenset()


def test_person_can_decide_again_after_another_person_ends_their_interest(story: Story) -> None:
    task = submitted_check(story)
    mine = person_with_interest(story, story.verifier)
    interest = InterestDeclaration.objects.get()
    with assert_refused("not_allowed", interest):
        end_interest(interest, reason="sold", by=mine.by, at=AT)
    with assert_refused("reason_missing", interest):
        end_interest(interest, reason=" ", by=story.officer.by, at=AT)
    end_interest(interest, reason="they showed the sale", by=story.officer.by, at=AT)
    again = powers_for(mine.user)
    accept_report(task, reviewer=mine.user, by=again, at=AT)
    assert task.status == "accepted"


def test_declared_interests_are_visible_to_staff_coordinators_and_the_person(story: Story) -> None:
    person_with_interest(story, story.verifier)
    for by in (story.stranger.by, cities.powers("coordinator"), story.verifier.by):
        assert InterestDeclaration.objects.visible_to(by).search("康护").count() == 1
    assert not InterestDeclaration.objects.visible_to(own_link(story.contact)).exists()
    assert not InterestDeclaration.objects.search("nobody")
