"""Who enters an exchange rate, and which rate cannot be."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.leads import money
from procurement.leads.models.rate import EnteredRate
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of

MOST_RATE = Decimal(10) ** 9


def may_enter(by: Actor, rate: EnteredRate) -> bool:
    """Officers of the city, who buy in these currencies."""
    return by.may(Power.ORDER, rate)


def fault(rate: EnteredRate, today: date) -> Refused | None:
    """What such a rate cannot say, with its field; None where all of it can be. Where the bank has a rate, none is entered."""
    for name in ("currency", "into"):
        code = getattr(rate, name)
        if len(code) != 3 or not (code.isascii() and code.isalpha() and code.isupper()):
            return Refused(
                "bad_currency", _("Give the three letters of a currency, such as AED."), field=name
            )
    if rate.currency == rate.into:
        return Refused("same_currency", _("These are one currency. Give two."), field="into")
    if not 0 < rate.rate < MOST_RATE:
        return Refused("bad_rate", _("A rate is more than nothing."), field="rate")
    if rate.on > today:
        return Refused("bad_day", _("This day has not come yet."), field="on")
    if not rate.source.strip():
        return Refused("no_source", _("Say where the rate was read."), field="source")
    return _banks(rate)


def _banks(rate: EnteredRate) -> Refused | None:
    try:
        known = money.find(rate.currency, rate.into, rate.on)
    except Refused:
        return None
    if known.on != rate.on:
        return None
    words = _("The European Central Bank has a rate for that day, and it is used: %(rate)s.")
    return Refused("rate_known", words % {"rate": f"{known.rate:.6f}"}, field="on")


ENTER = Move[EnteredRate](
    verb="enter",
    label=_("Enter the rate"),
    past=_("entered the rate"),
    target=EnteredRate.Status.ENTERED,
    allowed=may_enter,
)
WITHDRAW = Move[EnteredRate](
    verb="withdraw",
    label=_("Withdraw the rate"),
    past=_("withdrew the rate"),
    source=one_of(EnteredRate.Status.ENTERED),
    target=EnteredRate.Status.WITHDRAWN,
    allowed=may_enter,
    reason=True,
)
RATE_MOVES = Moves(
    EnteredRate,
    ENTER,
    WITHDRAW,
    ends={EnteredRate.Status.WITHDRAWN: "kept for the record; another is entered"},
)
