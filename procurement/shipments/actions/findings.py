"""What shipping shows about an offer, noted on the offer: doubts of customs, no hand-over, parcels lost on the way, goods short."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from procurement.catalogue.models import CustomsRule
from procurement.leads import actions as leads
from procurement.leads.models import Finding, SupplierLead
from procurement.leads.screening import Found
from procurement.shipments.models import Shipment
from procurement.shipments.rules.tracking import HAND_OVER_WITHIN, parcels_short
from workflow.due import work_off

CODES = frozenset({"customs_doubt", "no_hand_over", "parcels_short", "came_short"})
WARN = Finding.Severity.WARN


def judge(shipment: Shipment, at: datetime) -> None:
    """Bring this stage's findings on the offers in a shipment up to date. Called under the shipment's lock."""
    offers = SupplierLead.objects.filter(allocations__order_line__shipment_lines__shipment=shipment)
    for lead in offers.distinct().order_by("pk"):
        parts = Shipment.objects.filter(lines__order_line__allocation__lead=lead).distinct()
        parts = parts.exclude(status=Shipment.Status.CANCELLED).order_by("pk")
        leads.find(lead, [found for part in parts for found in _of(part, at)], at=at, only=CODES)


def watch(at: datetime) -> int:
    """Note the shipments said to have departed two days ago that no carrier has confirmed. Returns how many were noted."""
    silent = Shipment.objects.not_handed_over(at - HAND_OVER_WITHIN).order_by("pk")

    def note(shipment: Shipment) -> None:
        judge(shipment, at)
        Shipment.objects.filter(pk=shipment.pk).update(silence_noted_at=at)

    return work_off(silent, note)


def _of(shipment: Shipment, at: datetime) -> Iterator[Found]:
    def found(code: str, **figures: Any) -> Found:
        figures["shipment"] = shipment.reference
        return Found(code=code, severity=WARN, subject=shipment.reference, figures=figures)

    for rule in CustomsRule.objects.filter(code__in=shipment.contradictions).order_by("code"):
        what = {"en": rule.name_en, "fr": rule.name_fr, "zh": rule.name_zh}
        why = {"en": rule.why_en, "fr": rule.why_fr, "zh": rule.why_zh}
        yield Found(
            code="customs_doubt",
            severity=WARN,
            subject=f"{shipment.reference} {rule.code}"[:60],
            figures={"shipment": shipment.reference, "what": what, "why": why},
            source=" ".join(rule.source_urls)[:600],
        )
    departed = shipment.departed_at
    silent = shipment.handed_over_at is None and shipment.arrived_at is None
    if silent and departed is not None and at - departed >= HAND_OVER_WITHIN:
        yield found("no_hand_over", departed=departed.date().isoformat())
    parcels = parcels_short(list(shipment.events.all()))
    if parcels:
        yield found("parcels_short", parcels=parcels)
    lines = list(shipment.lines.all())
    missing, rejected = sum(line.missing for line in lines), sum(line.rejected for line in lines)
    if missing or rejected:
        yield found("came_short", missing=missing, rejected=rejected)
