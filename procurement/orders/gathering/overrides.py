"""Every override of an order, each with its own name and reason: read from its entries, for pages and the memo. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from workflow.doors import words
from workflow.models.journal import Entry


class Override(NamedTuple):
    """Who ordered in spite of what, and why. `place`: in whose place, in words; "" for an approver of the city."""

    by: str
    place: str
    reason: str
    covers: list[str]


def overrides_of(entries: Iterable[Entry]) -> list[Override]:
    """Those among an order's entries, oldest first: each covers what the ones before it did not."""
    found, known = [], list[str]()
    for entry in entries:
        if entry.verb != "override":
            continue
        covers = entry.after.get("override_covers", known)
        fresh = [reference for reference in covers if reference not in known] or covers
        found.append(Override(entry.by_label, _place(entry), entry.reason, fresh))
        known = covers
    return found


def who_covered(overrides: Iterable[Override]) -> dict[str, str]:
    """Who overrode each thing that stood in the way, by its reference."""
    return {reference: one.by for one in overrides for reference in one.covers}


def in_place(name: object, until: date) -> str:
    """In whose place somebody decided, as it stands behind their name."""
    return " " + _("(for %(name)s, absent until %(day)s)") % {"name": name, "day": words.day(until)}


def _place(entry: Entry) -> str:
    giver, until = entry.facts.get("stands_in_for"), entry.facts.get("absent_until")
    return in_place(giver, date.fromisoformat(until)) if giver and until else ""
