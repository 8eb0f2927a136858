"""Figures about queued mail, for `/metrics` and for the staff's banner about late mail. Reads only."""

from datetime import datetime, timedelta

from django.db.models import Count, F, Min
from django.db.models.functions import Now

from workflow.installation_models import Instance
from workflow.outbox.models import Message

MAIL_LATE_AFTER = timedelta(minutes=10)


def oldest_due_age(at: datetime) -> timedelta:
    """Return the time for which the longest-waiting due message has been due; zero if none is."""
    oldest = Message.objects.filter(state=Message.State.PLANNED, next_try_at__lte=at).aggregate(
        at=Min("next_try_at")
    )["at"]
    return at - oldest if oldest is not None else timedelta()


def tick_age() -> timedelta | None:
    """Return the time since the periodic job last ended, in the database's time; None before the first."""
    age: timedelta | None = (
        Instance.objects.exclude(ticked_at=None).values_list(Now() - F("ticked_at"), flat=True).first()
    )
    return age


def metrics(at: datetime) -> dict[str, float]:
    """Return the figures as `/metrics` prints them, by name (with labels)."""
    by_state = dict.fromkeys(Message.State.values, 0)
    by_state |= dict(Message.objects.values_list("state").annotate(n=Count("pk")).order_by())
    lapsed = Message.objects.filter(state=Message.State.SENDING, leased_until__lt=Now()).count()
    age = tick_age()
    found: dict[str, float] = {f'messages{{state="{state}"}}': count for state, count in by_state.items()}
    found["oldest_due_seconds"] = oldest_due_age(at).total_seconds()
    found["leases_lapsed"] = lapsed
    if age is not None:
        found["tick_age_seconds"] = age.total_seconds()
    return found
