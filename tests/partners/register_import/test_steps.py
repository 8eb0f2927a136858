"""The steps of an import: columns and places are matched, all is shown first, all or nothing applies."""

from decimal import Decimal

import pytest

from accounts.actors import CONSOLE
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
from tests.worlds.register_imports import TIES, applied, faults, import_lines, reasons, rolled_back, run_step
from workflow.errors import Refused
from workflow.journal.entries import history_of
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db


def test_a_check_changes_nothing_and_says_what_would_be_done(keeper):
    before = Entry.objects.exclude(thing_label="partners.import").count()
    batch = import_lines(
        keeper, TIES, "Burnaby,CA,Zhongshan,China,sister,2011", "Burnaby,Canada,Nanaimo,CA,Friendship cities,"
    )
    assert (batch.status, batch.added, batch.faults, batch.open_places) == ("validated", 2, 0, 0)
    assert not TwinningAgreement.objects.exists()
    assert Entry.objects.exclude(thing_label="partners.import").count() == before
    assert {place.name: place.verdict for place in batch.places.all()} == {
        "Burnaby": ImportPlace.Verdict.KNOWN, "Zhongshan": ImportPlace.Verdict.KNOWN, "Nanaimo": ImportPlace.Verdict.NEW,
    }  # fmt: skip


def test_all_of_it_is_brought_in_with_an_entry_for_each_thing(keeper):
    batch = applied(import_lines(keeper, TIES, "Burnaby,CA,Nanaimo,CA,sister,2011-05"), keeper)
    assert (batch.status, batch.added) == ("imported", 1)
    nanaimo, tie = City.objects.get(slug="nanaimo-ca"), TwinningAgreement.objects.get()
    assert (nanaimo.geonames_id, nanaimo.latitude, nanaimo.population) == (
        6081475,
        Decimal("49.16634"),
        84905,
    )
    assert (tie.signed.written, tie.certain, tie.status) == ("2011-05", False, "recorded")
    for thing in (nanaimo, tie):
        entry = history_of(thing).get()
        assert (entry.by_id, entry.via, entry.reason) == (keeper.user_id, "import", "our list")


def test_faults_are_named_by_row_and_column_in_three_languages_and_nothing_goes_in(keeper):
    batch = import_lines(
        keeper, TIES, "Burnaby,CA,Zhongshan,CN,marriage,2011", "Burnaby,Atlantis,Zhongshan,CN,sister,20x1"
    )
    assert faults(batch) == [(2, "kind"), (3, "city_a_country"), (3, "signed")]
    said = ImportData.objects.get(source_import=batch).faults[2]["why"]
    assert len(set(said.values())) == 3
    with pytest.raises(Refused, match="Correct the errors"):
        start_import(batch, by=keeper, at=NOW)


def test_a_row_said_twice_is_passed_over_and_one_that_contradicts_is_a_fault(keeper):
    batch = import_lines(
        keeper, TIES, "Burnaby,CA,Zhongshan,CN,sister,2011", "Zhongshan,CN,Burnaby,CA,sister,2011"
    )
    assert (batch.added, batch.same, batch.faults) == (1, 1, 0)
    batch = import_lines(
        keeper, TIES, "Burnaby,CA,Zhongshan,CN,sister,2011", "Zhongshan,CN,Burnaby,CA,sister,2012"
    )
    assert faults(batch) == [(3, "")]


def test_what_differs_from_the_register_is_shown_and_only_new_leaves_it(keeper):
    tie = cities.twinning("burnaby", "zhongshan", signed="2010")
    line = "Burnaby,CA,Zhongshan,CN,sister,2011"
    batch = import_lines(keeper, TIES, line, status="active")
    (change,) = ImportData.objects.get(source_import=batch).changes
    assert ["signed", "2010", "2011"] in change["what"]
    assert (batch.changed, batch.added) == (1, 0)
    assert import_lines(keeper, TIES, line, only_new=True, status="active").changed == 0
    applied(batch, keeper)
    tie.refresh_from_db()
    assert tie.signed.written == "2011"


