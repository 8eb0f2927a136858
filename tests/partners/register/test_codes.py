"""Codes of countries and of money: one list for every door."""

from collections.abc import Callable
from string import ascii_uppercase

import pytest
from django import forms
from rest_framework import serializers

from partners.api.fields import Country, Currency
from partners.exchange.columns import choice, country
from partners.exchange.faults import Bad
from partners.models.cities import City
from partners.models.ties import Twinning
from partners.places import in_capitals, is_country, is_currency
from partners.web.fields import CountryField
from procurement.api import untapped
from procurement.shipments.rules.numbers import locode
from workflow.errors import Refused


@pytest.mark.parametrize("code", ["CA", "CN", "TW", "XK"])
def test_a_country_by_its_two_letters(code: str) -> None:
    assert is_country(code)
    assert Country().run_validation(code.lower()) == code
    assert CountryField().clean(code.lower()) == code


@pytest.mark.parametrize("code", ["", "C", "ca", "CAN", "ZZ", "EU", "ß", "12"])
def test_no_country(code: str) -> None:
    assert not is_country(code)


@pytest.mark.parametrize("code", ["C", "CAN", "ZZ", "EU", "ß", "12"])
def test_every_door_refuses_what_is_no_country(code: str) -> None:
    with pytest.raises(forms.ValidationError):
        CountryField().clean(code)
    with pytest.raises(serializers.ValidationError):
        Country().run_validation(code)


def _takes(check: Callable[[str], object], code: str) -> bool:
    """Whether a door lets a country in, in whichever way it says no."""
    try:
        check(code)
    except (forms.ValidationError, serializers.ValidationError, Refused, Bad):
        return False
    return True


DOORS: dict[str, Callable[[str], object]] = {
    "a form": CountryField().clean,
    "the API": Country().run_validation,
    "the API's query": untapped.Country().clean,
    "a place of the register": City._meta.get_field("country").run_validators,
    "a file of the register": country,
    "a port": lambda code: locode(f"{code}SHA", "origin"),
}


@pytest.mark.parametrize("door", DOORS)
def test_every_door_lets_in_the_same_countries(door: str) -> None:
    """All 676 pairs of letters: pages, the API, files and customs ask one function which of them are countries."""
    pairs = [f"{a}{b}" for a in ascii_uppercase for b in ascii_uppercase]
    assert {code for code in pairs if _takes(DOORS[door], code)} == {
        code for code in pairs if is_country(code)
    }


@pytest.mark.parametrize(
    ("code", "money"),
    [("CAD", True), ("CNY", True), ("cad", False), ("XXX", False), ("XTS", False), ("ABC", False)],
)
def test_a_currency_that_money_is_counted_in(code: str, money: bool) -> None:
    assert is_currency(code) == money


def test_the_api_takes_small_letters_of_a_currency() -> None:
    assert Currency().run_validation("cad") == "CAD"


@pytest.mark.parametrize(("typed", "kept"), [("ca", "CA"), ("ß", "ß"), ("ﬁ", "ﬁ")])
def test_only_plain_letters_are_put_in_capitals(typed: str, kept: str) -> None:
    assert in_capitals(typed) == kept


def test_a_choice_left_open_is_none_and_is_read_in_every_language() -> None:
    read = choice(Twinning.Kind)
    assert [read(cell) for cell in ("", "sister", "Sister cities")] == ["", "sister", "sister"]
    with pytest.raises(Bad, match="is not one of"):
        read("cousins")
