"""Celery beat application, which triggers the periodic jobs by name.

`celery --app config.beat beat` runs it. The schedule is in config/settings.py. Beat loads neither Django nor
a task, so it starts at once and stays small.
"""

import logging
from typing import Any

from celery import Celery
from celery.signals import beat_init

from config.version import VERSION

log = logging.getLogger(__name__)

app = Celery("twinlane", fixups=[])
app.config_from_object("config.settings", namespace="CELERY")


@beat_init.connect
def log_version(**_facts: Any) -> None:
    """Log the version, as web and worker do."""
    log.info("Twinlane %s starts", VERSION)
