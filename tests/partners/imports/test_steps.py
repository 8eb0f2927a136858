"""A file on its way into the register: columns and places matched, everything shown first, all or nothing."""

from contextlib import contextmanager
from decimal import Decimal
from unittest.mock import Mock

import psycopg
import pytest
from django.db import OperationalError, connection

from accounts.actors import CONSOLE
from partners import actions
from partners.actions import carried, imports, taking_back
from partners.actions.imports import ASK, FROM_FILE, OUT
from partners.exchange.runs import Run
from partners.exchange.wizard import reading, work
from partners.exchange.wizard.places import resolving
from partners.models import City, Exchange, ImportPlace, Membership, Sheet, Twinning
from tests import world
from tests.partners.imports.bringing import NANAIMO, TIES, again, bring, faults, started, whys, withdrawn
from tests.world import NOW
from workflow import due, journal
from workflow.errors import Refused
from workflow.models import Entry

pytestmark = pytest.mark.django_db
V = ImportPlace.Verdict


def test_a_check_changes_nothing_and_says_what_would_be_done(keeper):
    before = Entry.objects.exclude(thing_label="partners.import").count()
    batch = bring(
        keeper, TIES, "Burnaby,CA,Zhongshan,China,sister,2011", "Burnaby,Canada,Nanaimo,CA,Friendship cities,"
    )
    assert (batch.status, batch.added, batch.faults, batch.open_places) == ("checked", 2, 0, 0)
    assert not Twinning.objects.exists()
    assert Entry.objects.exclude(thing_label="partners.import").count() == before
    assert {place.name: place.verdict for place in batch.places.all()} == {
        "Burnaby": V.KNOWN, "Zhongshan": V.KNOWN, "Nanaimo": V.NEW,
    }  # fmt: skip


def test_all_of_it_is_brought_in_with_an_entry_for_each_thing(keeper):
    batch = started(bring(keeper, TIES, "Burnaby,CA,Nanaimo,CA,sister,2011-05"), keeper)
    assert (batch.status, batch.added) == ("done", 1)
    nanaimo, tie = City.objects.get(slug="nanaimo-ca"), Twinning.objects.get()
    assert (nanaimo.geonames_id, nanaimo.latitude, nanaimo.population) == (
        6081475,
        Decimal("49.16634"),
        84905,
    )
    assert (tie.signed.written, tie.certain, tie.status) == ("2011-05", False, "recorded")
    for thing in (nanaimo, tie):
        entry = journal.history(thing).get()
        assert (entry.by_id, entry.via, entry.reason) == (keeper.user_id, "import", "our list")


def test_faults_are_named_by_row_and_column_in_three_languages_and_nothing_goes_in(keeper):
    batch = bring(
        keeper, TIES, "Burnaby,CA,Zhongshan,CN,marriage,2011", "Burnaby,Atlantis,Zhongshan,CN,sister,20x1"
    )
    assert faults(batch) == [(2, "kind"), (3, "city_a_country"), (3, "signed")]
    said = Sheet.objects.get(batch=batch).faults[2]["why"]
    assert len(set(said.values())) == 3
    with pytest.raises(Refused, match="put right"):
        imports.start_import(batch, by=keeper, at=NOW)


def test_a_doubtful_place_is_asked_about(keeper):
    batch = bring(keeper, TIES, "Burnaby,CA,Suzhou,CN,sister,", "Burnaby,CA,Atlantis,CA,sister,")
    assert (batch.open_places, batch.added, batch.left_out) == (2, 0, 2)
    with pytest.raises(Refused, match="which places"):
        imports.start_import(batch, by=keeper, at=NOW)
    suzhou, atlantis = batch.places.get(name="Suzhou"), batch.places.get(name="Atlantis")
    assert [one["slug"] for one in suzhou.options] == ["geonames:1886760", "geonames:1886762"]
    answers = {suzhou.pk: "geonames:1886762", atlantis.pk: OUT}
    batch = again(imports.answer_places(batch, answers, by=keeper, at=NOW))
    assert (batch.status, batch.added, batch.left_out) == ("checked", 1, 1)
    batch = started(batch, keeper)
    assert (batch.status, batch.added, batch.left_out) == ("done", 1, 1)
    assert City.objects.get(slug="suzhou-cn").geonames_id == 1886762


def test_answers_stay_when_the_file_is_checked_again(keeper):
    batch = bring(keeper, TIES, "Burnaby,CA,Atlantis,CA,sister,")
    again(imports.answer_all(batch, FROM_FILE, by=keeper, at=NOW))
    imports.match_columns(batch, batch.columns, by=keeper, at=NOW)
    assert again(batch).open_places == 0
    assert batch.added == 1
    with pytest.raises(Refused, match="which place"):
        imports.answer_places(batch, {batch.places.get(name="Atlantis").pk: "moon"}, by=keeper, at=NOW)