def test_a_register_that_changed_after_the_check_brings_nothing_in(keeper):
    batch = import_lines(keeper, TIES, "Burnaby,CA,Nanaimo,CA,sister,2012")
    for role in Membership.objects.filter(user_id=keeper.user_id):
        end_role(role, by=CONSOLE, at=NOW)
    start_import(batch, by=keeper, at=NOW)  # with the powers from before
    run_step(batch)
    assert (batch.status, batch.faults > 0) == ("failed", True)
    assert not TwinningAgreement.objects.exists()
    assert not City.objects.filter(slug="nanaimo-ca").exists()


def test_a_list_of_cities_needs_no_keys(keeper):
    header = "Name,Country,Niveau,纬度,Longitude"
    batch = import_lines(
        keeper, header, "Nanaimo,Canada,Ville,49.1,-123.9", "Burnaby,CA,city,,", table="cities"
    )
    assert (batch.added, batch.faults) == (1, 0)
    applied(batch, keeper)
    assert City.objects.get(slug="nanaimo-ca").level == "city"


def test_exchanges_come_by_name_too(keeper):
    header = "From,To,Day,Precision,Kind,Items"
    batch = applied(
        import_lines(keeper, header, "Zhongshan,Burnaby,2020-02-03,day,Letter,request", table="exchanges"),
        keeper,
    )
    assert batch.added == 1
    assert Exchange.objects.get().kind == "letter"
    rolled_back(batch, keeper)
    assert not Exchange.objects.exists()


def test_a_dropped_file_is_forgotten(keeper):
    batch = import_lines(keeper, TIES, "Burnaby,CA,Atlantis,CA,sister,")
    discard_import(batch, by=keeper, at=NOW)
    assert not ImportData.objects.exists()
    assert not ImportPlace.objects.exists()


@pytest.mark.parametrize(
    ("rows", "code"), [([], "no_heading"), ([["", " "]], "no_heading"), ([["a"], [" "]], "no_rows")]
)
def test_a_file_without_rows_is_refused_at_once(keeper, rows, code):
    with pytest.raises(Refused) as refused:
        upload_import(rows, table="cities", name="x.csv", reason="r", columns={}, by=keeper, at=NOW)
    assert refused.value.code == code


def test_one_column_is_not_two_things(keeper):
    rows = [["a", "b"], ["1", "2"]]
    batch = upload_import(rows, table="cities", name="x.csv", reason="r", columns={}, by=keeper, at=NOW)
    with pytest.raises(Refused, match="used only once"):
        match_columns(batch, {"name_en": 0, "country": 0}, by=keeper, at=NOW)


def test_a_row_said_twice_is_named_with_the_row_that_says_the_same(keeper):
    batch = import_lines(
        keeper, TIES, "Burnaby,CA,Zhongshan,CN,sister,2011", "Zhongshan,CN,Burnaby,CA,sister,2011"
    )
    assert ImportData.objects.get(source_import=batch).repeated == [[3, 2]]


def test_the_rows_are_forgotten_once_they_stand_in_the_register(keeper):
    batch = applied(import_lines(keeper, TIES, "Burnaby,CA,Zhongshan,CN,sister,2011"), keeper)
    assert ImportData.objects.get(source_import=batch).lines == []


def test_an_exchange_of_a_place_with_itself_or_of_other_places_is_a_fault(keeper):
    header = "From,To,Day,Precision,Kind,Items"
    line = "Burnaby,Burnaby,2020-02-03,day,letter,"
    assert reasons(import_lines(keeper, header, line, table="exchanges")) == ["Choose two different cities."]
    markham = cities.powers(Membership.Role.ADMINISTRATOR, cities.city("markham"))
    line = "Zhongshan,Burnaby,2020-02-03,day,letter,"
    assert "Only people who manage" in reasons(import_lines(markham, header, line, table="exchanges"))[0]
