"""What passed between a place and others, as its page and its file show it: by years, and added up by what it was."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partners import above
from partners.models.cities import City
from partners.models.ties import Exchange, ExchangeQuerySet
from partners.register.timeline import Year, by_year
from partners.register.totals import Amount, same, totals
from partners.rules.powers import Powers
from partners.web.cities import SHOWN
from partners.web.sheets import Column
from workflow.errors import Words

GIVEN, RECEIVED = "given", "received"


@dataclass(frozen=True)
class Narrowing:
    """Which exchanges of a place: one way, of one kind, of one sort of goods. Part of the page's address; anything else is all."""

    way: str = ""
    kind: str = ""
    items: str | None = None

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Narrowing":
        """As an address says it."""
        way, kind = asked.get("way", ""), asked.get("kind", "")
        return cls(
            way if way in (GIVEN, RECEIVED) else "",
            kind if kind in Exchange.Kind.values else "",
            asked.get("items"),
        )

    def __bool__(self) -> bool:
        return bool(self.way or self.kind or self.items is not None)

    @property
    def words(self) -> list[Words]:
        """What it narrows by, to say so above the list."""
        ways: dict[str, Words] = {GIVEN: _("Given"), RECEIVED: _("Received")}
        kind: list[Words] = [Exchange.Kind(self.kind).label] if self.kind else []
        return [*([ways[self.way]] if self.way else []), *kind, *([self.items] if self.items else [])]

    def fits(self, one: Exchange, city: City) -> bool:
        """Whether an exchange of the place is one of these."""
        if self.way and (self.way == GIVEN) != (one.from_city_id == city.pk):
            return False
        if self.kind and one.kind != self.kind:
            return False
        return self.items is None or same(one.items) == same(self.items)


class Way(NamedTuple):
    """What went one way, with the address of the exchanges behind it; `pieces` are pairs of a quantity and its unit."""

    pieces: list[tuple[int, str]]
    times: int
    unknown: int
    url: str


class TotalRow(NamedTuple):
    """One kind of goods as the page tells it, both ways."""

    kind: str
    items: str
    ways: tuple[Way, Way]


def passed(city: City, by: Powers) -> ExchangeQuerySet:
    """What passed between the place and others, the newest first."""
    rows = Exchange.objects.visible_to(by).of(city).select_related("from_city", "to_city")
    return rows.order_by("-on", "-pk")


def exchange_context(city: City, by: Powers, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows of it: the years, the totals and where the shipments stand. Two queries at most.

    All of it is read, because all of it is added up; at most SHOWN are told, the newest, and the file has the rest.
    """
    rows, narrowing = list(passed(city, by)), Narrowing.of(asked)
    fit = [one for one in rows if narrowing.fits(one, city)]
    return {
        "years": by_year(fit[:SHOWN]),
        "exchanges": len(rows),
        "fit": len(fit),
        "narrowing": narrowing,
        "left_out": max(0, len(fit) - SHOWN),
        "totals": total_rows(rows, city),
        "shipments": shipments(fit[:SHOWN], by),
    }


def years(rows: QuerySet[Exchange], by: Powers) -> tuple[list[Year[Exchange]], Mapping[str, str]]:
    """The newest of some exchanges by years, and where their shipments stand. Two queries at most."""
    found = list(rows[:SHOWN])
    return by_year(found), shipments(found, by)


def shipments(rows: Iterable[Exchange], by: Powers) -> Mapping[str, str]:
    """The addresses of the shipments that brought these, as far as the reader may see them."""
    return above.delivered({one.shipment_reference for one in rows if one.shipment_reference}, by)


def total_rows(rows: Iterable[Exchange], city: City) -> Sequence[TotalRow]:
    """What the place gave and received, each figure with the way to the exchanges behind it."""
    return [
        TotalRow(
            str(Exchange.Kind(total.kind).label),
            total.items,
            (
                _way(total.given, GIVEN, total.kind, total.items),
                _way(total.received, RECEIVED, total.kind, total.items),
            ),
        )
        for total in totals(rows, city.pk)
    ]


def _way(amount: Amount, way: str, kind: str, items: str) -> Way:
    address = f"?{urlencode({'way': way, 'kind': kind, 'items': items})}#exchanges"
    pieces = [(quantity, unit) for unit, quantity in sorted(amount.by_unit.items())]
    return Way(pieces, amount.times, amount.unknown, address)


COLUMNS: tuple[Column, ...] = (
    (_("Day"), lambda one: one.when.written),
    (_("How exactly it is known"), lambda one: one.get_precision_display()),
    (_("From"), lambda one: one.from_city.name),
    (_("To"), lambda one: one.to_city.name),
    (_("Kind"), lambda one: one.get_kind_display()),
    (_("Items"), lambda one: one.items),
    (_("Quantity"), lambda one: one.quantity),
    (_("Unit"), lambda one: one.unit),
    (_("Shipment"), lambda one: one.shipment_reference),
    (_("Source"), lambda one: one.source_url),
    (_("Note"), lambda one: one.note),
)
