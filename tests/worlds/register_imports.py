"""Imports of files into the register, made step by step, and their results."""

from partners.cities.gazetteer import GazetteerPlace
from partners.register_import import reader
from partners.register_import.actions.imports import (
    match_columns,
    request_rollback,
    start_import,
    upload_import,
)
from partners.register_import.formats.file_kinds import export_csv
from partners.register_import.formats.headers import guess_columns
from partners.register_import.models import ImportData
from partners.register_import.reader import matchable_columns
from partners.register_import.worker import process_waiting_imports
from tests.worlds.cities import NOW

AGREEMENT_ROWS = "City A,Country A,City B,Country B,Kind,Signed"
NANAIMO = GazetteerPlace(6081475, "Nanaimo", "CA", 49.16634, -123.94003, 84905, "America/Vancouver")
KELOWNA = GazetteerPlace(5990579, "Kelowna", "CA", 49.88307, -119.48568, 144576, "America/Vancouver")
KAMLOOPS = GazetteerPlace(5989045, "Kamloops", "CA", 50.66648, -120.3192, 104460, "America/Vancouver")
SUZHOUS = [
    GazetteerPlace(1886760, "Suzhou", "CN", 31.30408, 120.59538, 5345961, "Asia/Shanghai"),
    GazetteerPlace(1886762, "Suzhou", "CN", 33.63611, 116.97889, 205130, "Asia/Shanghai"),
]


def find_sample_places(names):
    """Return places from a gazetteer of five; the real one, read in test_gazetteer.py, takes two seconds."""
    known = {"nanaimo": [NANAIMO], "suzhou": SUZHOUS, "kelowna": [KELOWNA], "kamloops": [KAMLOOPS]}
    return {name: known[name] for name in names if name in known}


def import_lines(keeper, *lines, table="agreements", only_new=False, **same):
    """Import lines up to the check, with guessed columns."""
    return import_rows(keeper, [line.split(",") for line in lines], table=table, only_new=only_new, **same)


def import_rows(keeper, rows, *, table="agreements", only_new=False, name="list.csv", **same):
    """Import parsed rows up to the check, with guessed columns."""
    known = guess_columns([str(cell) for cell in rows[0]], matchable_columns(table))
    columns = {**reader.DEFAULT_VALUES[table], **known, **same}
    facts = {"table": table, "name": name, "reason": "our list", "columns": columns}
    batch = upload_import(rows, **facts, by=keeper, at=NOW)
    match_columns(batch, columns, only_new=only_new, by=keeper, at=NOW)
    return run_step(batch)


def run_step(batch):
    """Run the background step of an import."""
    process_waiting_imports(NOW)
    batch.refresh_from_db()
    return batch


def apply_import(batch, keeper):
    """Apply a checked import."""
    start_import(batch, by=keeper, at=NOW)
    return run_step(batch)


def roll_back_import(batch, keeper):
    """Withdraw an import."""
    request_rollback(batch, reason="by mistake", by=keeper, at=NOW)
    return run_step(batch)


def import_errors(batch):
    """Return row and column of each error."""
    return [(one["row"], one["column"]) for one in ImportData.objects.get(source_import=batch).faults]


def import_error_sentences(batch, language="en"):
    """Return the sentence of each error."""
    return [one["why"][language] for one in ImportData.objects.get(source_import=batch).faults]


def kept_entries(batch):
    """Return what the withdrawal kept, with the reasons."""
    return [(one["name"]["en"], one["why"]["en"]) for one in ImportData.objects.get(source_import=batch).left]


def register():
    """Return the whole register as files."""
    return {table: "".join(export_csv(table)) for table in reader.PLACE_COLUMNS_BY_KIND}
