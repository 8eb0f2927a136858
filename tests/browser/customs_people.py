"""People of one city who take goods through customs, at desks or on phones, all reading one language."""

import os
from functools import cached_property
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.city_browsers import DESK, LOCALES, PHONE
from tests.browser.conftest import signed_in
from tests.browser.translated_browser import Seat
from tests.journeys.shipment_days import ShipmentStory
from tests.worlds.need_to_order import Person
from tests.worlds.shipments import Journey

WIDTHS = {390: PHONE, 1280: DESK}


def languages_and_widths(beside: str, width: int) -> list[Any]:
    """Return pairs of language and width: (`beside`, `width`) in the usual run, all pairs in `make faults`."""
    pairs = [(language, wide) for language in LOCALES for wide in WIDTHS]
    slow = pytest.mark.every_way
    return [pair if pair == (beside, width) else pytest.param(*pair, marks=slow) for pair in pairs]


class CustomsPeople:
    """People of one city during a customs clearance, each with a browser window of the same width."""

    def __init__(
        self, browser: Browser, url: str, town: ShipmentStory | Journey, language: str, width: int
    ) -> None:
        self.browser, self.url, self.town, self.language, self.width = browser, url, town, language, width
        self.seats: list[Seat] = []

    def open_window(self, person: Person) -> Seat:
        """Open a window for a person."""
        context = signed_in(self.browser, self.url, person.user, self.language, **WIDTHS[self.width])
        seat = Seat(context, self.url, self.language)
        self.seats.append(seat)
        return seat

    @cached_property
    def dock(self) -> Seat:
        """The logistics member, who ships, counts and inspects."""
        return self.open_window(self.town.logistics)

    @cached_property
    def officer(self) -> Seat:
        """The officer, who ordered the goods and makes the documents."""
        return self.open_window(self.town.officer)

    @cached_property
    def approver(self) -> Seat:
        """The approver, who overrides a failed inspection."""
        return self.open_window(self.town.approver)

    @cached_property
    def broker(self) -> Seat:
        """The customs broker of the import."""
        return self.open_window(self.town.broker)

    def keeps(self, seat: Seat, name: str) -> None:
        """Take a screenshot if PICTURES is set."""
        seat.keeps(f"{name}-{self.width}")

    def looks_around(self, **pages: str) -> None:
        """Take screenshots of pages that no step opens, as the officer, if PICTURES is set.

        `pages` holds the paths by the name of the picture.
        """
        if not os.environ.get("PICTURES"):
            return
        for name, path in pages.items():
            self.officer.page.goto(self.url + path)
            self.keeps(self.officer, name)
