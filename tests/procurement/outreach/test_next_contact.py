"""Tests of asking another contact after no answer: when, whom, and the effect on the first inquiry."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.actions.people import mark_bounced
from accounts.actors import CONSOLE_ACTOR
from partners.contacts.actions import opt_out
from procurement.notifications.builder import build_messages
from procurement.notifications.table_lookup import table_rows_for_entry
from procurement.outreach.actions.inquiries import ask_next_contact, send_inquiry
from procurement.outreach.actions.periodic import allow_other_contacts
from procurement.outreach.actions.reminders import allow_other_contact
from procurement.outreach.actions.replies import record_answer
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules.dates import ONE_WORKING_DAY, alternates_allowed_at
from tests.procurement.outreach.test_inquiries import (
    draft_inquiry_to,
    powers_by_own_link,
    sent_inquiry,
    unanswered_inquiry,
)
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT
from workflow.actors import SYSTEM
from workflow.journal.models import Entry

LETTER = {"subject": "Masks?", "body": "Can you help?"}


def ask_instead(story, inquiry, to, **facts):
    given = {**LETTER, **facts}
    return ask_next_contact(inquiry, to, author=story.officer.user, by=story.officer.by, at=AT, **given)


# --- when ---
def test_other_contact_may_be_asked_one_working_day_after_due_time_and_officer_is_mailed(story):
    inquiry = sent_inquiry(story)
    opens = alternates_allowed_at(inquiry.due_at)
    assert opens == inquiry.due_at + ONE_WORKING_DAY
    assert allow_other_contacts(opens - timedelta(minutes=1)) == 0
    with assert_refused("not_ready", inquiry):
        ask_instead(story, inquiry, cities.contact("zhongshan", "Wang Fang"))
    assert allow_other_contacts(opens) == 1
    assert allow_other_contacts(opens) == 0, "it is said once"
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.alternates_allowed_from) == ("sent", opens)
    entry = Entry.objects.filter(verb="allow_alternates").latest("pk")
    (mail,) = build_messages(entry, opens)
    assert mail.recipient == story.officer.user
    with assert_refused("not_ready", inquiry):
        allow_other_contact(inquiry, by=SYSTEM, at=opens)


@pytest.mark.parametrize("how", ["bounced", "stopped"])
def test_another_contact_may_be_asked_at_once_when_the_contact_is_unreachable_or_stopped(story, how):
    inquiry = sent_inquiry(story)
    if how == "bounced":
        mark_bounced(inquiry.contact.user, by=SYSTEM, at=AT, reason="550 no such user")
    else:
        opt_out(inquiry.contact, by=own_link(inquiry.contact), at=AT)
    assert allow_other_contacts(AT) == 1


def test_another_contact_may_not_be_asked_while_the_inquiry_is_paused(story):
    inquiry = sent_inquiry(story)
    Inquiry.objects.filter(pk=inquiry.pk).update(paused_at=AT)
    assert allow_other_contacts(AT + timedelta(days=9)) == 0


# --- how ---
def test_asking_the_next_contact_closes_the_first_inquiry_which_can_still_be_answered(story):
    inquiry, second = unanswered_inquiry(story), cities.contact("zhongshan", "Wang Fang")
    onward = ask_instead(story, inquiry, second)
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.forwarded_to, inquiry.next_reminder_at) == ("no_reply", onward, None)
    assert (onward.status, onward.contact) == ("sent", second)
    inquiry.contact.refresh_from_db()
    second.refresh_from_db()
    assert (inquiry.contact.open_questions, second.open_questions) == (0, 1)
    entry = Entry.objects.filter(verb="ask_next").latest("pk")
    assert entry.facts["to"] == second.pk
    notice = table_rows_for_entry(entry)[0]
    assert (notice.template, notice.valid_statuses) == ("inquiry_next", frozenset({"no_reply"}))
    assert record_answer(inquiry, by=powers_by_own_link(inquiry), at=AT).status == "answered"


def test_next_contact_through_a_partner_city_waits_for_the_consent_of_that_city(story):
    cities.member("officer", cities.city("zhongshan"))
    onward = ask_instead(
        story, unanswered_inquiry(story), cities.contact("foshan"), through_city=cities.city("zhongshan")
    )
    assert onward.status == "awaiting_consent"


def test_contact_already_asked_cannot_be_asked_as_next_contact(story):
    inquiry = unanswered_inquiry(story)
    with assert_refused("asked_already", inquiry):
        ask_instead(story, inquiry, inquiry.contact)
    assert Inquiry.objects.count() == 1


@given(st.datetimes(), st.integers(1, 90))
def test_delay_before_another_contact_may_be_asked_is_one_working_day_on_any_weekday(at, days):
    due = at.replace(tzinfo=AT.tzinfo).replace(year=2020) + timedelta(days=days)
    assert alternates_allowed_at(due) - due == ONE_WORKING_DAY


# --- other choices than the ranking ---
def test_contact_other_than_the_first_suggestion_requires_a_recorded_reason(story):
    best, other = cities.contact("zhongshan", "Wang Fang"), story.contact
    need = story.line().supply_request
    with assert_refused("reason_missing", need) as no:
        draft_inquiry_to(story, other, need=need, best=best)
    assert no.value.details["field"] == "chosen_because"
    assert "The first suggestion is Wang Fang" in str(no.value.message)
    inquiry = draft_inquiry_to(story, other, need=need, best=best, chosen_because="They make masks there.")
    entry = Entry.objects.filter(verb="propose", thing_id=inquiry.pk).latest("pk")
    assert entry.after["chosen_because"] == "They make masks there."
    assert entry.facts["suggested_first"] == best.pk
    assert draft_inquiry_to(story, best, need=need, best=best).chosen_because == ""


def test_contact_at_their_task_limit_requires_a_written_reason(story):
    busy = cities.contact("zhongshan", "Wang Fang", task_limit=0)
    need = story.line().supply_request
    with assert_refused("reason_missing", need):
        draft_inquiry_to(story, busy, need=need, best=busy)
    assert draft_inquiry_to(story, busy, need=need, chosen_because="She said on the phone that she can.").pk


def test_inquiry_to_an_address_that_returns_mail_is_refused(story):
    need, inquiry = story.line().supply_request, draft_inquiry_to(story)
    mark_bounced(inquiry.contact.user, by=CONSOLE_ACTOR, at=AT, reason="550 no such user")
    with assert_refused("not_ready", inquiry) as no:
        send_inquiry(inquiry, by=story.officer.by, at=AT)
    assert "are being returned" in str(no.value.message)
    with assert_refused("address_returns_mail", need):
        draft_inquiry_to(story, need=need)
