"""Figures on uploaded files for `/metrics`. Reads only."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min
from prometheus_client.core import GaugeMetricFamily

from workflow.uploads.models import File


def upload_metrics(at: datetime, _real_at: datetime) -> Iterator[GaugeMetricFamily]:
    """Yield how many files wait to be checked, and for how long the oldest has waited."""
    waiting = File.objects.filter(status__in=File.Status.open)
    found = waiting.aggregate(n=Count("pk"), at=Min("created_at"))
    yield GaugeMetricFamily("twinlane_files_waiting", "Uploaded files that wait to be checked.", found["n"])
    seconds = (at - found["at"]).total_seconds() if found["at"] is not None else 0
    yield GaugeMetricFamily(
        "twinlane_oldest_waiting_file_seconds", "Time for which the oldest of them has waited.", seconds
    )
