"""The tables of the register as files, and the two things done with them: load and dump."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.exchange import agreements, cities, exchanges, files
from partners.exchange.columns import Column
from partners.exchange.faults import Faulty
from partners.exchange.files import Numbered, Row
from partners.exchange.runs import Run
from workflow.actors import Actor
from workflow.errors import Words


@dataclass(frozen=True)
class Table:
    """A kind of file: its name, its columns, how its rows enter the register and how they leave it."""

    label: Words
    columns: tuple[Column, ...]
    bring: Callable[[list[Numbered], Run], None]
    rows: Callable[[], Iterator[Row]]


TABLES = {
    "cities": Table(_("Cities"), cities.COLUMNS, cities.bring, cities.rows),
    "agreements": Table(_("Agreements"), agreements.COLUMNS, agreements.bring, agreements.rows),
    "exchanges": Table(_("Exchanges"), exchanges.COLUMNS, exchanges.bring, exchanges.rows),
}


@dataclass(frozen=True)
class Outcome:
    """What an import did, in rows."""

    added: int
    changed: int
    same: int


def load(table: str, content: bytes, *, by: Actor, at: datetime, reason: str) -> Outcome:
    """Bring a file into the register, all of it or nothing. The same file again changes nothing.

    Raises Faulty with every row that cannot be read and every row its sender may not write.
    """
    kind = TABLES[table]
    return bring(table, files.read(content, kind.columns), by=by, at=at, reason=reason)


def bring(
    table: str, rows: list[Numbered], *, by: Actor, at: datetime, reason: str, only_new: bool = False
) -> Outcome:
    """Bring rows that are read already into the register, all or nothing. `only_new` leaves what is there as it is."""
    run = Run(by=by, at=at, reason=reason, only_new=only_new)
    with transaction.atomic():
        TABLES[table].bring(rows, run)
        if run.faults:
            raise Faulty(run.faults)
    return Outcome(run.added, run.changed, run.same)


def workbook(table: str) -> bytes:
    """A table as XLSX, the same cells as in CSV below headings in the reader's language; an import knows them in all three."""
    kind = TABLES[table]
    return files.write_workbook({column.name: str(column.label) for column in kind.columns}, kind.rows())


def dump(table: str) -> Iterator[str]:
    """A table as CSV, line by line. Public facts only: no person stands in them."""
    kind = TABLES[table]
    return files.write((column.name for column in kind.columns), kind.rows())
