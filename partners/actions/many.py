"""Many new rows of the register in one go, for imports: the rules of one (register.py) for each, and one journal entry for each."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from partners.actions.register import ask_others
from partners.models.cities import City
from partners.models.ties import Exchange, Twinning
from partners.roles import Power
from partners.rules.places import named, placed
from partners.rules.ties import TWIN, OfCity, confirm_sides, may_edit_for, out_of_order
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.journal.entries import Snapshot, record_many

AT_ONCE = 1000  # rows in one statement


def new_city(slug: str, facts: dict[str, Any], by: Actor) -> City:
    """A place that `add_cities` may enter. Refuses as `add_city` does, but for a key that another place has."""
    if not by.may(Power.EDIT_REGISTER, OfCity(None)):
        raise Refused(NOT_ALLOWED, _("Only who keeps the register may add a place."))
    return City(slug=named(slug), **placed(facts))


def new_twinning(tie: Twinning, by: Actor, at: datetime) -> Twinning:
    """An agreement that `twin_many` may record. Refuses as `twin` does, but for one that is recorded already."""
    if tie.city_a_id == tie.city_b_id:
        raise Refused("one_place", _("An agreement is between two places."), field="city_b")
    refused = TWIN.refusal(by, tie, at) or out_of_order(tie)
    if refused is not None:
        raise refused
    return tie


def new_exchange(exchange: Exchange, by: Actor) -> Exchange:
    """An exchange that `record_exchanges` may record. Refuses as `record_exchange` does, but for one that is recorded already."""
    if not may_edit_for(by, exchange.from_city_id, exchange.to_city_id):
        raise Refused(NOT_ALLOWED, _("Only who keeps the register of one of the two places may record this."))
    if exchange.from_city_id == exchange.to_city_id:
        raise Refused("one_place", _("An exchange is between two places."), field="to_city")
    return exchange


def add_cities(cities: Sequence[City], *, by: Actor, at: datetime, reason: str) -> None:
    """Enter many places. Refuses all if one may not be; a key that another place has is the caller's mistake."""
    for city in cities:
        new_city(city.slug, {}, by)
    _add_all(City, cities, "add", by=by, at=at, reason=reason)


def twin_many(ties: Sequence[Twinning], *, by: Actor, at: datetime, reason: str) -> None:
    """Record many agreements that stand. Refuses all if one may not be; one recorded already is the caller's mistake."""
    for tie in ties:
        new_twinning(tie, by, at)
        tie.status, tie.created_at = Twinning.Status.RECORDED, at
        confirm_sides(tie, by)
    with transaction.atomic():
        _add_all(Twinning, ties, TWIN.verb, by=by, at=at, reason=reason)
        for tie in ties:
            ask_others(tie, by=by, at=at)


def record_exchanges(exchanges: Sequence[Exchange], *, by: Actor, at: datetime, reason: str) -> None:
    """Record many exchanges. Refuses all if one may not be; one recorded already is the caller's mistake."""
    for exchange in exchanges:
        new_exchange(exchange, by)
    _add_all(Exchange, exchanges, "add", by=by, at=at, reason=reason)


def _add_all(
    model: type[Model], things: Iterable[Model], verb: str, *, by: Actor, at: datetime, reason: str
) -> None:
    with transaction.atomic():
        for some in batched(things, AT_ONCE):
            model._base_manager.bulk_create(some)
            nothing: Snapshot = {}
            states = ((thing, nothing, entries.snapshot(thing)) for thing in some)
            record_many(states, verb, by=by, at=at, reason=reason)
