"""The register as files: rows are read or refused with their position; an export can be imported again."""

import csv
import io
from datetime import date

import pytest
from django.core.management import call_command
from django.utils import translation

from accounts.actors import CONSOLE_ACTOR
from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from partners.exchanges.active_pairs import AgreementSide
from partners.exchanges.models import Exchange
from partners.exchanges.untapped_potential import AgreementFigures, agreement_figures
from partners.memberships.models import Membership
from partners.register_import.errors import ImportFailed
from partners.register_import.formats.csv_and_xlsx import MAX_BYTES, MAX_ROWS
from partners.register_import.formats.file_kinds import FILE_KINDS, export_csv, load_file
from partners.register_import.shipped_register import DATA_DIRECTORY, load_register
from tests.worlds import cities
from tests.worlds.cities import NOW
from workflow.csv_safety import escape_formula, unescape_formula
from workflow.journal.entries import history_of
from workflow.journal.models import Entry

pytestmark = pytest.mark.django_db
Role = Membership.Role
CITIES = "id,name_en,country,level"
AGREEMENTS = "city_a,city_b,kind,signed,expires,status,terminated,source_url,note"
EXCHANGES = "from_city,to_city,date,date_precision,kind,items,quantity,unit,source_url,note"
URL = "https://register.example/page"


def load_lines(table, *lines, by=CONSOLE_ACTOR, reason="upload"):
    outcome = load_file(table, "\n".join(lines).encode(), by=by, at=NOW, reason=reason)
    return outcome.added, outcome.changed, outcome.same


def file_errors(table, *lines, **facts):
    with pytest.raises(ImportFailed) as refused:
        load_lines(table, *lines, **facts)
    return [(fault.row, fault.column, str(fault.reason)) for fault in refused.value.faults]


def error_positions(table, *lines):
    return [(row, column) for row, column, _reason in file_errors(table, *lines)]


