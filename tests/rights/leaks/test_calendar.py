"""Everybody's calendar, read by its address alone, holds what its owner may see and nothing else."""

import pytest
from django.urls import reverse

from accounts.actions import calendars
from accounts.actors import Oneself
from tests.procurement.story import AT
from tests.rights.doors import Visitor, World, Wrong, body_of, undone, writes
from tests.rights.table import SEES
from workflow import clock

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights")]
# What stands in a calendar, and how: the number of the thing.
SHOWN = {"inquiry": "question", "open check": "check", "arrived shipment": "shipment"}


def address(world: World, who: str) -> str:
    user = world.users[who]
    made = calendars.make(user, by=Oneself(user), at=AT, real_at=clock.real_now())
    return "/" + made.url.split("/", 3)[3]


def test_a_calendar_holds_what_its_owner_may_see(world):
    wrong = Wrong()
    with undone():
        for who in world.visitors:
            path, reader = address(world, who), Visitor(who, world)
            reader.browser.logout()
            answer = reader.page("get", path)  # searched for what this person may not be told
            text = body_of(answer).replace("\r\n ", "")
            for thing, kind in SHOWN.items():
                key = f"{kind}-{world.things[thing].reference}"
                if (key in text) != (who in SEES[thing]):
                    wrong.add(who, thing, key in text)
    assert world.leaks == []
    assert wrong == []


def test_a_calendar_is_ended_by_its_owner_only(world):
    url = reverse("withdraw_calendar")
    with undone():
        theirs = address(world, "own officer")
        before = writes()
        world.visitors["foreign officer"].page("post", url)
        assert writes() == before, "they have none"
        assert world.stranger.page("post", url).status_code == 302
        assert world.stranger.browser.get(theirs).status_code == 200
        world.visitors["own officer"].page("post", url)
        assert world.stranger.browser.get(theirs).status_code == 410
