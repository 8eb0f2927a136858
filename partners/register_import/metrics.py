"""Figures on imports of the city register for `/metrics`. Reads only."""

from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily

from partners.register_import.models import Import


def import_metrics(_at: datetime, _real_at: datetime) -> Iterator[GaugeMetricFamily]:
    """Yield how many imports wait for the worker."""
    waiting = Import.objects.filter(status__in=Import.WAITING_STATUSES).count()
    yield GaugeMetricFamily("twinlane_imports_waiting", "Register imports that wait for the worker.", waiting)
