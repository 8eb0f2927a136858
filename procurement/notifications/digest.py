"""Content of the daily summary: open notifications of one reader by category, with links. Reads only.

`workflow.outbox.in_app_notifications` writes the journal entry, and the notification table has a row for it. The summary
names only objects the reader may see when it is written, and leaves out settled notifications, such as
that of an order decided overnight.
"""

from typing import NamedTuple

from django.conf import settings

from accounts.actions.notification_preferences import preferences_of
from accounts.models import User
from partners.permissions.permissions import permissions_of
from procurement.notifications.categories import NOTIFICATION_CATEGORY_CHOICES
from procurement.notifications.in_app_text import RenderedNotification, render_notifications
from workflow.errors import LazyText
from workflow.journal.models import Entry
from workflow.outbox.models import DeliveryPreference, Message, Notification

DIGEST_NAME = "digest"  # name of the template and of the verb


class DigestLine(NamedTuple):
    """One event in a daily summary."""

    title: str
    text: str
    url: str


class DigestGroup(NamedTuple):
    """Lines of one category in a daily summary."""

    label: LazyText
    lines: list[DigestLine]


def digest_groups(entry: Entry, reader: User) -> list[DigestGroup]:
    """Return the content of a daily summary by category, oldest first, without empty categories."""
    rows = Notification.objects.filter(digest=entry).select_related("entry", "settled_by").order_by("pk")
    values = [
        one
        for one in render_notifications(rows, permissions_of(reader, via="clock"))
        if not one.settlement_text
    ]
    found = [
        DigestGroup(kind.label, [_digest_line(one) for one in values if one.notice.kind == kind.name])
        for kind in NOTIFICATION_CATEGORY_CHOICES
    ]
    return [group for group in found if group.lines]


def _digest_line(rendered: RenderedNotification) -> DigestLine:
    title = f"{rendered.item_name} · {rendered.subject}" if rendered.item_name else str(rendered.subject)
    return DigestLine(title, str(rendered.body), settings.BASE_URL + rendered.url if rendered.url else "")


def is_digest_wanted(message: Message) -> bool:
    """Return True if a planned daily summary still has a category that its reader wants by e-mail."""
    preferences = preferences_of(message.recipient)
    kinds = Notification.objects.filter(digest=message.entry_id).values_list("kind", flat=True).distinct()
    return any(preferences.get(kind, DeliveryPreference.AT_ONCE) != DeliveryPreference.OFF for kind in kinds)


def delivery_channel_of(message: Message) -> str:
    """Return the way a message reaches its reader now: at once, with the daily summary, or not by e-mail.

    A message whose notification is planned for, or was sent with, a daily summary gets no e-mail of its own. A
    message without a notification is sent at once.
    """
    if message.template == DIGEST_NAME:
        return DeliveryPreference.AT_ONCE if is_digest_wanted(message) else DeliveryPreference.OFF
    notification = Notification.objects.filter(entry=message.entry_id, recipient=message.recipient_id).first()
    if notification is None:
        return DeliveryPreference.AT_ONCE
    if notification.digest_at is not None or notification.digest_id is not None:
        return DeliveryPreference.OFF
    return preferences_of(message.recipient).get(notification.kind, DeliveryPreference.AT_ONCE)


def unsubscribe_category(message: Message) -> str:
    """Return the category of notifications that the unsubscribe address of an e-mail stops.

    "digest" for the daily summary; empty if the address stops all e-mail.
    """
    if message.template == DIGEST_NAME:
        return DIGEST_NAME
    notification = Notification.objects.filter(entry=message.entry_id, recipient=message.recipient_id).first()
    if notification is None:
        return ""
    offers = {kind.name: kind.delivery_choices for kind in NOTIFICATION_CATEGORY_CHOICES}
    return notification.kind if DeliveryPreference.OFF in offers.get(notification.kind, ()) else ""
