"""Moves of a lot, and the result of an inspection: measured points, limits and the verdict."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partners.powers import Power
from procurement.catalogue.models.inspection_points import InspectionPoint
from procurement.catalogue.rules.inspections import SamplePlan
from procurement.orders.models import Order
from procurement.quality.models import Lot, MeasuredPoint, Verdict
from procurement.shipments.models import Shipment
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, LazyText, Refused
from workflow.i18n import LocalizedCount, format_with_unit
from workflow.moves import Move, Moves, not_ready_refusal, one_of, system_only


def uninspected_goods_refusal(shipment: Shipment) -> Refused | None:
    """Return a refusal until every piece is counted and every lot is inspected and decided on."""
    pieces = sum(line.uncounted_pieces for line in shipment.lines.all())
    if pieces:
        words = ngettext_lazy(
            "%(pieces)s unit has not been counted yet.",
            "%(pieces)s units have not been counted yet.",
            pieces,
        )
        return not_ready_refusal(words % {"pieces": LocalizedCount(pieces)}, pieces=pieces)
    waiting = list(shipment.lots.filter(status=Lot.Status.QUARANTINED, quantity__gt=0).order_by("pk"))
    if not waiting:
        return None
    lots = [lot.reference for lot in waiting]
    return not_ready_refusal(_("Still in quarantine: %(lots)s.") % {"lots": ", ".join(lots)}, lots=lots)


Outcome = MeasuredPoint.Outcome
MAX_MEASURED_VALUE = Decimal(1_000_000)  # the largest value of the column, in any unit
PERCENT_UNIT = "%"
MAX_MEASURED_DECIMALS = 3  # most decimals of a value: no instrument shows a ten-thousandth of a per cent


@dataclass(frozen=True, kw_only=True)
class PointReading:
    """Result reported for one point of the checklist.

    `value`: the measured value in the unit of the point. `seen`: for a point that is only looked at, True if
    the requirement is met. A point with neither was not measured.
    """

    key: str
    value: Decimal | None = None
    seen: bool | None = None


@dataclass(frozen=True)
class PointResult:
    """Point of the checklist with its result."""

    point: InspectionPoint
    value: Decimal | None
    is_requirement_met: bool | None

    @property
    def outcome(self) -> str:
        """Outcome: within the limit, outside the limit, or not measured."""
        if self.value is None and self.is_requirement_met is None:
            return Outcome.NOT_MEASURED
        good = self.is_requirement_met if self.value is None else self.point.is_within_limit(self.value)
        return Outcome.WITHIN_LIMIT if good else Outcome.OUTSIDE_LIMIT

    @property
    def pass_refusal(self) -> Refused:
        """Refusal of a pass because of this point, with the result and the limit."""
        values = {"point": self.point.key, "field": "verdict"}
        if self.value is None:
            words = _("“%(name)s” was not met, so the lot cannot pass.")
            return Refused("point_not_seen", words % {"name": self.point.name}, **values)
        words = _("%(name)s: measured %(value)s, limit %(limit)s. The lot cannot pass.")
        named = {"name": self.point.name, "limit": self.point.limit_text}
        figures = {"value": str(self.value), "limit": str(self.point.limit)}
        return Refused(
            "outside_limit",
            words % {**named, "value": format_with_unit(self.value, self.point.unit)},
            **figures,
            **values,
        )


def match_readings(points: Sequence[InspectionPoint], readings: Iterable[PointReading]) -> list[PointResult]:
    """Return every point of the checklist with its result.

    Refuses a point that is not on the checklist, a point given twice, and an impossible value.
    """
    by_key = {one.key: one for one in points}
    values: dict[str, PointReading] = {}
    for reading in readings:
        point = by_key.get(reading.key)
        if point is None or reading.key in values:
            words = _("“%(key)s” is not on this lot’s checklist, or it was entered more than once.")
            raise Refused("point_unknown", words % {"key": reading.key}, field="readings")
        values[reading.key] = _validated_reading(reading, point)
    return [
        PointResult(one, values[one.key].value, values[one.key].seen)
        if one.key in values
        else PointResult(one, None, None)
        for one in points
    ]


def unmeasured_points(everything: Iterable[PointResult], covers: Collection[str]) -> list[PointResult]:
    """Return the points with a binding limit that were neither measured nor covered by a report.

    `covers` are the keys of the covered points.
    """
    return [
        one
        for one in everything
        if one.point.is_blocking and one.outcome == Outcome.NOT_MEASURED and one.point.key not in covers
    ]


def invalid_report_cover_refusal(
    points: Iterable[InspectionPoint], covers: Collection[str], *, with_report: bool
) -> Refused | None:
    """Return a refusal unless the points that a report is said to cover are on the checklist, else None.

    A report must cover at least one point. Without a report, no point may be covered.
    """
    if covers and not with_report:
        words = _("Choose the laboratory report that covers these items.")
        return Refused("report_missing", words, field="report")
    if with_report and not covers:
        return Refused("covers_missing", _("Choose the items the report covers."), field="covers")
    unknown = sorted(set(covers) - {point.key for point in points})
    if unknown:
        words = _("“%(key)s” is not on this lot’s checklist, or it was entered more than once.")
        return Refused("point_unknown", words % {"key": unknown[0]}, field="covers")
    return None


def unsupported_pass_refusal(
    everything: Sequence[PointResult],
    verdict: str,
    justification: str,
    *,
    covers: Collection[str] = (),
    laxer: bool,
) -> Refused | None:
    """Return a refusal if the measurements do not support the verdict "passed".

    A value outside a binding limit (one with a reliable source) always refuses it. In three cases the lot
    passes only with a written reason: a binding limit was neither measured nor covered by a report
    (`covers`, by key), a value is outside a limit that is not binding, or the sample was drawn by a laxer
    quality level than is usual for these goods (`laxer`).
    """
    if verdict != Verdict.PASSED:
        return None
    outside = [one for one in everything if one.outcome == Outcome.OUTSIDE_LIMIT]
    firm = next((one for one in outside if one.point.is_blocking), None)
    if firm is not None:
        return firm.pass_refusal
    unread = unmeasured_points(everything, covers)
    if justification.strip() or not (unread or outside or laxer):
        return None
    if unread:
        words = _(
            "“%(name)s” has a binding limit and was not measured. Measure it, choose a report "
            "that covers it, or enter a reason for passing the lot. If you enter a reason, "
            "someone else must release the lot."
        )
        values = {"points": [one.point.key for one in unread], "field": "justification"}
        return Refused("unmeasured", words % {"name": unread[0].point.name}, **values)
    if outside:
        words = _("“%(name)s” does not meet its guideline limit. Enter a reason for passing the lot.")
        return Refused(
            "justification_missing", words % {"name": outside[0].point.name}, field="justification"
        )
    words = _("The quality level is less strict than usual for these goods. Enter a reason.")
    return Refused("justification_missing", words, field="justification")


@dataclass(frozen=True)
class VerdictSuggestion:
    """Verdict that the results suggest, "" for none, with the reason.

    `can_pass` is True if the verdict "passed" may be chosen.
    """

    verdict: str
    reason: LazyText
    can_pass: bool = False


NO_SUGGESTION = VerdictSuggestion("", _("Nothing has been measured yet."))


def suggest_verdict(
    found: Sequence[PointResult], refused: Refused | None, *, supported: bool
) -> VerdictSuggestion:
    """Return the verdict that the results suggest.

    `refused` is the refusal of the verdict "passed" for these results (`sample_verdict_refusal`, `unsupported_pass_refusal`);
    `supported` is True if a laboratory report or a written reason takes the place of measurements.
    """
    if refused is not None and refused.code in FAILING_REFUSAL_CODES:
        return VerdictSuggestion(Verdict.FAILED, refused.message)
    if found and not supported and all(one.outcome == Outcome.NOT_MEASURED for one in found):
        return NO_SUGGESTION
    if refused is not None:
        return VerdictSuggestion("", refused.message)
    words = _("All binding limits are met, and the number of defective units is acceptable.")
    return VerdictSuggestion(Verdict.PASSED, words, can_pass=True)


FAILING_REFUSAL_CODES = frozenset({"outside_limit", "point_not_seen", "too_many_defects"})


def _validated_reading(reading: PointReading, point: InspectionPoint) -> PointReading:
    value = reading.value
    wrong = reading.seen is not None if point.is_measured else value is not None
    if value is not None and not wrong:
        most = 100 if point.unit == PERCENT_UNIT else MAX_MEASURED_VALUE
        exponent = value.as_tuple().exponent
        wrong = not isinstance(exponent, int) or not 0 <= value <= most or -exponent > MAX_MEASURED_DECIMALS
    if wrong:
        words = _("This value is not possible for “%(name)s”.")
        raise Refused("bad_value", words % {"name": point.name}, point=point.key, field="readings")
    return reading


def may_receive(by: Actor, lot: Lot) -> bool:
    """Return True if the actor may receive for the city."""
    return by.may(Power.RECEIVE, lot)


def may_inspect(by: Actor, lot: Lot) -> bool:
    """Return True if the actor may inspect for the city."""
    return by.may(Power.INSPECT, lot)


def may_override(by: Actor, lot: Lot) -> bool | Refused:
    """Return True if the actor is an approver who made no inspection of this lot."""
    if not by.may(Power.APPROVE, lot):
        return False
    if by.user_id not in lot.inspectors:
        return True
    return Refused(
        NOT_ALLOWED,
        _("You inspected this lot, so someone else must override the inspection result."),
        show=True,
    )


def may_release(by: Actor, lot: Lot) -> bool | Refused:
    """Return True if the actor may inspect for the city; some lots need a second person.

    A person who let the lot through by override does not release it. An inspector of a lot does not
    release it if a value failed, or if a binding limit was neither measured nor covered by a report. A lot
    that has not passed is stopped by `failed_lot_refusal`, not here.
    """
    return _may_release_after(by, lot, Verdict.PASSED)


def may_release_conditionally(by: Actor, lot: Lot) -> bool | Refused:
    """Return True if the actor may release the lot with conditions.

    The rules are those of `may_release`, applied to lots that passed with conditions as well.
    """
    return _may_release_after(by, lot, Verdict.PASSED, Verdict.CONDITIONAL)


def _may_release_after(by: Actor, lot: Lot, *verdicts: str) -> bool | Refused:
    if not may_inspect(by, lot):
        return False
    if lot.override_by_id is not None and by.user_id == lot.override_by_id:
        return Refused(
            NOT_ALLOWED, _("You overrode the inspection, so someone else must release the lot."), show=True
        )
    alone = lot.override_by_id is None and by.user_id in lot.inspectors and lot.verdict in verdicts
    if alone and lot.values_failed:
        words = _(
            "You inspected this lot and one of the measured values failed, so someone else must release it."
        )
        return Refused(NOT_ALLOWED, words, show=True)
    if alone and lot.unmeasured:
        words = _(
            "You inspected this lot, and a value with a binding limit was not measured, so someone "
            "else must release it."
        )
        return Refused(NOT_ALLOWED, words, show=True)
    return True


def empty_lot_refusal(lot: Lot) -> Refused | None:
    """Return a refusal for an empty lot, as it remains after its goods receipt was reversed."""
    return (
        None if lot.quantity else not_ready_refusal(_("%(lot)s contains no goods.") % {"lot": lot.reference})
    )


def failed_lot_refusal(lot: Lot) -> Refused | None:
    """Return a refusal unless the lot passed inspection or has a written override."""
    return empty_lot_refusal(lot) or _refuse_outdated_verdict(lot, Verdict.PASSED)


def unaccepted_lot_refusal(lot: Lot) -> Refused | None:
    """Return a refusal unless the lot passed, with or without conditions, or has a written override."""
    return empty_lot_refusal(lot) or _refuse_outdated_verdict(lot, Verdict.PASSED, Verdict.CONDITIONAL)


def _refuse_outdated_verdict(lot: Lot, *wanted: str) -> Refused | None:
    if lot.verdict in wanted or lot.override_reason:
        return None
    if not lot.verdict:
        return not_ready_refusal(_("%(lot)s has not been inspected yet.") % {"lot": lot.reference})
    words = _("The verdict of the last inspection of %(lot)s is “%(verdict)s”.")
    return not_ready_refusal(words % {"lot": lot.reference, "verdict": Verdict(lot.verdict).label})


def lot_in_use_refusal(lot: Lot) -> Refused | None:
    """Return a refusal to reject a lot that may already be in use, else None: such a lot is recalled instead.

    A lot may be in use once its shipment is closed or its order is no longer in the status "ready_to_ship".
    """
    if lot.surplus and lot.status == Lot.Status.QUARANTINED:
        return empty_lot_refusal(lot)  # perhaps accepted after the closing, so not in use yet
    order = lot.line.order_line.order
    if lot.shipment.status != Shipment.Status.CLOSED and order.status == Order.Status.READY_TO_SHIP:
        return empty_lot_refusal(lot)
    return not_ready_refusal(_("The shipment or order of this lot is closed. Recall the lot instead."))


def expired_lot_refusal(lot: Lot, at: datetime) -> Refused | None:
    """Return a refusal after the lot's expiry date, by the calendar of the city that holds the lot."""
    if lot.expires_on is None or lot.expires_on >= lot.city.day_at(at):
        return None
    words = _("%(lot)s expired on %(day)s.")
    return Refused("lot_expired", words % {"lot": lot.reference, "day": lot.expires_on.isoformat()})


