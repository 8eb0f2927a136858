"""Tests of the rules for counting cartons: states, labels and sums.

They use no database.
"""

from datetime import date
from decimal import Decimal

import pytest

from procurement.receiving.models import CartonReceipt, Discrepancy, GoodsReceiptLine
from procurement.receiving.rules.cartons import (
    CartonLabel,
    CartonObservation,
    carton_totals,
    counts_by_line,
    invalid_count_refusal,
    is_repeated_count,
    parse_label,
)
from procurement.receiving.rules.discrepancies import invalid_settlement_refusal, receipt_differences
from procurement.shipments.models import Carton, ShipmentLine

DAY = date(2022, 4, 1)


def carton(number: int, pieces: int = 1_000, line: int = 1) -> Carton:
    return Carton(
        pk=number, number=number, line_id=line, pieces=pieces, reference=f"CT-2020-{number:04}", shipment_id=1
    )


def carton_receipt(number: int, state: str = "intact", pieces: int = 1_000, **facts: object) -> CartonReceipt:
    given = {"lot_number": "L-1", "expires_on": DAY, **facts}
    return CartonReceipt(carton_id=number, state=state, pieces=pieces, **given)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://twinlane.example/document/aB3/?box=CT-2020-0007", CartonLabel("aB3", "CT-2020-0007")),
        ("https://old.example/somewhere/document/aB3?box=CT-2020-0007", CartonLabel("aB3", "CT-2020-0007")),
        ("https://twinlane.example/document/aB3/?box=SH-2020-0001-P2", CartonLabel("aB3", "SH-2020-0001-P2")),
        ("https://twinlane.example/document/aB3/", None),
        ("https://twinlane.example/document/aB3/?box=nonsense", None),
        ("https://twinlane.example/other/aB3/?box=CT-2020-0007", None),
        ("https://[twinlane/document/aB3/?box=CT-2020-0007", None),
        ("made?box=CT-2020-0007", None),
        ("6901234567892", None),
        ("", None),
    ],
)
def test_scanned_code_is_parsed_as_a_carton_label_or_none(text, found):
    assert parse_label(text) == found


def test_pallet_label_is_distinguished_from_a_carton_label():
    assert CartonLabel("a", "SH-2020-0001-P2").is_pallet
    assert not CartonLabel("a", "CT-2020-0007").is_pallet


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (CartonObservation(state="intact", pieces=1_000, lot_number="L-1"), None),
        (CartonObservation(state="intact"), None),  # an empty carton, packed that way
        (
            CartonObservation(state="damaged", pieces=1_000, unusable=1_000),
            None,
        ),  # no piece is usable, so there is no lot
        (CartonObservation(state="damaged", pieces=1_000, unusable=200, lot_number="L-1"), None),
        (CartonObservation(state="missing"), None),
        (CartonObservation(state="lost"), "bad_state"),
        (CartonObservation(state="intact", pieces=-1), "bad_quantity"),
        (CartonObservation(state="intact", pieces=1_000_001), "bad_quantity"),
        (CartonObservation(state="damaged", pieces=5, unusable=-1), "bad_quantity"),
        (CartonObservation(state="damaged", pieces=5, unusable=6), "bad_quantity"),
        (CartonObservation(state="missing", pieces=1), "missing_is_empty"),
        (CartonObservation(state="missing", unusable=1), "missing_is_empty"),
        (CartonObservation(state="intact", pieces=5, unusable=1, lot_number="L-1"), "whole_is_usable"),
        (CartonObservation(state="intact", pieces=5, lot_number=" "), "lot_missing"),
        (CartonObservation(state="damaged", pieces=5, unusable=4), "lot_missing"),
    ],
)
def test_invalid_carton_count_is_refused_by_code(said, code):
    refused = invalid_count_refusal(said)
    assert (refused and refused.code) == code


