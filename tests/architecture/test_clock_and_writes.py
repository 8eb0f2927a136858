"""Only pages and entry points read the clock; only actions write."""

import ast
from pathlib import Path

import pytest

from tests.architecture.layout import ENTRY_POINTS, PAGE_PACKAGES, WRITERS, may_read_clock, may_write
from tests.architecture.sources import ROOT, modules, name, tree
from tests.architecture.writing import writes_of

CLOCK = frozenset({"now", "real_now"})


def reads_the_clock(node: ast.AST) -> bool:
    """Return True if a call asks `workflow.clock` for the time."""
    function = node.func if isinstance(node, ast.Call) else None
    return (
        isinstance(function, ast.Attribute)
        and function.attr in CLOCK
        and isinstance(function.value, ast.Name)
        and function.value.id == "clock"
    )


@pytest.mark.parametrize("place", sorted({*PAGE_PACKAGES, *ENTRY_POINTS, *WRITERS}))
def test_every_path_exempted_from_clock_or_write_rule_exists(place):
    assert (ROOT / place).exists()


def clock_read_in(path: Path) -> list[int]:
    """Return the lines on which a file asks for the time, or imports a function that returns it."""
    named = [node for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom)]
    taken = [node for node in named if node.module == "workflow.clock"]
    return [
        *(
            node.lineno
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Call) and reads_the_clock(node)
        ),
        *(node.lineno for node in taken if CLOCK & {alias.name for alias in node.names}),
    ]


def test_only_pages_and_entry_points_read_clock():
    rest = [path for path in modules() if not may_read_clock(path)]
    assert not [f"{name(path)}:{line}" for path in rest for line in clock_read_in(path)]


def test_clock_rule_detects_reads_of_clock():
    source = ast.parse("at = clock.now()\nreal = clock.real_now()\nother.now()\nclock.is_practice()")
    assert [reads_the_clock(node) for node in ast.walk(source)].count(True) == 2


def test_over_hundred_modules_match_the_clock_exemption():
    assert sum(map(may_read_clock, modules())) > 100


def test_only_actions_write_rows():
    rest = [path for path in modules() if not may_write(path)]
    assert not [f"{name(path)}:{call.lineno}" for path in rest for call in writes_of(path)]


@pytest.mark.parametrize("place", sorted(WRITERS))
def test_every_module_exempted_from_write_rule_writes_rows(place):
    assert writes_of(ROOT / place)


def test_models_neither_read_clock_nor_write_other_rows():
    """A model's own `save` may be extended; nothing else is saved there."""
    models = [path for path in modules() if "models" in path.parts or path.name == "models.py"]
    # Django asks a manager of users to make the first one: createsuperuser.
    rest = [path for path in models if name(path) != "accounts/models.py"]
    assert rest
    assert not [
        f"{name(path)}:{call.lineno}" for path in rest for call in writes_of(path) if not _is_super(call)
    ]


def _is_super(call: ast.Call) -> bool:
    inner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "super"


DAYS = ROOT / "workflow/days.py"


def bare_days(text: str) -> list[int]:
    """Return the lines of a module that convert a moment to a day without a time zone, such as `at.date()`."""
    return [
        call.lineno
        for call in ast.walk(ast.parse(text))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "date"
        and not call.args
        and not call.keywords
    ]


def test_moments_are_converted_to_days_in_one_module_only():
    found = {name(path): bare_days(path.read_text()) for path in modules() if path != DAYS}
    assert {where: lines for where, lines in found.items() if lines} == {}
    assert bare_days(DAYS.read_text())


@pytest.mark.parametrize(
    ("line", "found"),
    [("at.date()", 1), ("clock.now().date()", 1), ("date(2020, 4, 1)", 0), ("day_at(at, zone)", 0)],
)
def test_day_conversion_rule_detects_bare_conversions(line, found):
    assert len(bare_days(line)) == found
