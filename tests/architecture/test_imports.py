"""Import contracts of pyproject.toml, tried on generated packages that keep or break them; rules of import style.

`make lint` applies the contracts to the product.
"""

import ast
import inspect
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLResolver, get_resolver

from tests.architecture.sources import ROOMS, ROOT, modules, name, tree

CONTRACTS = {
    contract["name"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
STORY = CONTRACTS["The story never reaches forward"]
PACKAGES = STORY["layers"][STORY["layers"].index("models") + 1 :]  # from the last of the story to its first
CONTRACT_NAMES = (
    "The story never reaches forward",
    "The domain knows no pages",
    "A package imports in one direction",
)
LINT = Path(sys.executable).with_name("lint-imports")
DOMAIN = {"actions": "rules", "queries": "rules", "rules": "models", "models": ""}
PAGES = ("views", "forms", "api", "urls", "portal")


def run_linter(folder: Path, imports: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run import-linter with the contracts of pyproject.toml on generated packages.

    Every generated file has correct imports; `imports` adds files by dotted name, each with the one module it
    imports.
    """
    for layer in STORY["layers"]:
        for package in layer.split(" | "):
            (folder / "procurement" / package).mkdir(parents=True)
            (folder / "procurement" / package / "__init__.py").touch()
    (folder / "procurement/__init__.py").touch()
    for package in (one.removeprefix("procurement.") for one in CONTRACTS[CONTRACT_NAMES[2]]["containers"]):
        place = folder / "procurement" / package.replace(".", "/")
        place.mkdir(exist_ok=True)
        (place / "__init__.py").touch()
        for module in (*DOMAIN, *PAGES, "screening"):
            other = DOMAIN.get(module, "")
            line = f"from procurement.{package} import {other}\n" if other else ""
            (place / f"{module}.py").write_text(line)
    for module, other in imports.items():
        path = folder / (module.replace(".", "/") + ".py")
        path.parent.mkdir(exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(f"import {other}\n")
    lines = ["[tool.importlinter]", 'root_package = "procurement"']
    for contract in (CONTRACTS[one] for one in CONTRACT_NAMES):
        lines.append("[[tool.importlinter.contracts]]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in contract.items()]
    (folder / "pyproject.toml").write_text("\n".join(lines))
    line = [LINT, "--no-cache"]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "imports",
    [
        {},
        {"procurement.leads.queries": "procurement.leads.screening"},
        {"procurement.orders.actions": "procurement.leads.actions"},
        {"procurement.requests.views": "procurement.shipments.queries"},
        {"procurement.notifications.kinds": "procurement.thanks.models"},
        {"procurement.orders.actions": "procurement.orders.payments.actions"},
    ],
)
def test_import_contracts_accept_packages_importing_in_one_direction(tmp_path, imports):
    answer = run_linter(tmp_path, imports)
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("broken", "imports"),
    [
        (CONTRACT_NAMES[2], {"procurement.orders.rules": "procurement.orders.actions"}),
        (CONTRACT_NAMES[2], {"procurement.catalogue.models": "procurement.catalogue.rules"}),
        (CONTRACT_NAMES[2], {"procurement.leads.rules": "procurement.leads.queries"}),
        (CONTRACT_NAMES[2], {"procurement.orders.payments.models": "procurement.orders.payments.actions"}),
        (CONTRACT_NAMES[0], {"procurement.requests.actions": "procurement.orders.models"}),
        (CONTRACT_NAMES[0], {"procurement.customs.rules": "procurement.documents.models"}),
        (CONTRACT_NAMES[0], {"procurement.orders.letters": "procurement.shipments.models"}),
        (CONTRACT_NAMES[0], {"procurement.storage.models": "procurement.catalogue.models"}),
        (CONTRACT_NAMES[1], {"procurement.shipments.queries": "procurement.shipments.views"}),
        (CONTRACT_NAMES[1], {"procurement.shipments.actions": "procurement.requests.forms"}),
        (CONTRACT_NAMES[1], {"procurement.orders.payments.actions": "procurement.orders.payments.api"}),
        (CONTRACT_NAMES[1], {"procurement.leads.actions": "procurement.notifications"}),
    ],
)
def test_import_contracts_refuse_reverse_import_and_unlisted_package(tmp_path, broken, imports):
    answer = run_linter(tmp_path, imports)
    assert answer.returncode == 1
    assert f"{broken} BROKEN" in answer.stdout


def test_every_package_with_models_is_in_an_import_contract():
    found = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts[: -1 if path.stem == "models" else -2])
        for path in (ROOT / "procurement").rglob("*.py")
        if "migrations" not in path.parts and (path.stem == "models" or path.parent.name == "models")
    } - {"procurement"}
    assert found - {"procurement.notifications"} <= set(CONTRACTS[CONTRACT_NAMES[2]]["containers"])
    assert {one.removeprefix("procurement.") for one in CONTRACTS[CONTRACT_NAMES[2]]["containers"]} >= set(
        PACKAGES
    )


def test_import_linter_runs_contracts_of_pyproject():
    answer = subprocess.run([LINT, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout
    assert all(f"{name} KEPT" in answer.stdout for name in CONTRACTS)


def imports_of(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the imports of the product's own modules: module, name, and local name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ROOMS:
            yield from ((node.module or "", one.name, one.asname or one.name) for one in node.names)
        elif isinstance(node, ast.Import):
            yield from (("", one.name, one.asname or one.name) for one in node.names)


def test_project_names_are_imported_without_alias():
    ours = [(path, one) for path in modules() for one in imports_of(path)]
    assert ours
    assert not [(name(path), called, here) for path, (base, called, here) in ours if base and called != here]


def test_every_init_module_is_empty():
    """A name is imported from the module that defines it, so that a reader knows where it is."""
    assert not [name(path) for path in modules() if path.name == "__init__.py" and path.read_text().strip()]


def view_functions() -> set[tuple[str, str]]:
    """Return module and name of every function of the product that answers a URL."""
    found, resolvers = set(), [get_resolver()]
    while resolvers:
        for one in resolvers.pop().url_patterns:
            if isinstance(one, URLResolver):
                resolvers.append(one)
            else:
                view = inspect.unwrap(one.callback)
                found.add((view.__module__, getattr(view, "__name__", "")))
    return {(module, called) for module, called in found if module.split(".")[0] in ROOMS}


def test_no_package_imports_view_function_of_another_package():
    views = view_functions()
    assert len(views) > 200
    pages = [path for path in modules() if not path.stem.endswith("urls")]
    assert [
        f"{name(path)}: {called}"
        for path in pages
        for base, called, _here in imports_of(path)
        if (base, called) in views
        and not path.is_relative_to(ROOT / base.split(".views")[0].replace(".", "/"))
    ] == []


def test_no_class_has_one_letter_alias():
    short = [
        f"{name(path)}:{node.lineno}"
        for path in modules()
        for node in tree(path).body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and len(node.targets[0].id) == 1
        and isinstance(node.value, ast.Name | ast.Attribute)
    ]
    assert short == []
