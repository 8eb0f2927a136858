"""Kinds of register files (cities, agreements, exchanges), and the import and export of a file of any kind."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.register_import.errors import ImportFailed
from partners.register_import.formats import agreements, cities, exchanges
from partners.register_import.formats.agreements import export_agreements, import_agreements
from partners.register_import.formats.cities import export_cities, import_cities
from partners.register_import.formats.columns import Column
from partners.register_import.formats.csv_and_xlsx import (
    NumberedRow,
    Row,
    read_csv,
    write_csv,
    write_workbook,
)
from partners.register_import.formats.exchanges import export_exchanges, import_exchanges
from partners.register_import.import_session import ImportSession
from workflow.actors import Actor
from workflow.errors import LazyText


@dataclass(frozen=True)
class FileKind:
    """Kind of register file: its label, its columns, and the functions that import and export its rows."""

    label: LazyText
    columns: tuple[Column, ...]
    import_rows: Callable[[list[NumberedRow], ImportSession], None]
    export_rows: Callable[[], Iterator[Row]]


FILE_KINDS = {
    "cities": FileKind(_("Cities"), cities.CITY_COLUMNS, import_cities, export_cities),
    "agreements": FileKind(
        _("Agreements"), agreements.AGREEMENT_COLUMNS, import_agreements, export_agreements
    ),
    "exchanges": FileKind(_("Exchanges"), exchanges.EXCHANGE_COLUMNS, import_exchanges, export_exchanges),
}


@dataclass(frozen=True)
class ImportOutcome:
    """Number of rows that an import added, changed and left the same."""

    added: int
    changed: int
    same: int


def load_file(table: str, content: bytes, *, by: Actor, at: datetime, reason: str) -> ImportOutcome:
    """Import a file into the register, completely or not at all. Importing it again changes nothing.

    Raises ImportFailed with every row that cannot be read, or that the actor may not write.
    """
    kind = FILE_KINDS[table]
    return import_rows(table, read_csv(content, kind.columns), by=by, at=at, reason=reason)


def import_rows(
    table: str, rows: list[NumberedRow], *, by: Actor, at: datetime, reason: str, only_new: bool = False
) -> ImportOutcome:
    """Import rows that were already read, all or none. With `only_new`, existing entries stay unchanged.

    Raises ImportFailed if any row cannot be imported.
    """
    run = ImportSession(actor=by, action_time=at, reason=reason, only_new=only_new)
    with transaction.atomic():
        FILE_KINDS[table].import_rows(rows, run)
        if run.faults:
            raise ImportFailed(run.faults)
    return ImportOutcome(run.added, run.changed, run.same)


def export_workbook(table: str) -> bytes:
    """Return the register's entries of one kind as XLSX, below headings in the language of the reader.

    An import recognizes these headings in all three languages.
    """
    kind = FILE_KINDS[table]
    return write_workbook({column.name: str(column.label) for column in kind.columns}, kind.export_rows())


def export_csv(table: str) -> Iterator[str]:
    """Yield the register's entries of one kind as CSV, line by line. It has public facts only, none about people."""
    kind = FILE_KINDS[table]
    return write_csv((column.name for column in kind.columns), kind.export_rows())
