"""Actions on cities: add, correct, set who approves what, the validity of offers and the text of purchase orders."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.cities.models import MAX_APPROVAL_DAYS, MAX_OFFER_VALIDITY_DAYS, City
from partners.cities.rules import validate_place_facts, validate_slug
from partners.hooks import approval_limit_changed
from partners.memberships.queries import approvers_of
from partners.powers import CityScope, Power
from partners.register_rows import add_row, correct_row
from workflow.actors import Actor
from workflow.edits import UNSET, Edit, Unset
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.moves import select_locked


# --- cities -----------------------------------------------------------------------------------------------------
class CityFacts(TypedDict, total=False):
    """Fields of a new city, without its key (`slug`), which `add_city` takes separately.

    `country`, `subdivision` and `currency` are codes of ISO 3166 and ISO 4217, `timezone` a name of the IANA
    database. `latitude` and `longitude` are in degrees, and `coord_source` names their source.
    """

    name_en: str
    name_fr: str
    name_zh: str
    name_local: str
    country: str
    subdivision: str
    level: str
    latitude: Decimal | None
    longitude: Decimal | None
    coord_source: str
    geonames_id: int | None
    population: int | None
    timezone: str
    currency: str


@dataclass(frozen=True, kw_only=True)
class CityEdit(Edit):
    """Fields of a city to correct. `approval_limit` is an amount in the city's currency."""

    name_en: str | Unset = UNSET
    name_fr: str | Unset = UNSET
    name_zh: str | Unset = UNSET
    name_local: str | Unset = UNSET
    country: str | Unset = UNSET
    subdivision: str | Unset = UNSET
    level: str | Unset = UNSET
    latitude: Decimal | Unset | None = UNSET
    longitude: Decimal | Unset | None = UNSET
    coord_source: str | Unset = UNSET
    geonames_id: int | Unset | None = UNSET
    population: int | Unset | None = UNSET
    timezone: str | Unset = UNSET
    currency: str | Unset = UNSET
    approval_limit: Decimal | Unset | None = UNSET
    approval_days: int | Unset = UNSET
    offer_validity_days: int | Unset | None = UNSET


def add_city(*, slug: str, by: Actor, at: datetime, reason: str = "", **facts: Unpack[CityFacts]) -> City:
    """Add a city to the register.

    Refuses a key (slug) that is taken or that no address can hold, a place of GeoNames that the register has, and a
    position off the globe.
    """
    if not by.may(Power.EDIT_REGISTER, CityScope(None)):
        raise Refused(NOT_ALLOWED, _("Only people who manage the city register can add a place."))
    with transaction.atomic():
        number = facts.get("geonames_id")
        known = City.objects.filter(geonames_id=number).first() if number else None
        if known is not None:
            raise Refused(
                "already_in_register",
                _("%(city)s is already in the register.") % {"city": known},
                field="geonames_id",
            )
        if City.objects.filter(slug=slug).exists():
            raise Refused(
                "slug_taken",
                _("A place with the key %(slug)s already exists.") % {"slug": slug},
                field="slug",
            )
        city = City(slug=validate_slug(slug), **validate_place_facts(facts))
        add_row(city, by=by, at=at, reason=reason)
    return city


def correct_city(city: City, edit: CityEdit, *, by: Actor, at: datetime, reason: str) -> City:
    """Correct facts of a city. Changes and records nothing if they are correct already.

    Refuses an actor who may not edit the register of the city, and a position off the globe.
    """
    if not by.may(Power.EDIT_REGISTER, city):
        raise Refused(
            NOT_ALLOWED,
            _("Only people who manage the register for %(city)s can correct its entry.") % {"city": city},
        )
    with transaction.atomic():
        if edit.approval_limit is not UNSET or edit.approval_days is not UNSET:
            approval_limit_changed(city.pk)
        checked = replace(edit, **validate_place_facts(edit.changes(), city))
        correct_row(city, checked, by=by, at=at, reason=reason)
    return city


MAX_APPROVAL_LIMIT = Decimal(10**12)  # in the city's currency


def set_approval_limit(
    city: City, limit: Decimal | None, *, days: int | None = None, by: Actor, at: datetime, reason: str
) -> City:
    """Set the amount above which orders and donations need a second person; None means always.

    The amount is in the currency of the city. `days` is the number of days over which orders to one company are
    added up; None keeps the present number.
    Refuses an actor who does not manage the people of the city, a change without a reason, a negative limit, a
    limit for a city without a currency, and days outside 1 to 366. Only the people of the city can see who set
    it, when and why.
    """
    if not by.may(Power.MANAGE_PEOPLE, CityScope(city.pk)):
        raise Refused(
            NOT_ALLOWED,
            _("Only a city administrator of %(city)s can set its approval limit.") % {"city": city},
        )
    if limit is not None and not 0 <= limit <= MAX_APPROVAL_LIMIT:
        raise Refused("bad_limit", _("Enter an amount of zero or more."), field="limit")
    if limit is not None and not city.currency:
        raise Refused(
            "no_currency", _("No currency is set for your city in the register yet."), field="limit"
        )
    days = city.approval_days if days is None else days
    if not 1 <= days <= MAX_APPROVAL_DAYS:
        message = _("Enter a number of days from 1 to %(most)s.") % {"most": MAX_APPROVAL_DAYS}
        raise Refused("bad_days", message, field="days")
    if not reason.strip():
        raise Refused("reason_missing", _("Enter a reason."), field="reason")
    with transaction.atomic():
        approval_limit_changed(city.pk)
        row = select_locked(city)
        before = entries.snapshot(row)
        row.approval_limit, row.approval_days = limit, days
        row.save(update_fields=["approval_limit", "approval_days"])
        after = entries.snapshot(row)
        entries.record(
            row, "set_limit", by=by, at=at, reason=reason, city_id=row.pk, before=before, after=after
        )
    city.approval_limit, city.approval_days = limit, days
    return city


