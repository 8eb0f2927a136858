"""Figures about queued mail, for `/metrics` and for the staff's banner about late mail. Reads only."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, F, Min
from django.db.models.functions import Now
from prometheus_client.core import GaugeMetricFamily

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


def outbox_metrics(at: datetime, _real_at: datetime) -> Iterator[GaugeMetricFamily]:
    """Yield the figures of `/metrics` on messages and the periodic job."""
    by_state = dict.fromkeys(Message.State.values, 0)
    by_state |= dict(Message.objects.values_list("state").annotate(n=Count("pk")).order_by())
    messages = GaugeMetricFamily("twinlane_messages", "Messages by state.", labels=["state"])
    for state, count in by_state.items():
        messages.add_metric([state], count)
    yield messages
    age = oldest_due_age(at).total_seconds()
    yield GaugeMetricFamily(
        "twinlane_oldest_due_seconds", "Time for which the oldest due message waits.", age
    )
    lapsed = Message.objects.filter(state=Message.State.SENDING, leased_until__lt=Now()).count()
    yield GaugeMetricFamily(
        "twinlane_leases_lapsed", "Messages whose sender ended without an answer.", lapsed
    )
    ticked = tick_age()
    if ticked is not None:
        yield GaugeMetricFamily(
            "twinlane_tick_age_seconds", "Time since the periodic job last ended.", ticked.total_seconds()
        )
