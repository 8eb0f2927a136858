"""Actors, who perform actions: the protocol, and `SYSTEM` for the periodic job.

Every action takes an actor. A person's actor is in partners/permissions/permissions.py.
"""

from typing import Protocol, runtime_checkable

from django.utils.translation import gettext_lazy as _

from workflow.errors import NOT_ALLOWED, LazyText, Refused


@runtime_checkable
class Actor(Protocol):
    """Person or program that performs an action and is responsible for it.

    `user_id` is None for the periodic job and for a command at the console. `via` is the way of access:
    session, token, link, command or clock.
    """

    @property
    def user_id(self) -> int | None: ...

    @property
    def label(self) -> LazyText: ...

    @property
    def via(self) -> str: ...

    def may(self, power: str, thing: object) -> bool:
        """Return True if this actor holds the power over the object.

        This is a look-up in a set, never a query.
        """
        ...

    def cities_with(self, power: str) -> frozenset[int]:
        """Return the ids of the cities in which this actor holds the power."""
        ...

    @property
    def companies_with_interest(self) -> frozenset[int]:
        """Ids of the companies in which this actor declared an interest, and about which they decide nothing."""
        ...


class Reader(Protocol):
    """Person who reads rows, as far as this app needs to know them.

    `user_id` is the person, `visible_cities` holds the ids of the cities whose rows they may read, and `is_broker` is
    True if objects can be assigned to them, as to a customs broker.
    """

    @property
    def user_id(self) -> int | None: ...

    @property
    def visible_cities(self) -> frozenset[int]: ...

    @property
    def is_broker(self) -> bool: ...


NO_CITIES: frozenset[int] = frozenset()


class SystemActor:
    """Actor of automatic actions, such as those of the periodic job.

    It holds no power: a move with `by_system=True` may be made because time has passed.
    """

    user_id = None
    label = _("Automatic")
    via = "clock"
    companies_with_interest = NO_CITIES

    def may(self, power: str, thing: object) -> bool:
        return False

    def cities_with(self, power: str) -> frozenset[int]:
        return frozenset()


SYSTEM = SystemActor()


def acting_user_id(by: Actor) -> int:
    """Return the id of the acting person.

    Comments and files need an author, so the periodic job and a command at the console are refused.
    """
    if by.user_id is None:
        raise Refused(NOT_ALLOWED, _("Only a person can do this, in their own name."))
    return by.user_id


class ActingPerson:
    """Mark of the argument of an action that takes the acting person (`accounts.models.ActingUser`)."""


ACTING_PERSON = ActingPerson()
