"""A person's permissions: loaded once in a fixed number of queries, then looked up in sets."""

from dataclasses import dataclass, replace

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from partners.exchanges.models import Exchange
from partners.memberships.actions import grant_role
from partners.memberships.models import Membership
from partners.memberships.roles import ROLE_DEFINITIONS
from partners.permissions.permissions import Permissions, permissions_by_link, permissions_of
from partners.powers import CityScope, Power, may_edit_register_of
from tests.worlds import cities
from tests.worlds.cities import NOW, invited_contact, own_link, powers_for
from workflow.actors import Actor

pytestmark = pytest.mark.django_db
Role = Membership.Role


@dataclass
class ObjectStub:
    """An object of a city, which may be assigned to a contact or a broker."""

    city_id: int | None = None
    contact_id: int | None = None
    broker_id: int | None = None
    link_target: tuple[str, int] | None = None


def test_permissions_of_a_role_hold_only_in_its_city():
    burnaby, markham = cities.city("burnaby"), cities.city("markham")
    powers = cities.powers(Role.OFFICER, burnaby)
    assert isinstance(powers, Actor)
    assert powers.may(Power.SEND_INQUIRY, CityScope(burnaby.pk))
    assert not powers.may(Power.SEND_INQUIRY, CityScope(markham.pk))
    assert powers.may(Power.SEND_INQUIRY, CityScope(None))
    assert not powers.may(Power.APPROVE, CityScope(None))
    assert powers.visible_cities == powers.cities_of_person == {burnaby.pk}
    assert (powers.is_coordinator, powers.overseen_city_ids) == (False, frozenset())


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.COORDINATOR, Role.BROKER)])
def test_each_role_has_exactly_its_permissions(role):
    burnaby = cities.city("burnaby")
    powers = cities.powers(role, burnaby)
    assert {power for power in Power if powers.may(power, burnaby)} == ROLE_DEFINITIONS[role].powers
    assert powers.may_write is (role != Role.OBSERVER)


def test_roles_in_two_cities_are_kept_apart():
    burnaby, markham = cities.city("burnaby"), cities.city("markham")
    person = cities.member(Role.OBSERVER, burnaby)
    grant_role(person, role=Role.OFFICER, city=markham, by=CONSOLE_ACTOR, at=NOW)
    powers = powers_for(person)
    assert powers.visible_cities == {burnaby.pk, markham.pk}
    assert not powers.may(Power.ORDER, burnaby)
    assert powers.may(Power.ORDER, markham)


def test_permission_to_invite_contacts_covers_partner_cities_of_the_own_city_only():
    burnaby, markham, zhongshan = (cities.city(key) for key in ("burnaby", "markham", "zhongshan"))
    cities.twinning(burnaby, zhongshan)
    person = cities.member(Role.OBSERVER, burnaby)
    grant_role(person, role=Role.OFFICER, city=markham, by=CONSOLE_ACTOR, at=NOW)
    powers = powers_for(person)
    assert powers.partner_cities == {zhongshan.pk}
    assert not powers.may(Power.INVITE_CONTACT, zhongshan)
    officer = cities.powers(Role.OFFICER, burnaby)
    assert {power for power in Power if officer.may(power, zhongshan)} == {Power.INVITE_CONTACT}


def test_network_coordinator_oversees_all_cities_and_sees_no_private_data():
    burnaby = cities.city("burnaby")
    powers = cities.powers(Role.COORDINATOR)
    assert powers.is_coordinator
    assert powers.overseen_city_ids == frozenset()
    assert powers.may_write
    assert {power for power in Power if powers.may(power, burnaby)} == {
        Power.OVERSEE_CITIES, Power.EDIT_REGISTER, Power.EDIT_CUSTOMS_RULES, Power.INVITE_CONTACT, Power.EDIT_CONTACT, Power.APPOINT,
    }  # fmt: skip
    assert powers.visible_cities == frozenset()


def test_editor_of_one_city_may_edit_what_it_shares_with_another():
    burnaby, markham, zhongshan = (cities.city(key).pk for key in ("burnaby", "markham", "zhongshan"))
    powers = cities.powers(Role.ADMINISTRATOR, cities.city("burnaby"))
    assert may_edit_register_of(powers, markham, burnaby)
    assert not may_edit_register_of(powers, markham, zhongshan)
    assert not may_edit_register_of(powers)


def test_provincial_coordinator_oversees_the_provinces_cities():
    markham, ontario, burnaby = (cities.city(key) for key in ("markham", "ontario", "burnaby"))
    cities.twinning(markham, "zhongshan")
    powers = cities.powers(Role.COORDINATOR, ontario)
    assert powers.partner_cities == {cities.city("zhongshan").pk}
    assert powers.is_coordinator
    assert powers.overseen_city_ids == {markham.pk, ontario.pk}
    assert powers.may(Power.OVERSEE_CITIES, markham)
    assert not powers.may(Power.OVERSEE_CITIES, burnaby)
    assert not powers.may(Power.APPOINT, markham)
    assert cities.powers(Role.COORDINATOR, markham).overseen_city_ids == {markham.pk}, "no province"


