"""Loader of the register that ships with the project (partners/data), and of its source claims.

French and Chinese names of cities come from files of their own. The claims are statements of sources that
disagree, as the notes of the agreements describe them.
"""

import csv
from datetime import datetime
from pathlib import Path

from partners.agreements.models import TwinningAgreement
from partners.disputes.actions import add_claim
from partners.disputes.models import Dispute
from partners.partial_dates import parse_partial_date
from partners.register_import.formats.columns import Column, slug_reader, text_reader
from partners.register_import.formats.csv_and_xlsx import NumberedRow, read_csv
from partners.register_import.formats.file_kinds import FILE_KINDS, ImportOutcome, import_rows
from workflow.actors import Actor

DATA_DIRECTORY = Path(__file__).resolve().parents[1] / "data"
LOADING_REASON = "The register that ships with the program"


def load_register(*, by: Actor, at: datetime, correct: bool = False) -> dict[str, ImportOutcome]:
    """Load cities, agreements and exchanges into the register. Running it again adds only new entries.

    `correct` also resets entries that differ from these files. Without it, corrected entries stay.
    """
    outcomes = {}
    for name, kind in FILE_KINDS.items():
        rows = read_csv((DATA_DIRECTORY / f"{name}.csv").read_bytes(), kind.columns)
        if name == "cities":
            _add_names(rows)
        outcomes[name] = import_rows(name, rows, by=by, at=at, reason=LOADING_REASON, only_new=not correct)
    return outcomes


def _add_names(rows: list[NumberedRow]) -> None:
    """Add French and Chinese names to cities that have none in the file of cities."""
    for column in ("name_fr", "name_zh"):
        names = {row["id"]: row[column] for _number, row in _read_names(column)}
        for _number, row in rows:
            row[column] = row.get(column) or names.get(row["id"], "")


def _read_names(column: str) -> list[NumberedRow]:
    columns = (Column("id", slug_reader, required=True), Column(column, text_reader(120), required=True))
    return read_csv((DATA_DIRECTORY / f"{column.replace('name', 'names')}.csv").read_bytes(), columns)


CLAIMS_FILE = Path(__file__).resolve().parents[1] / "data/claims.csv"


def load_claims(*, by: Actor, at: datetime) -> int:
    """Add the claims about agreements that have no dispute yet. Return how many were added."""
    with CLAIMS_FILE.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    known = {(one.agreement_id, one.fact) for one in Dispute.objects.exclude(agreement=None)}
    found = TwinningAgreement.objects.select_related("city_a", "city_b")
    agreements = {
        (agreement.city_a.slug, agreement.city_b.slug, agreement.kind): agreement for agreement in found
    }
    added = 0
    for row in rows:
        agreement = agreements.get((row["city_a"], row["city_b"], row["kind"]))
        if agreement is not None and (agreement.pk, row["fact"]) not in known:
            stated_on = parse_partial_date(row["stated_on"])
            add_claim(
                agreement,
                row["fact"],
                row["value"],
                source=row["source"],
                source_url=row["source_url"],
                said=stated_on,
                by=by,
                at=at,
            )
            added += 1
    return added
