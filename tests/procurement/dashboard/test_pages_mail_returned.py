"""Tests of bounced mail as a row of the start page ("Today").

The person who asked the contact and an officer of the contact's city get the row; a new address ends it.
"""

import pytest

from accounts.actions.people import mark_bounced
from accounts.actors import CONSOLE_ACTOR
from partners.contacts.actions import opt_out
from procurement.notifications.builder import build_notifications_for_entry
from procurement.outreach.actions.replies import decline_inquiry
from tests.browsing import Browser
from tests.procurement.api.program import Program
from tests.procurement.outreach.test_inquiries import powers_by_own_link, sent_inquiry
from tests.worlds import cities
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT, Story
from workflow.clock import clear_instance_cache, create_instance
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    clear_instance_cache()
    create_instance("practice", AT)
    cities.twinning("burnaby", "zhongshan")
    yield Story("burnaby")
    clear_instance_cache()


def test_bounced_contact_address_is_on_today_until_a_new_one_is_given(story):
    inquiry = sent_inquiry(story)
    mark_bounced(inquiry.contact.user, by=CONSOLE_ACTOR, at=AT, reason="550 no such user")
    asker, keeper = Browser(story.officer.user), Browser(cities.member("officer", inquiry.contact.city))
    stranger = Browser(story.stranger.user)
    assert f"Email to Li Wei about “{inquiry.supply_request.title}” was returned" in asker.open("/")
    assert "An email to Li Wei was returned on" in keeper.open("/")
    assert "was returned" not in stranger.open("/")

    assert "enter a new email address" not in asker.open("/").text.lower()
    page = asker.open(inquiry)
    assert "No more emails are sent to this address." in page
    assert page.follow("Find the contact’s office").at == inquiry.contact.city.get_absolute_url()
    assert not any("new_address" in where for _how, where in page.ways)
    network = Browser(cities.member("coordinator"))
    assert network.open(inquiry).follow("Enter a new email address").form("Enter a new email address")
    keeper.open(inquiry.contact).do("new_address", email="li.wei@office.example")
    inquiry.contact.user.refresh_from_db()
    assert inquiry.contact.user.email == "li.wei@office.example"
    for reader in (asker, keeper):
        assert "was returned" not in reader.open("/")
    assert "was returned" not in asker.open(inquiry)


def test_bounced_address_is_on_today_of_the_former_asker_when_the_city_has_no_members(story):
    inquiry = sent_inquiry(story)
    decline_inquiry(inquiry, by=powers_by_own_link(inquiry), at=AT)
    mark_bounced(inquiry.contact.user, by=CONSOLE_ACTOR, at=AT, reason="550 no such user")
    page = Browser(story.officer.user).open("/")
    assert "An email to Li Wei was returned on" in page
    assert "Enter a new email address" not in page
    assert page.follow("Find the contact’s office").at == inquiry.contact.city.get_absolute_url()
    network = Browser(cities.member("coordinator")).open("/")
    assert network.follow("Enter a new email address").form("Enter a new email address")


def test_bounce_notification_asks_only_the_contacts_own_city_for_a_new_address(story):
    inquiry = sent_inquiry(story)
    keeper, coordinator = cities.member("officer", inquiry.contact.city), cities.member("coordinator")
    mark_bounced(inquiry.contact.user, by=CONSOLE_ACTOR, at=AT, reason="550 no such user")
    entry = history_of(inquiry.contact.user).get(verb="bounce")
    told = {one.recipient: one for one in build_notifications_for_entry(entry, AT).messages}
    assert "Enter another address" in told[keeper].body
    assert "Enter another address" not in told[story.officer.user].body
    assert "ask this person’s office" in told[story.officer.user].body
    assert coordinator not in told, "their own city can do it"


def test_bounce_refusal_names_only_actions_open_to_user(story):
    inquiry = sent_inquiry(story)
    mark_bounced(inquiry.contact.user, by=CONSOLE_ACTOR, at=AT, reason="550 no such user")
    page = Browser(story.officer.user).open(inquiry)
    assert "Enter a new email address" not in page
    answer = Program(story.officer.user).ask("post", f"inquiries/{inquiry.reference}/remind/")
    assert "a coordinator can enter it" in answer.content.decode()


def test_bounced_address_of_a_contact_who_stopped_inquiries_is_on_today_of_no_one(story):
    contact = sent_inquiry(story).contact
    mark_bounced(contact.user, by=CONSOLE_ACTOR, at=AT, reason="550 no such user")
    opt_out(contact, by=own_link(contact), at=AT)
    assert "An email to Li Wei was returned on" not in Browser(cities.member("officer", contact.city)).open(
        "/"
    )
