"""Actions to enter and withdraw exchange rates. Prices that are converted already keep their rate."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser
from partners.cities.models import City
from procurement.leads.models.exchange_rates import ManualRate
from procurement.leads.rules import exchange_rates
from procurement.leads.rules.exchange_rates import invalid_rate_refusal
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import register_action


@register_action(exchange_rates.ENTER)
def enter_manual_rate(
    city: City,
    *,
    currency: str,
    into: str,
    rate: Decimal,
    on: date,
    source: str,
    author: ActingUser,
    by: Actor,
    at: datetime,
) -> ManualRate:
    """Enter an exchange rate of a day, with its source, for one city.

    Refuses a day for which the European Central Bank has a rate, a future day, and a second rate for the same day.
    """
    fresh = ManualRate(
        city=city, currency=currency, into=into, rate=rate, on=on, source=source, author=author
    )
    if (no := invalid_rate_refusal(fresh, city.day_at(at))) is not None:
        raise no
    if ManualRate.objects.filter(
        city=city, currency=currency, into=into, on=on, status=ManualRate.Status.ACTIVE
    ).exists():
        words = _("A rate for this date is already in use. Withdraw it first.")
        raise Refused("rate_twice", words, field="on")
    return exchange_rates.ENTER.create(fresh, by=by, at=at)


@register_action(exchange_rates.WITHDRAW)
def withdraw_manual_rate(rate: ManualRate, *, reason: str, by: Actor, at: datetime) -> ManualRate:
    """Withdraw a rate, with a reason. The rate stays on record."""
    with exchange_rates.WITHDRAW.apply_to(rate, by=by, at=at, reason=reason):
        pass
    return rate
