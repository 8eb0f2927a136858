"""Conditions for sending an inquiry, answering it, reminding, pausing, or asking another person."""

from django.utils.translation import gettext_lazy as _

from partners.contacts.models import Contact
from procurement.outreach.models.inquiries import Inquiry
from procurement.outreach.rules.dates import MAX_REMINDERS, needs_phone_call
from procurement.outreach.rules.people import (
    has_person_to_consent,
    may_ask,
    refuse_bouncing_contact,
    refuse_opted_out_contact,
    refuse_stopped_contact,
)
from procurement.requests.models import SupplyRequest
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, WRONG_STATUS, Refused
from workflow.moves import not_ready


def refuse_closed_need(inquiry: Inquiry) -> Refused | None:
    """Return a refusal if the need takes no offers, else None."""
    need = inquiry.supply_request
    if need.status != SupplyRequest.Status.OPEN:
        return not_ready(_("%(need)s is not open, so you cannot ask anyone.") % {"need": need.reference})
    if need.stopped:
        return not_ready(_("%(need)s is not taking new offers at the moment.") % {"need": need.reference})
    return None


def refuse_late_answer(inquiry: Inquiry) -> Refused | None:
    """Return a refusal if the need takes no answers, because it is stopped or closed, else None."""
    need = inquiry.supply_request
    if need.status != SupplyRequest.Status.OPEN:
        return not_ready(
            _(
                "%(city)s is no longer looking for these goods, so nothing can be added. Thank you "
                "for your help."
            )
            % {"city": inquiry.city.name}
        )
    if need.stopped:
        return not_ready(
            _(
                "%(city)s is not taking new offers for these goods at the moment. You do not need "
                "to do anything. Offers already made are kept. You can make new offers here once "
                "the city resumes."
            )
            % {"city": inquiry.city.name}
        )
    return None


def refuse_empty_reply(inquiry: Inquiry) -> Refused | None:
    """Return a refusal to translate a reply that has no words, else None."""
    if inquiry.remark.strip():
        return None
    return not_ready(_("The reply contains no text to translate."))


def refuse_without_offers_to_confirm(inquiry: Inquiry) -> Refused | None:
    """Return a refusal unless the need changed after the contact's answer or last confirmation, else None.

    Also refused if the need takes no answers.
    """
    told, confirmed = inquiry.change_announced_at, inquiry.reaffirmed_at or inquiry.answered_at
    if told is None or confirmed is None or told <= confirmed:
        return not_ready(_("The need has not changed since the contact confirmed the offer."))
    return refuse_late_answer(inquiry)


def refuse_second_question(inquiry: Inquiry) -> Refused | None:
    """Return a refusal while the last question is open or the need takes no answers, else None."""
    if inquiry.question:
        return not_ready(_("The city has not answered your last question yet."))
    return refuse_late_answer(inquiry)


def refuse_without_open_question(inquiry: Inquiry) -> Refused | None:
    """Return a refusal unless the contact waits for the answer to a question, else None."""
    return None if inquiry.question else not_ready(_("The contact has no open question."))


def refuse_reminder(inquiry: Inquiry) -> Refused | None:
    """Return a refusal for a fourth reminder, or one about a need that takes no offers, else None.

    Also refused is a reminder to a person who asked not to be written to, or whose mail is returned.
    """
    person = inquiry.waits_for
    if person is not None and (peace := refuse_opted_out_contact(person)) is not None:
        return peace
    if needs_phone_call(inquiry) or (
        inquiry.status == Inquiry.Status.AWAITING_CONSENT and inquiry.reminder_count >= MAX_REMINDERS
    ):
        return not_ready(_("Three reminders have been sent. Phone the contact."))
    if person is not None and (gone := refuse_bouncing_contact(person)) is not None:
        return not_ready(gone.message)
    consents = inquiry.status == Inquiry.Status.AWAITING_CONSENT  # consent is moot unless it can be sent
    return refuse_sending(inquiry) if consents else refuse_closed_need(inquiry)


