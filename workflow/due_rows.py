"""Loop that processes due rows one at a time, each in its own transaction.

Idempotent and safe to run concurrently.
"""

import logging
from collections.abc import Callable

from django.db import transaction
from django.db.models import Model, QuerySet

from workflow.errors import Refused

logger = logging.getLogger(__name__)


def process_due[M: Model](due: QuerySet[M], act: Callable[[M], object], limit: int = 200) -> int:
    """Act on at most `limit` rows of a query for due rows, and return how many were acted on.

    Each row is locked (other runners skip it) and must still be due under its lock, so two runners never act
    on it twice. A refusal is logged and does not stop the other rows.
    """
    done = 0
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            row = due.order_by().filter(pk=pk).select_for_update(of=("self",), skip_locked=True).first()
            if row is not None and _process(act, row):
                done += 1
    return done


def _process[M: Model](act: Callable[[M], object], row: M) -> bool:
    try:
        act(row)
    except Refused as refused:
        logger.warning("%s %s was due and was refused: %s", row._meta.label_lower, row.pk, refused)
        return False
    return True
