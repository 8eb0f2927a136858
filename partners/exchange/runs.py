"""One import under way: for whom, when and why, what it did, and what was refused."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.exchange.faults import Fault
from partners.models.cities import City
from workflow.actors import Actor
from workflow.errors import Refused

AT_ONCE = 1000  # new things entered in one go; and how often somebody is told


@dataclass
class Run:
    """The rows go through the same actions as a form's; what an action refuses becomes a fault of its row."""

    by: Actor
    at: datetime
    reason: str
    only_new: bool = False  # leave what the register has as it is
    dry: bool = False  # enter nothing new: it has been judged, and the rest is undone anyway
    pending: dict[str, City] = field(
        default_factory=dict
    )  # places that are not entered yet, by key, for a dry run
    lenient: bool = False  # pass over a row that says what an earlier one said; without it, that is a fault
    faults: list[Fault] = field(default_factory=list)
    added: int = 0
    changed: int = 0
    same: int = 0
    repeated: list[tuple[int, int]] = field(
        default_factory=list
    )  # rows passed over, each with the row that says the same
    differs: list[tuple[int, object, dict[str, tuple[Any, Any]]]] = field(default_factory=list)
    tell: Callable[[int], None] = lambda done: (
        None
    )  # hears now and then how much is done: rows judged, things entered
    _seen: dict[object, tuple[int, object]] = field(default_factory=dict)
    _number: int = 0  # of the row at hand
    _done: int = 0  # rows judged, things entered

    @property
    def who(self) -> dict[str, Any]:
        """What every action of this import is told."""
        return {"by": self.by, "at": self.at, "reason": self.reason}

    def row(self, number: int, key: object, act: Callable[[], None], says: object = None) -> None:
        """Work on one row; a refusal is noted and the next row is tried, so that the sender learns of everything at once.

        `key` is the thing it is about, `says` all that it says of it.
        """
        self._progress(1)
        if key in self._seen:
            self._again(number, *self._seen[key], says)
            return
        self._seen[key] = number, says
        self._number = number
        try:
            act()
        except Refused as refused:
            self.faults.append(Fault(number, "", refused.message))

    def _progress(self, more: int) -> None:
        before, self._done = self._done, self._done + more
        if before // AT_ONCE != self._done // AT_ONCE:
            self.tell(self._done)

    def _again(self, number: int, earlier: int, said: object, says: object) -> None:
        if self.lenient and said == says:
            self.repeated.append((number, earlier))
            return
        words = _("The same thing stands in row %(row)s already. Take one of the two out of the file.")
        self.faults.append(Fault(number, "", words % {"row": earlier}))

    def note(self, thing: object, changes: Mapping[str, Any]) -> None:
        """Remember what the row at hand changes, with what stood there: asked before it is changed."""
        if changes:
            old = {name: getattr(thing, name) for name in changes}
            self.differs.append((self._number, thing, {name: (old[name], changes[name]) for name in changes}))

    def enter[T](self, fresh: list[T], act: Callable[..., None]) -> None:
        """Have an action enter the new things, a thousand at a time. Each has been judged; nothing is entered where one was refused:
        the sender puts that right first.
        """
        if self.faults:
            return
        for some in batched(fresh, AT_ONCE):
            if not self.dry:
                act(some, **self.who)
            self.added += len(some)
            self._progress(0 if self.dry else len(some))

    def cities(self, keys: Iterable[str]) -> dict[str, City]:
        """The places with these keys, those among them that a dry run would have entered."""
        return self.pending | City.objects.in_bulk(list(set(keys)), field_name="slug")

    def city(self, cities: Mapping[str, City], number: int, column: str, key: str) -> City | None:
        """The place with this key, or a fault."""
        if key not in cities:
            words = _("No place in the register has the key %(key)s. Add it to the cities first.")
            self.faults.append(Fault(number, column, words % {"key": key}))
        return cities.get(key)


def differing(thing: object, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that are not so yet."""
    return {name: value for name, value in facts.items() if getattr(thing, name) != value}
