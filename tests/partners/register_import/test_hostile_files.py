"""Unusual and hostile files: each is read correctly or refused in plain words.

Cases are other encodings, formulas, merged cells, and dates and years as numbers.
"""

import csv
import io
from datetime import datetime

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from partners.agreements.actions import AgreementEdit, correct_agreement, end_agreement, suspend_agreement
from partners.agreements.models import TwinningAgreement
from partners.cities.models import City
from partners.exchanges.models import Exchange
from partners.partial_dates import parse_partial_date
from partners.register_import.formats.file_kinds import export_csv, export_workbook
from partners.register_import.formats.headers import guess_columns
from partners.register_import.models import Import
from partners.register_import.reader import matchable_columns
from tests.workflow import files
from tests.worlds import cities
from tests.worlds.cities import NOW
from tests.worlds.register_imports import (
    AGREEMENT_ROWS,
    apply_import,
    import_error_sentences,
    import_errors,
    import_rows,
    register,
    roll_back_import,
)
from workflow.errors import Refused
from workflow.uploads.parsers import read_table

pytestmark = pytest.mark.django_db
ROW = "Burnaby,CA,Zhongshan,CN,sister,2011"


def read_upload(content, name="list.csv"):
    return read_table(SimpleUploadedFile(name, content))


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("gb18030", ","), ("utf-16", "\t"), ("utf-8", "\t")],
)
def test_encodings_and_separators_of_uploaded_lists_are_recognized(coordinator_powers, encoding, separator):
    lines = "\r\n".join([AGREEMENT_ROWS.replace("City B", "友好城市"), ROW.replace("Zhongshan", "中山")])
    batch = import_rows(coordinator_powers, read_upload(lines.replace(",", separator).encode(encoding)))
    assert (batch.faults, batch.open_places, batch.added) == (0, 0, 1)


def test_list_in_a_western_encoding_is_refused_instead_of_misread(coordinator_powers):
    with pytest.raises(Refused, match=r"“liste\.csv”.*CSV UTF-8"):
        read_upload("Ville,Pays\nMontréal,CA\n".encode("cp1252"), "liste.csv")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"a\n" * 100_001, "50,000 rows", id="100,000 rows"),
        pytest.param(b"a," * 300, "200 columns", id="300 columns"),
        pytest.param(files.archive(**{"word__document.xml": b"<a/>"}), "file cannot be opened", id="another zip"),
        pytest.param(files.archive(**{"xl__worksheets__sheet1.xml": bytes(30_000_000)}), "too large to be opened safely", id="a bomb"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "file cannot be opened", id="an old workbook"),
        pytest.param(b"PK\x03\x04", "file cannot be opened", id="a torn zip"),
        pytest.param("a,b\n\0,c".encode("utf-16"), "file cannot be opened", id="a nothing in wide letters"),
        pytest.param(b"%PDF-1.7\n\xff\xfe", "file cannot be opened", id="another kind of file"),
        pytest.param(b"%PDF-1.7\n1 0 obj\n", "file cannot be opened", id="a paper that is all letters"),
        pytest.param(b"\n<html><table><tr><td>City A</td></tr>", "file cannot be opened", id="a page of the web"),
        pytest.param(b"a,b\n\x1b[2J,c\n", "file cannot be opened", id="signs that steer a screen"),
    ],
)  # fmt: skip
def test_unreadable_list_is_refused_by_file_name_with_instructions(coordinator_powers, content, says):
    with pytest.raises(Refused) as refused:
        read_upload(content, "our list.xlsx")
    assert str(refused.value).startswith("“our list.xlsx” was not accepted.")
    assert says in str(refused.value)
    assert not Import.objects.exists()


def test_empty_file_has_no_rows_and_a_single_column_lacks_the_partner(coordinator_powers):
    assert read_upload(b"") == []
    batch = import_rows(coordinator_powers, read_upload(b"City\nBurnaby\n"))
    assert (batch.status, batch.rows, import_errors(batch)) == ("validated", 1, [(1, "city_b")])


