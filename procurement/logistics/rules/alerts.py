"""Alerts about a shipment: when each starts and what to do about it. Pure.

Each alert has a start, so that the periodic job knows when to look again. Alerts never block a
step.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

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
NAMES: dict[str, Words] = {
    "no_hand_over": _("No hand-over confirmed"),
    "parcels_short": _("Parcels missing on the way"),
    "late_for_need": _("Too late for the need"),
    "customs_dwell": _("Long at customs"),
    "slow_step": _("Takes longer than usual"),
}
TODO: dict[str, Words] = {
    "no_hand_over": _(
        "Ask the carrier under the waybill's number. If it knows nothing of the goods, hold every payment and call the supplier."
    ),
    "parcels_short": _(
        "Ask the carrier for a search and for its report of the difference. Note both before the goods are signed for."
    ),
    "late_for_need": _(
        "Tell whoever waits for the goods, and look what can come sooner: a part by air, another offer, a loan from a neighbour."
    ),
    "customs_dwell": _("Let the broker ask the office what is missing, and note the answer here as a hold."),
    "slow_step": _(
        "Ask whoever has it now, and write down what they say: an estimate with a name is better than none."
    ),
}
SEVERITIES = {"no_hand_over": 4, "parcels_short": 4, "late_for_need": 3, "customs_dwell": 2, "slow_step": 1}


@dataclass(frozen=True)
class Alert:
    """Alert: its code, its text, and the moment from which it holds (ALWAYS: as soon as it is known)."""

    code: str
    what: Words
    since: datetime = ALWAYS

    @property
    def name(self) -> Words:
        """Short name for a list."""
        return NAMES[self.code]

    @property
    def todo(self) -> Words:
        """Advice on what to do."""
        return TODO[self.code]


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


def alerts_of(signs: AlertInputs) -> list[Alert]:
    """Return every alert, current or future, the most serious first."""
    if signs.status not in Shipment.Status.open:
        return []
    found = [*_hand_over(signs), *_parcels(signs), *_need(signs), *_customs(signs), *_step(signs)]
    return sorted(found, key=lambda one: -SEVERITIES[one.code])


def active_alerts(warned: Iterable[Alert], at: datetime) -> list[Alert]:
    """Return the alerts that hold at a moment."""
    return [one for one in warned if one.since <= at]


def next_check_time(warned: Iterable[Alert], at: datetime) -> datetime:
    """Return when to look again: when the next alert starts, and within a day at the latest."""
    return min([at + CHECK_INTERVAL, *(one.since for one in warned if one.since > at)])


def severity(codes: Iterable[str]) -> int:
    """Return the total weight of alerts, by which the board is sorted."""
    return sum(SEVERITIES[code] for code in codes)


def _hand_over(signs: AlertInputs) -> Iterable[Alert]:
    if signs.status != Shipment.Status.IN_TRANSIT or signs.handed_over_at is not None:
        return
    assert signs.departed_at is not None  # a constraint of the table
    what = _("It is said to have left, and no carrier has confirmed that it took the goods.")
    yield Alert("no_hand_over", what, signs.departed_at + HAND_OVER_WITHIN)


def _parcels(signs: AlertInputs) -> Iterable[Alert]:
    if not signs.parcels_short:
        return
    what = ngettext_lazy(
        "%(number)s parcel fewer arrived than was handed over.",
        "%(number)s parcels fewer arrived than were handed over.",
        "number",
    )
    yield Alert("parcels_short", what % {"number": LocalizedCount(signs.parcels_short)})


def _need(signs: AlertInputs) -> Iterable[Alert]:
    """Yield an alert if the shipment is expected after the day of the need, or has not arrived by then."""
    needed = signs.needed_by
    if needed is None or signs.status == Shipment.Status.DELIVERED:
        return
    if signs.expected_on is not None and signs.expected_on > needed:
        what = _("It is expected on %(expected)s and needed by %(needed)s.")
        told = {"expected": signs.expected_on.isoformat(), "needed": needed.isoformat()}
        yield Alert("late_for_need", what % told)
        return
    over = datetime.combine(needed + timedelta(days=1), time.min, signs.zone)
    what = _("It was needed by %(needed)s and is not here.")
    yield Alert("late_for_need", what % {"needed": needed.isoformat()}, over.astimezone(UTC))


def _customs(signs: AlertInputs) -> Iterable[Alert]:
    """Yield an alert for the side where customs has had the goods longest."""
    if not signs.at_customs:
        return
    side, since = min(signs.at_customs, key=lambda one: one[1])
    what = {
        "export": _("Export customs has had it for three days or more and has not released it."),
        "import": _("Import customs has had it for three days or more and has not released it."),
    }[side]
    yield Alert("customs_dwell", what, since + DWELL)


def _step(signs: AlertInputs) -> Iterable[Alert]:
    if signs.usual is None or signs.leg_since is None:
        return
    what = _(
        "This part takes longer than nine of ten before it: %(most)s days at most, of %(number)s shipments."
    )
    told = {
        "most": LocalizedCount(days_rounded_up(signs.usual.most)),
        "number": LocalizedCount(signs.usual.number),
    }
    yield Alert("slow_step", what % told, signs.leg_since + signs.usual.most + timedelta(seconds=1))


def days_rounded_up(span: timedelta) -> int:
    """Return a span in days, rounded up."""
    return -(-span // timedelta(days=1))
