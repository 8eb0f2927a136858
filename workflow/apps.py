"""Django app of the shared workflow code."""

from importlib import import_module

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """App for the moves (status changes), journal, messages and files that all other apps share."""

    name = "workflow"

    def ready(self) -> None:
        """Load the life cycle of files and the deployment checks.

        With the former, the registry of life cycles is complete in every process.
        """
        import_module("workflow.uploads.rules")
        import_module("workflow.http.deploy_checks")
