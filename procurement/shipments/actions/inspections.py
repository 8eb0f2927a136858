"""A sample of a lot looked at: against its plan and its checklist, with what was measured kept as rows."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from procurement.shipments.actions.lots import on_lot
from procurement.shipments.gathering.looking import Looking, reports_of
from procurement.shipments.models.arrival import Inspection, Lot, Verdict
from procurement.shipments.models.measured import MeasuredPoint
from procurement.shipments.rules import inspections, lots
from procurement.shipments.rules.inspections import Found, Outcome, Reading, report_covers, verdict_holds
from procurement.shipments.rules.lots import fits_the_sample
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.models.evidence import File


def inspect(
    lot: Lot,
    *,
    sampled: int,
    defects: int,
    verdict: str,
    inspector: User,
    by: Actor,
    at: datetime,
    level: str = "",
    aql: Decimal | None = None,
    measured: str = "",
    readings: Sequence[Reading] = (),
    word: str = "",
    report: File | None = None,
    covers: Sequence[str] = (),
) -> Inspection:
    """Keep what an inspection of a sample found, point by point. The last verdict counts; an earlier override does not cover it.

    Level and quality level are those usual for the goods where nothing is said. `report` is a file of the lot, its shipment or its
    offer; `covers` names the points it covers, by key. Refuses a sample that is smaller than the plan's or larger than the lot, more
    bad pieces than a plain pass accepts, a pass with a value outside a firm limit, and one without a word where a limit from memory
    is not kept or a firm limit was neither measured nor is covered.
    """
    with on_lot(lots.INSPECT, lot, by, at, sampled=sampled, defects=defects, verdict=verdict) as row:
        looking = Looking.at(row, level, aql)
        found = inspections.found(looking.points, readings)
        refused = (
            _understood(row, looking, verdict, report, covers)
            or fits_the_sample(looking.plan, row.quantity, sampled, defects, verdict)
            or verdict_holds(found, verdict, word, covers=covers, laxer=looking.is_laxer)
        )
        if refused is not None:
            raise refused
        _judge(row, verdict, inspector, found, covers)
        told = {
            "sampled": sampled,
            "defects": defects,
            "verdict": verdict,
            "measured": measured,
            "word": word,
        }
        made = _kept(row, looking, by=inspector, at=at, report=report, covers=sorted(covers), **told)
        MeasuredPoint.objects.bulk_create(_row(made, one) for one in found)
        return made


def _judge(row: Lot, verdict: str, inspector: User, found: Sequence[Found], covers: Sequence[str]) -> None:
    """Write the verdict on the lot, who looked, and what keeps it from being released by one person."""
    row.verdict, row.inspected_by = verdict, inspector
    row.inspectors = sorted({*row.inspectors, inspector.pk})
    row.values_failed += sum(one.outcome == Outcome.OUTSIDE and one.point.blocks for one in found)
    row.unmeasured = len(inspections.unmeasured(found, covers))
    row.override_by, row.override_reason = None, ""


def _understood(
    lot: Lot, looking: Looking, verdict: str, report: File | None, covers: Sequence[str]
) -> Refused | None:
    """Refuse an unknown verdict, and a report that is no clean file of the lot or of what it came with, or covers no point of it."""
    if verdict not in Verdict:
        words = _("Choose a verdict: passed, with conditions, or failed.")
        return Refused("verdict_unknown", words, field="verdict")
    if report is not None and not reports_of(lot).filter(pk=report.pk).exists():
        words = _("Choose a file of this lot, of its shipment or of its offer.")
        return Refused("report_of_another", words, field="report")
    return report_covers(looking.points, covers, with_report=report is not None)


def _kept(lot: Lot, looking: Looking, **facts: Any) -> Inspection:
    """The inspection itself, with the plan its sample was drawn by."""
    return Inspection.objects.create(
        lot=lot,
        city_id=lot.city_id,
        level=looking.level,
        aql=looking.aql,
        accept_at_most=looking.plan.accept,
        **facts,
    )


def _row(made: Inspection, one: Found) -> MeasuredPoint:
    """A point as it was found, with its limit as it stands on this day."""
    point = one.point
    return MeasuredPoint(
        inspection=made,
        point=point,
        value=one.value,
        seen=one.seen,
        bound=point.bound,
        limit=point.limit,
        strict=point.strict,
        firm=point.blocks,
        outcome=one.outcome,
    )
