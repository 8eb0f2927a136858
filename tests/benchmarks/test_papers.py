"""The benchmark of papers makes every kind: from rows in memory, as the program makes them."""

import pytest

from benchmarks.papers.__main__ import once
from procurement.shipments.models.made import MadePaper

LONG = MadePaper.Kind.CARTONS  # 25 pages; pallet labels go the same way


@pytest.mark.parametrize("kind", [kind for kind in MadePaper.Kind if kind != LONG])
def test_it_makes_every_kind(kind: str) -> None:
    size, pages = once(kind)
    assert size > 10_000
    assert pages >= 1
