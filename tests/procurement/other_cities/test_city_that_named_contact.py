"""Tests of the city that named a contact: it is shown, and a third city's contact must be confirmed by their own city."""

from html import unescape

import pytest
from django.test import Client

from accounts.actors import CONSOLE_ACTOR
from partners.contacts.actions import add_contact, confirm_workplace, record_consent
from partners.contacts.models import Contact
from partners.memberships.actions import grant_role
from partners.routing.recommendations import recommend_contacts, routing_place
from procurement.notifications.builder import build_messages
from procurement.tasks import plan_messages
from tests.procurement.api.program import Program
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import NOW, Role, own_link, powers_for
from workflow.clock import clear_instance_cache, create_instance
from workflow.journal.models import Entry
from workflow.outbox.models import Notification

pytestmark = pytest.mark.django_db
CONTACT_CITY = "zhongshan"


@pytest.fixture(autouse=True)
def practice(db):
    create_instance("practice", NOW)
    for twin in ("burnaby", "markham"):
        cities.twinning(twin, CONTACT_CITY)
    yield
    clear_instance_cache()


def text(answer) -> str:
    return unescape(answer.content.decode())


def contact_named_by(place: str, door: str = "api") -> Contact:
    """Return a contact at Zhongshan's Foreign Affairs Office, entered by an officer of another city.

    The contact has agreed to be asked.
    """
    return enter_contact(cities.member(Role.OFFICER, cities.city(place)), door)


def enter_contact(officer, door: str = "api") -> Contact:
    """Return the contact entered by this officer, through the API or the page."""
    office = cities.organization(CONTACT_CITY)
    data = {"organization": office.pk, "email": "qian@office.example", "name": "Qian Yu"}
    if door == "api":
        Program(officer).post("contacts/", data)
    else:
        client = Client()
        client.force_login(officer)
        form = {**data, "name_order": "family_first", "task_limit": 5}
        assert client.post(f"/cities/{CONTACT_CITY}/contacts/add/", form).status_code == 303
    contact = Contact.objects.get(user__email="qian@office.example")
    return record_consent(contact, by=own_link(contact), at=NOW)


def contacts_offered_to(place: str) -> set[str]:
    city = cities.city(CONTACT_CITY)
    return {
        str(one.contact) for one in recommend_contacts(cities.city(place), routing_place(city), NOW.date())
    }


@pytest.mark.parametrize("door", ["api", "page"])
def test_city_that_named_contact_is_stored_and_shown_in_invitation(door):
    contact = contact_named_by("markham", door)
    assert contact.introduced_by == cities.city("markham")
    invited = Entry.objects.get(thing_label="partners.contact", verb="invite")
    contact.status = "invited"
    contact.save()
    (letter,) = build_messages(invited, NOW)
    assert "万锦" in letter.body


def test_contact_named_by_third_city_is_offered_to_that_city_alone_until_confirmed():
    contact = contact_named_by("markham")
    assert (contacts_offered_to("markham"), contacts_offered_to("burnaby")) == ({"Qian Yu"}, set())
    for role, place in ((Role.OFFICER, "markham"), (Role.ADMINISTRATOR, "burnaby")):
        with assert_refused("not_allowed", contact):
            confirm_workplace(contact, by=cities.powers(role, cities.city(place)), at=NOW)
    confirm_workplace(contact, by=cities.powers(Role.OFFICER, cities.city(CONTACT_CITY)), at=NOW)
    assert (contacts_offered_to("markham"), contacts_offered_to("burnaby")) == ({"Qian Yu"}, {"Qian Yu"})


def test_coordinator_confirms_contact_and_contacts_named_by_own_city_need_no_confirmation():
    contact = contact_named_by("burnaby")
    Program(cities.member(Role.COORDINATOR)).post(f"contacts/{contact.pk}/confirm-place/")
    assert contacts_offered_to("markham") == {"Qian Yu"}
    for by in (cities.powers(Role.COORDINATOR), cities.powers(Role.OFFICER, cities.city(CONTACT_CITY))):
        one = add_contact(
            cities.organization(CONTACT_CITY),
            email=f"p{by.user_id}@office.example",
            name=f"P {by.user_id}",
            by=by,
            at=NOW,
        )
        record_consent(one, by=own_link(one), at=NOW)
        assert str(one) in contacts_offered_to("markham")


