"""Tests of loading the catalogue: all or nothing, repeatable without change, one journal entry."""

import shutil
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.actors import CONSOLE_ACTOR
from procurement.catalogue import reference_data
from procurement.catalogue.actions import FileLoadReport, load_catalogue
from procurement.catalogue.models.certificates import NotifiedBody
from procurement.catalogue.models.prices import PriceBand
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import ReferenceLoad
from procurement.catalogue.models.standards import Standard, StandardEquivalence
from procurement.catalogue.reference_data import hash_of_files, read_rows
from tests.procurement.catalogue.test_reference_data import overwrite_cells
from workflow.actors import SYSTEM
from workflow.errors import Refused
from workflow.journal.models import Entry

AT = datetime(2020, 4, 1, 16, tzinfo=UTC)
LATER = datetime(2020, 4, 2, 16, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    for name in reference_data.MODELS_BY_FILE:
        shutil.copy(reference_data.DATA_FOLDER / name, tmp_path / name)
    return tmp_path


def load_from(at: datetime = AT, folder: Path = reference_data.DATA_FOLDER) -> dict[str, FileLoadReport]:
    return {report.file: report for report in load_catalogue(by=CONSOLE_ACTOR, at=at, folder=folder)}


def test_first_load_creates_all_rows_with_one_journal_entry():
    reports = load_from()
    assert reports["products.csv"].created == Product.objects.count() == 37
    entry = Entry.objects.get()
    assert (entry.verb, entry.thing_label, entry.at) == ("load", "procurement.referenceload", AT)
    assert entry.facts["counts"]["products.csv"]["created"] == 37
    assert entry.facts["digest"] == hash_of_files(reference_data.DATA_FOLDER)
    assert str(ReferenceLoad.objects.get()) == entry.facts["digest"][:12]


def test_loading_reference_data_twice_changes_nothing():
    load_from()
    reports = load_from(at=LATER)
    assert not any(report.changed_count or report.rows_not_in_file for report in reports.values())
    assert reports["products.csv"].unchanged == 37
    assert (ReferenceLoad.objects.count(), Entry.objects.count()) == (1, 1)


def test_changed_cell_updates_its_row_and_keeps_the_primary_key(folder):
    load_from()
    key = Product.objects.get(code="MASK_MED").pk
    overwrite_cells(folder, "products.csv", 2, name_en="Procedure mask")
    reports = load_from(at=LATER, folder=folder)
    row = Product.objects.get(code="MASK_MED")
    assert (row.pk, row.name_en) == (key, "Procedure mask")
    assert (reports["products.csv"].updated, reports["products.csv"].unchanged) == (1, 36)
    assert Product.objects.search("procedure").get() == row
    assert Entry.objects.count() == 2


def test_row_missing_from_the_file_is_kept_and_counted(folder):
    load_from()
    path = folder / "price_bands.csv"
    rest = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(rest[:-1]), encoding="utf-8")
    report = load_from(at=LATER, folder=folder)["price_bands.csv"]
    assert (report.rows_not_in_file, report.changed_count) == (1, 0)
    assert PriceBand.objects.count() == len(rest) - 1


def test_reference_data_file_without_rows_changes_nothing(folder):
    load_from()
    path = folder / "price_bands.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines(keepends=True)[0], encoding="utf-8")
    assert load_from(at=LATER, folder=folder)["price_bands.csv"].rows_not_in_file == PriceBand.objects.count()


def test_error_in_the_last_file_rolls_back_the_whole_load(folder):
    overwrite_cells(folder, "price_bands.csv", 2, low="5", high="1")
    with pytest.raises(Refused) as no:
        load_from(folder=folder)
    assert (no.value.details["file"], no.value.details["column"]) == ("price_bands.csv", "high")
    assert not Standard.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"offered": "ASTM-F2100-L1", "asked": "ASTM-F2100-L1"}, "offered"),
        ({"verdict": "unknown"}, "verdict"),
    ],
)
def test_incomplete_acceptance_row_is_refused_with_row_and_column(folder, cells, column):
    overwrite_cells(folder, "standard_equivalences.csv", 2, **cells)
    with pytest.raises(Refused) as no:
        load_from(folder=folder)
    assert (no.value.details["row"], no.value.details["column"]) == (2, column)


def test_two_identical_acceptance_rows_are_refused_with_file_and_row(folder):
    first = read_rows(folder, "standard_equivalences.csv")[0]
    overwrite_cells(
        folder,
        "standard_equivalences.csv",
        3,
        asked=first.links["asked_id"],
        offered=first.links["offered_id"],
    )
    with pytest.raises(Refused) as no:
        load_from(folder=folder)
    assert (no.value.details["file"], no.value.details["row"]) == ("standard_equivalences.csv", 3)
    assert first.code in str(no.value)


def test_row_contradicting_a_manual_row_is_refused(folder):
    load_from()
    row = StandardEquivalence.objects.earliest("pk")
    row.pk, row.code, row.valid_from = None, "MINE", AT.date()
    StandardEquivalence.objects.bulk_create([row])
    overwrite_cells(folder, "standard_equivalences.csv", 2, valid_from="2020-04-01")
    with pytest.raises(Refused, match="MINE"):
        load_from(at=LATER, folder=folder)


def test_only_the_console_can_load_the_catalogue():
    with pytest.raises(Refused) as no:
        load_catalogue(by=SYSTEM, at=AT)
    assert no.value.code == "not_allowed"
    assert not Standard.objects.exists()


def test_load_command_prints_counts_unless_silenced(folder):
    output = StringIO()
    call_command("load_reference_data", stdout=output)
    assert "products.csv: 37 created, 0 updated, 0 unchanged, 0 not in the file" in output.getvalue()
    silent = StringIO()
    call_command("load_reference_data", folder=folder, verbosity=0, stdout=silent)
    assert silent.getvalue() == ""


def test_load_command_fails_with_file_row_and_column_of_the_error(folder):
    overwrite_cells(folder, "notified_bodies.csv", 4, source_quality="Z")
    with pytest.raises(CommandError, match=r"notified_bodies\.csv, row 4, column source_quality"):
        call_command("load_reference_data", folder=folder, verbosity=0)
    assert not NotifiedBody.objects.exists()
