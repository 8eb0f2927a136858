"""Bulk creation of register entries for imports, with the same rules and journal entries as for one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from partners.agreements.actions import notify_other_side
from partners.agreements.models import TwinningAgreement
from partners.agreements.rules import ADD, confirm_sides, end_before_signature_refusal
from partners.cities.models import City
from partners.cities.rules import validate_place_facts, validate_slug
from partners.exchanges.models import Exchange
from partners.powers import CityScope, Power, may_edit_register_of
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.journal.entries import Snapshot, record_many

BATCH_SIZE = 1000  # rows in one statement


def build_city(slug: str, facts: dict[str, Any], by: Actor) -> City:
    """Check and return a new city for `add_cities`. Refuses as `add_city` does, except for a taken key."""
    if not by.may(Power.EDIT_REGISTER, CityScope(None)):
        raise Refused(NOT_ALLOWED, _("Only people who manage the city register can add a place."))
    return City(slug=validate_slug(slug), **validate_place_facts(facts))


def build_agreement(agreement: TwinningAgreement, by: Actor, at: datetime) -> TwinningAgreement:
    """Check and return a new agreement for `add_agreements`.

    Refuses as `agreements.actions.add_agreement` does, except for a duplicate.
    """
    if agreement.city_a_id == agreement.city_b_id:
        raise Refused("one_place", _("Choose two different cities."), field="city_b")
    refused = ADD.refusal(by, agreement, at) or end_before_signature_refusal(agreement)
    if refused is not None:
        raise refused
    return agreement


def build_exchange(exchange: Exchange, by: Actor) -> Exchange:
    """Check an exchange for `record_exchanges`. Refuses as `record_exchange` does, except for a duplicate."""
    if not may_edit_register_of(by, exchange.from_city_id, exchange.to_city_id):
        raise Refused(
            NOT_ALLOWED,
            _("Only people who manage the register of one of the two cities can record this exchange."),
        )
    if exchange.from_city_id == exchange.to_city_id:
        raise Refused("one_place", _("Choose two different cities."), field="to_city")
    return exchange


def add_cities(cities: Sequence[City], *, by: Actor, at: datetime, reason: str) -> None:
    """Add many cities, all or none. The caller must ensure that no key is taken."""
    for city in cities:
        build_city(city.slug, {}, by)
    _insert_all(City, cities, "add", by=by, at=at, reason=reason)


def add_agreements(agreements: Sequence[TwinningAgreement], *, by: Actor, at: datetime, reason: str) -> None:
    """Record many agreements, all or none. The caller must exclude duplicates."""
    for agreement in agreements:
        build_agreement(agreement, by, at)
        agreement.status, agreement.created_at = TwinningAgreement.Status.RECORDED, at
        confirm_sides(agreement, by)
    with transaction.atomic():
        _insert_all(TwinningAgreement, agreements, ADD.verb, by=by, at=at, reason=reason)
        for agreement in agreements:
            notify_other_side(agreement, by=by, at=at)


def record_exchanges(exchanges: Sequence[Exchange], *, by: Actor, at: datetime, reason: str) -> None:
    """Record many exchanges, all or none. The caller must exclude duplicates."""
    for exchange in exchanges:
        build_exchange(exchange, by)
    _insert_all(Exchange, exchanges, "add", by=by, at=at, reason=reason)


def _insert_all(
    model: type[Model], things: Iterable[Model], verb: str, *, by: Actor, at: datetime, reason: str
) -> None:
    with transaction.atomic():
        for some in batched(things, BATCH_SIZE):
            model._base_manager.bulk_create(some)
            nothing: Snapshot = {}
            states = ((thing, nothing, entries.snapshot(thing)) for thing in some)
            record_many(states, verb, by=by, at=at, reason=reason)
