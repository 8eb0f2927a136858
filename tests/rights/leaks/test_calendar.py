"""A person's calendar, read by its address alone, holds only what its owner may see."""

import pytest
from django.urls import reverse

from accounts.actions.calendar_feeds import create_feed
from accounts.actors import SelfActor
from tests.rights.http_requests import (
    Differences,
    Visitor,
    World,
    body_of,
    count_written_rows,
    one_of_each_relation,
    rolled_back,
)
from tests.rights.reading_rights_table import SEES
from tests.worlds.need_to_order import AT
from workflow.clock import real_now

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights")]
# Objects in a calendar, with the prefix of their key.
SHOWN = {"inquiry": "question", "open check": "check", "arrived shipment": "shipment"}


def address(world: World, who: str) -> str:
    user = world.users[who]
    made = create_feed(user, by=SelfActor(user), at=AT, real_at=real_now())
    return "/" + made.url.split("/", 3)[3]


def test_calendar_contains_only_what_its_owner_may_see(world):
    wrong = Differences()
    with rolled_back():
        for who in one_of_each_relation():
            path, reader = address(world, who), Visitor(who, world)
            reader.browser.logout()
            answer = reader.page("get", path)  # also searched for data that this person may not read
            text = body_of(answer).replace("\r\n ", "")
            for thing, kind in SHOWN.items():
                key = f"{kind}-{world.things[thing].reference}"
                if (key in text) != (who in SEES[thing]):
                    wrong.add(who, thing, key in text)
    assert world.leaks == []
    assert wrong == []


def test_calendar_address_can_be_withdrawn_by_owner_only(world):
    url = reverse("withdraw_calendar")
    with rolled_back():
        theirs = address(world, "own officer")
        before = count_written_rows()
        world.visitors["foreign officer"].page("post", url)
        assert count_written_rows() == before, "they have none"
        assert world.stranger.page("post", url).status_code == 302
        assert world.stranger.browser.get(theirs).status_code == 200
        world.visitors["own officer"].page("post", url)
        assert world.stranger.browser.get(theirs).status_code == 410
