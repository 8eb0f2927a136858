"""Actions that load the reference data from files, and that edit customs rules and reliefs by hand.

A second load of the same files changes nothing. A load never changes a row that a coordinator maintains by hand.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import UniqueConstraint
from django.utils.translation import gettext_lazy as _

from procurement.catalogue import reference_data
from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.customs import CustomsRule, DutyRelief
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import (
    Confidence,
    ManuallyMaintained,
    ReferenceLoad,
    ReferenceRow,
)
from procurement.catalogue.reference_data import Column, CsvRow, hash_of_files, read_rows
from procurement.catalogue.rules import rule_editing
from procurement.catalogue.rules.rule_editing import (
    KnownCodes,
    future_source_day_refusal,
    invalid_code_refusal,
    invalid_rule_refusal,
    invalid_source_refusal,
    may_edit_rules,
    unsupported_block_refusal,
)
from workflow.actors import Actor
from workflow.days import latest_day, utc_day
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.journal.entries import Snapshot
from workflow.moves import select_locked
from workflow.search import GramsField

# Number of the advisory lock that allows only one load or manual change at a time, until its transaction ends.
LOAD_LOCK_ID = 7_020_001


@dataclass(frozen=True)
class FileLoadReport:
    """Result of loading one file, as numbers of rows.

    `rows_not_in_file` counts rows of the table that the file does not contain; the load leaves them as they are. `manually_kept`
    counts rows maintained by hand whose values differ from the file; the load only notes the file's values. `newly_noted`
    counts those of them whose note changed.
    """

    file: str
    created: int
    updated: int
    unchanged: int
    rows_not_in_file: int
    manually_kept: int = 0
    newly_noted: int = 0  # rows in `kept` whose note changed

    @property
    def changed_count(self) -> int:
        """Number of rows that the load created, updated or gave a new note."""
        return self.created + self.updated + self.newly_noted


def load_catalogue(
    *, by: Actor, at: datetime, folder: Path = reference_data.DATA_FOLDER
) -> list[FileLoadReport]:
    """Make the catalogue match the files. Load all files or none.

    Writes one journal entry if anything changed. Matches rows by code. Keeps rows that no file contains any
    more, because other rows may refer to them. Leaves a row maintained by hand as it is and notes the values of the
    file that differ. Refuses every actor except the server's console. Refuses a file with a fault, naming
    file, row and column.
    """
    if by.via != "command":
        raise Refused(NOT_ALLOWED, _("Reference data can only be loaded from the server console."))
    with transaction.atomic():
        wait_for_other_loads()
        keys: dict[type[ReferenceRow], dict[str, int]] = {}
        reports = [_load_file(folder, name, keys) for name in reference_data.MODELS_BY_FILE]
        if any(report.changed_count for report in reports):
            counts = {report.file: asdict(report) for report in reports}
            created = ReferenceLoad.objects.create(at=at, digest=hash_of_files(folder), counts=counts)
            entries.record(created, "load", by=by, at=at, digest=created.digest, counts=counts)
    return reports


def wait_for_other_loads() -> None:
    """Wait until no load and no manual change is running. The next one waits for this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOAD_LOCK_ID])


def _load_file(folder: Path, name: str, keys: dict[type[ReferenceRow], dict[str, int]]) -> FileLoadReport:
    model = reference_data.MODELS_BY_FILE[name]
    lines = read_rows(folder, name)
    before = {row.code: row for row in model._default_manager.all()}
    rows = {line.code: line.build(keys) for line in lines}
    _require_no_clash(model, lines, rows, before)
    fields = _columns(lines)
    new = [row for code, row in rows.items() if code not in before]
    held = {
        code
        for code, row in before.items()
        if isinstance(row, ManuallyMaintained) and row.edited_manually_at and code in rows
    }
    others = {code: row for code, row in rows.items() if code in before and code not in held}
    changed = [row for code, row in others.items() if _keep_primary_key(row, before[code], fields)]
    created = model._default_manager.bulk_create(new)
    if changed:
        model._default_manager.bulk_update(changed, [field.name for field in fields], batch_size=500)
    keys[model] = {row.code: row.pk for row in (*before.values(), *created)}
    kept, noted = _note_file_values([(rows[code], before[code]) for code in sorted(held)], fields)
    unchanged = len(rows) - len(new) - len(changed) - kept
    return FileLoadReport(
        name, len(new), len(changed), unchanged, len(before) + len(new) - len(rows), kept, noted
    )


def _note_file_values(pairs: Iterable[tuple[ReferenceRow, Any]], fields: list[Column]) -> tuple[int, int]:
    """Store the differing values of the file in rows that are edited by hand.

    Returns the number of rows with a difference and the number of rows whose note changed.
    """
    kept, noted = 0, []
    for row, old in pairs:
        facts = {
            field.attname: getattr(row, field.attname)
            for field in fields
            if getattr(row, field.attname) != getattr(old, field.attname)
        }
        values = json.loads(json.dumps(facts, cls=DjangoJSONEncoder))
        kept += bool(values)
        if values != old.file_values:
            old.file_values = values
            noted.append(old)
    if noted:
        type(noted[0])._default_manager.bulk_update(noted, ["file_values"])
    return kept, len(noted)


