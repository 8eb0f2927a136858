"""Counts as people type them."""

import pytest

from workflow.doors.counts import counted
from workflow.doors.forms import QuantityField


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
    ],
)
def test_a_text_says_how_many_pieces(text: str, pieces: int) -> None:
    assert counted(text) == pieces
    assert QuantityField().clean(text) == pieces


@pytest.mark.parametrize(
    "text", ["", "boxes of 50", "5 boxes", "1.5", "-5", "५", "1e3", "5 boxes of ५", "many"]
)
def test_a_text_that_says_no_count_says_none(text: str) -> None:
    assert counted(text) is None
