"""Notifications as the periodic job creates them."""

from typing import Any

from procurement.notifications.builder import build_notifications_for_entry
from procurement.notifications.table_lookup import table_rows_for_entry
from tests.worlds.need_to_order import AT
from workflow.comments_and_files.actions import add_comment
from workflow.journal.models import Entry
from workflow.outbox.in_app_notifications import create_notifications
from workflow.outbox.models import Notification


def notifications_of(entry: Entry) -> list[Notification]:
    """Create the notifications of an entry, without mail, and return them."""
    create_notifications(build_notifications_for_entry(entry, AT).notices)
    return list(Notification.objects.filter(entry=entry).order_by("pk"))


def notify_of_comment(thing: Any, story: Any) -> Notification:
    """Let a colleague comment on an object, and return the notification of the officer responsible."""
    add_comment(thing, "Please have a look.", by=story.second_officer.by, at=AT, language="en")
    (notice,) = notifications_of(Entry.objects.about(thing).filter(verb="comment").order_by("-pk")[0])
    return notice


def create_all_notifications() -> int:
    """Create the notifications of all entries so far, and return the number of notifications."""
    for entry in Entry.objects.order_by("pk"):
        if table_rows_for_entry(entry):
            notifications_of(entry)
    return Notification.objects.count()
