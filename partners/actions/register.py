"""What happens to the register: cities, agreements and exchanges added and corrected. How an agreement ends stands in ties.py."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.above import limit_changed
from partners.dates import UNKNOWN, Known
from partners.models.cities import City
from partners.models.ties import Exchange, Twinning
from partners.roles import Power
from partners.rules.places import named, placed
from partners.rules.ties import (
    ASK_TO_CONFIRM,
    CORRECT,
    TWIN,
    OfCity,
    confirm_sides,
    may_ask_to_confirm,
    may_edit_for,
    out_of_order,
    unconfirm_what_grew,
)
from workflow.actors import Actor
from workflow.days import utc_day
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.moves import Move, locked
from workflow.outbox import ledger


# --- cities -----------------------------------------------------------------------------------------------------
def add_city(*, slug: str, by: Actor, at: datetime, reason: str = "", **facts: Any) -> City:
    """Enter a place into the register. Refuses a name in the address (slug) that another place has or that no address can hold,
    and a position off the globe.
    """
    if not by.may(Power.EDIT_REGISTER, OfCity(None)):
        raise Refused(NOT_ALLOWED, _("Only who keeps the register may add a place."))
    with transaction.atomic():
        if City.objects.filter(slug=slug).exists():
            raise Refused(
                "slug_taken",
                _("There is already a place with the key %(slug)s.") % {"slug": slug},
                field="slug",
            )
        city = City(slug=named(slug), **placed(facts))
        _add(city, by=by, at=at, reason=reason)
    return city


def correct_city(city: City, *, by: Actor, at: datetime, reason: str, **facts: Any) -> City:
    """Set facts of a place right. Changes and records nothing where they are right already.

    Refuses who does not keep it, and a position off the globe.
    """
    if not by.may(Power.EDIT_REGISTER, city):
        raise Refused(
            NOT_ALLOWED, _("Only who keeps the register of %(city)s may correct it.") % {"city": city}
        )
    with transaction.atomic():
        if "approval_limit" in facts:
            limit_changed(city.pk)
        _correct(city, placed(facts, city), by=by, at=at, reason=reason)
    return city


# --- agreements -------------------------------------------------------------------------------------------------
def twin(
    city_a: City,
    city_b: City,
    *,
    kind: str,
    by: Actor,
    at: datetime,
    signed: Known = UNKNOWN,
    expires: Known = UNKNOWN,
    recorded_on: date | None = None,
    reason: str = "",
    **facts: Any,
) -> Twinning:
    """Record an agreement of two places. Refuses a place with itself, and a second agreement of one kind between the same two."""
    if city_a.pk == city_b.pk:
        raise Refused("one_place", _("An agreement is between two places."), field="city_b")
    with transaction.atomic():
        if between(city_a, city_b).filter(kind=kind).exists():
            raise Refused(
                "already_twinned",
                _("This agreement is already in the register. Correct it there."),
                field="kind",
            )
        twinning = Twinning(
            city_a=city_a,
            city_b=city_b,
            kind=kind,
            signed_on=signed.on,
            signed_precision=signed.precision,
            expires_on=expires.on,
            expires_precision=expires.precision,
            recorded_on=recorded_on or utc_day(at),  # an agreement belongs to two places
            **facts,
        )
        _in_order(twinning)
        confirm_sides(twinning, by)
        TWIN.start(twinning, by=by, at=at, reason=reason)
        ask_others(twinning, by=by, at=at)
        return twinning


def correct_twinning(twinning: Twinning, *, by: Actor, at: datetime, reason: str, **facts: Any) -> Twinning:
    """Set facts of an agreement right, `signed`, `expires` and `ended` among them. Refuses without a reason.

    Where it turns out to end on another day, whoever keeps it is reminded of that day instead.
    """
    with growing(CORRECT, twinning, by=by, at=at, reason=reason) as row:
        set_facts(row, facts)
    return twinning


@contextmanager
def growing(
    move: Move[Twinning], twinning: Twinning, *, by: Actor, at: datetime, reason: str
) -> Iterator[Twinning]:
    """Make a move after which an agreement may hold longer. Where one side alone makes it so, the other is asked to confirm."""
    with transaction.atomic():
        with move.on(twinning, by=by, at=at, reason=reason) as row:
            before = copy(row)
            yield row
            after = copy(row)
            after.status = move.target or row.status
            unconfirm_what_grew(after, before, by, utc_day(at))
            row.confirmed_a, row.confirmed_b = after.confirmed_a, after.confirmed_b
            row.agreed_until = after.agreed_until
        if (before.confirmed_a, before.confirmed_b) != (twinning.confirmed_a, twinning.confirmed_b):
            ask_others(twinning, by=by, at=at)


def ask_others(twinning: Twinning, *, by: Actor, at: datetime) -> None:
    """Tell who keeps the other side of an agreement that one side recorded or extended alone. Does nothing for a confirmed one."""
    if may_ask_to_confirm(by, twinning):
        with ASK_TO_CONFIRM.on(twinning, by=by, at=at):
            pass


def between(city_a: City, city_b: City) -> Any:
    """The agreements of two places, whichever side is named first."""
    return Twinning.objects.filter(Q(city_a=city_a, city_b=city_b) | Q(city_a=city_b, city_b=city_a))


# --- exchanges --------------------------------------------------------------------------------------------------
def record_exchange(
    *,
    from_city: City,
    to_city: City,
    when: Known,
    kind: str,
    by: Actor,
    at: datetime,
    reason: str = "",
    **facts: Any,
) -> Exchange:
    """Record what passed between two places. Refuses one that is recorded already, and who keeps the register of neither."""
    if not may_edit_for(by, from_city.pk, to_city.pk):
        raise Refused(NOT_ALLOWED, _("Only who keeps the register of one of the two places may record this."))
    exchange = _exchange(from_city, to_city, when, kind, facts)
    with transaction.atomic():
        if _same(exchange) is not None:
            raise Refused(
                "already_recorded", _("This exchange is already in the register. Correct it there.")
            )
        _add(exchange, by=by, at=at, reason=reason)
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
    **facts: Any,
) -> Exchange:
    """Record what a shipment brought, one exchange per item, when somebody who may has closed it. Again changes nothing.

    Called by the shipments stage inside its own transaction: whoever may close the shipment may let the register know.
    """
    exchange = _exchange(from_city, to_city, Known(on, "day"), kind, facts)
    exchange.shipment_reference = shipment_reference
    with transaction.atomic():
        known = _same(exchange)
        if known is not None:
            return known
        _add(exchange, by=by, at=at, reason="")
    return exchange


def correct_exchange(exchange: Exchange, *, by: Actor, at: datetime, reason: str, **facts: Any) -> Exchange:
    """Set facts of an exchange right. Changes and records nothing where they are right already."""
    if not may_edit_for(by, exchange.from_city_id, exchange.to_city_id):
        raise Refused(
            NOT_ALLOWED, _("Only who keeps the register of one of the two places may correct this.")
        )
    _correct(exchange, facts, by=by, at=at, reason=reason)
    return exchange


def _exchange(from_city: City, to_city: City, when: Known, kind: str, facts: dict[str, Any]) -> Exchange:
    if from_city.pk == to_city.pk:
        raise Refused("one_place", _("An exchange is between two places."), field="to_city")
    if when.on is None:
        raise Refused("day_missing", _("Say when it was, at least the year."), field="on")
    return Exchange(
        from_city=from_city, to_city=to_city, on=when.on, precision=when.precision, kind=kind, **facts
    )


def _same(exchange: Exchange) -> Exchange | None:
    """The row of the same thing, if the register has it: same places, day, kind and items."""
    names = ("from_city_id", "to_city_id", "on", "precision", "kind", "items", "shipment_reference")
    return Exchange.objects.filter(**{name: getattr(exchange, name) for name in names}).first()


# --- rows without a life cycle ----------------------------------------------------------------------------------
def _add(thing: City | Exchange, *, by: Actor, at: datetime, reason: str) -> None:
    thing.save(force_insert=True)
    entries.record(thing, "add", by=by, at=at, reason=reason, after=entries.snapshot(thing))


def _correct(thing: City | Exchange, facts: dict[str, Any], *, by: Actor, at: datetime, reason: str) -> None:
    with transaction.atomic():
        row = locked(thing)
        before = entries.snapshot(row)
        for name, value in facts.items():
            setattr(row, name, value)
        names = entries.changed(before, row)
        if not names:
            return
        if not reason.strip():
            raise Refused("reason_missing", _("Say why: this needs a written reason."), field="reason")
        row.save(update_fields=names)
        entries.record(
            row, "correct", by=by, at=at, reason=reason, before=before, after=entries.snapshot(row)
        )
    for name, value in facts.items():
        setattr(thing, name, value)


def set_facts(tie: Twinning, facts: Mapping[str, Any]) -> None:
    """Set facts of an agreement; a day goes into its two columns. Another end is another thing to be reminded of.

    Refuses an end before its signing.
    """
    last = tie.expires.last
    for name, value in facts.items():
        if isinstance(value, Known):
            setattr(tie, f"{name}_on", value.on)
            setattr(tie, f"{name}_precision", value.precision)
        else:
            setattr(tie, name, value)
    _in_order(tie)
    if tie.expires.last != last:
        tie.reminded = 0
        ledger.cancel(tie)


def _in_order(tie: Twinning) -> None:
    refused = out_of_order(tie)
    if refused is not None:
        raise refused
