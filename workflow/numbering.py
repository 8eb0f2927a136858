"""Public references without gaps, such as SR-2026-0042.

A lock on one row per kind and year protects the numbers.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from workflow.base_models import Counter, JournaledModel


def assign_number(thing: JournaledModel, at: datetime) -> None:
    """Give the object its reference, if its kind has one and it has none yet.

    Call inside a transaction. The year is that of `at` in UTC. The counter's row stays locked until the
    transaction ends, so a number is never given twice, and a transaction that is rolled back returns its
    number.
    """
    assign_numbers([thing], at)


def assign_numbers(things: Sequence[JournaledModel], at: datetime) -> None:
    """Give several objects their references, in their order.

    The counter of each kind is locked and increased once.
    """
    new = [thing for thing in things if thing.reference_prefix and not getattr(thing, "reference", "")]
    for prefix in dict.fromkeys(thing.reference_prefix for thing in new):
        same_kind = [thing for thing in new if thing.reference_prefix == prefix]
        first = take_numbers(prefix, at.year, len(same_kind)) - len(same_kind) + 1
        for number, thing in enumerate(same_kind, first):
            setattr(thing, "reference", f"{prefix}-{at.year}-{number:04d}")  # noqa: B010  # not every journaled model has one


def take_numbers(prefix: str, year: int, count: int = 1) -> int:
    """Take `count` numbers of a kind in a year, starting from 1, and return the last."""
    key = {"prefix": prefix, "year": year}
    if not Counter.objects.filter(**key).update(last=F("last") + count):
        Counter.objects.bulk_create([Counter(**key, last=0)], ignore_conflicts=True)
        Counter.objects.filter(**key).update(last=F("last") + count)
    last: int = Counter.objects.values_list("last", flat=True).get(**key)
    return last
