"""Grouping of in-app notifications by the page that shows their object.

Opening that page marks the whole group as read.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Model, Q

from procurement.notifications.in_app_text import RenderedNotification
from workflow.outbox.models import Notification


class ParentPage(NamedTuple):
    """Object on whose page another object is shown: its label, and the path to it."""

    model_label: str
    path_to_parent: str


# Objects without a page of their own, by their labels: opening the page of the parent shows them.
PARENT_PAGES = {
    "procurement.finding": ParentPage("procurement.supplierlead", "lead"),
    "procurement.payment": ParentPage("procurement.order", "order"),
    "procurement.customsclearance": ParentPage("procurement.shipment", "shipment"),
    "procurement.customshold": ParentPage("procurement.shipment", "clearance__shipment"),
    "procurement.goodsreceipt": ParentPage("procurement.shipment", "shipment"),
    "procurement.bankaccount": ParentPage("procurement.supplier", "supplier"),
}

type Key = tuple[str, int]


@dataclass
class NoticeGroup:
    """Notifications about one object, the newest first."""

    object_key: Key
    notices: list[RenderedNotification] = field(default_factory=list)

    @property
    def newest(self) -> RenderedNotification:
        """Newest notification of the group."""
        return self.notices[0]

    @property
    def unread_count(self) -> int:
        """Number of notifications that are neither read nor settled (their request was met)."""
        return sum(one.notice.read_at is None and not one.settlement_text for one in self.notices)

    @property
    def is_settled(self) -> bool:
        """True if all notifications of the group are settled."""
        return all(one.settlement_text for one in self.notices)


def group_by_page(notices: Iterable[RenderedNotification]) -> list[NoticeGroup]:
    """Return the notifications by the object whose page shows them, the group with the newest first."""
    groups: dict[Key, NoticeGroup] = {}
    for one in notices:
        key = _page_key(one)
        groups.setdefault(key, NoticeGroup(key)).notices.append(one)
    return list(groups.values())


def _page_key(one: RenderedNotification) -> Key:
    """Return label and id of the object whose page shows what a notification is about."""
    notice, parent = one.notice, PARENT_PAGES.get(one.notice.thing_label)
    if parent is None or one.visible_item is None:
        return notice.thing_label, notice.thing_id
    thing = one.visible_item
    for name in parent.path_to_parent.split("__"):
        thing = getattr(thing, name)
    return parent.model_label, thing.pk


def shown_on_page_of(label: str, pk: int) -> Q:
    """Return the condition for notifications about this object or about one of its parts."""
    parts = [
        Q(
            thing_label=child,
            thing_id__in=_model_of(child).objects.filter(**{parent.path_to_parent: pk}).values("pk"),
        )
        for child, parent in PARENT_PAGES.items()
        if parent.model_label == label
    ]
    return reduce(or_, parts, Q(thing_label=label, thing_id=pk))


def shown_on_same_page(notice: Notification, rendered: RenderedNotification) -> Q:
    """Return the condition for the notifications of the same group."""
    return shown_on_page_of(*_page_key(rendered)) | Q(pk=notice.pk)


def _model_of(label: str) -> Any:
    model: type[Model] = apps.get_model(label)
    return model
