"""Tests of the people who are notified of a comment.

They take part in the work on the object and may read the comment.
"""

from typing import Any

import pytest

from accounts.models import User
from partners.agreements.actions import add_agreement
from procurement.customs.actions import record_hold
from procurement.logistics.actions.planning import assign_broker
from procurement.outreach.actions.inquiries import ask_partner_city
from procurement.suppliers.models.changes import SupplierChange
from tests.procurement.api.program import Program
from tests.procurement.outreach.consents.test_by_partner_contact import draft_inquiry_through
from tests.worlds import cities
from tests.worlds.cities import Role, powers_for
from tests.worlds.need_to_order import AT
from tests.worlds.notifications import notifications_of
from workflow.comments_and_files.actions import add_comment
from workflow.comments_and_files.models import Comment
from workflow.journal.models import Entry
from workflow.outbox.models import Notification

pytestmark = pytest.mark.django_db


def readers_of_comment(thing: Any, person: User) -> set[User]:
    """Return the readers of a notice about this person's comment, after checking that each may read it."""
    add_comment(thing, "Between ourselves.", by=powers_for(person), at=AT, language="en")
    entry = Entry.objects.about(thing).filter(verb="comment").latest("pk")
    readers = {notice.recipient for notice in notifications_of(entry)}
    for reader in readers:
        assert Comment.objects.visible_to(powers_for(reader)).filter(pk=entry.facts["comment"]).exists()
    return readers


def readers_of_entry(thing: Any, verb: str) -> set[User]:
    """Return the readers of the notice about the latest entry with this verb."""
    return {
        notice.recipient
        for notice in notifications_of(Entry.objects.about(thing).filter(verb=verb).latest("pk"))
    }


def test_comment_on_a_proposed_supplier_change_reaches_only_the_writers_city(story):
    story.lead(story.line())
    markham, colleague = story.stranger.user, cities.member(Role.OFFICER, cities.city("markham"))
    body = {"verb": "correct", "values": {"name_en": "Kang"}, "reason": "The licence says so."}
    Program(markham).post("supplier-changes/", {"thing": f"suppliers/{story.supplier.reference}", **body})
    change = SupplierChange.objects.get()
    assert readers_of_entry(change, "propose") == {story.officer.user}
    verifier = story.verifier.user
    assert readers_of_comment(change, verifier) == {story.officer.user}
    assert readers_of_comment(change, colleague) == {markham}


def test_comment_on_an_inquiry_awaiting_consent_does_not_reach_the_partner_city(story):
    asked = cities.member(Role.OFFICER, cities.city("zhongshan"))
    question = ask_partner_city(draft_inquiry_through(story), by=story.officer.by, at=AT)
    assert readers_of_entry(question, "ask_partner") == {asked}
    assert readers_of_comment(question, story.second_officer.user) == {story.officer.user}


def test_comment_on_an_unconfirmed_agreement_does_not_reach_the_other_city(story):
    mine, theirs = (cities.member(Role.ADMINISTRATOR, cities.city(city)) for city in ("burnaby", "huaian"))
    agreement = add_agreement(
        cities.city("burnaby"), cities.city("huaian"), kind="sister", source_url="https://register.example/a",
        by=powers_for(mine), at=AT,
    )  # fmt: skip
    assert readers_of_entry(agreement, "ask_to_confirm") == {theirs}
    assert readers_of_comment(agreement, mine) == set()
    assert readers_of_comment(agreement, story.officer.user) == {mine}


def test_assigned_broker_is_notified_of_comments_on_a_customs_hold_but_not_on_the_shipment(story):
    shipment = story.plan()
    assign_broker(shipment, story.broker.user, by=story.officer.by, at=AT)
    assert story.broker.user not in readers_of_comment(shipment, story.second_officer.user)
    held = record_hold(
        story.clearance(shipment, "import"), reason="No stamp", question="", by=story.officer.by, at=AT
    )
    assert story.broker.user in readers_of_entry(held, "hold")
    assert story.broker.user in readers_of_comment(held, story.second_officer.user)


def test_comment_by_the_only_person_involved_reaches_the_other_officers(story, inquiry):
    other = story.second_officer.user
    assert readers_of_comment(inquiry, story.officer.user) == {other}
    assert Notification.objects.filter(entry__verb="comment").count() == 1
