"""Progress of a long transaction, published as PostgreSQL's application_name, which is visible before the commit."""

from typing import NamedTuple

from django.db import connection

_MARK = "twinlane"


class Progress(NamedTuple):
    """Number of finished parts, and their total."""

    done: int
    total: int

    @property
    def percent(self) -> int:
        """Finished part, in whole per cent."""
        return 100 * self.done // self.total if self.total else 0


def report_progress(task: str, done: int, total: int) -> None:
    """Publish the progress of a task from inside its transaction.

    `task` is a short word of ASCII letters and digits.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, true)", [f"{_MARK} {task} {done}/{total}"])


def read_progress(task: str) -> Progress | None:
    """Return the progress of a task, or None if it is not running."""
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
