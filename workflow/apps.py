"""Django app of the shared workflow code."""

from importlib import import_module

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """App for the moves (status changes), journal, messages and files that all other apps share."""

    name = "workflow"

    def ready(self) -> None:
        """Load the life cycle of files and the deployment checks, and register the figures of `/metrics`.

        The registries are then complete in every process.
        """
        import_module("workflow.uploads.rules")
        import_module("workflow.http.deploy_checks")
        _register_metrics()


def _register_metrics() -> None:
    """Register the figures of the workflow code. The imports need the models, so they are in the function."""
    from workflow.http.hooks import metric_sources
    from workflow.journal.metrics import journal_metrics
    from workflow.outbox.metrics import outbox_metrics
    from workflow.uploads.metrics import upload_metrics

    metric_sources.register("messages", outbox_metrics)
    metric_sources.register("journal", journal_metrics)
    metric_sources.register("files", upload_metrics)
