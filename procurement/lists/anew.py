"""Comparing anew, for the tick: companies whose names or lists changed, in small steps; a list that came, with every name, in one.

The transaction of a list is long and locks nothing but the list before its end: names are read and compared first, then what
was found is written. A name that is entered meanwhile keeps the turn it was compared at, and is compared by the next `settle`, or
as its company is ordered from (orders/actions/deciding.py), whichever comes first.
"""

import logging
from collections.abc import Iterator
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from procurement.lists import gathering
from procurement.lists.actions import lists, screening
from procurement.lists.actions.lists import Hit, come_in_force
from procurement.lists.models.match import ScreenedName
from procurement.lists.models.watch_list import WatchList
from procurement.lists.screening import Entry, Index
from workflow import due
from workflow.due import work_off
from workflow.errors import Refused, database_is_away, database_is_busy

MOST = 200  # companies in one go
TOLD_EVERY = 2000  # names between two words about how far it is
ONE_AT_A_TIME = 20_500_124  # an advisory lock: each list is compared knowing the one before
log = logging.getLogger(__name__)


def rescreen_suppliers(at: datetime) -> int:
    """Compare the names of companies that are behind; how many companies had something found or reopened."""
    return sum(screening.screen(company, at=at) for company in gathering.behind()[:MOST])


def process_next(at: datetime) -> int:
    """Bring the next list into force that waits, in a transaction of its own; how many."""
    return work_off(WatchList.objects.due(), partial(_next, at=at), limit=1)


def task(watch_list: WatchList) -> str:
    """The name under which its progress is told."""
    return f"list{watch_list.pk}"


def _next(watch_list: WatchList, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        (alone,) = cursor.fetchone()
        # A long list is thought about for longer than a page may leave a transaction idle.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
    if not alone:
        raise Refused("busy", _("Another list is being compared just now."))
    try:
        with transaction.atomic():
            screen_all(watch_list, at)
    except Exception as error:
        if isinstance(error, Refused) or database_is_away(error) or database_is_busy(error):
            raise
        log.exception("list %s could not be compared", watch_list.pk)
        lists.fail(watch_list, at=at)


def screen_all(watch_list: WatchList, at: datetime) -> None:
    """Compare a list with every name there is, and bring it into force."""
    names = watch_list.listed.values_list("pk", "name", "aliases", "numbers").order_by("pk")
    index = Index(
        Entry(pk, (name, *aliases), tuple(numbers))
        for pk, name, aliases, numbers in names.iterator(chunk_size=2000)
    )
    seen: list[int] = []
    hits = list(_hits(index, seen, task(watch_list)))
    come_in_force(watch_list, seen, hits, at=at)


def _hits(index: Index, seen: list[int], name: str) -> Iterator[Hit]:
    rows = ScreenedName.objects.order_by("pk").values_list("pk", "supplier_id", "city_id", "borne", "name")
    total = rows.count()
    for number, (pk, supplier, city, borne, written) in enumerate(rows.iterator(chunk_size=2000)):
        if number % TOLD_EVERY == 0:
            due.tell(name, number, total)
        seen.append(pk)
        for listed, likeness in sorted(index.find(written).items()):
            yield Hit(supplier, city, (borne, written), listed, likeness)
