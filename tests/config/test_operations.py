"""docs/operations.md lists every setting, and no other."""

import ast
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def settings_read() -> set[str]:
    """The names that config/settings.py asks the environment for."""
    tree = ast.parse((ROOT / "config/settings.py").read_text())
    calls = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    asked = [call for call in calls if isinstance(call.func.value, ast.Name) and call.func.value.id == "env"]  # type: ignore[attr-defined]
    return {ast.literal_eval(call.args[0]) for call in asked if call.func.attr != "read_env"}  # type: ignore[attr-defined]


def settings_listed() -> list[str]:
    """The names in the table of settings."""
    return re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs/operations.md").read_text(), re.MULTILINE)


def test_every_setting_is_in_the_table_once() -> None:
    listed = settings_listed()
    assert sorted(listed) == sorted(settings_read())


def test_the_compose_file_sets_only_settings_that_exist() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    assert set(compose["services"]["web"]["environment"]) <= settings_read()


def test_the_image_holds_what_the_compose_file_runs() -> None:
    ignored = (ROOT / ".dockerignore").read_text()
    rooms = [
        path.parent.name
        for path in ROOT.glob("*/__init__.py")
        if path.parent.name not in ("tests", "benchmarks")
    ]
    assert all(f"!{name}\n" in ignored for name in [*rooms, "templates", "static", "locale"])
