"""One import under way: for whom, when and why, what it did, and what was refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.exchange.faults import Fault
from partners.models import City
from workflow.actors import Actor
from workflow.errors import Refused


@dataclass
class Run:
    """The rows go through the same actions as a form's; what an action refuses becomes a fault of its row."""

    by: Actor
    at: datetime
    reason: str
    only_new: bool = False  # leave what the register has as it is
    faults: list[Fault] = field(default_factory=list)
    added: int = 0
    changed: int = 0
    same: int = 0
    _seen: set[object] = field(default_factory=set)

    @property
    def who(self) -> dict[str, Any]:
        """What every action of this import is told."""
        return {"by": self.by, "at": self.at, "reason": self.reason}

    def row(self, number: int, key: object, act: Callable[[], None]) -> None:
        """Work on one row; a refusal is noted and the next row is tried, so that the sender learns of everything at once."""
        if key in self._seen:
            self.faults.append(Fault(number, "", _("The same thing stands in an earlier row.")))
            return
        self._seen.add(key)
        try:
            act()
        except Refused as refused:
            self.faults.append(Fault(number, "", refused.message))

    def city(self, cities: Mapping[str, City], number: int, column: str, key: str) -> City | None:
        """The place with this key, or a fault."""
        if key not in cities:
            words = _("No place in the register has the key %(key)s. Add it to the cities first.")
            self.faults.append(Fault(number, column, words % {"key": key}))
        return cities.get(key)


def differing(thing: object, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that are not so yet."""
    return {name: value for name, value in facts.items() if getattr(thing, name) != value}
