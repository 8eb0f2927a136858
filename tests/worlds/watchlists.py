"""Watchlists as tests upload them, and decisions on their matches, all made by actions."""

import hashlib
from datetime import date
from typing import Any

from procurement.sanctions.actions.matches import confirm_match, dismiss_match, propose_dismissal
from procurement.sanctions.actions.periodic import activate_next_watchlist, rescreen_suppliers
from procurement.sanctions.actions.watchlists import upload_watchlist
from procurement.sanctions.models import Watchlist, WatchlistMatch
from procurement.sanctions.parsers import ListedEntity
from tests.worlds import cities
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT, Person, Story

LISTED_NAME = "Zhongshan Kanghu Medical Supplies Co., Ltd."


def register_coordinator() -> Person:
    """Return a coordinator, who maintains the register of the network."""
    user = cities.member("coordinator", None)
    return Person(user, powers_for(user))


def upload_list(*names: str, by: Person | None = None, **facts: Any) -> Watchlist:
    """Upload a list with these names, which waits to be processed."""
    who = by or register_coordinator()
    listings = [
        ListedEntity(row, name) if isinstance(name, str) else name for row, name in enumerate(names, start=2)
    ]
    list_facts = {
        "name": "Practice list",
        "kind": "sanctions",
        "publisher": "Practice office",
        "source": "https://lists.example/practice.csv",
        "published_on": date(2020, 4, 1),
        "file_name": "practice.csv",
        "sha256": hashlib.sha256(repr((names, facts)).encode()).hexdigest(),
        "shape": "table",
        "listings": listings,
    } | facts
    return upload_watchlist(list_facts.pop("listings"), **list_facts, uploaded_by=who.user, by=who.by, at=AT)


def activate_list(*names: str, **facts: Any) -> Watchlist:
    """Upload a list and compare it with all names, so that it is in force."""
    watchlist = upload_list(*names, **facts)
    assert activate_next_watchlist(AT) == 1
    watchlist.refresh_from_db()
    return watchlist


def matched_watchlist_entry(story: Story, *names: Any) -> WatchlistMatch:
    """Return a match between the company of the example purchase and a name on a list."""
    rescreen_suppliers(AT) if not story.supplier.screened_names.exists() else None
    activate_list(*(names or (LISTED_NAME,)))
    return WatchlistMatch.objects.get(supplier=story.supplier)


def propose_to_clear(story: Story, match: WatchlistMatch | None = None) -> WatchlistMatch:
    """Propose to clear the match, with a reason."""
    return propose_dismissal(
        match or matched_watchlist_entry(story),
        reason="another address",
        proposed_by=story.verifier.user,
        by=story.verifier.by,
        at=AT,
    )


def clear_match(story: Story, match: WatchlistMatch | None = None) -> WatchlistMatch:
    """Clear the match by a second person."""
    return dismiss_match(
        propose_to_clear(story, match),
        reason="another number as well",
        reviewed_by=story.second_officer.user,
        by=story.second_officer.by,
        at=AT,
    )


def confirm_listed_company(story: Story) -> WatchlistMatch:
    """Confirm that the company is the one on the list."""
    who = story.verifier
    return confirm_match(
        matched_watchlist_entry(story), reason="the same number", reviewed_by=who.user, by=who.by, at=AT
    )
