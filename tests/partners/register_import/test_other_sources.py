"""Lists from other sources: their headings, words and dates, missing values, and impossible values."""

import pytest

from partners.agreements.actions import AgreementEdit, correct_agreement, end_agreement
from partners.agreements.models import TwinningAgreement
from partners.cities.gazetteer import GazetteerPlace
from partners.cities.models import City
from partners.exchanges.models import Exchange
from partners.partial_dates import parse_partial_date
from partners.register_import.models import ImportData
from partners.register_import.places import resolution
from tests.worlds import cities
from tests.worlds.cities import NOW
from tests.worlds.register_imports import (
    AGREEMENT_ROWS,
    apply_import,
    import_error_sentences,
    import_errors,
    import_lines,
    import_rows,
    register,
)

pytestmark = pytest.mark.django_db
PAIR = "Burnaby,CA,Zhongshan,CN,sister"


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("城市,友好城市,类型,签约日期,状态", "本拿比,中山,友城,2011年5月,有效"),
        ("Ville,Ville jumelée,Type d’entente,Date de signature,Statut", "Burnaby,Zhongshan,Villes sœurs,2011-05,En vigueur"),
        ("City,Twin town,Type,Signing date,State", "Burnaby,Zhongshan,Sister city,2011/05,in force"),
        ("备注,Ville partenaire,kind,SIGNED,城市,Statut", "n,Zhongshan,Jumelage,2011/5,Burnaby,active"),
    ],
)  # fmt: skip
def test_headings_and_words_of_three_languages_are_recognized(coordinator_powers, heading, row):
    City.objects.filter(slug="burnaby").update(name_zh="本拿比")
    batch = apply_import(import_lines(coordinator_powers, heading, row), coordinator_powers)
    agreement = TwinningAgreement.objects.get()
    assert (batch.added, agreement.kind, agreement.signed, agreement.certain) == (
        1,
        "sister",
        parse_partial_date("2011-05"),
        True,
    )


def test_ambiguous_date_is_reported_with_instructions(coordinator_powers):
    batch = import_lines(
        coordinator_powers, AGREEMENT_ROWS, f"{PAIR},05/06/1985", "Burnaby,CA,Zhongshan,CN,other,31173"
    )
    assert import_errors(batch) == [(2, "signed"), (3, "signed")]
    assert "the day and month could be confused" in import_error_sentences(batch)[0]
    assert "spreadsheet date number" in import_error_sentences(batch)[1]


def test_columns_missing_from_a_list_keep_the_registers_values(coordinator_powers):
    agreement = cities.twinning("burnaby", "zhongshan")
    end_agreement(
        agreement,
        why="terminated",
        on=parse_partial_date("2019"),
        by=coordinator_powers,
        at=NOW,
        reason="The council did.",
    )
    before = register()
    turned = f"Zhongshan,CN,Burnaby,CA,sister,{agreement.signed.iso_text}"
    batch = apply_import(import_lines(coordinator_powers, AGREEMENT_ROWS, turned), coordinator_powers)
    assert (batch.added, batch.changed, batch.same) == (0, 0, 1)
    assert register() == before
    found = import_lines(coordinator_powers, "id,Name,Country", "burnaby,Burnaby,CA", table="cities")
    assert (found.changed, found.same) == (0, 1)
    City.objects.filter(slug="burnaby").update(name_fr="Burnabie", name_zh="本拿比")
    before = register()
    names = import_lines(
        coordinator_powers, "id,Name,name_fr,name_zh,Country", "burnaby,Burnaby,,,CA", table="cities"
    )
    assert (names.changed, names.same) == (0, 1)
    apply_import(names, coordinator_powers)
    assert register() == before


def test_facts_not_stated_by_a_list_are_stored_as_unknown(coordinator_powers):
    apply_import(import_lines(coordinator_powers, AGREEMENT_ROWS, f"{PAIR},2011"), coordinator_powers)
    assert not TwinningAgreement.objects.get().certain
    apply_import(
        import_lines(coordinator_powers, "Name,Country", "Atlantis,GR", table="cities"), coordinator_powers
    )
    assert City.objects.get(name_en="Atlantis").level == City.Level.UNKNOWN


def test_date_precision_follows_the_written_date(coordinator_powers):
    lines = [f"burnaby,zhongshan,{day},letter" for day in ("2019", "2019-05", "2019-05-14")]
    apply_import(
        import_lines(coordinator_powers, "From,To,Day,Kind", *lines, table="exchanges"), coordinator_powers
    )
    found = Exchange.objects.order_by("pk").values_list("precision", flat=True)
    assert list(found) == ["year", "month", "day"]


def test_end_date_without_a_reason_is_an_error(coordinator_powers):
    batch = import_lines(coordinator_powers, f"{AGREEMENT_ROWS},Ended", f"{PAIR},2011,2019")
    assert "Enter expired, terminated or suspended" in import_error_sentences(batch)[0]


@pytest.mark.parametrize(
    ("until", "said", "ended"),
    [("1990", "active", ""), ("", "terminated", "1990"), ("", "suspended", "2010-12")],
)
def test_end_before_signing_is_an_error_before_import(coordinator_powers, until, said, ended):
    heading = f"{AGREEMENT_ROWS},Valid until,Status,Ended"
    batch = import_lines(coordinator_powers, heading, f"{PAIR},2011,{until},{said},{ended}")
    assert "cannot be before" in import_error_sentences(batch)[0]
    cities.twinning("burnaby", "zhongshan", signed="2011")
    again = import_lines(coordinator_powers, heading, f"{PAIR},2011,{until},{said},{ended}")
    assert "cannot be before" in import_error_sentences(again)[0]


def test_name_in_another_script_is_not_stored_as_the_english_name(coordinator_powers, monkeypatch):
    place = GazetteerPlace(1793505, "Taizhou", "CN", 32.49, 119.91, 1607108, "Asia/Shanghai")
    monkeypatch.setattr(resolution, "find_places", lambda names: {"泰州": [place]})
    apply_import(
        import_lines(coordinator_powers, AGREEMENT_ROWS, "泰州,CN,Burnaby,CA,sister,2011"), coordinator_powers
    )
    found = City.objects.get(geonames_id=1793505)
    assert (found.slug, found.name_en, found.name_zh) == ("taizhou-cn", "Taizhou", "泰州")


def test_names_match_regardless_of_apostrophe_hyphen_and_space(coordinator_powers):
    cities.city("xian", name_en="Xi'an", country="CN")
    cities.city("trois-rivieres", name_en="Trois-Rivières")
    rows = [AGREEMENT_ROWS.split(","), ["Trois Rivieres", "CA", "Xi’an", "CN", "sister", "2011"]]
    batch = import_rows(coordinator_powers, rows)
    assert (batch.open_places, batch.added) == (0, 1)


def test_preview_shows_a_change_of_date_precision(coordinator_powers):
    agreement = cities.twinning("burnaby", "zhongshan", signed="2011-05")
    correct_agreement(
        agreement,
        AgreementEdit(signed=parse_partial_date("2011-05", "by_end_of_month")),
        by=coordinator_powers,
        at=NOW,
        reason="The minutes.",
    )
    batch = import_lines(coordinator_powers, AGREEMENT_ROWS, f"{PAIR},2011-05")
    (change,) = ImportData.objects.get(source_import=batch).changes
    assert change["what"] == [["signed", "2011-05 by_end_of_month", "2011-05"]]
