"""Figures on the journal for `/metrics`. Reads only."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Min
from prometheus_client.core import GaugeMetricFamily

from workflow.journal.models import UnsealedEntry


def journal_metrics(at: datetime, _real_at: datetime) -> Iterator[GaugeMetricFamily]:
    """Yield the time for which the oldest journal entry waits for its seal; zero if all are sealed."""
    oldest = UnsealedEntry.objects.aggregate(at=Min("entry__at"))["at"]
    seconds = (at - oldest).total_seconds() if oldest is not None else 0
    yield GaugeMetricFamily(
        "twinlane_oldest_unsealed_entry_seconds",
        "Time for which the oldest entry waits for its seal.",
        seconds,
    )
