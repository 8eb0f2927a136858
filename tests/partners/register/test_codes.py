"""Codes of countries and of money: one list for every door."""

import pytest
from django import forms
from rest_framework import serializers

from partners.api.fields import Country, Currency
from partners.places import in_capitals, is_country, is_currency
from partners.web.fields import CountryField


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
