"""Working off what is due: one row at a time, each in its own transaction, safe to run twice and at the same time as itself.

And how far one long transaction has come, for others to see: told in the name of its connection (docs/adr/0054). Rows written inside a
transaction are seen by nobody before its end; a connection's name is seen at once, and goes with the transaction.
"""

import logging
from collections.abc import Callable
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Model, QuerySet

from workflow.errors import Refused

logger = logging.getLogger(__name__)
_MARK = "twinlane"


def work_off[M: Model](due: QuerySet[M], act: Callable[[M], object], limit: int = 200) -> int:
    """Act on at most `limit` rows of a query that says what is due; returns how many were acted on.

    Each row is locked (others skip it) and must still be due under its lock, so two runners never act on it twice. A refusal is
    logged and keeps no other row from its turn.
    """
    done = 0
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            row = due.order_by().filter(pk=pk).select_for_update(of=("self",), skip_locked=True).first()
            if row is not None and _acted(act, row):
                done += 1
    return done


def _acted[M: Model](act: Callable[[M], object], row: M) -> bool:
    try:
        act(row)
    except Refused as refused:
        logger.warning("%s %s was due and was refused: %s", row._meta.label_lower, row.pk, refused)
        return False
    return True


class Progress(NamedTuple):
    """So many of so many."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        """How much of it is done, whole per cent."""
        return 100 * self.done // self.total if self.total else 0


def tell(task: str, done: int, total: int) -> None:
    """Say how far a task has come, from inside its transaction. `task` is a short word of ASCII letters and digits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, true)", [f"{_MARK} {task} {done}/{total}"])


def how_far(task: str) -> Progress | None:
    """How far a task has come; None where nobody is at it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity WHERE datname = current_database() "
            "AND starts_with(application_name, %s)",
            [f"{_MARK} {task} "],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    done, total = row[0].rpartition(" ")[2].split("/")
    return Progress(int(done), int(total))
