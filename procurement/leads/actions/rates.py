"""Exchange rates that somebody enters, and takes back. Prices already converted keep the rate they were converted at."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.models.cities import City
from procurement.leads.models.rate import EnteredRate
from procurement.leads.rules import rates
from workflow.actors import Actor
from workflow.errors import Refused


def enter_manual_rate(
    city: City,
    *,
    currency: str,
    into: str,
    rate: Decimal,
    on: date,
    source: str,
    author: User,
    by: Actor,
    at: datetime,
) -> EnteredRate:
    """Write down what one unit of a currency was worth in another on a day, and where it was read. The city's own.

    Refuses a day the European Central Bank has a rate for, a day to come, and a second rate of one day.
    """
    fresh = EnteredRate(
        city=city, currency=currency, into=into, rate=rate, on=on, source=source, author=author
    )
    if (no := rates.fault(fresh, city.day_at(at))) is not None:
        raise no
    if EnteredRate.objects.filter(
        city=city, currency=currency, into=into, on=on, status=EnteredRate.Status.ENTERED
    ).exists():
        words = _("A rate of this day is in use already. Withdraw it first.")
        raise Refused("rate_twice", words, field="on")
    return rates.ENTER.start(fresh, by=by, at=at)


def withdraw_manual_rate(rate: EnteredRate, *, reason: str, by: Actor, at: datetime) -> EnteredRate:
    """Take a rate out of use, with a reason. It stays in the record."""
    with rates.WITHDRAW.on(rate, by=by, at=at, reason=reason):
        pass
    return rate
