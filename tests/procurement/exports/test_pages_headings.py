"""Tests that every list exported as CSV has different headings for its columns, in each language."""

import importlib
import pkgutil
from collections import Counter

import pytest
from django.test import Client
from django.utils.translation import override

import partners
import procurement


def lists() -> dict[str, tuple]:
    """Return the columns of each list, by module and name."""
    found = {}
    for package in (partners, procurement):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" in module.name or ".management" in module.name:
                continue
            for name, value in vars(importlib.import_module(module.name)).items():
                if isinstance(value, tuple) and value and all(is_column(one) for one in value):
                    found[f"{module.name}.{name}"] = value
    return found


def is_column(value: object) -> bool:
    return isinstance(value, tuple) and len(value) == 2 and callable(value[1])


LISTS = lists()


@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
@pytest.mark.parametrize("name", LISTS)
def test_no_heading_is_there_twice(name, language):
    with override(language):
        headings = Counter(str(heading) for heading, _cell in LISTS[name])
    assert [heading for heading, times in headings.items() if times > 1] == []


def test_the_lists_are_found():
    assert {
        "procurement.exports.register_columns.NETWORK_COLUMNS",
        "procurement.exports.register_columns.UNTAPPED_COLUMNS",
    } <= set(LISTS)
    assert len(LISTS) > 15


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/cities/", "/", "/outbox/"])
def test_a_page_that_is_no_list_to_take_home_is_not_handed_out_as_one(story, address):
    client = Client()
    client.force_login(story.observer.user)
    assert client.get(address).status_code == 200
    for kind in ("csv", "xlsx"):
        assert client.get(address, {"as": kind}).status_code == 404
