"""Tests of the rights that a twinning agreement gives: only once both cities confirmed it, and while it is in force."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from partners.agreements.actions import (
    AgreementEdit,
    add_agreement,
    confirm_agreement,
    correct_agreement,
    end_agreement,
    renew_agreement,
    resume_agreement,
    suspend_agreement,
    undo_end,
)
from partners.agreements.models import TwinningAgreement
from partners.contacts.models import Contact
from partners.corrections.actions import accept_correction, propose_correction
from partners.partial_dates import parse_partial_date
from partners.permissions.permissions import permissions_of
from partners.powers import Power
from partners.register_import.places import resolution
from partners.routing.recommendations import former_partners_by_city, recommend_contacts, routing_place
from procurement.notifications.builder import build_notifications_for_entry
from tests.procurement.api.program import Program
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from tests.worlds.cities import NOW, Role
from tests.worlds.register_imports import AGREEMENT_ROWS, apply_import, import_lines
from workflow.clock import clear_instance_cache, create_instance
from workflow.installation_models import Instance
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db
SOURCE = "https://register.example/agreement"


@pytest.fixture(autouse=True)
def april(db):
    """Set the product's time to 16 April 2020."""
    create_instance("practice", NOW)
    yield
    clear_instance_cache()


@pytest.fixture
def office():
    """Return a contact in Huai'an who accepts inquiries."""
    return cities.contact("huaian", "Sun Li")


def rights_of_officer(place: str) -> tuple[bool, bool]:
    """Return two truth values: an officer of this city sees the Huai'an contact, and may invite others."""
    by = cities.powers(Role.OFFICER, cities.city(place))
    seen = Contact.objects.visible_to(by).filter(city__slug="huaian").exists()
    return seen, by.may(Power.INVITE_CONTACT, cities.city("huaian"))


def entered_by(role: str, place: str, **days: str) -> TwinningAgreement:
    return add_agreement(
        cities.city(place),
        cities.city("huaian"),
        kind="sister",
        source_url=SOURCE,
        by=cities.powers(role, cities.city(place)),
        at=NOW,
        **{name: parse_partial_date(day) for name, day in days.items()},
    )


@pytest.mark.parametrize("place", ["burnaby", "montreal"])
def test_twinning_agreement_entered_by_one_city_gives_no_rights_until_other_confirms(place, office):
    program = Program(cities.member(Role.ADMINISTRATOR, cities.city(place)))
    body = {"city_a": place, "city_b": "huaian", "kind": "sister", "source_url": SOURCE}
    made = program.post("agreements/", body)
    assert (made["confirmed_a"], made["confirmed_b"]) == (True, False)
    assert rights_of_officer(place) == (False, False)
    assert program.refused(f"agreements/{made['id']}/confirm/")["status"] == 403
    agreement = TwinningAgreement.objects.get(pk=made["id"])
    found = recommend_contacts(agreement.city_a, routing_place(office.city), NOW.date())
    assert all(one.ranked_contact.degree != 1 for one in found)
    confirm_agreement(agreement, by=cities.powers(Role.ADMINISTRATOR, office.city), at=NOW)
    assert rights_of_officer(place) == (True, True)


def test_network_coordinator_can_confirm_twinning_agreement_for_city_without_officers(office):
    agreement = entered_by(Role.ADMINISTRATOR, "burnaby")
    confirm_agreement(agreement, by=cities.powers(Role.COORDINATOR), at=NOW)
    assert rights_of_officer("burnaby") == (True, True)


def test_other_city_is_notified_to_confirm_twinning_agreement_with_name_of_author(office):
    theirs = cities.member(Role.ADMINISTRATOR, office.city)
    entered_by(Role.ADMINISTRATOR, "burnaby")
    entry = Entry.objects.filter(verb="ask_to_confirm").latest("pk")
    plan = build_notifications_for_entry(entry, NOW)
    assert [one.recipient for one in plan.notices] == [theirs]
    assert entry.by_label in plan.messages[0].body


def test_city_that_confirmed_agreement_can_remind_other_city_to_confirm(office):
    cities.member(Role.ADMINISTRATOR, office.city)
    agreement, mine = (
        entered_by(Role.ADMINISTRATOR, "burnaby"),
        Program(cities.member(Role.ADMINISTRATOR, cities.city("burnaby"))),
    )
    before = Entry.objects.filter(verb="ask_to_confirm").count()
    mine.post(f"agreements/{agreement.pk}/ask-to-confirm/")
    assert Entry.objects.filter(verb="ask_to_confirm").count() == before + 1
    confirm_agreement(agreement, by=cities.powers(Role.ADMINISTRATOR, office.city), at=NOW)
    assert mine.refused(f"agreements/{agreement.pk}/ask-to-confirm/")["status"] in (403, 409)


