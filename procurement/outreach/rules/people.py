"""Rules about the people of an inquiry: who may ask, consent and answer, and who can be reached."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.contacts.models import Contact
from partners.contacts.working_hours import local_day_of
from partners.memberships.models import Membership
from partners.powers import Power
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import not_ready_refusal

MAX_SUBJECT_LENGTH, MAX_BODY_LENGTH = 200, 5000  # characters of a custom reminder


def may_ask(by: Actor, inquiry: Inquiry) -> bool:
    """Return True for officers of the asking city."""
    return by.may(Power.SEND_INQUIRY, inquiry)


def may_consent(by: Actor, thing: Inquiry | IntroductionConsent) -> bool:
    """Return True for those who may consent to an inquiry for a partner city, or withdraw its consent.

    These are officers of the partner city, or its contact who was asked or consented, signed in or by link.
    """
    if thing.through_city is None:
        return False
    return by.may(Power.SEND_INQUIRY, thing.through_city) or by.may(
        Power.ANSWER_INQUIRY, thing.introduction_right
    )


def may_answer(by: Actor, inquiry: Inquiry) -> bool:
    """Return True for the person asked, by link, and for an officer who has their answer by phone."""
    return by.may(Power.ANSWER_INQUIRY, inquiry) or by.may(Power.SEND_INQUIRY, inquiry)


def may_ask_city(by: Actor, inquiry: Inquiry) -> bool:
    """Return True for the person asked, by link or signed in: only they may ask the city a question."""
    return by.may(Power.ANSWER_INQUIRY, inquiry)


def unexplained_choice_refusal(contact: Contact, best: Contact | None, because: str) -> Refused | None:
    """Return a refusal for a choice of contact that needs a written reason and has none, else None.

    A reason is needed for a contact other than `best`, the contact that routing ranks first among those
    not asked yet (None if no one was ranked), and for a contact who has as many open inquiries as they
    want.
    """
    if because.strip():
        return None
    if contact.open_questions >= contact.task_limit:
        words = _(
            "%(contact)s has reached their maximum number of open requests. Enter the reason for asking "
            "anyway."
        )
    elif best is not None and best != contact:
        words = _("The first suggestion is %(best)s. Explain why you are asking %(contact)s instead.")
    else:
        return None
    return Refused("reason_missing", words % {"contact": contact, "best": best}, field="chosen_because")


def bouncing_contact_refusal(contact: Contact) -> Refused | None:
    """Return a refusal for a contact whose mail is returned, else None."""
    if contact.user.bounced_at is None:
        return None
    words = _(
        "Emails to %(contact)s are being returned. Ask another contact, or ask the office in "
        "%(city)s for a new address. That city or a coordinator can enter it."
    )
    params = {"contact": contact, "city": contact.city.name}
    return Refused("address_returns_mail", words % params, field="contact")


def opted_out_contact_refusal(contact: Contact) -> Refused | None:
    """Return a refusal for a contact who asked not to be written to, else None.

    Such a contact gets no reminder, no new date and no link.
    """
    if not contact.declines_contact:
        return None
    words = _("%(contact)s asked not to receive any more messages. Ask someone else.")
    return not_ready_refusal(words % {"contact": contact}, field="contact")


def unaskable_contact_refusal(city_id: int, contact: Contact) -> Refused | None:
    """Return a refusal for a contact whom the city cannot ask about an offer, else None.

    These are contacts who did not agree to be asked, who want no e-mail, whom the city has stopped asking, or
    whose e-mail bounces.
    """
    if contact.status != Contact.Status.ACTIVE:
        words = _("%(contact)s does not accept inquiries.")
        return Refused("not_asked", words % {"contact": contact}, field="contact")
    return (
        opted_out_contact_refusal(contact)
        or stopped_contact_refusal(city_id, contact)
        or bouncing_contact_refusal(contact)
    )


def stopped_contact_refusal(city_id: int, contact: Contact) -> Refused | None:
    """Return a refusal for a contact to whom this city has stopped its inquiries, else None."""
    if city_id not in contact.stopped_for:
        return None
    words = _("Your city stopped its requests to %(contact)s. Allow them again on the contact’s page first.")
    return not_ready_refusal(words % {"contact": contact}, field="contact")


def unaskable_colleague_refusal(city_id: int, to: Contact) -> Refused | None:
    """Return a refusal for a colleague whom the city may not ask, else None.

    The message does not reveal the reason.
    """
    unknown = to.named_by_other_city and to.introduced_by_id != city_id
    if not unknown and city_id not in to.stopped_for:
        return None
    words = _("%(contact)s does not receive requests through Twinlane. Choose another colleague.")
    return not_ready_refusal(words % {"contact": to}, field="to")


def custom_reminder_texts(**words: str) -> dict[str, str]:
    """Return the custom words of a reminder as its journal entry stores them, without empty ones.

    Refuses a subject or a translation without a message, and a text that is too long.
    """
    given = {name: text.strip() for name, text in words.items() if text.strip()}
    if given and "body" not in given:
        raise Refused("message_empty", _("Enter the message."), field="body")
    for name, text in given.items():
        most = MAX_SUBJECT_LENGTH if name.startswith("subject") else MAX_BODY_LENGTH
        if len(text) > most:
            limit = _("Enter at most %(longest)s characters.")
            raise Refused("too_long", limit % {"longest": most}, field=name)
    return given


def contact_has_no_room_refusal(refused: Refused, contact: Contact, field: str = "") -> Refused:
    """Return the refusal for an actor who cannot give a reason for asking this contact.

    A refusal that asks for such a reason becomes "cannot take another request at present". The actor is a
    partner city that agrees, or a contact who names a colleague. `field` is the form field that names the
    person.
    """
    at = {"field": field} if field else {}
    if refused.code not in ("reason_missing", "asked_elsewhere"):
        return Refused(refused.code, refused.message, **{**refused.details, **at})
    words = _("%(contact)s cannot take another request at present. Try again later, or choose someone else.")
    return Refused("no_room", words % {"contact": contact}, **at)


def partner_city_officers(inquiry: Inquiry) -> QuerySet[User]:
    """Return the active officers of the partner city whose consent is needed."""
    roles = Membership.objects.active().filter(city=inquiry.through_city_id, role=Membership.Role.OFFICER)
    return User.objects.filter(pk__in=roles.values("user"), is_active=True).order_by("pk")


def partner_city_contacts(inquiry: Inquiry) -> QuerySet[Contact]:
    """Return the partner city's reachable contacts who accept inquiries of the asking city."""
    there = Contact.objects.accepting_inquiries().reachable_by_mail().askable_by(inquiry.city)
    return there.filter(city=inquiry.through_city_id).exclude(user=inquiry.contact.user_id)


def has_person_to_consent(inquiry: Inquiry) -> bool:
    """Return True if the partner city has an officer or a contact who could consent."""
    return partner_city_officers(inquiry).exists() or partner_city_contacts(inquiry).exists()


def choose_introducer(inquiry: Inquiry, at: datetime) -> Contact | None:
    """Return the contact who is asked for consent; None if an officer is asked or there is no contact.

    A contact who is not away comes first, then the one with the fewest open inquiries.
    """
    if partner_city_officers(inquiry).exists():
        return None
    there = partner_city_contacts(inquiry).select_related("user", "city").order_by("open_questions", "pk")
    return min(there, key=lambda one: one.is_away(local_day_of(one, at)), default=None)
