"""The machinery's Django app."""

from importlib import import_module

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """How anything moves."""

    name = "workflow"

    def ready(self) -> None:
        """Load the life cycle of files, so that the registry of life cycles is whole in every process, and the deploy checks."""
        import_module("workflow.documents.rules")
        import_module("workflow.doors.deploy")
