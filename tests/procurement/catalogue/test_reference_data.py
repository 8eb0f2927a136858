"""Tests of faulty reference files: refused with row and column, and nothing is loaded from them."""

import csv
import shutil
from pathlib import Path

import pytest
from django.utils.translation import override

from procurement.catalogue import reference_data
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.products import Product
from procurement.catalogue.reference_data import hash_of_files, read_rows
from workflow.errors import Refused


@pytest.fixture
def folder(tmp_path):
    """Return a copy of the files that a test may damage."""
    for name in reference_data.MODELS_BY_FILE:
        shutil.copy(reference_data.DATA_FOLDER / name, tmp_path / name)
    return tmp_path


def overwrite_cells(folder: Path, name: str, row: int, **cells: str) -> None:
    """Write these cells into one row of a file. Row 2 is the first below the heading."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[row - 2] |= cells
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def assert_folder_refused(folder: Path, name: str) -> Refused:
    with pytest.raises(Refused) as no:
        [line.build({}) for line in read_rows(folder, name)]
    assert no.value.code == "bad_reference_data"
    return no.value


@pytest.mark.parametrize(
    ("name", "row", "column", "cell", "words"),
    [
        ("standards.csv", 3, "valid_to", "soon", "invalid date format"),
        ("standards.csv", 3, "market", "ZZ", "not a valid choice"),
        ("standards.csv", 4, "confidence", "", "cannot be blank"),
        ("standards.csv", 4, "name_fr", "", "cannot be blank"),
        ("products.csv", 2, "units_per_carton", "many", "must be an integer"),
        ("products.csv", 5, "family", "hats", "not a valid choice"),
        ("notified_bodies.csv", 2, "number", "37", "Enter four digits"),
        ("notified_bodies.csv", 2, "ended_for_respirators_only", "perhaps", "must be either True or False"),
        ("customs_rules.csv", 2, "families", "mask|hats", "not a valid choice"),
        ("certificate_types.csv", 2, "number_regex", "[0-9", "not a valid regular expression"),
        ("equivalence_reasons.csv", 2, "valid_from", "2020-02-30", "invalid date"),
    ],
)
def test_catalogue_file_error_names_file_row_and_column(folder, name, row, column, cell, words):
    overwrite_cells(folder, name, row, **{column: cell})
    no = assert_folder_refused(folder, name)
    assert (no.details["file"], no.details["row"], no.details["column"]) == (name, row, column)
    assert words in str(no)
    assert f"{name}, row {row}, column {column}" in str(no)


def test_catalogue_file_error_is_shown_in_the_readers_language(folder):
    overwrite_cells(folder, "standards.csv", 3, valid_to="bientôt")
    with override("fr-ca"):
        assert "format de date" in str(assert_folder_refused(folder, "standards.csv"))


def test_catalogue_row_ending_before_it_begins_is_refused(folder):
    overwrite_cells(folder, "standards.csv", 2, valid_from="2021-01-01", valid_to="2020-01-01")
    assert assert_folder_refused(folder, "standards.csv").details["column"] == "valid_to"


def test_repeated_catalogue_code_is_refused(folder):
    overwrite_cells(folder, "standards.csv", 3, code="ASTM-F2100-L1")
    no = assert_folder_refused(folder, "standards.csv")
    assert (no.details["row"], no.details["column"]) == (3, "code")


def test_catalogue_link_to_a_missing_row_is_refused(folder):
    overwrite_cells(folder, "tariff_codes.csv", 2, product="HAT")
    no = assert_folder_refused(folder, "tariff_codes.csv")
    assert no.details["column"] == "product"
    assert "HAT" in str(no)


@pytest.mark.parametrize("cells", ["X,1", "X,ASTM X,,,,,,,,,,,,,,,,,"])
def test_catalogue_row_with_too_many_or_too_few_cells_is_refused(folder, cells):
    with (folder / "standards.csv").open("a", encoding="utf-8") as file:
        file.write(cells + "\n")
    assert assert_folder_refused(folder, "standards.csv").details["row"] == 102


def test_unknown_catalogue_column_is_refused(folder):
    (folder / "standards.csv").write_text("code,colour\nX,red\n", encoding="utf-8")
    assert assert_folder_refused(folder, "standards.csv").details["column"] == "colour"


def test_catalogue_file_without_codes_or_heading_is_refused(folder):
    (folder / "standards.csv").write_text("designation\nASTM\n", encoding="utf-8")
    assert assert_folder_refused(folder, "standards.csv").details["column"] == "code"
    (folder / "standards.csv").write_text("", encoding="utf-8")
    assert assert_folder_refused(folder, "standards.csv").details["column"] == "code"


def test_missing_catalogue_file_is_refused(folder):
    (folder / "standards.csv").unlink()
    assert "missing" in str(assert_folder_refused(folder, "standards.csv"))


def test_byte_order_mark_in_a_catalogue_file_is_ignored(folder):
    path = folder / "equivalence_reasons.csv"
    path.write_text("\ufeff" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert len(read_rows(folder, "equivalence_reasons.csv")) == len(
        read_rows(reference_data.DATA_FOLDER, "equivalence_reasons.csv")
    )


def test_empty_catalogue_date_is_unknown_and_empty_list_is_empty():
    line = read_rows(reference_data.DATA_FOLDER, "products.csv")[1]
    assert line.facts["valid_from"] is None
    assert line.facts["unsourced_columns"] == ["units_per_carton", "carton_kg"]
    assert line.model is Product


def test_empty_catalogue_cell_takes_the_column_default(folder):
    overwrite_cells(folder, "customs_rules.csv", 2, position="")
    assert read_rows(folder, "customs_rules.csv")[0].facts["position"] == 100
    overwrite_cells(folder, "duty_reliefs.csv", 2, relieves_duty="")
    assert read_rows(folder, "duty_reliefs.csv")[0].facts["relieves_duty"] is False
    assert {CustomsRule, DutyRelief} <= set(reference_data.MODELS_BY_FILE.values())


def test_catalogue_digest_changes_with_any_file(folder):
    before = hash_of_files(folder)
    assert before == hash_of_files(reference_data.DATA_FOLDER)
    overwrite_cells(folder, "price_bands.csv", 2, high="9")
    assert hash_of_files(folder) != before
