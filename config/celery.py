"""Celery application of the workers. A Celery task only wakes up a worker, which then reads its work from the database.

So a lost task loses no work (docs/adr/).
`celery --app config.celery worker` runs this application; every setting is in config/settings.py, under
CELERY_. Beat has its own application (config/beat.py).
"""

import os
from typing import Any

from celery import Celery
from celery.signals import task_postrun, task_prerun, worker_init

from config.preload import preload_and_freeze
from workflow.http.request_ids import current_request_id, new_request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("twinlane")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def preload_before_fork(**_facts: Any) -> None:
    """Load the shared code before Celery forks the pool.

    The forked processes, and those that replace a dead one, then need not load anything.
    """
    preload_and_freeze()


@task_prerun.connect
def set_task_log_id(**_facts: Any) -> None:
    """Set an id that all log lines of a task carry."""
    current_request_id.set(new_request_id())


@task_postrun.connect
def clear_task_log_id(**_facts: Any) -> None:
    """Clear the id of the log lines when the task has ended."""
    current_request_id.set("-")
