"""Public references such as SR-2026-0042, without gaps: given under a lock on one row per kind and year."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from workflow.models.tracked import Counter, Tracked


def number(thing: Tracked, at: datetime) -> None:
    """Give the thing its reference, if its kind has one and it has none yet. Call inside a transaction.

    The year is that of `at` in UTC. The counter's row stays locked until the transaction ends, so a number is never given twice
    and an undone transaction gives its number back.
    """
    number_all([thing], at)


def number_all(things: Sequence[Tracked], at: datetime) -> None:
    """Give several things their references, in their order: the counter of each kind is locked and moved on once."""
    new = [thing for thing in things if thing.reference_prefix and not getattr(thing, "reference", "")]
    for prefix in dict.fromkeys(thing.reference_prefix for thing in new):
        alike = [thing for thing in new if thing.reference_prefix == prefix]
        first = take(prefix, at.year, len(alike)) - len(alike) + 1
        for number, thing in enumerate(alike, first):
            setattr(thing, "reference", f"{prefix}-{at.year}-{number:04d}")  # noqa: B010  # not every Tracked has one


def take(prefix: str, year: int, count: int = 1) -> int:
    """The next number of a kind in a year, from 1; of several taken at once, the last."""
    key = {"prefix": prefix, "year": year}
    if not Counter.objects.filter(**key).update(last=F("last") + count):
        Counter.objects.bulk_create([Counter(**key, last=0)], ignore_conflicts=True)
        Counter.objects.filter(**key).update(last=F("last") + count)
    last: int = Counter.objects.values_list("last", flat=True).get(**key)
    return last