def test_a_row_said_twice_is_passed_over_and_one_that_contradicts_is_a_fault(keeper):
    batch = bring(keeper, TIES, "Burnaby,CA,Zhongshan,CN,sister,2011", "Zhongshan,CN,Burnaby,CA,sister,2011")
    assert (batch.added, batch.same, batch.faults) == (1, 1, 0)
    batch = bring(keeper, TIES, "Burnaby,CA,Zhongshan,CN,sister,2011", "Zhongshan,CN,Burnaby,CA,sister,2012")
    assert faults(batch) == [(3, "")]


def test_what_differs_from_the_register_is_shown_and_only_new_leaves_it(keeper):
    tie = world.twinning("burnaby", "zhongshan", signed="2010")
    line = "Burnaby,CA,Zhongshan,CN,sister,2011"
    batch = bring(keeper, TIES, line, status="active")
    (change,) = Sheet.objects.get(batch=batch).changes
    assert ["signed", "2010", "2011"] in change["what"]
    assert (batch.changed, batch.added) == (1, 0)
    assert bring(keeper, TIES, line, only_new=True, status="active").changed == 0
    started(batch, keeper)
    tie.refresh_from_db()
    assert tie.signed.written == "2011"


def test_a_register_that_changed_after_the_check_brings_nothing_in(keeper):
    batch = bring(keeper, TIES, "Burnaby,CA,Nanaimo,CA,sister,2012")
    for role in Membership.objects.filter(user_id=keeper.user_id):
        actions.end_role(role, by=CONSOLE, at=NOW)
    imports.start_import(batch, by=keeper, at=NOW)  # with the powers of the page that was open
    again(batch)
    assert (batch.status, batch.faults > 0) == ("failed", True)
    assert not Twinning.objects.exists()
    assert not City.objects.filter(slug="nanaimo-ca").exists()


def test_a_list_of_cities_needs_no_keys(keeper):
    header = "Name,Country,Niveau,纬度,Longitude"
    batch = bring(keeper, header, "Nanaimo,Canada,Ville,49.1,-123.9", "Burnaby,CA,city,,", table="cities")
    assert (batch.added, batch.faults) == (1, 0)
    started(batch, keeper)
    assert City.objects.get(slug="nanaimo-ca").level == "city"


def test_exchanges_come_by_name_too(keeper):
    header = "From,To,Day,Precision,Kind,Items"
    batch = started(
        bring(keeper, header, "Zhongshan,Burnaby,2020-02-03,day,Letter,request", table="exchanges"), keeper
    )
    assert batch.added == 1
    assert Exchange.objects.get().kind == "letter"
    withdrawn(batch, keeper)
    assert not Exchange.objects.exists()


def test_a_dropped_file_is_forgotten(keeper):
    batch = bring(keeper, TIES, "Burnaby,CA,Atlantis,CA,sister,")
    imports.drop_import(batch, by=keeper, at=NOW)
    assert not Sheet.objects.exists()
    assert not ImportPlace.objects.exists()


@pytest.mark.parametrize(
    ("rows", "code"), [([], "no_heading"), ([["", " "]], "no_heading"), ([["a"], [" "]], "no_rows")]
)
def test_a_file_without_rows_is_refused_at_once(keeper, rows, code):
    with pytest.raises(Refused) as refused:
        imports.upload(rows, table="cities", name="x.csv", reason="r", columns={}, by=keeper, at=NOW)
    assert refused.value.code == code


def test_one_column_is_not_two_things(keeper):
    rows = [["a", "b"], ["1", "2"]]
    batch = imports.upload(rows, table="cities", name="x.csv", reason="r", columns={}, by=keeper, at=NOW)
    with pytest.raises(Refused, match="two things"):
        imports.match_columns(batch, {"name_en": 0, "country": 0}, by=keeper, at=NOW)


class Killed(BaseException):
    """No process hears of its own end."""


def die(*_args, **_facts):
    raise Killed


def test_a_dead_worker_leaves_it_waiting(keeper, monkeypatch):
    batch = bring(keeper, TIES, "Burnaby,CA,Zhongshan,CN,sister,2011")
    imports.start_import(batch, by=keeper, at=NOW)
    monkeypatch.setattr(carried, "finished", die)
    with pytest.raises(Killed):
        work.carry_on(NOW)
    batch.refresh_from_db()
    assert (batch.status, Twinning.objects.count()) == ("running", 0)
    monkeypatch.undo()
    assert again(batch).status == "done"


