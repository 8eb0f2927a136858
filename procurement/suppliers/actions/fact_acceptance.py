"""Actions that decide for which cities a fact about a supplier counts (ADR 92).

A fact entered by one city does not count for other cities that deal with the supplier until they agree.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts.models import ActingUser
from partners.cities.models import City
from procurement.suppliers.models.changes import SupplierChange
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules import changes
from procurement.suppliers.rules.dependent_cities import actor_cities, cities_relying_on_supplier
from workflow.actors import Actor


def supplier_of(thing: Any) -> Supplier:
    """Return the supplier of an object: itself, its supplier, or the supplier of its certificate."""
    found: Supplier = getattr(getattr(thing, "certificate", thing), "supplier", thing)
    return found


def cities_of_actor(by: Actor, city_id: int | None = None) -> frozenset[int]:
    """Return the cities for which a person enters a fact: their own, or for a contact the city that asked."""
    return actor_cities(by) | ({city_id} if city_id else frozenset())


def exclude_other_cities(
    thing: Any, companies: Iterable[Supplier], *, by: Actor, city_id: int | None = None
) -> frozenset[int]:
    """Mark a fact as not yet counting for the other cities that deal with one of these suppliers.

    Returns the ids of the cities that were not marked before. Facts entered by the periodic job or the
    server's console count for all.
    """
    if by.user_id is None:
        return frozenset()
    known = frozenset(thing.excluded_city_ids)
    found = known.union(*(cities_relying_on_supplier(company) for company in companies)) - cities_of_actor(
        by, city_id
    )
    thing.excluded_city_ids = sorted(found)
    return found - known


def ask_cities_to_accept(
    thing: Any,
    cities: Iterable[int],
    *,
    why: str = "",
    author: ActingUser,
    by: Actor,
    at: datetime,
    city_id: int | None = None,
) -> None:
    """Ask each of these cities whether the fact counts for its offers and orders as well."""
    home = City.objects.filter(pk__in=cities_of_actor(by, city_id)).order_by("pk").first()
    for asked in sorted(cities) if home is not None else ():
        change = SupplierChange(
            supplier=supplier_of(thing).current_row,
            thing_label=thing._meta.label_lower,
            thing_id=thing.pk,
            verb=SupplierChange.ACCEPT_FACT_VERB,
            changes=[{"field": "", "old": "", "new": str(thing)}],
            why=why.strip(),
            author=author,
            proposed_for=home,
            asked=[asked],
        )
        changes.PROPOSE.create(change, by=by, at=at, reason=why)
