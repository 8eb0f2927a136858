"""Cities whose offers and orders rely on a company, and which therefore decide about changes to it.

ADR 92; see also partners/contacts/rules.py. The package of orders finds these cities
(`procurement/suppliers/hooks.py`).
"""

from collections.abc import Callable
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.powers import Power
from procurement.suppliers.hooks import account_dependants, supplier_dependants
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.suppliers import Supplier
from workflow.actors import Actor
from workflow.errors import Refused

type Permission = Callable[[Actor, Any], bool | Refused]
# Attribute in which a supplier caches these cities, and an account their ids, for all moves of one page.
_RELYING_CITIES_CACHE = "_cities_that_rely"


def actor_cities(by: Actor) -> frozenset[int]:
    """Return the ids of the cities for which the actor may edit suppliers, review offers or pay."""
    return by.cities_with(Power.EDIT_SUPPLIER) | by.cities_with(Power.REVIEW_LEAD) | by.cities_with(Power.PAY)


def cities_relying_on_supplier(company: Supplier) -> frozenset[int]:
    """Return the ids of the cities whose offers and open orders rely on a supplier or its merged rows."""
    return frozenset(_known_cities(company))


def _known_cities(company: Supplier) -> dict[int, City]:
    known = vars(company.current_row)
    if _RELYING_CITIES_CACHE not in known:
        known[_RELYING_CITIES_CACHE] = supplier_dependants(company.current_row)
    return cast("dict[int, City]", known[_RELYING_CITIES_CACHE])


def cache_cities_relying_on_account(account: BankAccount, cities: frozenset[int]) -> None:
    """Cache on an account the ids of the cities that rely on it. A page reads them for all its accounts at once."""
    vars(account)[_RELYING_CITIES_CACHE] = cities


def cities_relying_on(thing: Any) -> frozenset[int]:
    """Return the ids of the cities that rely on this object.

    The object is a supplier, or a fact, certificate, lookup, account or match about it.
    """
    if isinstance(thing, BankAccount):
        kept: frozenset[int] | None = vars(thing).get(_RELYING_CITIES_CACHE)
        return account_dependants(thing) if kept is None else kept
    if isinstance(
        thing, Supplier
    ):  # excluded_city_ids does not count here: those cities may have come to deal with the supplier since
        return cities_relying_on_supplier(thing)
    found = cities_relying_on_supplier(getattr(thing, "supplier", thing)) - frozenset(
        getattr(thing, "excluded_city_ids", ())
    )
    own: int | None = getattr(thing, "city_id", None)
    return found if own is None else found & {own}


def change_alone_refusal(by: Actor, thing: Any) -> Refused | None:
    """Return the refusal if a person would change alone an object on which other cities rely, else None.

    None for the periodic job and the server's console.
    """
    if by.user_id is None:
        return None
    others = cities_relying_on(thing) - actor_cities(by)
    if not others:
        return None
    names = ", ".join(city.name for city in _load_cities(thing, others))
    words = _(
        "Other cities rely on this information for an offer or an order and will decide: %(cities)s. Your "
        "proposal will show your name, city and reason."
    )
    return Refused("relied_on", words % {"cities": names}, proposes=True)


def _load_cities(thing: Any, cities: frozenset[int]) -> list[City]:
    """Return these cities, from those that rely on the supplier if they are among them."""
    known = _known_cities(getattr(thing, "supplier", thing))
    missing = cities - known.keys()
    named = known | City.objects.in_bulk(missing) if missing else known
    return [named[city] for city in sorted(cities)]


def allowed_unless_shared(allowed: Permission, of: Callable[[Any], Any] = lambda thing: thing) -> Permission:
    """Return the permission rule `allowed` of a move, extended by a refusal if other cities rely on the object.

    `of` returns the object that the move really changes, which may be another than the one it is made on.
    """

    def answer(by: Actor, thing: Any) -> bool | Refused:
        may = allowed(by, thing)
        return (change_alone_refusal(by, of(thing)) or True) if may is True else may

    return answer
