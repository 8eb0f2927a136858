"""What time it is. A practice instance runs on its own clock; everything else on the real one.

The only reader of the system clock. Doors call `now()` and pass the moment on; `real_now()` is for sessions, cookies, tokens and
the expiry of links, which must not follow a practice clock. Leases use the database's own clock.
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
from workflow.models.instance import Instance

PRACTICE_ZONE = ZoneInfo("America/Vancouver")
BETWEEN_STOPS = timedelta(hours=3)
_kind_known: list[str] = []  # the kind never changes, so one look is enough
_offset_of_request: ContextVar[list[timedelta] | None] = ContextVar("offset_of_request", default=None)


def real_now() -> datetime:
    """The real moment, in UTC."""
    return timezone.now()


def is_practice() -> bool:
    """Whether this instance was created as a practice one. One query per process, then remembered."""
    if not _kind_known:
        instance = Instance.objects.first()
        if instance is None:
            return False
        _kind_known.append(instance.kind)
    return _kind_known[0] == Instance.Kind.PRACTICE


def now() -> datetime:
    """The moment the story is at: the practice clock in a practice instance, the real one otherwise. In UTC."""
    known = _offset_of_request.get()
    if known:
        return real_now() + known[0]
    offset = Instance.objects.values_list("offset", flat=True).get() if is_practice() else timedelta()
    if known is not None:
        known.append(offset)
    return real_now() + offset


@contextmanager
def read_once() -> Iterator[None]:
    """Read the clock's offset from the database once for all that is asked of it inside, such as a whole request."""
    token = _offset_of_request.set([])
    try:
        yield
    finally:
        _offset_of_request.reset(token)


def forget() -> None:
    """Forget what kind of instance this is: for tests, where the database changes under the process."""
    _kind_known.clear()


def create_instance(kind: str, starts_at: datetime | None = None) -> Instance:
    """Fix what this instance is, once. Refuses a second, different answer; the same answer again changes nothing."""
    forget()
    with transaction.atomic():
        instance = Instance.objects.select_for_update().first()
        if instance is None:
            offset = (starts_at - real_now()) if starts_at and kind == Instance.Kind.PRACTICE else timedelta()
            return Instance.objects.create(kind=kind, offset=offset)
        if instance.kind != kind:
            raise Refused(
                "instance_fixed", _("This instance was created as another kind, and that cannot change.")
            )
        return instance


def move_on(to: datetime) -> datetime:
    """Move the practice clock forward to a moment. Refuses on a real instance, and refuses to go back."""
    with transaction.atomic():
        instance = Instance.objects.select_for_update().first()
        if instance is None or instance.kind != Instance.Kind.PRACTICE:
            raise Refused("not_practice", _("Only a practice instance has a clock that can be moved."))
        if to < real_now() + instance.offset:
            raise Refused("clock_backwards", _("The practice clock only moves forward."))
        instance.offset = to - real_now()
        instance.save(update_fields=["offset"])
        known = _offset_of_request.get()
        if known is not None:
            known.clear()
    return to


def note_tick() -> None:
    """Note that the tick has ended, by the database's clock: `/metrics` and the staff's banner read it."""
    Instance.objects.update(ticked_at=Now())


def next_morning() -> datetime:
    """The next 09:00 in Vancouver by this instance's clock."""
    here = now().astimezone(PRACTICE_ZONE)
    morning = here.replace(hour=9, minute=0, second=0, microsecond=0)
    if morning <= here:
        morning = (morning + timedelta(days=1)).replace(hour=9)
    return morning


def stops_until(moment: datetime) -> Iterator[datetime]:
    """Every third full hour from now to a moment, that moment being the last."""
    stop = now().replace(minute=0, second=0, microsecond=0) + BETWEEN_STOPS
    while stop < moment:
        yield stop
        stop += BETWEEN_STOPS
    yield moment
