"""The story's Django app: one app with one migration history, the stages are packages inside it."""

from importlib import import_module
from pathlib import Path

from django.apps import AppConfig

STAGES = (
    "catalogue",
    "requests",
    "outreach",
    "suppliers",
    "lists",
    "leads",
    "verification",
    "allocations",
    "orders",
    "shipments",
)


class ProcurementConfig(AppConfig):
    """From a need to an inspected delivery."""

    name = "procurement"

    def ready(self) -> None:
        """Load the rules of every stage, so that the registry of life cycles is complete in every process."""
        root = Path(self.path)
        for stage in STAGES:
            for path in sorted((root / stage).rglob("*.py")):
                names = path.relative_to(root.parent).with_suffix("").parts
                if "rules" in names:
                    import_module(".".join(names).removesuffix(".__init__"))
