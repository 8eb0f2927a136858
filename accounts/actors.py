"""Actors that belong to no city: a person acting on their own account, and the server's console."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from workflow.actors import NO_CITIES
from workflow.errors import LazyText

# The power of those who manage a city's people; partners/memberships/roles.py gives it to roles.
MANAGE_PEOPLE = "manage_people"


@dataclass(frozen=True)
class SelfActor:
    """A person who acts on their own data, such as language, sessions and tokens. Holds no power in a city.

    `via` is the way of access: session, token or link.
    """

    user: User
    via: str = "session"
    companies_with_interest: frozenset[int] = NO_CITIES

    @property
    def user_id(self) -> int:
        """The id of the person."""
        return self.user.pk

    @property
    def label(self) -> LazyText:
        """The person's name, as the journal stores it."""
        return self.user.journal_name

    def may(self, power: str, thing: object) -> bool:
        return False

    def cities_with(self, power: str) -> frozenset[int]:
        return frozenset()


class ConsoleActor:
    """The actor of management commands. It may do everything.

    A person who runs a command owns the server. The journal records the action as the console's.
    """

    user_id = None
    label = _("Server console")
    via = "command"
    companies_with_interest = NO_CITIES

    def may(self, power: str, thing: object) -> bool:
        return True

    def cities_with(self, power: str) -> frozenset[int]:
        return frozenset()


CONSOLE_ACTOR = ConsoleActor()
