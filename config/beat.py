"""The metronome: it says by name what is due, and knows nothing of what is then done. So it starts at once and stays small.

`celery --app config.beat beat` runs it. Neither Django nor a task is loaded; when what is due comes from config/settings.py.
"""

from celery import Celery

app = Celery("twinlane", fixups=[])
app.config_from_object("config.settings", namespace="CELERY")