@pytest.mark.parametrize(
    ("days", "holds"),
    [
        ({"signed": "2011"}, True),
        ({"signed": "2020-04-16"}, True),
        ({"signed": "2020-04-18"}, False),
        ({"signed": "2150-01-01"}, False),
        ({"signed": "2011", "expires": "2020-04-16"}, True),
        ({"signed": "2011", "expires": "2020-04-15"}, False),
        ({"signed": "2011", "expires": "2020-04"}, True),
        ({"signed": "2011", "expires": "2020-03"}, False),
        ({"signed": "2011", "expires": "2020"}, True),
        ({"signed": "2011", "expires": "2019"}, False),
    ],
)
def test_twinning_rights_hold_from_signing_until_agreed_end_day(office, days, holds):
    cities.twinning("burnaby", "huaian", **days)
    assert rights_of_officer("burnaby") == (holds, holds)


@pytest.mark.parametrize(("place", "holds"), [("burnaby", True), ("zhongshan", False)])
def test_end_day_of_twinning_agreement_is_counted_in_time_zone_of_city(office, place, holds):
    cities.twinning(place, "huaian", expires="2020-04-16")
    Instance.objects.all().delete()
    clear_instance_cache()
    create_instance("practice", datetime(2020, 4, 17, 6, 0, tzinfo=UTC))  # still the 16th in Vancouver
    assert rights_of_officer(place) == (holds, holds)


def test_extension_of_agreement_by_one_city_alone_extends_no_rights(office):
    agreement = cities.twinning("burnaby", "huaian", expires="2020-05-01")
    mine = cities.powers(Role.ADMINISTRATOR, cities.city("burnaby"))
    renew_agreement(agreement, by=mine, at=NOW, reason="council", expires=parse_partial_date("2030"))
    assert (agreement.confirmed_a, agreement.confirmed_b, str(agreement.agreed_until)) == (
        True,
        False,
        "2020-05-01",
    )
    assert rights_of_officer("burnaby") == (True, True)
    correct_agreement(
        agreement, AgreementEdit(expires=parse_partial_date("2031")), by=mine, at=NOW, reason="typo"
    )
    assert str(agreement.agreed_until) == "2020-05-01"
    confirm_agreement(agreement, by=cities.powers(Role.ADMINISTRATOR, office.city), at=NOW)
    assert (agreement.confirmed_a, agreement.confirmed_b, agreement.agreed_until) == (True, True, None)


def asked_to_confirm() -> str:
    """Return the text of the latest mail that asks the other side to confirm."""
    entry = Entry.objects.filter(verb="ask_to_confirm").latest("pk")
    return " ".join(build_notifications_for_entry(entry, NOW).messages[0].body.split())


def test_request_to_confirm_extension_states_rights_that_hold_until_then(office):
    cities.member(Role.ADMINISTRATOR, office.city)
    agreement = cities.twinning("burnaby", "huaian", expires="2020-05-01")
    mine = cities.powers(Role.ADMINISTRATOR, cities.city("burnaby"))
    renew_agreement(agreement, by=mine, at=NOW, reason="council", expires=parse_partial_date("2030"))
    told = asked_to_confirm()
    assert (
        "Until 1 May 2020, both cities can see each other’s contacts and send them requests. After that "
        "date, they can do so only if you confirm the agreement." in told
    )
    assert "neither city can see" not in told


def test_request_to_confirm_new_agreement_says_it_gives_no_rights_until_confirmed(office):
    cities.member(Role.ADMINISTRATOR, office.city)
    entered_by(Role.ADMINISTRATOR, "burnaby")
    told = asked_to_confirm()
    assert (
        "Until you confirm the agreement, neither city can see the other’s contacts or send them requests."
        in told
    )
    assert "both cities can see" not in told


def test_one_city_alone_cannot_restore_rights_of_ended_twinning_agreement(office):
    agreement = cities.twinning("burnaby", "huaian")
    theirs = cities.powers(Role.ADMINISTRATOR, office.city)
    mine = cities.powers(Role.ADMINISTRATOR, cities.city("burnaby"))
    end_agreement(agreement, why="terminated", by=theirs, at=NOW, reason="vote")
    renew_agreement(agreement, by=mine, at=NOW, reason="we want it")
    assert rights_of_officer("burnaby") == (False, False)
    assert former_partners_by_city(NOW) == {}  # no person ended it: it waits
    confirm_agreement(agreement, by=theirs, at=NOW)
    assert rights_of_officer("burnaby") == (True, True)


