"""The story's Django app: one app with one migration history, the stages are packages inside it."""

from importlib import import_module

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
        """Load every stage's rules, so that the registry of life cycles is whole in every process."""
        for stage in STAGES:
            import_module(f"procurement.{stage}.rules")