def _columns(lines: list[CsvRow]) -> list[Column]:
    """Return the fields that the file sets, and the search fields. Empty if the file has no row."""
    names = {name.removesuffix("_id") for line in lines[:1] for name in (*line.facts, *line.links)}
    model_fields = lines[0].model._meta.concrete_fields if lines else ()
    return [field for field in model_fields if field.name in names or isinstance(field, GramsField)]


def _keep_primary_key(row: ReferenceRow, old: ReferenceRow, fields: list[Column]) -> bool:
    """Give the new row the primary key of the old row. Return True if their values differ."""
    row.pk = old.pk
    for field in fields:
        if isinstance(field, GramsField):
            field.pre_save(row, False)
    return any(getattr(row, field.attname) != getattr(old, field.attname) for field in fields)


def _require_no_clash(
    model: type[ReferenceRow],
    lines: Iterable[CsvRow],
    rows: dict[str, ReferenceRow],
    before: dict[str, ReferenceRow],
) -> None:
    """Refuse two rows that break a unique constraint, naming the file and the row.

    The database would refuse them as well, but without naming the file and the row.
    """
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
                words = _("This row duplicates the row “%(code)s”.") % {"code": seen[key]}
                raise line.position.refusal(constraint.fields[0], words)
            seen[key] = line.code


type MaintainedRule = CustomsRule | DutyRelief

INTERNAL_COLUMNS = frozenset({"id", "code", "edited_manually_at", "added_manually", "file_values"})
READ_ONLY_COLUMNS = INTERNAL_COLUMNS | {"unsourced_columns"}


def add_rule(row: MaintainedRule, *, reason: str, by: Actor, at: datetime) -> MaintainedRule:
    """Add a rule or relief that no file contains.

    Refuses a missing reason, a code that already exists and invalid values. The refusal names the field.
    """
    _require_coordinator(by)
    with transaction.atomic():
        wait_for_other_loads()
        _require_reason(reason)
        _raise_if_refused(invalid_code_refusal(row.code))
        if type(row)._default_manager.filter(code=row.code).exists():
            raise Refused(
                rule_editing.INVALID_RULE_ERROR_CODE,
                _("This code is already in use. Enter another one."),
                field="code",
            )
        row.edited_manually_at, row.added_manually = at, True
        _raise_if_refused(future_source_day_refusal(row.seen_on, latest_day(at)))
        _require_fit(row)
        row.save(force_insert=True)
        entries.record(row, "add", by=by, at=at, reason=reason, after=entries.snapshot(row))
    return row


def change_rule(
    row: MaintainedRule,
    facts: Mapping[str, Any],
    *,
    reason: str,
    by: Actor,
    at: datetime,
    known: str | None = None,
) -> None:
    """Change columns of a rule or relief by hand.

    A changed column is removed from `unsourced_columns`. Refuses invalid values (the refusal names the field), a
    change that changes nothing, and a change based on an outdated page. `known` is the row's
    `edit_version` when the page was shown.
    """
    strange = sorted(facts.keys() & READ_ONLY_COLUMNS)
    if strange:
        raise Refused("not_editable", _("This field cannot be changed here."), fields=strange)
    _require_reason(reason)
    with _changing_rule(row, "change", by=by, at=at, reason=reason, known=known) as kept:
        fresh = {name for name, value in facts.items() if getattr(kept, name) != value}
        if not fresh:
            raise Refused("nothing_changed", _("Nothing was changed."))
        if "seen_on" in fresh:
            _raise_if_refused(future_source_day_refusal(facts["seen_on"], latest_day(at)))
        for name in fresh:
            setattr(kept, name, facts[name])
        kept.unsourced_columns = [name for name in kept.unsourced_columns if name not in fresh]


def confirm_rule(
    row: MaintainedRule, *, source: str, confidence: str, by: Actor, at: datetime, remark: str = ""
) -> None:
    """Record that a rule or relief is still in force today, with the source that was read.

    Refuses a row that has ended, a bad source, and a confidence other than firm or weak. Refuses to confirm a
    blocking rule with weak confidence or without sufficient sources.
    """
    _raise_if_refused(invalid_source_refusal(source))
    if confidence not in {Confidence.RELIABLE, Confidence.WEAK}:
        words = _("Rate the source as reliable or weak.")
        raise Refused(rule_editing.INVALID_RULE_ERROR_CODE, words, field="confidence")
    with _changing_rule(row, "confirm", by=by, at=at, reason=remark, source=source.strip()) as kept:
        if kept.valid_to is not None and kept.valid_to < utc_day(at):
            words = _("This rule has ended. If it is in force again, change its last day first.")
            raise Refused("has_ended", words, field="source")
        if confidence != Confidence.RELIABLE and getattr(kept, "effect", "") == CustomsRule.Effect.BLOCKS:
            words = _("Only a rule with a reliable source can block. Other rules only warn.")
            raise Refused(rule_editing.INVALID_RULE_ERROR_CODE, words, field="confidence")
        kept.seen_on = utc_day(at)
        kept.confidence = confidence
        kept.source_urls = [source.strip(), *(one for one in kept.source_urls if one != source.strip())]
        if isinstance(kept, CustomsRule) and kept.effect == CustomsRule.Effect.BLOCKS:
            _raise_if_refused(unsupported_block_refusal(kept, "source"))


