"""Who stands where while goods pass through customs: one city's people at desks or on phones, all reading one language."""

import os
from functools import cached_property
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import signed_in
from tests.browser.seat import Seat
from tests.browser.town import DESK, LOCALES, PHONE
from tests.journeys.passage import Passage
from tests.procurement.story import Person

WIDTHS = {390: PHONE, 1280: DESK}


def ways(beside: str, width: int) -> list[Any]:
    """Languages and widths: one pair beside the whole suite, all in `make faults`."""
    pairs = [(language, wide) for language in LOCALES for wide in WIDTHS]
    slow = pytest.mark.every_way
    return [pair if pair == (beside, width) else pytest.param(*pair, marks=slow) for pair in pairs]


class Quay:
    """The people of a passage, each with a browser window of one width."""

    def __init__(self, browser: Browser, url: str, town: Passage, language: str, width: int) -> None:
        self.browser, self.url, self.town, self.language, self.width = browser, url, town, language, width
        self.seats: list[Seat] = []

    def at(self, person: Person) -> Seat:
        """Somebody's window."""
        context = signed_in(self.browser, self.url, person.user, self.language, **WIDTHS[self.width])
        seat = Seat(context, self.url, self.language)
        self.seats.append(seat)
        return seat

    @cached_property
    def dock(self) -> Seat:
        """Who ships, counts and inspects."""
        return self.at(self.town.logistics)

    @cached_property
    def officer(self) -> Seat:
        """Who ordered, and makes the papers."""
        return self.at(self.town.officer)

    @cached_property
    def approver(self) -> Seat:
        """Who lets a lot through."""
        return self.at(self.town.approver)

    @cached_property
    def broker(self) -> Seat:
        """Who clears the import."""
        return self.at(self.town.broker)

    def keeps(self, seat: Seat, name: str) -> None:
        """A picture, where pictures are wanted."""
        seat.keeps(f"{name}-{self.width}")

    def looks_around(self, **pages: str) -> None:
        """Pages that no step leads to, as who ordered sees them, where pictures are wanted: each by its name."""
        if not os.environ.get("PICTURES"):
            return
        for name, path in pages.items():
            self.officer.page.goto(self.url + path)
            self.keeps(self.officer, name)
