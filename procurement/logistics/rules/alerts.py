"""Alerts about a shipment, with their start times and advice.

Each alert has a start, so that the periodic job knows when to look again. Alerts never block a
step.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from procurement.shipments.models import Shipment
from procurement.tracking.rules import PICKUP_CONFIRMATION_PERIOD, LegDurations
from workflow.errors import LazyText
from workflow.i18n import LocalizedCount

MAX_CUSTOMS_TIME = timedelta(
    hours=72
)  # our own estimate, without a source: three days at customs after the goods are there
CHECK_INTERVAL = timedelta(hours=24)  # at the latest, for changes that no date announces
ALWAYS_ACTIVE_SINCE = datetime.min.replace(tzinfo=UTC)


class AlertType(NamedTuple):
    """Kind of alert: a short name for lists, advice on what to do, and `severity`, its weight in the order of the board."""

    name: LazyText
    advice: LazyText
    severity: int


ALERT_TYPES: dict[str, AlertType] = {
    "no_hand_over": AlertType(
        _("Pickup not confirmed"),
        _(
            "Contact the carrier with the waybill number. If the carrier has no record of the goods, stop "
            "all payments and call the supplier."
        ),
        4,
    ),
    "parcels_short": AlertType(
        _("Parcels missing in transit"),
        _(
            "Ask the carrier to trace the parcels and to issue a discrepancy report. Record both "
            "requests before you sign for the goods."
        ),
        4,
    ),
    "late_for_need": AlertType(
        _("Arrives after the needed-by date"),
        _(
            "Tell the people waiting for the goods. Check what could arrive sooner: part of the "
            "goods by air, another offer, or a loan from a neighbouring city."
        ),
        3,
    ),
    "customs_dwell": AlertType(
        _("Delayed at customs"),
        _("Ask the broker to find out what customs needs, then record a hold."),
        2,
    ),
    "slow_step": AlertType(
        _("Slower than usual"),
        _(
            "Ask the person who has the goods now for an estimated date, and record the date with that "
            "person’s name."
        ),
        1,
    ),
}


@dataclass(frozen=True)
class Alert:
    """Alert: its code, its text, and the moment from which it holds (`ALWAYS_ACTIVE_SINCE`: as soon as it is known)."""

    code: str
    text: LazyText
    active_from: datetime = ALWAYS_ACTIVE_SINCE

    @property
    def name(self) -> LazyText:
        """Short name for a list."""
        return ALERT_TYPES[self.code].name

    @property
    def advice(self) -> LazyText:
        """Advice on what to do."""
        return ALERT_TYPES[self.code].advice


@dataclass(frozen=True, kw_only=True)
class AlertInputs:
    """Facts from which alerts are derived.

    Days are in the receiving city's `zone`. `customs_waiting_since` lists each side (export, import) at which customs
    has both the goods and the declaration, with the moment since when. `leg_started_at` is the start of the current
    leg of the journey, and `usual_leg_durations` holds the past durations of this leg. `missing_parcel_count`:
    parcels that the carrier picked up but did not deliver. `handed_over_at`: when the carrier received the goods.
    """

    status: str
    departed_at: datetime | None = None
    handed_over_at: datetime | None = None
    missing_parcel_count: int = 0
    expected_on: date | None = None
    needed_by: date | None = None
    zone: tzinfo = UTC
    customs_waiting_since: Sequence[tuple[str, datetime]] = ()
    leg_started_at: datetime | None = None
    usual_leg_durations: LegDurations | None = None


def alerts_of(inputs: AlertInputs) -> list[Alert]:
    """Return every alert, current or future, the most serious first."""
    if inputs.status not in Shipment.Status.open:
        return []
    found = [
        *_unconfirmed_pickup_alerts(inputs),
        *_missing_parcels_alerts(inputs),
        *_late_for_need_alerts(inputs),
        *_customs_dwell_alerts(inputs),
        *_slow_leg_alerts(inputs),
    ]
    return sorted(found, key=lambda one: -ALERT_TYPES[one.code].severity)


def active_alerts(alerts: Iterable[Alert], at: datetime) -> list[Alert]:
    """Return the alerts that hold at a moment."""
    return [one for one in alerts if one.active_from <= at]


def next_check_time(alerts: Iterable[Alert], at: datetime) -> datetime:
    """Return the time of the next check: when the next alert starts, and within a day at the latest."""
    return min([at + CHECK_INTERVAL, *(one.active_from for one in alerts if one.active_from > at)])


def total_severity(codes: Iterable[str]) -> int:
    """Return the total weight of alerts, by which the board is sorted."""
    return sum(ALERT_TYPES[code].severity for code in codes)


def _unconfirmed_pickup_alerts(inputs: AlertInputs) -> Iterable[Alert]:
    if inputs.status != Shipment.Status.IN_TRANSIT or inputs.handed_over_at is not None:
        return
    assert inputs.departed_at is not None  # a constraint of the table
    what = _("Reported as departed, but no carrier has confirmed pickup.")
    yield Alert("no_hand_over", what, inputs.departed_at + PICKUP_CONFIRMATION_PERIOD)


def _missing_parcels_alerts(inputs: AlertInputs) -> Iterable[Alert]:
    if not inputs.missing_parcel_count:
        return
    what = ngettext_lazy(
        "%(number)s parcel is missing: fewer arrived than were handed over.",
        "%(number)s parcels are missing: fewer arrived than were handed over.",
        "number",
    )
    yield Alert("parcels_short", what % {"number": LocalizedCount(inputs.missing_parcel_count)})


def _late_for_need_alerts(inputs: AlertInputs) -> Iterable[Alert]:
    """Yield an alert if the shipment is expected after the day of the need, or has not arrived by then."""
    needed = inputs.needed_by
    if needed is None or inputs.status == Shipment.Status.DELIVERED:
        return
    if inputs.expected_on is not None and inputs.expected_on > needed:
        what = _("The shipment is expected on %(expected)s but needed by %(needed)s.")
        params = {"expected": inputs.expected_on.isoformat(), "needed": needed.isoformat()}
        yield Alert("late_for_need", what % params)
        return
    over = datetime.combine(needed + timedelta(days=1), time.min, inputs.zone)
    what = _("The shipment was needed by %(needed)s and has not arrived.")
    yield Alert("late_for_need", what % {"needed": needed.isoformat()}, over.astimezone(UTC))


def _customs_dwell_alerts(inputs: AlertInputs) -> Iterable[Alert]:
    """Yield an alert for the side where customs has had the goods longest."""
    if not inputs.customs_waiting_since:
        return
    side, since = min(inputs.customs_waiting_since, key=lambda one: one[1])
    what = {
        "export": _(
            "Export customs has had the declaration for at least three days and has not cleared the shipment."
        ),
        "import": _(
            "Import customs has had the declaration for at least three days and has not cleared the shipment."
        ),
    }[side]
    yield Alert("customs_dwell", what, since + MAX_CUSTOMS_TIME)


def _slow_leg_alerts(inputs: AlertInputs) -> Iterable[Alert]:
    if inputs.usual_leg_durations is None or inputs.leg_started_at is None:
        return
    what = _(
        "In nine out of ten of %(number)s earlier shipments, this stage took at most %(most)s days. This "
        "time it is taking longer."
    )
    params = {
        "most": LocalizedCount(days_rounded_up(inputs.usual_leg_durations.percentile_90)),
        "number": LocalizedCount(inputs.usual_leg_durations.shipment_count),
    }
    yield Alert(
        "slow_step",
        what % params,
        inputs.leg_started_at + inputs.usual_leg_durations.percentile_90 + timedelta(seconds=1),
    )


def days_rounded_up(span: timedelta) -> int:
    """Return a span in days, rounded up."""
    return -(-span // timedelta(days=1))