def test_progress_is_told_by_the_name_of_the_connection(keeper):
    due.tell("import7", 12, 24_892)
    assert due.how_far("import7") == (12, 24_892)
    assert due.how_far("import8") is None


def test_two_who_bring_the_same_list_make_no_doubles(keeper):
    line = "Burnaby,CA,Nanaimo,CA,sister,2012"
    place = "Nowhere,CA,Burnaby,CA,sister,2013"
    batches = [bring(keeper, TIES, line, place) for _who in range(2)]
    for batch in batches:
        again(imports.answer_all(batch, FROM_FILE, by=keeper, at=NOW))
        imports.start_import(batch, by=keeper, at=NOW)
    for batch in batches:
        again(batch)
    assert [(batch.status, batch.added, batch.same) for batch in batches] == [("done", 2, 0), ("done", 0, 2)]
    assert City.objects.filter(name_en__in=["Nanaimo", "Nowhere"]).count() == 2
    assert {place.verdict for place in batches[1].places.exclude(name="Burnaby")} == {V.KNOWN}
    withdrawn(batches[1], keeper)  # it brought nothing, and takes nothing with it
    assert Twinning.objects.count() == 2


def test_a_place_that_somebody_called_new_stays_new_beside_one_of_its_name(keeper):
    world.city("moon-ca", name_en="Moon", latitude=Decimal(49), longitude=Decimal(-120))
    header = "City A,Country A,City B,Country B,Kind,lat B,lng B"
    batch = bring(keeper, header, "Burnaby,CA,Moon,CA,sister,50,-90")
    assert batch.open_places == 1
    again(imports.answer_places(batch, {batch.places.get(name="Moon").pk: FROM_FILE}, by=keeper, at=NOW))
    started(batch, keeper)
    assert City.objects.filter(name_en="Moon").count() == 2


def test_an_answer_is_taken_back_and_asked_again(keeper):
    batch = bring(keeper, TIES, "Burnaby,CA,Suzhou,CN,sister,", "Burnaby,CA,Atlantis,CA,sister,")
    suzhou = batch.places.get(name="Suzhou")
    imports.answer_places(batch, {suzhou.pk: OUT}, by=keeper, at=NOW)
    assert batch.open_places == 1
    imports.answer_places(batch, {suzhou.pk: ASK}, by=keeper, at=NOW)
    suzhou.refresh_from_db()
    assert (batch.open_places, suzhou.answered, suzhou.verdict) == (2, False, V.DOUBTFUL)


def test_a_row_said_twice_is_named_with_the_row_that_says_the_same(keeper):
    batch = bring(keeper, TIES, "Burnaby,CA,Zhongshan,CN,sister,2011", "Zhongshan,CN,Burnaby,CA,sister,2011")
    assert Sheet.objects.get(batch=batch).repeated == [[3, 2]]


def test_a_file_over_which_the_machine_stumbles_keeps_no_other_waiting(keeper, monkeypatch, caplog):
    good, bad = [bring(keeper, TIES, "Burnaby,CA,Zhongshan,CN,sister,2011") for _which in range(2)]
    for batch in (bad, good):
        imports.start_import(batch, by=keeper, at=NOW)
    real = reading.read
    monkeypatch.setattr(
        reading, "read", lambda batch, sheet: 1 / 0 if batch.pk == bad.pk else real(batch, sheet)
    )
    again(bad)
    good.refresh_from_db()
    assert (bad.status, bad.faults, good.status) == ("failed", 1, "done")
    assert "log of the server" in whys(bad)[0]
    assert "ZeroDivisionError" in caplog.text
    monkeypatch.undo()
    imports.match_columns(bad, bad.columns, by=keeper, at=NOW)
    assert again(bad).status == "checked"


def test_the_rows_are_forgotten_once_they_stand_in_the_register(keeper):
    batch = started(bring(keeper, TIES, "Burnaby,CA,Zhongshan,CN,sister,2011"), keeper)
    assert Sheet.objects.get(batch=batch).lines == []


def test_who_may_add_no_place_is_told_at_the_row_that_names_it_first(keeper):
    world.city("markham")
    member = world.powers(Membership.Role.ADMINISTRATOR, world.city("burnaby"))
    lines = ["Burnaby,CA,Zhongshan,CN,sister,2011", "Markham,CA,Zhongshan,CN,sister,2012"]
    assert faults(bring(member, TIES, *lines)) == [(3, "")]


def test_no_file_is_worked_on_while_another_is(keeper):
    with other_connection() as another:
        another.execute("SELECT pg_advisory_lock(%s)", [work.ONE_AT_A_TIME])
        batch = bring(keeper, TIES, "Burnaby,CA,Zhongshan,CN,sister,2011")
        assert batch.status == "matched"
        another.execute("SELECT pg_advisory_unlock(%s)", [work.ONE_AT_A_TIME])
    assert again(batch).status == "checked"


