"""The laws of the house that no linter knows: who writes, what files look like, which names there are not."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, functions, modules, name, tree

WRITES = frozenset(
    {
        "save",
        "create",
        "update",
        "delete",
        "bulk_create",
        "bulk_update",
        "get_or_create",
        "update_or_create",
        "add",
        "set",
        "remove",
    }
)
ONLY_ON_QUERYSETS = frozenset(
    {"update", "delete", "add", "set", "remove", "create"}
)  # words that other objects have too
FORBIDDEN_NAMES = frozenset(
    {"utils", "helpers", "common", "misc", "core", "selectors", "managers", "services"}
)
DOORS = (
    "procurement/web",
    "procurement/api",
    "procurement/notices",
    "procurement/exchange",
    "procurement/management",
    "accounts/web",
)


def door_files() -> list[Path]:
    """Doors, rules and notices: what may never write a row."""
    found = [path for path in modules() if any(name(path).startswith(door) for door in DOORS)]
    found += [path for path in modules() if "rules" in path.parts or path.name == "rules.py"]
    return sorted(set(found))


def writes_rows(node: ast.Call) -> bool:
    """Whether a call looks like a write: `x.save()`, `Model.objects.create()`, `thing.relation.set()`."""
    function = node.func
    if not isinstance(function, ast.Attribute) or function.attr not in WRITES:
        return False
    return function.attr not in ONLY_ON_QUERYSETS or _mentions_objects(function.value)


def _mentions_objects(node: ast.expr) -> bool:
    return any(
        isinstance(part, ast.Attribute) and part.attr in ("objects", "_base_manager")
        for part in ast.walk(node)
    )


@pytest.mark.parametrize("path", door_files(), ids=name)
def test_only_actions_write(path):
    calls = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and writes_rows(node)]
    assert not [f"{name(path)}:{call.lineno}" for call in calls]


def test_the_law_on_writing_has_teeth():
    source = ast.parse(
        "Thing.objects.filter(pk=1).update(a=2)\nthing.save()\nThing.objects.create()\nnames.add(1)"
    )
    calls = [node for node in ast.walk(source) if isinstance(node, ast.Call)]
    assert [writes_rows(call) for call in calls if isinstance(call.func, ast.Attribute)].count(True) == 3


@pytest.mark.parametrize("path", list(modules("workflow", "accounts", "partners", "procurement")), ids=name)
def test_no_delay_and_no_signals_in_the_domain(path):
    attributes = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)]
    assert not [
        node.lineno
        for node in attributes
        if node.attr in ("delay", "apply_async") and name(path) not in WAKERS
    ]
    imported = [node.module or "" for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom)]
    assert not [module for module in imported if module in ("django.dispatch", "django.db.models.signals")]


WAKERS = frozenset({"workflow/outbox/nudge.py"})  # the one wake-up, which may fail silently


@pytest.mark.parametrize("path", list(modules()), ids=name)
def test_no_file_is_longer_than_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", list(modules()), ids=name)
def test_no_function_is_longer_than_45_lines(path):
    long = [(node.name, node.end_lineno - node.lineno + 1) for node in functions(path) if node.end_lineno]
    assert not [(found, lines) for found, lines in long if lines > 45]


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.*")), ids=name)
def test_no_template_is_longer_than_150_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150


def test_no_folder_holds_more_than_15_files():
    left_out = {"migrations", "data", "__pycache__"}
    folders = {
        path.parent
        for path in [*modules(), *(ROOT / "tests").rglob("*.py")]
        if not left_out & set(path.parts)
    }
    crowded = {name(folder): len(list(folder.glob("*.py"))) for folder in folders}
    assert not {
        folder: files for folder, files in crowded.items() if files > 15 and not folder.startswith("tests")
    }


def test_no_module_stands_beside_a_folder_of_its_name():
    """Python reads the folder; what somebody changes in the file would never be heard of."""
    assert not [name(path) for path in modules() if path.with_suffix("").is_dir()]


def test_no_module_has_a_name_that_says_nothing():
    assert not [
        name(path)
        for path in modules()
        if FORBIDDEN_NAMES & set(path.relative_to(ROOT).with_suffix("").parts)
    ]


@pytest.mark.parametrize("path", [path for path in modules() if "actions" in name(path)], ids=name)
def test_every_action_says_what_it_will_do(path):
    public = [
        node
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]
    assert not [node.name for node in public if not ast.get_docstring(node)]


@pytest.mark.parametrize("path", list(modules()), ids=name)
def test_every_module_opens_with_what_lives_there(path):
    source = path.read_text(encoding="utf-8")
    assert not source.strip() or ast.get_docstring(tree(path))


def test_no_page_or_sheet_names_another_host():
    own = [
        *(ROOT / "templates").rglob("*.*"),
        *(ROOT / "static").rglob("*.css"),
        *(ROOT / "static").rglob("*.js"),
    ]
    # A link somebody may follow to a source (<a href>) asks nobody for anything by itself.
    asks = re.compile(
        r"""(?:\ssrc|\saction|<link[^>]*\shref|url)\s*[=(]\s*["']?(?:https?:)?//(?!www\.w3\.org)"""
    )
    assert not [name(path) for path in own if asks.search(path.read_text(encoding="utf-8"))]


def test_no_style_or_script_stands_inside_a_template():
    inside = re.compile(
        r"""<style|\sstyle=|<script(?![^>]*\ssrc=)(?![^>]*application/json)|\son[a-z]+=["']|javascript:"""
    )
    found = [
        path
        for path in (ROOT / "templates").rglob("*.html")
        if inside.search(path.read_text(encoding="utf-8"))
    ]
    assert not [name(path) for path in found]
