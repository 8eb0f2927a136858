"""Detection of writes to rows in Python source, for the rule that only actions write."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import name, tree

# Methods of managers, QuerySets, relations and instances; each also has an asynchronous form with an "a" in front.
ON_ROWS = frozenset({"save", "create", "update", "delete", "get_or_create", "update_or_create"}) | {
    "bulk_create",
    "bulk_update",
}
ON_RELATIONS = frozenset({"add", "set", "remove", "clear"})  # also methods of sets
ASYNCHRONOUS = frozenset(f"a{word}" for word in ON_ROWS | ON_RELATIONS)
MANAGERS = frozenset({"objects", "_base_manager", "_default_manager"})
# Calls of these verbs on no row, by file: dicts, hashes, pictures and PDFs.
CALLS_ON_OTHER_OBJECTS = {
    "accounts/adapter.py": frozenset({"segno.make(url, error='m').save"}),
    "procurement/catalogue/reference_data.py": frozenset({"whole.update"}),
    "procurement/sanctions/parsers.py": frozenset({"digest.update"}),
    "procurement/sanctions/name_index.py": frozenset({"found.update"}),
    "workflow/api/idempotency.py": frozenset({"digest.update"}),
    "workflow/api/viewsets.py": frozenset({"data.update"}),
    "workflow/pdf/rendering.py": frozenset({"segno.make(url, error='q', micro=False).save"}),
    "workflow/sandbox/preview.py": frozenset({"drawn.save"}),
    "workflow/sandbox/pdf.py": frozenset({"paper.save"}),
    "workflow/sandbox/picture.py": frozenset({"bare.save"}),
    "workflow/uploads/generated_archives.py": frozenset({"digest.update"}),
}


def writes_rows(node: ast.Call) -> bool:
    """Return True if a call looks like a write.

    Examples: `x.save()`, `rows.update()`, `need.lines.create()`, `thing.relation.set()`, `x.adelete()`.
    """
    function = node.func
    if not isinstance(function, ast.Attribute):
        return False
    if function.attr in ON_RELATIONS:
        return _is_a_relation(function.value)
    return function.attr in ON_ROWS | ASYNCHRONOUS


def _is_a_relation(receiver: ast.expr) -> bool:
    """Return True if a receiver of `add` or `set` is a relation.

    `lead.shared_with` is one; `names` and `self._seen` are not.
    """
    if isinstance(receiver, ast.Attribute) and not receiver.attr.startswith("_"):
        return True
    return any(isinstance(part, ast.Attribute) and part.attr in MANAGERS for part in ast.walk(receiver))


def modules_named(module: ast.Module) -> set[str]:
    """Return the lower-case names that a file imports: modules, whose `add` or `create` is an action."""
    imports = [node for node in ast.walk(module) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.asname or alias.name for node in imports for alias in node.names}
    return {each for each in names if each.islower()}


def writes_in(module: ast.Module) -> Iterator[ast.Call]:
    """Yield every write in a parsed file; an action called by its module's name does not count."""
    actions = modules_named(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and writes_rows(node):
            receiver = node.func.value  # type: ignore[attr-defined]
            if not (isinstance(receiver, ast.Name) and receiver.id in actions):
                yield node


def writes_of(path: Path) -> list[ast.Call]:
    """Return every write in a file, without the known calls on objects that are not rows."""
    known = CALLS_ON_OTHER_OBJECTS.get(name(path), frozenset())
    return [call for call in writes_in(tree(path)) if ast.unparse(call.func) not in known]