def sample_verdict_refusal(
    plan: SamplePlan, quantity: int, sampled: int, defects: int, verdict: str
) -> Refused | None:
    """Return a refusal if the sample does not support the verdict.

    A verdict that lets pieces out of quarantine, with or without conditions, needs the whole sample of
    the plan: a few pieces cannot show what the lot is good for. An unconditional pass also needs no more
    nonconforming pieces than the plan accepts. A lot may fail on a single inspected piece.
    """
    if not 0 <= defects <= sampled:
        return Refused(
            "bad_quantity", _("You cannot enter more defective units than units sampled."), field="defects"
        )
    if sampled > quantity:
        words = _("The lot has only %(quantity)s units, so you cannot sample %(sampled)s.")
        figures = {"quantity": LocalizedCount(quantity), "sampled": LocalizedCount(sampled)}
        return Refused("sample_too_large", words % figures, **figures, field="sampled")
    wanted = 1 if verdict == Verdict.FAILED else plan.sample_size
    if sampled < wanted:
        words = _("Sample %(wanted)s units: %(sampled)s are not enough for this verdict.")
        figures = {"wanted": LocalizedCount(wanted), "sampled": LocalizedCount(sampled)}
        return Refused("sample_too_small", words % figures, **figures, field="sampled")
    if verdict == Verdict.PASSED and not plan.passes(defects):
        words = _("Defective units: %(defects)s. Maximum accepted: %(accept)s.")
        figures = {"defects": LocalizedCount(defects), "accept": LocalizedCount(plan.acceptance_number)}
        return Refused("too_many_defects", words % figures, **figures, field="verdict")
    return None


