"""The lists inside an order's bundle: the manifest, the record as JSON, history and comments as CSV. Plain rows, read only."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.utils.translation import gettext as _

from procurement.exchange.bundle.things import Belongs
from workflow.cells import guarded
from workflow.journal import entries
from workflow.models.evidence import Comment
from workflow.models.journal import Entry
from workflow.moves import Moves

BOM = "\ufeff"  # without it a spreadsheet takes Chinese for something else
HIDDEN = entries.HIDDEN


@dataclass(frozen=True)
class Line:
    """One line of the manifest: a file, what it is and belongs to, who brought it and when, and by what it is known."""

    path: str
    what: str
    reference: str = ""
    by: str = ""
    at: datetime | None = None
    size: int = 0
    sha256: str = ""
    received: str = ""
    note: str = ""


def manifest(lines: Iterable[Line], notes: Iterable[str]) -> Iterator[bytes]:
    """The manifest: a line for each file, and at its end what is not in here, counted."""
    head = [
        *(_("File"), _("What it is"), _("Of"), _("Brought by"), _("When"), _("Bytes"), "SHA-256"),
        *(_("SHA-256 as uploaded"), _("Remark")),
    ]
    rows = (
        [one.path, one.what, one.reference, one.by, one.at, one.size, one.sha256, one.received, one.note]
        for one in lines
    )
    yield from table(head, [*rows, *([*[""] * 8, note] for note in notes)])


def history(entries: Iterable[Entry]) -> Iterator[bytes]:
    """What happened to each thing, oldest first, with what changed; a reader's words beside the codes."""
    head = [
        *(
            _("When"),
            _("Of"),
            _("Kind"),
            _("What was done"),
            _("In words"),
            _("Who"),
            _("Through"),
            _("Reason"),
        ),
        *(_("Before"), _("After"), _("Facts")),
    ]
    yield from table(head, (_entry(entry) for entry in entries))


def _entry(entry: Entry) -> list[Any]:
    known = Moves.registry.get(entry.thing_label)
    move = known.by_verb.get(entry.verb) if known else None
    told = [compact(part) for part in (entry.before, entry.after, entry.facts)]
    said = str(move.past) if move else ""
    return [
        *(entry.at, entry.reference, entry.thing_label, entry.verb, said),
        *(entry.by_label, entry.via, entry.reason, *told),
    ]


def comments(rows: Iterable[Comment], names: dict[tuple[str, int], str]) -> Iterator[bytes]:
    """What was said about each thing, as it was written."""
    head = [_("When"), _("Of"), _("Who"), _("Language"), _("Text")]
    told = (
        [row.at, names[row.thing_label, row.thing_id], str(row.by), row.language, row.text] for row in rows
    )
    yield from table(head, told)


def record(belongs: Sequence[Belongs], at: datetime) -> Iterator[bytes]:
    """Every thing with its facts, as JSON: what is private to somebody is hidden, and a thing is named by what it is quoted with."""
    things = [
        {
            "kind": one.thing._meta.label_lower,
            "reference": quoted(one.thing),
            "facts": facts_of(one.thing),
        }
        for one in belongs
    ]
    told = {"as_of": at, "things": things}
    yield json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()


def facts_of(thing: Model) -> dict[str, Any]:
    """The facts of a thing by name; another thing by its number or name, what the journal hides hidden."""
    secret: frozenset[str] = getattr(thing, "SECRET_FIELDS", frozenset())
    kept = entries.snapshot(thing)
    told = {}
    for field in thing._meta.concrete_fields:
        if field.attname not in kept or field.primary_key:
            continue
        value = kept[field.attname]
        if field.is_relation and value is not None:
            value = quoted(getattr(thing, field.name))
        told[field.name] = HIDDEN if field.attname in secret else value
    return told


def quoted(thing: Model) -> str:
    """What a thing is quoted with: its reference, else its name."""
    return str(getattr(thing, "reference", "") or thing)


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Rows as CSV, a line at a time, with nothing that a spreadsheet would run."""
    yield BOM.encode()
    for row in chain([head], rows):
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\r\n").writerow([_cell(cell) for cell in row])
        yield buffer.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return guarded(value if value is None or isinstance(value, int) else str(value))


def compact(told: Any) -> str:
    """JSON in one line; nothing where there is nothing."""
    return json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False) if told else ""
