"""Working off what is due: one row at a time, each in its own transaction, safe to run twice and at the same time as itself."""

import logging
from collections.abc import Callable

from django.db import transaction
from django.db.models import Model, QuerySet

from workflow.errors import Refused

logger = logging.getLogger(__name__)


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
