"""Tests of people who lose access between the planning and the sending of a mail.

They left the city, or lost the role or the power to approve, and get no mail about its objects.
"""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actors import CONSOLE_ACTOR
from accounts.models import User
from partners.memberships import actions
from partners.memberships.actions import end_delegation, end_role, grant_role
from partners.memberships.models import Membership
from procurement.customs.actions import record_hold
from procurement.logistics.actions.planning import assign_broker
from procurement.notifications import audiences
from procurement.notifications.audiences import customs_staff, delegation_parties
from procurement.notifications.builder import (
    _is_still_recipient,
    build_messages,
    build_notifications_for_entry,
)
from procurement.notifications.digest import digest_groups
from procurement.notifications.notices import STAFF_TEMPLATE
from procurement.orders.actions.approve import submit_order
from procurement.requests.approval.actions import submit_request
from procurement.suppliers.actions.changes import decline_change, propose_change
from procurement.tasks import deliver_messages
from tests.procurement.notifications import test_message_table
from tests.procurement.notifications.test_every_status import rows_in_true_states
from tests.procurement.requests.need_approval_steps import draft_to_submit, need_with_change, submitted_need
from tests.worlds import cities
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.clock import advance_clock, clear_instance_cache
from workflow.journal.entries import history_of
from workflow.outbox.models import Message

pytestmark = pytest.mark.django_db
things = test_message_table.things
OWN = (
    audiences.item_owner,
    delegation_parties,
    audiences.approval_delegate,
)


@pytest.fixture
def story(db) -> Journey:
    voyage = Journey()
    voyage.practise()
    yield voyage
    clear_instance_cache()


def plan_messages_of(thing, verb: str) -> list[Message]:
    entry = history_of(thing).filter(verb=verb).first()
    messages = [one for one in build_messages(entry, entry.at) if one.template == STAFF_TEMPLATE]
    for message in messages:
        message.save()
    return messages


def actual_recipients(messages: list[Message]) -> set[User]:
    for message in messages:
        deliver_messages(message.next_try_at)
    return {
        one.recipient
        for one in Message.objects.filter(pk__in=[one.pk for one in messages], state=Message.State.SENT)
    }


def end_roles(person: User) -> None:
    for held in Membership.objects.active().filter(user=person):
        end_role(held, by=CONSOLE_ACTOR, at=AT)


def test_approver_deactivated_before_sending_is_not_asked_to_decide(story):
    order = story.draft()
    no_end, goes = story.approver.user, story.elsewhere("markham").user
    grant_role(goes, role="approver", city=story.city, by=CONSOLE_ACTOR, at=AT)
    submit_order(order, by=story.officer.by, at=AT)
    messages = plan_messages_of(order, "submit")
    assert {one.recipient for one in messages} == {no_end, goes}
    end_roles(goes)
    assert actual_recipients(messages) == {no_end}


def test_approver_who_became_observer_before_sending_is_not_asked_to_decide(story):
    order, person = story.draft(), story.approver.user
    submit_order(order, by=story.officer.by, at=AT)
    messages = plan_messages_of(order, "submit")
    end_roles(person)
    grant_role(person, role="observer", city=story.city, by=CONSOLE_ACTOR, at=AT)
    assert actual_recipients(messages) == set()


def test_former_approver_reads_no_pending_decision_in_notifications_or_digest(
    story,
):
    order, person = story.draft(), story.approver.user
    submit_order(order, by=story.officer.by, at=AT)
    entry = history_of(order).filter(verb="submit").first()
    for notice in build_notifications_for_entry(entry, AT).notices:
        notice.digest = entry
        notice.save()
    others, browser = "Your role has changed, so others now make this decision.", Client()
    browser.force_login(person)
    assert others not in browser.get("/notifications/").content.decode()
    assert digest_groups(entry, person)
    end_roles(person)
    grant_role(person, role="observer", city=story.city, by=CONSOLE_ACTOR, at=AT)
    assert others not in browser.get("/notifications/").content.decode(), "what others decide is gone"
    html = browser.get("/notifications/?show=all").content.decode()
    assert order.reference in html
    assert others in html
    assert digest_groups(entry, person) == []


@pytest.mark.parametrize("reach", [submitted_need, need_with_change])
def test_former_approver_of_a_need_gets_no_mail_and_reads_that_others_decide(story, reach):
    person = story.approver.user
    need = reach(story)
    verb = "submit" if reach is submitted_need else "propose_change"
    messages = plan_messages_of(need, verb)
    assert {one.recipient for one in messages} == {person}
    for notice in build_notifications_for_entry(history_of(need).filter(verb=verb).first(), AT).notices:
        notice.save()
    end_roles(person)
    grant_role(person, role="observer", city=story.city, by=CONSOLE_ACTOR, at=AT)
    assert actual_recipients(messages) == set()
    others, browser = "Your role has changed, so others now make this decision.", Client()
    browser.force_login(person)
    assert others in browser.get("/notifications/?show=all").content.decode()


