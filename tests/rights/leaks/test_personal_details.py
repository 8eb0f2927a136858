"""Personal details: each detail on a page is also in the API for the same reader."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Value
from django.db.models.functions import Replace
from django.urls import reverse

from accounts.models import User
from partners.contacts.models import Contact
from procurement.outreach.models.inquiries import Inquiry
from tests.rights.api_table import COLLECTIONS
from tests.rights.http_requests import (
    Differences,
    Visitor,
    World,
    body_of,
    most_distant,
    one_of_each_relation,
)
from tests.rights.pages_table import HOMES, PAGES
from tests.rights.test_api import all_rows
from tests.rights.test_pages import address
from tests.worlds.cities import twinning

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights")]
# Only these pages list the users of a city: the API has no collection of accounts, so there is no second rule.
ACCOUNTS = frozenset({"people", "network_people"})


def mark_details() -> dict[str, str]:
    """Give each detail of each person a unique value; return its description by value.

    A title is also part of a letter's salutation, so it is replaced in the letters too.
    """
    data: dict[str, str] = {}
    for user in User.objects.all():
        data[user.email] = f"e-mail of {user.email}"
    for contact in Contact.objects.select_related("user"):
        before = contact.title
        contact.phone, contact.wechat = f"+86 20 7{contact.pk:07}", f"wx-of-{contact.pk:05}-own"
        contact.title = f"Title{contact.pk:05}own" if before else ""
        contact.save(update_fields=["phone", "wechat", "title"])
        for name in ("phone", "wechat", "title"):
            data[getattr(contact, name)] = f"{name} of {contact.user.email}"
        if before:
            new = {name: Replace(name, Value(before), Value(contact.title)) for name in ("body", "body_own")}
            Inquiry.objects.filter(contact=contact).update(**new)
    return {detail: description for detail, description in data.items() if detail}


def texts_in(told: Any) -> Iterator[str]:
    """Yield every text in an answer of the API."""
    if isinstance(told, dict):
        for value in told.values():
            yield from texts_in(value)
    elif isinstance(told, list):
        for value in told:
            yield from texts_in(value)
    elif isinstance(told, str):
        yield told


def details_missing_in_api(visitor: Visitor, details: set[str]) -> set[str]:
    """Return the details that a program finds in no list, contact or letter. The contacts have most of them."""
    unread = set(details)
    for path in ("contacts", *COLLECTIONS):
        if not unread:
            break
        rows = [*all_rows(visitor, f"{path}/?page_size=100")]
        if path in ("contacts", "inquiries"):
            rows = [
                visitor.api("get", f"{path}/{row.get('id', row.get('reference'))}/").json() for row in rows
            ]
        words = "\n".join(texts_in(rows))
        unread = {detail for detail in unread if detail not in words}
    return unread


def details_on_pages(world: World, visitor: Visitor, details: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the details on the pages that this reader opens, each with its page.

    The page of an object is opened by the person who has least to do with the city among those who get it, and
    a page without an object, which is another for each reader, by one person of each relation. The visitor also
    searches each page for data of others.
    """
    addresses = [
        reverse(name)
        for name, gets in HOMES.items()
        if visitor.name in gets.intersection(one_of_each_relation()) and name not in ACCOUNTS
    ]
    addresses += [
        address(world, name, page)
        for name, page in PAGES
        if page.method == "get" and visitor.name in most_distant(page.gets) and name not in ACCOUNTS
    ]
    for url in addresses:
        page = body_of(visitor.page("get", url))
        yield from ((detail, url) for detail in details if detail in page)


def test_personal_detail_shown_on_page_is_also_in_api_for_same_user(world):
    twinning("burnaby", "wuhan")  # makes the contact of Wuhan visible, who introduces another contact
    details, wrong, seen = mark_details(), Differences(), 0
    for who, visitor in world.visitors.items():
        found = [*details_on_pages(world, visitor, details)]
        seen += len(found)
        unread = details_missing_in_api(
            visitor, {detail for detail, _url in found} - {world.users[who].email}
        )
        for detail, url in found:
            if detail in unread:
                wrong.add(who, details[detail], url)
    assert wrong == []
    assert seen > 50
