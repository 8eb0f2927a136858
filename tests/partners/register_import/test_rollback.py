"""The withdrawal of a whole import: only entries that others use stay, each with a reason."""

import pytest

from partners.agreements.actions import AgreementEdit, correct_agreement
from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from partners.corrections.actions import propose_correction
from partners.disputes.actions import add_claim
from partners.partial_dates import parse_partial_date
from partners.register_import.models import ImportData
from tests.worlds import cities
from tests.worlds.cities import NOW
from tests.worlds.register_imports import (
    AGREEMENT_ROWS,
    apply_import,
    import_lines,
    kept_entries,
    register,
    roll_back_import,
)
from workflow.journal.entries import history_of
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


def test_rollback_removes_a_whole_import(coordinator_powers):
    agreement = cities.twinning("burnaby", "zhongshan", signed="2010")
    lines = [AGREEMENT_ROWS, "Burnaby,CA,Zhongshan,CN,sister,2011", "Burnaby,CA,Nanaimo,CA,sister,2012"]
    batch = roll_back_import(
        apply_import(import_lines(coordinator_powers, *lines, status="active"), coordinator_powers),
        coordinator_powers,
    )
    assert (batch.status, batch.left) == ("rolled_back", 0)
    agreement.refresh_from_db()
    assert agreement.signed.iso_text == "2010"
    assert not City.objects.filter(slug="nanaimo-ca").exists()
    assert TwinningAgreement.objects.count() == 1
    assert history_of(agreement)[0].verb == "set_back"
    assert Entry.objects.filter(verb="remove", thing_label="partners.city").count() == 1


def test_rollback_restores_an_agreement_ended_by_the_import(coordinator_powers):
    agreement = cities.twinning("burnaby", "zhongshan", signed="2010")
    batch = apply_import(
        import_lines(
            coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Zhongshan,CN,sister,2010", status="terminated"
        ),
        coordinator_powers,
    )
    agreement.refresh_from_db()
    assert agreement.status == "ended"
    roll_back_import(batch, coordinator_powers)
    agreement.refresh_from_db()
    assert (agreement.status, agreement.ended_why) == ("recorded", "")


def test_rollback_keeps_entries_used_elsewhere_with_the_reason(coordinator_powers):
    batch = apply_import(
        import_lines(coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Nanaimo,CA,sister,2012"),
        coordinator_powers,
    )
    cities.exchange(City.objects.get(slug="nanaimo-ca"), cities.city("zhongshan"))
    agreement = TwinningAgreement.objects.get()
    correct_agreement(agreement, AgreementEdit(note="seen"), by=coordinator_powers, at=NOW, reason="seen")
    batch = roll_back_import(batch, coordinator_powers)
    assert batch.left == 2
    assert dict(kept_entries(batch)) == {
        "Burnaby – Nanaimo": "Someone has since changed this entry.",
        "Nanaimo": "The exchange “Nanaimo → Zhongshan: Letter” depends on this entry.",
    }


def test_rollback_keeps_entries_changed_twice_since(coordinator_powers):
    agreement = cities.twinning("burnaby", "zhongshan", signed="2010")
    batch = apply_import(
        import_lines(
            coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Zhongshan,CN,sister,2011", status="active"
        ),
        coordinator_powers,
    )
    correct_agreement(
        agreement,
        AgreementEdit(signed=parse_partial_date("2012")),
        by=coordinator_powers,
        at=NOW,
        reason="seen",
    )
    assert kept_entries(roll_back_import(batch, coordinator_powers)) == [
        ("Burnaby – Zhongshan", "Someone has since changed this entry.")
    ]


def test_exported_register_is_identical_after_a_rollback(coordinator_powers):
    old = cities.twinning("burnaby", "zhongshan", signed="2010-05", note="=first")
    cities.exchange("zhongshan", "burnaby")
    before = register()
    lines = [
        "Burnaby,CA,Zhongshan,CN,sister,2011",
        "Burnaby,CA,Nanaimo,CA,sister,2012",
        "Nanaimo,CA,Zhongshan,CN,friendship,",
    ]
    batch = apply_import(
        import_lines(coordinator_powers, AGREEMENT_ROWS, *lines, status="terminated"), coordinator_powers
    )
    assert register() != before
    assert roll_back_import(batch, coordinator_powers).left == 0
    assert register() == before
    old.refresh_from_db()
    assert City.objects.search("burnaby").exists()


def test_renamed_city_is_found_by_its_old_name_after_a_rollback(coordinator_powers):
    batch = import_lines(
        coordinator_powers, "Key,Name,Country,Level", "burnaby,Barnaby,CA,city", table="cities"
    )
    apply_import(batch, coordinator_powers)
    assert City.objects.search("Barnaby").exists()
    roll_back_import(batch, coordinator_powers)
    assert [city.slug for city in City.objects.search("Burnaby")] == ["burnaby"]
    assert not City.objects.search("Barnaby").exists()


def test_rollback_keeps_entries_with_comments(coordinator_powers):
    batch = apply_import(
        import_lines(coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Nanaimo,CA,sister,2012"),
        coordinator_powers,
    )
    agreement, nanaimo = TwinningAgreement.objects.get(), City.objects.get(slug="nanaimo-ca")
    who = {"by": coordinator_powers, "at": NOW}
    add_claim(agreement, "signed", "2013", source="The city", **who)
    author = cities.user("Vera")
    facts = {"source_url": "https://city.example/", "why": "counted", "author": author}
    propose_correction(nanaimo, "population", "90000", **facts, **who)
    batch = roll_back_import(batch, coordinator_powers)
    assert (batch.status, batch.left) == ("rolled_back", 2)
    assert (
        dict(kept_entries(batch))["Burnaby – Nanaimo"]
        == "A disagreement between sources has been recorded for this entry."
    )
    kept = ImportData.objects.get(source_import=batch).left
    assert {one["url"] for one in kept} == {f"/agreements/{agreement.pk}/", "/cities/nanaimo-ca/"}
    assert all(len(set(one["why"].values())) == 3 for one in kept)


def test_rollback_keeps_a_city_with_an_organization(coordinator_powers):
    batch = apply_import(
        import_lines(coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Nanaimo,CA,sister,2012"),
        coordinator_powers,
    )
    nanaimo = City.objects.get(slug="nanaimo-ca")
    cities.member("observer", nanaimo)
    assert kept_entries(roll_back_import(batch, coordinator_powers)) == [
        ("Nanaimo", "This entry is already in use.")
    ]
    assert not TwinningAgreement.objects.exists()


def test_reason_of_a_rollback_is_in_the_history(coordinator_powers):
    agreement = cities.twinning("burnaby", "zhongshan", signed="2010")
    batch = import_lines(
        coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Zhongshan,CN,sister,2011", status="active"
    )
    roll_back_import(apply_import(batch, coordinator_powers), coordinator_powers)
    assert [entry.reason for entry in history_of(agreement)[:2]] == ["by mistake", "our list"]
