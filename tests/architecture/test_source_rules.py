"""Rules of this code base that no linter checks: who writes rows, sizes and names of files."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import DOMAIN, ROOMS, ROOT, functions, modules, name, tree
from tests.architecture.writing import CALLS_ON_OTHER_OBJECTS, writes_in

FORBIDDEN_NAMES = frozenset(
    {"utils", "helpers", "common", "misc", "core", "selectors", "managers", "services"}
)


@pytest.mark.parametrize("room", ROOMS)
def test_architecture_tests_find_modules_in_every_source_package(room):
    assert list(modules(room))


@pytest.mark.parametrize(
    "line",
    [
        "Thing.objects.filter(pk=1).update(a=2)",
        "Thing.objects.create()",
        "Thing.objects.aupdate(a=1)",
        "Thing._default_manager.create()",
        "Thing._base_manager.all().delete()",
        "thing.save()",
        "thing.asave()",
        "thing.delete()",
        "rows.update(a=1)",
        "rows.bulk_create([])",
        "rows.aget_or_create(a=1)",
        "need.lines.create(x=1)",
        "need.lines.all().delete()",
        "need.lines.clear()",
        "lead.shared_with.set([])",
        "lead.shared_with.aadd(city)",
        "get_object_or_404(Thing, pk=1).delete()",
        "super().save()",
    ],
)
def test_write_rule_detects_row_writes(line):
    assert len(list(writes_in(ast.parse(line)))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "names.add(1)",
        "self._seen.add(1)",
        "found.setdefault(1, set()).add(2)",
        "over.set()",
        "Thing.objects.filter(pk=1).first()",
        "from partners.actions import people\npeople.add(by=by)",
        "from procurement.requests import actions\nactions.update(need, by=by)",
    ],
)
def test_write_rule_ignores_sets_and_action_calls(line):
    assert list(writes_in(ast.parse(line))) == []


def test_calls_exempted_as_no_row_write_still_exist():
    for place, calls in CALLS_ON_OTHER_OBJECTS.items():
        assert calls == calls & {ast.unparse(call.func) for call in writes_in(tree(ROOT / place))}


ENQUEUING_MODULES = frozenset({"workflow/worker_trigger.py"})  # the one wake-up, which may fail silently
ENQUEUES = frozenset({"delay", "apply_async", "send_task"})


def enqueues(module: ast.Module) -> list[int]:
    """Return the lines on which a task is enqueued or prepared for the queue."""
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and (node.attr in ENQUEUES)
    ]


def test_no_background_task_is_enqueued_in_domain_packages():
    others = [path for path in modules(*DOMAIN) if name(path) not in ENQUEUING_MODULES]
    assert not [f"{name(path)}:{line}" for path in others for line in enqueues(tree(path))]


@pytest.mark.parametrize("path", sorted(ENQUEUING_MODULES))
def test_modules_allowed_to_enqueue_exist_and_enqueue(path):
    assert enqueues(tree(ROOT / path))


@pytest.mark.parametrize(
    "line",
    [
        "tick.delay()",
        "tick.apply_async(expires=3)",
        'app.send_task("tick")',
        'import_string(name).send_task("tick")',
    ],
)
def test_enqueue_rule_detects_enqueued_tasks(line):
    assert enqueues(ast.parse(line)) == [1]


def imported_modules(path: Path) -> set[str]:
    """Return the modules that a file imports names from."""
    return {node.module or "" for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom)}


def test_domain_packages_import_no_signals():
    signals = {"django.dispatch", "django.db.models.signals"}
    assert not [name(path) for path in modules(*DOMAIN) if signals & imported_modules(path)]


def lines_of(path: Path) -> int:
    """Return the number of lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_source_file_exceeds_800_lines():
    assert not [(name(path), lines_of(path)) for path in modules() if lines_of(path) > 800]


def test_no_function_exceeds_45_lines():
    spans = [(path, node, node.end_lineno) for path in modules() for node in functions(path)]
    long = [(path, node) for path, node, end in spans if end and end - node.lineno + 1 > 45]
    assert not [f"{name(path)}:{node.lineno} {node.name}" for path, node in long]


def test_no_template_exceeds_200_lines():
    templates = [path for path in (ROOT / "templates").rglob("*.*") if path.is_file()]
    assert templates
    assert not [(name(path), lines_of(path)) for path in templates if lines_of(path) > 200]


def test_no_template_line_exceeds_120_characters():
    pages = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.typ")]
    assert pages
    assert not [
        f"{name(path)}:{number}"
        for path in pages
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 120
    ]


def test_no_module_shares_its_name_with_a_folder():
    """Python imports the folder, so a change in the file would have no effect."""
    assert not [name(path) for path in modules() if path.with_suffix("").is_dir()]


def test_every_type_ignore_comment_gives_reason():
    ignored = [
        (path, number, line.split("# type: ignore", 1)[1])
        for path in modules()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "# type: ignore" in line
    ]
    assert len(ignored) > 50
    given = re.compile(r"\[[a-z, -]+\]  # (?!as above|the same).{5,}")
    assert [f"{name(path)}:{number}" for path, number, rest in ignored if not given.fullmatch(rest)] == []


def test_url_patterns_are_defined_only_in_urls_modules():
    lists = [path for path in modules() if re.search(r"^urlpatterns\b", path.read_text(), re.MULTILINE)]
    assert len(lists) > 30
    assert [name(path) for path in lists if path.stem not in ("urls", "api_urls")] == []


def test_no_module_has_forbidden_vague_name():
    assert not [
        name(path)
        for path in modules()
        if FORBIDDEN_NAMES & set(path.relative_to(ROOT).with_suffix("").parts)
    ]


def test_every_public_action_has_docstring():
    public = [
        (path, node)
        for path in modules()
        if "actions" in name(path)
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]
    assert public
    assert not [
        f"{name(path)}:{node.lineno} {node.name}" for path, node in public if not ast.get_docstring(node)
    ]


def test_every_module_has_docstring():
    written = [path for path in modules() if path.read_text(encoding="utf-8").strip()]
    assert not [name(path) for path in written if not ast.get_docstring(tree(path))]


def test_no_template_style_sheet_or_script_loads_from_other_host():
    own = [
        *(ROOT / "templates").rglob("*.*"),
        *(ROOT / "static").rglob("*.css"),
        *(ROOT / "static").rglob("*.js"),
    ]
    # A link to a source (<a href>) sends no request until it is followed.
    asks = re.compile(
        r"""(?:\ssrc|\saction|<link[^>]*\shref|url)\s*[=(]\s*["']?(?:https?:)?//(?!www\.w3\.org)"""
    )
    assert not [name(path) for path in own if asks.search(path.read_text(encoding="utf-8"))]


def test_no_template_contains_inline_style_or_script():
    inside = re.compile(
        r"""<style|\sstyle=|<script(?![^>]*\ssrc=)(?![^>]*application/json)|\son[a-z]+=["']|javascript:"""
    )
    found = [
        path
        for path in (ROOT / "templates").rglob("*.html")
        if inside.search(path.read_text(encoding="utf-8"))
    ]
    assert not [name(path) for path in found]


def test_no_template_prints_primary_key_with_thousands_separator():
    """A key printed plainly gets the thousands separator of the language from 1,000 on, and names nothing then."""
    plain = re.compile(r"\{\{ [\w.]*\bpk \}\}")
    found = [
        name(path) for path in sorted((ROOT / "templates").rglob("*.html")) if plain.search(path.read_text())
    ]
    assert found == []