QUARANTINE_LOT = Move[Lot](
    verb="quarantine",
    label=_("Put lot in quarantine"),
    past_tense=_("put the lot in quarantine"),
    target=Lot.Status.QUARANTINED,
    allowed=may_receive,
)
ADD_UNITS = Move[Lot](
    verb="add",
    label=_("Add units"),
    past_tense=_("changed the number of units in the lot"),
    source=one_of(Lot.Status.QUARANTINED),
    allowed=may_receive,
)
INSPECT_LOT = Move[Lot](
    verb="inspect",
    label=_("Inspect lot"),
    past_tense=_("inspected the lot"),
    source=one_of(Lot.Status.QUARANTINED, Lot.Status.RELEASED_CONDITIONALLY),
    allowed=may_inspect,
    ready=empty_lot_refusal,
)
OVERRIDE_INSPECTION = Move[Lot](
    verb="override",
    label=_("Override inspection result"),
    past_tense=_("overrode the inspection result"),
    source=one_of(Lot.Status.QUARANTINED, Lot.Status.RELEASED_CONDITIONALLY),
    allowed=may_override,
    requires_reason=True,
)
RELEASE_LOT = Move[Lot](
    verb="release",
    label=_("Release lot"),
    past_tense=_("released the lot"),
    source=one_of(Lot.Status.QUARANTINED, Lot.Status.RELEASED_CONDITIONALLY),
    target=Lot.Status.RELEASED,
    allowed=may_release,
    ready=failed_lot_refusal,
    date_condition=expired_lot_refusal,
)
RELEASE_CONDITIONALLY = Move[Lot](
    verb="condition",
    label=_("Release lot with conditions"),
    past_tense=_("released the lot with conditions"),
    source=one_of(Lot.Status.QUARANTINED),
    target=Lot.Status.RELEASED_CONDITIONALLY,
    allowed=may_release_conditionally,
    ready=unaccepted_lot_refusal,
    date_condition=expired_lot_refusal,
    requires_reason=True,
)
REJECT_LOT = Move[Lot](
    verb="refuse",
    label=_("Reject lot"),
    past_tense=_("rejected the lot"),
    source=one_of(Lot.Status.QUARANTINED, Lot.Status.RELEASED_CONDITIONALLY),
    target=Lot.Status.REJECTED,
    allowed=may_inspect,
    ready=lot_in_use_refusal,
    requires_reason=True,
)
RECALL_LOT = Move[Lot](
    verb="recall",
    label=_("Recall lot"),
    past_tense=_("recalled the lot"),
    source=Lot.Status.done,
    target=Lot.Status.RECALLED,
    allowed=may_inspect,
    requires_reason=True,
)
WARN_OF_SAME_LOT = Move[Lot](
    verb="warn",
    label=_("Warn of recall elsewhere"),
    past_tense=_("learned that the same lot was recalled elsewhere"),
    source=one_of(Lot.Status.QUARANTINED, Lot.Status.RELEASED, Lot.Status.RELEASED_CONDITIONALLY),
    allowed=system_only,
    allowed_for_system=True,
)
LOT_MOVES = Moves(
    Lot,
    QUARANTINE_LOT,
    ADD_UNITS,
    INSPECT_LOT,
    OVERRIDE_INSPECTION,
    RELEASE_LOT,
    RELEASE_CONDITIONALLY,
    REJECT_LOT,
    RECALL_LOT,
    WARN_OF_SAME_LOT,
    ends={
        Lot.Status.REJECTED: "never used; returned to the offer and the need",
        Lot.Status.RECALLED: "taken out of use; the need is open again",
    },
)
