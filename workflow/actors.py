"""Who acts. Every action takes an Actor: a person's Powers (partners/rules.py) or CLOCK, the actor of the tick. No default."""

from typing import Protocol, runtime_checkable

from django.utils.translation import gettext_lazy as _

from workflow.errors import NOT_ALLOWED, Refused, Words


@runtime_checkable
class Actor(Protocol):
    """Somebody or something that acts and answers for it.

    `user_id` is None only for the clock. `via` is how they came in: session, token, link, command or clock.
    """

    @property
    def user_id(self) -> int | None: ...

    @property
    def label(self) -> Words: ...

    @property
    def via(self) -> str: ...

    def may(self, power: str, thing: object) -> bool:
        """Whether this actor holds the power over the thing: a set look-up, never a query."""
        ...

    def where(self, power: str) -> frozenset[int]:
        """The cities, by id, in which this actor holds the power."""
        ...

    @property
    def concerned(self) -> frozenset[int]:
        """The companies, by id, in which this actor declared an interest: they decide nothing about these."""
        ...


class Reads(Protocol):
    """What the machinery needs to know of somebody to show them its rows: who they are, whose business they may read, and whether
    things are given to them by name.
    """

    @property
    def user_id(self) -> int | None: ...

    @property
    def sees(self) -> frozenset[int]: ...

    @property
    def brokers(self) -> bool: ...


NOTHING: frozenset[int] = frozenset()


class Clock:
    """The tick. It holds no power; a Move says by `clock=True` that time alone may make it."""

    user_id = None
    label = _("The clock")
    via = "clock"
    concerned = NOTHING

    def may(self, power: str, thing: object) -> bool:
        return False

    def where(self, power: str) -> frozenset[int]:
        return frozenset()


CLOCK = Clock()


def person_of(by: Actor) -> int:
    """The person who acts. Words and files are somebody's: refuses for the clock and for whoever works at the console."""
    if by.user_id is None:
        raise Refused(NOT_ALLOWED, _("Somebody has to say this in their own name."))
    return by.user_id
