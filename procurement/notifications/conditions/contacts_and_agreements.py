"""Conditions of notifications about contacts, deputies, agreements and delegations. Reads only.

Each condition gets the item of a message and the journal entry that causes the message.
"""

from typing import Any

from workflow.journal.models import Entry


def is_workplace_unconfirmed(contact: Any, _entry: Entry) -> bool:
    """Return True if another city named the contact and their place of work is not confirmed.

    Their own city or a coordinator can confirm it.
    """
    return bool(contact.named_by_other_city)


def is_stopped_for_city(contact: Any, entry: Entry) -> bool:
    """Return True if at least one of the cities named in the entry still stops its inquiries to the contact."""
    return bool(set(entry.facts.get("cities", ())) & set(contact.stopped_for))


def may_city_ask_again(contact: Any, entry: Entry) -> bool:
    """Return True if at least one of the cities named in the entry may ask the contact again."""
    return bool(set(entry.facts.get("cities", ())) - set(contact.stopped_for))


def is_absence_unchanged(contact: Any, entry: Entry) -> bool:
    """Return True if the contact's absence still ends on the day that the entry records."""
    day = contact.away_until.isoformat() if contact.away_until else None
    return bool(entry.after.get("away_until", day) == day)


def is_deputy(contact: Any, entry: Entry) -> bool:
    """Return True if the colleague named in the entry is the contact's deputy now."""
    return bool(contact.deputies.filter(pk=entry.facts.get("deputy")).exists())


def is_not_deputy(contact: Any, entry: Entry) -> bool:
    """Return True if the colleague named in the entry is not the contact's deputy now."""
    return not is_deputy(contact, entry)


def is_agreement_unconfirmed(agreement: Any, _entry: Entry) -> bool:
    """Return True if one side still has to confirm the agreement."""
    return bool(agreement.unconfirmed_cities)


def is_agreement_expiring(agreement: Any, _entry: Entry) -> bool:
    """Return True unless the agreement was renewed or its end date corrected since the reminder.

    Either change starts the reminders again.
    """
    return bool(agreement.reminded)


def is_delegation_active(delegation: Any, _entry: Entry) -> bool:
    """Return True unless the delegation was withdrawn."""
    return delegation.revoked_at is None