@contextmanager
def other_connection():
    """Another worker's."""
    another = connection.copy()
    try:
        with another.cursor() as cursor:
            yield cursor
    finally:
        another.close()


def test_a_database_that_is_busy_makes_nobody_give_up(keeper, monkeypatch):
    batch = bring(keeper, TIES, "Burnaby,CA,Zhongshan,CN,sister,2011")
    imports.start_import(batch, by=keeper, at=NOW)
    busy = OperationalError()
    busy.__cause__ = psycopg.errors.LockNotAvailable()
    monkeypatch.setattr(resolving, "settle", Mock(side_effect=busy))
    with pytest.raises(OperationalError):
        work.carry_on(NOW)
    monkeypatch.undo()
    batch.refresh_from_db()
    assert batch.status == "running"


def test_what_cannot_be_taken_back_by_a_fault_of_ours_waits(keeper, monkeypatch):
    batch = started(bring(keeper, TIES, "Burnaby,CA,Zhongshan,CN,sister,2011"), keeper)
    with monkeypatch.context() as broken:
        broken.setattr(taking_back, "take_back", Mock(side_effect=ZeroDivisionError))
        assert withdrawn(batch, keeper).status == "withdrawing"
    assert again(batch).status == "withdrawn"


def test_a_place_that_geonames_knows_under_another_name_is_one_place(keeper):
    lines = ["Burnaby,CA,Nanaimo,CA,sister,2012", "Zhongshan,CN,Nanaimo,Canada,sister,2012"]
    batch = bring(
        keeper, "City A,Country A,City B,Country B,Kind,Signed,lat B,lng B", *(f"{line},," for line in lines)
    )
    assert batch.places.filter(name="Nanaimo").count() == 1
    world.city("harbour-city", name_en="Harbour City", geonames_id=NANAIMO.geonames_id)
    started(batch, keeper)
    assert set(Twinning.objects.values_list("city_b__slug", flat=True)) == {"harbour-city"}


def test_two_spellings_of_one_place_of_geonames_are_added_once(keeper):
    header = "City A,Country A,City B,Country B,Kind,lat B,lng B"
    lines = ["Burnaby,CA,Nanaimo,CA,sister,,", "Zhongshan,CN,Nanaimo,CA,sister,49.17,-123.94"]
    batch = started(bring(keeper, header, *lines), keeper)
    assert (batch.status, City.objects.filter(name_en="Nanaimo").count()) == ("done", 1)


def test_a_place_of_the_register_is_chosen(keeper):
    for number in (1, 2):
        world.city(f"moon-{number}", name_en="Moon")
    batch = bring(keeper, TIES, "Burnaby,CA,Moon,CA,sister,")
    again(imports.answer_places(batch, {batch.places.get(name="Moon").pk: "moon-2"}, by=keeper, at=NOW))
    started(batch, keeper)
    assert Twinning.objects.get().city_b.slug == "moon-2"
    assert (str(batch.places.get(name="Moon")), str(batch.sheet)) == ("Moon", "list.csv")


def test_one_of_many_of_its_name_is_not_chosen_for_anybody(keeper):
    for number in range(9):
        world.city(f"moon-{number}", name_en="Moon")
    batch = bring(keeper, TIES, "Burnaby,CA,Moon,CA,sister,")
    again(imports.answer_places(batch, {batch.places.get(name="Moon").pk: FROM_FILE}, by=keeper, at=NOW))
    assert started(batch, keeper).status == "done"
    assert Twinning.objects.get().city_b.slug == "moon-ca"


def test_an_exchange_of_a_place_with_itself_or_of_other_places_is_a_fault(keeper):
    header = "From,To,Day,Precision,Kind,Items"
    line = "Burnaby,Burnaby,2020-02-03,day,letter,"
    assert whys(bring(keeper, header, line, table="exchanges")) == ["An exchange is between two places."]
    markham = world.powers(Membership.Role.ADMINISTRATOR, world.city("markham"))
    line = "Zhongshan,Burnaby,2020-02-03,day,letter,"
    assert "Only who keeps" in whys(bring(markham, header, line, table="exchanges"))[0]


def test_progress_is_told_every_thousand_rows_judged_and_entered(keeper):
    heard = []
    run = Run(by=keeper, at=NOW, reason="", tell=heard.append)
    for number in range(1500):
        run.row(number, number, lambda: None)
    run.enter(list(range(1500)), lambda *_some, **_who: None)
    assert heard == [1000, 2500, 3000]
    assert due.Progress(1000, 3000).percent == 33
    assert due.Progress(0, 0).percent == 0
