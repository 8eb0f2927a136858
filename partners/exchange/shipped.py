"""The register that ships with the project: its files under partners/data, and the French and Chinese names it adds to them."""

from datetime import datetime
from pathlib import Path

from partners.exchange import files
from partners.exchange.columns import Column, slug, text
from partners.exchange.tables import TABLES, Outcome, bring
from workflow.actors import Actor

DATA = Path(__file__).resolve().parents[1] / "data"
REASON = "The register that ships with the program"


def load_register(*, by: Actor, at: datetime, correct: bool = False) -> dict[str, Outcome]:
    """Bring cities, agreements and exchanges into the register. Run again, it adds what is new.

    `correct` also sets back what differs from these files; without it, what somebody corrected stays corrected.
    """
    done = {}
    for name, table in TABLES.items():
        rows = files.read((DATA / f"{name}.csv").read_bytes(), table.columns)
        if name == "cities":
            _add_names(rows)
        done[name] = bring(name, rows, by=by, at=at, reason=REASON, only_new=not correct)
    return done


def _add_names(rows: list[files.Numbered]) -> None:
    """Names in French and Chinese where the cities' own file has none."""
    for column in ("name_fr", "name_zh"):
        names = {row["id"]: row[column] for _number, row in _read_names(column)}
        for _number, row in rows:
            row[column] = row.get(column) or names.get(row["id"], "")


def _read_names(column: str) -> list[files.Numbered]:
    columns = (Column("id", slug, required=True), Column(column, text(120), required=True))
    return files.read((DATA / f"{column.replace('name', 'names')}.csv").read_bytes(), columns)