def refuse_new_date(inquiry: Inquiry) -> Refused | None:
    """Return a refusal for a new date of a paused inquiry, else None. It gets one when it resumes.

    Also refused if the contact asked not to be written to, or the need takes no offers.
    """
    if inquiry.paused_at is not None:
        return not_ready(_("The inquiry is paused."))
    return refuse_opted_out_contact(inquiry.contact) or refuse_closed_need(inquiry)


def refuse_pause(inquiry: Inquiry) -> Refused | None:
    """Return a refusal if the inquiry is paused already or its need takes offers, else None."""
    if inquiry.paused_at is not None:
        return not_ready(_("The inquiry is already paused."))
    need = inquiry.supply_request
    return None if need.stopped else not_ready(_("%(need)s is taking offers.") % {"need": need.reference})


def refuse_resumption(inquiry: Inquiry) -> Refused | None:
    """Return a refusal if the inquiry is not paused or its need takes no offers, else None."""
    if inquiry.paused_at is None:
        return not_ready(_("The inquiry is not paused."))
    return refuse_closed_need(inquiry)


def refuse_other_contact(inquiry: Inquiry) -> Refused | None:
    """Return a refusal if another person may be asked already, else None."""
    if inquiry.alternates_allowed_from is not None:
        return not_ready(_("You can already ask someone else."))
    return None


def refuse_next_contact(inquiry: Inquiry) -> Refused | None:
    """Return a refusal until the periodic job has allowed another person to be asked, else None."""
    if inquiry.alternates_allowed_from is None:
        words = _("You can ask someone else one working day after the due date.")
        return not_ready(words)
    return refuse_closed_need(inquiry)


def refuse_sending(inquiry: Inquiry) -> Refused | None:
    """Return a refusal for an inquiry that cannot be sent to its contact now, else None.

    The contact must have agreed to be asked, accept mail, be reachable, and not be stopped for the
    asking city. The message must not be empty, and the need must take offers.
    """
    if inquiry.contact.status != Contact.Status.ACTIVE:
        return not_ready(
            _("%(contact)s does not accept inquiries.") % {"contact": inquiry.contact}, field="contact"
        )
    peace = refuse_opted_out_contact(inquiry.contact) or refuse_stopped_contact(
        inquiry.city_id, inquiry.contact
    )
    if peace is not None:
        return peace
    if (gone := refuse_bouncing_contact(inquiry.contact)) is not None:
        return not_ready(gone.message, field="contact")
    if not inquiry.body.strip():
        return not_ready(_("The message is empty."), field="body")
    return refuse_closed_need(inquiry)


def refuse_direct_sending(inquiry: Inquiry) -> Refused | None:
    """Return a refusal for an inquiry that goes through a partner city, which must be asked first, else None.

    Also refuses what `refuse_sending` refuses.
    """
    if inquiry.through_city_id is not None:
        words = _("Ask %(city)s first. Only that city can introduce this contact.")
        return not_ready(words % {"city": inquiry.through_city})
    return refuse_sending(inquiry)


def refuse_without_partner_city(inquiry: Inquiry) -> Refused | None:
    """Return a refusal if no partner city must be asked, or if no one there could consent, else None.

    Also refuses what `refuse_sending` refuses.
    """
    if inquiry.through_city_id is None:
        return not_ready(_("You can ask this contact directly."))
    if not has_person_to_consent(inquiry):
        words = _(
            "%(city)s has no procurement officer or contact here who could agree. Ask its office "
            "outside Twinlane, or choose another contact."
        )
        return not_ready(words % {"city": inquiry.through_city}, field="through_city")
    return refuse_sending(inquiry)


def refuse_link_copy(inquiry: Inquiry, by: Actor) -> Refused | None:
    """Return a refusal unless the actor may ask and an answer is awaited, else None."""
    if not may_ask(by, inquiry):
        return Refused(NOT_ALLOWED, _("Only procurement officers of the requesting city can copy this."))
    person = inquiry.waits_for
    waits = inquiry.status in (Inquiry.Status.SENT, Inquiry.Status.NO_REPLY, Inquiry.Status.AWAITING_CONSENT)
    if not waits or person is None:
        return Refused(WRONG_STATUS, _("No reply is outstanding, so no reminder is needed."))
    return refuse_opted_out_contact(person) or refuse_closed_need(inquiry)
