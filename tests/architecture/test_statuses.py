"""Each status is open, done or void, declared once on its enum; no code keeps a list of the same statuses."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from procurement.notifications.table_lookup import NOTICES
from procurement.orders.payments.models import Payment
from tests.architecture.sources import DOMAIN, ROOT, modules, name, tree
from workflow.moves import Moves
from workflow.statuses import StatusChoices

CYCLES = sorted(Moves.registry)
GROUPS = ("open", "done", "void", "settled")
PLAIN = (ast.Tuple, ast.List, ast.Set, ast.Starred, ast.Name, ast.Attribute, ast.Load)


@pytest.mark.parametrize("label", CYCLES)
def test_every_status_is_in_exactly_one_of_open_done_and_void(label):
    statuses = Moves.registry[label].statuses
    assert issubclass(statuses, StatusChoices)
    groups = [statuses.open, statuses.done, statuses.void]
    assert sorted(status for group in groups for status in group) == sorted(statuses.values)
    assert statuses.settled == set(statuses.values) - statuses.open


@pytest.mark.parametrize("label", CYCLES)
def test_final_statuses_are_done_or_void(label):
    moves = Moves.registry[label]
    assert moves.ends.keys() <= moves.statuses.settled


@pytest.mark.parametrize("label", CYCLES)
def test_every_open_status_leads_to_done_or_void(label):
    """From each open status, moves lead to a settled one."""
    moves = Moves.registry[label]
    leads = set(moves.statuses.settled)
    for _ in moves.statuses:
        leads |= {status for move in moves if move.target in leads for status in move.source}
    assert moves.statuses.open <= leads


def statuses_in(expression: ast.expr, names: dict[str, Any], here: dict[str, Any]) -> frozenset[Any]:
    """Return the statuses that a tuple, list, set or `one_of` call lists; none if it contains anything else.

    `names` are the globals of the module, `here` the attributes of the class around the expression.
    """
    if isinstance(expression, ast.Call) and ast.unparse(expression.func) == "one_of":
        expression = ast.copy_location(ast.Tuple(expression.args, ast.Load()), expression)
    plain = all(isinstance(node, PLAIN) for node in ast.walk(expression))
    if not plain or not isinstance(expression, ast.Tuple | ast.List | ast.Set):
        return frozenset()
    try:
        found = eval(compile(ast.Expression(expression), "spelled", "eval"), names, here)
    except (
        NameError,
        AttributeError,
        TypeError,
    ):  # it uses names of a function, so it spells out no statuses
        return frozenset()
    kinds = {type(one) for one in found}
    return frozenset(found) if len(kinds) == 1 and issubclass(*kinds, StatusChoices) else frozenset()


def repeated_groups(node: ast.AST, names: dict[str, Any], here: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """Yield line and group of each list of several statuses that repeats a group of its enum."""
    if isinstance(node, ast.ClassDef) and isinstance(names.get(node.name), type):
        one = names[node.name]
        here = {attribute: getattr(one, attribute) for attribute in dir(one)} | {"self": one, "cls": one}
    if isinstance(node, ast.expr):
        statuses = statuses_in(node, names, here)
        if len(statuses) > 1:
            of = type(next(iter(statuses)))
            same = [group for group in GROUPS if statuses == getattr(of, group)]
            yield from ((node.lineno, f"{of.__qualname__}.{group}") for group in same[:1])
    for inner in ast.iter_child_nodes(node):
        yield from repeated_groups(inner, names, here)


def repeated_groups_in(path: Path) -> list[str]:
    """Return the lists in a file that repeat a status group of an enum, as (place, group)."""
    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return [
        f"{name(path)}:{line} is {group}" for line, group in repeated_groups(tree(path), vars(module), {})
    ]


def test_no_code_repeats_list_of_statuses_of_a_group():
    paths = [path for path in modules(*DOMAIN) if "Status." in path.read_text(encoding="utf-8")]
    assert len(paths) > 100
    assert not [copy for path in paths for copy in repeated_groups_in(path)]


def test_no_notification_repeats_list_of_statuses_of_a_group():
    """Members of the enum come from the group itself; plain text is a list made by hand."""
    by_hand = [
        (label, verb, sorted(notice.valid_statuses))
        for (label, verb), notices in NOTICES.items()
        if label in Moves.registry
        for notice in notices
        if len(notice.valid_statuses) > 1
        and not all(isinstance(one, StatusChoices) for one in notice.valid_statuses)
        if notice.valid_statuses in [getattr(Moves.registry[label].statuses, group) for group in GROUPS]
    ]
    assert not by_hand


@pytest.mark.parametrize(
    ("line", "group"),
    [
        ("UNPAID = (Payment.Status.PLANNED, Payment.Status.PROPOSED)", "open"),
        ("UNPAID = [PROPOSED, Payment.Status.PLANNED]", "open"),
        ("UNPAID = frozenset({Payment.Status.PLANNED, Payment.Status.PROPOSED})", "open"),
        ("move = Move(source=one_of(Payment.Status.PLANNED, Payment.Status.PROPOSED))", "open"),
        ("rows.filter(status__in=(Payment.Status.PROPOSED, Payment.Status.PLANNED))", "open"),
        ("over = payment.status in {Payment.Status.PAID, Payment.Status.CANCELLED}", "settled"),
        ("class Payment:\n    UNPAID = (Status.PLANNED, Status.PROPOSED)", "open"),
        ("class Payment:\n    UNPAID = (*OPEN, Status.PROPOSED)", "open"),
        ("def due(rows):\n    return [one for one in rows if one in (*Payment.Status.open,)]", "open"),
    ],
)
def test_status_list_rule_detects_repeated_group(line, group):
    given = {"Payment": Payment, "PROPOSED": Payment.Status.PROPOSED, "OPEN": [Payment.Status.PLANNED]}
    assert [found for _line, found in repeated_groups(ast.parse(line), given, {})] == [
        f"Payment.Status.{group}"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "UNPAID = Payment.Status.open",
        "CLAIMED = (Payment.Status.PROPOSED, Payment.Status.PAID)",
        "row = (payment, Payment.Status.PLANNED, Payment.Status.PROPOSED)",
        "named = (Payment.Status.PLANNED.label, Payment.Status.PROPOSED.label)",
        "first = one_of(Payment.Status.PLANNED)",
    ],
)
def test_status_list_rule_ignores_narrower_lists(line):
    assert list(repeated_groups(ast.parse(line), {"Payment": Payment}, {})) == []