@pytest.mark.parametrize("ending", ["taken back", "standing"])
def test_delegate_is_asked_to_decide_on_a_need_only_while_the_delegation_lasts(story, ending):
    deputy, today = story.logistics.user, story.city.day_at(AT)
    need = draft_to_submit(story)
    given = actions.delegate_approvals(
        story.city, deputy=deputy, starts_on=today, ends_on=today + timedelta(days=9), by=story.approver.by, at=AT
    )  # fmt: skip
    submit_request(need, by=story.officer.by, at=AT)
    messages = [one for one in plan_messages_of(need, "submit") if one.recipient == deputy]
    assert messages
    if ending == "taken back":
        end_delegation(given, by=story.approver.by, at=AT)
    assert actual_recipients(messages) == ({deputy} if ending == "standing" else set())


@pytest.mark.parametrize("ending", ["taken back", "over", "standing"])
def test_delegate_is_asked_to_decide_only_while_the_delegation_lasts(story, ending):
    order, deputy, today = story.draft(), story.logistics.user, story.city.day_at(AT)
    given = actions.delegate_approvals(
        story.city, deputy=deputy, starts_on=today, ends_on=today + timedelta(days=0 if ending == "over" else 9),
        by=story.approver.by, at=AT,
    )  # fmt: skip
    submit_order(order, by=story.officer.by, at=AT)
    messages = [one for one in plan_messages_of(order, "submit") if one.recipient == deputy]
    assert messages
    if ending == "taken back":
        end_delegation(given, by=story.approver.by, at=AT)
    if ending == "over":
        advance_clock(AT + timedelta(days=1))
    assert actual_recipients(messages) == ({deputy} if ending == "standing" else set())


def test_customs_hold_message_goes_only_to_people_who_still_clear_shipments(story):
    held = record_hold(
        story.clearance(story.plan(), "import"), reason="No stamp", question="", by=story.officer.by, at=AT
    )
    assert story.logistics.user.is_active  # this person has joined the city meanwhile
    messages = plan_messages_of(held, "hold")
    readers = {one.recipient for one in messages}
    assert readers
    for person in readers:
        end_roles(person)
    assert actual_recipients(messages) == set()


def test_broker_whose_role_ended_gets_no_messages_about_the_citys_shipments(story):
    shipment, broker = story.plan(), story.broker.user
    assign_broker(shipment, broker, by=story.officer.by, at=AT)
    messages = [one for one in plan_messages_of(shipment, "assign_broker") if one.recipient == broker]
    assert messages
    end_roles(broker)
    assert actual_recipients(messages) == set()
    held = record_hold(
        story.clearance(shipment, "import"), reason="No stamp", question="", by=story.officer.by, at=AT
    )
    assert broker not in customs_staff(held)
    grant_role(broker, role="broker", city=story.city, by=CONSOLE_ACTOR, at=AT)
    assert broker in customs_staff(held)


def test_officer_who_left_gets_no_messages_about_their_proposed_change(story):
    story.lead(story.line())
    markham = story.stranger.user
    change = propose_change(
        story.supplier, "correct", {"name_en": "Kang"}, reason="So it is.", author=markham, by=story.stranger.by, at=AT
    )  # fmt: skip
    decline_change(change, reason="No.", decided_by=story.officer.user, by=story.officer.by, at=AT)
    messages = plan_messages_of(change, "decline")
    assert {one.recipient for one in messages} == {markham}
    end_roles(markham)
    grant_role(markham, role="officer", city=cities.city("oakville"), by=CONSOLE_ACTOR, at=AT)
    assert actual_recipients(messages) == set()


@pytest.mark.parametrize("now", ["", "observer"])
def test_messages_of_a_former_officer_go_to_the_remaining_officers(story, now):
    order, keeper, other = story.draft(), story.officer.user, story.second_officer.user
    assert audiences.responsible_officer(order) == [keeper]
    end_roles(keeper)
    if now:
        grant_role(keeper, role=now, city=story.city, by=CONSOLE_ACTOR, at=AT)
    assert audiences.responsible_officer(order) == [other]
    grant_role(keeper, role="logistics", city=story.city, by=CONSOLE_ACTOR, at=AT)
    assert audiences.responsible_officer(order) == [keeper]


def test_no_message_row_reaches_people_without_a_role_in_the_city(things):
    """Rows about a person's own requests or proposals are left out, because they still reach that person."""
    rows = [
        (row, thing)
        for row, thing, _entry in rows_in_true_states(things)
        if row.template == STAFF_TEMPLATE
        and row.audience not in OWN
        and thing._meta.label_lower != "partners.correction"
    ]
    before = [(row, thing, list(row.audience(thing))) for row, thing in rows]
    assert sum(bool(people) for _row, _thing, people in before) > 20
    for row, thing, people in before:
        assert all(
            _is_still_recipient(row, thing, one) for one in people if row.audience is not audiences.approvers
        )
    Membership.objects.exclude(city=None).update(status="ended")
    for row, thing, people in before:
        for person in people:
            if person.memberships.exists():
                assert not _is_still_recipient(row, thing, person), (row.subject, person)