def test_two_columns_with_one_heading_are_not_mixed_up(coordinator_powers):
    batch = import_rows(coordinator_powers, read_upload(f"{AGREEMENT_ROWS},Signed\n{ROW},1999\n".encode()))
    assert batch.columns["signed"] == 5
    assert batch.added == 1


def test_dates_and_years_in_a_workbook_are_read_as_displayed(coordinator_powers):
    def write(made, sheet):
        sheet.write_row(0, 0, AGREEMENT_ROWS.split(","))
        for number, kind in enumerate(("sister", "friendship", "other"), start=1):
            sheet.write_row(number, 0, [*ROW.split(",")[:4], kind])
        sheet.write_datetime(1, 5, datetime(2011, 4, 18), made.add_format({"num_format": "d mmm yyyy"}))
        sheet.write_number(2, 5, 2012)
        sheet.write_string(3, 5, "2013-05")

    batch = apply_import(
        import_rows(coordinator_powers, read_upload(files.workbook(write))), coordinator_powers
    )
    assert batch.status == "imported"
    signed = TwinningAgreement.objects.order_by("pk")
    assert [agreement.signed.iso_text for agreement in signed] == ["2011-04-18", "2012", "2013-05"]


def test_formula_without_a_valid_result_is_reported_at_its_cell(coordinator_powers):
    def write(_made, sheet):
        sheet.write_row(0, 0, AGREEMENT_ROWS.split(","))
        for number in (1, 2, 3):
            sheet.write_row(number, 0, ROW.split(","))
        sheet.write_formula(1, 5, "=2000+11", None, "")
        sheet.write_formula(2, 5, "=1/0", None, "#DIV/0!")
        sheet.write_formula(3, 5, "=2000+12", None, 2012)

    batch = import_rows(coordinator_powers, read_upload(files.workbook(write)))
    assert import_errors(batch) == [(2, "signed"), (3, "signed")]
    assert "formula" in import_error_sentences(batch)[0]


def test_register_workbook_with_merged_cells_is_reported(coordinator_powers):
    def write(_made, sheet):
        sheet.write_row(0, 0, AGREEMENT_ROWS.split(","))
        for number in (1, 2):
            sheet.write_row(number, 1, [*ROW.split(",")[1:4], ("sister", "other")[number - 1], "2011"])
        sheet.merge_range(1, 0, 2, 0, "Burnaby")

    batch = import_rows(coordinator_powers, read_upload(files.workbook(write)))
    assert import_errors(batch) == [(3, "city_a")]
    assert "merged" in import_error_sentences(batch)[0]
    assert "fusionnée" in import_error_sentences(batch, "fr")[0]


def test_formula_in_a_text_file_is_refused_but_text_like_a_formula_round_trips(coordinator_powers):
    batch = import_rows(coordinator_powers, read_upload(f"{AGREEMENT_ROWS},Note\n{ROW},=cmd|calc\n".encode()))
    assert import_errors(batch) == [(2, "note")]
    cities.twinning("burnaby", "zhongshan", note="=HYPERLINK(1)")
    (row,) = csv.DictReader(io.StringIO("".join(export_csv("agreements"))))
    assert row["note"] == "'=HYPERLINK(1)"
    batch = import_rows(coordinator_powers, read_upload("".join(export_csv("agreements")).encode()))
    assert (batch.faults, batch.same, batch.changed) == (0, 1, 0)


@pytest.fixture
def filled_register(coordinator_powers):
    """Fill a register with all kinds of values."""
    cities.twinning("burnaby", "zhongshan", signed="2011-04", note="+1 a year", conflict="1999?")
    cities.twinning("burnaby", "zhongshan", "friendship", signed="")
    cities.exchange("zhongshan", "burnaby", items="@masks; “N95”", quantity=5000, unit="pieces")
    City.objects.filter(slug="zhongshan").update(subdivision="CN-GD", population=4418060)


