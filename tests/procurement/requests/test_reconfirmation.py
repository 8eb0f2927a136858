"""Tests of a need whose date of reconfirmation comes.

Its city is asked before that day, and contacts get no reminders until it has answered.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from procurement.dashboard.views import todo_items
from procurement.notifications.builder import build_for_entry
from procurement.outreach.actions.periodic import send_reminders
from procurement.outreach.models.inquiries import Inquiry
from procurement.requests.actions.requests import ask_due_reconfirmations, reconfirm_request
from procurement.requests.models import SupplyRequest
from tests.procurement.api.program import Program
from tests.worlds.need_to_order import AT, Story
from workflow import clock
from workflow.clock import advance, clear_cache, create_instance
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db
DAY = date(2020, 4, 24)


@pytest.fixture
def story():
    clear_cache()
    create_instance("practice", AT)
    told = Story()
    told.inquiry = told.asked(told.line(7_300))
    told.need = told.inquiry.supply_request
    reconfirm_request(told.need, until=DAY, by=told.officer.by, at=AT)
    yield told
    clear_cache()


def there(story, day, hour=12):
    """Return a moment by the clock of the city, in UTC like every moment of the site."""
    return datetime(2020, 4, day, hour, tzinfo=story.need.city.zone).astimezone(UTC)


def asked_of(story):
    return [row for row in todo_items(story.officer.by, AT) if row.url.endswith("/reconfirm/")]


@pytest.mark.parametrize(("day", "hour", "asked"), [(21, 23, 0), (22, 1, 1), (24, 12, 1), (30, 12, 1)])
def test_its_author_is_asked_from_two_days_before_on_and_once(story, day, hour, asked):
    at = there(story, day, hour)
    assert ask_due_reconfirmations(at) == asked
    assert ask_due_reconfirmations(at + timedelta(minutes=5)) == 0
    assert len(asked_of(story)) == asked
    if not asked:
        return
    entry = Entry.objects.get(verb="ask_to_reconfirm", thing_id=story.need.pk)
    assert [one.recipient for one in build_for_entry(entry, at).notices] == [story.officer.user]
    page = Client()
    page.force_login(story.officer.user)
    assert "Confirm whether" in page.get("/").content.decode()


def test_an_answer_settles_it_and_the_next_day_is_asked_about_again(story):
    ask_due_reconfirmations(there(story, 23))
    reconfirm_request(story.need, until=date(2020, 5, 8), by=story.officer.by, at=there(story, 23))
    assert asked_of(story) == []
    assert ask_due_reconfirmations(there(story, 25)) == 0
    assert ask_due_reconfirmations(there(story, 25) + timedelta(days=13)) == 1


def test_the_day_that_was_asked_about_is_no_answer_and_another_day_is_asked_about_again(story):
    ask_due_reconfirmations(there(story, 23))
    browser = Client()
    browser.force_login(story.officer.user)
    url = f"{story.need.get_absolute_url()}reconfirm/"
    page = browser.post(url, {"until": "2020-04-24"})
    assert page.status_code == 422
    assert "You were asked about this date." in page.content.decode()
    program = Program(story.officer.user)
    no = program.refused(f"supply-requests/{story.need.reference}/reconfirm/", {"until": "2020-04-24"})
    assert no["code"] == "same_day"
    assert browser.post(url, {"until": "2020-05-08"}).status_code == 303
    program.post(f"supply-requests/{story.need.reference}/reconfirm/", {"until": "2020-04-24"})
    assert ask_due_reconfirmations(there(story, 23)) == 1, (
        "a day that was asked about before is asked about again"
    )


def test_contacts_are_not_reminded_after_the_day_until_the_city_has_answered(story):
    def due(at):
        return Inquiry.objects.reminder_due(at).filter(pk=story.inquiry.pk).exists()

    assert due(there(story, 24, 23)), "its own last day still counts"
    assert not due(there(story, 25, 1))
    before = Inquiry.objects.get(pk=story.inquiry.pk).reminder_count
    send_reminders(there(story, 27))
    assert Inquiry.objects.get(pk=story.inquiry.pk).reminder_count == before
    reconfirm_request(story.need, until=date(2020, 5, 8), by=story.officer.by, at=there(story, 27))
    assert due(there(story, 27))


def test_the_list_of_needs_marks_what_is_not_reconfirmed(story):
    advance(there(story, 25))
    page = Client()
    page.force_login(story.officer.user)
    assert "To be reconfirmed" in page.get("/needs/").content.decode()
    reconfirm_request(
        SupplyRequest.objects.get(), until=date(2020, 5, 8), by=story.officer.by, at=clock.now()
    )
    assert "To be reconfirmed" not in page.get("/needs/").content.decode()
