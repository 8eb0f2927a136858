"""Personal details: each detail on a page is also in the API for the same reader."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from partners.contacts.models import Contact
from tests.rights.api_table import COLLECTIONS
from tests.rights.http_requests import Visitor, World, Wrong, body_of, in_turn
from tests.rights.pages_table import HOMES, PAGES
from tests.rights.test_api import everything
from tests.rights.test_pages import address
from tests.world import twinning

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights")]
PAGES_IN_TURN, READERS_IN_TURN = 4, 4
# Only these pages list the users of a city: the API has no collection of accounts, so there is no second rule.
ACCOUNTS = frozenset({"people", "network_people"})


def marked() -> dict[str, str]:
    """Give each detail of each person a unique value; return its description by value."""
    told: dict[str, str] = {}
    for user in User.objects.all():
        told[user.email] = f"e-mail of {user.email}"
    for contact in Contact.objects.select_related("user"):
        contact.phone, contact.wechat, contact.title = (
            f"+86 20 7{contact.pk:07}", f"wx-of-{contact.pk:05}-own", f"Title{contact.pk:05}own",
        )  # fmt: skip
        contact.save(update_fields=["phone", "wechat", "title"])
        for name in ("phone", "wechat", "title"):
            told[getattr(contact, name)] = f"{name} of {contact.user.email}"
    return told


def texts(told: Any) -> Iterator[str]:
    """Yield every text in an answer of the API."""
    if isinstance(told, dict):
        for value in told.values():
            yield from texts(value)
    elif isinstance(told, list):
        for value in told:
            yield from texts(value)
    elif isinstance(told, str):
        yield told


def read_by_program(visitor: Visitor, details: dict[str, str]) -> set[str]:
    """Return the details that a program reads in the rows of all lists."""
    rows = {path: [*everything(visitor, f"{path}/?page_size=100")] for path in COLLECTIONS}
    rows["contacts"] = [visitor.api("get", f"contacts/{row['id']}/").json() for row in rows["contacts"]]
    words = "\n".join(texts([*rows.values()]))
    return {detail for detail in details if detail in words}


def shown(world: World, visitor: Visitor, turns: int, details: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the details on the pages that this reader may open, each with its page."""
    addresses = [
        reverse(name) for name, gets in HOMES.items() if visitor.name in gets and name not in ACCOUNTS
    ]
    addresses += [
        address(world, name, page)
        for name, page in PAGES
        if page.method == "get" and visitor.name in page.gets and name not in ACCOUNTS
    ]
    for url in in_turn(turns, addresses, PAGES_IN_TURN):
        page = body_of(visitor.page("get", url))
        yield from ((detail, url) for detail in details if detail in page)


def test_a_detail_of_a_person_on_a_page_is_in_the_api_for_the_same_reader(world):
    twinning("burnaby", "wuhan")  # makes the contact of Wuhan visible, who introduces another contact
    details, wrong, seen = marked(), Wrong(), 0
    for turn, (who, visitor) in enumerate(in_turn(0, world.visitors.items(), READERS_IN_TURN)):
        own, known = world.users[who].email, read_by_program(visitor, details)
        for detail, url in shown(world, visitor, turn % PAGES_IN_TURN, details):
            seen += 1
            if detail not in known and detail != own:
                wrong.add(who, details[detail], url)
    assert wrong == []
    assert seen > 50
