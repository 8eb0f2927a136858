"""Who named a contact is known through every door; one whom a third city named is offered to others once their own city confirms."""

from html import unescape

import pytest
from django.test import Client

from partners import actions as partners
from partners.candidates import place_of, suggest
from partners.models import Contact
from procurement import notices
from tests import world
from tests.procurement.api.program import Program
from tests.procurement.refusals import refused
from tests.world import NOW, Role
from workflow import clock
from workflow.models import Entry

pytestmark = pytest.mark.django_db
HERE = "zhongshan"


@pytest.fixture(autouse=True)
def practice(db):
    clock.create_instance("practice", NOW)
    for twin in ("burnaby", "markham"):
        world.twinning(twin, HERE)
    yield
    clock.forget()


def text(answer) -> str:
    return unescape(answer.content.decode())


def named_by(place: str, door: str = "api") -> Contact:
    """Somebody at the Foreign Affairs Office of Zhongshan, entered by an officer of a city; they have agreed to be asked."""
    officer, office = world.member(Role.OFFICER, world.city(place)), world.organisation(HERE)
    told = {"organisation": office.pk, "email": "qian@office.example", "name": "Qian Yu"}
    if door == "api":
        Program(officer).post("contacts/", told)
    else:
        client = Client()
        client.force_login(officer)
        form = {**told, "name_order": "family_first", "task_limit": 5}
        assert client.post(f"/cities/{HERE}/contacts/add/", form).status_code == 303
    contact = Contact.objects.get(user__email="qian@office.example")
    return partners.confirm(contact, by=world.own_link(contact), at=NOW)


def offered_to(place: str) -> set[str]:
    city = world.city(HERE)
    return {str(one.contact) for one in suggest(world.city(place), place_of(city), NOW.date())}


@pytest.mark.parametrize("door", ["api", "page"])
def test_the_naming_city_is_kept_and_named_in_the_invitation(door):
    contact = named_by("markham", door)
    assert contact.introduced_by == world.city("markham")
    invited = Entry.objects.get(thing_label="partners.contact", verb="invite")
    contact.status = "invited"
    contact.save()
    (letter,) = notices.plan(invited, NOW)
    assert "万锦" in letter.body


def test_a_contact_named_by_a_third_city_is_offered_to_that_city_alone_until_it_is_confirmed():
    contact = named_by("markham")
    assert (offered_to("markham"), offered_to("burnaby")) == ({"Qian Yu"}, set())
    for role, place in ((Role.OFFICER, "markham"), (Role.ADMINISTRATOR, "burnaby")):
        with refused("not_allowed", contact):
            partners.confirm_place(contact, by=world.powers(role, world.city(place)), at=NOW)
    partners.confirm_place(contact, by=world.powers(Role.OFFICER, world.city(HERE)), at=NOW)
    assert (offered_to("markham"), offered_to("burnaby")) == ({"Qian Yu"}, {"Qian Yu"})


def test_a_coordinator_confirms_and_whom_a_coordinator_or_the_city_names_needs_none():
    contact = named_by("burnaby")
    Program(world.member(Role.COORDINATOR)).post(f"contacts/{contact.pk}/confirm-place/")
    assert offered_to("markham") == {"Qian Yu"}
    for by in (world.powers(Role.COORDINATOR), world.powers(Role.OFFICER, world.city(HERE))):
        one = partners.add_contact(
            world.organisation(HERE),
            email=f"p{by.user_id}@office.example",
            name=f"P {by.user_id}",
            by=by,
            at=NOW,
        )
        partners.confirm(one, by=world.own_link(one), at=NOW)
        assert str(one) in offered_to("markham")


@pytest.mark.parametrize("place", ["burnaby", "markham"])
def test_pages_and_programs_say_that_nobody_confirmed_the_contact(place):
    contact = named_by("markham")
    reader = world.member(Role.OBSERVER, world.city(place))
    client = Client()
    client.force_login(reader)
    page = text(client.get(f"/contacts/{contact.pk}/"))
    assert "Named by Markham, not confirmed by Zhongshan." in page
    told = Program(reader).get(f"contacts/{contact.pk}/")
    assert (told["introduced_by"], told["place_confirmed_at"]) == ("markham", None)
    partners.confirm_place(contact, by=world.powers(Role.OFFICER, world.city(HERE)), at=NOW)
    assert "not confirmed" not in text(client.get(f"/contacts/{contact.pk}/"))
