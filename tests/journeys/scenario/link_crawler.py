"""A crawler of the product's links, from the start page ("Today") to every kind of page, that reports faults of pages.

Two pages are of one kind if their addresses have one pattern and their objects one status. The crawler opens
one page of a kind, and another one if one object belongs to the reader's city and the other does not. In the
same way it presses one primary button of each kind.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.apps import apps
from django.db import transaction
from django.urls import Resolver404, resolve

from accounts.models import User
from partners.cities.models import City
from tests.browsing import Browser, Form, Page, words
from tests.worlds.cities import powers_for
from workflow.base_models import JournaledModel

ELSEWHERE = ("/accounts/", "/api/", "/admin", "/files/", "/media/", "/static/", "/practice/", "/sign-in")
PRIMARY = "contains(concat(' ', @class, ' '), ' btn-primary ')"
ROWS_OF_TODAY = ".//section/ul[@class='rows']/li"  # without those that wait for others
MOST_PAGES = 40  # longer lists are not counted
Kind = tuple[str, ...]


def state_by_address() -> dict[str, tuple[str, int]]:
    """Return status and city of each object with a page of its own, by the address of that page."""
    found = {}
    for model in apps.get_models():
        if issubclass(model, JournaledModel) and model.URL_NAME:
            for thing in model._default_manager.all():
                found[thing.get_absolute_url()] = (thing.status, getattr(thing, "city_id", 0))
    return found | {city.get_absolute_url(): ("", city.pk) for city in City.objects.all()}


def addresses_of(page: Page) -> Iterator[str]:
    """Yield the addresses of this product that the page and its menus link to."""
    for link in page.root.xpath("//a[@href][not(@download)]/@href"):
        address = urljoin(page.at, link).partition("#")[0]
        if address.startswith("/"):
            yield address


def route_of(path: str) -> str | None:
    """Return the pattern of an address, or None if there is none."""
    try:
        return resolve(path).route
    except Resolver404:
        return None


@dataclass
class Walk:
    """One walk for people of one role: pages opened and buttons pressed by one are skipped for the next."""

    state_by_address: dict[str, tuple[str, int]]  # see state_by_address()
    opened: int = 0
    came: dict[str, str] = field(default_factory=dict)  # address → the first page that linked to it
    known: set[Kind] = field(default_factory=set)
    pressed: set[Kind] = field(default_factory=set)
    rows: dict[str, int | None] = field(default_factory=dict)
    own: frozenset[int] = frozenset()  # the cities that the reader works for

    def pages(self, person: User) -> Iterator[Page]:
        """Yield the start page, the pages of the menu, and every kind of page to which links lead from there."""
        browser = Browser(person)
        self.rows = {}
        self.own = powers_for(person).cities_of_person
        today = browser.open("/")
        waiting = ["/", *dict.fromkeys(today.root.xpath("//nav//a/@href"))]
        seen = set(waiting)
        while waiting:
            page = browser.open(waiting.pop(0))
            self.opened += 1
            yield page
            for address in addresses_of(page):
                if address in seen or address.startswith(ELSEWHERE) or "as=" in address:
                    continue
                seen.add(address)
                kind = self.kind_of(address)
                if kind not in self.known:
                    self.known.add(kind)
                    self.came[address] = page.at
                    waiting.append(address)

    def kind_of(self, address: str) -> Kind:
        """Return the kind of an address: its pattern, the names in its query, and the state of its object."""
        parts = urlsplit(address)
        return (
            route_of(parts.path) or "",
            *sorted(name for name, _ in parse_qsl(parts.query)),
            *self.state_of(parts.path),
        )

    def state_of(self, path: str) -> tuple[str, str]:
        """Return the status of the object of a page, and "own" if it belongs to the reader's city."""
        steps = path.split("/")
        for length in range(len(steps), 2, -1):
            state = self.state_by_address.get("/".join(steps[: length - 1]) + "/")
            if state is not None:
                return state[0], "own" if state[1] in self.own else ""
        return "", ""

    def faults_of(self, page: Page) -> Iterator[str]:
        """Yield the faults of a page: links and buttons that lead nowhere, and wrong figures."""
        if page.status != 200:
            yield f"status {page.status}, linked from {self.came.get(page.at)}"
        elif page.alert:
            yield f"it is closed: {page.alert}, linked from {self.came.get(page.at)}"
        for link in page.root.xpath("//a[@href='']"):
            yield f"an empty link “{words(link)}”"
        for address in addresses_of(page):
            if route_of(urlsplit(address).path) is None and not address.startswith(ELSEWHERE):
                yield f"a link to {address}, where there is no page"
        yield from self.dead_ends(page)
        yield from self.failed_downloads(page)
        if urlsplit(page.at).path == "/":
            yield from miscounted_badge(page)
        for figure in page.main.xpath(".//dl[contains(@class, 'figures')]/div[.//a]"):
            yield from self.miscounted(page, figure)

    def failed_downloads(self, page: Page) -> Iterator[str]:
        """Yield the links to download a list as a file that do not answer with 200."""
        for address in addresses_of(page):
            if "as=" in address and self.first(*self.kind_of(address)):
                status = page.browser.client.get(address).status_code
                if status != 200:
                    yield f"status {status} of the file {address}"

    def dead_ends(self, page: Page) -> Iterator[str]:
        """Yield the primary links and buttons of a page that are refused."""
        for link in page.main.xpath(f".//a[@href][{PRIMARY}]"):
            target = urljoin(page.at, link.get("href"))
            if self.first(*self.kind_of(target), words(link)):
                then = page.browser.open(target)
                if then.status != 200 or (then.alert and not then.forms):
                    yield f"“{words(link)}” leads to {then.status} {then.alert}"
        for form in page.forms:
            for name, button in form.buttons.items():
                if button.xpath(f"self::*[{PRIMARY}]"):
                    yield from self.refused(page, form, name, button)

    def refused(self, page: Page, form: Form, name: str, button: Any) -> Iterator[str]:
        """Press a primary button as the page offers it; yield a refusal that its form does not explain."""
        target = urljoin(page.at, form.node.get("action") or "")
        if target.startswith(ELSEWHERE) or not self.first(
            *self.kind_of(page.at), *self.kind_of(target), name
        ):
            return
        with transaction.atomic():
            answer = page.browser.client.post(target, form.filled(button, {}))
            transaction.set_rollback(True)
        then = Page(page.browser, answer, target)
        if then.status >= 500 or (then.status >= 400 and not form.names and not then.wrong):
            yield f"“{name}” is refused: {then.status} {then.alert}"

    def first(self, *kind: str) -> bool:
        """Return True if this kind of button is pressed for the first time."""
        new = kind not in self.pressed
        self.pressed.add(kind)
        return new

    def miscounted(self, page: Page, figure: Any) -> Iterator[str]:
        """Yield a figure that differs from the number of rows in the list it links to. Sums of money are no counts."""
        if re.search(r"[A-Z]{3}", words(figure.xpath("./dd")[0])):
            return
        number = int(re.sub(r"\D", "", words(figure.xpath("./dd")[0])) or 0)
        address = urljoin(page.at, figure.xpath(".//a/@href")[0])
        if address not in self.rows:
            self.rows[address] = rows_of(page.browser, address)
        if number != self.rows[address]:
            yield f"{words(figure)}: {self.rows[address]} rows"


