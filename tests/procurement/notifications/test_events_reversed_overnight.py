"""Tests of events about a contact that are reversed at night, before mail goes out in the contact's morning.

They are not mailed, and each mail that is sent is true at that time.
"""

from datetime import timedelta

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.contacts.actions import (
    ContactEdit,
    add_contact,
    add_deputy,
    confirm_workplace,
    correct_contact,
    record_consent,
    remove_deputy,
    resume_city_inquiries,
    set_absence,
    stop_city_inquiries,
    suggest_change,
)
from partners.contacts.models import Contact
from partners.memberships.actions import grant_role
from procurement.tasks import deliver_messages, plan_messages
from tests.worlds import cities
from tests.worlds.cities import own_link, powers_for
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache
from workflow.outbox.delivery import MIN_INTERVAL_PER_PERSON
from workflow.outbox.models import Message, Notification

pytestmark = pytest.mark.django_db
Role = cities.Role


@pytest.fixture
def story(db) -> Story:
    story = Story()
    story.practise()
    for city in ("burnaby", "markham"):
        cities.twinning(city, story.partner_place)
    yield story
    clear_instance_cache()


def morning_mail_bodies(contact: Contact, *templates: str) -> list[str]:
    """Return the bodies of the mails that reach the contact in the morning, in the order sent."""
    plan_messages(AT)
    mine = Message.objects.filter(recipient=contact.user, template__in=templates)
    assert mine.exists(), "planned"
    morning = mine.order_by("next_try_at")[0].next_try_at
    for number in range(2 * mine.count()):
        deliver_messages(morning + number * MIN_INTERVAL_PER_PERSON)
    assert not mine.filter(state=Message.State.PLANNED).exists()
    return list(mine.filter(state=Message.State.SENT).order_by("entry", "pk").values_list("body", flat=True))


def set_english(contact: Contact) -> Contact:
    type(contact.user).objects.filter(pk=contact.user_id).update(language="en")
    return Contact.objects.get(pk=contact.pk)


def test_city_that_stopped_and_resumed_inquiries_overnight_mails_only_the_resumption(
    story,
):
    contact = set_english(story.contact)
    stop_city_inquiries(contact, by=story.officer.by, at=AT, reason="Another one.")
    resume_city_inquiries(contact, by=story.officer.by, at=AT)
    told = morning_mail_bodies(contact, "contact_stopped_for", "contact_changed")
    assert len(told) == 1
    assert "Burnaby can send you requests again." in told[0]


def test_email_names_the_city_whose_inquiries_are_still_stopped(story):
    contact = set_english(story.contact)
    both = cities.member(Role.OFFICER, story.city)
    grant_role(both, role=Role.OFFICER, city=cities.city("markham"), by=CONSOLE_ACTOR, at=AT)
    stop_city_inquiries(contact, by=powers_for(both), at=AT, reason="Another one.")
    resume_city_inquiries(contact, by=story.officer.by, at=AT)
    (stopped, again) = morning_mail_bodies(contact, "contact_stopped_for", "contact_changed")
    assert "stopped all requests from Markham to you" in stopped
    assert "Burnaby can send you requests again." in again


def test_stop_notification_is_settled_when_the_city_resumes_inquiries(story):
    contact, asked = story.contact, story.asked(story.line())
    assert asked.contact == contact
    second = story.second_officer
    stop_city_inquiries(contact, by=second.by, at=AT, reason="Another one.")
    plan_messages(AT)
    told = Notification.objects.filter(recipient=story.officer.user, entry__verb="stop_for_city")
    assert told.get().settled_by is None
    resume_city_inquiries(contact, by=second.by, at=AT)
    plan_messages(AT)
    assert told.get().settled_by is not None


@pytest.mark.parametrize("dropped", [True, False])
def test_deputy_named_and_removed_overnight_is_mailed_as_removed(story, dropped):
    contact, deputy = set_english(story.contact), story.checker
    keeper = cities.powers(Role.ADMINISTRATOR, contact.city)
    add_deputy(contact, deputy, by=keeper, at=AT)
    if dropped:
        remove_deputy(contact, deputy, by=keeper, at=AT)
    told = morning_mail_bodies(contact, "contact_changed")
    assert any("A colleague is now recorded as your deputy." in one for one in told) is not dropped
    assert any("A colleague is no longer recorded as your deputy." in one for one in told) is dropped


def test_only_the_last_of_two_absence_changes_is_mailed(story):
    contact = set_english(story.contact)
    keeper = cities.powers(Role.ADMINISTRATOR, contact.city)
    set_absence(contact, (AT + timedelta(days=9)).date(), by=keeper, at=AT)
    set_absence(contact, None, by=keeper, at=AT)
    told = morning_mail_bodies(contact, "contact_changed")
    assert len(told) == 1
    assert "Your record now shows that you are back." in told[0]


def test_email_about_a_suggested_change_does_not_say_that_nothing_changed(story):
    contact = set_english(story.contact)
    suggest_change(contact, by=story.officer.by, at=AT, reason="The title.")
    keeper = cities.powers(Role.ADMINISTRATOR, contact.city)
    correct_contact(contact, ContactEdit(title="Director"), by=keeper, at=AT)
    (told,) = morning_mail_bodies(contact, "contact_suggestion")
    assert "You can make the change on your own page, or leave your details as they are." in told
    assert "Nothing has been changed" not in told


@pytest.mark.parametrize("agreed", [True, False])
def test_contact_is_told_of_being_found_by_partner_cities_only_after_consent(story, agreed):
    contact = add_contact(
        cities.organization(), email="qian@office.example", name="Qian Yu", by=story.officer.by, at=AT
    )
    if agreed:
        record_consent(contact, by=own_link(contact), at=AT)
    confirm_workplace(set_english(contact), by=cities.powers(Role.ADMINISTRATOR, contact.city), at=AT)
    told = morning_mail_bodies(contact, "contact_changed")[-1]
    assert "Your workplace has been confirmed" in told
    assert ("every partner city can now find you" in told) is agreed
