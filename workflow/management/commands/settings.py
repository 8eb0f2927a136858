"""`manage.py settings`: print each setting with its value, its source and its default."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Command that prints the settings in effect on this instance; secrets are masked."""

    help = "Print each setting with its value, where it comes from, and its default. Secrets are masked."
    requires_system_checks = ()  # it helps to find what a check complains of

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print one line for each setting, in the order of config/settings.py."""
        for setting in settings.ENVIRONMENT.listed_settings():
            source = setting.source
            if source != "default":
                source += f"; default {setting.default or 'empty'}"
            self.stdout.write(f"{setting.name}={setting.value}  ({source})")