def test_broker_has_permissions_only_on_assigned_shipments():
    burnaby = cities.city("burnaby")
    cities.twinning(burnaby, "zhongshan")
    powers = cities.powers(Role.BROKER, burnaby)
    assert powers.partner_cities == frozenset()
    assert powers.is_broker
    assert powers.may_write
    assert not powers.may(Power.CLEAR_CUSTOMS, ObjectStub(city_id=burnaby.pk))
    assert powers.may(Power.CLEAR_CUSTOMS, ObjectStub(city_id=burnaby.pk, broker_id=powers.user_id))
    assert not powers.may(Power.SHIP, ObjectStub(city_id=burnaby.pk, broker_id=powers.user_id))
    assert powers.cities_of_person == frozenset()
    former = cities.user()
    assert not powers_for(former).may(
        Power.CLEAR_CUSTOMS, ObjectStub(city_id=burnaby.pk, broker_id=former.pk)
    )


def test_contact_may_answer_their_own_inquiries_signed_in_or_by_link():
    contact = cities.contact()
    for powers in (permissions_of(contact.user, via="session"), own_link(contact)):
        assert powers.may(Power.ANSWER_INQUIRY, ObjectStub(contact_id=contact.pk))
        assert powers.may(
            Power.ANSWER_INQUIRY, ObjectStub(contact_id=contact.pk, link_target=("procurement.inquiry", 1))
        )
        assert not powers.may(Power.ANSWER_INQUIRY, ObjectStub(contact_id=contact.pk + 1))
        assert not powers.may(Power.SEND_INQUIRY, ObjectStub(contact_id=contact.pk))
        assert powers.cities_of_person == {contact.city_id}
        assert not powers.may_write


def test_contact_without_consent_has_no_permissions_when_signed_in():
    contact = invited_contact()
    assert permissions_of(contact.user, via="session").contact_ids == frozenset()


def test_link_to_one_object_covers_that_object_and_its_parts():
    contact, other = cities.contact(), cities.contact(name="Zhao Min")
    powers = permissions_by_link(contact.user, contact, ("partners.contact", contact.pk))
    assert powers.may(Power.ANSWER_INQUIRY, contact)
    assert not powers.may(Power.ANSWER_INQUIRY, ObjectStub(contact_id=contact.pk))
    assert powers.may(
        Power.ANSWER_INQUIRY, ObjectStub(contact_id=contact.pk, link_target=("partners.contact", contact.pk))
    )
    assert not powers.may(Power.ANSWER_INQUIRY, other)


def test_permissions_are_loaded_in_at_most_four_queries(django_assert_max_num_queries):
    ontario = cities.city("ontario")
    cities.twinning("markham", "zhongshan")
    person = cities.member(Role.COORDINATOR, ontario)
    for key in ("burnaby", "markham", "montreal"):
        grant_role(person, role=Role.OFFICER, city=cities.city(key), by=CONSOLE_ACTOR, at=NOW)
    with django_assert_max_num_queries(4):
        powers = permissions_of(person, via="token")
    assert powers.via == "token"
    assert powers.partner_cities == {cities.city("zhongshan").pk}


def test_officers_permissions_and_agreements_are_loaded_in_one_query(django_assert_num_queries):
    cities.twinning("markham", "zhongshan")
    person, zhongshan = cities.member(Role.OFFICER, cities.city("markham")), cities.city("zhongshan")
    with django_assert_num_queries(1):
        partner_cities = permissions_of(person, via="session").partner_cities
    assert partner_cities == {zhongshan.pk}


def test_permission_scope_is_equal_for_readers_who_see_the_same():
    one = Permissions(user_id=1, label="Li Wei", via="session", city_ids_by_power={Power.SEE: frozenset({1})})
    assert (
        replace(one, label="Wei Li").visibility_key
        == replace(one, via="token").visibility_key
        == one.visibility_key
    )
    for other in (
        {"user_id": 2},
        {"city_ids_by_power": {Power.SEE: frozenset({2})}},
        {"linked_object_key": ("partners.contact", 1)},
    ):
        assert replace(one, **other).visibility_key != one.visibility_key


def test_person_without_a_role_has_no_permissions(django_assert_max_num_queries):
    person = cities.user()
    with django_assert_max_num_queries(3):
        powers = permissions_of(person, via="session")
    assert (powers.visible_cities, powers.partner_cities, powers.is_coordinator, powers.may_write) == (
        frozenset(),
        frozenset(),
        False,
        False,
    )


def test_register_is_visible_to_every_signed_in_person():
    cities.exchange("zhongshan", "burnaby")
    cities.twinning("burnaby", "zhongshan")
    nobody = Permissions(user_id=0, label="nobody", via="session")
    for model in (City, TwinningAgreement, Exchange):
        assert model.objects.visible_to(nobody).count() == model.objects.count() > 0
