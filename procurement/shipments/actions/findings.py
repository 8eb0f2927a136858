"""What shipping shows about an offer, noted on it: doubts of customs, goods declared as others, no hand-over, losses on the way."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from procurement.catalogue.models.customs import CustomsRule
from procurement.catalogue.models.products import TariffCode
from procurement.leads.actions import findings
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.screening.values import Found
from procurement.shipments.gathering import old_papers
from procurement.shipments.models.customs import Declaration
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.rules.tracking.steps import HAND_OVER_WITHIN, parcels_short
from workflow.days import utc_day
from workflow.due import work_off

CODES = frozenset(
    {"customs_doubt", old_papers.CODE, "declared_otherwise", "no_hand_over", "parcels_short", "came_short"}
)
EVERYWHERE = 6  # digits of a customs code that are the same in every country (Harmonized System)
WARN = Finding.Severity.WARN


def judge(shipment: Shipment, at: datetime) -> None:
    """Bring this stage's findings on the offers in a shipment up to date. Called under the shipment's lock."""
    judge_all([shipment], at)


def judge_all(shipments: Sequence[Shipment], at: datetime) -> None:
    """The same for several shipments, under the locks of all of them. Offers are locked in one order."""
    offers = SupplierLead.objects.filter(allocations__order_line__shipment_lines__shipment__in=shipments)
    for lead in offers.distinct().order_by("pk") if shipments else ():
        parts = Shipment.objects.filter(lines__order_line__allocation__lead=lead).distinct()
        parts = parts.exclude(status=Shipment.Status.CANCELLED).order_by("pk")
        findings.find(lead, [found for part in parts for found in _of(part, at)], at=at, only=CODES)


def watch(at: datetime) -> int:
    """Note the shipments said to have departed two days ago that no carrier has confirmed, and those that wait with papers that are to
    be looked up again. Returns how many were noted.
    """
    silent = Shipment.objects.not_handed_over(at - HAND_OVER_WITHIN).order_by("pk")

    def note(shipment: Shipment) -> None:
        judge(shipment, at)
        Shipment.objects.filter(pk=shipment.pk).update(silence_noted_at=at)

    stale = old_papers.shipments(utc_day(at))
    return work_off(silent, note) + work_off(stale, lambda shipment: judge(shipment, at))


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
    for old in old_papers.of(shipment, utc_day(at)):
        kind = old.certificate.kind
        yield Found(
            code=old_papers.CODE,
            severity=WARN,
            subject=old.paper.reference,
            figures={
                "shipment": shipment.reference,
                "what": {"en": kind.name_en, "fr": kind.name_fr, "zh": kind.name_zh},
                "certificate": old.certificate.reference,
                "old_for": old.why,
            },
        )
    if others := _declared_otherwise(shipment):
        yield found("declared_otherwise", codes=others)
    departed = shipment.departed_at
    silent = shipment.handed_over_at is None and shipment.arrived_at is None
    if silent and departed is not None and at - departed >= HAND_OVER_WITHIN:
        yield found("no_hand_over", departed=shipment.city.day_at(departed).isoformat())
    parcels = parcels_short(list(shipment.events.all()))
    if parcels:
        yield found("parcels_short", parcels=parcels)
    lines = list(shipment.lines.all())
    missing, rejected = sum(line.missing for line in lines), sum(line.rejected for line in lines)
    if missing or rejected:
        yield found("came_short", missing=missing, rejected=rejected)


def _declared_otherwise(shipment: Shipment) -> list[str]:
    """The customs codes on its declarations that are of none of its goods, by the digits that every country shares; none where we know
    no code of them.
    """
    lines = Declaration.objects.filter(lane__shipment=shipment).values_list("lines", flat=True)
    declared = {line["hs_code"] for one in lines for line in one}
    if not declared:
        return []
    offers = SupplierLead.objects.filter(allocations__order_line__shipment_lines__shipment=shipment)
    codes = TariffCode.objects.filter(product__in=offers.values("product")).values_list("number", flat=True)
    known = {code[:EVERYWHERE] for code in codes}
    return sorted(code for code in declared if known and code[:EVERYWHERE] not in known)
