"""Tests of the slips themselves: which mistakes are made in a rule, and which lines stay as they are."""

import ast
from pathlib import Path

import pytest

from tests.mutation.equivalent import EQUIVALENT
from tests.mutation.runner import shared_folders
from tests.mutation.slips import slips_of

WORDS = '''
from typing import Literal

LABEL = _("Never, or at most 3 times")


class Kind:
    """A kind with 1 default."""

    most = 3


def said(left: int | None = 3) -> Words:
    """Return 1 sentence."""
    told = {"left": left}
    return _("Only %(left)s are left.") % told
'''


def slips(tmp_path: Path, source: str) -> list[str]:
    path = tmp_path / "rules.py"
    path.write_text(source, encoding="utf-8")
    return [slip.what for slip in slips_of(str(path))[1]]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("x = a <= b", ["a <= b → a < b", "a <= b → a > b"]),
        ("x = a and b", ["a and b → a or b", "lost: a of a and b", "lost: b of a and b"]),
        ("x = not a", ["not a → a"]),
        ("x = 30", ["30 → 31"]),
        ("x = {a, b}", ["lost: a of {a, b}", "lost: b of {a, b}"]),
        ("x = [a for a in b if a]", ["lost: if a"]),
        ("x = a - b", ["a - b → a + b", "lost: b of a - b"]),
        ("x = any(a)", ["any(a) → all(a)"]),
        ("x = city.day_at(at)", ["city.day_at(at) → at.date()"]),
        ("x = Move(ready=a, label=b)", ["lost: ready=a of Move()"]),
        ("x = rows.filter(a__gt=b)", [
            ".filter() → .exclude() in rows.filter(a__gt=b)", "lost: a__gt=b of rows.filter()", "a__gt → a__gte",
        ]),
        ("x = rows.order_by('pk')", ["order_by(pk) → order_by(-pk)"]),
        ("x = 'SELECT a WHERE b <= c'", ["SQL '<=' → '<' in SELECT a WHERE b <= c"]),
        ("def f() -> bool:\n    return a", ["return a → return True", "return a → return False"]),
        ("def f():\n    if a:\n        g()", ["never: if a", "always: if a", "lost: g()"]),
        ("def f():\n    yield a", ["lost: yield a"]),
    ],
)  # fmt: skip
def test_mutations_made_of_rule_are_the_expected_ones(tmp_path, source, found):
    assert slips(tmp_path, source) == found


def test_messages_annotations_defaults_and_docstrings_are_not_mutated(tmp_path):
    assert slips(tmp_path, WORDS) == []


def test_mutation_is_applied_to_source_tree_and_reverted(tmp_path):
    path = tmp_path / "rules.py"
    path.write_text("x = a < b", encoding="utf-8")
    tree, (slip, _turned) = slips_of(str(path))
    with slip.made():
        assert ast.unparse(tree) == "x = a <= b"
    assert ast.unparse(tree) == "x = a < b"


@pytest.mark.parametrize(
    ("test", "folders"),
    [
        ("tests/procurement/orders/payments/test_due.py::test_due", 3),
        ("tests/procurement/orders/test_holds.py::TestHold::test_end", 2),
        ("tests/procurement/payments/test_due.py::test_due", 1),
        ("tests/partners/test_powers.py::test_powers", 0),
    ],
)
def test_tests_of_a_rules_own_package_share_most_folders_with_it(test, folders):
    assert shared_folders("procurement/orders/payments/rules/blocks.py", test) == folders


def test_every_mutation_listed_as_equivalent_still_exists():
    paths = {key.partition("|")[0] for key in EQUIVALENT}
    known = {slip.name.rpartition("|")[0] for path in paths for slip in slips_of(path)[1]}
    assert set(EQUIVALENT) - known == set()
    assert all(EQUIVALENT.values())
