"""Other cities rest verified offers and open orders on a company: what changes about it they decide (partners/rules/trust.py).

A city suggests a change in words, which counts as its consent. A city that relies on the company makes the change, once every other
city that relies on it has consented. The room above knows who relies on what (`RELYING` in the settings).
"""

from datetime import datetime
from pkgutil import resolve_name

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from partners.models import City
from partners.roles import Power
from procurement.suppliers.models import BankAccount, Supplier
from procurement.suppliers.rules import companies as rules
from workflow.actors import Actor
from workflow.errors import Refused


def on_company(company: Supplier) -> frozenset[int]:
    """The cities, by id, whose verified offers or open orders rest on a company."""
    found: frozenset[int] = resolve_name(f"{settings.RELYING}.on_company")(company.current)
    return found


def on_account(account: BankAccount) -> frozenset[int]:
    """The cities, by id, whose open orders are paid into an account."""
    found: frozenset[int] = resolve_name(f"{settings.RELYING}.on_account")(account)
    return found


def decide(company: Supplier, by: Actor, reason: str, relying: frozenset[int] | None = None) -> None:
    """Let a change be made that other cities consented to. Refuses one they did not, and one without a reason where others rely on it.

    Part of the change itself: it records nothing of its own. `relying`: who relies on what changes; by default, on the company.
    """
    company = company.current
    if by.user_id is None:
        return
    others = (on_company(company) if relying is None else relying) - _cities_of(by)
    if not others:
        return
    if missing := others - frozenset(company.agreed_by):
        names = ", ".join(city.name for city in City.objects.filter(pk__in=missing).order_by("pk"))
        words = _(
            "%(cities)s relies on this for a verified offer or an open order, and decides. Suggest the change with your reason on the "
            "page of %(company)s."
        )
        raise Refused("relied_on", words % {"cities": names, "company": company})
    if not reason.strip():
        raise Refused("reason_missing", _("Say why: this needs a written reason."), field="reason")
    Supplier.objects.filter(pk=company.pk).update(agreed_by=[])


def suggest_change(supplier: Supplier, *, by: Actor, at: datetime, reason: str) -> Supplier:
    """Tell the cities that rely on a company what should change about it, and why. One's own cities consent to it."""
    cities = sorted(_cities_of(by))
    with rules.SUGGEST_CHANGE.on(supplier, by=by, at=at, reason=reason, cities=cities) as row:
        row.agreed_by = sorted({*row.agreed_by, *cities})
    return supplier


def decline_change(supplier: Supplier, *, by: Actor, at: datetime, reason: str) -> Supplier:
    """Leave a company as it is, with a reason that whoever suggested the change reads. Refuses a city that does not rely on it."""
    cities = sorted(_cities_of(by))
    with rules.DECLINE_CHANGE.on(supplier, by=by, at=at, reason=reason, cities=cities) as row:
        if not on_company(row) & frozenset(cities):
            raise Refused(
                "not_relying", _("Only a city that relies on the company decides about a suggestion.")
            )
        row.agreed_by = []
    return supplier


def _cities_of(by: Actor) -> frozenset[int]:
    """The cities for which somebody enters, judges or pays."""
    return by.where(Power.EDIT_SUPPLIER) | by.where(Power.JUDGE_LEAD) | by.where(Power.PAY)