@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
@pytest.mark.parametrize("table", ["cities", "agreements", "exchanges"])
def test_exported_register_imports_without_changes(coordinator_powers, filled_register, table, language):
    before = register()
    with translation.override(language):
        rows = read_upload(export_workbook(table), "register.xlsx")
    columns = next(export_csv(table)).strip().split(",")
    assert guess_columns(rows[0], matchable_columns(table)).keys() >= set(columns)
    for lines in (rows, read_upload(before[table].encode())):
        batch = import_rows(coordinator_powers, lines, table=table)
        assert (batch.faults, batch.open_places, batch.added, batch.changed) == (0, 0, 0, 0)
        apply_import(batch, coordinator_powers)
        assert register() == before
        roll_back_import(batch, coordinator_powers)
        assert register() == before


def test_exported_exchange_equals_the_imported_row(coordinator_powers):
    header = "Source;To;Kind;From;Day;Precision;Quantity;Items"
    line = "https://city.example/;Burnaby;Letter;Zhongshan;2020-02;month;12;masks, “N95”"
    batch = apply_import(
        import_rows(coordinator_powers, read_upload(f"{header}\n{line}\n".encode()), table="exchanges"),
        coordinator_powers,
    )
    assert batch.status == "imported"
    (row,) = csv.DictReader(io.StringIO(register()["exchanges"]))
    assert row == {
        "from_city": "zhongshan", "to_city": "burnaby", "date": "2020-02", "date_precision": "month", "kind": "letter",
        "items": "masks, “N95”", "quantity": "12", "unit": "", "source_url": "https://city.example/", "note": "",
    }  # fmt: skip
    assert Exchange.objects.count() == 1


def test_date_precision_and_unproven_ends_survive_export_and_import(coordinator_powers):
    agreement = cities.twinning("burnaby", "zhongshan", certain=False)
    data = {"by": coordinator_powers, "at": NOW, "reason": "The minutes."}
    days = {
        "signed": parse_partial_date("1985-05", "by_end_of_month"),
        "expires": parse_partial_date("2031-05-01", "from_date"),
    }
    correct_agreement(agreement, AgreementEdit(**days), **data)
    end_agreement(agreement, why="terminated", on=parse_partial_date("2019-03", "by_end_of_month"), **data)
    other = cities.twinning("burnaby", "zhongshan", "friendship", certain=False)
    suspend_agreement(other, on=parse_partial_date("2019"), **data)
    before = register()
    for content, name in (
        ("".join(export_csv("agreements")).encode(), "a.csv"),
        (export_workbook("agreements"), "a.xlsx"),
    ):
        batch = apply_import(import_rows(coordinator_powers, read_upload(content, name)), coordinator_powers)
        assert (batch.added, batch.changed, batch.same) == (0, 0, 2)
    TwinningAgreement.objects.all().delete()
    apply_import(
        import_rows(coordinator_powers, read_upload(before["agreements"].encode())), coordinator_powers
    )
    assert register() == before


def test_hidden_sheet_is_skipped_and_the_first_visible_one_read():
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as made:
        hidden, seen, last = (made.add_worksheet(name) for name in ("Lists", "Ties", "More"))
        for number in range(3):
            hidden.write_formula(number, 0, "=1+1", None, "")
        seen.write_row(0, 0, ["City A", "City B"])
        seen.write_row(1, 0, ["Burnaby", "Zhongshan"])
        last.write_formula(1, 1, "=1+1", None, "")
        seen.activate()
        seen.set_first_sheet()
        hidden.hide()
    assert read_upload(book.getvalue(), "a.xlsx") == [["City A", "City B"], ["Burnaby", "Zhongshan"]]


@pytest.mark.parametrize("separator", [";", "|", ","])
def test_separator_line_is_not_read_as_a_heading(separator):
    lines = [
        f"sep={separator}",
        separator.join(("City A", "City B")),
        separator.join(("Burnaby", "Zhongshan")),
    ]
    assert read_upload("\r\n".join(lines).encode()) == [["City A", "City B"], ["Burnaby", "Zhongshan"]]
