"""Rules for exchange rates: who may enter one, and which ones are refused."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.leads.currency_conversion import find_rate
from procurement.leads.models.exchange_rates import ManualRate
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of

MAX_RATE = Decimal(10) ** 9


def may_enter_rate(by: Actor, rate: ManualRate) -> bool:
    """Return True for officers of the city, who buy in these currencies."""
    return by.may(Power.ORDER, rate)


def invalid_rate_refusal(rate: ManualRate, today: date) -> Refused | None:
    """Return the refusal for an impossible rate, with its field, or None.

    A rate is also refused if the European Central Bank has one for that day.
    """
    for name in ("currency", "into"):
        code = getattr(rate, name)
        if len(code) != 3 or not (code.isascii() and code.isalpha() and code.isupper()):
            return Refused("bad_currency", _("Enter a three-letter currency code, such as AED."), field=name)
    if rate.currency == rate.into:
        return Refused("same_currency", _("Enter two different currencies."), field="into")
    if not 0 < rate.rate < MAX_RATE:
        return Refused("bad_rate", _("Enter a rate above zero."), field="rate")
    if rate.on > today:
        return Refused("bad_day", _("Enter a date that is not in the future."), field="on")
    if not rate.source.strip():
        return Refused("no_source", _("Enter the source of the rate."), field="source")
    return _refuse_known_rate(rate)


def _refuse_known_rate(rate: ManualRate) -> Refused | None:
    try:
        known = find_rate(rate.currency, rate.into, rate.on)
    except Refused:
        return None
    if known.rate_date != rate.on:
        return None
    words = _(
        "The European Central Bank has already published a rate for that date (%(rate)s), and that "
        "rate applies."
    )
    return Refused("rate_known", words % {"rate": f"{known.rate:.6f}"}, field="on")


ENTER = Move[ManualRate](
    verb="enter",
    label=_("Enter exchange rate"),
    past_tense=_("entered the exchange rate"),
    target=ManualRate.Status.ACTIVE,
    allowed=may_enter_rate,
)
WITHDRAW = Move[ManualRate](
    verb="withdraw",
    label=_("Withdraw exchange rate"),
    past_tense=_("withdrew the exchange rate"),
    source=one_of(ManualRate.Status.ACTIVE),
    target=ManualRate.Status.WITHDRAWN,
    allowed=may_enter_rate,
    requires_reason=True,
)
RATE_MOVES = Moves(
    ManualRate,
    ENTER,
    WITHDRAW,
    ends={ManualRate.Status.WITHDRAWN: "kept for the record; another rate is entered"},
)
