"""State of one running import, shared by the importers of all file kinds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.register_import.errors import RowError
from workflow.actors import Actor
from workflow.errors import Refused

BATCH_SIZE = 1000  # entries created at once; also the interval of progress reports


@dataclass
class ImportSession:
    """State of an import: options, counts, changes and errors.

    Rows go through the same actions as forms. A refusal becomes an error of the row (`faults`). A dry run (`is_dry_run`) is
    the check of a file before its import. `changed_entries` holds what changes: row number, entry, old and new values.
    """

    actor: Actor
    action_time: datetime
    reason: str
    only_new: bool = False  # do not change existing entries
    is_dry_run: bool = False  # do not create the checked entries; all other changes are rolled back
    pending_cities: dict[str, City] = field(
        default_factory=dict
    )  # new cities by key, which a dry run does not create
    skips_repeated_rows: bool = (
        False  # skip a row with the same content as an earlier one; otherwise it is a fault
    )
    faults: list[RowError] = field(default_factory=list)
    added: int = 0
    changed: int = 0
    same: int = 0
    repeated_rows: list[tuple[int, int]] = field(
        default_factory=list
    )  # skipped rows, each with the earlier row that has the same content
    changed_entries: list[tuple[int, object, dict[str, tuple[Any, Any]]]] = field(default_factory=list)
    report_progress: Callable[[int], None] = lambda done: (
        None
    )  # receives the progress: checked rows plus created entries
    _seen: dict[object, tuple[int, object]] = field(default_factory=dict)
    _number: int = 0  # number of the current row
    _done: int = 0  # checked rows plus created entries

    @property
    def action_arguments(self) -> dict[str, Any]:
        """Keyword arguments that every action of this import receives."""
        return {"by": self.actor, "at": self.action_time, "reason": self.reason}

    def process_row(self, number: int, key: object, act: Callable[[], None], content: object = None) -> None:
        """Process one row with `act`. A refusal is recorded and the next row follows, so that all errors show.

        `key` identifies the register entry of the row. `content` is the whole content of the row, to compare it
        with an earlier row of the same key.
        """
        self._count(1)
        if key in self._seen:
            self._add_repeated_row(number, *self._seen[key], content)
            return
        self._seen[key] = number, content
        self._number = number
        try:
            act()
        except Refused as refused:
            self.faults.append(RowError(number, "", refused.message))

    def _count(self, steps: int) -> None:
        before, self._done = self._done, self._done + steps
        if before // BATCH_SIZE != self._done // BATCH_SIZE:
            self.report_progress(self._done)

    def _add_repeated_row(self, number: int, earlier: int, earlier_content: object, content: object) -> None:
        if self.skips_repeated_rows and earlier_content == content:
            self.repeated_rows.append((number, earlier))
            return
        message = _("Row %(row)s already has the same entry. Remove one of the two from the file.")
        self.faults.append(RowError(number, "", message % {"row": earlier}))

    def note(self, thing: object, changes: Mapping[str, Any]) -> None:
        """Record the changes that the current row makes, with the old values. Call it before the change."""
        if changes:
            old = {name: getattr(thing, name) for name in changes}
            self.changed_entries.append(
                (self._number, thing, {name: (old[name], changes[name]) for name in changes})
            )

    def create_entries[T](self, new_entries: list[T], act: Callable[..., None]) -> None:
        """Create the new, already checked entries with an action, a thousand at a time.

        Creates nothing if any row has an error, because the sender must correct it first.
        """
        if self.faults:
            return
        for batch in batched(new_entries, BATCH_SIZE):
            if not self.is_dry_run:
                act(batch, **self.action_arguments)
            self.added += len(batch)
            self._count(0 if self.is_dry_run else len(batch))

    def cities_by_key(self, keys: Iterable[str]) -> dict[str, City]:
        """Return the cities with these keys, including those that a dry run would add."""
        return self.pending_cities | City.objects.in_bulk(list(set(keys)), field_name="slug")

    def city(self, cities: Mapping[str, City], number: int, column: str, key: str) -> City | None:
        """Return the city with this key, or record an error and return None."""
        if key not in cities:
            message = _("No place in the register has the key %(key)s. Add the place to the cities first.")
            self.faults.append(RowError(number, column, message % {"key": key}))
        return cities.get(key)


def differing_facts(thing: object, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts that differ from those of the entry."""
    return {name: value for name, value in facts.items() if getattr(thing, name) != value}