@pytest.fixture(scope="module")
def shipped_rows():
    found = {}
    for name in FILE_KINDS:
        with (DATA_DIRECTORY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            found[name] = list(csv.DictReader(file))
    return found


def test_shipped_register_loads_once_and_exports_unchanged(shipped_rows, capsys):
    call_command("load_register")
    assert capsys.readouterr().out.splitlines() == [
        "cities: 363 added, 0 changed, 0 unchanged",
        "agreements: 305 added, 0 changed, 0 unchanged",
        "exchanges: 133 added, 0 changed, 0 unchanged",
        "claims: 23 added",
    ]
    for name, rows in shipped_rows.items():
        back = list(csv.DictReader(io.StringIO("".join(export_csv(name)))))
        assert len(back) == len(rows)
        for went, came in zip(rows, back, strict=True):
            assert {key: came[key] for key in went if key != "name_fr" or went[key]} == {
                key: cell for key, cell in went.items() if key != "name_fr" or cell
            }
    _every_row_has_its_entry()
    _again_nothing_changes()
    _the_figures_are_those_of_the_rows()


def _every_row_has_its_entry():
    for label, model in (
        ("partners.city", City),
        ("partners.twinningagreement", TwinningAgreement),
        ("partners.exchange", Exchange),
    ):
        things = set(Entry.objects.filter(thing_label=label).values_list("thing_id", flat=True))
        assert things == set(model.objects.values_list("pk", flat=True))


def _again_nothing_changes():
    entries = Entry.objects.count()
    for correct in (False, True):
        for outcome in load_register(by=CONSOLE_ACTOR, at=NOW, correct=correct).values():
            assert (outcome.added, outcome.changed) == (0, 0)
    for name in FILE_KINDS:
        assert (
            load_file(
                name, "".join(export_csv(name)).encode(), by=CONSOLE_ACTOR, at=NOW, reason="back"
            ).changed
            == 0
        )
    assert Entry.objects.count() == entries


def _the_figures_are_those_of_the_rows():
    municipal = TwinningAgreement.objects.filter(scope="canada-china").select_related("city_a")
    agreements = [
        AgreementSide(agreement.city_a_id, agreement.city_b_id, agreement) for agreement in municipal
    ]
    there = set(City.objects.filter(country="CN").values_list("pk", flat=True))
    found = agreement_figures(agreements, list(Exchange.objects.all()), there, date(2020, 4, 30))
    assert isinstance(found, AgreementFigures)
    assert len(agreements) == 67
    assert found.donors_to_asking_cities == 6


def test_corrected_values_survive_a_register_reload_unless_overwritten_on_request():
    load_register(by=CONSOLE_ACTOR, at=NOW)
    burnaby, agreement = City.objects.get(slug="burnaby-ca"), TwinningAgreement.objects.order_by("pk")[0]
    letter = Exchange.objects.order_by("pk")[0]
    burnaby.refresh_from_db()
    load_lines("cities", "id,name_en,country,level,name_zh", "burnaby-ca,Burnaby,CA,city,本那比")
    load_lines("agreements", AGREEMENTS, f"burnaby-ca,zhongshan-cn,sister,2011,,active,,{URL},")
    load_lines(
        "exchanges", EXCHANGES,
        f"zhongshan-cn,burnaby-ca,2020-02-03,day,letter,request for help finding mask suppliers,,,{URL},",
    )  # fmt: skip
    assert [one.changed for one in load_register(by=CONSOLE_ACTOR, at=NOW).values()] == [0, 0, 0]
    assert [one.changed for one in load_register(by=CONSOLE_ACTOR, at=NOW, correct=True).values()] == [
        1,
        1,
        1,
    ]
    for thing in (burnaby, agreement, letter):
        thing.refresh_from_db()
        assert history_of(thing)[0].reason == "The register that ships with the program"
    assert (burnaby.name_zh, agreement.certain, letter.source_url == URL) == ("本拿比", False, False)


def test_shipped_register_contains_chinese_and_french_names():
    load_register(by=CONSOLE_ACTOR, at=NOW)
    zhongshan, oakville = City.objects.get(slug="zhongshan-cn"), City.objects.get(slug="oakville-ca")
    with translation.override("zh-hans"):
        assert (zhongshan.name, oakville.name, str(oakville)) == ("中山市", "奥克维尔", "奥克维尔")
    with translation.override("fr-ca"):
        assert City.objects.get(slug="aichi-jp").name == "Préfecture d’Aichi"
        assert oakville.name == "Oakville"
    assert [city.slug for city in City.objects.search("中山")] == ["zhongshan-cn"]


# --- cities ---
def test_imported_cities_are_added_corrected_or_left_unchanged():
    assert load_lines("cities", CITIES, "nanaimo,Nanaimo,CA,city", "suzhou,Suzhou,CN,city") == (2, 0, 0)
    assert load_lines(
        "cities", CITIES + ",population", "nanaimo,Nanaimo,CA,city,99863", "suzhou,Suzhou,CN,city,"
    ) == (0, 1, 1)
    assert City.objects.get(slug="nanaimo").population == 99863
    # An absent column changes nothing; an empty cell clears its field.
    assert load_lines("cities", CITIES, "nanaimo,Nanaimo,CA,city") == (0, 0, 1)
    assert load_lines("cities", CITIES + ",population", "nanaimo,Nanaimo,CA,city,") == (0, 1, 0)


def test_local_name_of_a_chinese_city_is_its_chinese_name():
    load_lines(
        "cities",
        CITIES + ",name_local,name_zh",
        "a,A,CN,city,中山市,",
        "b,B,CN,city,中山市,中山",
        "c,C,JP,city,長崎市,",
    )
    assert list(City.objects.order_by("slug").values_list("name_zh", flat=True)) == ["中山市", "中山", ""]


def test_city_administrator_imports_new_cities_but_corrects_no_other_city():
    burnaby, markham = cities.city("burnaby"), cities.city("markham")
    administrator = cities.powers(Role.ADMINISTRATOR, burnaby)
    assert load_lines("cities", CITIES, "burnaby,Burnaby,CA,town", "new,New,CA,city", by=administrator) == (
        1,
        1,
        0,
    )
    ((row, column, reason),) = file_errors("cities", CITIES, "markham,Markham,CA,town", by=administrator)
    assert (row, column) == (2, "")
    assert "Markham" in reason
    markham.refresh_from_db()
    assert markham.level == "city"
    officer = cities.powers(Role.OFFICER, burnaby)
    assert file_errors("cities", CITIES, "other,Other,CA,city", by=officer)[0][:2] == (2, "")


@pytest.mark.parametrize(
    ("header", "line", "column"),
    [
        (CITIES, "no way,Name,CA,city", "id"),
        (CITIES, f"{'x' * 81},Name,CA,city", "id"),
        (CITIES, "a-québec-ca,Québec,CA,city", "id"),
        (CITIES, "中山,Zhongshan,CN,city", "id"),
        (CITIES, "a/b,Name,CA,city", "id"),
        (CITIES, "x,,CA,city", "name_en"),
        (CITIES, f"x,{'x' * 121},CA,city", "name_en"),
        (CITIES, "x,Name,XX,city", "country"),
        (CITIES, "x,Name,ß,city", "country"),
        (CITIES, "x,Name,ＣＡ,city", "country"),
        (CITIES, "x,Name,=1+1,city", "country"),
        (CITIES, "x,Name,CA,capital", "level"),
        (CITIES + ",subdivision", "x,Name,CA,city,British Columbia", "subdivision"),
        (CITIES + ",subdivision", "x,Name,CA,city,XX-BC", "subdivision"),
        (CITIES + ",subdivision", "x,Name,CA,city,CA-魁", "subdivision"),
        (CITIES + ",timezone", "x,Name,CA,city,Vancouver", "timezone"),
        (CITIES + ",latitude,longitude", "x,Name,CA,city,91,0", "latitude"),
        (CITIES + ",latitude,longitude", "x,Name,CA,city,0,NaN", "longitude"),
        (CITIES + ",latitude,longitude", "x,Name,CA,city,0,180.00001", "longitude"),
        (CITIES + ",latitude,longitude", "x,Name,CA,city,1e9999999,0", "latitude"),
        (CITIES + ",latitude,longitude", "x,Name,CA,city,４９,0", "latitude"),
        (CITIES + ",latitude,longitude", "x,Name,CA,city,4_9,0", "latitude"),
        (CITIES + ",latitude,longitude", 'x,Name,CA,city,"49,2",0', "latitude"),
        (CITIES + ",latitude,longitude", "x,Name,CA,city,49,", "latitude"),
        (CITIES + ",population", "x,Name,CA,city,-1", "population"),
        (CITIES + ",population", "x,Name,CA,city,１０", "population"),
        (CITIES + ",population", "x,Name,CA,city,1e5", "population"),
        (CITIES + ",population", f"x,Name,CA,city,{2**31}", "population"),
        (CITIES + ",population", f"x,Name,CA,city,{'9' * 5000}", "population"),
        (CITIES + ",geonames_id", "x,Name,CA,city,0", "geonames_id"),
        (CITIES + ",geonames_id", f"x,Name,CA,city,{2**63}", "geonames_id"),
        (CITIES + ",geonames_id", f"x,Name,CA,city,{'9' * 5000}", "geonames_id"),
        (CITIES, "x,Name,CA", ""),
    ],
)
def test_unreadable_city_cell_is_refused_at_its_column(header, line, column):
    assert error_positions("cities", header, "good,Good,CA,city" + "," * (header.count(",") - 3), line) == [
        (3, column)
    ]
    assert not City.objects.exists()


@pytest.mark.parametrize(("country", "subdivision"), [("ca", "ca-bc"), ("Ca", "CA-bc"), ("CA", "CA-BC")])
def test_imported_codes_are_stored_in_capitals(country, subdivision):
    header = CITIES + ",subdivision"
    assert load_lines("cities", header, f"x,X,{country},city,{subdivision}") == (1, 0, 0)
    assert City.objects.values_list("country", "subdivision").get() == ("CA", "CA-BC")
    assert load_lines("cities", header, "x,X,CA,city,CA-BC") == (0, 0, 1)


def test_local_name_is_recognized_as_chinese_with_a_lower_case_country():
    load_lines("cities", CITIES + ",name_local", "x,X,cn,city,中山市")
    assert City.objects.get().name_zh == "中山市"


def test_city_row_with_all_facts_is_imported():
    load_lines(
        "cities", CITIES + ",latitude,longitude,geonames_id,population,timezone,subdivision,coord_source",
        "x,X,CA,city,49.26636,-122.95263,5911606,249125,America/Vancouver,CA-BC,geonames", "y,Y,CA,city,,,,,,,",
    )  # fmt: skip
    x = City.objects.get(slug="x")
    assert (str(x.latitude), str(x.longitude), x.timezone) == ("49.26636", "-122.95263", "America/Vancouver")


# --- the format of a file ---
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_common_separators_and_a_byte_order_mark_are_accepted(separator):
    written = "\ufeff" + "\r\n".join(["id,name_en,country,level", "x,Name,CA,city", ",,,"]).replace(
        ",", separator
    )
    assert load_file("cities", written.encode(), by=CONSOLE_ACTOR, at=NOW, reason="upload").added == 1


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", [(1, name) for name in ("id", "name_en", "country", "level")]),
        (b"id,name_en,country\nx,X,CA", [(1, "level")]),
        (b"id,name_en,country,level,mayor\nx,X,CA,city,Y", [(1, "mayor")]),
        (b"id,name_en,country,level,level\nx,X,CA,city,city", [(1, "level")]),
        ("id,name_en,country,level\nx,Montréal,CA,city".encode("latin-1"), [(1, "")]),
        pytest.param(b"id,name_en,country,level\nx,\0,CA,city", [(1, "")], id="a zero byte"),
        (b'id,name_en,country,level\nx,"X,CA,city', [(1, "")]),
        pytest.param(b"x" * (MAX_BYTES + 1), [(1, "")], id="too large"),
        pytest.param(
            b"id,name_en,country,level\n" + b"x,X,CA,city\n" * (MAX_ROWS + 1),
            [(MAX_ROWS + 2, "")],
            id="too many rows",
        ),
    ],
)
def test_file_of_another_format_is_refused_with_the_reason(content, expected):
    with pytest.raises(ImportFailed) as refused:
        load_file("cities", content, by=CONSOLE_ACTOR, at=NOW, reason="upload")
    assert [(fault.row, fault.column) for fault in refused.value.faults] == expected


