"""Lists inside an audit file: manifest, record as JSON, history and comments as CSV. Reads only."""

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

from procurement.audit_files.contents import FolderItem
from workflow.comments_and_files.models import Comment
from workflow.csv_safety import escape_formula
from workflow.journal import entries
from workflow.journal.models import Entry
from workflow.moves import Moves

BOM = "\ufeff"  # without it, spreadsheets misread Chinese
HIDDEN_VALUE = entries.HIDDEN_VALUE_MASK


@dataclass(frozen=True)
class ManifestLine:
    """Line of the manifest about one file: path, kind, reference of its item, author, time, size and hashes.

    `sha256` is the hash of the file in the archive, `uploaded_sha256` that of the file as it was uploaded.
    """

    path: str
    kind: str
    reference: str = ""
    author: str = ""
    created_at: datetime | None = None
    size: int = 0
    sha256: str = ""
    uploaded_sha256: str = ""
    note: str = ""


def manifest_csv(lines: Iterable[ManifestLine], notes: Iterable[str]) -> Iterator[bytes]:
    """Return the manifest as CSV: one line per file, then the notes (how many files were left out, and why)."""
    head = [
        *(_("File"), _("Type"), _("Related to"), _("Added by"), _("When"), _("Bytes"), "SHA-256"),
        *(_("SHA-256 of the uploaded file"), _("Remark")),
    ]
    rows = (
        [
            one.path,
            one.kind,
            one.reference,
            one.author,
            one.created_at,
            one.size,
            one.sha256,
            one.uploaded_sha256,
            one.note,
        ]
        for one in lines
    )
    yield from csv_rows(head, [*rows, *([*[""] * 8, note] for note in notes)])


def history_csv(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Return the journal entries as CSV, in the order given, with codes, words and changed values."""
    head = [
        *(
            _("When"),
            _("Related to"),
            _("Type"),
            _("Action"),
            _("Description"),
            _("Who"),
            _("Channel"),
            _("Reason"),
        ),
        *(_("Before"), _("After"), _("Details")),
    ]
    yield from csv_rows(head, (_entry_row(entry) for entry in entries))


def _entry_row(entry: Entry) -> list[Any]:
    known = Moves.registry.get(entry.thing_label)
    move = known.by_verb.get(entry.verb) if known else None
    values = [compact_json(part) for part in (entry.before, entry.after, entry.facts)]
    sentence = str(move.past_tense) if move else ""
    return [
        *(entry.at, entry.reference, entry.thing_label, entry.verb, sentence),
        *(entry.by_label, entry.via, entry.reason, *values),
    ]


def comments_csv(rows: Iterable[Comment], names: dict[tuple[str, int], str]) -> Iterator[bytes]:
    """Return the comments on each item as CSV, as they were written."""
    head = [_("When"), _("Related to"), _("Who"), _("Language"), _("Text")]
    values = (
        [row.at, names[row.thing_label, row.thing_id], str(row.by), row.language, row.text] for row in rows
    )
    yield from csv_rows(head, values)


def record_json(belongs: Sequence[FolderItem], at: datetime) -> Iterator[bytes]:
    """Return all items with their facts as JSON.

    Private facts are masked. References to other items use their reference number or name.
    """
    things = [
        {
            "kind": one.item._meta.label_lower,
            "reference": display_reference(one.item),
            "facts": masked_field_values(one.item),
        }
        for one in belongs
    ]
    values = {"as_of": at, "things": things}
    yield json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()


def masked_field_values(thing: Model) -> dict[str, Any]:
    """Return the facts of an item by field name.

    A field that refers to another item holds its reference or name. Fields that the journal hides are masked.
    """
    secret: frozenset[str] = getattr(thing, "SECRET_FIELDS", frozenset())
    kept = entries.snapshot(thing)
    values = {}
    for field in thing._meta.concrete_fields:
        if field.attname not in kept or field.primary_key:
            continue
        value = kept[field.attname]
        if field.is_relation and value is not None:
            value = display_reference(getattr(thing, field.name))
        values[field.name] = HIDDEN_VALUE if field.attname in secret else value
    return values


def display_reference(thing: Model) -> str:
    """Return the reference of an item, or its name if it has none."""
    return str(getattr(thing, "reference", "") or thing)


def csv_rows(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Return rows as CSV, one line at a time. Cells that a spreadsheet could execute are defused."""
    yield BOM.encode()
    for row in chain([head], rows):
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="\r\n").writerow([_cell(cell) for cell in row])
        yield buffer.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return escape_formula(value if value is None or isinstance(value, int) else str(value))


def compact_json(values: Any) -> str:
    """Return JSON in one line, or an empty string for an empty value."""
    return json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False) if values else ""
