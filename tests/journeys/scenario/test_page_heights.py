"""The pages of things keep to a height in the practice scenario: what matters is on the first screens.

Chromium lays the pages out; Django's test client answers its requests, so that both see the scenario, which is played in
a transaction. A new kind of page is one row of `KINDS`.
"""

import mimetypes
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.db.models import Model
from django.test import Client
from playwright.sync_api import Browser, Page, Route, sync_playwright

from accounts.models import User
from partners.cities.models import City
from partners.contacts.models import Contact
from partners.memberships.models import Membership
from procurement.allocations.models import Allocation
from procurement.leads.models.leads import SupplierLead
from procurement.management.scenario.state import Stage
from procurement.orders.models import Order
from procurement.outreach.models import Inquiry
from procurement.requests.models import SupplyRequest
from procurement.suppliers.models.suppliers import Supplier
from procurement.verification.models import VerificationTask
from tests.browser.conftest import launched
from tests.lanes import FULL
from tests.worlds.cities import powers_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.xdist_group("scenario")]
OFFICER, APPROVER = Membership.Role.OFFICER, Membership.Role.APPROVER
DESK, PHONE = 1280, 390  # pixels
HIGHEST = {DESK: 1_800, PHONE: 3_500}  # pixels, by width
LANGUAGES = ("en", "fr-ca", "zh-hans") if FULL else ("fr-ca",)  # French has the longest words
SITE = "http://twinlane.example"
HEIGHT = "() => document.documentElement.scrollHeight"


class Kind(NamedTuple):
    """Pages of one kind of thing, as the person with a role in the thing's own city reads them."""

    model: type[Model]
    role: Membership.Role = OFFICER
    highest: dict[int, int] = HIGHEST


# The pages of a kind are those of all its things in the scenario, in every status they have.
KINDS = {
    "need": Kind(SupplyRequest),
    "inquiry": Kind(Inquiry),
    "offer": Kind(SupplierLead),
    "company": Kind(Supplier),
    "check": Kind(VerificationTask),
    "allocation": Kind(Allocation),
    "order": Kind(Order),
    "approval": Kind(Order, APPROVER),
    "city": Kind(City),
    "contact": Kind(Contact),
}


def shown(stage: Stage, kind: Kind) -> Iterator[tuple[User, Model]]:
    """Yield the things of a kind, each with a reader: from its own city, or else from Burnaby."""
    active = Membership.objects.active().filter(role=kind.role).select_related("user").order_by("-pk")
    by_city = {one.city_id: one.user for one in active}  # the first of a city is kept
    burnaby = by_city[stage.cities["burnaby"].pk]
    known = {city.pk for city in stage.cities.values()}
    for thing in kind.model._default_manager.order_by("pk"):
        if isinstance(thing, City) and thing.pk not in known:
            continue  # the register has hundreds, of which the scenario needs a few
        reader = by_city.get(getattr(thing, "city_id", 0), burnaby)
        if kind.model._default_manager.visible_to(powers_for(reader)).filter(pk=thing.pk).exists():
            yield reader, thing


@pytest.fixture(scope="module")
def chromium(stage: Stage) -> Iterator[Browser]:
    """Yield a running Chromium. Playwright runs its loop in this thread, where Django would refuse its database."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        opened = launched(playwright)
        yield opened
        opened.close()


def window(chromium: Browser, reader: User, language: str) -> Page:
    """Return a page whose requests Django's test client answers for this reader; nothing is changed."""
    User.objects.filter(pk=reader.pk).update(language=language)
    client = Client()
    client.force_login(reader)

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith(settings.STATIC_URL):
            file = Path(str(find(path.removeprefix(settings.STATIC_URL))))
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file)[0])
        elif route.request.method == "GET":
            said = client.get(path)
            body = b"".join(said) if said.streaming else said.content
            route.fulfill(status=said.status_code, body=body, content_type=said["Content-Type"])
        else:
            route.abort()

    page = chromium.new_page()
    page.route("**/*", answer)
    return page


def heights(page: Page, thing: Model) -> dict[int, int]:
    """Return the height of the page of a thing by width, in pixels."""
    page.set_viewport_size({"width": DESK, "height": 800})
    said = page.goto(SITE + thing.get_absolute_url())
    assert said is not None and said.status == 200, thing
    found = {DESK: page.evaluate(HEIGHT)}
    page.set_viewport_size({"width": PHONE, "height": 800})
    return found | {PHONE: page.evaluate(HEIGHT)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_a_thing_is_too_high(stage: Stage, chromium: Browser, language: str) -> None:
    pages: dict[int, Page] = {}
    opened, too_high = dict.fromkeys(KINDS, 0), []
    for name, kind in KINDS.items():
        for reader, thing in shown(stage, kind):
            if reader.pk not in pages:
                pages[reader.pk] = window(chromium, reader, language)
            opened[name] += 1
            for width, height in heights(pages[reader.pk], thing).items():
                if height > kind.highest[width]:
                    too_high.append(f"{name} {thing}: {height} px at {width}")
    for page in pages.values():
        page.close()
    assert all(opened.values()), opened
    assert too_high == []
