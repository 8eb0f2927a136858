"""Noting what a source says about a company, settling what sources disagree about, and taking back what was noted by mistake."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.models.cities import City
from partners.models.people import Contact
from procurement.suppliers.actions import counting
from procurement.suppliers.actions.companies import correct, note_change
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.fact import CompanyFact
from procurement.suppliers.models.judgement import Interest
from procurement.suppliers.rules import facts
from procurement.suppliers.rules.facts import COMPARED, SAY, fault, kept, value_key
from workflow.actors import Actor
from workflow.days import latest_day
from workflow.errors import Refused
from workflow.moves import locked

NO_COLUMN = frozenset(
    {CompanyFact.Name.CAPACITY}
)  # what an offer says for itself, the company's row does not


def say(
    supplier: Supplier,
    name: str,
    value: str,
    *,
    said_by: str,
    said_on: date,
    how: str = CompanyFact.How.SAID,
    source: str = "",
    contact: Contact | None = None,
    city: City | None = None,
    entered_by: User,
    by: Actor,
    at: datetime,
) -> CompanyFact:
    """Note what a source says about one fact of a company: who said it, when, and how it was checked. The company's row stays.

    `city`: whose question a contact answers with it. Refuses a value the fact cannot have, no name of who said it, and a day
    that has not come.
    """
    kept(name, value)
    facts: dict[str, Any] = {"how": how, "source": source, "contact": contact, "entered_by": entered_by}
    return beside(supplier, name, value, said_by=said_by, said_on=said_on, city=city, by=by, at=at, **facts)


def beside(
    supplier: Supplier,
    name: str,
    value: str,
    *,
    said_by: str,
    said_on: date,
    city: City | None = None,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> CompanyFact:
    """Note what a source says as it says it, even what the fact cannot be: what a merged row said of itself is kept as it stood.

    What companies are compared by is compared anew, with other companies and with the lists. Refuses nobody as the one who said it,
    and a day that has not come.
    """
    row = CompanyFact(supplier=supplier.current, name=name, value=value.strip(), **facts)
    row.value_key = value_key(name, value, row.supplier.country)
    row.said_by, row.said_on = said_by, said_on
    if (no := fault(row, latest_day(at))) is not None:
        raise no
    with transaction.atomic():
        home = city.pk if city is not None else None
        asked = counting.withhold(row, [row.supplier], by=by, city_id=home)
        if name in COMPARED:
            note_change(row.supplier, at)
        SAY.start(row, by=by, at=at)
        if name in COMPARED:
            counting.ask(row, asked, author=row.entered_by, by=by, at=at, city_id=home)
    return row


def settle_fact(fact: CompanyFact, *, reason: str, settled_by: User, by: Actor, at: datetime) -> CompanyFact:
    """Choose the value of one source, with a reason: the company's row says it from now on. The others stay beside it.

    What rests on the company's facts is judged and checked anew, as after any correction.
    """
    with transaction.atomic():
        company = locked(fact.supplier.current)
        chosen = CompanyFact.objects.of(company).filter(name=fact.name, status=CompanyFact.Status.SETTLED)
        for other in chosen.exclude(pk=fact.pk):
            with facts.UNSETTLE.on(other, by=by, at=at):
                pass
        with facts.SETTLE.on(fact, by=by, at=at, reason=reason) as row:
            row.settled_by = settled_by
            row.settled_at = at
            row.because = reason
        if fact.name not in NO_COLUMN:
            value = kept(fact.name, fact.value)
            if getattr(company, fact.name) != value:
                correct(company, by=by, at=at, reason=reason, **{fact.name: value})
    return fact


def take_back_fact(fact: CompanyFact, *, reason: str, by: Actor, at: datetime) -> CompanyFact:
    """Say that it was noted by mistake: it counts for nothing more, and stays to be read. The company's row stays as it is."""
    with transaction.atomic():
        if fact.name in COMPARED:
            note_change(fact.supplier.current, at)
        with facts.TAKE_BACK.on(fact, by=by, at=at, reason=reason):
            pass
    return fact


def confirm_phone(
    supplier: Supplier,
    number: str,
    *,
    how: str,
    contact: Contact,
    said_on: date,
    city: City | None = None,
    entered_by: User,
    by: Actor,
    at: datetime,
) -> CompanyFact:
    """Note a phone number of a company that a contact confirmed: they called it, or read it on the licence or in a register.

    `city`: whose check they make. Refuses a contact who has declared an interest in the company.
    """
    if Interest.objects.between(contact.user_id, supplier.pk):
        words = _("You have said that this company concerns you: somebody else confirms its number.")
        raise Refused("interested", words)
    return say(
        supplier,
        CompanyFact.Name.PHONE,
        number,
        said_by=contact.organisation.name_en,  # every city reads it, and not every city knows the person
        said_on=said_on,
        how=how,
        contact=contact,
        city=city,
        entered_by=entered_by,
        by=by,
        at=at,
    )
