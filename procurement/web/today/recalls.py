"""Lots that were recalled: what the reader has not opened yet, and places that still use them."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.rules.powers import Powers
from procurement.notices import kinds
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.handouts import HandOut
from procurement.web.today.rows import Kind, Row, mine
from workflow.models.bell import InAppNotice


def _unopened(by: Powers) -> QuerySet[Any]:
    """Recalls and warnings of lots the reader may see, until they have opened the notice."""
    lots = Lot.objects.filter(city__in=by.sees)
    told = InAppNotice.objects.visible_to(by).unread().filter(kind=kinds.Kind.RECALLS)
    return told.filter(thing_label=Lot._meta.label_lower, thing_id__in=lots.values("pk"))


def _places_to_tell(by: Powers) -> QuerySet[Any]:
    """Recalled lots handed out to places of which the city has not noted that they know."""
    untold = HandOut.objects.standing().filter(lot=OuterRef("pk"), told_at=None)
    recalled = Lot.objects.filter(city__in=mine(by, Power.RECEIVE), status=Lot.Status.RECALLED)
    return recalled.filter(Exists(untold))


def _lots(notices: list[InAppNotice]) -> None:
    """Leave with each notice the lot it is about."""
    lots = Lot.objects.in_bulk({one.thing_id for one in notices})
    for one in notices:
        vars(one)["lot"] = lots[one.thing_id]


def _open(notice: InAppNotice, at: datetime) -> Row:
    lot: Lot = vars(notice)["lot"]
    words = (
        _("Lot %(lot)s is recalled: take it out of every ward")
        if notice.entry.verb == "recall"
        else _("Lot %(lot)s was recalled elsewhere: keep it back")
    )
    return Row(
        words % {"lot": lot.number},
        _("Look"),
        reverse("change_notice", args=[notice.pk, "open"]),
        _("People may be using the goods."),
        notice.at,
        lot.reference,
        posts=True,
    )


def _tell(lot: Lot, at: datetime) -> Row:
    return Row(
        _("Tell the places that have lot %(lot)s: it is recalled") % {"lot": lot.number},
        _("Look"),
        lot.get_absolute_url(),
        _("They go on using it until they know."),
        at,
        lot.reference,
    )


KINDS = (Kind(_unopened, _open, ("entry",), beside=_lots), Kind(_places_to_tell, _tell))
