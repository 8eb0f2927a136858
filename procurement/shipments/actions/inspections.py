"""A sample of a lot looked at: against its plan and its checklist, with what was measured kept as rows."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from procurement.shipments.actions.lots import on_lot
from procurement.shipments.gathering import Looking, reports_of
from procurement.shipments.models import Inspection, Lot, MeasuredPoint, Verdict
from procurement.shipments.rules import inspections as looks
from procurement.shipments.rules import lots as rules
from procurement.shipments.rules.inspections import Found, Reading
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.models import File


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
    offer; `covers` names the points it covers, by key. Refuses to pass a lot, with conditions or without,
    on fewer pieces than the sampling plan draws, or with more bad ones than it accepts for a plain pass; to pass one with a value
    outside a firm limit; to pass one without a word where a value is outside a limit from memory, or where a firm limit was neither
    measured nor is covered; to judge on no piece at all; and more pieces than the lot has.
    """
    with on_lot(rules.INSPECT, lot, by, at, sampled=sampled, defects=defects, verdict=verdict) as row:
        if verdict not in Verdict:
            words = _("Choose a verdict: passed, with conditions, or failed.")
            raise Refused("verdict_unknown", words, field="verdict")
        looking = Looking.at(row, level, aql)
        found = looks.found(looking.points, readings)
        refused = (
            _covered(row, looking, report, covers)
            or rules.fits_the_sample(looking.plan, row.quantity, sampled, defects, verdict)
            or looks.verdict_holds(found, verdict, word, covers=covers, laxer=looking.is_laxer)
        )
        if refused is not None:
            raise refused
        row.verdict, row.inspected_by = verdict, inspector
        row.inspectors = sorted({*row.inspectors, inspector.pk})
        row.values_failed += sum(one.outcome == looks.Outcome.OUTSIDE and one.point.blocks for one in found)
        row.unmeasured = len(looks.unmeasured(found, covers))
        row.override_by, row.override_reason = None, ""
        told = {"sampled": sampled, "defects": defects, "verdict": verdict, "measured": measured}
        told |= {"word": word, "report": report, "covers": sorted(covers)}
        made = _kept(row, looking, by=inspector, at=at, **told)
        MeasuredPoint.objects.bulk_create(_row(made, one) for one in found)
        return made


def _covered(lot: Lot, looking: Looking, report: File | None, covers: Sequence[str]) -> Refused | None:
    """A report is a clean file of the lot or of what it came with, and covers points of its checklist."""
    if report is not None and not reports_of(lot).filter(pk=report.pk).exists():
        words = _("Choose a file of this lot, of its shipment or of its offer.")
        return Refused("report_of_another", words, field="report")
    return looks.report_covers(looking.points, covers, with_report=report is not None)


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
