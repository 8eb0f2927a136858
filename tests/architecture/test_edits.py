"""Actions declare what they take: edits are typed dataclasses, creations have typed keyword arguments."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Required, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from tests.architecture.sources import DOMAIN, functions, modules, name
from workflow.edits import Edit, Unset

ACTIONS = [path for path in modules(*DOMAIN) if "actions" in (path.stem, *path.parts)]


def action_module(path: Path) -> ModuleType:
    return import_module(name(path).removesuffix(".py").replace("/", "."))


def untyped(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return True for an action that takes any keyword argument.

    Context managers are not actions: they pass the facts of a journal entry on to the journal.
    """
    taken, rest = {one.arg for one in function.args.kwonlyargs}, function.args.kwarg
    passes_on = "contextmanager" in map(ast.unparse, function.decorator_list)
    if function.name.startswith("_") or passes_on or not {"by", "at"} <= taken or rest is None:
        return False
    return rest.annotation is None or ast.unparse(rest.annotation) in ("Any", "object")


def test_no_action_accepts_untyped_keyword_arguments():
    assert not [f"{name(path)} {one.name}" for path in ACTIONS for one in functions(path) if untyped(one)]


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("def edit(thing, *, by, at, **facts: Any): ...", True),
        ("def edit(thing, *, by, at, **facts): ...", True),
        ("@makes(EDIT)\ndef edit(thing, *, by, at, **facts: Any): ...", True),
        ("@contextmanager\ndef moved(thing, *, by, at, **facts: Any): ...", False),
        ("def add(*, by, at, **facts: Unpack[RequestFacts]): ...", False),
        ("def edit(thing, edit: RequestEdit, *, by, at): ...", False),
        ("def _keep(thing, *, by, at, **facts: Any): ...", False),
    ],
)
def test_keyword_argument_rule_detects_untyped_arguments(line, caught):
    assert untyped(ast.parse(line).body[0]) == caught


def edit_classes() -> list[type[Edit]]:
    found = [one for path in ACTIONS for one in vars(action_module(path)).values() if inspect.isclass(one)]
    return sorted({one for one in found if issubclass(one, Edit)} - {Edit}, key=str)


def test_every_edit_dataclass_is_frozen_with_optional_fields():
    assert len(edit_classes()) > 10
    for edit in edit_classes():
        assert edit.__dataclass_params__.frozen
        assert edit().changes() == {}


def checks_version(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return True if an action checks the version to which its edit applies, or passes the edit on to an action."""
    handed = [arg for call in ast.walk(function) if isinstance(call, ast.Call) for arg in call.args]
    called = [one.attr for one in ast.walk(function) if isinstance(one, ast.Attribute)]
    return "apply_to" in called or "check_version" in called or "edit" in [ast.unparse(arg) for arg in handed]


def test_every_action_with_edit_checks_its_version():
    taking = [
        (path, one)
        for path in ACTIONS
        for one in functions(path)
        if "edit" in {arg.arg for arg in one.args.args}
    ]
    assert len(taking) >= len(edit_classes())
    assert not [f"{name(path)} {one.name}" for path, one in taking if not checks_version(one)]


def edits_with_facts() -> Iterator[tuple[type[Edit], Any]]:
    """Yield each edit dataclass with the typed dictionary of the arguments for creation, from the same module.

    For `LeadEdit` that is `LeadFacts`. Edits without such a dictionary are left out.
    """
    for edit in edit_classes():
        facts = getattr(import_module(edit.__module__), edit.__name__.replace("Edit", "Facts"), None)
        if is_typeddict(facts):
            yield edit, facts


def test_creation_and_edit_use_same_type_for_same_field():
    assert len(list(edits_with_facts())) > 5
    for edit, facts in edits_with_facts():
        made, hints = get_type_hints(facts), get_type_hints(edit)
        for field in fields(edit):
            if field.name in made:
                kind = made[field.name]
                kind = get_args(kind)[0] if get_origin(kind) is Required else kind
                assert hints[field.name] == kind | Unset, f"{edit.__name__}.{field.name}"
