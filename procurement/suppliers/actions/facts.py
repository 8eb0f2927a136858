"""Actions that record facts about a supplier, choose among differing sources, and retract mistakes."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser
from partners.cities.models import City
from partners.contacts.models import Contact
from procurement.suppliers.actions.fact_acceptance import ask_cities_to_accept, exclude_other_cities
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier, request_rescreening
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.statuses import InterestDeclaration
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules import facts
from procurement.suppliers.rules.facts import (
    FACTS_WITH_MATCH_KEY,
    RECORD_FACT,
    invalid_fact_refusal,
    parse_fact_value,
    value_key,
)
from workflow.actors import Actor
from workflow.days import latest_day
from workflow.errors import Refused
from workflow.moves import register_action, select_locked

FACTS_WITHOUT_COLUMN = frozenset(
    {SupplierFact.FactName.CAPACITY}
)  # a fact that offers have of their own; the supplier's row has no column for it


@register_action(RECORD_FACT)
def record_fact(
    supplier: Supplier,
    name: str,
    value: str,
    *,
    stated_by: str,
    stated_on: date,
    how: str = SupplierFact.CheckMethod.STATED,
    source: str = "",
    contact: Contact | None = None,
    city: City | None = None,
    entered_by: ActingUser,
    by: Actor,
    at: datetime,
) -> SupplierFact:
    """Record what a source reports about one fact of a supplier: who, when, and how it was checked.

    The supplier's own row does not change. `city` is the city whose inquiry or check a contact answers
    with it. Refuses an invalid value, an empty `stated_by`, and a date in the future.
    """
    parse_fact_value(name, value)
    return record_unchecked_fact(
        supplier,
        name,
        value,
        stated_by=stated_by,
        stated_on=stated_on,
        how=how,
        source=source,
        contact=contact,
        city=city,
        entered_by=entered_by,
        by=by,
        at=at,
    )


def record_unchecked_fact(
    supplier: Supplier,
    name: str,
    value: str,
    *,
    stated_by: str,
    stated_on: date,
    how: str = SupplierFact.CheckMethod.STATED,
    source: str = "",
    contact: Contact | None = None,
    city: City | None = None,
    entered_by: ActingUser,
    by: Actor,
    at: datetime,
) -> SupplierFact:
    """Record what a source reports, word for word, even if the value is invalid.

    In this way the facts of a merged row are kept unchanged. Facts by which suppliers are compared lead
    to a new comparison with other suppliers and with the watchlists. Refuses an empty `stated_by`, and a
    date in the future.
    """
    row = SupplierFact(supplier=supplier.current_row, name=name, value=value.strip(), how=how, source=source)
    row.contact, row.entered_by = contact, entered_by
    row.value_key = value_key(name, value, row.supplier.country)
    row.stated_by, row.stated_on = stated_by, stated_on
    if (no := invalid_fact_refusal(row, latest_day(at))) is not None:
        raise no
    with transaction.atomic():
        home = city.pk if city is not None else None
        asked = exclude_other_cities(row, [row.supplier], by=by, city_id=home)
        if name in FACTS_WITH_MATCH_KEY:
            request_rescreening(row.supplier, at)
        RECORD_FACT.create(row, by=by, at=at)
        if name in FACTS_WITH_MATCH_KEY:
            ask_cities_to_accept(row, asked, author=row.entered_by, by=by, at=at, city_id=home)
    return row


@register_action(facts.SELECT_FACT_VALUE)
def select_fact_value(
    fact: SupplierFact, *, reason: str, settled_by: ActingUser, by: Actor, at: datetime
) -> SupplierFact:
    """Choose the value of one source, with a reason, for the supplier's own row.

    The other sources stay beside it. Offers are screened and checks repeated, as after any correction.
    """
    with transaction.atomic():
        company = select_locked(fact.supplier.current_row)
        chosen = SupplierFact.objects.about_supplier(company).filter(
            name=fact.name, status=SupplierFact.Status.SELECTED
        )
        for other in chosen.exclude(pk=fact.pk):
            with facts.DESELECT_FACT_VALUE.apply_to(other, by=by, at=at):
                pass
        with facts.SELECT_FACT_VALUE.apply_to(fact, by=by, at=at, reason=reason) as row:
            row.settled_by = settled_by
            row.settled_at = at
            row.because = reason
        if fact.name not in FACTS_WITHOUT_COLUMN:
            value = parse_fact_value(fact.name, fact.value)
            if getattr(company, fact.name) != value:
                edit = SupplierEdit(**{fact.name: value})
                correct_supplier(company, edit, by=by, at=at, reason=reason)
    return fact


@register_action(facts.RETRACT)
def retract_fact(fact: SupplierFact, *, reason: str, by: Actor, at: datetime) -> SupplierFact:
    """Retract a fact that was recorded by mistake. It no longer counts but can still be read.

    The supplier's own row does not change.
    """
    with transaction.atomic():
        if fact.name in FACTS_WITH_MATCH_KEY:
            request_rescreening(fact.supplier.current_row, at)
        with facts.RETRACT.apply_to(fact, by=by, at=at, reason=reason):
            pass
    return fact


def confirm_phone(
    supplier: Supplier,
    number: str,
    *,
    how: str,
    contact: Contact,
    stated_on: date,
    city: City | None = None,
    entered_by: ActingUser,
    by: Actor,
    at: datetime,
) -> SupplierFact:
    """Record a supplier's phone number that a contact confirmed.

    The contact called it, or read it on the licence or in a register. `city` is the city whose check
    the contact makes. Refuses a contact who declared an interest in the supplier.
    """
    if InterestDeclaration.objects.has_interest_in(contact.user_id, supplier.pk):
        words = _("You declared an interest in this company, so someone else must confirm its phone number.")
        raise Refused("interested", words)
    return record_fact(
        supplier,
        SupplierFact.FactName.PHONE,
        number,
        stated_by=contact.organization.name_en,  # every city can read this, but not every city may know the person
        stated_on=stated_on,
        how=how,
        contact=contact,
        city=city,
        entered_by=entered_by,
        by=by,
        at=at,
    )