def test_correction_without_date_change_leaves_twinning_agreement_confirmed(office):
    agreement = cities.twinning("burnaby", "huaian")
    mine = cities.powers(Role.ADMINISTRATOR, cities.city("burnaby"))
    correct_agreement(
        agreement, AgreementEdit(note="Signed in the town hall"), by=mine, at=NOW, reason="typo"
    )
    correct_agreement(
        agreement, AgreementEdit(signed=parse_partial_date("2012")), by=mine, at=NOW, reason="the minutes"
    )
    assert rights_of_officer("burnaby") == (True, True)
    with assert_refused("not_allowed", agreement):
        confirm_agreement(agreement, by=mine, at=NOW)


def by_form(agreement, coordinator):
    browser = Client()
    browser.force_login(coordinator)
    form = {"signed": "2011", "source_url": SOURCE, "note": "In the town hall", "reason": "typo"}
    assert browser.post(f"/agreements/{agreement.pk}/correct/", form).status_code == 303


def by_api(agreement, coordinator):
    Program(coordinator).post(
        f"agreements/{agreement.pk}/correct/", {"note": "In the town hall", "reason": "typo"}
    )


def by_proposal(agreement, coordinator):
    by = permissions_of(coordinator, via="session")
    data = {"source_url": SOURCE, "why": "typo", "author": cities.member(Role.OFFICER, agreement.city_a)}
    proposed = propose_correction(
        agreement,
        "note",
        "In the town hall",
        by=permissions_of(data["author"], via="session"),
        at=NOW,
        **data,
    )
    accept_correction(proposed, decided_by=coordinator, by=by, at=NOW)


def by_file(agreement, coordinator):
    by = permissions_of(coordinator, via="session")
    row = "burnaby,CA,huaian,CN,sister,2011,In the town hall"
    apply_import(import_lines(by, f"{AGREEMENT_ROWS},Note", row), by)


@pytest.mark.parametrize("door", [by_form, by_api, by_proposal, by_file])
def test_note_by_network_coordinator_does_not_confirm_agreement_for_any_city(office, monkeypatch, door):
    monkeypatch.setattr(resolution, "find_places", lambda names: {})
    agreement = entered_by(Role.ADMINISTRATOR, "burnaby", signed="2011")
    door(agreement, cities.member(Role.COORDINATOR))
    agreement = TwinningAgreement.objects.get(pk=agreement.pk)
    assert agreement.note == "In the town hall"
    assert (agreement.confirmed_a, agreement.confirmed_b) == (True, False)
    assert rights_of_officer("burnaby") == (False, False)


@pytest.mark.parametrize("days", [{"expires": "2021"}, {"signed": "2012"}])
def test_date_change_by_network_coordinator_confirms_agreement_for_no_city(office, days):
    agreement = entered_by(Role.ADMINISTRATOR, "burnaby", signed="2011", expires="2022")
    known = {name: parse_partial_date(day) for name, day in days.items()}
    correct_agreement(agreement, AgreementEdit(**known), by=powers_in(*NETWORK), at=NOW, reason="typo")
    assert (agreement.confirmed_a, agreement.confirmed_b) == (True, False)


def test_extension_by_network_coordinator_holds_for_both_cities(office):
    agreement = cities.twinning("burnaby", "huaian", expires="2020-05-01")
    renew_agreement(
        agreement, by=powers_in(*MINE), at=NOW, reason="council", expires=parse_partial_date("2030")
    )
    renew_agreement(
        agreement, by=powers_in(*NETWORK), at=NOW, reason="council", expires=parse_partial_date("2031")
    )
    assert (agreement.confirmed_a, agreement.confirmed_b, agreement.agreed_until) == (True, True, None)


MINE, THEIRS, NETWORK = (
    (Role.ADMINISTRATOR, "burnaby"),
    (Role.ADMINISTRATOR, "huaian"),
    (Role.COORDINATOR, None),
)


def powers_in(role: str, place: str | None):
    return cities.powers(role, cities.city(place) if place else None)