def test_import_error_is_shown_in_the_readers_language_and_to_api_clients():
    with pytest.raises(ImportFailed) as refused:
        load_lines("cities", CITIES, "x,,CA,city", "y,Y,CA")
    faulty = refused.value
    assert faulty.code == "file_faulty"
    assert [str(fault) for fault in faulty.faults] == [
        "Row 2, name_en: This cell is required.", "Row 3: This row has 3 cells, but the header has 4.",
    ]  # fmt: skip
    assert faulty.details["faults"][0] == {"row": 2, "column": "name_en", "reason": "This cell is required."}
    assert "2 errors" in str(faulty)


def test_duplicate_row_in_a_file_is_an_error(two_cities):
    assert error_positions("cities", CITIES, "x,X,CA,city", "x,Y,CA,city") == [(3, "")]
    same = f"burnaby,zhongshan,sister,2011,,active,,{URL},"
    assert error_positions(
        "agreements", AGREEMENTS, same, f"zhongshan,burnaby,sister,2012,,active,,{URL},"
    ) == [(3, "")]
    letter = f"zhongshan,burnaby,2020-02,month,letter,,,,{URL},"
    assert error_positions("exchanges", EXCHANGES, letter, letter) == [(3, "")]
    assert not TwinningAgreement.objects.exists()


# --- agreements ---
@pytest.mark.parametrize(
    "value", ["=1+1", "+1", "-x", "@x", "\tx", "\rx", "＝1", "＠x", "'=1", "''-x", "'quoted", "plain", ""]
)
def test_formula_cell_is_neutralized_on_export_and_restored_on_import(value):
    cell = escape_formula(value)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
    assert unescape_formula(cell) == value


def test_csv_export_keeps_negative_numbers_and_writes_missing_value_as_empty_cell():
    assert [escape_formula(-5), escape_formula(None), escape_formula(1.5)] == ["-5", "", "1.5"]


def test_note_starting_with_an_equals_sign_survives_export_and_import(two_cities):
    cities.twinning("burnaby", "zhongshan", note="=HYPERLINK()")
    written = "".join(export_csv("agreements"))
    assert "'=HYPERLINK()" in written
    assert load_lines("agreements", *written.splitlines()) == (0, 0, 1)
