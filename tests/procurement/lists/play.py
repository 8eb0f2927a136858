"""Lists as tests upload them, and what is judged of their matches. Played by actions only."""

import hashlib
from datetime import date
from typing import Any

from procurement.lists.actions import lists, matches
from procurement.lists.actions.matches import propose_clearing
from procurement.lists.anew import process_next, rescreen_suppliers
from procurement.lists.formats import Listing
from procurement.lists.models.match import ListMatch
from procurement.lists.models.watch_list import WatchList
from tests import world
from tests.procurement.story import AT, Person, Story
from tests.world import powers_for

LISTED = "Zhongshan Kanghu Medical Supplies Co., Ltd."


def keeper(name: str = "coordinator") -> Person:
    """Somebody who keeps the register of the network."""
    user = world.member("coordinator", None)
    return Person(user, powers_for(user))


def uploaded(*names: str, by: Person | None = None, **facts: Any) -> WatchList:
    """A list with these names, that waits for the machine."""
    who = by or keeper()
    told = [Listing(row, name) if isinstance(name, str) else name for row, name in enumerate(names, start=2)]
    told = {
        "name": "Practice list",
        "kind": "sanctions",
        "publisher": "Practice office",
        "source": "https://lists.example/practice.csv",
        "published_on": date(2020, 4, 1),
        "file_name": "practice.csv",
        "sha256": hashlib.sha256(repr((names, facts)).encode()).hexdigest(),
        "shape": "table",
        "listings": told,
    } | facts
    return lists.upload(told.pop("listings"), **told, uploaded_by=who.user, by=who.by, at=AT)


def in_force(*names: str, **facts: Any) -> WatchList:
    """The same, compared with every name there is."""
    watch_list = uploaded(*names, **facts)
    assert process_next(AT) == 1
    watch_list.refresh_from_db()
    return watch_list


def matched(story: Story, *names: Any) -> ListMatch:
    """A match of the story's company with somebody on a list."""
    rescreen_suppliers(AT) if not story.supplier.screened_names.exists() else None
    in_force(*(names or (LISTED,)))
    return ListMatch.objects.get(supplier=story.supplier)


def proposed(story: Story, match: ListMatch | None = None) -> ListMatch:
    """Somebody said why it is somebody else."""
    return propose_clearing(
        match or matched(story),
        reason="another address",
        proposed_by=story.verifier.user,
        by=story.verifier.by,
        at=AT,
    )


def cleared(story: Story, match: ListMatch | None = None) -> ListMatch:
    """A second person agreed."""
    return matches.clear(
        proposed(story, match),
        reason="another number as well",
        judged_by=story.second_officer.user,
        by=story.second_officer.by,
        at=AT,
    )


def confirmed(story: Story) -> ListMatch:
    """Somebody said that it is them."""
    who = story.verifier
    return matches.confirm(matched(story), reason="the same number", judged_by=who.user, by=who.by, at=AT)