def set_offer_validity(city: City, validity_days: int | None, *, by: Actor, at: datetime) -> City:
    """Set for how many days an offer to the city without a stated end is valid; None means without end.

    Offers that were received before keep their days. Refuses an actor who does not manage the people of the city,
    and days outside 1 to 366.
    """
    if not by.may(Power.MANAGE_PEOPLE, CityScope(city.pk)):
        message = _("Only a city administrator of %(city)s can set how long offers are valid.")
        raise Refused(NOT_ALLOWED, message % {"city": city})
    if validity_days is not None and not 1 <= validity_days <= MAX_OFFER_VALIDITY_DAYS:
        range_message = _("Enter a number of days from 1 to %(most)s.") % {"most": MAX_OFFER_VALIDITY_DAYS}
        raise Refused("bad_days", range_message, field="validity_days")
    with transaction.atomic():
        row = select_locked(city)
        before = entries.snapshot(row)
        row.offer_validity_days = validity_days
        row.save(update_fields=["offer_validity_days"])
        after = entries.snapshot(row)
        entries.record(row, "set_offer_validity", by=by, at=at, city_id=row.pk, before=before, after=after)
    city.offer_validity_days = validity_days
    return city


NEED_APPROVAL_VERB = "set_need_approval"  # of the journal entry


def set_need_approval(
    city: City, need_approval: str, *, limit: Decimal | None = None, by: Actor, at: datetime, reason: str
) -> City:
    """Set whether the city's needs are posted without approval, always with it, or with it above a value.

    `limit` is that estimated value, in the currency of the city; None for the other two choices. Needs that are
    posted already stay posted. Refuses an actor who does not manage the people of the city, a change without a
    reason, approval in a city without an approver, a limit that is missing, negative or not asked for, and a limit for
    a city without a currency.
    """
    if not by.may(Power.MANAGE_PEOPLE, CityScope(city.pk)):
        message = _("Only a city administrator of %(city)s can set how its needs are posted.")
        raise Refused(NOT_ALLOWED, message % {"city": city})
    if not reason.strip():
        raise Refused("reason_missing", _("Enter a reason."), field="reason")
    with transaction.atomic():
        row = select_locked(city)
        _require_possible_choice(row, need_approval, limit)
        before = entries.snapshot(row)
        row.need_approval, row.need_approval_limit = need_approval, limit
        row.save(update_fields=["need_approval", "need_approval_limit"])
        facts = {"need_approval": need_approval, "limit": None if limit is None else str(limit)}
        entries.record(
            row,
            NEED_APPROVAL_VERB,
            by=by,
            at=at,
            reason=reason,
            city_id=row.pk,
            before=before,
            after=entries.snapshot(row),
            **facts,
        )
    city.need_approval, city.need_approval_limit = need_approval, limit
    return city


def _require_possible_choice(city: City, need_approval: str, limit: Decimal | None) -> None:
    """Refuse approval without an approver, and a limit that is missing, needless, out of range or without a currency."""
    if need_approval != City.NeedApproval.NONE and not approvers_of(city.pk):
        no_one = _("Your city has no approver. Give a person this role first.")
        raise Refused("no_approver", no_one, field="need_approval")
    above = need_approval == City.NeedApproval.ABOVE
    if above and limit is None:
        missing = _("Enter the estimated value above which a need requires approval.")
        raise Refused("limit_missing", missing, field="limit")
    if not above and limit is not None:
        needless = _("Leave the value blank, or choose approval above an estimated value.")
        raise Refused("needless_limit", needless, field="limit")
    if limit is not None and not 0 <= limit <= MAX_APPROVAL_LIMIT:
        raise Refused("bad_limit", _("Enter an amount of zero or more."), field="limit")
    if limit is not None and not city.currency:
        raise Refused(
            "no_currency", _("No currency is set for your city in the register yet."), field="limit"
        )


PURCHASE_DETAILS_VERB = "set_purchase_details"  # of the journal entry


def set_purchase_details(
    city: City, *, registration_number: str, purchase_conditions: str, by: Actor, at: datetime
) -> City:
    """Set the registration number and the conditions that the city's purchase orders state; both may be empty.

    Purchase orders that were generated before stay as they are. Refuses an actor who does not manage the people of
    the city.
    """
    if not by.may(Power.MANAGE_PEOPLE, CityScope(city.pk)):
        message = _("Only a city administrator of %(city)s can set what its purchase orders state.")
        raise Refused(NOT_ALLOWED, message % {"city": city})
    with transaction.atomic():
        row = select_locked(city)
        before = entries.snapshot(row)
        row.registration_number = registration_number.strip()
        row.purchase_conditions = purchase_conditions.strip()
        row.save(update_fields=["registration_number", "purchase_conditions"])
        after = entries.snapshot(row)
        entries.record(row, PURCHASE_DETAILS_VERB, by=by, at=at, city_id=row.pk, before=before, after=after)
    city.registration_number, city.purchase_conditions = row.registration_number, row.purchase_conditions
    return city
