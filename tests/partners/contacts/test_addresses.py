"""Replacement of a contact's bounced email address: who may do it, and the mail to the new address."""

import pytest

from accounts.actions.people import mark_bounced, set_password
from accounts.actors import CONSOLE_ACTOR
from partners.contacts.actions import change_email_address
from partners.memberships.actions import grant_role
from procurement.notifications.builder import build_messages
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import NOW, REAL_NOW, own_link
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return cities.powers("officer", cities.city("zhongshan"))


def contact_with_bounced_address(name="Li Wei"):
    contact = cities.contact("zhongshan", name)
    mark_bounced(contact.user, by=CONSOLE_ACTOR, at=NOW, reason="550 no such user")
    return contact


def enter_address(contact, by, email="li.wei@office.example"):
    return change_email_address(contact, email, by=by, at=NOW, real_at=REAL_NOW)


def test_contacts_city_replaces_a_bounced_address_and_the_contact_is_mailed_there(officer):
    contact = contact_with_bounced_address()
    enter_address(contact, officer)
    contact.user.refresh_from_db()
    assert (contact.user.email, contact.user.bounced_at) == ("li.wei@office.example", None)
    entry = Entry.objects.filter(thing_label="partners.contact", verb="new_address").latest("pk")
    (mail,) = build_messages(entry, NOW)
    assert (mail.address, mail.template) == ("li.wei@office.example", "address_changed")


def test_working_address_of_a_contact_cannot_be_changed_by_others(officer):
    contact = cities.contact("zhongshan")
    with assert_refused("not_ready", contact):
        enter_address(contact, officer)


def test_bounced_address_cannot_be_replaced_by_other_cities_or_the_contact():
    contact = contact_with_bounced_address()
    cities.twinning("burnaby", "zhongshan")
    others = [cities.powers("officer", cities.city(key)) for key in ("markham", "burnaby")]
    for by in (*others, own_link(contact)):
        with assert_refused("not_allowed", contact):
            enter_address(contact, by)


def test_address_of_a_person_with_a_password_or_role_cannot_be_replaced_by_others(officer):
    contact = contact_with_bounced_address()
    set_password(contact.user, "a long enough password", by=CONSOLE_ACTOR, at=NOW)
    with assert_refused("not_ready", contact):
        enter_address(contact, officer)
    broker = contact_with_bounced_address("Zhao Min")
    grant_role(broker.user, role="broker", city=cities.city("burnaby"), by=CONSOLE_ACTOR, at=NOW)
    with assert_refused("has_a_role", broker):
        enter_address(broker, officer)


def test_new_address_already_in_use_is_refused(officer):
    contact, other = contact_with_bounced_address(), cities.contact("zhongshan", "Zhao Min")
    with assert_refused("address_taken", contact):
        enter_address(contact, officer, other.user.email)
