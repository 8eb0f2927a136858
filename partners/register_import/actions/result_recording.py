"""Actions by which the periodic job records the result of checking, importing or undoing a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from partners.register_import.models import Import, ImportData, ImportPlace
from partners.register_import.rules import CHECK_FILE, FAIL, FINISH, ROLL_BACK
from workflow.actors import SYSTEM

MAX_STORED_FAULTS = 1000  # stored and shown for each file; a separate count holds the total


@dataclass
class CheckResult:
    """Result of a check or an import: errors and changes as JSON, places, and numbers of rows by effect.

    `same` counts rows that change nothing, `left_out` rows of places that a person excluded.
    """

    faults: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    repeated_rows: list[list[int]] = field(
        default_factory=list
    )  # skipped rows, each with the earlier row that has the same content
    places: list[ImportPlace] = field(default_factory=list)
    rematched_places: list[ImportPlace] = field(
        default_factory=list
    )  # places whose match changed since the file was checked
    added: int = 0
    changed: int = 0
    same: int = 0
    left_out: int = 0


def record_check_result(source_import: Import, result: CheckResult, *, at: datetime) -> Import:
    """Store the result of a check of the file in place of the previous result.

    The city register itself does not change.
    """
    with CHECK_FILE.apply_to(source_import, by=SYSTEM, at=at) as row:
        row.places.all().delete()
        ImportPlace.objects.bulk_create(result.places, batch_size=1000)
        _copy_counts(row, result)
        row.open_places = sum(place.verdict == ImportPlace.Verdict.DOUBTFUL for place in result.places)
        ImportData.objects.filter(source_import=row).update(
            faults=result.faults[:MAX_STORED_FAULTS],
            changes=result.changes[:MAX_STORED_FAULTS],
            repeated=result.repeated_rows[:MAX_STORED_FAULTS],
        )
    return source_import


def record_import_success(
    source_import: Import, result: CheckResult, entries: Sequence[int], *, at: datetime
) -> Import:
    """Record that the file was imported. `entries` are the ids of its journal entries, needed to undo it."""
    with FINISH.apply_to(source_import, by=SYSTEM, at=at) as row:
        _copy_counts(row, result)
        ImportPlace.objects.bulk_update(result.rematched_places, ("verdict", "slug"), batch_size=1000)
        # The rows are in the register now; other content of the file is not needed any more.
        ImportData.objects.filter(source_import=row).update(
            lines=[],
            entries=list(entries),
            changes=result.changes[:MAX_STORED_FAULTS],
            repeated=result.repeated_rows[:MAX_STORED_FAULTS],
        )
    return source_import


def record_import_failure(source_import: Import, result: CheckResult, *, at: datetime) -> Import:
    """Store why the file was not imported.

    Possible reasons: the register changed after the check, the sender lost the permission, or the program failed.
    """
    with FAIL.apply_to(source_import, by=SYSTEM, at=at) as row:
        row.faults = len(result.faults)
        ImportData.objects.filter(source_import=row).update(faults=result.faults[:MAX_STORED_FAULTS])
    return source_import


def record_rollback(source_import: Import, remaining: Iterable[dict[str, Any]], *, at: datetime) -> Import:
    """Record that the import was undone, with the entries that stayed in the register and the reasons."""
    stored = list(remaining)
    with ROLL_BACK.apply_to(source_import, by=SYSTEM, at=at) as row:
        row.left = len(stored)
        ImportData.objects.filter(source_import=row).update(left=stored)
    return source_import


def _copy_counts(row: Import, result: CheckResult) -> None:
    row.faults = len(result.faults)
    for name in ("added", "changed", "same", "left_out"):
        setattr(row, name, getattr(result, name))
