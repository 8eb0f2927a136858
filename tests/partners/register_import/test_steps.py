"""The steps of an import: columns and places are matched, the result is previewed, and all rows or none are applied."""

from decimal import Decimal

import pytest

from accounts.actors import CONSOLE_ACTOR
from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from partners.exchanges.models import Exchange
from partners.memberships.actions import end_role
from partners.memberships.models import Membership
from partners.register_import.actions.imports import (
    discard_import,
    match_columns,
    start_import,
    upload_import,
)
from partners.register_import.models import ImportData, ImportPlace
from tests.worlds import cities
from tests.worlds.cities import NOW
from tests.worlds.register_imports import (
    AGREEMENT_ROWS,
    apply_import,
    import_error_sentences,
    import_errors,
    import_lines,
    roll_back_import,
    run_step,
)
from workflow.errors import Refused
from workflow.journal.entries import history_of
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


def test_import_check_changes_nothing_and_previews_the_result(coordinator_powers):
    before = Entry.objects.exclude(thing_label="partners.import").count()
    batch = import_lines(
        coordinator_powers,
        AGREEMENT_ROWS,
        "Burnaby,CA,Zhongshan,China,sister,2011",
        "Burnaby,Canada,Nanaimo,CA,Friendship cities,",
    )
    assert (batch.status, batch.added, batch.faults, batch.open_places) == ("validated", 2, 0, 0)
    assert not TwinningAgreement.objects.exists()
    assert Entry.objects.exclude(thing_label="partners.import").count() == before
    assert {place.name: place.verdict for place in batch.places.all()} == {
        "Burnaby": ImportPlace.Verdict.KNOWN, "Zhongshan": ImportPlace.Verdict.KNOWN, "Nanaimo": ImportPlace.Verdict.NEW,
    }  # fmt: skip


