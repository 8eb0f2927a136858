"""What the machine writes down about a file for the register: what a check found, what was brought in, what was taken back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from partners.models.imports import Import, ImportPlace, Sheet
from partners.rules.imports import CHECK, FAIL, FINISH, TAKE_BACK
from workflow.actors import CLOCK

MOST_FAULTS = 1000  # kept and shown of one file; the number says how many there are


@dataclass
class Found:
    """What a check found: faults and changes as they are kept, places, and how many rows would do what."""

    faults: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    repeated: list[list[int]] = field(
        default_factory=list
    )  # rows passed over, each with the row that says the same
    places: list[ImportPlace] = field(default_factory=list)
    moved: list[ImportPlace] = field(
        default_factory=list
    )  # those that are something else than when the file was checked
    added: int = 0
    changed: int = 0
    same: int = 0
    left_out: int = 0


def checked(batch: Import, found: Found, *, at: datetime) -> Import:
    """Keep what a check of the file found, in place of what the last one did. Nothing of the register changes."""
    with CHECK.on(batch, by=CLOCK, at=at) as row:
        row.places.all().delete()
        ImportPlace.objects.bulk_create(found.places, batch_size=1000)
        _count(row, found)
        row.open_places = sum(place.verdict == ImportPlace.Verdict.DOUBTFUL for place in found.places)
        Sheet.objects.filter(batch=row).update(
            faults=found.faults[:MOST_FAULTS],
            changes=found.changes[:MOST_FAULTS],
            repeated=found.repeated[:MOST_FAULTS],
        )
    return batch


def finished(batch: Import, found: Found, entries: Sequence[int], *, at: datetime) -> Import:
    """Keep what bringing the file in did; `entries` are the journal's, by which it can be taken back."""
    with FINISH.on(batch, by=CLOCK, at=at) as row:
        _count(row, found)
        ImportPlace.objects.bulk_update(found.moved, ("verdict", "slug"), batch_size=1000)
        # Its rows stand in the register now; what else the file held is nobody's business here.
        Sheet.objects.filter(batch=row).update(
            lines=[],
            entries=list(entries),
            changes=found.changes[:MOST_FAULTS],
            repeated=found.repeated[:MOST_FAULTS],
        )
    return batch


def failed(batch: Import, found: Found, *, at: datetime) -> Import:
    """Keep why the file was not brought in: the register changed since it was checked, its sender's rights did, or we stumbled."""
    with FAIL.on(batch, by=CLOCK, at=at) as row:
        row.faults = len(found.faults)
        Sheet.objects.filter(batch=row).update(faults=found.faults[:MOST_FAULTS])
    return batch


def taken_back(batch: Import, left: Iterable[dict[str, Any]], *, at: datetime) -> Import:
    """Keep what was left standing when the file was taken back, and why."""
    kept = list(left)
    with TAKE_BACK.on(batch, by=CLOCK, at=at) as row:
        row.left = len(kept)
        Sheet.objects.filter(batch=row).update(left=kept)
    return batch


def _count(row: Import, found: Found) -> None:
    row.faults = len(found.faults)
    for name in ("added", "changed", "same", "left_out"):
        setattr(row, name, getattr(found, name))
