"""Actions on exchanges: record, correct, record the delivery of a shipment."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.exchanges.models import Exchange
from partners.partial_dates import PartialDate
from partners.powers import may_edit_register_of
from partners.register_rows import add_row, correct_row
from workflow.actors import Actor
from workflow.edits import UNSET, Edit, Unset
from workflow.errors import NOT_ALLOWED, Refused


# --- exchanges --------------------------------------------------------------------------------------------------
class ExchangeFacts(TypedDict, total=False):
    """Facts of a new exchange, besides its cities, day and kind."""

    items: str
    quantity: int | None
    unit: str
    source_url: str
    note: str


@dataclass(frozen=True, kw_only=True)
class ExchangeEdit(Edit):
    """Facts of an exchange to correct. `on` and `precision` go together."""

    on: date | Unset = UNSET
    precision: str | Unset = UNSET
    kind: str | Unset = UNSET
    items: str | Unset = UNSET
    quantity: int | Unset | None = UNSET
    unit: str | Unset = UNSET
    source_url: str | Unset = UNSET
    note: str | Unset = UNSET


def record_exchange(
    *,
    from_city: City,
    to_city: City,
    when: PartialDate,
    kind: str,
    by: Actor,
    at: datetime,
    reason: str = "",
    **facts: Unpack[ExchangeFacts],
) -> Exchange:
    """Record an exchange between two cities.

    Refuses an exchange that is recorded already, and an actor who may not edit the register of either city.
    """
    if not may_edit_register_of(by, from_city.pk, to_city.pk):
        raise Refused(
            NOT_ALLOWED,
            _("Only people who manage the register of one of the two cities can record this exchange."),
        )
    exchange = _build_exchange(from_city, to_city, when, kind, facts)
    with transaction.atomic():
        if _find_same(exchange) is not None:
            raise Refused(
                "already_recorded",
                _("This exchange is already in the register. Correct it on the exchange’s page."),
            )
        add_row(exchange, by=by, at=at, reason=reason)
    return exchange


def record_delivery(
    shipment_reference: str,
    *,
    from_city: City,
    to_city: City,
    on: date,
    kind: str,
    by: Actor,
    at: datetime,
    **facts: Unpack[ExchangeFacts],
) -> Exchange:
    """Record what a shipment delivered, one exchange for each item, after the shipment is closed.

    Calling it again changes nothing. Called when a shipment is closed, in the same transaction. It checks no
    permission: an actor who may close the shipment may also record its delivery.
    """
    exchange = _build_exchange(from_city, to_city, PartialDate(on, "day"), kind, facts)
    exchange.shipment_reference = shipment_reference
    with transaction.atomic():
        known = _find_same(exchange)
        if known is not None:
            return known
        add_row(exchange, by=by, at=at, reason="")
    return exchange


def correct_exchange(
    exchange: Exchange, edit: ExchangeEdit, *, by: Actor, at: datetime, reason: str
) -> Exchange:
    """Correct facts of an exchange. Changes and records nothing if they are correct already."""
    if not may_edit_register_of(by, exchange.from_city_id, exchange.to_city_id):
        raise Refused(
            NOT_ALLOWED,
            _("Only people who manage the register of one of the two cities can correct this exchange."),
        )
    correct_row(exchange, edit, by=by, at=at, reason=reason)
    return exchange


def _build_exchange(
    from_city: City, to_city: City, when: PartialDate, kind: str, facts: ExchangeFacts
) -> Exchange:
    if from_city.pk == to_city.pk:
        raise Refused("one_place", _("Choose two different cities."), field="to_city")
    if when.first_day is None:
        raise Refused("day_missing", _("Enter a date, or at least the year."), field="on")
    return Exchange(
        from_city=from_city, to_city=to_city, on=when.first_day, precision=when.precision, kind=kind, **facts
    )


def _find_same(exchange: Exchange) -> Exchange | None:
    """Return the recorded exchange with the same cities, date, kind, items and shipment, or None."""
    names = ("from_city_id", "to_city_id", "on", "precision", "kind", "items", "shipment_reference")
    return Exchange.objects.filter(**{name: getattr(exchange, name) for name in names}).first()