@pytest.mark.parametrize("place", ["burnaby", "markham"])
def test_pages_and_api_mark_contact_as_unconfirmed(place):
    contact = contact_named_by("markham")
    reader = cities.member(Role.OBSERVER, cities.city(place))
    client = Client()
    client.force_login(reader)
    page = text(client.get(f"/contacts/{contact.pk}/"))
    assert "Named by Markham, not confirmed by Zhongshan." in page
    data = Program(reader).get(f"contacts/{contact.pk}/")
    assert (data["introduced_by"], data["place_confirmed_at"]) == ("markham", None)
    confirm_workplace(contact, by=cities.powers(Role.OFFICER, cities.city(CONTACT_CITY)), at=NOW)
    assert "not confirmed" not in text(client.get(f"/contacts/{contact.pk}/"))


def people_asked_to_confirm(contact: Contact) -> list[Notification]:
    return list(Notification.objects.about(contact).filter(entry__verb="invite").order_by("recipient"))


ROW = "Markham added Qian Yu as a contact in Zhongshan. Confirm that they work there"


def today_text(person) -> str:
    client = Client()
    client.force_login(person)
    return text(client.get("/"))


def test_own_city_is_notified_and_has_task_until_unconfirmed_contact_is_confirmed():
    keepers = [cities.member(role, cities.city(CONTACT_CITY)) for role in (Role.ADMINISTRATOR, Role.OFFICER)]
    coordinator, others = cities.member(Role.COORDINATOR), cities.member(Role.OFFICER, cities.city("burnaby"))
    contact = contact_named_by("markham")
    plan_messages(NOW)
    assert [one.recipient for one in people_asked_to_confirm(contact)] == keepers
    for keeper in keepers:
        program = Program(keeper)
        (notice,) = program.get("notifications/")["results"]
        assert ROW in notice["says"]
        assert ROW in today_text(keeper)
        assert contact.get_absolute_url() in today_text(keeper)
    for person in (coordinator, others):
        assert ROW not in today_text(person)
    client = Client()
    client.force_login(keepers[0])
    assert "Confirm that they work here" in text(client.get(contact.get_absolute_url()))
    assert client.post(f"{contact.get_absolute_url()}confirm_place/").status_code == 303
    plan_messages(NOW)
    assert all(one.settled_by is not None for one in people_asked_to_confirm(contact))
    assert all(ROW not in today_text(keeper) for keeper in keepers)


def test_coordinator_is_asked_to_confirm_contact_of_city_without_users():
    coordinator = cities.member(Role.COORDINATOR)
    contact = contact_named_by("markham")
    plan_messages(NOW)
    assert [one.recipient for one in people_asked_to_confirm(contact)] == [coordinator]
    assert ROW in today_text(coordinator)
    cities.member(Role.OFFICER, cities.city(CONTACT_CITY))
    assert ROW not in today_text(coordinator)


def test_contact_named_by_own_city_sends_no_confirmation_request():
    cities.member(Role.ADMINISTRATOR, cities.city(CONTACT_CITY))
    contact = contact_named_by(CONTACT_CITY)
    plan_messages(NOW)
    assert people_asked_to_confirm(contact) == []


@pytest.mark.parametrize("door", ["api", "page"])
def test_contact_abroad_named_by_provincial_coordinator_is_recorded_under_province(
    door,
):
    province = cities.city("ontario")
    person = cities.member(Role.COORDINATOR, province)
    contact = enter_contact(person, door)
    assert contact.introduced_by == province
    assert contact.named_by_other_city
    assert contacts_offered_to("markham") == contacts_offered_to("burnaby") == set()


def test_contact_in_province_named_by_provincial_coordinator_has_no_naming_city():
    person = cities.member(Role.COORDINATOR, cities.city("ontario"))
    office = cities.organization("markham", name_en="Mayor's office")
    contact = add_contact(office, email="x@markham.example", name="Ann Lee", by=powers_for(person), at=NOW)
    assert contact.introduced_by is None
    assert contact.place_confirmed_at is not None


def test_contact_named_by_provincial_coordinator_with_city_role_is_recorded_under_city():
    person = cities.member(Role.COORDINATOR, cities.city("ontario"))
    grant_role(person, role=Role.OFFICER, city=cities.city("markham"), by=CONSOLE_ACTOR, at=NOW)
    assert enter_contact(person, "api").introduced_by == cities.city("markham")
