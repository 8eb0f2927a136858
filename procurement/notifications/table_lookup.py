"""The whole notification table, and the lookup of the rows that a journal entry causes. Reads only."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db.models import Model

from procurement.notifications.categories import category_of
from procurement.notifications.notices import STAFF_TEMPLATE, NotificationRule
from procurement.notifications.table.need_approval import NEED_APPROVAL_NOTICES
from procurement.notifications.table.needs_and_inquiries import INQUIRY_NOTICES
from procurement.notifications.table.offers_and_checks import OFFER_NOTICES
from procurement.notifications.table.orders import ORDER_NOTICES
from procurement.notifications.table.people_and_register import PEOPLE_NOTICES
from procurement.notifications.table.shipments import SHIPMENT_NOTICES
from procurement.notifications.table.suppliers import COMPANY_NOTICES
from workflow.journal.models import Entry
from workflow.outbox.models import Notification

ANY_MODEL = "*"


NOTICES: dict[tuple[str, str], tuple[NotificationRule, ...]] = {
    **PEOPLE_NOTICES,
    **NEED_APPROVAL_NOTICES,
    **INQUIRY_NOTICES,
    **OFFER_NOTICES,
    **COMPANY_NOTICES,
    **ORDER_NOTICES,
    **SHIPMENT_NOTICES,
}


def table_rows_for_entry(entry: Entry) -> tuple[NotificationRule, ...]:
    """Return the rows for an entry: those for its kind of item and verb, else those for the verb alone."""
    return NOTICES.get((entry.thing_label, entry.verb)) or NOTICES.get((ANY_MODEL, entry.verb), ())


def load_item(label: str, pk: int) -> Any | None:
    """Return the item that an entry or a message is about, or None."""
    model: type[Model] = apps.get_model(label)
    return model._base_manager.filter(pk=pk).first()


def table_row_of(notification: Notification, thing: Any | None = None) -> NotificationRule | None:
    """Return the row that produced an in-app notification, or None if the table no longer has it.

    `thing` is its item, if it has been read already.
    """
    entry = notification.entry
    rows = [row for row in table_rows_for_entry(entry) if row.template == STAFF_TEMPLATE]
    same = [row for row in rows if category_of(entry.thing_label, entry.verb, row) == notification.kind]
    return select_table_row(same or rows, entry, notification.recipient_id, thing)


def select_table_row(
    rows: Sequence[NotificationRule], entry: Entry, reader: int, thing: Any | None = None
) -> NotificationRule | None:
    """Return, from several similar rows, the one by which a reader (given by id) was notified of an entry.

    It is the row whose condition holds and whose audience includes the reader. If that is no longer known, return
    the first row.
    """
    if len(rows) < 2 or (thing := thing or load_item(entry.thing_label, entry.thing_id)) is None:
        return next(iter(rows), None)
    holding = [row for row in rows if row.send_if(thing, entry)] or rows
    if len(holding) == 1:
        return holding[0]
    theirs = (row for row in holding if any(person.pk == reader for person in row.audience(thing)))
    return next(theirs, holding[0])
