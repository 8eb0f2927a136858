"""Tests of limits on inquiries: the contact's task limit, one inquiry for a need, and no mail after a stop."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import OperationalError, connection

from accounts import actors
from accounts.actions.people import stop_mail
from accounts.actors import SelfActor
from partners.contacts.actions import add_contact, opt_out, record_consent
from procurement.notifications.builder import build_messages, is_relevant
from procurement.notifications.phone_scripts import phone_script
from procurement.outreach.actions.inquiries import (
    InquiryEdit,
    ask_partner_city,
    forward_inquiry,
    give_consent,
    revise_inquiry,
    send_inquiry,
)
from procurement.outreach.actions.periodic import (
    allow_other_contacts,
    expire_unanswered_inquiries,
    send_reminders,
)
from procurement.outreach.actions.reminders import change_due_time, create_link_to_copy, remind_contact
from procurement.outreach.actions.replies import decline_inquiry, record_answer
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules.dates import needs_phone_call
from procurement.verification.actions.assignment import cancel_check, forward_check, request_check
from procurement.verification.actions.periodic import update_checks
from tests.procurement.outreach.test_inquiries import draft_inquiry_to, powers_by_own_link, sent_inquiry
from tests.procurement.refusals import assert_refused
from tests.worlds import checks, cities
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT, Story
from workflow.actors import SYSTEM
from workflow.errors import Refused
from workflow.journal.models import Entry
from workflow.outbox import queue
from workflow.outbox.models import Message


def add_contact_at_another_office(contact, **facts):
    """Add the same person as a contact of a hospital in the city."""
    hospital = cities.organization(contact.city, kind="hospital")
    again = add_contact(
        hospital, email=contact.user.email, name=contact.user.name, by=actors.CONSOLE_ACTOR, at=AT, **facts
    )
    return record_consent(again, by=own_link(again), at=AT)


# --- the limit ---
def test_second_inquiry_to_a_contact_at_their_task_limit_requires_a_reason(story):
    one = cities.contact("zhongshan", "Wang Fang", task_limit=1)
    first, second = draft_inquiry_to(story, one), draft_inquiry_to(story, one)
    send_inquiry(first, by=story.officer.by, at=AT)
    with assert_refused("reason_missing", second) as no:
        send_inquiry(second, by=story.officer.by, at=AT)
    assert no.value.details["field"] == "chosen_because"
    revise_inquiry(
        second, InquiryEdit(chosen_because="She said on the phone that she can."), by=story.officer.by, at=AT
    )
    send_inquiry(second, by=story.officer.by, at=AT)
    one.refresh_from_db()
    assert one.open_questions == 2


def test_late_consent_of_a_partner_city_is_refused_when_the_contact_has_reached_their_limit(story):
    foshan = cities.contact("foshan", task_limit=1)
    cities.member("officer", cities.city("zhongshan"))
    waits = draft_inquiry_to(story, foshan, through_city=cities.city("zhongshan"))
    ask_partner_city(waits, by=story.officer.by, at=AT)
    sent_inquiry(story, contact=foshan)
    officer = cities.powers("officer", cities.city("zhongshan"))
    with assert_refused("no_room", waits) as no:
        give_consent(waits, by=officer, at=AT)
    assert "field" not in no.value.details


def test_inquiry_is_not_forwarded_to_a_colleague_at_their_task_limit(story):
    inquiry, busy = sent_inquiry(story), cities.contact("zhongshan", "Wang Fang", task_limit=0)
    with assert_refused("no_room", inquiry) as no:
        forward_inquiry(inquiry, to=busy, by=powers_by_own_link(inquiry), at=AT)
    assert no.value.details["field"] == "to"
    inquiry.refresh_from_db()
    assert (inquiry.status, Inquiry.objects.count()) == ("sent", 1)


# --- the same request twice ---
def test_person_with_two_offices_is_asked_only_once_for_a_need(story):
    inquiry = sent_inquiry(story)
    second = add_contact_at_another_office(inquiry.contact)
    with assert_refused("asked_already", inquiry):
        draft_inquiry_to(story, second, need=inquiry.supply_request)
    with assert_refused("asked_already", inquiry):
        forward_inquiry(inquiry, to=second, by=powers_by_own_link(inquiry), at=AT)


def test_person_cannot_forward_a_check_to_themselves_at_another_office(story):
    task = checks.requested_check(story)
    second = add_contact_at_another_office(task.contact)
    with assert_refused("another_city", task):
        forward_check(task, to=second, by=checks.contact_by_link(task), at=AT)


def test_second_city_needs_a_reason_to_ask_for_the_same_goods_while_the_first_inquiry_is_open(story):
    first, other = sent_inquiry(story), Story("markham")
    need = other.line().supply_request
    with assert_refused("asked_elsewhere", need) as no:
        draft_inquiry_to(other, first.contact, need=need)
    assert no.value.details["field"] == "chosen_because"
    assert "Burnaby" not in str(no.value.message)
    assert draft_inquiry_to(other, first.contact, need=need, chosen_because="They make ten times as many.").pk


def test_second_of_two_cities_asking_one_contact_for_the_same_goods_waits_for_the_first_reply(story):
    other = Story("markham")
    mine = draft_inquiry_to(story)
    theirs = draft_inquiry_to(other, mine.contact, need=other.line().supply_request)
    send_inquiry(mine, by=story.officer.by, at=AT)
    with assert_refused("asked_elsewhere", theirs):
        send_inquiry(theirs, by=other.officer.by, at=AT)
    decline_inquiry(mine, by=powers_by_own_link(mine), at=AT)
    assert send_inquiry(theirs, by=other.officer.by, at=AT).status == "sent"


def test_inquiry_for_other_goods_or_another_need_of_the_same_city_needs_no_reason(story):
    first, other = sent_inquiry(story), Story("markham")
    gloves = other.line(product="GLOVE_EXAM_NITRILE").supply_request
    assert draft_inquiry_to(other, first.contact, need=gloves).pk
    assert draft_inquiry_to(story, first.contact).pk


# --- contacts who want no requests ---
def stop_contact(how, contact):
    if how == "no more questions":
        opt_out(contact, by=own_link(contact), at=AT)
    else:
        stop_mail(contact.user, by=SelfActor(contact.user, "link"), at=AT)
    contact.refresh_from_db()


@pytest.mark.parametrize("how", ["no more questions", "no more mail"])
def test_contact_who_stopped_inquiries_or_mail_is_neither_reminded_nor_phoned(story, how):
    inquiry = sent_inquiry(story)
    letter, *_others = build_messages(Entry.objects.get(verb="send", thing_id=inquiry.pk), AT)
    letter.save()
    stop_contact(how, inquiry.contact)
    assert not is_relevant(Message.objects.get(pk=letter.pk))
    queue.cancel_messages_about(inquiry)  # as the periodic job does with messages that are no longer relevant
    assert allow_other_contacts(AT) == 1, "somebody else may be asked at once"
    assert sum(send_reminders(AT + timedelta(days=day)) for day in range(1, 9)) == 0
    inquiry.refresh_from_db()
    assert inquiry.reminder_count == 0
    for act, facts in (
        (remind_contact, {}),
        (change_due_time, {"due_at": AT + timedelta(days=3)}),
        (create_link_to_copy, {"user": story.officer.user, "real_at": AT}),
    ):
        with assert_refused("not_ready", inquiry):
            act(inquiry, by=story.officer.by, at=AT, **facts)
    assert expire_unanswered_inquiries(AT + timedelta(days=30)) == 1, "it does not wait for ever"


@pytest.mark.parametrize("how", ["no more questions", "no more mail"])
def test_planned_phone_call_is_dropped_when_the_contact_stops_inquiries_or_mail(story, how):
    inquiry = sent_inquiry(story)
    for day in (2, 4, 6):
        remind_contact(inquiry, by=SYSTEM, at=AT + timedelta(days=day))
    entry = Entry.objects.filter(verb="remind", thing_id=inquiry.pk).latest("pk")
    (call,) = [one for one in build_messages(entry, AT) if one.recipient == story.officer.user]
    assert needs_phone_call(inquiry)
    assert phone_script(inquiry, AT).contact_name
    call.save()
    stop_contact(how, inquiry.contact)
    inquiry.refresh_from_db()
    assert not needs_phone_call(inquiry)
    assert not is_relevant(Message.objects.get(pk=call.pk))


@pytest.mark.parametrize("how", ["no more questions", "no more mail"])
def test_contact_who_stopped_inquiries_or_mail_cannot_be_sent_an_inquiry_or_a_check(story, how):
    inquiry, task = draft_inquiry_to(story), checks.proposed_check(story)
    stop_contact(how, inquiry.contact)
    with assert_refused("not_ready", inquiry):
        send_inquiry(inquiry, by=story.officer.by, at=AT)
    with assert_refused({"no more questions": "not_asked", "no more mail": "not_ready"}[how], task):
        request_check(task, inquiry.contact, by=story.officer.by, at=AT)


def test_refusal_to_assign_a_check_reveals_nothing_about_the_contact_to_other_cities(story):
    task, contact = checks.proposed_check(story), story.contact
    stop_contact("no more questions", contact)
    with assert_refused("not_allowed", task):
        request_check(task, contact, by=story.stranger.by, at=AT)


def test_contact_who_stopped_inquiries_is_thanked_only_for_answers_they_entered_themselves(story):
    inquiry = sent_inquiry(story)
    stop_contact("no more questions", inquiry.contact)
    for by, thanked in ((story.officer.by, 0), (powers_by_own_link(inquiry), 1)):
        record_answer(inquiry, by=by, at=AT)
        entry = Entry.objects.filter(verb="answer", thing_id=inquiry.pk).latest("pk")
        letters = [one for one in build_messages(entry, AT) if one.template == "inquiry_thanks"]
        assert len(letters) == thanked


@pytest.mark.parametrize("how", ["no more questions", "no more mail"])
def test_check_of_unsubscribed_contact_returns_to_officer_without_changing_response_times(story, how):
    task = checks.requested_check(story)
    stop_contact(how, task.contact)
    assert update_checks(AT + timedelta(hours=1)) == 1
    task.refresh_from_db()
    task.contact.refresh_from_db()
    assert (task.status, task.contact.answer_hours, task.contact.open_questions) == ("declined", None, 0)
    entry = Entry.objects.filter(verb="decline", thing_id=task.pk).latest("pk")
    assert {one.recipient for one in build_messages(entry, AT)} == {story.officer.user}


def test_cancelled_check_does_not_count_in_the_contacts_response_time(story):
    task = checks.requested_check(story)
    cancel_check(task, reason="not needed", by=story.officer.by, at=AT + timedelta(days=9))
    task.contact.refresh_from_db()
    assert (task.contact.answers, task.contact.answer_hours) == (0, None)


# --- at the same moment ---
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["one person's last room", "the same goods, for two cities, at two offices"])
def test_only_one_of_two_inquiries_sent_at_the_same_moment_is_accepted(what):
    story = Story()
    one = cities.contact("zhongshan", "Wang Fang", task_limit=1)
    if what == "one person's last room":
        drafts = [(draft_inquiry_to(story, one), story), (draft_inquiry_to(story, one), story)]
    else:
        other = Story("markham")
        need = other.line().supply_request
        drafts = [
            (draft_inquiry_to(story, one), story),
            (draft_inquiry_to(other, add_contact_at_another_office(one), need=need), other),
        ]
    meeting, told = Barrier(len(drafts)), []

    def go(inquiry, asker):
        try:
            meeting.wait()
            send_inquiry(inquiry, by=asker.officer.by, at=AT)
            told.append("sent")
        except (Refused, OperationalError) as no:  # a request that waits too long for a lock gets "try again"
            told.append(getattr(no, "code", "busy"))
        finally:
            connection.close()

    askers = [Thread(target=go, args=draft) for draft in drafts]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(told) == len(drafts)
    assert told.count("sent") == 1
    assert Inquiry.objects.awaiting_reply().count() == 1
