"""What somebody should look at, from when on, and what to do about it. Pure.

Each sign says from which moment it stands, so that the clock knows when to look again. They warn and never block.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from procurement.shipments.models.shipment import Shipment
from procurement.shipments.rules.tracking.durations import Lengths
from procurement.shipments.rules.tracking.steps import HAND_OVER_WITHIN
from workflow.errors import Words
from workflow.tongues import Figure

DWELL = timedelta(
    hours=72
)  # our own measure, from no source: three days at customs with goods that are there
LOOK_AGAIN = timedelta(hours=24)  # at the latest, for what no clock foretells
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
GRAVE = {"no_hand_over": 4, "parcels_short": 4, "late_for_need": 3, "customs_dwell": 2, "slow_step": 1}


@dataclass(frozen=True)
class Warned:
    """A sign: its code, what there is to see, and from when on it stands (ALWAYS: since it is known)."""

    code: str
    what: Words
    since: datetime = ALWAYS

    @property
    def name(self) -> Words:
        """In a few words, for a list."""
        return NAMES[self.code]

    @property
    def todo(self) -> Words:
        """What to do about it."""
        return TODO[self.code]


@dataclass(frozen=True, kw_only=True)
class Signs:
    """What warnings are judged by. Days are of the receiving city's `zone`; `at_customs` are sides with the moment since when both
    the goods and the declaration are there; `leg_since` is when what it is at began, `usual` how long that took before.
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
    usual: Lengths | None = None


def warnings_of(signs: Signs) -> list[Warned]:
    """Every sign, whether it stands yet or will; the gravest first."""
    if signs.status not in Shipment.FOLLOWED:
        return []
    found = [*_hand_over(signs), *_parcels(signs), *_need(signs), *_customs(signs), *_step(signs)]
    return sorted(found, key=lambda one: -GRAVE[one.code])


def standing(warned: Iterable[Warned], at: datetime) -> list[Warned]:
    """Those that stand at a moment."""
    return [one for one in warned if one.since <= at]


def due_again(warned: Iterable[Warned], at: datetime) -> datetime:
    """When to look again: as the next sign begins to stand, and within a day."""
    return min([at + LOOK_AGAIN, *(one.since for one in warned if one.since > at)])


def grave(codes: Iterable[str]) -> int:
    """How grave warnings are together: for the order of the board."""
    return sum(GRAVE[code] for code in codes)


def _hand_over(signs: Signs) -> Iterable[Warned]:
    if signs.status != Shipment.Status.DEPARTED or signs.handed_over_at is not None:
        return
    assert signs.departed_at is not None  # a constraint of the table
    what = _("It is said to have left, and no carrier has confirmed that it took the goods.")
    yield Warned("no_hand_over", what, signs.departed_at + HAND_OVER_WITHIN)


def _parcels(signs: Signs) -> Iterable[Warned]:
    if not signs.parcels_short:
        return
    what = ngettext_lazy(
        "%(number)s parcel fewer arrived than was handed over.",
        "%(number)s parcels fewer arrived than were handed over.",
        "number",
    )
    yield Warned("parcels_short", what % {"number": Figure(signs.parcels_short)})


def _need(signs: Signs) -> Iterable[Warned]:
    """Expected after the day of the need; or that day is over and nothing is here."""
    needed = signs.needed_by
    if needed is None or signs.status == Shipment.Status.DELIVERED:
        return
    if signs.expected_on is not None and signs.expected_on > needed:
        what = _("It is expected on %(expected)s and needed by %(needed)s.")
        told = {"expected": signs.expected_on.isoformat(), "needed": needed.isoformat()}
        yield Warned("late_for_need", what % told)
        return
    over = datetime.combine(needed + timedelta(days=1), time.min, signs.zone)
    what = _("It was needed by %(needed)s and is not here.")
    yield Warned("late_for_need", what % {"needed": needed.isoformat()}, over.astimezone(UTC))


def _customs(signs: Signs) -> Iterable[Warned]:
    """The first of the sides that dwells."""
    if not signs.at_customs:
        return
    side, since = min(signs.at_customs, key=lambda one: one[1])
    what = {
        "export": _("Export customs has had it for three days or more and has not released it."),
        "import": _("Import customs has had it for three days or more and has not released it."),
    }[side]
    yield Warned("customs_dwell", what, since + DWELL)


def _step(signs: Signs) -> Iterable[Warned]:
    if signs.usual is None or signs.leg_since is None:
        return
    what = _(
        "This part takes longer than nine of ten before it: %(most)s days at most, of %(number)s shipments."
    )
    told = {"most": Figure(days(signs.usual.most)), "number": Figure(signs.usual.number)}
    yield Warned("slow_step", what % told, signs.leg_since + signs.usual.most + timedelta(seconds=1))


def days(span: timedelta) -> int:
    """A span in days, rounded up: what took a day and an hour took two days at most."""
    return -(-span // timedelta(days=1))
