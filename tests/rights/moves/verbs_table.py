"""Groups of people and kinds of verbs for the tables of moves."""

from typing import NamedTuple

from tests.rights.reading_rights_table import (
    ASKED,
    BROKER,
    DOCK,
    NOBODY,
    OFFICERS,
    WATCHING,
    people,
)

ADMINISTRATOR = people("own administrator")
AUTHOR = people("own officer")  # of the orders and the offers
APPROVER = people("own approver")
PAYERS = OFFICERS | APPROVER
PAYERS_ANYWHERE = people("own approver", "shared approver", "foreign approver")
CLEARING = DOCK | BROKER
ANSWERING = OFFICERS | ASKED
CONSENTING = people("partner officer", "other contact")  # of Zhongshan; the contact gave the consent
CONTACT_KEEPERS = people("partner officer", "coordinator")  # of contacts in Zhongshan
SELF_OR_KEEPER = CONTACT_KEEPERS | ASKED
ASKING_THERE = OFFICERS | people("shared officer", "foreign officer")  # the latter sees no contact there
KEEPERS_HERE = WATCHING | people("own administrator")  # of Burnaby's agreements


class Verb(NamedTuple):
    """The people who may make a move.

    `page` and `api` are True where it is offered; `by_system` is True for a move of the periodic job alone.
    """

    may: frozenset[str]
    page: bool = True
    api: bool = True
    by_system: bool = False


def on_page(may: frozenset[str]) -> Verb:
    """Return a verb that only pages offer; the API has it under another name."""
    return Verb(may, api=False)


def on_api(may: frozenset[str]) -> Verb:
    """Return a verb that only the API offers under this name."""
    return Verb(may, page=False)


def through_other_action(may: frozenset[str]) -> Verb:
    """Return a verb without an address of its own: another action makes the move for these people."""
    return Verb(may, page=False, api=False)


MACHINE = Verb(NOBODY, page=False, api=False, by_system=True)  # no person makes it
