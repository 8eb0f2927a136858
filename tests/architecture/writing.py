"""What a write of rows looks like in Python, for the law that only actions write."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import name, tree

# Verbs of managers, QuerySets, relations and instances. Each has a twin with an "a" before it that writes as much.
ON_ROWS = frozenset({"save", "create", "update", "delete", "get_or_create", "update_or_create"}) | {
    "bulk_create",
    "bulk_update",
}
ON_RELATIONS = frozenset({"add", "set", "remove", "clear"})  # words of sets, too
ASYNCHRONOUS = frozenset(f"a{word}" for word in ON_ROWS | ON_RELATIONS)
MANAGERS = frozenset({"objects", "_base_manager", "_default_manager"})
# What has one of these verbs and is no row, file by file: a dict and a hash.
NO_ROWS = {
    "workflow/doors/api/collections.py": frozenset({"data.update"}),
    "workflow/doors/api/repeats.py": frozenset({"digest.update"}),
}


def writes_rows(node: ast.Call) -> bool:
    """Whether a call looks like a write: `x.save()`, `rows.update()`, `need.lines.create()`, `thing.relation.set()`, `x.adelete()`."""
    function = node.func
    if not isinstance(function, ast.Attribute):
        return False
    if function.attr in ON_RELATIONS:
        return _is_a_relation(function.value)
    return function.attr in ON_ROWS | ASYNCHRONOUS


def _is_a_relation(receiver: ast.expr) -> bool:
    """Whether `add` or `set` is said to something of a thing: `lead.shared_with`, not `names` nor `self._seen`."""
    if isinstance(receiver, ast.Attribute) and not receiver.attr.startswith("_"):
        return True
    return any(isinstance(part, ast.Attribute) and part.attr in MANAGERS for part in ast.walk(receiver))


def modules_named(module: ast.Module) -> set[str]:
    """What a file imports under a name in small letters: modules, whose `add` or `create` is an action."""
    imports = [node for node in ast.walk(module) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.asname or alias.name for node in imports for alias in node.names}
    return {each for each in names if each.islower()}


def writes_in(module: ast.Module) -> Iterator[ast.Call]:
    """Every write of a parsed file; an action called by its module's name is none."""
    actions = modules_named(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and writes_rows(node):
            receiver = node.func.value  # type: ignore[attr-defined]
            if not (isinstance(receiver, ast.Name) and receiver.id in actions):
                yield node


def writes_of(path: Path) -> list[ast.Call]:
    """Every write of a file but those to what is no row."""
    known = NO_ROWS.get(name(path), frozenset())
    return [call for call in writes_in(tree(path)) if ast.unparse(call.func) not in known]
