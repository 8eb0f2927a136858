"""Conditions for sending an inquiry, answering it, reminding, pausing, or asking another person."""

from django.utils.translation import gettext_lazy as _

from partners.contacts.models import Contact
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules.dates import MAX_REMINDERS, needs_phone_call
from procurement.outreach.rules.lines import has_lost_its_lines
from procurement.outreach.rules.people import (
    bouncing_contact_refusal,
    has_person_to_consent,
    may_ask,
    opted_out_contact_refusal,
    stopped_contact_refusal,
)
from procurement.requests.models import SupplyRequest
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, WRONG_STATUS, Refused
from workflow.moves import not_ready_refusal


def closed_need_refusal(inquiry: Inquiry) -> Refused | None:
    """Return a refusal if the need takes no offers, else None."""
    need = inquiry.supply_request
    if need.status != SupplyRequest.Status.OPEN:
        return not_ready_refusal(
            _("%(need)s is not open, so you cannot ask anyone.") % {"need": need.reference}
        )
    if need.stopped:
        return not_ready_refusal(
            _("%(need)s is not open for new offers at the moment.") % {"need": need.reference}
        )
    return None


def moot_inquiry_refusal(inquiry: Inquiry) -> Refused | None:
    """Return a refusal if the need takes no offers, or if all lines that the inquiry is about were removed, else None."""
    if (closed := closed_need_refusal(inquiry)) is not None:
        return closed
    if has_lost_its_lines(inquiry):
        words = _("The lines that this inquiry is about have been removed from %(need)s.")
        return not_ready_refusal(words % {"need": inquiry.supply_request.reference})
    return None


def late_answer_refusal(inquiry: Inquiry) -> Refused | None:
    """Return a refusal if the need takes no answers, because it is stopped or closed, else None.

    Also refused once all lines that the inquiry is about were removed.
    """
    need = inquiry.supply_request
    if need.status != SupplyRequest.Status.OPEN or has_lost_its_lines(inquiry):
        return not_ready_refusal(
            _(
                "%(city)s is no longer looking for these goods, so nothing can be added. Thank you "
                "for your help."
            )
            % {"city": inquiry.city.name}
        )
    if need.stopped:
        return not_ready_refusal(
            _(
                "%(city)s is not taking new offers for these goods at the moment. You do not need to do "
                "anything. Your existing offers have been kept. You can make new offers here once the city "
                "takes them again."
            )
            % {"city": inquiry.city.name}
        )
    return None


def empty_reply_refusal(inquiry: Inquiry) -> Refused | None:
    """Return a refusal to translate a reply that has no words, else None."""
    if inquiry.remark.strip():
        return None
    return not_ready_refusal(_("The reply contains no text to translate."))


def no_offers_to_confirm_refusal(inquiry: Inquiry) -> Refused | None:
    """Return a refusal unless the need changed after the contact's answer or last confirmation, else None.

    Also refused if the need takes no answers.
    """
    told, confirmed = inquiry.change_announced_at, inquiry.reaffirmed_at or inquiry.answered_at
    if told is None or confirmed is None or told <= confirmed:
        return not_ready_refusal(_("The need has not changed since the contact confirmed the offer."))
    return late_answer_refusal(inquiry)


def second_question_refusal(inquiry: Inquiry) -> Refused | None:
    """Return a refusal while the last question is open or the need takes no answers, else None."""
    if inquiry.question:
        return not_ready_refusal(_("The city has not answered your last question yet."))
    return late_answer_refusal(inquiry)


def no_open_question_refusal(inquiry: Inquiry) -> Refused | None:
    """Return a refusal unless the contact waits for the answer to a question, else None."""
    return None if inquiry.question else not_ready_refusal(_("The contact has no open question."))


def reminder_refusal(inquiry: Inquiry) -> Refused | None:
    """Return a refusal for a fourth reminder, or one about goods that are not looked for now, else None.

    Also refused is a reminder to a person who asked not to be written to, or whose mail is returned.
    """
    person = inquiry.awaited_contact
    if person is not None and (peace := opted_out_contact_refusal(person)) is not None:
        return peace
    if needs_phone_call(inquiry) or (
        inquiry.status == Inquiry.Status.AWAITING_CONSENT and inquiry.reminder_count >= MAX_REMINDERS
    ):
        return not_ready_refusal(_("Three reminders have been sent. Phone the contact."))
    if person is not None and (gone := bouncing_contact_refusal(person)) is not None:
        return not_ready_refusal(gone.message)
    consents = inquiry.status == Inquiry.Status.AWAITING_CONSENT  # consent is moot unless it can be sent
    return sending_refusal(inquiry) if consents else moot_inquiry_refusal(inquiry)


