"""Celery beat application, which triggers the periodic jobs by name.

`celery --app config.beat beat` runs it. The schedule is in config/settings.py. Beat loads neither Django nor
a task, so it starts at once and stays small.
"""

from celery import Celery

app = Celery("twinlane", fixups=[])
app.config_from_object("config.settings", namespace="CELERY")
