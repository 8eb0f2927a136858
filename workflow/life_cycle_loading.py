"""Loading of the moves and their actions when an app starts."""

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from django.apps import AppConfig


def load_life_cycles(app: AppConfig, packages: Iterable[str]) -> None:
    """Import the rules and the actions of an app's packages.

    Every process then knows all moves, and every move knows its action.
    """
    root = Path(app.path)
    for package in packages:
        for path in sorted((root / package).rglob("*.py")):
            names = path.relative_to(root.parent).with_suffix("").parts
            if {"rules", "actions"} & {*names}:
                import_module(".".join(names).removesuffix(".__init__"))
