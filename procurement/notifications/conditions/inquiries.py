"""Conditions of notifications about needs and inquiries. Reads only.

Each condition gets the item of a message and the journal entry that causes the message.
"""

from typing import Any

from procurement.leads.models.leads import SupplierLead
from procurement.notifications.conditions.general import (
    MORE_NEEDED_ANNOTATION,
    annotated_or_computed,
    was_contact_notified,
)
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.queries.consents import reported_inquiries
from procurement.outreach.queries.letters import changes_since_written
from procurement.outreach.rules.dates import MAX_REMINDERS
from procurement.outreach.rules.readiness import sending_refusal
from procurement.requests import rules
from workflow.journal.models import Entry
from workflow.outbox.models import Message

ANSWER_NOT_REVIEWED_ANNOTATION = "unseen"  # annotation of inquiries with an answer that was not looked at


def has_open_question(inquiry: Any, _entry: Entry) -> bool:
    """Return True while the contact waits for the answer to a question."""
    return bool(inquiry.question)


def is_private_answer(_inquiry: Any, entry: Entry) -> bool:
    """Return True if an answer is for the contact who asked alone. Others are sent to everyone asked."""
    return not entry.facts.get("to_all", True)


def is_inquiry_paused(inquiry: Any, _entry: Entry) -> bool:
    """Return True while the city takes no offers for this inquiry."""
    return inquiry.paused_at is not None


def is_awaiting_reconfirmation(need: Any, _entry: Entry) -> bool:
    """Return True until the city sets a new date of reconfirmation for the need."""
    return bool(need.reconfirm_asked_for == need.reconfirm_by)


def is_need_stopped(need: Any, _entry: Entry) -> bool:
    """Return True while the need takes no offers."""
    return bool(need.stopped)


def was_notified_and_need_changed(inquiry: Any, entry: Entry) -> bool:
    """Return True if the contact received the inquiry and the need has changed for them."""
    return was_contact_notified(inquiry, entry) and bool(changes_since_written(inquiry))


def was_never_notified(inquiry: Any, entry: Entry) -> bool:
    """Return True if the contact never received the inquiry and no e-mail with it is planned.

    A planned inquiry is written again when it is sent, so it shows the current need.
    """
    planned = Message.objects.about(inquiry).filter(template="inquiry", state=Message.State.PLANNED)
    return not was_contact_notified(inquiry, entry) and not planned.exists()


def is_mail_deliverable(inquiry: Any, entry: Entry) -> bool:
    """Return True if the inquiry was sent and the contact's e-mail does not bounce.

    Another notification reports a bounce and names another contact to ask.
    """
    return was_not_awaiting_partner_consent(inquiry, entry) and inquiry.contact.user.bounced_at is None


def is_third_reminder(thing: Any, entry: Entry) -> bool:
    """Return True after the third reminder, when a person should phone the contact.

    False for reminders to a partner city about its agreement.
    """
    to_partner = hasattr(thing, "partner_asked_at") and was_awaiting_partner_consent(thing, entry)
    return bool(thing.reminder_count >= 3) and not to_partner


def is_last_consent_reminder(inquiry: Any, entry: Entry) -> bool:
    """Return True after the third reminder to a partner city's contact, whom a person should then phone."""
    asked = inquiry.introducer is not None and was_awaiting_partner_consent(inquiry, entry)
    return asked and bool(inquiry.reminder_count >= MAX_REMINDERS)


def was_inquiry_sent(thing: Any, _entry: Entry) -> bool:
    """Return True if the inquiry was sent, so that the contact must learn that no answer is needed."""
    return thing.sent_at is not None


def was_awaiting_partner_consent(inquiry: Any, entry: Entry) -> bool:
    """Return True if the entry was made while a partner city was being asked for its agreement to the inquiry.

    Such an entry is about that agreement, not about the contact's answer.
    """
    return inquiry.partner_asked_at is not None and (
        inquiry.sent_at is None or bool(entry.at < inquiry.sent_at)
    )


def was_not_awaiting_partner_consent(inquiry: Any, entry: Entry) -> bool:
    """Return True unless the entry was made while a partner city was being asked (`was_awaiting_partner_consent`)."""
    return not was_awaiting_partner_consent(inquiry, entry)


def was_partner_asked(inquiry: Any, _entry: Entry) -> bool:
    """Return True if a partner city was asked for its agreement and its contact was not asked yet."""
    return inquiry.partner_asked_at is not None and inquiry.sent_at is None


def is_contact_still_asked(thing: Any, _entry: Entry) -> bool:
    """Return True unless the city has stopped its inquiries to the contact.

    A stop has its own message to the contact.
    """
    return thing.contact is None or thing.city_id not in thing.contact.stopped_for


def is_introducer_still_asked(inquiry: Any, _entry: Entry) -> bool:
    """Return True unless the city has stopped its inquiries to the contact asked for consent."""
    return inquiry.introducer is None or inquiry.city_id not in inquiry.introducer.stopped_for


def was_cancelled_by_job(inquiry: Any, entry: Entry) -> bool:
    """Return True if the periodic job cancelled the inquiry and its need is not covered.

    False if the city has stopped its inquiries to the contact, which has its own notification.
    """
    stopped = not (is_contact_still_asked(inquiry, entry) and is_introducer_still_asked(inquiry, entry))
    return entry.via == "clock" and not stopped and is_more_needed(inquiry, entry)


def can_inquiry_be_sent(inquiry: Any, _entry: Entry) -> bool:
    """Return True if the inquiry could be sent after the partner city's agreement."""
    return sending_refusal(inquiry) is None


def is_inquiry_resumed(inquiry: Any, _entry: Entry) -> bool:
    """Return True if the inquiry is not paused any more, and has not lost its earlier consent."""
    return inquiry.paused_at is None and is_consent_kept(inquiry, _entry)


def is_consent_kept(inquiry: Any, _entry: Entry) -> bool:
    """Return True unless the inquiry has lost its earlier consent and is taken back (`with_lost_consent`)."""
    if inquiry.consent_id is None:
        return True
    return not Inquiry.objects.filter(pk=inquiry.pk).with_lost_consent().exists()


def gave_no_period_consent(inquiry: Any, _entry: Entry) -> bool:
    """Return True unless the partner city also consented to later inquiries, which has its own notification."""
    return not IntroductionConsent.objects.filter(inquiry=inquiry).exists()


def has_reported_uses(consent: Any, entry: Entry) -> bool:
    """Return True unless all inquiries that a report is about were taken back."""
    return reported_inquiries(consent, entry).exists()


def is_more_needed(inquiry: Any, _entry: Entry) -> bool:
    """Return True if the need is open and not covered by allocated and verified goods.

    Then another contact is worth asking.
    """
    return annotated_or_computed(
        inquiry, MORE_NEEDED_ANNOTATION, lambda: rules.is_more_needed(inquiry.supply_request)
    )


def is_answer_not_reviewed(inquiry: Any, _entry: Entry) -> bool:
    """Return True if no offer is entered for the inquiry yet, or one is not in checking yet."""
    offers = inquiry.answers
    offered = offers.filter(status=SupplierLead.Status.RECEIVED)
    return annotated_or_computed(
        inquiry, ANSWER_NOT_REVIEWED_ANNOTATION, lambda: offered.exists() or not offers.exists()
    )
