"""Test that detail pages of the practice scenario are at most two screens high on a desk, in three languages."""

from collections.abc import Iterator
from http import HTTPStatus

import pytest
from django.apps import apps

from procurement.help.pictures import LANGUAGE_BY_FILE_SUFFIX
from procurement.management.scenario.state import ScenarioState
from tests.browser.conftest import signed_in
from tests.browser.help_picture_list import DESK

pytestmark = [pytest.mark.browser, pytest.mark.every_way, pytest.mark.django_db(transaction=True)]
MAX_HEIGHT = 1_800  # pixels; what a reader seldom needs is folded
ROWS_OF_A_KIND = 6
KINDS_WITH_ROWS = 20  # at least; so many kinds of objects exist in the practice scenario


def test_detail_pages_are_at_most_two_screens_high_in_three_languages(chromium, live_server, stage):
    heights = {}
    kinds = set()
    for language, code in LANGUAGE_BY_FILE_SUFFIX.items():
        desk = {"viewport": {"width": DESK, "height": 900}, "reduced_motion": "reduce"}
        window = signed_in(chromium, live_server.url, stage.staff["officer"], code, **desk)
        page = window.new_page()
        for kind, address in detail_pages(stage):
            answer = page.goto(live_server.url + address)
            assert answer is not None
            if answer.status == HTTPStatus.NOT_FOUND:  # of another city
                continue
            assert answer.ok, address
            assert page.locator("html").get_attribute("lang").startswith(language), address
            heights[language, address] = page.evaluate("document.documentElement.scrollHeight")
            kinds.add(kind)
        window.close()
    assert {page: pixels for page, pixels in heights.items() if pixels > MAX_HEIGHT} == {}
    assert len(kinds) >= KINDS_WITH_ROWS, kinds


def detail_pages(stage: ScenarioState) -> Iterator[tuple[str, str]]:
    """Yield the kind and address of the first objects of each kind with a page, and of the cities of the scenario."""
    for model in apps.get_models():
        if getattr(model, "URL_NAME", ""):
            for row in model._default_manager.order_by("pk")[:ROWS_OF_A_KIND]:
                yield model.__name__, row.get_absolute_url()
    for city in stage.cities.values():
        yield "City", city.get_absolute_url()