@pytest.mark.parametrize("who", [MINE, THEIRS, NETWORK])
@pytest.mark.parametrize("how", ["suspend", "end"])
def test_twinning_rights_end_when_one_person_suspends_or_ends_agreement(office, who, how):
    agreement = cities.twinning("burnaby", "huaian")
    if how == "suspend":
        suspend_agreement(agreement, by=powers_in(*who), at=NOW, reason="vote")
    else:
        end_agreement(agreement, why="terminated", by=powers_in(*who), at=NOW, reason="vote")
    assert rights_of_officer("burnaby") == (False, False)


STOP_AND_RESTORE = {
    "suspend": (
        lambda agreement, by: suspend_agreement(agreement, by=by, at=NOW, reason="vote"),
        lambda agreement, by: resume_agreement(agreement, by=by, at=NOW, reason="council"),
    ),
    "end": (
        lambda agreement, by: end_agreement(agreement, why="terminated", by=by, at=NOW, reason="vote"),
        lambda agreement, by: undo_end(agreement, by=by, at=NOW, reason="a mistake"),
    ),
}


@pytest.mark.parametrize(
    ("stops", "undoes"), [(MINE, THEIRS), (THEIRS, MINE), (NETWORK, MINE), (THEIRS, THEIRS)]
)
@pytest.mark.parametrize("how", STOP_AND_RESTORE)
def test_agreement_restored_by_one_city_gives_rights_once_other_confirms(office, how, stops, undoes):
    stop, undo = STOP_AND_RESTORE[how]
    agreement = cities.twinning("burnaby", "huaian")
    stop(agreement, powers_in(*stops))
    undo(agreement, powers_in(*undoes))
    assert rights_of_officer("burnaby") == (False, False)
    confirm_agreement(agreement, by=powers_in(*(MINE if undoes == THEIRS else THEIRS)), at=NOW)
    assert rights_of_officer("burnaby") == (True, True)


@pytest.mark.parametrize("days", [{"expires": "2021"}, {"signed": "2012"}, {"expires": ""}])
def test_correction_by_one_city_of_suspended_agreement_gives_no_rights_alone(office, days):
    agreement = cities.twinning("burnaby", "huaian", expires="2020-05-01")
    suspend_agreement(agreement, by=powers_in(*THEIRS), at=NOW, reason="vote")
    known = {name: parse_partial_date(day) for name, day in days.items()}
    correct_agreement(agreement, AgreementEdit(**known), by=powers_in(*MINE), at=NOW, reason="the minutes")
    assert rights_of_officer("burnaby") == (False, False)
    resume_agreement(agreement, by=powers_in(*MINE), at=NOW, reason="council")
    assert rights_of_officer("burnaby") == (False, False)


@pytest.mark.parametrize("how", STOP_AND_RESTORE)
def test_agreement_stopped_before_confirmation_gives_no_rights_when_one_city_restores_it(office, how):
    agreement = entered_by(Role.ADMINISTRATOR, "burnaby")
    stop, undo = STOP_AND_RESTORE[how]
    stop(agreement, powers_in(*THEIRS))
    undo(agreement, powers_in(*MINE))
    assert rights_of_officer("burnaby") == (False, False)


def test_city_can_end_agreement_that_coordinator_confirmed_for_it(office):
    agreement = entered_by(Role.ADMINISTRATOR, "burnaby")
    confirm_agreement(agreement, by=powers_in(*NETWORK), at=NOW)
    end_agreement(agreement, why="terminated", by=powers_in(*THEIRS), at=NOW, reason="We never signed it.")
    for undo in (undo_end, renew_agreement):
        if agreement.status == TwinningAgreement.Status.ENDED:
            undo(agreement, by=powers_in(*MINE), at=NOW, reason="council")
        assert rights_of_officer("burnaby") == (False, False)


def test_api_refuses_contact_absence_and_deputy_from_cities_of_twinning_agreement(office):
    cities.twinning("burnaby", "huaian")
    colleague = cities.contact("huaian", "Zhao Min")
    was = Contact.objects.get(pk=office.pk)
    for role in (Role.OFFICER, Role.ADMINISTRATOR, Role.VERIFIER, Role.OBSERVER):
        program = Program(cities.member(role, cities.city("burnaby")))
        for verb, body in (
            ("go-away", {"until": "2020-05-01"}), ("name-deputy", {"deputy": colleague.pk}),
            ("drop-deputy", {"deputy": colleague.pk}), ("new-address", {"email": "x@office.example"}),
        ):  # fmt: skip
            assert program.refused(f"contacts/{office.pk}/{verb}/", body)["status"] == 403
    now = Contact.objects.get(pk=office.pk)
    assert (now.away_until, now.user.email, now.deputies.count()) == (was.away_until, was.user.email, 0)