def miscounted_badge(page: Page) -> Iterator[str]:
    """Yield the figure beside Today in the menu if it differs from the number of rows on the pages of Today.

    A long group shows its first rows and a link to all of them.
    """
    badges = page.root.xpath("//a[@href='/']//*[contains(@class, 'count-now')]")
    number = int(re.sub(r"\D", "", words(badges[0]))) if badges else 0
    rows, address = 0, "/"
    while address:
        shown = page.browser.open(address)
        for section in shown.main.xpath(".//section[ul[@class='rows']]"):
            whole = section.xpath("./p/a[starts-with(@href, '?group=')]/@href")
            if whole:
                rows += len(page.browser.open(urljoin(shown.at, whole[0])).main.xpath(ROWS_OF_TODAY))
            else:
                rows += len(section.xpath("./ul[@class='rows']/li"))
        further = shown.main.xpath(".//a[@rel='next']/@href")
        address = urljoin(shown.at, further[0]) if further else ""
    if number != rows:
        yield f"{number} beside Today, and {rows} rows"


def rows_of(browser: Browser, address: str) -> int | None:
    """Return the number of rows of a list on all its pages; None if there are too many pages."""
    rows = 0
    for _ in range(MOST_PAGES):
        listed = browser.open(address)
        rows += len(listed.main.xpath(".//table//tbody/tr"))
        further = listed.main.xpath(".//a[@rel='next']/@href")
        if not further:
            return rows
        address = urljoin(listed.at, further[0])
    return None
