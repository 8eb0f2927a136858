"""Quantities and prices as people type them."""

import pytest
from django.core.exceptions import ValidationError

from workflow.http.forms import MoneyField, QuantityField
from workflow.quantities import is_price_of_several, parse_price, parse_quantity


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("10000", 10_000),
        ("10 000", 10_000),
        ("10,000", 10_000),
        ("10\u202f000 pièces", 10_000),
        ("200 boxes of 50", 10_000),
        ("1 box of 50 pieces", 50),
        ("20 cartons de 2 000", 40_000),
        ("200 boîtes de 50", 10_000),
        ("200盒，每盒50个", 10_000),
        ("200箱×50", 10_000),
        ("200 x 50", 10_000),
        ("50 个", 50),
        ("2万", 20_000),
        ("2万只", 20_000),
        ("２万 只", 20_000),
        ("1.5万件", 15_000),
        ("1,200万", 12_000_000),
        ("3千副", 3_000),
        ("1亿", 100_000_000),
        ("1百万只", 1_000_000),
        ("2.5百万", 2_500_000),
        ("3千万", 30_000_000),
        ("５十万 只", 500_000),
        ("2萬個", 20_000),
        ("２００ 箱×５０", 10_000),
        ("５００，０００", 500_000),
        ("30 枚", 30),
    ],
)
def test_typed_text_is_read_as_a_quantity(text: str, pieces: int) -> None:
    assert parse_quantity(text) == pieces
    assert QuantityField().clean(text) == pieces


@pytest.mark.parametrize(
    "text",
    [
        "",
        "boxes of 50",
        "5 boxes",
        "1.5",
        "-5",
        "५",
        "1e3",
        "5 boxes of ५",
        "many",
        "万",
        "1.00005万",
        "1,5万",
        "2万5",
        "1 2",
        "10 00",
        "0,123",
        "1,2,3",
        "1,0000",
        "1,000.000",
        "1.234,567",
        "1 000,500",
        "$500",
        "-2万",
    ],
)
def test_text_without_a_quantity_gives_none(text: str) -> None:
    assert parse_quantity(text) is None


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("1.2元/只", "1.2"),
        ("１．２元／只", "1.2"),
        ("每只1.2元", "1.2"),
        ("1.2元每只", "1.2"),
        ("¥1.2/件", "1.2"),
        ("人民币1.2元", "1.2"),
        ("人民币 1.2", "1.2"),
        ("1.20 CNY per piece", "1.20"),
        ("1,20 par pièce", "1,20"),
    ],
)
def test_typed_price_with_unit_is_parsed(text: str, figure: str) -> None:
    found = parse_price(text)
    assert not is_price_of_several(text)
    assert found is not None
    assert found[0] == figure


@pytest.mark.parametrize(
    "text", ["60元/盒", "60元／盒", "$60 per box", "1200元/千只", "12元/10只", "每箱60元"]
)
def test_price_of_several_units_is_refused(text: str) -> None:
    assert is_price_of_several(text)
    with pytest.raises(ValidationError, match="price of a box or of several units"):
        MoneyField().clean(text)
