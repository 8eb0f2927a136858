"""The Celery application: wake-ups only. What must happen stands in the database (docs/adr/, the due ledger).

`celery --app config.celery worker` and `... beat` run it; every setting is in config/settings.py, under CELERY_.
"""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("twinlane")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
