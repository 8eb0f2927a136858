"""No due time falls outside the working hours of the person who replies, and pages show it with its zone."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.actions import people
from accounts.actors import CONSOLE
from partners.rules.hours import closing_after, hours_at
from procurement.outreach import actions
from procurement.requests import actions as requests
from procurement.verification import actions as verification
from tests import world
from tests.procurement.story import AT, Story
from workflow import clock
from workflow.outbox.courtesy import works_on

pytestmark = pytest.mark.django_db
ZONES = ("Asia/Shanghai", "America/Vancouver", "Pacific/Auckland", "Europe/Paris")


@pytest.fixture
def story(db):
    clock.forget()
    clock.create_instance("practice", AT)
    yield Story("markham")
    clock.forget()


def within_hours(due_at, contact) -> bool:
    own = hours_at(contact)
    local = due_at.astimezone(ZoneInfo(contact.user.time_zone))
    day = local.date()
    return works_on(day, own.country) and own.opens <= local.time() <= own.closes


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", range(0, 168, 7))
def test_the_default_day_of_a_reply_ends_with_a_working_day_there(story, zone, hour):
    contact = story.contact
    contact.user.time_zone = zone
    at = AT + timedelta(hours=hour)
    due = closing_after(contact, at, 4)
    assert within_hours(due, contact)
    assert timedelta(days=4) <= due - at < timedelta(days=12)


@pytest.mark.parametrize(("opens", "closes"), [(time(9), time(17, 30)), (time(22), time(6))])
def test_it_keeps_the_hours_a_contact_gave(story, opens, closes):
    contact = story.contact
    contact.working_from, contact.working_until = opens, closes
    due = closing_after(contact, AT, 2)
    assert due.astimezone(ZoneInfo(contact.user.time_zone)).time() == closes
    assert due >= AT + timedelta(days=2)


def test_it_waits_for_somebody_who_is_away(story):
    contact = story.contact
    contact.away_until = date(2020, 5, 3)
    due = closing_after(contact, AT, 4)
    assert due.date() >= date(2020, 5, 4)


class TestActions:
    @pytest.mark.parametrize("zone", ZONES[:2])
    def test_a_question_a_check_and_what_follows_them_fall_due_at_work(self, story, zone):
        for contact in (story.contact, story.checker):
            people.edit(contact.user, time_zone=zone, by=CONSOLE, at=AT)
        late = AT + timedelta(hours=9)
        asked = story.asked(story.line())
        asked.contact.user.refresh_from_db()
        assert within_hours(asked.due_at, asked.contact)
        lead = story.lead(story.line(3_000), 3_000)
        task = verification.propose(lead, "sample_test", needed=False, by=story.officer.by, at=AT)
        verification.offer(task, story.checker, by=story.officer.by, at=late)
        assert within_hours(task.due_at, story.checker)
        colleague = story.partner(story.abroad, "Wu Min")
        onward = verification.hand_over(task, to=colleague, by=world.own_link(story.checker), at=late)
        assert within_hours(onward.due_at, colleague)

    def test_pages_show_the_time_with_its_zone(self, story):
        asked = story.asked(story.line())
        world.twinning(story.city, story.abroad)
        browser = Client()
        browser.force_login(story.officer.user)
        zone = ZoneInfo(asked.contact.user.time_zone)
        offset = asked.due_at.astimezone(zone).strftime("%z")
        sign = f"UTC{offset[0]}{int(offset[1:3])}" if int(offset) else "UTC"
        for path in (asked.get_absolute_url(), f"{asked.supply_request.get_absolute_url()}"):
            assert sign in browser.get(path).content.decode()


def test_going_on_after_a_pause_gives_a_working_day_to_its_end(story):
    asked = story.asked(story.line())
    requests.stop(asked.supply_request, reason="Enough.", by=story.officer.by, at=AT)
    actions.settle(AT + timedelta(hours=5))
    requests.resume(asked.supply_request, by=story.officer.by, at=AT + timedelta(days=2))
    actions.settle(AT + timedelta(days=2, hours=3))
    asked.refresh_from_db()
    assert asked.paused_at is None
    assert within_hours(asked.due_at, asked.contact)
