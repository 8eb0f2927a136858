"""Imports of the solver: web processes load neither numpy nor OR-tools."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import modules, name, tree

PLANS = "procurement.allocations.plans"
HEAVY = ("numpy", "ortools", f"{PLANS}.solver", f"{PLANS}.solver_input", f"{PLANS}.calculation")


def imported_at_start(module: ast.Module) -> Iterator[str]:
    """Yield the names that a module imports when it is loaded, not those that a function imports."""
    for node in module.body:
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def is_heavy(dotted: str) -> bool:
    return any(dotted == heavy or dotted.startswith(f"{heavy}.") for heavy in HEAVY)


def test_solver_is_imported_only_by_the_calculation_of_plans():
    loading = {
        name(path).removesuffix(".py").replace("/", ".")
        for path in modules()
        if any(is_heavy(one) for one in imported_at_start(tree(path)))
    }
    assert f"{PLANS}.calculation" in loading
    assert {one for one in loading if not is_heavy(one)} == set()
