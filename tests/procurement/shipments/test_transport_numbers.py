"""Tests of transport numbers: correct ones are kept, and mistyped ones are refused with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.shipments.rules import parse_air_waybill, parse_container_number, parse_locode
from workflow.errors import Refused


@pytest.mark.parametrize("typed", ["020-12345675", "02012345675", "020 1234 5675", " 020-1234-5675 "])
def test_air_waybill_is_stored_as_eleven_digits(typed: str) -> None:
    assert parse_air_waybill(typed) == "02012345675"


@pytest.mark.parametrize("typed", ["", "  ", "-"])
def test_empty_air_waybill_is_none(typed: str) -> None:
    assert parse_air_waybill(typed) == ""


@pytest.mark.parametrize(
    "typed",
    [
        "0201234567",
        "020123456755",
        "02012345A75",
        "٠٢٠١٢٣٤٥٦٧٥",
        "０２０１２３４５６７５",
        "020_12345675",
        "\0",
    ],
)
def test_malformed_air_waybill_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_air_waybill(typed)
    assert caught.value.code == "waybill_malformed"
    assert caught.value.details["field"] == "air_waybill"


def test_air_waybill_with_a_wrong_check_digit_is_refused_naming_the_right_one() -> None:
    with pytest.raises(Refused) as caught:
        parse_air_waybill("020-12345676")
    assert caught.value.code == "waybill_check_digit"
    assert "in 5" in str(caught.value)


@pytest.mark.parametrize("typed", ["CSQU3054383", "csqu 305438 3", "CSQU-305438-3"])
def test_container_number_is_stored_in_capitals(typed: str) -> None:
    assert parse_container_number(typed) == "CSQU3054383"


def test_container_number_with_a_wrong_check_digit_is_refused_naming_the_right_one() -> None:
    with pytest.raises(Refused) as caught:
        parse_container_number("CSQU3054384")
    assert caught.value.code == "container_check_digit"
    assert "in 3" in str(caught.value)


@pytest.mark.parametrize(
    "typed",
    [
        *("CSQU305438", "CSQX3054383", "1234567890A", "", " ", "\0", "CSQU3054383\0"),
        *("___U1234567", "ÄBCU1234567", "123U1234568", "AB1U1234567"),  # \w allows these, ISO 6346 does not
        *("CSQU305438３", "ＣＳＱＵ３０５４３８３", "CSQU30543٨3", "ıSQU3054383", "ﬁQU3054383"),
        "CSQU3054383" * 1_000,
    ],
)
def test_invalid_container_number_is_refused_by_field(typed: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_container_number(typed)
    assert (caught.value.code, caught.value.details["field"]) == ("container_malformed", "containers")


@given(st.text(max_size=14))
def test_any_text_is_parsed_or_refused_as_a_transport_number(typed: str) -> None:
    for read in (parse_container_number, parse_air_waybill, lambda text: parse_locode(text, "origin")):
        try:
            kept = read(typed)
        except Refused:
            continue
        assert kept.isascii()


@pytest.mark.parametrize(
    ("typed", "kept"), [("cnsha", "CNSHA"), ("CA VAN", "CAVAN"), ("USNY2", "USNY2"), ("", "")]
)
def test_place_is_stored_as_its_code(typed: str, kept: str) -> None:
    assert parse_locode(typed, "origin") == kept


@pytest.mark.parametrize("typed", ["SHA", "CNSH1", "ZZSHA", "CNSHAX", "ＣＮＳＨＡ", "CNſHA", "CN\0HA"])
def test_invalid_place_code_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_locode(typed, "destination")
    assert caught.value.code == "locode_malformed"
    assert caught.value.details["field"] == "destination"
