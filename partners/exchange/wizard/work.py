"""What the machine does with a file for the register: checks it, brings it in, takes it back. The tick calls `carry_on`.

All of it follows from rows: a worker that dies leaves nothing behind, and the next one does the same again.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import batched

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from partners.actions import carried
from partners.actions.carried import Found, taken_back
from partners.actions.many import add_cities, new_city
from partners.actions.taking_back import take_back
from partners.exchange.faults import Fault
from partners.exchange.files import Numbered
from partners.exchange.runs import AT_ONCE, Run
from partners.exchange.tables import TABLES
from partners.exchange.wizard import reading, telling
from partners.exchange.wizard.places import resolving
from partners.exchange.wizard.places.resolving import facts_of, to_add, with_keys
from partners.models.cities import City
from partners.models.imports import Import, ImportPlace, Sheet
from partners.rules.imports import WITHDRAW
from partners.rules.powers import powers_of
from workflow import due
from workflow.due import work_off
from workflow.errors import Refused, database_is_away, database_is_busy
from workflow.journal.entries import history_of
from workflow.models.journal import Entry

VIA = "import"  # how whoever brought a file acts while the machine brings it in
# An advisory lock: two imports never write at once, so each sees what the other entered and finds its own entries again.
ONE_AT_A_TIME = 20_500_123
MOST = 3  # files in one tick
log = logging.getLogger(__name__)


class Undone(Exception):
    """Ends a trial: what was done in it is taken back."""


def carry_on(at: datetime) -> int:
    """Take the next step with the files that wait, each in a transaction of its own; how many."""
    return work_off(Import.objects.due(), partial(_next_step, at=at), limit=MOST)


def _next_step(batch: Import, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        (alone,) = cursor.fetchone()
        # A large file is thought about for longer than a page may leave a transaction idle.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10min'")
    if not alone:
        raise Refused("busy", _("Another file is being brought in just now."))
    try:
        with transaction.atomic():
            _STEPS[batch.status](batch, at)
    except Exception as error:
        if isinstance(error, Refused) or database_is_away(error) or database_is_busy(error):
            raise
        # A fault of ours: whoever waits is told, and other files are not kept waiting. What is to be taken back waits to be repaired.
        log.exception("import %s, %s, could not be worked on", batch.pk, batch.status)
        if batch.status != Import.Status.WITHDRAWING:
            carried.failed(batch, telling.stumbled(), at=at)


def task(batch: Import) -> str:
    """The name under which its progress is told."""
    return f"import{batch.pk}"


def check(batch: Import, at: datetime) -> None:
    """Read the file, find its places, and try it: what it would do is done, looked at and undone."""
    sheet = Sheet.objects.get(batch=batch)
    due.tell(task(batch), 0, batch.rows)
    read = reading.read(batch, sheet)
    found = Found(places=resolving.resolve(batch, read))
    if read.faults:
        found.faults = telling.told(lambda: reading.read(batch, sheet).faults)
    else:
        _try(batch, read.rows, found, at)
    carried.checked(batch, found, at=at)


def _try(batch: Import, rows: list[Numbered], found: Found, at: datetime) -> None:
    """Note what the file would do; where something is in the way, the reasons in three languages."""
    run = _dry(batch, rows, found, at)
    telling.note(found, run)
    if run.faults:
        found.faults = telling.told(lambda: _dry(batch, rows, found, at).faults)


def _dry(batch: Import, rows: list[Numbered], found: Found, at: datetime) -> Run:
    try:
        with transaction.atomic():
            run = _bring(batch, rows, found, at, dry=True)
            raise Undone
    except Undone:
        return run


def bring_in(batch: Import, at: datetime) -> None:
    """Bring the file in, all of it or nothing."""
    sheet = Sheet.objects.get(batch=batch)
    rows = reading.read(batch, sheet).rows
    checked = {place.pk: place.slug for place in batch.places.all()}
    places = resolving.settle(batch.places.order_by("pk"))
    found = Found(places=places, moved=[place for place in places if place.slug != checked[place.pk]])
    last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    try:
        with transaction.atomic():
            run = _bring(batch, rows, found, at)
            if run.faults:
                raise Undone
    except (Undone, IntegrityError):  # somebody recorded the same just now: the trial finds it and says so
        _try(batch, rows, found, at)
        carried.failed(batch, found, at=at)
        return
    telling.note(found, run)
    mine = Entry.objects.filter(pk__gt=last, via=VIA, by=batch.by_id).order_by("pk")
    carried.finished(batch, found, list(mine.values_list("pk", flat=True)), at=at)


def withdraw(batch: Import, at: datetime) -> None:
    """Take back what the file brought, as far as nothing rests on it; for the reason that was given."""
    sheet = Sheet.objects.get(batch=batch)
    due.tell(task(batch), 0, batch.rows)
    asked = history_of(batch).filter(verb=WITHDRAW.verb).order_by("-pk").first()
    left = take_back(
        sheet.entries,
        by=powers_of(batch.by, via=VIA),
        at=at,
        reason=asked.reason if asked else batch.reason,
        tell=partial(_tell, batch, len(sheet.entries)),
    )
    taken_back(batch, left, at=at)


_STEPS: dict[str, Callable[[Import, datetime], None]] = {
    Import.Status.MATCHED: check,
    Import.Status.RUNNING: bring_in,
    Import.Status.WITHDRAWING: withdraw,
}


def _tell(batch: Import, total: int, done: int) -> None:
    due.tell(task(batch), min(done, total), total)


def _bring(batch: Import, rows: list[Numbered], found: Found, at: datetime, *, dry: bool = False) -> Run:
    """Do what the file says: first the places it adds, then its rows. Rows of a place that is left out, or open, are passed over."""
    run = Run(
        by=powers_of(batch.by, via=VIA),
        at=at,
        reason=batch.reason,
        only_new=batch.only_new,
        dry=dry,
        lenient=True,
        # Each row is judged first, and entered only when all of them are.
        tell=partial(_tell, batch, batch.rows * (1 if dry else 2)),
    )
    kept = with_keys(batch.table, rows, {place.key: place for place in found.places})
    found.left_out = len(rows) - len(kept)
    _add_places(to_add(batch.table, kept, found.places), run)
    TABLES[batch.table].bring(kept, run)
    return run


def _add_places(places: list[tuple[int, ImportPlace]], run: Run) -> None:
    """Enter the places that are new, or in a dry run remember them; each comes with the row that names it first."""
    fresh: list[City] = []
    for number, place in places:
        try:
            fresh.append(new_city(place.slug, facts_of(place), run.by))
        except Refused as refused:
            run.faults.append(Fault(number, "", refused.message))
    for number, city in enumerate(fresh, start=1):
        city.pk = -number if run.dry else None
    run.pending = {city.slug: city for city in fresh} if run.dry else {}
    if not run.dry:
        for some in batched(fresh, AT_ONCE):
            add_cities(some, **run.who)
