"""Actors that are no city's: a person on their own account, and whoever works at the server's console."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from workflow.actors import NOTHING
from workflow.errors import Words

MANAGE_PEOPLE = "manage_people"  # the power partners/roles.py gives to those who look after a city's people


@dataclass(frozen=True)
class Oneself:
    """A person acting on what is their own: language, sessions, tokens, links. `via` is session, token or link."""

    user: User
    via: str = "session"
    concerned: frozenset[int] = NOTHING

    @property
    def user_id(self) -> int:
        """The person."""
        return self.user.pk

    @property
    def label(self) -> Words:
        """Their name, as the journal keeps it."""
        return str(self.user)

    def may(self, power: str, thing: object) -> bool:
        return False

    def where(self, power: str) -> frozenset[int]:
        return frozenset()


class Console:
    """Whoever runs a management command: they own the server, so what they ask for is granted and recorded as theirs."""

    user_id = None
    label = _("The server's console")
    via = "command"
    concerned = NOTHING

    def may(self, power: str, thing: object) -> bool:
        return True

    def where(self, power: str) -> frozenset[int]:
        return frozenset()


CONSOLE = Console()
