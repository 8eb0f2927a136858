"""Which cities rest offers and orders on a company, and so decide what changes about it (partners/rules/trust.py, ADR 92).

The room above knows who relies on what (`RELYING` in the settings).
"""

from collections.abc import Callable
from pkgutil import resolve_name
from typing import Any, cast

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from partners.models.cities import City
from partners.roles import Power
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.company import Supplier
from workflow.actors import Actor
from workflow.errors import Refused

type Allowed = Callable[[Actor, Any], bool | Refused]
_KEPT = "_cities_that_rely"  # under which name a company keeps who relies on it, for the moves of one page


def cities_of(by: Actor) -> frozenset[int]:
    """The cities, by id, for which a person enters, judges or pays."""
    return by.where(Power.EDIT_SUPPLIER) | by.where(Power.JUDGE_LEAD) | by.where(Power.PAY)


def on_company(company: Supplier) -> frozenset[int]:
    """The cities, by id, whose offers and open orders rest on a company, under whichever of its rows."""
    known = vars(company.current)
    if _KEPT not in known:
        known[_KEPT] = resolve_name(f"{settings.RELYING}.on_company")(company.current)
    return cast("frozenset[int]", known[_KEPT])


def on(thing: Any) -> frozenset[int]:
    """The cities, by id, for which a company counts, or a fact, a paper, a look-up, an account or a match of it."""
    if isinstance(thing, BankAccount):
        return cast("frozenset[int]", resolve_name(f"{settings.RELYING}.on_account")(thing))
    if isinstance(
        thing, Supplier
    ):  # for whom its row did not count when it was added may deal with it by now
        return on_company(thing)
    found = on_company(getattr(thing, "supplier", thing)) - frozenset(getattr(thing, "not_for", ()))
    own: int | None = getattr(thing, "city_id", None)
    return found if own is None else found & {own}


def refusal(by: Actor, thing: Any) -> Refused | None:
    """Why a person may not change a thing alone: other cities rely on it. None where they may, and for the clock and the console."""
    if by.user_id is None:
        return None
    others = on(thing) - cities_of(by)
    if not others:
        return None
    names = ", ".join(city.name for city in City.objects.filter(pk__in=others).order_by("pk"))
    words = _(
        "Other cities rely on this for an offer or an order and will decide: %(cities)s. What you send is a proposal, with your name, "
        "your city and your reason."
    )
    return Refused("relied_on", words % {"cities": names}, proposes=True)


def alone(allowed: Allowed, of: Callable[[Any], Any] = lambda thing: thing) -> Allowed:
    """Who may make a move where no other city relies on the thing, or on what `of` it the move changes."""

    def answer(by: Actor, thing: Any) -> bool | Refused:
        may = allowed(by, thing)
        return (refusal(by, of(thing)) or True) if may is True else may

    return answer
