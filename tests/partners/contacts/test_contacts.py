"""Actions on organizations and contacts: consent, deputies, withdrawal, and the number of open inquiries."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from accounts.actors import CONSOLE_ACTOR
from accounts.models import User
from partners.agreements.actions import end_agreement
from partners.contacts.actions import (
    ContactEdit,
    OrganizationEdit,
    add_contact,
    add_deputy,
    add_organization,
    correct_contact,
    correct_organization,
    decrement_open_tasks,
    increment_open_tasks,
    opt_in,
    opt_out,
    record_consent,
    remove_deputy,
    set_absence,
)
from partners.contacts.models import Contact, Organization
from partners.memberships.models import Membership
from tests.worlds import cities
from tests.worlds.cities import NOW, invited_contact, own_link
from workflow.errors import Refused
from workflow.journal.entries import history_of

pytestmark = pytest.mark.django_db
Role = Membership.Role


@pytest.fixture
def twinned_cities():
    cities.twinning("burnaby", "zhongshan")
    return cities.city("burnaby"), cities.city("zhongshan")


# --- organizations ---
def test_officer_adds_organizations_of_the_own_and_partner_cities_only(twinned_cities):
    burnaby, zhongshan = twinned_cities
    officer = cities.powers(Role.OFFICER, burnaby)
    for city in (burnaby, zhongshan):
        office = add_organization(city, kind="hospital", name_en=" Hospital ", by=officer, at=NOW)
        assert office.name_en == "Hospital"
        assert history_of(office).get().city_id == city.pk
    for city in (cities.city("wuhan"), cities.city("markham")):
        with pytest.raises(Refused) as refused:
            add_organization(city, kind="hospital", name_en="Hospital", by=officer, at=NOW)
        assert refused.value.code == "not_allowed"


def test_ended_agreement_grants_no_right_to_add_organizations(twinned_cities):
    burnaby, zhongshan = twinned_cities
    agreement = burnaby.agreements_a.get()
    end_agreement(agreement, why="terminated", by=CONSOLE_ACTOR, at=NOW, reason="council vote")
    with pytest.raises(Refused):
        add_organization(
            zhongshan, kind="hospital", name_en="Hospital", by=cities.powers(Role.OFFICER, burnaby), at=NOW
        )


def test_organization_is_added_once_and_corrected_with_a_journal_entry():
    office = cities.organization("zhongshan")
    with pytest.raises(Refused) as refused:
        add_organization(office.city, kind="hospital", name_en=office.name_en, by=CONSOLE_ACTOR, at=NOW)
    assert refused.value.code == "already_known"
    row = correct_organization(office, OrganizationEdit(phone="+86 760 0000 0000"), by=CONSOLE_ACTOR, at=NOW)
    assert row.phone == "+86 760 0000 0000"
    correct_organization(office, OrganizationEdit(phone="+86 760 0000 0000"), by=CONSOLE_ACTOR, at=NOW)
    assert [entry.verb for entry in history_of(office)] == ["correct", "add"]
    with pytest.raises(Refused):
        correct_organization(
            office,
            OrganizationEdit(phone="1"),
            by=cities.powers(Role.OFFICER, cities.city("markham")),
            at=NOW,
        )


def test_organization_is_named_in_the_readers_language():
    office = cities.organization(
        "zhongshan", name_en="Foreign Affairs Office", name_fr="Bureau", name_local="外事办公室"
    )
    french_only = cities.organization("burnaby", kind="hospital", name_en="Hospital", name_local="Local")
    for language, name in (("en", "Foreign Affairs Office"), ("fr-ca", "Bureau"), ("zh-hans", "外事办公室")):
        with translation.override(language):
            assert str(office) == name
    with translation.override("zh-hans"):
        assert str(french_only) == "Hospital"


# --- contacts ---
def test_new_contact_has_language_and_calendar_and_has_not_consented(twinned_cities):
    burnaby, _zhongshan = twinned_cities
    officer = cities.powers(Role.OFFICER, burnaby)
    office = cities.organization("zhongshan")
    contact = add_contact(
        office, email="Li.Wei@office.example", name="Li Wei", title="Section chief", by=officer, at=NOW
    )
    assert (contact.status, contact.holiday_country, contact.city) == ("invited", "CN", office.city)
    assert (contact.user.email, contact.user.language, contact.user.time_zone) == (
        "li.wei@office.example", "zh-hans", "Asia/Shanghai",
    )  # fmt: skip
    assert not Contact.objects.accepting_inquiries().exists()
    assert str(contact) == "Li Wei"
    with pytest.raises(Refused) as refused:
        add_contact(office, email="li.wei@office.example", name="Other", by=officer, at=NOW)
    assert refused.value.code == "already_known"


def test_known_person_keeps_their_name_at_a_second_organization():
    first = cities.contact()
    hospital = cities.organization("zhongshan", kind="hospital")
    second = add_contact(hospital, email=first.user.email, name="Another name", by=CONSOLE_ACTOR, at=NOW)
    assert second.user == first.user
    assert User.objects.filter(email=first.user.email).count() == 1


def test_refused_contact_creates_no_person():
    officer = cities.powers(Role.OFFICER, cities.city("markham"))
    with pytest.raises(Refused):
        add_contact(cities.organization("zhongshan"), email="x@office.example", name="X", by=officer, at=NOW)
    assert not User.objects.filter(email="x@office.example").exists()


@pytest.mark.parametrize(
    ("key", "facts", "language"),
    [
        ("zhongshan", {}, "zh-hans"),
        ("montreal", {}, "fr-ca"),
        ("lyon", {"country": "FR"}, "fr-ca"),
        ("burnaby", {}, "en"),
    ],
)
def test_new_contact_gets_the_default_language_of_the_place(key, facts, language):
    cities.city(key, **facts)
    assert invited_contact(key).user.language == language


def test_only_the_contact_can_consent_to_inquiries(twinned_cities):
    burnaby, _zhongshan = twinned_cities
    contact = invited_contact()
    for by in (cities.powers(Role.OFFICER, burnaby), own_link(cities.contact(name="Zhao Min"))):
        with pytest.raises(Refused) as refused:
            record_consent(contact, by=by, at=NOW)
        assert refused.value.code == "not_allowed"
    record_consent(contact, by=own_link(contact), at=NOW)
    assert (contact.status, contact.consent_at) == ("active", NOW)


def test_database_rejects_an_active_contact_without_consent():
    contact = invited_contact()
    contact.status = Contact.Status.ACTIVE
    with pytest.raises(IntegrityError, match="contact_active_agreed"), transaction.atomic():
        contact.save()


def test_contact_details_are_corrected_by_the_contact_or_their_own_city_only(twinned_cities):
    contact = cities.contact()
    correct_contact(contact, ContactEdit(title="Director", task_limit=2), by=own_link(contact), at=NOW)
    assert (contact.title, contact.task_limit) == ("Director", 2)
    burnaby, zhongshan = twinned_cities
    correct_contact(
        contact, ContactEdit(phone="1"), by=cities.powers(Role.OFFICER, zhongshan), at=NOW, reason="by phone"
    )
    assert contact.phone == "1"
    for role in (Role.OFFICER, Role.ADMINISTRATOR):
        with pytest.raises(Refused) as refused:
            correct_contact(
                contact, ContactEdit(phone="2"), by=cities.powers(role, burnaby), at=NOW, reason="so"
            )
        assert refused.value.code == "not_allowed"


def test_contact_is_absent_until_a_date_and_can_return_earlier():
    contact = cities.contact()
    me = own_link(contact)
    today = NOW.date()
    set_absence(contact, today + timedelta(days=3), by=me, at=NOW)
    assert contact.is_away(today + timedelta(days=3))
    assert not contact.is_away(today + timedelta(days=4))
    set_absence(contact, None, by=me, at=NOW)
    assert not contact.is_away(today)
    with pytest.raises(Refused) as refused:
        set_absence(contact, today - timedelta(days=1), by=me, at=NOW)
    assert refused.value.code == "day_is_over"


def test_deputy_must_be_a_colleague_of_the_same_city():
    contact, colleague, stranger = cities.contact(), cities.contact(name="Zhao Min"), cities.contact("wuhan")
    add_deputy(contact, colleague, by=own_link(contact), at=NOW)
    assert list(contact.deputies.all()) == [colleague]
    assert history_of(contact)[0].facts == {"deputy": colleague.pk}
    for other in (contact, stranger):
        with pytest.raises(Refused) as refused:
            add_deputy(contact, other, by=own_link(contact), at=NOW)
        assert refused.value.code == "not_a_colleague"


def test_deputy_is_removed_again():
    contact, colleague = cities.contact(), cities.contact(name="Zhao Min")
    by = own_link(contact)
    with pytest.raises(Refused, match="This contact has no deputy"):
        remove_deputy(contact, colleague, by=by, at=NOW)
    add_deputy(contact, colleague, by=by, at=NOW)
    with pytest.raises(Refused) as refused:
        remove_deputy(contact, contact, by=by, at=NOW)
    assert refused.value.code == "no_deputy"
    remove_deputy(contact, colleague, by=by, at=NOW)
    assert not contact.deputies.exists()
    assert history_of(contact)[0].verb == "drop_deputy"


def test_contact_stops_inquiries_and_only_the_contact_can_consent_again():
    contact = cities.contact()
    later = NOW + timedelta(days=1)
    opt_out(contact, by=own_link(contact), at=NOW, reason="I changed office")
    assert contact.status == "opted_out"
    with pytest.raises(Refused):
        set_absence(contact, None, by=own_link(contact), at=NOW)
    with pytest.raises(Refused):
        opt_in(contact, by=cities.powers(Role.ADMINISTRATOR, contact.city), at=later)
    opt_in(contact, by=own_link(contact), at=later)
    assert (contact.status, contact.consent_at) == ("active", later)


def test_contacts_are_visible_to_their_city_its_partners_and_coordinators():
    cities.twinning("burnaby", "zhongshan")
    cities.city("wuhan")
    here, there, far = cities.contact("burnaby"), cities.contact("zhongshan"), cities.contact("wuhan")

    def seen(powers):
        return set(Contact.objects.visible_to(powers))

    assert seen(cities.powers(Role.OFFICER, cities.city("burnaby"))) == {here, there}
    assert seen(cities.powers(Role.OBSERVER, cities.city("markham"))) == set()
    assert seen(cities.powers(Role.COORDINATOR)) == {here, there, far}
    assert seen(own_link(far)) == {far}
    assert Organization.objects.visible_to(own_link(far)).count() == 3


# --- open inquiries ---
def test_open_inquiries_are_counted_and_response_times_give_a_median():
    contact = cities.contact()
    for _question in range(3):
        increment_open_tasks(contact)
    decrement_open_tasks(contact, hours=10, at=NOW)
    decrement_open_tasks(contact, hours=21.4)
    decrement_open_tasks(contact)
    contact.refresh_from_db()
    assert (contact.open_questions, contact.answers, contact.answer_hours) == (0, 2, 16)
    assert contact.last_answered_at == NOW
    decrement_open_tasks(contact)
    contact.refresh_from_db()
    assert contact.open_questions == 0


def test_database_rejects_working_hours_with_one_end_only():
    contact = cities.contact()
    with pytest.raises(IntegrityError, match="contact_working_hours_have_both_ends"), transaction.atomic():
        Contact.objects.filter(pk=contact.pk).update(working_from="09:00")


def test_only_the_contact_can_change_their_name_language_and_time_zone(twinned_cities):
    contact = cities.contact("zhongshan")
    with pytest.raises(Refused) as refused:
        correct_contact(
            contact, ContactEdit(name="Li"), by=cities.powers("officer", twinned_cities[0]), at=NOW
        )
    assert refused.value.code == "not_allowed"
    theirs = {"name": "李伟", "language": "zh-hans", "time_zone": "Asia/Urumqi"}
    correct_contact(contact, ContactEdit(**theirs), by=own_link(contact), at=NOW)
    contact.user.refresh_from_db()
    assert {name: getattr(contact.user, name) for name in theirs} == theirs


def test_contact_keeps_the_holidays_of_the_place_unless_set_otherwise(twinned_cities):
    assert cities.contact("zhongshan", holiday_country="").holiday_country == "CN"
    assert cities.contact("zhongshan", "Zhao Min", holiday_country="HK").holiday_country == "HK"