def end_rule(row: MaintainedRule, *, on: date, source: str, reason: str, by: Actor, at: datetime) -> None:
    """Record the last day a rule or relief was in force, with the source.

    Refuses a day before the first day of the row.
    """
    _raise_if_refused(invalid_source_refusal(source))
    _require_reason(reason)
    with _changing_rule(row, "end_rule", by=by, at=at, reason=reason, source=source.strip()) as kept:
        if kept.valid_from is not None and on < kept.valid_from:
            raise Refused(
                rule_editing.INVALID_RULE_ERROR_CODE,
                _("The end date cannot be before the start date."),
                field="on",
            )
        kept.valid_to = on
        kept.unsourced_columns = [name for name in kept.unsourced_columns if name != "valid_to"]
        if source.strip() not in kept.source_urls:
            kept.source_urls = [*kept.source_urls, source.strip()]


def reset_to_file(row: MaintainedRule, *, reason: str, by: Actor, at: datetime) -> None:
    """Replace the manual changes of a row with the values of the file. Later loads change the row again.

    Refuses a row that follows the file already, and one that no file contains.
    """
    _require_reason(reason)
    with _changing_rule(row, "follow_file", by=by, at=at, reason=reason, by_hand=False) as kept:
        if not kept.file_values and (kept.added_manually or kept.edited_manually_at is None):
            words = _("The last file loaded has the same values.")
            raise Refused("nothing_changed", words)
        columns = {field.attname: field for field in kept._meta.concrete_fields}
        for name, value in kept.file_values.items():
            setattr(kept, name, columns[name].to_python(value))
        kept.file_values = {}


def edit_version(row: MaintainedRule) -> str:
    """Return the time of the last manual change as text, or an empty string.

    A form sends it back, so that `change_rule` can detect a change made in between.
    """
    return row.edited_manually_at.isoformat() if row.edited_manually_at else ""


@contextmanager
def _changing_rule(
    row: MaintainedRule,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    known: str | None = None,
    by_hand: bool = True,
    **facts: Any,
) -> Iterator[MaintainedRule]:
    """Yield the locked row for changes, then validate, save and journal it.

    Afterwards the row is kept by hand, or follows the file if `by_hand` is False. Copies the saved values to
    the caller's own object at the end.
    """
    _require_coordinator(by)
    with transaction.atomic():
        wait_for_other_loads()
        kept: MaintainedRule = select_locked(row)
        if known is not None and known != edit_version(kept):
            words = _("This rule has changed since you opened it. Review it again.")
            raise Refused("changed_since", words)
        before = entries.snapshot(kept)
        yield kept
        kept.edited_manually_at = at if by_hand else None
        if by_hand and not kept.added_manually:
            kept.file_values = _file_values(before, kept)
        _require_fit(kept)
        kept.save()
        entries.record(
            kept, verb, by=by, at=at, reason=reason, before=before, after=entries.snapshot(kept), **facts
        )
    for field in kept._meta.concrete_fields:
        setattr(row, field.attname, getattr(kept, field.attname))


def _file_values(before: Snapshot, kept: MaintainedRule) -> dict[str, Any]:
    """Return the values of the file that differ from the new values, by column.

    A column without an earlier note still had the value of the file before this change.
    """
    now = _as_json(
        {name: value for name, value in entries.snapshot(kept).items() if name not in INTERNAL_COLUMNS}
    )
    filed = _as_json(before) | before["file_values"]
    return {name: filed[name] for name, value in now.items() if filed[name] != value}


def _as_json(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as JSON stores them."""
    plain: dict[str, Any] = json.loads(json.dumps(facts, cls=DjangoJSONEncoder))
    return plain


def _require_coordinator(by: Actor) -> None:
    if not may_edit_rules(by):
        raise Refused(NOT_ALLOWED, _("Only coordinators can change the customs rules."))


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused("reason_missing", _("Enter a reason."), field="reason")


def _require_fit(row: MaintainedRule) -> None:
    try:
        row.clean_fields(exclude=INTERNAL_COLUMNS)
    except ValidationError as wrong:
        field, reasons = next(iter(wrong.message_dict.items()))
        raise Refused(rule_editing.INVALID_RULE_ERROR_CODE, reasons[0], field=field) from wrong
    known = KnownCodes(
        frozenset(Product.objects.values_list("code", flat=True)),
        frozenset(CertificateType.objects.values_list("code", flat=True)),
    )
    _raise_if_refused(invalid_rule_refusal(row, known))


def _raise_if_refused(refused: Refused | None) -> None:
    if refused is not None:
        raise refused
