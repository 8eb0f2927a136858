"""Figures on webhooks for `/metrics`. Reads only."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Min, Q
from prometheus_client.core import GaugeMetricFamily

from procurement.webhooks.models import WebhookDelivery, WebhookEndpoint


def webhook_metrics(_at: datetime, real_at: datetime) -> Iterator[GaugeMetricFamily]:
    """Yield how many events wait, for how long the oldest is due, and how many webhooks the program disabled.

    Webhooks run in real time, on practice sites too.
    """
    due = Min("next_try_at", filter=Q(state=WebhookDelivery.State.PLANNED, next_try_at__lte=real_at))
    found = WebhookDelivery.objects.unsettled().aggregate(n=Count("pk"), at=due)
    yield GaugeMetricFamily("twinlane_webhook_events_waiting", "Events that wait to be sent.", found["n"])
    seconds = (real_at - found["at"]).total_seconds() if found["at"] is not None else 0
    yield GaugeMetricFamily(
        "twinlane_webhook_oldest_due_seconds", "Time for which the oldest of them is due.", seconds
    )
    by_program = WebhookEndpoint.objects.exclude(disabled_reason="").exclude(
        disabled_reason=WebhookEndpoint.DisabledReason.BY_PERSON
    )
    yield GaugeMetricFamily(
        "twinlane_webhooks_failed", "Webhooks disabled because no event reached them.", by_program.count()
    )
