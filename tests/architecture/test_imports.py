"""The import laws of pyproject.toml bite: a stage built to break them is refused. `make lint` holds the real ones to them."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOMS, ROOT, modules, name, tree

CONTRACTS = {
    contract["name"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
OF_STAGES = CONTRACTS["The files of a stage import one way"]
OF_THE_STORY = CONTRACTS["The story never reaches forward"]
LINT = Path(sys.executable).with_name("lint-imports")
STAGES = [one.removeprefix("procurement.") for one in OF_STAGES["containers"]]
PLAIN = {"actions": "rules", "rules": "models", "models": ""}


def linted(folder: Path, stage: str, imports: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What import-linter says of a stage whose files each import one other, under the contract of pyproject.toml."""
    for one in STAGES:
        place = folder / "procurement" / one
        place.mkdir(parents=True)
        (place / "__init__.py").touch()
        named = imports if one == stage else PLAIN
        for file, other in named.items():
            line = f"from procurement.{one} import {other}\n" if other else ""
            (place / f"{file}.py").write_text(line)
    (folder / "procurement/__init__.py").touch()
    layers = "".join(f"    {layer}\n" for layer in OF_STAGES["layers"])
    containers = "".join(f"    {one}\n" for one in OF_STAGES["containers"])
    (folder / ".importlinter").write_text(
        "[importlinter]\nroot_package = procurement\n\n[importlinter:contract:1]\nname = one way\ntype = layers\n"
        f"exhaustive = {OF_STAGES['exhaustive']}\nlayers =\n{layers}containers =\n{containers}"
    )
    line = [LINT, ".importlinter", "--no-cache"]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("stage", ["orders", "leads"])
def test_a_stage_that_imports_one_way_passes(tmp_path, stage):
    whole = PLAIN | {"actions": "gathering", "gathering": "screening", "screening": "rules"}
    said = linted(tmp_path, stage, whole)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize(
    ("stage", "imports"),
    [
        ("orders", {"rules": "actions"}),
        ("catalogue", {"models": "rules"}),
        ("shipments", {"models": "actions"}),
        ("leads", {"screening": "gathering", "gathering": ""}),
        ("leads", {"rules": "screening", "screening": ""}),
        ("outreach", {"actions": "rules", "sums": "rules"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_a_stage_that_imports_the_other_way_or_has_a_file_without_a_place_is_refused(
    tmp_path, stage, imports
):
    said = linted(tmp_path, stage, {"actions": "", "rules": "", "models": ""} | imports)
    assert said.returncode == 1
    assert "one way BROKEN" in said.stdout


def test_every_stage_of_the_story_is_held_to_it():
    story = OF_THE_STORY["layers"]
    assert story[story.index("models") + 1 :] == STAGES
    places = [ROOT / "procurement" / stage for stage in STAGES]
    assert all((place / "models.py").exists() or (place / "models").is_dir() for place in places)


def test_the_linter_runs_the_contracts_of_pyproject():
    said = subprocess.run([LINT, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout
    assert all(f"{name} KEPT" in said.stdout for name in CONTRACTS)


HUBS = {
    "partners/models/__init__.py",
    "workflow/models/__init__.py",
}  # where Django looks for an app's models


def imports_of(path: Path) -> Iterator[tuple[str, str, str]]:
    """What a file imports of our own: the module, the name, and the name it has here."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ROOMS:
            yield from ((node.module or "", one.name, one.asname or one.name) for one in node.names)
        elif isinstance(node, ast.Import):
            yield from (("", one.name, one.asname or one.name) for one in node.names)


def test_a_name_is_imported_as_it_is_called():
    ours = [(path, one) for path in modules() for one in imports_of(path)]
    assert ours
    assert not [(name(path), called, here) for path, (base, called, here) in ours if base and called != here]


def test_a_package_hands_on_nothing_that_it_does_not_define():
    """Import from the module that defines a name: a reader then knows where it is."""
    found = {}
    for path in modules():
        if path.name == "__init__.py":
            used = {node.id for node in ast.walk(tree(path)) if isinstance(node, ast.Name)}
            found[name(path)] = {here for _base, _called, here in imports_of(path)} - used
    assert {package for package, handed_on in found.items() if handed_on} == HUBS


def test_no_name_of_one_letter_stands_for_a_class():
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
