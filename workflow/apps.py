"""The machinery's Django app."""

from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    """How anything moves."""

    name = "workflow"
