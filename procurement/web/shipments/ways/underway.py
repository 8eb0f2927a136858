"""The map of what is under way: where each open shipment of the board is, as marks on our own map and as a table of places."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils.translation import ngettext

from partners.geo import labels
from partners.geo.globe import Spot, great_circle
from partners.geo.groups import Dot, Place, grouped
from partners.geo.labels import Named
from partners.geo.paper import Paper, way, within
from partners.geo.sheets import sheet_for
from procurement.shipments.gathering.places import last_heard
from procurement.shipments.models.shipment import ShipmentQuerySet
from procurement.shipments.rules.tracking.places import now_at
from procurement.shipments.words import place_name, spot_of
from workflow.doors.charts.labels import text_width

MOST = 2_000  # on one map, the soonest first; the board has them all
HELD, LATE, FINE = "held", "late", "fine"
STATES = (HELD, LATE, FINE)  # the gravest first


class One(NamedTuple):
    """An open shipment: how it stands, its way, and where it is."""

    reference: str
    state: str
    way: tuple[str, ...]  # from, by way of, to
    at: str


@dataclass
class At:
    """A place with the shipments that are there now."""

    code: str
    name: str
    shipments: list[One] = field(default_factory=list)

    @property
    def held(self) -> int:
        """How many of them customs holds."""
        return sum(one.state == HELD for one in self.shipments)

    @property
    def late(self) -> int:
        """How many of them are late."""
        return sum(one.state == LATE for one in self.shipments)


@dataclass(frozen=True)
class Mark:
    """What is drawn: a mark with the number of shipments there, in the shape of the gravest state; or a port nothing is at now."""

    named: Named
    shipments: Sequence[One]

    @property
    def state(self) -> str:
        """The gravest of its shipments; "" for a port."""
        return next((state for state in STATES if any(one.state == state for one in self.shipments)), "")

    @property
    def key(self) -> str:
        """Its name in addresses."""
        return self.named.place.key

    @property
    def label(self) -> str:
        """What a mark says to whoever hears the page: the place, how many are there, how many of them are held or late."""
        number = len(self.shipments)
        held, late = (sum(one.state == state for one in self.shipments) for state in (HELD, LATE))
        words = ngettext(
            "%(place)s: %(number)s shipment, held: %(held)s, late: %(late)s",
            "%(place)s: %(number)s shipments, held: %(held)s, late: %(late)s",
            number,
        )
        return words % {"place": self.named.name, "number": number, "held": held, "late": late}


@dataclass(frozen=True)
class UnderWay:
    """What the template draws over the land, and the same as a table."""

    marks: list[Mark]
    legs: list[str]
    paper: Paper
    table: list[At]
    beside: list[At]  # places that the map cannot show
    number: int
    left_out: int

    @property
    def ports(self) -> list[Mark]:
        """Where nothing is now, and something comes from, passes or goes to."""
        return [mark for mark in self.marks if not mark.shipments]

    @property
    def standing(self) -> list[Mark]:
        """Where something is now."""
        return [mark for mark in self.marks if mark.shipments]

    @property
    def apart(self) -> int:
        """How many shipments are at a place that the map cannot show."""
        return sum(len(at.shipments) for at in self.beside)


def under_way(rows: ShipmentQuerySet, today: date) -> UnderWay:
    """The open ones of these shipments on a map. Two queries."""
    open_ones = rows.under_way()
    facts = ("reference", "status", "origin", "destination", "via", "held", "warnings", "expected_on")
    found = open_ones.annotate(heard=last_heard()).order_by("expected_on", "pk").values_list(*facts, "heard")
    ones = [_one(row, today) for row in found[:MOST]]
    left_out = open_ones.count() - MOST if len(ones) == MOST else 0
    return drawn(ones, left_out=left_out)


def _one(row: Sequence[Any], today: date) -> One:
    reference, status, origin, destination, via, held, warnings, expected_on, heard = row
    late = "late_for_need" in warnings or (expected_on is not None and expected_on < today)
    state = HELD if held else LATE if late else FINE
    way = (origin, *via, destination)
    return One(reference, state, way, now_at(status, origin, destination, heard or ""))


def drawn(ones: Sequence[One], *, left_out: int = 0) -> UnderWay:
    """Marks for the places, the ways between them, and the table."""
    table = _by_place(ones)
    spots = {code: spot for one in ones for code in (*one.way, one.at) if (spot := spot_of(code))}
    legs = list(dict.fromkeys(leg for one in ones for leg in _legs(one, spots)))
    paper = sheet_for([(spots[a], spots[b]) for a, b in legs])
    points = {code: paper.point(spot) for code, spot in spots.items()}
    shown = {code for code, point in points.items() if within(paper, point)}
    here = {at.code: at for at in table}
    dots = [
        Dot(
            Place(place_name(code), spots[code], code),
            points[code],
            len(here[code].shipments) if code in here else 0,
        )
        for code in sorted(shown)
    ]
    groups = grouped(dots)
    for group in groups:
        group.large = any(place.key in here for place in group.places)
    marks = [
        Mark(named, [one for place in named.places if place.key in here for one in here[place.key].shipments])
        for named in labels.spread(groups, text_width, paper)
    ]
    ways = [way(great_circle(spots[a], spots[b]), paper) for a, b in legs if {a, b} <= shown]
    beside = [at for at in table if at.code not in shown]
    return UnderWay(marks, ways, paper, table, beside, len(ones), left_out)


def _by_place(ones: Iterable[One]) -> list[At]:
    """The places with their shipments: where most are first."""
    found: dict[str, At] = {}
    for one in ones:
        found.setdefault(one.at, At(one.at, place_name(one.at))).shipments.append(one)
    return sorted(found.values(), key=lambda at: (-len(at.shipments), at.name, at.code))


def _legs(one: One, spots: dict[str, Spot]) -> Iterable[tuple[str, str]]:
    """The parts of its way, between places whose position is known."""
    way = [code for code in one.way if code in spots]
    return [(a, b) for a, b in pairwise(way) if a != b]
