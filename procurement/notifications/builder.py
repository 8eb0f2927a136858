"""Messages caused by a journal entry, in each reader's language and timed for the reader's hours. Writes nothing."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils import timezone, translation

from accounts.actions.notification_preferences import preferences_of
from accounts.models import User
from partners.contacts.models import Contact
from partners.contacts.working_hours import next_contact_time, next_morning
from partners.permissions.permissions import permissions_of
from procurement.notifications import audiences, digest
from procurement.notifications.categories import category_of
from procurement.notifications.digest import digest_groups
from procurement.notifications.grouped_check_emails import is_covered_by_other_mail
from procurement.notifications.mail_text import WrittenMail, contact_as_reader, render_mail, template_values
from procurement.notifications.notices import STAFF_TEMPLATE, NotificationRule
from procurement.notifications.table_lookup import load_item, select_table_row, table_rows_for_entry
from procurement.notifications.thank_you_letters import THANK_YOU_TEMPLATES, thank_you_letter
from procurement.outreach.models.letters import SentLetter
from workflow.journal.models import Entry
from workflow.outbox.models import DeliveryPreference, Message, Notification


class PlannedNotifications(NamedTuple):
    """E-mails, in-app notifications and printable thank-yous caused by an entry."""

    messages: list[Message]
    notices: list[Notification]
    letters: list[SentLetter]


def build_messages(entry: Entry, at: datetime) -> list[Message]:
    """Return the e-mails an entry causes."""
    return build_notifications_for_entry(entry, at).messages


def build_notifications_for_entry(entry: Entry, at: datetime) -> PlannedNotifications:
    """Return what an entry causes: at most one message per person, by the first applicable row of the notification table.

    The actor gets nothing, except a receipt. Signed-in users always get an in-app notification, and e-mail as
    they chose: at once, with the daily summary, or not.
    """
    rows = table_rows_for_entry(entry)
    thing = load_item(entry.thing_label, entry.thing_id) if rows else None
    readers: dict[int, tuple[NotificationRule, User]] = {}
    for row in rows:
        if thing is not None and row.send_if(thing, entry):
            for person in _eligible_recipients(row, thing, entry):
                readers.setdefault(person.pk, (row, person))
    planned = PlannedNotifications([], [], [])
    for row, person in readers.values():
        delivery: str = DeliveryPreference.AT_ONCE
        if row.template == STAFF_TEMPLATE:
            notice = _in_app_notification(row, entry, person, at)
            planned.notices.append(notice)
            delivery = _delivery_channel(notice, person)
            notice.digest_at = next_morning(person, at) if delivery == DeliveryPreference.DIGEST else None
        if (
            delivery == DeliveryPreference.AT_ONCE
            and _is_sent_by_mail(row, thing, entry)
            and not _is_empty_digest(row, entry, person)
        ):
            message = _plan_message(row, thing, entry, person, at)
            planned.messages.append(message)
            if row.template in THANK_YOU_TEMPLATES:
                facts = template_values(row, thing, entry, person)
                planned.letters.append(thank_you_letter(message, thing, entry, facts, at))
    return planned


def _in_app_notification(rule: NotificationRule, entry: Entry, person: User, at: datetime) -> Notification:
    return Notification(
        entry=entry,
        recipient=person,
        kind=category_of(entry.thing_label, entry.verb, rule),
        thing_label=entry.thing_label,
        thing_id=entry.thing_id,
        at=at,
    )


def _delivery_channel(notice: Notification, person: User) -> str:
    """Return the chosen way, or no e-mail for a person who stopped all e-mail or whose address bounces."""
    return preferences_of(person)[notice.kind] if person.can_receive_mail else DeliveryPreference.OFF


def _is_sent_by_mail(rule: NotificationRule, thing: Any, entry: Entry) -> bool:
    """Return True if the notification is true now and no other e-mail of the same moment covers it."""
    return rule.is_still_valid(thing, entry) and rule.mail_if(thing, entry)


def _is_empty_digest(rule: NotificationRule, entry: Entry, person: User) -> bool:
    """Return True for a daily summary without content, because all its notifications are settled."""
    return rule.template == digest.DIGEST_NAME and not digest_groups(entry, person)


def is_relevant(message: Message) -> bool:
    """Return True if a planned message is still true and its recipient still wants it.

    The recipient must accept e-mail and still belong to the audience, and the message must be true of the item now.
    It is not sent if an e-mail just sent covers it, or if a later reminder about the same item is planned.
    """
    rule = _table_row_of(message)
    if rule is None or not _accepts_mail(rule, message.recipient, message.entry):
        return False
    thing = load_item(message.entry.thing_label, message.entry.thing_id)
    if _has_opted_out(rule, thing, message.recipient, message.entry):
        return False
    if thing is not None and not _is_still_recipient(rule, thing, message.recipient):
        return False
    if _is_empty_digest(rule, message.entry, message.recipient):
        return False
    if is_covered_by_other_mail(message, thing):
        return False
    return rule.is_still_valid(thing, message.entry) and not _is_superseded(message)


def next_send_time(message: Message, at: datetime) -> datetime:
    """Return the first time from `at` on when a message may be sent.

    A receipt is sent at once, everything else in its reader's present hours.
    """
    rule = _table_row_of(message)
    reader = message.recipient
    return (
        at
        if rule is None or rule.is_confirmation_for(message.entry, reader)
        else next_contact_time(reader, at)
    )


def _table_row_of(message: Message) -> NotificationRule | None:
    alike = [one for one in table_rows_for_entry(message.entry) if one.template == message.template]
    return select_table_row(alike, message.entry, message.recipient_id)


def _is_superseded(message: Message) -> bool:
    """Return True if a later reminder about the same item is planned for the same reader.

    Over a weekend, two reminders may wait for the same hour; the last one is enough.
    """
    if message.entry.verb != "remind":
        return False
    same = Message.objects.filter(
        recipient=message.recipient_id, thing_label=message.thing_label, thing_id=message.thing_id
    )
    return same.filter(
        template=message.template,
        state=Message.State.PLANNED,
        entry__gt=message.entry_id,
        entry__verb="remind",  # all e-mails to staff share one template
    ).exists()


def _eligible_recipients(rule: NotificationRule, thing: Any, entry: Entry) -> Iterator[User]:
    for person in rule.audience(thing):
        takes = person.is_active if rule.template == STAFF_TEMPLATE else _accepts_mail(rule, person, entry)
        takes = takes and not _has_opted_out(rule, thing, person, entry)
        if takes and (rule.confirms_own_action or person.pk != entry.by_id):
            yield person


def _accepts_mail(rule: NotificationRule, person: User, entry: Entry) -> bool:
    """Return True if the person accepts this message.

    A receipt or a code was requested, so it is sent even to a person who stopped other e-mail.
    """
    return person.is_active if rule.is_confirmation_for(entry, person) else person.can_receive_mail


def _has_opted_out(rule: NotificationRule, thing: Any, person: User, entry: Entry) -> bool:
    """Return True for a message to a contact who asked us, in this place of theirs, to write no more."""
    if rule.is_confirmation_for(entry, person) or rule.template == STAFF_TEMPLATE:
        return False
    place = contact_as_reader(thing, person)
    return place is not None and place.status == Contact.Status.OPTED_OUT


def _is_still_recipient(rule: NotificationRule, thing: Any, person: User) -> bool:
    """Return True if a signed-in reader still belongs to the audience.

    One of their roles, or a delegation, may have ended since.
    """
    if rule.template != STAFF_TEMPLATE:
        return True
    return audiences.is_still_in_audience(rule.audience, thing, permissions_of(person, via="clock"))


def rewrite_message(message: Message, at: datetime) -> WrittenMail | None:
    """Return the words of a planned e-mail for the item as it is now.

    None for thank-yous, whose letter keeps the words as planned.
    """
    rule = _table_row_of(message)
    thing = load_item(message.entry.thing_label, message.entry.thing_id)
    if rule is None or thing is None or message.template in THANK_YOU_TEMPLATES:
        return None
    return _write(rule, thing, message.entry, message.recipient, message.language, at)


def _write(
    rule: NotificationRule, thing: Any, entry: Entry, person: User, language: str, at: datetime
) -> WrittenMail:
    with translation.override(language), timezone.override(ZoneInfo(person.time_zone)):
        facts = template_values(rule, thing, entry, person, at)
        if rule.template == digest.DIGEST_NAME:
            facts["groups"] = digest_groups(entry, person)
            facts["total"] = sum(len(group.lines) for group in facts["groups"])
        return render_mail(rule.template, facts)


def _plan_message(rule: NotificationRule, thing: Any, entry: Entry, person: User, at: datetime) -> Message:
    written = _write(rule, thing, entry, person, person.language, at)
    next_try = at if rule.is_confirmation_for(entry, person) else next_contact_time(person, at)
    return Message(
        entry=entry,
        recipient=person,
        address=person.email,
        language=person.language,
        template=rule.template,
        subject=written.subject,
        body=written.body,
        link=rule.link_params(thing),
        thing_label=entry.thing_label,
        thing_id=entry.thing_id,
        city_id=entry.city_id,
        next_try_at=next_try,
        expires_at=next_try + rule.expires_after,
    )
