"""No mail asks for a reply by a day that has come, and no page shows the day of what waits no longer."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions import people
from accounts.actors import CONSOLE
from procurement import notices
from procurement.outreach import actions as outreach
from procurement.shipments import actions as shipments
from procurement.verification import actions as verification
from tests import world
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT
from workflow import clock, journal
from workflow.actors import CLOCK

pytestmark = pytest.mark.django_db
STILL = {"en": "still helps, as soon as you can", "fr-ca": "reste utile", "zh-hans": "仍然很有帮助"}


@pytest.fixture
def story(db) -> Voyage:
    voyage = Voyage("richmond")
    voyage.practise()
    world.twinning(voyage.city, voyage.abroad)
    yield voyage
    clock.forget()


def check_of(story):
    people.edit(story.checker.user, language="en", by=CONSOLE, at=AT)
    lead = story.lead(story.line(4_000), 4_000)
    task = verification.propose(lead, "sample_test", needed=False, by=story.officer.by, at=AT)
    return verification.offer(task, story.checker, by=story.officer.by, at=AT)


def mails(thing, verb: str, at) -> list[str]:
    entry = journal.history(thing).filter(verb=verb).first()
    return [one.body for one in notices.plan(entry, at) if one.template != "staff"]


@pytest.mark.parametrize("language", STILL)
@pytest.mark.parametrize("days", [-1, 0, 2])
def test_a_reminder_of_a_question_names_its_day_only_before_that_day(story, language, days):
    people.edit(story.contact.user, language=language, by=CONSOLE, at=AT)
    asked = story.asked(story.line())
    at = asked.due_at + timedelta(days=days)
    outreach.remind(asked, by=CLOCK, at=at)
    (body,) = mails(asked, "remind", at)
    assert (STILL[language] in body) == (days >= 0)


@pytest.mark.parametrize("days", [-2, 1])
def test_a_reminder_of_a_check_names_its_day_only_before_that_day(story, days):
    task = check_of(story)
    at = task.due_at + timedelta(days=days)
    verification.remind(task, by=CLOCK, at=at)
    (body,) = mails(task, "remind", at)
    assert (STILL["en"] in body) == (days >= 0)
    assert ("A report by" in body) == (days < 0)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_reminder_of_papers_names_its_day_only_before_that_day(story, days):
    call = shipments.call_for_papers(
        story.plan(), "broker", name="Ann Roy", email="ann@roy.example", author=story.officer.user,
        due_on=(AT + timedelta(days=5)).date(), by=story.officer.by, at=AT,
    )  # fmt: skip
    at = call.due_at + timedelta(days=days)
    shipments.remind_call(call, by=CLOCK, at=at)
    (body,) = mails(call, "remind", at)
    assert ("as soon as you can" in body) == (days > 0)
    assert ("would help most" in body) == (days < 0)


def test_lists_show_a_day_only_of_what_still_waits(story):
    task, asked = check_of(story), story.asked(story.line())
    browser = Client()
    browser.force_login(story.officer.user)

    def cells(path: str, reference: str) -> str:
        page = browser.get(path).content.decode()
        return next(row for row in page.split("<tr>") if reference in row)

    assert task.waits_until is not None
    assert "<time" in cells("/checks/", task.reference)
    verification.decline(task, by=world.own_link(story.checker), at=AT)
    outreach.decline(asked, by=world.own_link(story.contact), at=AT)
    assert "<time" not in cells("/checks/", task.reference)
    accepted = [one for one in task.lead.checks.all() if one.status == "accepted"]
    assert accepted
    for one in [*accepted, task, asked]:
        one.refresh_from_db()
        assert one.waits_until is None
        assert "Answer hoped for by" not in browser.get(asked.get_absolute_url()).content.decode()
        assert "<time" not in cells("/checks/", task.reference)
