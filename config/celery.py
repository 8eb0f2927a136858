"""The Celery application: wake-ups only. What must happen stands in the database (docs/adr/, the due ledger).

`celery --app config.celery worker` runs it; every setting is in config/settings.py, under CELERY_. Beat has one of its own (beat.py).
"""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_init

from config import loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("twinlane")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def before_the_pool(**_facts: Any) -> None:
    """The processes of the pool are forked, and forked again where one died: none of them need load anything."""
    loaded.stays()
