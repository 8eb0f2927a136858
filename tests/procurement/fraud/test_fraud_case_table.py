"""Tests of the table in docs/fraud_cases.md: the tests and codes it names exist, and no case is missing."""

import ast
import re
from pathlib import Path

import pytest

from procurement.leads.hooks import screening_rules

FOLDER = Path(__file__).parent
TABLE = FOLDER.parents[2] / "docs" / "fraud_cases.md"
ELSEWHERE = {1, 4, 6, 7, 16, 18, 21}  # caught on arrival, by inspection or by a missed hand-over
TEST = re.compile(r"`(test_\w+\.py)::(test_\w+)`")
MIN_PARAMETER_SETS = 3  # the case and two variants


def case_rows() -> list[list[str]]:
    """Return the cells of every case: its description, its findings, its tests and its near misses."""
    lines = (line for line in TABLE.read_text(encoding="utf-8").splitlines() if re.match(r"\| \d", line))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


ROWS = {int(row[0].split()[0]): row for row in case_rows()}


def functions_in(file: str) -> dict[str, ast.FunctionDef]:
    tree = ast.parse((FOLDER / file).read_text(encoding="utf-8"))
    return {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)}


def parameter_count(test: ast.FunctionDef) -> int:
    """Return the number of parameter sets of a test."""
    lists = [
        mark.args[1].elts
        for mark in test.decorator_list
        if isinstance(mark, ast.Call) and len(mark.args) > 1 and isinstance(mark.args[1], ast.List)
    ]
    return len(lists[0]) if lists else 1


def test_every_fraud_case_has_one_row_in_the_table():
    assert list(range(1, 22)) == sorted(ROWS)
    assert len(case_rows()) == len(ROWS)


@pytest.mark.parametrize("case", sorted(ROWS))
def test_tests_named_in_the_table_exist_and_carry_the_case_number(case):
    _what, _fires, tests, near = ROWS[case]
    named = TEST.findall(tests)
    assert named
    for file, name in [*named, *TEST.findall(near)]:
        assert name in functions_in(file), f"{file} has no {name}"
        assert name.startswith(f"test_{case:02}_")


@pytest.mark.parametrize("case", sorted(set(ROWS) - ELSEWHERE))
def test_case_before_the_order_has_a_finding_two_variants_and_a_near_miss(case):
    _what, fires, tests, near = ROWS[case]
    codes = set(re.findall(r"`(\w+)`", fires)) - {"deposit_too_high"}
    assert codes
    assert codes <= set(screening_rules.get())
    (file, name), *_others = TEST.findall(tests)
    assert parameter_count(functions_in(file)[name]) >= MIN_PARAMETER_SETS
    assert TEST.findall(near)
    for code in codes:
        source = "".join((FOLDER / file).read_text(encoding="utf-8") for file, _name in TEST.findall(tests))
        assert f'"{code}"' in source or code == "certificate_required", "the test asserts it"


@pytest.mark.parametrize("case", sorted(ELSEWHERE))
def test_case_on_arrival_has_two_variants_and_a_near_miss(case):
    _what, _fires, tests, near = ROWS[case]
    (file, name), *_others = TEST.findall(tests)
    assert parameter_count(functions_in(file)[name]) >= MIN_PARAMETER_SETS
    assert TEST.findall(near)


def test_every_test_of_a_case_is_in_the_table():
    stands = {name for row in ROWS.values() for cell in row for _file, name in TEST.findall(cell)}
    there = {
        name
        for file in FOLDER.glob("test_*.py")
        for name in functions_in(file.name)
        if re.match(r"test_\d\d_", name)
    }
    assert there == stands
