"""API collection notifications: those of the caller, which can be marked as read or unread."""

import builtins
from typing import Any

from django.db.models import Q, QuerySet
from django_filters import BooleanFilter, ChoiceFilter, NumberFilter
from rest_framework import serializers

from procurement.notifications.categories import NotificationCategory
from procurement.notifications.in_app_text import RenderedNotification, render_notifications
from procurement.shared_api.object_urls import COLLECTION_BY_LABEL, ObjectFilterSet, object_path_field
from workflow.api.fast_serializers import NULLABLE_TEXT_SCHEMA, ComputedField, RowSerializer
from workflow.api.filters import search_filter
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations
from workflow.outbox.in_app_notifications import mark_read, mark_unread
from workflow.outbox.models import Notification


class NotificationRowSerializer(RowSerializer):
    """Notification in your language.

    If you may no longer see its object, `about` is null and the text is empty.
    """

    about = object_path_field()
    kind = serializers.ChoiceField(choices=NotificationCategory.choices)
    subject = ComputedField("id", by=lambda pk: pk, kind=NULLABLE_TEXT_SCHEMA)
    says = ComputedField("id", by=lambda pk: pk, kind=NULLABLE_TEXT_SCHEMA)
    settled = ComputedField("id", by=lambda pk: pk, kind=NULLABLE_TEXT_SCHEMA)

    class Meta:
        model = Notification
        fields = ("id", "at", "kind", "about", "subject", "says", "settled", "read_at")


class NotificationFilter(ObjectFilterSet):
    """Filters for notifications."""

    search = search_filter("The whole reference of the thing it is about: PO-2020-0042.")
    kind = ChoiceFilter(choices=NotificationCategory.choices)
    unread = BooleanFilter(
        method="filter_unread",
        help_text="Those that are unread and wait for something, or those that were read or settled themselves.",
    )
    after = NumberFilter(
        "pk",
        "gt",
        help_text="The id of the last notice you know: with ordering=id, all that has come since.",
    )

    def filter_unread(
        self, rows: QuerySet[Any], name: str, wanted: bool
    ) -> QuerySet[Any]:  # django-filter's way
        """Return the notifications that the unread count includes, or all others."""
        waiting = Q(read_at=None, settled_by=None)
        return rows.filter(waiting if wanted else ~waiting)


class NotificationViewSet(CollectionViewSet):
    """Your own notifications. Marking one changes only this list and the unread count."""

    model = Notification
    path = "notifications"
    lookup_field = "id"
    list_serializer = NotificationRowSerializer
    filterset_class = NotificationFilter
    move_actions = move_operations(
        read=MoveOperation(action=mark_read), unread=MoveOperation(action=mark_unread)
    )

    def complete_rows(self, values: builtins.list[dict[str, Any]]) -> None:
        """Add the texts, and the address of each object that the caller may see."""
        rows = Notification.objects.filter(pk__in=[row["id"] for row in values]).select_related(
            "entry", "settled_by"
        )
        words = {one.notice.pk: one for one in render_notifications(rows, self.by)}
        for row in values:
            one = words[row["id"]]
            row["subject"], row["says"] = str(one.subject), str(one.body)
            row["settled"] = str(one.settlement_text) or None
            row["about"] = _object_path(one)


def _object_path(rendered: RenderedNotification) -> str | None:
    collection = COLLECTION_BY_LABEL.get(rendered.notice.thing_label)
    if collection is None or rendered.visible_item is None:
        return None
    return f"{collection.path}/{getattr(rendered.visible_item, collection.lookup_field)}"
