"""What a look at the issuer is worth: what it says of the paper, and how long it stays fresh. Pure."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.issuer_check import IssuerCheck
from workflow.errors import Refused

# A certificate is suspended or withdrawn within weeks, and no source says how often to look: the number is our own.
FRESH_FOR = timedelta(days=90)
AGAINST = frozenset({IssuerCheck.Result.UNKNOWN, IssuerCheck.Result.DIFFERS, IssuerCheck.Result.OTHER_GOODS})
# What a judgement of the paper rests on, where it rests on the issuer.
SAYS = {
    Certificate.Status.CONFIRMED: IssuerCheck.Result.CONFIRMS,
    Certificate.Status.UNCONFIRMABLE: IssuerCheck.Result.UNKNOWN,
    Certificate.Status.ALTERED: IssuerCheck.Result.DIFFERS,
    Certificate.Status.WRONG_SCOPE: IssuerCheck.Result.OTHER_GOODS,
}


def fault(check: IssuerCheck, today: date) -> Refused | None:
    """The first thing about a look that cannot be, with its field; None where all of it can."""
    if check.seen_on > today:
        return Refused("day_to_come", _("That day has not come yet."), field="seen_on")
    if check.how == IssuerCheck.How.PAPER and check.result == IssuerCheck.Result.CONFIRMS:
        words = _("No paper confirms itself: look it up with its issuer.")
        return Refused("bad_look", words, field="how")
    if check.how != IssuerCheck.How.PAPER and not check.address and check.city_id is None:
        words = _("Say which address was opened, or which number was called.")
        return Refused("address_missing", words, field="address")
    return None


def is_old(seen_on: date, on: date) -> bool:
    """Whether a confirmation has to be looked up again on a day."""
    return on > seen_on + FRESH_FOR
