"""Repeated screening by the periodic job: changed names and new watchlists.

Companies whose names or lists changed are compared in small steps. A new list is compared with all names in
one long transaction, which locks only the list until its end: it first reads and compares the names, then
stores the matches. A name entered meanwhile is not marked as compared with the new list. It is compared in
the next run, or earlier if an order from its company is approved (orders/actions/approve.py).
"""

import logging
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from procurement.sanctions.actions.matches import screen_supplier
from procurement.sanctions.actions.watchlists import NameHit, activate_watchlist, fail_watchlist
from procurement.sanctions.models import ScreenedName, Watchlist
from procurement.sanctions.name_index import IndexEntry, NameIndex
from procurement.sanctions.queries import unscreened_suppliers
from workflow.due_rows import process_due
from workflow.errors import Refused, database_is_busy, database_is_unavailable
from workflow.progress import report_progress

MAX_COMPANIES_PER_RUN = 200  # companies per run
NAMES_PER_PROGRESS_REPORT = 2000  # names between two progress reports
SCREENING_LOCK_ID = 20_500_124  # an advisory lock, so that each comparison sees the result of the one before
log = logging.getLogger(__name__)


def rescreen_suppliers(at: datetime) -> int:
    """Screen some of the companies that changed, or whose lists changed, since they were last screened.

    Returns the number of companies with a new or reopened match.
    """
    return sum(screen_supplier(company, at=at) for company in unscreened_suppliers()[:MAX_COMPANIES_PER_RUN])


def activate_next_watchlist(at: datetime) -> int:
    """Bring the next waiting list into force, in its own transaction. Return the number of lists done."""
    return process_due(
        Watchlist.objects.waiting_for_screening(), partial(_screen_and_activate, at=at), limit=1
    )


def progress_task_name(watchlist: Watchlist) -> str:
    """Return the task name under which the progress of a list is published."""
    return f"list{watchlist.pk}"


def _screen_and_activate(watchlist: Watchlist, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SCREENING_LOCK_ID])
        (alone,) = cursor.fetchone()
        # Comparing a long list takes longer than the idle limit for transactions of web pages.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
    if not alone:
        raise Refused("busy", _("Another list is being compared. Try again later."))
    try:
        with transaction.atomic():
            screen_all_names(watchlist, at)
    except Exception as error:
        if isinstance(error, Refused) or database_is_unavailable(error) or database_is_busy(error):
            raise
        log.exception("list %s could not be compared", watchlist.pk)
        fail_watchlist(watchlist, at=at)


def screen_all_names(watchlist: Watchlist, at: datetime) -> None:
    """Compare a list with all known names and bring it into force."""
    names = watchlist.entries.values_list("pk", "name", "aliases", "numbers").order_by("pk")
    index = NameIndex(
        IndexEntry(pk, (name, *aliases), tuple(numbers))
        for pk, name, aliases, numbers in names.iterator(chunk_size=2000)
    )
    seen: list[int] = []
    hits = list(_name_hits(index, seen, progress_task_name(watchlist)))
    activate_watchlist(watchlist, seen, hits, at=at)


def _name_hits(index: NameIndex, seen: list[int], name: str) -> Iterator[NameHit]:
    rows = ScreenedName.objects.order_by("pk").values_list(
        "pk", "supplier_id", "city_id", "name_source", "name"
    )
    total = rows.count()
    for number, (pk, supplier, city, name_source, written) in enumerate(rows.iterator(chunk_size=2000)):
        if number % NAMES_PER_PROGRESS_REPORT == 0:
            report_progress(name, number, total)
        seen.append(pk)
        for listed, likeness in sorted(index.find(written).items()):
            yield NameHit(supplier, city, (name_source, written), listed, likeness)
