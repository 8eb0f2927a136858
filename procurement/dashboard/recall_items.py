"""Rows of the start page (“Today”) for recalled lots: unread notifications, and places that still use the goods."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.dashboard.todo_items import TodoItem, TodoKind, cities_with_power
from procurement.distribution.models import Distribution
from procurement.notifications.categories import NotificationCategory
from procurement.quality.models import Lot
from workflow.outbox.models import Notification

LOT_PRODUCT = "line__order_line__allocation__lead__product"


def _unread_recall_notices(by: Permissions) -> QuerySet[Any]:
    """Return unread notifications of recalls and warnings about lots the reader may see."""
    lots = Lot.objects.filter(city__in=by.visible_cities)
    notifications = Notification.objects.visible_to(by).unread().filter(kind=NotificationCategory.RECALLS)
    return notifications.filter(thing_label=Lot._meta.label_lower, thing_id__in=lots.values("pk"))


def _places_to_inform(by: Permissions) -> QuerySet[Any]:
    """Return recalled lots with a distribution whose place is not yet recorded as notified."""
    untold = Distribution.objects.in_effect().filter(lot=OuterRef("pk"), informed_at=None)
    recalled = Lot.objects.filter(city__in=cities_with_power(by, Power.RECEIVE), status=Lot.Status.RECALLED)
    return recalled.filter(Exists(untold))


def _attach_lots(notices: list[Notification]) -> None:
    """Attach the lot with its product to each notification."""
    lots = Lot.objects.select_related(LOT_PRODUCT).in_bulk({one.thing_id for one in notices})
    for one in notices:
        vars(one)["lot"] = lots[one.thing_id]


def _goods(lot: Lot) -> str:
    return str(lot.line.order_line.allocation.lead.product.name)


def _open_notice_item(notice: Notification, at: datetime) -> TodoItem:
    lot: Lot = vars(notice)["lot"]
    words = (
        _("Lot %(lot)s (%(goods)s) has been recalled: remove it from every ward")
        if notice.entry.verb == "recall"
        else _("Lot %(lot)s (%(goods)s) has been recalled elsewhere: do not use it for now")
    )
    return TodoItem(
        words % {"lot": lot.number, "goods": _goods(lot)},
        _("Open recall notice"),
        reverse("change_notification", args=[notice.pk, "open"]),
        _("People may be using the goods."),
        notice.at,
        lot.reference,
        is_post_button=True,
    )


def _inform_item(lot: Lot, at: datetime) -> TodoItem:
    return TodoItem(
        _("Inform the places that have lot %(lot)s (%(goods)s) of the recall")
        % {"lot": lot.number, "goods": _goods(lot)},
        _("Open lot"),
        lot.get_absolute_url(),
        _("These places may continue to use the lot until they are informed."),
        at,
        lot.reference,
    )


RECALL_TODO_KINDS = (
    TodoKind(
        "recall_notices",
        _("Recalls"),
        _unread_recall_notices,
        _open_notice_item,
        ("entry",),
        attach_related=_attach_lots,
        waiting_since_field="at",
    ),
    TodoKind(
        "recalled_places",
        _("Recalls"),
        _places_to_inform,
        _inform_item,
        (LOT_PRODUCT,),
        waiting_since_field="",
    ),
)
