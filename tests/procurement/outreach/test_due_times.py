"""Tests that every due time is within the working hours of the person who replies.

Pages show it with the time in that person's place.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.actions.people import PersonEdit, edit_person
from accounts.actors import CONSOLE_ACTOR
from partners.contacts.working_hours import closing_time_after, due_time_within_hours, working_hours_of
from procurement.notifications.builder import build_messages
from procurement.outreach.actions import reminders
from procurement.outreach.actions.inquiries import draft_inquiry, send_inquiry
from procurement.outreach.actions.periodic import update_inquiries
from procurement.outreach.actions.reminders import remind_contact
from procurement.requests.actions.requests import resume_offers, stop_request
from procurement.verification.actions.assignment import change_due_time, forward_check, request_check
from procurement.verification.actions.checks import propose_check
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.worlds import cities
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance
from workflow.journal.models import Entry
from workflow.outbox.quiet_hours import is_working_day

pytestmark = pytest.mark.django_db
ZONES = ("Asia/Shanghai", "America/Vancouver", "Pacific/Auckland", "Europe/Paris")


@pytest.fixture
def story(db):
    clear_instance_cache()
    create_instance("practice", AT)
    yield Story("markham")
    clear_instance_cache()


def is_within_hours(due_at, contact) -> bool:
    own = working_hours_of(contact)
    local = due_at.astimezone(ZoneInfo(contact.user.time_zone))
    day = local.date()
    return is_working_day(day, own.holiday_calendar_code) and own.opens <= local.time() <= own.closes


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", range(0, 168, 7))
def test_default_due_time_is_within_the_contacts_working_hours_in_every_time_zone(story, zone, hour):
    contact = story.contact
    contact.user.time_zone = zone
    at = AT + timedelta(hours=hour)
    due = closing_time_after(contact, at, 4)
    assert is_within_hours(due, contact)
    assert timedelta(days=4) <= due - at < timedelta(days=12)


@pytest.mark.parametrize(("opens", "closes"), [(time(9), time(17, 30)), (time(22), time(6))])
def test_default_due_time_is_the_end_of_the_working_hours_a_contact_entered(story, opens, closes):
    contact = story.contact
    contact.working_from, contact.working_until = opens, closes
    due = closing_time_after(contact, AT, 2)
    assert due.astimezone(ZoneInfo(contact.user.time_zone)).time() == closes
    assert due >= AT + timedelta(days=2)


def test_default_due_time_is_17_00_for_a_contact_without_working_hours(story):
    contact = story.contact
    for hour in range(24):
        due = closing_time_after(contact, AT + timedelta(hours=hour), 2)
        assert due.astimezone(ZoneInfo(contact.user.time_zone)).time() == time(17)


def test_default_due_time_falls_after_the_absence_of_a_contact(story):
    contact = story.contact
    contact.away_until = date(2020, 5, 3)
    due = closing_time_after(contact, AT, 4)
    assert due.date() >= date(2020, 5, 4)


class TestActions:
    @pytest.mark.parametrize("zone", ZONES[:2])
    def test_due_times_of_inquiries_checks_and_forwarded_tasks_are_within_working_hours(self, story, zone):
        for contact in (story.contact, story.checker):
            edit_person(contact.user, PersonEdit(time_zone=zone), by=CONSOLE_ACTOR, at=AT)
        late = AT + timedelta(hours=9)
        asked = story.asked(story.line())
        asked.contact.user.refresh_from_db()
        assert is_within_hours(asked.due_at, asked.contact)
        lead = story.lead(story.line(3_000), 3_000)
        task = propose_check(lead, "sample_test", needed=False, by=story.officer.by, at=AT)
        request_check(task, story.checker, by=story.officer.by, at=late)
        assert is_within_hours(task.due_at, story.checker)
        colleague = story.partner(story.partner_place, "Wu Min")
        onward = forward_check(task, to=colleague, by=own_link(story.checker), at=late)
        assert is_within_hours(onward.due_at, colleague)

    def test_inquiry_pages_show_the_due_time_with_the_local_time_of_the_contact(self, story):
        asked = story.asked(story.line())
        cities.twinning(story.city, story.partner_place)
        browser = Client()
        browser.force_login(story.officer.user)
        assert asked.due_at == datetime(2020, 4, 21, 9, tzinfo=UTC)
        text = (
            '<time datetime="2020-04-21T09:00:00+00:00">21 Apr 2020, 09:00</time>'
            ' <span class="small quiet">(17:00 on 21 Apr in Zhongshan)</span>'
        )
        for path in (asked.get_absolute_url(), asked.supply_request.get_absolute_url()):
            page = browser.get(path).content.decode()
            assert text in page
            assert "UTC+8" not in page


def test_resumed_inquiry_is_due_within_the_contacts_working_hours(story):
    asked = story.asked(story.line())
    stop_request(asked.supply_request, reason="Enough.", by=story.officer.by, at=AT)
    update_inquiries(AT + timedelta(hours=5))
    resume_offers(asked.supply_request, by=story.officer.by, at=AT + timedelta(days=2))
    update_inquiries(AT + timedelta(days=2, hours=3))
    asked.refresh_from_db()
    assert asked.paused_at is None
    assert is_within_hours(asked.due_at, asked.contact)


class TestTypedTimes:
    """Times that an officer types are moved into the working hours of the person who replies."""

    SUNDAY_NIGHT = datetime(2020, 4, 25, 19, 30, tzinfo=UTC)  # 03:30 on Sunday in Zhongshan
    EVENING = datetime(2020, 4, 22, 14, 10, tzinfo=UTC)  # 22:10 on Wednesday there
    MORNING = datetime(2020, 4, 22, 2, 10, tzinfo=UTC)  # 10:10 there

    @pytest.mark.parametrize("typed", [SUNDAY_NIGHT, EVENING])
    def test_due_time_typed_outside_working_hours_moves_to_end_of_next_working_day(self, story, typed):
        asked = story.asked(story.line())
        zone = ZoneInfo(asked.contact.user.time_zone)
        form = Browser(story.officer.user).open(asked).follow("Change due date")
        assert "UTC+8" in form
        after = form.press("Change due date", due_at=typed.astimezone(zone).strftime("%Y-%m-%d %H:%M"))
        assert "outside the contact’s working hours" in after
        asked.refresh_from_db()
        assert is_within_hours(asked.due_at, asked.contact)
        assert typed < asked.due_at < typed + timedelta(days=4)

    def test_due_time_within_working_hours_is_stored_as_typed(self, story):
        asked = story.asked(story.line())
        reminders.change_due_time(asked, due_at=self.MORNING, by=story.officer.by, at=AT)
        assert asked.due_at == self.MORNING

    @pytest.mark.parametrize("typed", [SUNDAY_NIGHT, EVENING])
    def test_due_time_set_by_the_api_or_for_a_check_moves_into_working_hours(self, story, typed):
        asked, program = story.asked(story.line()), Program(story.officer.user)
        made = program.post(f"inquiries/{asked.reference}/redate/", body={"due_at": typed.isoformat()})
        asked.refresh_from_db()
        assert is_within_hours(asked.due_at, asked.contact)
        assert datetime.fromisoformat(made["due_at"]) == asked.due_at
        lead = story.lead(story.line(3_000), 3_000)
        task = propose_check(lead, "sample_test", needed=False, by=story.officer.by, at=AT)
        request_check(task, story.checker, due_at=typed, by=story.officer.by, at=AT)
        assert is_within_hours(task.due_at, story.checker)
        change_due_time(task, due_at=typed + timedelta(days=1), by=story.officer.by, at=AT)
        assert is_within_hours(task.due_at, story.checker)

    @pytest.mark.parametrize("typed", [SUNDAY_NIGHT, EVENING])
    def test_inquiry_sent_with_a_due_time_outside_working_hours_is_due_within_them(self, story, typed):
        need = story.line().supply_request
        asked = draft_inquiry(
            need, story.contact, subject="s", body="b", author=story.officer.user, by=story.officer.by, at=AT
        )
        send_inquiry(asked, due_at=typed, by=story.officer.by, at=AT)
        assert is_within_hours(asked.due_at, asked.contact)

    @pytest.mark.parametrize("zone", ZONES)
    @pytest.mark.parametrize("hour", range(0, 168, 5))
    def test_due_time_moved_into_working_hours_is_never_earlier_than_the_typed_one(self, story, zone, hour):
        contact = story.contact
        contact.user.time_zone = zone
        typed = AT + timedelta(days=2, hours=hour)
        due = due_time_within_hours(contact, typed)
        assert is_within_hours(due, contact)
        assert typed <= due < typed + timedelta(days=12)

    def test_reminder_email_names_the_due_hour_and_the_recipients_time_zone(self, story):
        asked = story.asked(story.line())
        reminders.change_due_time(asked, due_at=self.MORNING, by=story.officer.by, at=AT)
        remind_contact(asked, by=story.officer.by, at=AT)
        for verb in ("redate", "remind"):
            entry = Entry.objects.filter(thing_label="procurement.inquiry", verb=verb).latest("pk")
            (mail,) = [one for one in build_messages(entry, AT) if one.recipient == asked.contact.user]
            assert "UTC+8" in mail.body
            assert "10:10" in mail.body