@pytest.mark.parametrize(
    ("row", "accepted", "rejected", "missing", "surplus"),
    [
        (carton_receipt(1), 1_000, 0, 0, 0),
        (carton_receipt(1, pieces=980), 980, 0, 20, 0),
        (carton_receipt(1, pieces=1_010), 1_000, 0, 0, 10),
        (carton_receipt(1, "damaged", unusable=1_000), 0, 1_000, 0, 0),
        (carton_receipt(1, "damaged", unusable=200), 800, 200, 0, 0),
        (carton_receipt(1, "damaged", pieces=900, unusable=200), 700, 200, 100, 0),
        (carton_receipt(1, "damaged", pieces=1_010, unusable=1_010), 0, 1_000, 0, 10),
        (carton_receipt(1, "missing", pieces=0), 0, 0, 1_000, 0),
        (None, 0, 0, 1_000, 0),
    ],
)
def test_carton_count_accounts_for_every_packed_unit(row, accepted, rejected, missing, surplus):
    (count,) = counts_by_line([(carton(1), row)], {1: ShipmentLine(pk=1)}, {1: " wet "})
    assert (count.accepted, count.rejected, count.missing, count.surplus) == (
        *(accepted, rejected, missing, surplus),
    )
    assert count.shipped_pieces == 1_000
    assert count.reason == ("wet" if count.unusable_pieces or surplus else "")
    assert (count.lot_number, count.expires_on) == (("L-1", DAY) if accepted else ("", None))


def test_similar_cartons_are_summed_by_line_lot_and_expiry():
    lines = {1: ShipmentLine(pk=1), 2: ShipmentLine(pk=2)}
    rows = [
        (carton(1), carton_receipt(1)),
        (carton(2), carton_receipt(2)),
        (carton(3), carton_receipt(3, lot_number="L-2")),
        (carton(4, line=2), carton_receipt(4)),
        (carton(5), None),
    ]
    counts = counts_by_line(rows, lines, {1: "One is not there."})
    told = [(one.line.pk, one.lot_number, one.accepted, one.missing, one.reason) for one in counts]
    assert told == [
        (1, "L-1", 2_000, 0, ""),
        (1, "L-2", 1_000, 0, ""),
        (2, "L-1", 1_000, 0, ""),
        (1, "", 0, 1_000, "One is not there."),
    ]


def test_carton_totals_name_missing_and_uncounted_cartons():
    boxes = [carton(3), carton(1), carton(2), carton(4)]
    told = carton_totals(
        boxes, [carton_receipt(1), carton_receipt(2, "damaged"), carton_receipt(3, "missing", pieces=0)]
    )
    assert (told.arrived_count, told.damaged, told.total, told.counted) == (2, 1, 4, 3)
    assert [one.number for one in told.missing_cartons] == [3]
    assert [one.number for one in told.uncounted_cartons] == [4]


def test_identical_carton_count_is_recognized():
    row = carton_receipt(1, remark="dry")
    assert is_repeated_count(
        row, CartonObservation(state="intact", pieces=1_000, lot_number="L-1", expires_on=DAY, remark="dry")
    )
    assert not is_repeated_count(
        row, CartonObservation(state="intact", pieces=999, lot_number="L-1", expires_on=DAY)
    )


def receipt_line(line: int, reason: str = "wet", **pieces: int) -> GoodsReceiptLine:
    return GoodsReceiptLine(line_id=line, reason=reason, **pieces)


def test_each_line_and_type_of_a_receipt_is_one_discrepancy():
    rows = [
        receipt_line(1, accepted=900, rejected=60, missing=40),
        receipt_line(1, "crushed", accepted=10, rejected=5),
        receipt_line(1, accepted=10, rejected=1),
        receipt_line(2, accepted=1_000, reason=""),
        receipt_line(3, "one more", surplus=7),
    ]
    assert list(receipt_differences(rows)) == [
        (1, "missing", 40, "wet"),
        (1, "rejected", 66, "wet; crushed"),
        (3, "surplus", 7, "one more"),
    ]
    assert {kind for _line, kind, _pieces, _reason in receipt_differences(rows)} == set(Discrepancy.Kind)


@pytest.mark.parametrize(
    ("outcome", "amount", "currency", "code"),
    [
        ("credited", Decimal("100.00"), "USD", None),
        ("replaced", None, "", None),
        ("accepted", None, "", None),
        ("forgotten", None, "", "outcome_missing"),
        ("credited", None, "USD", "amount_missing"),
        ("credited", Decimal(0), "USD", "amount_missing"),
        ("credited", Decimal(100), "", "amount_missing"),
        ("credited", Decimal(100), "ZZZ", "no_currency"),
        ("replaced", Decimal(100), "USD", "amount_not_due"),
    ],
)
def test_amount_is_required_for_a_credit_and_refused_otherwise(outcome, amount, currency, code):
    refused = invalid_settlement_refusal("missing", outcome, amount, currency)
    assert (refused and refused.code) == code
