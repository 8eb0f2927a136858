"""Import and export of exchanges: one row for each exchange, and one for each item of a donation."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City
from partners.exchanges.actions import ExchangeEdit, correct_exchange
from partners.exchanges.models import Exchange
from partners.partial_dates import PartialDate, Precision, parse_partial_date
from partners.register_import.actions.bulk_create import build_exchange, record_exchanges
from partners.register_import.errors import RowError
from partners.register_import.formats import header_aliases
from partners.register_import.formats.columns import (
    Column,
    choice_reader,
    read_partial_date_cell,
    slug_reader,
    text_reader,
    web_address_reader,
    whole_number_reader,
)
from partners.register_import.formats.csv_and_xlsx import NumberedRow, Row
from partners.register_import.import_session import ImportSession, differing_facts

EXCHANGE_COLUMNS = (
    Column(
        "from_city",
        slug_reader,
        required=True,
        label=pgettext_lazy("a city", "From"),
        other_headings=header_aliases.EXCHANGE_HEADINGS["from_city"],
    ),
    Column(
        "to_city",
        slug_reader,
        required=True,
        label=pgettext_lazy("a city", "To"),
        other_headings=header_aliases.EXCHANGE_HEADINGS["to_city"],
    ),
    Column(
        "date",
        read_partial_date_cell,
        required=True,
        label=_("Date"),
        other_headings=header_aliases.EXCHANGE_HEADINGS["date"],
    ),
    Column(
        "date_precision",
        choice_reader(Precision),
        required=True,
        label=_("Date precision"),
        other_headings=header_aliases.EXCHANGE_HEADINGS["date_precision"],
    ),
    Column(
        "kind",
        choice_reader(Exchange.Kind),
        required=True,
        label=_("Type"),
        other_headings=header_aliases.EXCHANGE_HEADINGS["kind"],
    ),
    Column(
        "items", text_reader(300), label=_("Items"), other_headings=header_aliases.EXCHANGE_HEADINGS["items"]
    ),
    Column(
        "quantity",
        whole_number_reader(),
        label=_("Quantity"),
        other_headings=header_aliases.EXCHANGE_HEADINGS["quantity"],
    ),
    Column("unit", text_reader(30), label=_("Unit"), other_headings=header_aliases.EXCHANGE_HEADINGS["unit"]),
    Column(
        "source_url",
        web_address_reader,
        required=True,
        label=_("Source"),
        other_headings=header_aliases.SOURCE_HEADINGS,
    ),
    Column("note", text_reader(2000), label=_("Note"), other_headings=header_aliases.NOTE_HEADINGS),
)
EXCHANGE_FACT_NAMES = ("quantity", "unit", "source_url", "note")


def import_exchanges(rows: list[NumberedRow], run: ImportSession) -> None:
    """Record new exchanges and correct those that differ.

    Rows with the same cities, date, kind and items are the same exchange.
    """
    cities = run.cities_by_key(row[side] for _number, row in rows for side in ("from_city", "to_city"))
    ids = [city.pk for city in cities.values()]
    known = {
        _key(one): one
        for one in Exchange.objects.filter(from_city__in=ids, to_city__in=ids, shipment_reference="")
    }
    fresh: list[Exchange] = []
    for number, row in rows:
        giver, receiver = (run.city(cities, number, side, row[side]) for side in ("from_city", "to_city"))
        when = _read_date(row, number, run)
        if giver is None or receiver is None or when is None:
            continue
        key = (giver.pk, receiver.pk, when, row["kind"], row.get("items", ""))
        run.process_row(
            number,
            key,
            partial(_import_exchange, known.get(key), (giver, receiver, when), row, fresh, run),
            row,
        )
    run.create_entries(fresh, record_exchanges)


def _key(exchange: Exchange) -> tuple[Any, ...]:
    return exchange.from_city_id, exchange.to_city_id, exchange.when, exchange.kind, exchange.items


def _read_date(row: Row, number: int, run: ImportSession) -> PartialDate | None:
    try:
        return parse_partial_date(row["date"].iso_text, row.get("date_precision") or row["date"].precision)
    except ValueError:
        message = _(
            "The date does not match the precision “%(precision)s”. Enter a year, a month or a full "
            "date to match."
        )
        run.faults.append(RowError(number, "date_precision", message % {"precision": row["date_precision"]}))
        return None


def _import_exchange(
    known: Exchange | None,
    what: tuple[City, City, PartialDate],
    row: Row,
    fresh: list[Exchange],
    run: ImportSession,
) -> None:
    facts = {name: row[name] for name in EXCHANGE_FACT_NAMES if name in row}
    if known is None:
        giver, receiver, when = what
        days = {"on": when.first_day, "precision": when.precision}
        created = Exchange(
            from_city=giver, to_city=receiver, kind=row["kind"], items=row.get("items", ""), **days, **facts
        )
        fresh.append(build_exchange(created, run.actor))
    elif not run.only_new and (changes := differing_facts(known, facts)):
        run.note(known, changes)
        correct_exchange(known, ExchangeEdit(**changes), **run.action_arguments)
        run.changed += 1
    else:
        run.same += 1


def export_exchanges() -> Iterator[Row]:
    """Yield every exchange in the order of entry, without the deliveries of this system's own shipments."""
    found = (
        Exchange.objects.filter(shipment_reference="").select_related("from_city", "to_city").order_by("pk")
    )
    for exchange in found.iterator():
        yield {
            "from_city": exchange.from_city.slug,
            "to_city": exchange.to_city.slug,
            "date": exchange.when.iso_text,
            "date_precision": exchange.precision,
            "kind": exchange.kind,
            "items": exchange.items,
            **{name: getattr(exchange, name) for name in EXCHANGE_FACT_NAMES},
        }