def new_due_date_refusal(inquiry: Inquiry) -> Refused | None:
    """Return a refusal for a new date of a paused inquiry, else None. It gets one when it resumes.

    Also refused if the contact asked not to be written to, or the goods are not looked for now.
    """
    if inquiry.paused_at is not None:
        return not_ready_refusal(_("The inquiry is paused."))
    return opted_out_contact_refusal(inquiry.contact) or moot_inquiry_refusal(inquiry)


def pause_refusal(inquiry: Inquiry) -> Refused | None:
    """Return a refusal if the inquiry is paused already or its need takes offers, else None."""
    if inquiry.paused_at is not None:
        return not_ready_refusal(_("The inquiry is already paused."))
    need = inquiry.supply_request
    return (
        None
        if need.stopped
        else not_ready_refusal(_("%(need)s is open for offers.") % {"need": need.reference})
    )


def resumption_refusal(inquiry: Inquiry) -> Refused | None:
    """Return a refusal if the inquiry is not paused or its need takes no offers, else None."""
    if inquiry.paused_at is None:
        return not_ready_refusal(_("The inquiry is not paused."))
    return moot_inquiry_refusal(inquiry)


def other_contact_allowed_refusal(inquiry: Inquiry) -> Refused | None:
    """Return a refusal if another person may be asked already, else None."""
    if inquiry.alternates_allowed_from is not None:
        return not_ready_refusal(_("You can already ask someone else."))
    return None


def next_contact_refusal(inquiry: Inquiry) -> Refused | None:
    """Return a refusal until the periodic job has allowed another person to be asked, else None."""
    if inquiry.alternates_allowed_from is None:
        words = _("You can ask someone else one working day after the due date.")
        return not_ready_refusal(words)
    return moot_inquiry_refusal(inquiry)


def sending_refusal(inquiry: Inquiry) -> Refused | None:
    """Return a refusal for an inquiry that cannot be sent to its contact now, else None.

    The contact must have agreed to be asked, accept mail, be reachable, and not be stopped for the
    asking city. The message must not be empty, the need must take offers, and one of the lines must be left.
    """
    if inquiry.contact.status != Contact.Status.ACTIVE:
        return not_ready_refusal(
            _("%(contact)s does not accept inquiries.") % {"contact": inquiry.contact}, field="contact"
        )
    peace = opted_out_contact_refusal(inquiry.contact) or stopped_contact_refusal(
        inquiry.city_id, inquiry.contact
    )
    if peace is not None:
        return peace
    if (gone := bouncing_contact_refusal(inquiry.contact)) is not None:
        return not_ready_refusal(gone.message, field="contact")
    if not inquiry.body.strip():
        return not_ready_refusal(_("The message is empty. Write it first."), field="body")
    return moot_inquiry_refusal(inquiry)


def no_earlier_consent_refusal(inquiry: Inquiry) -> Refused | None:
    """Return a refusal if the inquiry was not sent with an earlier consent, so that none can be lost, else None."""
    if inquiry.consent_id is None:
        return not_ready_refusal(_("This inquiry was not sent with an earlier consent."))
    return None


def no_partner_city_refusal(inquiry: Inquiry) -> Refused | None:
    """Return a refusal if no partner city must be asked, or if no one there could consent, else None.

    Also refuses what `sending_refusal` refuses.
    """
    if inquiry.through_city_id is None:
        return not_ready_refusal(_("You can ask this contact directly."))
    if not has_person_to_consent(inquiry):
        words = _(
            "%(city)s has no procurement officer or contact in Twinlane who could agree. Contact "
            "its office directly, or choose another contact."
        )
        return not_ready_refusal(words % {"city": inquiry.through_city}, field="through_city")
    return sending_refusal(inquiry)


def link_copy_refusal(inquiry: Inquiry, by: Actor) -> Refused | None:
    """Return a refusal unless the actor may ask and an answer is awaited, else None."""
    if not may_ask(by, inquiry):
        return Refused(NOT_ALLOWED, _("Only procurement officers of the requesting city can copy this."))
    person = inquiry.awaited_contact
    waits = inquiry.status in (Inquiry.Status.SENT, Inquiry.Status.NO_REPLY, Inquiry.Status.AWAITING_CONSENT)
    if not waits or person is None:
        return Refused(WRONG_STATUS, _("No reply is outstanding, so no reminder is needed."))
    return opted_out_contact_refusal(person) or moot_inquiry_refusal(inquiry)
