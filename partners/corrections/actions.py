"""Actions on proposed corrections of the city register: propose, accept, decline, reopen, withdraw."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser
from partners.agreements.actions import AgreementEdit, correct_agreement
from partners.agreements.models import TwinningAgreement
from partners.cities.actions import CityEdit, correct_city
from partners.cities.models import City
from partners.corrections.correctable_facts import normalize_value, parse_fact_value, register_file_value
from partners.corrections.models import ENTRY_FIELD_BY_MODEL, Correction, Registered
from partners.corrections.rules import ACCEPT, DECLINE, PROPOSE, REOPEN, WITHDRAW
from partners.exchanges.actions import ExchangeEdit, correct_exchange
from partners.exchanges.models import Exchange
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import not_ready_refusal, register_action, select_locked


@register_action(PROPOSE)
def propose_correction(
    thing: Registered,
    fact: str,
    value: str,
    *,
    source_url: str,
    why: str,
    author: ActingUser,
    by: Actor,
    at: datetime,
) -> Correction:
    """Propose a new value for one fact of a register entry. Changes nothing in the register.

    The people who edit that part of the register are notified. Refuses an invalid value, the value that the
    register has already, and a value that another undecided correction proposes.
    """
    value = normalize_value(thing, fact, value)
    if value == register_file_value(thing, fact):
        raise Refused("already_so", _("The register already contains this value."), field="value")
    side_a, side_b = register_cities_of(thing)
    correction = Correction(
        **{ENTRY_FIELD_BY_MODEL[type(thing)]: thing},
        side_a=side_a,
        side_b=side_b,
        fact=fact,
        value=value,
        previous_value=register_file_value(thing, fact),
        source_url=source_url,
        why=why.strip(),
        author=author,
    )
    with transaction.atomic():
        select_locked(thing)  # so that of two identical proposals at the same time, the second is refused
        if Correction.objects.about_entry(thing).undecided().filter(fact=fact, value=value).exists():
            message = _("Someone has already proposed this change. It is awaiting a decision.")
            raise Refused("already_proposed", message, field="value")
        return PROPOSE.create(correction, by=by, at=at)


@register_action(ACCEPT)
def accept_correction(
    correction: Correction, *, decided_by: ActingUser, by: Actor, at: datetime, answer: str = ""
) -> Correction:
    """Accept a correction: write the proposed value into the register.

    The journal entry of the register names the author of the correction, who is notified. The value that the
    register has until now is stored with the correction, because another correction may have changed it since
    this one was proposed. Refuses an actor who may not edit that part of the register, and a value that has
    become impossible.
    """
    with ACCEPT.apply_to(correction, by=by, at=at, reason=answer) as row:
        row.decided_by, row.decided_at, row.answer = decided_by, at, answer.strip()
        row.previous_value = register_file_value(row.register_entry, row.fact)
        _apply_to_register(row, row.value, by=by, at=at)
    return correction


@register_action(DECLINE)
def decline_correction(
    correction: Correction, *, decided_by: ActingUser, by: Actor, at: datetime, reason: str
) -> Correction:
    """Decline a correction and leave the register unchanged. Requires a reason, which the author receives."""
    with DECLINE.apply_to(correction, by=by, at=at, reason=reason) as row:
        row.decided_by, row.decided_at, row.answer = decided_by, at, reason.strip()
    return correction


@register_action(REOPEN)
def reopen_correction(correction: Correction, *, by: Actor, at: datetime, reason: str) -> Correction:
    """Reopen a decided correction. If it was accepted, restore the earlier value of the fact.

    Refuses if the fact has changed since then; it must be corrected on its own page.
    """
    with REOPEN.apply_to(correction, by=by, at=at, reason=reason) as row:
        if row.status == Correction.Status.ACCEPTED:
            if register_file_value(row.register_entry, row.fact) != row.value:
                raise not_ready_refusal(
                    _("Someone has since changed this value. Correct it on its own page instead.")
                )
            _apply_to_register(row, row.previous_value, by=by, at=at)
        row.decided_by, row.decided_at, row.answer = None, None, ""
    return correction


@register_action(WITHDRAW)
def withdraw_correction(correction: Correction, *, by: Actor, at: datetime, reason: str = "") -> Correction:
    """Withdraw one's own correction before it is decided."""
    with WITHDRAW.apply_to(correction, by=by, at=at, reason=reason):
        pass
    return correction


def register_cities_of(thing: Registered) -> tuple[City, City | None]:
    """Return the cities that a register entry is about: one for a city, two for an agreement or exchange."""
    if isinstance(thing, City):
        return thing, None
    return (
        (thing.city_a, thing.city_b)
        if isinstance(thing, TwinningAgreement)
        else (thing.from_city, thing.to_city)
    )


def apply_correction(
    thing: Registered, fact: str, value: str, *, by: Actor, at: datetime, reason: str
) -> None:
    """Change one fact of a register entry. Refuses a change that would duplicate an agreement or exchange."""
    facts = parse_fact_value(thing, fact, value)
    _require_no_duplicate(thing, facts)
    if isinstance(thing, City):
        correct_city(thing, CityEdit(**facts), by=by, at=at, reason=reason)
    elif isinstance(thing, TwinningAgreement):
        correct_agreement(thing, AgreementEdit(**facts), by=by, at=at, reason=reason)
    else:
        correct_exchange(thing, ExchangeEdit(**facts), by=by, at=at, reason=reason)


def _apply_to_register(row: Correction, value: str, *, by: Actor, at: datetime) -> None:
    apply_correction(
        row.register_entry, row.fact, value, by=by, at=at, reason=f"{row.reference}, {row.author}: {row.why}"
    )


def _require_no_duplicate(thing: Registered, facts: dict[str, Any]) -> None:
    if isinstance(thing, TwinningAgreement) and "kind" in facts:
        matching = Q(city_a=thing.city_a_id, city_b=thing.city_b_id) | Q(
            city_a=thing.city_b_id, city_b=thing.city_a_id
        )
        duplicate = (
            TwinningAgreement.objects.filter(matching, kind=facts["kind"]).exclude(pk=thing.pk).exists()
        )
    elif isinstance(thing, Exchange):
        names = ("from_city_id", "to_city_id", "on", "precision", "kind", "items", "shipment_reference")
        same_row = {name: facts.get(name, getattr(thing, name)) for name in names}
        duplicate = Exchange.objects.filter(**same_row).exclude(pk=thing.pk).exists()
    else:
        return
    if duplicate:
        message = _("This would create a duplicate in the register. Correct the other entry.")
        raise Refused("said_twice", message, field="value")