def test_import_applies_every_row_with_a_journal_entry_each(coordinator_powers):
    batch = apply_import(
        import_lines(coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Nanaimo,CA,sister,2011-05"),
        coordinator_powers,
    )
    assert (batch.status, batch.added) == ("imported", 1)
    nanaimo, agreement = City.objects.get(slug="nanaimo-ca"), TwinningAgreement.objects.get()
    assert (nanaimo.geonames_id, nanaimo.latitude, nanaimo.population) == (
        6081475,
        Decimal("49.16634"),
        84905,
    )
    assert (agreement.signed.iso_text, agreement.certain, agreement.status) == ("2011-05", False, "recorded")
    for thing in (nanaimo, agreement):
        entry = history_of(thing).get()
        assert (entry.by_id, entry.via, entry.reason) == (coordinator_powers.user_id, "import", "our list")


def test_import_with_errors_names_them_in_three_languages_and_applies_nothing(coordinator_powers):
    batch = import_lines(
        coordinator_powers,
        AGREEMENT_ROWS,
        "Burnaby,CA,Zhongshan,CN,marriage,2011",
        "Burnaby,Atlantis,Zhongshan,CN,sister,20x1",
    )
    assert import_errors(batch) == [(2, "kind"), (3, "city_a_country"), (3, "signed")]
    said = ImportData.objects.get(source_import=batch).faults[2]["why"]
    assert len(set(said.values())) == 3
    with pytest.raises(Refused, match="Correct the errors"):
        start_import(batch, by=coordinator_powers, at=NOW)


def test_identical_duplicate_row_is_skipped_and_a_contradictory_one_is_an_error(coordinator_powers):
    batch = import_lines(
        coordinator_powers,
        AGREEMENT_ROWS,
        "Burnaby,CA,Zhongshan,CN,sister,2011",
        "Zhongshan,CN,Burnaby,CA,sister,2011",
    )
    assert (batch.added, batch.same, batch.faults) == (1, 1, 0)
    batch = import_lines(
        coordinator_powers,
        AGREEMENT_ROWS,
        "Burnaby,CA,Zhongshan,CN,sister,2011",
        "Zhongshan,CN,Burnaby,CA,sister,2012",
    )
    assert import_errors(batch) == [(3, "")]


def test_changed_values_are_previewed_and_excluded_with_only_new(coordinator_powers):
    agreement = cities.twinning("burnaby", "zhongshan", signed="2010")
    line = "Burnaby,CA,Zhongshan,CN,sister,2011"
    batch = import_lines(coordinator_powers, AGREEMENT_ROWS, line, status="active")
    (change,) = ImportData.objects.get(source_import=batch).changes
    assert ["signed", "2010", "2011"] in change["what"]
    assert (batch.changed, batch.added) == (1, 0)
    assert import_lines(coordinator_powers, AGREEMENT_ROWS, line, only_new=True, status="active").changed == 0
    apply_import(batch, coordinator_powers)
    agreement.refresh_from_db()
    assert agreement.signed.iso_text == "2011"


def test_import_fails_when_permissions_changed_after_the_check(coordinator_powers):
    batch = import_lines(coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Nanaimo,CA,sister,2012")
    for role in Membership.objects.filter(user_id=coordinator_powers.user_id):
        end_role(role, by=CONSOLE_ACTOR, at=NOW)
    start_import(batch, by=coordinator_powers, at=NOW)  # with the powers from before
    run_step(batch)
    assert (batch.status, batch.faults > 0) == ("failed", True)
    assert not TwinningAgreement.objects.exists()
    assert not City.objects.filter(slug="nanaimo-ca").exists()


def test_city_list_without_keys_is_imported(coordinator_powers):
    header = "Name,Country,Niveau,纬度,Longitude"
    batch = import_lines(
        coordinator_powers, header, "Nanaimo,Canada,Ville,49.1,-123.9", "Burnaby,CA,city,,", table="cities"
    )
    assert (batch.added, batch.faults) == (1, 0)
    apply_import(batch, coordinator_powers)
    assert City.objects.get(slug="nanaimo-ca").level == "city"


def test_exchanges_are_imported_by_city_name_and_rolled_back(coordinator_powers):
    header = "From,To,Day,Precision,Kind,Items"
    batch = apply_import(
        import_lines(
            coordinator_powers, header, "Zhongshan,Burnaby,2020-02-03,day,Letter,request", table="exchanges"
        ),
        coordinator_powers,
    )
    assert batch.added == 1
    assert Exchange.objects.get().kind == "letter"
    roll_back_import(batch, coordinator_powers)
    assert not Exchange.objects.exists()


def test_discarded_import_deletes_its_data(coordinator_powers):
    batch = import_lines(coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Atlantis,CA,sister,")
    discard_import(batch, by=coordinator_powers, at=NOW)
    assert not ImportData.objects.exists()
    assert not ImportPlace.objects.exists()


@pytest.mark.parametrize(
    ("rows", "code"), [([], "no_heading"), ([["", " "]], "no_heading"), ([["a"], [" "]], "no_rows")]
)
def test_import_file_without_rows_is_refused(coordinator_powers, rows, code):
    with pytest.raises(Refused) as refused:
        upload_import(
            rows, table="cities", name="x.csv", reason="r", columns={}, by=coordinator_powers, at=NOW
        )
    assert refused.value.code == code


def test_one_column_cannot_be_matched_twice(coordinator_powers):
    rows = [["a", "b"], ["1", "2"]]
    batch = upload_import(
        rows, table="cities", name="x.csv", reason="r", columns={}, by=coordinator_powers, at=NOW
    )
    with pytest.raises(Refused, match="used only once"):
        match_columns(batch, {"name_en": 0, "country": 0}, by=coordinator_powers, at=NOW)


def test_repeated_row_is_reported_with_the_row_it_repeats(coordinator_powers):
    batch = import_lines(
        coordinator_powers,
        AGREEMENT_ROWS,
        "Burnaby,CA,Zhongshan,CN,sister,2011",
        "Zhongshan,CN,Burnaby,CA,sister,2011",
    )
    assert ImportData.objects.get(source_import=batch).repeated == [[3, 2]]


def test_imported_rows_are_deleted_after_the_import(coordinator_powers):
    batch = apply_import(
        import_lines(coordinator_powers, AGREEMENT_ROWS, "Burnaby,CA,Zhongshan,CN,sister,2011"),
        coordinator_powers,
    )
    assert ImportData.objects.get(source_import=batch).lines == []


def test_exchange_with_itself_or_of_foreign_cities_is_an_error(coordinator_powers):
    header = "From,To,Day,Precision,Kind,Items"
    line = "Burnaby,Burnaby,2020-02-03,day,letter,"
    assert import_error_sentences(import_lines(coordinator_powers, header, line, table="exchanges")) == [
        "Choose two different cities."
    ]
    markham = cities.powers(Membership.Role.ADMINISTRATOR, cities.city("markham"))
    line = "Zhongshan,Burnaby,2020-02-03,day,letter,"
    assert (
        "Only people who manage"
        in import_error_sentences(import_lines(markham, header, line, table="exchanges"))[0]
    )
