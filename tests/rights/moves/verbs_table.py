"""Who a verb is for, and the doors that offer it: the words of the tables of moves."""

from typing import NamedTuple

from tests.rights.table import (
    ASKED,
    BROKER,
    DOCK,
    NOBODY,
    OFFICERS,
    WATCHING,
    people,
)

AUTHOR = people("own officer")  # of the orders and the offers
APPROVER = people("own approver")
PAYERS = OFFICERS | APPROVER
PAYERS_ANYWHERE = people("own approver", "shared approver", "foreign approver")
CLEARING = DOCK | BROKER
ANSWERING = OFFICERS | ASKED
CONTACT_KEEPERS = people("partner officer", "coordinator")  # of contacts in Zhongshan
SELF_OR_KEEPER = CONTACT_KEEPERS | ASKED
ASKING_THERE = OFFICERS | people("shared officer")
KEEPERS_HERE = WATCHING | people("own administrator")  # of Burnaby's agreements


class Verb(NamedTuple):
    """Who may, and through which doors."""

    may: frozenset[str]
    page: bool = True
    api: bool = True


def on_page(may: frozenset[str]) -> Verb:
    """Only pages offer it (the API by another name)."""
    return Verb(may, api=False)


def on_api(may: frozenset[str]) -> Verb:
    """Only the API offers it by this name."""
    return Verb(may, page=False)


INSIDE = Verb(
    NOBODY, page=False, api=False
)  # made by another action, by the clock, or by the page that begins the thing
