"""Tests of a company's delivery record at one city: sums by year, and the limit for a warning on its next offer.

They use no database.
"""

import pytest

from procurement.receiving.rules.supplier_deliveries import (
    DeliveredLine,
    DeliveryYear,
    delivery_warning,
    total_deliveries,
    yearly_deliveries,
)


def delivered_line(year: int = 2020, shipment: int = 1, shipped: int = 1_000, **facts: int) -> DeliveredLine:
    given = {"accepted": shipped, **facts}
    return DeliveredLine(year=year, shipment_id=shipment, shipped=shipped, **given)


def test_delivery_record_is_summed_by_year_with_the_latest_first():
    years = yearly_deliveries(
        [
            delivered_line(),
            delivered_line(
                shipped=500, accepted=400, rejected=60, missing=40, lots_failed=1, open_discrepancies=2
            ),
            delivered_line(shipment=2, settled_discrepancies=1),
            delivered_line(year=2021, shipment=3, accepted=0),
        ]
    )
    assert years == [
        DeliveryYear(year=2021, shipments=1, shipped=1_000),
        DeliveryYear(
            year=2020,
            shipments=2,
            shipped=2_500,
            accepted=2_400,
            rejected=60,
            missing=40,
            lots_failed=1,
            open_discrepancies=2,
            settled_discrepancies=1,
        ),
    ]
    assert total_deliveries(years) == DeliveryYear(
        year=0,
        shipments=3,
        shipped=3_500,
        accepted=2_400,
        rejected=60,
        missing=40,
        lots_failed=1,
        open_discrepancies=2,
        settled_discrepancies=1,
    )
    assert yearly_deliveries([]) == []


@pytest.mark.parametrize(
    ("facts", "share"),
    [
        ({}, None),
        ({"accepted": 100}, 0),
        ({"accepted": 90, "rejected": 6, "missing": 4}, 0.1),
    ],
)
def test_failed_share_is_relative_to_the_counted_units(facts, share):
    assert DeliveryYear(year=2020, shipped=1_000, **facts).failed_share == share


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, False),
        ({"accepted": 1_000}, False),
        ({"accepted": 951, "rejected": 49}, False),
        ({"accepted": 950, "rejected": 25, "missing": 25}, True),
        ({"accepted": 1_000, "lots_failed": 1}, True),
        ({"accepted": 1_000, "open_discrepancies": 1}, True),
        ({"accepted": 1_000, "settled_discrepancies": 1}, False),
    ],
)
def test_delivery_warning_is_given_from_five_percent_failed_or_for_a_failed_lot_or_open_discrepancy(
    facts, said
):
    words = str(delivery_warning(DeliveryYear(year=0, **facts)))
    assert bool(words) is said


def test_delivery_warning_states_the_figures():
    words = str(
        delivery_warning(
            DeliveryYear(
                year=0, accepted=9_000, rejected=600, missing=400, lots_failed=1, open_discrepancies=2
            )
        )
    )
    assert "10,000" in words
    assert "1,000" in words
    assert words.endswith("Lots that failed inspection: 1. Open discrepancies: 2.")
