"""What an inspection found on its checklist, and which verdict that allows. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.points import InspectionPoint
from procurement.shipments.models.arrival import Verdict
from procurement.shipments.models.measured import MeasuredPoint
from workflow.errors import Refused
from workflow.tongues import in_unit

Outcome = MeasuredPoint.Outcome
MOST = Decimal(1_000_000)  # of any unit: what a column takes
PERCENT = "%"
PLACES = 3  # decimals a value has at most: a ten-thousandth of a per cent is read off no instrument


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What somebody says of one point of the checklist: the value in its unit, or whether it was seen; neither: not measured."""

    key: str
    value: Decimal | None = None
    seen: bool | None = None


@dataclass(frozen=True)
class Found:
    """A point of the checklist with what was read there."""

    point: InspectionPoint
    value: Decimal | None
    seen: bool | None

    @property
    def outcome(self) -> str:
        """Within its limit, outside it, or not measured."""
        if self.value is None and self.seen is None:
            return Outcome.NOT_MEASURED
        good = self.seen if self.value is None else self.point.within(self.value)
        return Outcome.WITHIN if good else Outcome.OUTSIDE

    @property
    def no(self) -> Refused:
        """Why a lot with this does not pass: what was found, and what it must be."""
        told = {"point": self.point.key, "field": "verdict"}
        if self.value is None:
            words = _("“%(name)s” was not seen. With that the lot does not pass.")
            return Refused("point_not_seen", words % {"name": self.point.name}, **told)
        words = _("%(name)s: %(value)s was measured. The limit: %(limit)s. With that the lot does not pass.")
        named = {"name": self.point.name, "limit": self.point.limit_words}
        figures = {"value": str(self.value), "limit": str(self.point.limit)}
        return Refused(
            "outside_limit",
            words % {**named, "value": in_unit(self.value, self.point.unit)},
            **figures,
            **told,
        )


def found(points: Sequence[InspectionPoint], readings: Iterable[Reading]) -> list[Found]:
    """Every point with what was read there. Refuses a point that is not on the checklist, one told twice, and values none can have."""
    by_key = {one.key: one for one in points}
    told: dict[str, Reading] = {}
    for reading in readings:
        point = by_key.get(reading.key)
        if point is None or reading.key in told:
            words = _("“%(key)s” is not on the checklist of this lot, or stands there once only.")
            raise Refused("point_unknown", words % {"key": reading.key}, field="readings")
        told[reading.key] = _checked(reading, point)
    return [
        Found(one, told[one.key].value, told[one.key].seen) if one.key in told else Found(one, None, None)
        for one in points
    ]


def unmeasured(everything: Iterable[Found], covers: Collection[str]) -> list[Found]:
    """The points with a firm limit that were not read and that no report covers (`covers`, by key)."""
    return [
        one
        for one in everything
        if one.point.blocks and one.outcome == Outcome.NOT_MEASURED and one.point.key not in covers
    ]


def report_covers(
    points: Iterable[InspectionPoint], covers: Collection[str], *, with_report: bool
) -> Refused | None:
    """A report covers points of the checklist, at least one; without a report nothing is covered."""
    if covers and not with_report:
        words = _("Choose the laboratory’s report that covers these points.")
        return Refused("report_missing", words, field="report")
    if with_report and not covers:
        return Refused("covers_missing", _("Say which points the report covers."), field="covers")
    unknown = sorted(set(covers) - {point.key for point in points})
    if unknown:
        words = _("“%(key)s” is not on the checklist of this lot, or stands there once only.")
        return Refused("point_unknown", words % {"key": unknown[0]}, field="covers")
    return None


def verdict_holds(
    everything: Sequence[Found], verdict: str, word: str, *, covers: Collection[str] = (), laxer: bool
) -> Refused | None:
    """A verdict cannot be better than what was measured.

    A firm limit that is not kept refuses "passed". A firm limit that was neither measured nor is covered by a report (`covers`, by
    key), a limit from memory that is not kept, or a sample drawn by a laxer quality level than is usual for these goods, warns: the
    lot passes with a written word.
    """
    if verdict != Verdict.PASSED:
        return None
    outside = [one for one in everything if one.outcome == Outcome.OUTSIDE]
    firm = next((one for one in outside if one.point.blocks), None)
    if firm is not None:
        return firm.no
    unread = unmeasured(everything, covers)
    if word.strip() or not (unread or outside or laxer):
        return None
    if unread:
        words = _(
            "“%(name)s” has a firm limit and was not measured. Measure it, name a report that covers it, or say why the lot may "
            "pass: then a second person releases it."
        )
        told = {"points": [one.point.key for one in unread], "field": "word"}
        return Refused("unmeasured", words % {"name": unread[0].point.name}, **told)
    if outside:
        words = _("“%(name)s” is not as it should be, by a limit without a firm source. Say why it may pass.")
        return Refused("word_missing", words % {"name": outside[0].point.name}, field="word")
    words = _("The quality level is laxer than is usual for these goods. Say why.")
    return Refused("word_missing", words, field="word")


def _checked(reading: Reading, point: InspectionPoint) -> Reading:
    value = reading.value
    wrong = reading.seen is not None if point.is_measured else value is not None
    if value is not None and not wrong:
        most = 100 if point.unit == PERCENT else MOST
        exponent = value.as_tuple().exponent
        wrong = not isinstance(exponent, int) or not 0 <= value <= most or -exponent > PLACES
    if wrong:
        words = _("This is no value “%(name)s” can have.")
        raise Refused("bad_value", words % {"name": point.name}, point=point.key, field="readings")
    return reading
