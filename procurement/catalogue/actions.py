"""Loading the reference data: the only writer of the catalogue. Safe to run again; the second run changes nothing."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.models import UniqueConstraint
from django.utils.translation import gettext_lazy as _

from procurement.catalogue import reference
from procurement.catalogue.models import Fact, ReferenceLoad
from procurement.catalogue.reference import Column
from workflow import journal
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.search import GramsField

LOAD_LOCK = (
    7_020_001  # one load at a time: an advisory lock of this number, held to the end of the transaction
)


@dataclass(frozen=True)
class SheetReport:
    """What a load did with one file. `others` are rows of the table that the file does not name: they stay as they are."""

    file: str
    created: int
    updated: int
    unchanged: int
    others: int

    @property
    def changed(self) -> int:
        """How many rows are not as they were."""
        return self.created + self.updated


def load(*, by: Actor, at: datetime, folder: Path = reference.DATA) -> list[SheetReport]:
    """Bring the catalogue to what the files say, all of it or nothing, with one journal entry if anything changed.

    Rows are known by their code; a row that no file names any more is kept, for others may point at it. Refuses anybody but the
    server's console, and a file with a fault: the refusal names file, row and column.
    """
    if by.via != "command":
        raise Refused(NOT_ALLOWED, _("Only the server's console loads the reference data."))
    with transaction.atomic():
        _wait_for_other_loads()
        keys: dict[type[Fact], dict[str, int]] = {}
        reports = [_load_sheet(folder, name, keys) for name in reference.SHEETS]
        if any(report.changed for report in reports):
            counts = {report.file: asdict(report) for report in reports}
            made = ReferenceLoad.objects.create(at=at, digest=reference.digest(folder), counts=counts)
            journal.record(made, "load", by=by, at=at, digest=made.digest, counts=counts)
    return reports


def _wait_for_other_loads() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOAD_LOCK])


def _load_sheet(folder: Path, name: str, keys: dict[type[Fact], dict[str, int]]) -> SheetReport:
    model = reference.SHEETS[name]
    lines = reference.lines(folder, name)
    before = {row.code: row for row in model._default_manager.all()}
    rows = {line.code: line.build(keys) for line in lines}
    _refuse_clashes(model, lines, rows, before)
    fields = _columns(lines)
    new = [row for code, row in rows.items() if code not in before]
    changed = [row for code, row in rows.items() if code in before and _take_over(row, before[code], fields)]
    made = model._default_manager.bulk_create(new)
    if changed:
        model._default_manager.bulk_update(changed, [field.name for field in fields], batch_size=500)
    keys[model] = {row.code: row.pk for row in (*before.values(), *made)}
    unchanged = len(rows) - len(new) - len(changed)
    return SheetReport(name, len(new), len(changed), unchanged, len(before) + len(new) - len(rows))


def _columns(lines: list[reference.Line]) -> list[Column]:
    """The fields the file speaks of, and the search column made of them. None where the file has no row."""
    names = {name.removesuffix("_id") for line in lines[:1] for name in (*line.facts, *line.links)}
    model_fields = lines[0].model._meta.concrete_fields if lines else ()
    return [field for field in model_fields if field.name in names or isinstance(field, GramsField)]


def _take_over(row: Fact, old: Fact, fields: list[Column]) -> bool:
    """Give the row the key of the one it replaces, and say whether it differs from it."""
    row.pk = old.pk
    for field in fields:
        if isinstance(field, GramsField):
            field.pre_save(row, False)
    return any(getattr(row, field.attname) != getattr(old, field.attname) for field in fields)


def _refuse_clashes(
    model: type[Fact], lines: Iterable[reference.Line], rows: dict[str, Fact], before: dict[str, Fact]
) -> None:
    """Two rows that say the same thing twice: refused here with their place, before the database refuses them without it."""
    rest = [row for code, row in before.items() if code not in rows]
    columns = {field.name: field.attname for field in model._meta.concrete_fields}
    for constraint in model._meta.constraints:
        if not isinstance(constraint, UniqueConstraint):
            continue
        names = [columns[name] for name in constraint.fields]
        seen = {tuple(getattr(row, name) for name in names): row.code for row in rest}
        for line in lines:
            key = tuple(getattr(rows[line.code], name) for name in names)
            if key in seen:
                words = _("The row “%(code)s” says the same already.") % {"code": seen[key]}
                raise line.place.refusal(constraint.fields[0], words)
            seen[key] = line.code
