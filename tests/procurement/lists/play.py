"""Lists as tests upload them, and what is judged of their matches. Played by actions only."""

import hashlib
from datetime import date
from typing import Any

from procurement.lists import actions, anew
from procurement.lists.formats import Listing
from procurement.lists.models import ListMatch, WatchList
from tests import world
from tests.procurement.story import AT, Person, Story

LISTED = "Zhongshan Kanghu Medical Supplies Co., Ltd."


def keeper(name: str = "coordinator") -> Person:
    """Somebody who keeps the register of the network."""
    user = world.member("coordinator", None)
    return Person(user, world.powers_for(user))


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
    return actions.upload(told.pop("listings"), **told, uploaded_by=who.user, by=who.by, at=AT)


def in_force(*names: str, **facts: Any) -> WatchList:
    """The same, compared with every name there is."""
    watch_list = uploaded(*names, **facts)
    assert anew.carry_on(AT) == 1
    watch_list.refresh_from_db()
    return watch_list


def matched(story: Story, *names: Any) -> ListMatch:
    """A match of the story's company with somebody on a list."""
    anew.settle(AT) if not story.supplier.screened_names.exists() else None
    in_force(*(names or (LISTED,)))
    return ListMatch.objects.get(supplier=story.supplier)


def proposed(story: Story, match: ListMatch | None = None) -> ListMatch:
    """Somebody said why it is somebody else."""
    return actions.propose_clearing(
        match or matched(story),
        reason="another address",
        proposed_by=story.verifier.user,
        by=story.verifier.by,
        at=AT,
    )


def cleared(story: Story, match: ListMatch | None = None) -> ListMatch:
    """A second person agreed."""
    return actions.clear(
        proposed(story, match),
        reason="another number as well",
        judged_by=story.second_officer.user,
        by=story.second_officer.by,
        at=AT,
    )


def confirmed(story: Story) -> ListMatch:
    """Somebody said that it is them."""
    who = story.verifier
    return actions.confirm(matched(story), reason="the same number", judged_by=who.user, by=who.by, at=AT)
