"""Validation of country and currency codes, the same for pages, API and files."""

from collections.abc import Callable
from string import ascii_uppercase

import pytest
from django import forms
from rest_framework import serializers

from partners import form_fields
from partners.agreements.models import TwinningAgreement
from partners.api_fields import CountryField, CurrencyField
from partners.cities.models import City
from partners.form_fields import CountryCodeField
from partners.register_import.errors import CellError
from partners.register_import.formats.columns import choice_reader, country_reader
from partners.validators import is_country_code, is_currency_code, normalize_code
from procurement.shipments.rules import parse_locode
from workflow.errors import Refused


@pytest.mark.parametrize("code", ["CA", "CN", "TW", "XK"])
def test_valid_country_codes_are_accepted(code: str) -> None:
    assert is_country_code(code)
    assert CountryField().run_validation(code.lower()) == code
    assert form_fields.CountryField().clean(code.lower()) == code


@pytest.mark.parametrize("code", ["", "C", "ca", "CAN", "ZZ", "EU", "ß", "12"])
def test_invalid_country_codes_are_rejected(code: str) -> None:
    assert not is_country_code(code)


@pytest.mark.parametrize("code", ["C", "CAN", "ZZ", "EU", "ß", "12"])
def test_forms_and_api_refuse_an_invalid_country_code(code: str) -> None:
    with pytest.raises(forms.ValidationError):
        form_fields.CountryField().clean(code)
    with pytest.raises(serializers.ValidationError):
        CountryField().run_validation(code)


def _takes(check: Callable[[str], object], code: str) -> bool:
    """Return True if an input accepts a country."""
    try:
        check(code)
    except (forms.ValidationError, serializers.ValidationError, Refused, CellError):
        return False
    return True


ENTRY_POINTS: dict[str, Callable[[str], object]] = {
    "a form": form_fields.CountryField().clean,
    "the API": CountryField().run_validation,
    "the API's query": CountryCodeField().clean,
    "a place of the register": City._meta.get_field("country").run_validators,
    "a file of the register": country_reader,
    "a port": lambda code: parse_locode(f"{code}SHA", "origin"),
}


@pytest.mark.parametrize("door", ENTRY_POINTS)
def test_pages_api_files_and_customs_accept_the_same_country_codes(door: str) -> None:
    """Try all 676 pairs of letters: pages, API, files and customs use the same function."""
    pairs = [f"{a}{b}" for a in ascii_uppercase for b in ascii_uppercase]
    assert {code for code in pairs if _takes(ENTRY_POINTS[door], code)} == {
        code for code in pairs if is_country_code(code)
    }


@pytest.mark.parametrize(
    ("code", "money"),
    [("CAD", True), ("CNY", True), ("cad", False), ("XXX", False), ("XTS", False), ("ABC", False)],
)
def test_currency_code_must_be_one_in_which_money_is_counted(code: str, money: bool) -> None:
    assert is_currency_code(code) == money


def test_api_accepts_a_lower_case_currency_code() -> None:
    assert CurrencyField().run_validation("cad") == "CAD"


@pytest.mark.parametrize(("typed", "kept"), [("ca", "CA"), ("ß", "ß"), ("ﬁ", "ﬁ")])
def test_only_ascii_letters_are_capitalized_in_codes(typed: str, kept: str) -> None:
    assert normalize_code(typed) == kept


def test_empty_choice_is_none_and_labels_are_read_in_every_language() -> None:
    read = choice_reader(TwinningAgreement.Kind)
    assert [read(cell) for cell in ("", "sister", "Sister cities")] == ["", "sister", "sister"]
    with pytest.raises(CellError, match="is not one of"):
        read("cousins")
