"""What a city has settled for itself: above which sum a second person decides."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from partners.above import limit_changed
from partners.models.cities import City
from partners.roles import Power
from partners.rules.ties import OfCity
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.journal import entries
from workflow.moves import locked

MOST = Decimal(10**12)  # in the city's currency


def set_limit(city: City, limit: Decimal | None, *, by: Actor, at: datetime, reason: str) -> City:
    """Set above which sum, in the city's own currency, orders and gifts need a second person; None: all of them do.

    Refuses who does not look after the city's people, a change without a reason, a limit below nothing, and one for a city whose
    currency nobody has entered. Who set it, when and why is told to the city's own people only.
    """
    if not by.may(Power.MANAGE_PEOPLE, OfCity(city.pk)):
        raise Refused(NOT_ALLOWED, _("Only an administrator of %(city)s sets its limit.") % {"city": city})
    if limit is not None and not 0 <= limit <= MOST:
        raise Refused("bad_limit", _("Give a sum that is not below nothing."), field="limit")
    if limit is not None and not city.currency:
        raise Refused("no_currency", _("Your city has no currency in the register yet."), field="limit")
    if not reason.strip():
        raise Refused("reason_missing", _("Say why: this needs a written reason."), field="reason")
    with transaction.atomic():
        limit_changed(city.pk)
        row = locked(city)
        before = entries.snapshot(row)
        row.approval_limit = limit
        row.save(update_fields=["approval_limit"])
        after = entries.snapshot(row)
        entries.record(
            row, "set_limit", by=by, at=at, reason=reason, city_id=row.pk, before=before, after=after
        )
    city.approval_limit = limit
    return city
