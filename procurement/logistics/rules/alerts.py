"""Alerts about a shipment: when each starts and what to do about it. Pure.

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
from procurement.tracking.rules import HAND_OVER_WITHIN, LegDurations
from workflow.errors import Words
from workflow.i18n import LocalizedCount

DWELL = timedelta(
    hours=72
)  # our own estimate, without a source: three days at customs after the goods are there
CHECK_INTERVAL = timedelta(hours=24)  # at the latest, for changes that no date announces
ALWAYS = datetime.min.replace(tzinfo=UTC)


class AlertType(NamedTuple):
    """Kind of alert: a short name for lists, advice on what to do, and its weight in the order of the board."""

    name: Words
    todo: Words
    severity: int


ALERT_TYPES: dict[str, AlertType] = {
    "no_hand_over": AlertType(
        _("No hand-over confirmed"),
        _(
            "Ask the carrier under the waybill's number. If it knows nothing of the goods, hold every payment and call the supplier."
        ),
        4,
    ),
    "parcels_short": AlertType(
        _("Parcels missing on the way"),
        _(
            "Ask the carrier for a search and for its report of the difference. Note both before the goods are signed for."
        ),
        4,
    ),
    "late_for_need": AlertType(
        _("Too late for the need"),
        _(
            "Tell whoever waits for the goods, and look what can come sooner: a part by air, another offer, a loan from a neighbour."
        ),
        3,
    ),
    "customs_dwell": AlertType(
        _("Long at customs"),
        _("Let the broker ask the office what is missing, and note the answer here as a hold."),
        2,
    ),
    "slow_step": AlertType(
        _("Takes longer than usual"),
        _(
            "Ask whoever has it now, and write down what they say: an estimate with a name is better than none."
        ),
        1,
    ),
}


@dataclass(frozen=True)
class Alert:
    """Alert: its code, its text, and the moment from which it holds (ALWAYS: as soon as it is known)."""

    code: str
    what: Words
    since: datetime = ALWAYS

    @property
    def name(self) -> Words:
        """Short name for a list."""
        return ALERT_TYPES[self.code].name

    @property
    def todo(self) -> Words:
        """Advice on what to do."""
        return ALERT_TYPES[self.code].todo


@dataclass(frozen=True, kw_only=True)
class AlertInputs:
    """Facts from which alerts are derived.

    Days are in the receiving city's `zone`. `at_customs` lists each side with the moment since when
    customs has both the goods and the declaration. `leg_since` is the start of the current leg, and
    `usual` its past durations.
    """

    status: str
    departed_at: datetime | None = None
    handed_over_at: datetime | None = None
    parcels_short: int = 0
    expected_on: date | None = None
    needed_by: date | None = None
    zone: tzinfo = UTC
    at_customs: Sequence[tuple[str, datetime]] = ()
    leg_since: datetime | None = None
    usual: LegDurations | None = None


def alerts_of(inputs: AlertInputs) -> list[Alert]:
    """Return every alert, current or future, the most serious first."""
    if inputs.status not in Shipment.Status.open:
        return []
    found = [
        *_unconfirmed_pickup(inputs),
        *_parcels(inputs),
        *_need(inputs),
        *_customs(inputs),
        *_step(inputs),
    ]
    return sorted(found, key=lambda one: -ALERT_TYPES[one.code].severity)


def active_alerts(alerts: Iterable[Alert], at: datetime) -> list[Alert]:
    """Return the alerts that hold at a moment."""
    return [one for one in alerts if one.since <= at]


def next_check_time(alerts: Iterable[Alert], at: datetime) -> datetime:
    """Return when to look again: when the next alert starts, and within a day at the latest."""
    return min([at + CHECK_INTERVAL, *(one.since for one in alerts if one.since > at)])


def severity(codes: Iterable[str]) -> int:
    """Return the total weight of alerts, by which the board is sorted."""
    return sum(ALERT_TYPES[code].severity for code in codes)


def _unconfirmed_pickup(inputs: AlertInputs) -> Iterable[Alert]:
    if inputs.status != Shipment.Status.IN_TRANSIT or inputs.handed_over_at is not None:
        return
    assert inputs.departed_at is not None  # a constraint of the table
    what = _("It is said to have left, and no carrier has confirmed that it took the goods.")
    yield Alert("no_hand_over", what, inputs.departed_at + HAND_OVER_WITHIN)


def _parcels(inputs: AlertInputs) -> Iterable[Alert]:
    if not inputs.parcels_short:
        return
    what = ngettext_lazy(
        "%(number)s parcel fewer arrived than was handed over.",
        "%(number)s parcels fewer arrived than were handed over.",
        "number",
    )
    yield Alert("parcels_short", what % {"number": LocalizedCount(inputs.parcels_short)})


def _need(inputs: AlertInputs) -> Iterable[Alert]:
    """Yield an alert if the shipment is expected after the day of the need, or has not arrived by then."""
    needed = inputs.needed_by
    if needed is None or inputs.status == Shipment.Status.DELIVERED:
        return
    if inputs.expected_on is not None and inputs.expected_on > needed:
        what = _("It is expected on %(expected)s and needed by %(needed)s.")
        params = {"expected": inputs.expected_on.isoformat(), "needed": needed.isoformat()}
        yield Alert("late_for_need", what % params)
        return
    over = datetime.combine(needed + timedelta(days=1), time.min, inputs.zone)
    what = _("It was needed by %(needed)s and is not here.")
    yield Alert("late_for_need", what % {"needed": needed.isoformat()}, over.astimezone(UTC))


def _customs(inputs: AlertInputs) -> Iterable[Alert]:
    """Yield an alert for the side where customs has had the goods longest."""
    if not inputs.at_customs:
        return
    side, since = min(inputs.at_customs, key=lambda one: one[1])
    what = {
        "export": _("Export customs has had it for three days or more and has not released it."),
        "import": _("Import customs has had it for three days or more and has not released it."),
    }[side]
    yield Alert("customs_dwell", what, since + DWELL)


def _step(inputs: AlertInputs) -> Iterable[Alert]:
    if inputs.usual is None or inputs.leg_since is None:
        return
    what = _(
        "This part takes longer than nine of ten before it: %(most)s days at most, of %(number)s shipments."
    )
    params = {
        "most": LocalizedCount(days_rounded_up(inputs.usual.most)),
        "number": LocalizedCount(inputs.usual.number),
    }
    yield Alert("slow_step", what % params, inputs.leg_since + inputs.usual.most + timedelta(seconds=1))


def days_rounded_up(span: timedelta) -> int:
    """Return a span in days, rounded up."""
    return -(-span // timedelta(days=1))
