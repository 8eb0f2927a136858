"""Exchanges as a file: one row per thing that passed between two places, one per item of a gift."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.actions.many import new_exchange, record_exchanges
from partners.actions.register import correct_exchange
from partners.dates import Known, Precision, parse
from partners.exchange import called
from partners.exchange.columns import Column, address, choice, day, slug, text, whole
from partners.exchange.faults import Fault
from partners.exchange.files import Numbered, Row
from partners.exchange.runs import Run, differing
from partners.models.cities import City
from partners.models.ties import Exchange

COLUMNS = (
    Column("from_city", slug, required=True, label=_("From"), also=called.PASSED["from_city"]),
    Column("to_city", slug, required=True, label=_("To"), also=called.PASSED["to_city"]),
    Column("date", day, required=True, label=_("Day"), also=called.PASSED["date"]),
    Column(
        "date_precision",
        choice(Precision),
        required=True,
        label=_("How exactly the day is known"),
        also=called.PASSED["date_precision"],
    ),
    Column("kind", choice(Exchange.Kind), required=True, label=_("Kind"), also=called.PASSED["kind"]),
    Column("items", text(300), label=_("Items"), also=called.PASSED["items"]),
    Column("quantity", whole(), label=_("Quantity"), also=called.PASSED["quantity"]),
    Column("unit", text(30), label=_("Unit"), also=called.PASSED["unit"]),
    Column("source_url", address, required=True, label=_("Source"), also=called.SOURCE),
    Column("note", text(2000), label=_("Note"), also=called.NOTE),
)
FACTS = ("quantity", "unit", "source_url", "note")


def bring(rows: list[Numbered], run: Run) -> None:
    """Record what is new, correct what differs. The same places, day, kind and items are the same exchange."""
    cities = run.cities(row[side] for _number, row in rows for side in ("from_city", "to_city"))
    ids = [city.pk for city in cities.values()]
    known = {
        _key(one): one
        for one in Exchange.objects.filter(from_city__in=ids, to_city__in=ids, shipment_reference="")
    }
    fresh: list[Exchange] = []
    for number, row in rows:
        giver, receiver = (run.city(cities, number, side, row[side]) for side in ("from_city", "to_city"))
        when = _when(row, number, run)
        if giver is None or receiver is None or when is None:
            continue
        key = (giver.pk, receiver.pk, when, row["kind"], row.get("items", ""))
        run.row(
            number, key, partial(_bring_one, known.get(key), (giver, receiver, when), row, fresh, run), row
        )
    run.enter(fresh, record_exchanges)


def _key(exchange: Exchange) -> tuple[Any, ...]:
    return exchange.from_city_id, exchange.to_city_id, exchange.when, exchange.kind, exchange.items


def _when(row: Row, number: int, run: Run) -> Known | None:
    try:
        return parse(row["date"].written, row.get("date_precision") or row["date"].precision)
    except ValueError:
        words = _("A day “%(precision)s” is written in another way: a year, a month or a whole day.")
        run.faults.append(Fault(number, "date_precision", words % {"precision": row["date_precision"]}))
        return None


def _bring_one(
    known: Exchange | None, what: tuple[City, City, Known], row: Row, fresh: list[Exchange], run: Run
) -> None:
    facts = {name: row[name] for name in FACTS if name in row}
    if known is None:
        giver, receiver, when = what
        days = {"on": when.on, "precision": when.precision}
        made = Exchange(
            from_city=giver, to_city=receiver, kind=row["kind"], items=row.get("items", ""), **days, **facts
        )
        fresh.append(new_exchange(made, run.by))
    elif not run.only_new and (changes := differing(known, facts)):
        run.note(known, changes)
        correct_exchange(known, **run.who, **changes)
        run.changed += 1
    else:
        run.same += 1


def rows() -> Iterator[Row]:
    """Everything recorded from outside, in the order it came; what shipments brought is this system's own and left out."""
    found = (
        Exchange.objects.filter(shipment_reference="").select_related("from_city", "to_city").order_by("pk")
    )
    for one in found.iterator():
        yield {
            "from_city": one.from_city.slug,
            "to_city": one.to_city.slug,
            "date": one.when.written,
            "date_precision": one.precision,
            "kind": one.kind,
            "items": one.items,
            **{name: getattr(one, name) for name in FACTS},
        }
