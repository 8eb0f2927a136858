"""A file on its way into the register: columns and places matched, everything shown first, all or nothing, and taken back."""

from decimal import Decimal

import pytest

from partners.actions import carried, imports
from partners.actions.imports import FROM_FILE, OUT
from partners.exchange import headings
from partners.exchange.wizard import reading, work
from partners.exchange.wizard.places import gazetteer
from partners.exchange.wizard.places.gazetteer import Found
from partners.models import City, Exchange, ImportPlace, Membership, Sheet, Twinning
from partners.rules import powers_of
from tests import world
from tests.world import NOW
from workflow import due, journal
from workflow.errors import Refused
from workflow.models import Entry

pytestmark = pytest.mark.django_db
Role = Membership.Role
V = ImportPlace.Verdict
TIES = "City A,Country A,City B,Country B,Kind,Signed"
NANAIMO = Found(6081475, "Nanaimo", "CA", 49.16634, -123.94003, 84905, "America/Vancouver")
SUZHOUS = [
    Found(1886760, "Suzhou", "CN", 31.30408, 120.59538, 5345961, "Asia/Shanghai"),
    Found(1886762, "Suzhou", "CN", 33.63611, 116.97889, 205130, "Asia/Shanghai"),
]


@pytest.fixture(autouse=True)
def small_world(monkeypatch):
    """The gazetteer with three places: the real one is read in test_gazetteer.py."""
    known = {"nanaimo": [NANAIMO], "suzhou": SUZHOUS}
    monkeypatch.setattr(
        gazetteer, "find", lambda names: {name: known[name] for name in names if name in known}
    )


@pytest.fixture
def keeper(db):
    world.city("burnaby")
    world.city("zhongshan")
    return powers_of(world.member(Role.COORDINATOR), via="session")


def bring(keeper, *lines, table="agreements", only_new=False, **same):
    rows = [line.split(",") for line in lines]
    known = headings.guess(rows[0], reading.columns_of(table))
    columns = {**reading.USUAL[table], **known, **same}
    batch = imports.upload(
        rows, table=table, name="list.csv", reason="our list", columns=columns, by=keeper, at=NOW
    )
    imports.match_columns(batch, columns, only_new=only_new, by=keeper, at=NOW)
    return again(batch)


def again(batch):
    work.carry_on(NOW)
    batch.refresh_from_db()
    return batch


def started(batch, keeper):
    imports.start_import(batch, by=keeper, at=NOW)
    return again(batch)


def withdrawn(batch, keeper):
    imports.withdraw_import(batch, reason="by mistake", by=keeper, at=NOW)
    return again(batch)


def faults(batch):
    return [(one["row"], one["column"]) for one in Sheet.objects.get(batch=batch).faults]


def left(batch):
    return [(one["name"]["en"], one["why"]["en"]) for one in Sheet.objects.get(batch=batch).left]


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


def test_a_whole_import_is_taken_back(keeper):
    tie = world.twinning("burnaby", "zhongshan", signed="2010")
    lines = [TIES, "Burnaby,CA,Zhongshan,CN,sister,2011", "Burnaby,CA,Nanaimo,CA,sister,2012"]
    batch = withdrawn(started(bring(keeper, *lines, status="active"), keeper), keeper)
    assert (batch.status, batch.left) == ("withdrawn", 0)
    tie.refresh_from_db()
    assert tie.signed.written == "2010"
    assert not City.objects.filter(slug="nanaimo-ca").exists()
    assert Twinning.objects.count() == 1
    assert journal.history(tie)[0].verb == "set_back"
    assert Entry.objects.filter(verb="take_back", thing_label="partners.city").count() == 1


def test_an_agreement_that_was_ended_by_a_file_stands_again(keeper):
    tie = world.twinning("burnaby", "zhongshan", signed="2010")
    batch = started(bring(keeper, TIES, "Burnaby,CA,Zhongshan,CN,sister,2010", status="terminated"), keeper)
    tie.refresh_from_db()
    assert tie.status == "ended"
    withdrawn(batch, keeper)
    tie.refresh_from_db()
    assert (tie.status, tie.ended_why) == ("recorded", "")


def test_what_others_rest_on_is_left_with_the_reason(keeper):
    batch = started(bring(keeper, TIES, "Burnaby,CA,Nanaimo,CA,sister,2012"), keeper)
    world.exchange(City.objects.get(slug="nanaimo-ca"), world.city("zhongshan"))
    tie = Twinning.objects.get()
    from partners.actions import correct_twinning  # noqa: PLC0415

    correct_twinning(tie, note="seen", by=keeper, at=NOW, reason="seen")
    batch = withdrawn(batch, keeper)
    assert batch.left == 2
    assert dict(left(batch)) == {
        "Burnaby – Nanaimo": "Somebody changed it since.",
        "Nanaimo": "The exchange “Nanaimo → Zhongshan: Letter” rests on it.",
    }


def test_what_was_changed_and_changed_again_is_left(keeper):
    tie = world.twinning("burnaby", "zhongshan", signed="2010")
    batch = started(bring(keeper, TIES, "Burnaby,CA,Zhongshan,CN,sister,2011", status="active"), keeper)
    from partners.actions import correct_twinning  # noqa: PLC0415
    from partners.dates import parse  # noqa: PLC0415

    correct_twinning(tie, signed=parse("2012"), by=keeper, at=NOW, reason="seen")
    assert left(withdrawn(batch, keeper)) == [("Burnaby – Zhongshan", "Somebody changed it since.")]


def test_a_register_that_changed_after_the_check_brings_nothing_in(keeper):
    batch = bring(keeper, TIES, "Burnaby,CA,Nanaimo,CA,sister,2012")
    for role in Membership.objects.filter(user_id=keeper.user_id):
        from accounts.actors import CONSOLE  # noqa: PLC0415
        from partners.actions import end_role  # noqa: PLC0415

        end_role(role, by=CONSOLE, at=NOW)
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
