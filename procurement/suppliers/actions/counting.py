"""For whom what one city enters about a company counts: not for cities that deal with the company, until they say so (ADR 92)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import User
from partners.models.cities import City
from procurement.suppliers.models.change import CompanyChange
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.rules import changes
from procurement.suppliers.rules.relying import cities_of, on_company
from workflow.actors import Actor


def company_of(thing: Any) -> Supplier:
    """The company a thing is about: itself, or the one it names, or the one whose paper it is about."""
    found: Supplier = getattr(getattr(thing, "certificate", thing), "supplier", thing)
    return found


def mine(by: Actor, city_id: int | None = None) -> frozenset[int]:
    """For whom a person enters a fact: their own cities; of a contact, the city that asked."""
    return cities_of(by) | ({city_id} if city_id else frozenset())


def withhold(
    thing: Any, companies: Iterable[Supplier], *, by: Actor, city_id: int | None = None
) -> frozenset[int]:
    """Let what is entered not count for the other cities that deal with any of these companies. Returns those that are new.

    What the clock and the console enter counts for all.
    """
    if by.user_id is None:
        return frozenset()
    known = frozenset(thing.not_for)
    found = known.union(*(on_company(company) for company in companies)) - mine(by, city_id)
    thing.not_for = sorted(found)
    return found - known


def ask(
    thing: Any,
    cities: Iterable[int],
    *,
    why: str = "",
    author: User,
    by: Actor,
    at: datetime,
    city_id: int | None = None,
) -> None:
    """Ask each of these cities whether what was entered counts for its offers and orders, too."""
    home = City.objects.filter(pk__in=mine(by, city_id)).order_by("pk").first()
    for asked in sorted(cities) if home is not None else ():
        change = CompanyChange(
            supplier=company_of(thing).current,
            thing_label=thing._meta.label_lower,
            thing_id=thing.pk,
            verb=CompanyChange.COUNT,
            changes=[{"field": "", "old": "", "new": str(thing)}],
            why=why.strip(),
            author=author,
            proposed_for=home,
            asked=[asked],
        )
        changes.PROPOSE.start(change, by=by, at=at, reason=why)
