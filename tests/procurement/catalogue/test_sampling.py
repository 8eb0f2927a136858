"""Tests of the sample size for a lot."""

from decimal import Decimal

import pytest

from procurement.catalogue.rules.inspections import code_letter, known_aqls, plan_for_letter, sample_plan
from workflow.errors import Refused


@pytest.mark.parametrize(
    ("letter", "aql", "size", "accept", "reject"),
    [
        ("K", "2.5", 125, 7, 8),
        ("H", "0.65", 80, 1, 2),
        ("L", "1.0", 200, 5, 6),
        ("J", Decimal("4.00"), 80, 7, 8),
    ],
)
def test_sampling_plan_matches_the_published_table(letter, aql, size, accept, reject):
    plan = plan_for_letter(letter, aql)
    assert (plan.sample_size, plan.acceptance_number, plan.rejection_number) == (size, accept, reject)


@pytest.mark.parametrize(
    ("lot", "level", "letter"),
    [
        (1, "II", "A"),
        (2, "II", "A"),
        (8, "III", "B"),
        (9, "II", "B"),
        (1200, "II", "J"),
        (1201, "II", "K"),
        (3200, "I", "H"),
        (10_000, "S-1", "C"),
        (50_000, "II", "N"),
        (500_000, "II", "P"),
        (500_001, "II", "Q"),
        (10**9, "III", "R"),
    ],
)
def test_sampling_code_letter_follows_the_lot_size(lot, level, letter):
    assert code_letter(lot, level) == letter


def test_sampling_plan_for_2000_masks_at_level_ii():
    plan = sample_plan(2000, "II", "2.5")
    assert (plan.code_letter, plan.sample_size, plan.is_full_inspection) == ("K", 125, False)
    assert plan.passes(7)
    assert not plan.passes(8)


def test_sample_as_large_as_the_lot_inspects_every_unit():
    plan = sample_plan(20, "II", "0.10")
    assert (plan.sample_size, plan.is_full_inspection) == (20, True)
    assert sample_plan(1, "II", "6.5").is_full_inspection


@pytest.mark.parametrize(
    ("lot", "level", "aql", "code"),
    [(0, "II", "2.5", "lot_empty"), (10, "IV", "2.5", "level_unknown"), (10, "II", "3", "aql_unknown")],
)
def test_sampling_input_outside_the_tables_is_refused(lot, level, aql, code):
    with pytest.raises(Refused) as no:
        sample_plan(lot, level, aql)
    assert no.value.code == code
    assert no.value.details["field"]


def test_unknown_aql_is_refused_with_the_known_ones():
    with pytest.raises(Refused, match=r"0\.065, 0\.1"):
        plan_for_letter("K", "3")


@pytest.mark.parametrize("lot", [5, 40, 200, 1000, 5000, 100_000, 600_000])
def test_stricter_inspection_level_never_takes_a_smaller_sample(lot):
    for group in (("S-1", "S-2", "S-3", "S-4"), ("I", "II", "III")):
        letters = [code_letter(lot, level) for level in group]
        assert letters == sorted(letters)


def test_every_sampling_plan_rejects_at_one_more_than_it_accepts():
    for letter in "ABCDEFGHJKLMNPQR":
        for aql in known_aqls():
            plan = plan_for_letter(letter, aql)
            assert plan.rejection_number == plan.acceptance_number + 1
            assert plan.sample_size >= 2
