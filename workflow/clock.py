"""Time of this site: the real time on a real site, practice time on a practice site.

Practice time is the real time plus an offset; people who train can move it forward, never back.
Only this module reads the system time. Pages, the API and commands call `now()` and pass the moment on.
`real_now()` is for sessions, cookies, tokens and the expiry of links, which must not follow practice time.
Leases of the outbox use the database's time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from workflow.errors import Refused
from workflow.installation_models import Instance

PRACTICE_TIME_ZONE = ZoneInfo("America/Vancouver")
CLOCK_STOP_INTERVAL = timedelta(hours=3)
_cached_kind: list[str] = []  # the kind never changes, so it is read once
_offset_of_request: ContextVar[list[timedelta] | None] = ContextVar("offset_of_request", default=None)


def real_now() -> datetime:
    """Return the real time, in UTC."""
    return timezone.now()


def is_practice() -> bool:
    """Return True if this instance was created as a practice site.

    The database is asked once per process.
    """
    if not _cached_kind:
        instance = Instance.objects.first()
        if instance is None:
            return False
        _cached_kind.append(instance.kind)
    return _cached_kind[0] == Instance.Kind.PRACTICE


def now() -> datetime:
    """Return the site's time, in UTC: practice time on a practice site, else real time."""
    known = _offset_of_request.get()
    if known:
        return real_now() + known[0]
    offset = Instance.objects.values_list("offset", flat=True).get() if is_practice() else timedelta()
    if known is not None:
        known.append(offset)
    return real_now() + offset


@contextmanager
def cache_clock_offset(offset: timedelta | None = None) -> Iterator[None]:
    """Read the practice time's offset from the database only once inside the block, such as a request.

    It is not read if the caller has done so: `offset`, which is zero on a real site.
    """
    token = _offset_of_request.set([] if offset is None else [offset])
    try:
        yield
    finally:
        _offset_of_request.reset(token)


def clear_instance_cache() -> None:
    """Clear the cached kind of this instance.

    For tests, which change the database while the process runs.
    """
    _cached_kind.clear()


def create_instance(kind: str, starts_at: datetime | None = None) -> Instance:
    """Create the instance as a practice site or a real one; this never changes.

    Refuses a different kind later. The same kind again changes nothing.
    """
    clear_instance_cache()
    with transaction.atomic():
        instance = Instance.objects.select_for_update().first()
        if instance is None:
            offset = (starts_at - real_now()) if starts_at and kind == Instance.Kind.PRACTICE else timedelta()
            return Instance.objects.create(kind=kind, offset=offset)
        if instance.kind != kind:
            raise Refused(
                "instance_fixed", _("This site was set up as another type, which cannot be changed.")
            )
        return instance


def advance_clock(to: datetime) -> datetime:
    """Move the practice time forward to a moment, and return that moment.

    Refuses on a real site, and refuses to go back.
    """
    with transaction.atomic():
        instance = Instance.objects.select_for_update().first()
        if instance is None or instance.kind != Instance.Kind.PRACTICE:
            raise Refused("not_practice", _("Only the clock of a practice site can be moved."))
        if to < real_now() + instance.offset:
            raise Refused("clock_backwards", _("The practice clock can only move forward."))
        instance.offset = to - real_now()
        instance.save(update_fields=["offset"])
        known = _offset_of_request.get()
        if known is not None:
            known.clear()
    return to


def record_tick() -> None:
    """Record, in the database's time, that the periodic job has ended.

    `/metrics` and the banner for staff read it.
    """
    Instance.objects.update(ticked_at=Now())


def next_morning() -> datetime:
    """Return the next 09:00 in Vancouver, in the site's time."""
    here = now().astimezone(PRACTICE_TIME_ZONE)
    morning = here.replace(hour=9, minute=0, second=0, microsecond=0)
    if morning <= here:
        morning = (morning + timedelta(days=1)).replace(hour=9)
    return morning


def stop_times_until(moment: datetime) -> Iterator[datetime]:
    """Yield every third full hour from now until a moment, then that moment.

    The practice time advances in these steps, with the work of the periodic job after each.
    """
    stop = now().replace(minute=0, second=0, microsecond=0) + CLOCK_STOP_INTERVAL
    while stop < moment:
        yield stop
        stop += CLOCK_STOP_INTERVAL
    yield moment


def record_backup() -> None:
    """Record, in the database's time, that a backup was written; `check --deploy` reads it."""
    Instance.objects.update(backed_up_at=Now())
