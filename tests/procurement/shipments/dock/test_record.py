"""A company's record at one city: years added up, and from where on the next offer carries a word. Without a database."""

import pytest

from procurement.shipments.rules.dock.record import Delivered, Year, altogether, record, word_of


def line(year: int = 2020, shipment: int = 1, shipped: int = 1_000, **facts: int) -> Delivered:
    given = {"accepted": shipped, **facts}
    return Delivered(year=year, shipment=shipment, shipped=shipped, **given)


def test_years_stand_apart_the_latest_first_and_a_shipment_counts_once():
    years = record(
        [
            line(),
            line(shipped=500, accepted=400, rejected=60, missing=40, lots_failed=1, cases_open=2),
            line(shipment=2, cases_settled=1),
            line(year=2021, shipment=3, accepted=0),
        ]
    )
    assert years == [
        Year(year=2021, shipments=1, shipped=1_000),
        Year(
            year=2020,
            shipments=2,
            shipped=2_500,
            accepted=2_400,
            rejected=60,
            missing=40,
            lots_failed=1,
            cases_open=2,
            cases_settled=1,
        ),
    ]
    assert altogether(years) == Year(
        year=0,
        shipments=3,
        shipped=3_500,
        accepted=2_400,
        rejected=60,
        missing=40,
        lots_failed=1,
        cases_open=2,
        cases_settled=1,
    )
    assert record([]) == []


@pytest.mark.parametrize(
    ("facts", "share"),
    [
        ({}, None),
        ({"accepted": 100}, 0),
        ({"accepted": 90, "rejected": 6, "missing": 4}, 0.1),
    ],
)
def test_the_share_that_failed_is_of_what_was_counted(facts, share):
    assert Year(year=2020, shipped=1_000, **facts).failed_share == share


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, False),
        ({"accepted": 1_000}, False),
        ({"accepted": 951, "rejected": 49}, False),
        ({"accepted": 950, "rejected": 25, "missing": 25}, True),
        ({"accepted": 1_000, "lots_failed": 1}, True),
        ({"accepted": 1_000, "cases_open": 1}, True),
        ({"accepted": 1_000, "cases_settled": 1}, False),
    ],
)
def test_the_next_offer_carries_a_word_from_five_of_a_hundred_on(facts, said):
    words = str(word_of(Year(year=0, **facts)))
    assert bool(words) is said


def test_the_word_gives_the_figures():
    words = str(word_of(Year(year=0, accepted=9_000, rejected=600, missing=400, lots_failed=1, cases_open=2)))
    assert "10,000" in words
    assert "1,000" in words
    assert words.endswith("Lots that failed inspection: 1. Open cases: 2.")
