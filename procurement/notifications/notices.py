"""Type of a row of the notification table, and the functions that build rows and their links."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.contacts.models import Contact
from procurement.notifications.audiences import Audience
from procurement.notifications.conditions.general import Condition, always_true, may_be_phoned
from procurement.notifications.conditions.inquiries import is_third_reminder
from workflow.errors import LazyText
from workflow.journal.models import Entry

type LinkParams = Callable[[Any], dict[str, Any]]  # arguments for making the link when the message is sent
STAFF_TEMPLATE = "staff"  # one template for all signed-in users: the event and the page
INVITATION_PURPOSE = "invitation"


def no_link(_thing: Any) -> dict[str, Any]:
    """Request no link. Most messages to signed-in users name a page instead."""
    return {}


def answer_link(_thing: Any) -> dict[str, Any]:
    """Request a link for answering this item without an account."""
    return {"purpose": "answer"}


def portal_page_link(thing: Any) -> dict[str, Any]:
    """Request a link to the contact's own page, which lists all their open items."""
    contact = thing if isinstance(thing, Contact) else thing.contact
    return {
        "purpose": "my-page",
        "thing_label": "partners.contact",
        "thing_id": contact.pk,
        "city_id": contact.city_id,
    }


def introducer_page_link(consent: Any) -> dict[str, Any]:
    """Request a link to the own page of the contact who gave a consent, which lists it."""
    return {
        "purpose": "my-page",
        "thing_label": "partners.contact",
        "thing_id": consent.introducer_id,
        "city_id": consent.through_city_id,
    }


def own_offer_link(lead: Any) -> dict[str, Any]:
    """Request a link to the page on which the contact corrects an offer: of its inquiry, else the contact's own page."""
    if lead.inquiry_id is None:
        return portal_page_link(lead)
    return {
        "purpose": "answer",
        "thing_label": "procurement.inquiry",
        "thing_id": lead.inquiry_id,
        "city_id": lead.city_id,
    }


def submission_link(version: Any) -> dict[str, Any]:
    """Request a link to the document request that a submission answers."""
    return {
        "purpose": "answer",
        "thing_label": "procurement.documentrequest",
        "thing_id": version.request_id,
        "city_id": version.city_id,
    }


def renewed_link(link: Any) -> dict[str, Any]:
    """Request a new link to the target of an expired link."""
    return {
        "purpose": link.purpose,
        "thing_label": link.thing_label,
        "thing_id": link.thing_id,
        "city_id": link.city_id,
    }


def email_code(_thing: Any) -> dict[str, Any]:
    """Request a six-digit code instead of a link."""
    return {"purpose": "code"}


def invitation_link(_thing: Any) -> dict[str, Any]:
    """Request a link for accepting a role."""
    return {"purpose": INVITATION_PURPOSE}


@dataclass(frozen=True, kw_only=True)
class NotificationRule:
    """One row of the notification table: a message and the conditions under which it is sent.

    `audience` returns its readers. Messages to contacts have a `template` of their own and a `link_params`; signed-in
    users get a `subject` and one or two sentences (`body`), in `STAFF_TEMPLATE`. A notification is true in the
    statuses `valid_statuses` and as long as `valid_if` returns True, or for ever (`never_becomes_invalid`). This is
    checked when it is planned, sent and displayed; `send_if` is checked only when it is planned. A
    `confirms_own_action` confirms what its reader has just done, so it is sent at once, at any hour. With
    `confirms_for_actor_only`, this holds only for the reader who acted; other readers get the message in their
    working hours. `expires_after` is the time after which an unsent message expires.

    No e-mail is sent if `mail_if` returns False, because the e-mail of another notification of the same moment
    covers it (`mail_covers_group`). `has_phone_script`: the message asks its reader to phone, and says whom and how.
    """

    audience: Audience
    template: str = STAFF_TEMPLATE
    subject: LazyText = ""
    body: LazyText = ""
    link_params: LinkParams = no_link
    valid_statuses: frozenset[str] = frozenset()
    confirms_own_action: bool = False
    expires_after: timedelta = timedelta(days=7)
    send_if: Condition = always_true
    valid_if: Condition = always_true
    never_becomes_invalid: bool = False
    confirms_for_actor_only: bool = False
    mail_if: Condition = always_true
    mail_covers_group: bool = False
    has_phone_script: bool = False

    def __post_init__(self) -> None:
        if not (self.valid_statuses or self.never_becomes_invalid or self.valid_if is not always_true):
            raise TypeError("say until when a notice is true: while_status, valid_if or no_end")

    def is_still_valid(self, thing: Any, entry: Entry) -> bool:
        """Return True if the notification is true of the item as it is now."""
        if self.valid_statuses and (thing is None or thing.status not in self.valid_statuses):
            return False
        return self.valid_if is always_true or (thing is not None and self.valid_if(thing, entry))

    def is_confirmation_for(self, entry: Entry, reader: User) -> bool:
        """Return True if the notification confirms what this reader has just done."""
        return self.confirms_own_action and not (self.confirms_for_actor_only and entry.by_id != reader.pk)


def staff_notice(
    audience: Audience,
    subject: LazyText,
    says: LazyText,
    *while_status: str,
    send_if: Condition = always_true,
    valid_if: Condition = always_true,
    no_end: bool = False,
    receipt: bool = False,
) -> NotificationRule:
    """Build a notification for signed-in users.

    As a `receipt` it is sent at any hour, and to the actor as well.
    """
    return NotificationRule(
        audience=audience,
        subject=subject,
        body=says,
        valid_statuses=frozenset(while_status),
        send_if=send_if,
        valid_if=valid_if,
        never_becomes_invalid=no_end,
        confirms_own_action=receipt,
    )


def phone_notice(audience: Audience, says: LazyText, *while_status: str) -> NotificationRule:
    """Build the request to phone a contact after the last reminder.

    It shows the number, the local time and what to say.
    """
    held = frozenset(while_status)
    return NotificationRule(
        audience=audience,
        subject=_("Phone call needed"),
        body=says,
        valid_statuses=held,
        send_if=is_third_reminder,
        valid_if=may_be_phoned,
        has_phone_script=True,
    )


def contact_message(
    audience: Audience,
    template: str,
    *while_status: str,
    link: LinkParams = no_link,
    send_if: Condition = always_true,
    valid_if: Condition = always_true,
    no_end: bool = False,
) -> NotificationRule:
    """Build a message to a contact with its own template."""
    return NotificationRule(
        audience=audience,
        template=template,
        link_params=link,
        valid_statuses=frozenset(while_status),
        send_if=send_if,
        valid_if=valid_if,
        never_becomes_invalid=no_end,
    )


def immediate_message(
    audience: Audience,
    template: str,
    *while_status: str,
    link: LinkParams,
    expires_after: timedelta = timedelta(days=7),
    no_end: bool = False,
) -> NotificationRule:
    """Build a message that its reader is waiting for, sent at any hour."""
    return NotificationRule(
        audience=audience,
        template=template,
        link_params=link,
        valid_statuses=frozenset(while_status),
        confirms_own_action=True,
        expires_after=expires_after,
        never_becomes_invalid=no_end,
    )


def thank_you_message(audience: Audience, template: str) -> NotificationRule:
    """Build the thank-you for an answer.

    It is sent at once to a contact who answered themselves, and in the contact's hours if a user entered the
    answer after a phone call.
    """
    return NotificationRule(
        audience=audience,
        template=template,
        link_params=portal_page_link,
        valid_statuses=frozenset({"answered"}),
        confirms_own_action=True,
        confirms_for_actor_only=True,
    )
