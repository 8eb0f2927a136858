"""No mail asks for a reply by a day that has come, and no page shows the day of what waits no longer."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.actions import people
from accounts.actors import CONSOLE
from procurement.notices import planning
from procurement.outreach.actions import answering, waiting
from procurement.shipments.actions.handing.calls import call_for_papers
from procurement.shipments.actions.handing.reminding import remind_call
from procurement.verification.actions import asking, opening
from procurement.verification.actions.asking import request_check
from tests import world
from tests.procurement.shipments.play import Voyage
from tests.procurement.story import AT
from tests.world import own_link
from workflow import clock
from workflow.actors import CLOCK
from workflow.journal.entries import history_of

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
    task = opening.propose(lead, "sample_test", needed=False, by=story.officer.by, at=AT)
    return request_check(task, story.checker, by=story.officer.by, at=AT)


def mails(thing, verb: str, at) -> list[str]:
    entry = history_of(thing).filter(verb=verb).first()
    return [one.body for one in planning.plan(entry, at) if one.template != "staff"]


@pytest.mark.parametrize("language", STILL)
@pytest.mark.parametrize("days", [-1, 0, 2])
def test_a_reminder_of_a_question_names_its_day_only_before_that_day(story, language, days):
    people.edit(story.contact.user, language=language, by=CONSOLE, at=AT)
    asked = story.asked(story.line())
    at = asked.due_at + timedelta(days=days)
    waiting.remind(asked, by=CLOCK, at=at)
    (body,) = mails(asked, "remind", at)
    assert (STILL[language] in body) == (days >= 0)


@pytest.mark.parametrize("days", [-2, 1])
def test_a_reminder_of_a_check_names_its_day_only_before_that_day(story, days):
    task = check_of(story)
    at = task.due_at + timedelta(days=days)
    asking.remind(task, by=CLOCK, at=at)
    (body,) = mails(task, "remind", at)
    assert (STILL["en"] in body) == (days >= 0)
    assert ("A report by" in body) == (days < 0)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_reminder_of_papers_names_its_day_only_before_that_day(story, days):
    call = call_for_papers(
        story.plan(), "broker", name="Ann Roy", email="ann@roy.example", author=story.officer.user,
        due_on=(AT + timedelta(days=5)).date(), by=story.officer.by, at=AT,
    )  # fmt: skip
    at = call.due_at + timedelta(days=days)
    remind_call(call, by=CLOCK, at=at)
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
    asking.decline(task, by=own_link(story.checker), at=AT)
    answering.decline(asked, by=own_link(story.contact), at=AT)
    assert "<time" not in cells("/checks/", task.reference)
    accepted = [one for one in task.lead.checks.all() if one.status == "accepted"]
    assert accepted
    for one in [*accepted, task, asked]:
        one.refresh_from_db()
        assert one.waits_until is None
        assert "Answer hoped for by" not in browser.get(asked.get_absolute_url()).content.decode()
        assert "<time" not in cells("/checks/", task.reference)
