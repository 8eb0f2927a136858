"""Loading the reference data. Safe to run again; the second run changes nothing, and none changes what a coordinator keeps by hand."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import UniqueConstraint
from django.utils.translation import gettext_lazy as _

from procurement.catalogue import reference
from procurement.catalogue.models.facts import Fact, Kept, ReferenceLoad
from procurement.catalogue.reference import Column, Line
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.search import GramsField

# One load, or one change by hand, at a time: an advisory lock of this number, held to the end of the transaction.
LOAD_LOCK = 7_020_001


@dataclass(frozen=True)
class SheetReport:
    """What a load did with one file. `others` are rows of the table that the file does not name: they stay as they are.

    `kept` are rows somebody keeps by hand and of which the file says otherwise: they stay as well, and note what it says.
    """

    file: str
    created: int
    updated: int
    unchanged: int
    others: int
    kept: int = 0
    noted: int = 0  # of the kept ones, those whose note is not as it was

    @property
    def changed(self) -> int:
        """How many rows are not as they were."""
        return self.created + self.updated + self.noted


def load(*, by: Actor, at: datetime, folder: Path = reference.DATA) -> list[SheetReport]:
    """Bring the catalogue to what the files say, all of it or nothing, with one journal entry if anything changed.

    Rows are known by their code; a row that no file names any more is kept, for others may point at it. A row that somebody keeps by
    hand is left as it is, and notes what the file says otherwise. Refuses anybody but the server's console, and a file with a fault:
    the refusal names file, row and column.
    """
    if by.via != "command":
        raise Refused(NOT_ALLOWED, _("Only the server's console loads the reference data."))
    with transaction.atomic():
        wait_for_other_loads()
        keys: dict[type[Fact], dict[str, int]] = {}
        reports = [_load_sheet(folder, name, keys) for name in reference.SHEETS]
        if any(report.changed for report in reports):
            counts = {report.file: asdict(report) for report in reports}
            made = ReferenceLoad.objects.create(at=at, digest=reference.digest(folder), counts=counts)
            entries.record(made, "load", by=by, at=at, digest=made.digest, counts=counts)
    return reports


def wait_for_other_loads() -> None:
    """Wait until no load and no change by hand is under way; the next one waits for this transaction."""
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
    held = {code for code, row in before.items() if isinstance(row, Kept) and row.kept_since and code in rows}
    others = {code: row for code, row in rows.items() if code in before and code not in held}
    changed = [row for code, row in others.items() if _take_over(row, before[code], fields)]
    made = model._default_manager.bulk_create(new)
    if changed:
        model._default_manager.bulk_update(changed, [field.name for field in fields], batch_size=500)
    keys[model] = {row.code: row.pk for row in (*before.values(), *made)}
    kept, noted = _note([(rows[code], before[code]) for code in sorted(held)], fields)
    unchanged = len(rows) - len(new) - len(changed) - kept
    return SheetReport(
        name, len(new), len(changed), unchanged, len(before) + len(new) - len(rows), kept, noted
    )


def _note(pairs: Iterable[tuple[Fact, Any]], fields: list[Column]) -> tuple[int, int]:
    """Note in the rows kept by hand what the file says otherwise: of how many it does, and in how many the note is new."""
    kept, noted = 0, []
    for row, old in pairs:
        said = {
            field.attname: getattr(row, field.attname)
            for field in fields
            if getattr(row, field.attname) != getattr(old, field.attname)
        }
        told = json.loads(json.dumps(said, cls=DjangoJSONEncoder))
        kept += bool(told)
        if told != old.file_says:
            old.file_says = told
            noted.append(old)
    if noted:
        type(noted[0])._default_manager.bulk_update(noted, ["file_says"])
    return kept, len(noted)


def _columns(lines: list[Line]) -> list[Column]:
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
    model: type[Fact], lines: Iterable[Line], rows: dict[str, Fact], before: dict[str, Fact]
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
