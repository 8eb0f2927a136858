"""The register's Django app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    """Who is who."""

    name = "partners"
    verbose_name = _("Partners")

    def ready(self) -> None:
        """Load the life cycles, so that the registry of them is whole in every process."""
        for noun in ("ties", "people", "corrections", "disputes", "imports"):
            import_module(f"partners.rules.{noun}")
