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
def test_export_has_no_duplicate_heading(name, language):
    with override(language):
        headings = Counter(str(heading) for heading, _cell in LISTS[name])
    assert [heading for heading, times in headings.items() if times > 1] == []


def test_check_of_export_headings_covers_the_known_lists():
    assert {
        "procurement.exports.register_columns.AGREEMENT_COLUMNS",
        "procurement.exports.register_columns.UNTAPPED_POTENTIAL_COLUMNS",
    } <= set(LISTS)
    assert len(LISTS) > 15


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/cities/", "/", "/outbox/"])
def test_page_that_is_no_list_cannot_be_exported(story, address):
    client = Client()
    client.force_login(story.observer.user)
    assert client.get(address).status_code == 200
    for kind in ("csv", "xlsx"):
        assert client.get(address, {"as": kind}).status_code == 404
