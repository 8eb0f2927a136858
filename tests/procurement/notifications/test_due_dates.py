"""Tests of due dates in mails and lists: no mail asks for a reply by a day that has come.

A page shows the date of an item only while it is awaited.
"""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from procurement.documents.actions.requests import remind_submitter, request_documents
from procurement.notifications.builder import build_messages
from procurement.outreach.actions.reminders import remind_contact
from procurement.outreach.actions.replies import decline_inquiry
from procurement.verification.actions import assignment
from procurement.verification.actions.assignment import decline_check, request_check
from procurement.verification.actions.checks import propose_check
from tests.worlds import cities
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT
from tests.worlds.shipments import Journey
from workflow.actors import SYSTEM
from workflow.clock import clear_instance_cache
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
TEXT_AFTER_DUE_DATE = {
    "en": "reply would still help. Please send it when you can.",
    "fr-ca": "réponse nous serait encore utile",
    "zh-hans": "如您方便，仍盼赐复",
}


@pytest.fixture
def story(db) -> Journey:
    voyage = Journey("richmond")
    voyage.practise()
    cities.twinning(voyage.city, voyage.partner_place)
    yield voyage
    clear_instance_cache()


def requested_check_of(story):
    edit_person(story.checker.user, PersonEdit(language="en"), by=CONSOLE_ACTOR, at=AT)
    lead = story.lead(story.line(4_000), 4_000)
    task = propose_check(lead, "sample_test", needed=False, by=story.officer.by, at=AT)
    return request_check(task, story.checker, by=story.officer.by, at=AT)


def mails_about(thing, verb: str, at) -> list[str]:
    entry = history_of(thing).filter(verb=verb).first()
    return [one.body for one in build_messages(entry, at) if one.template != "staff"]


@pytest.mark.parametrize("language", TEXT_AFTER_DUE_DATE)
@pytest.mark.parametrize("days", [-1, 0, 2])
def test_inquiry_reminder_names_the_due_date_only_before_that_date(story, language, days):
    edit_person(story.contact.user, PersonEdit(language=language), by=CONSOLE_ACTOR, at=AT)
    asked = story.asked(story.line())
    at = asked.due_at + timedelta(days=days)
    remind_contact(asked, by=SYSTEM, at=at)
    (body,) = mails_about(asked, "remind", at)
    assert (TEXT_AFTER_DUE_DATE[language] in body) == (days >= 0)


@pytest.mark.parametrize("days", [-2, 1])
def test_check_reminder_names_the_due_date_only_before_that_date(story, days):
    task = requested_check_of(story)
    at = task.due_at + timedelta(days=days)
    assignment.remind_contact(task, by=SYSTEM, at=at)
    (body,) = mails_about(task, "remind", at)
    assert ("report would still help. Please send it when you can." in body) == (days >= 0)
    assert ("Please send your report by" in body) == (days < 0)


@pytest.mark.parametrize("days", [-1, 1])
def test_document_reminder_names_the_due_date_only_before_that_date(story, days):
    request = request_documents(
        story.plan(), "broker", name="Ann Roy", email="ann@roy.example", author=story.officer.user,
        due_on=(AT + timedelta(days=5)).date(), by=story.officer.by, at=AT,
    )  # fmt: skip
    at = request.due_at + timedelta(days=days)
    remind_submitter(request, by=SYSTEM, at=at)
    (body,) = mails_about(request, "remind", at)
    assert ("as soon as you can" in body) == (days > 0)
    assert ("Please send the documents by" in body) == (days < 0)


def test_lists_show_due_dates_only_for_open_inquiries_and_checks(story):
    task, asked = requested_check_of(story), story.asked(story.line())
    browser = Client()
    browser.force_login(story.officer.user)

    def cells(path: str, reference: str) -> str:
        page = browser.get(path).content.decode()
        return next(row for row in page.split("<tr>") if reference in row)

    assert task.answer_awaited_until is not None
    assert "<time" in cells("/checks/", task.reference)
    decline_check(task, by=own_link(story.checker), at=AT)
    decline_inquiry(asked, by=own_link(story.contact), at=AT)
    assert "<time" not in cells("/checks/", task.reference)
    accepted = [one for one in task.lead.checks.all() if one.status == "accepted"]
    assert accepted
    for one in [*accepted, task, asked]:
        one.refresh_from_db()
        assert one.answer_awaited_until is None
        assert "Reply due by" not in browser.get(asked.get_absolute_url()).content.decode()
        assert "<time" not in cells("/checks/", task.reference)
