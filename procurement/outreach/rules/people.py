"""Who asks, consents and answers, who can be reached, and who is passed over only with a word. Pure."""

from django.utils.translation import gettext_lazy as _

from partners.models.people import Contact
from partners.roles import Power
from procurement.outreach.models import Inquiry
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import not_ready

MOST_SUBJECT, MOST_WORDS = 200, 5000  # characters of a reminder in words of one's own


def may_ask(by: Actor, inquiry: Inquiry) -> bool:
    """Officers of the asking city."""
    return by.may(Power.ASK, inquiry)


def may_consent(by: Actor, inquiry: Inquiry) -> bool:
    """Officers of the partner city through which a second-degree question goes; or its contact who was asked, by their link."""
    if inquiry.through_city is None:
        return False
    return by.may(Power.ASK, inquiry.through_city) or by.may(Power.ANSWER, inquiry.introduction)


def may_answer(by: Actor, inquiry: Inquiry) -> bool:
    """The person who was asked, by their link; or an officer who has their answer by phone."""
    return by.may(Power.ANSWER, inquiry) or by.may(Power.ASK, inquiry)


def needs_a_reason(contact: Contact, best: Contact | None, because: str) -> Refused | None:
    """Who is passed over for whom is written down: asking somebody whom routing does not put first (`best`, of those not asked
    yet; None where nobody was ranked), or who has as many open questions as they want.
    """
    if because.strip():
        return None
    if contact.open_questions >= contact.task_limit:
        words = _("%(contact)s has as many open questions as they want. Say why you ask them all the same.")
    elif best is not None and best != contact:
        words = _("%(best)s is suggested first. Say why you ask %(contact)s instead.")
    else:
        return None
    return Refused("reason_missing", words % {"contact": contact, "best": best}, field="chosen_because")


def reachable(contact: Contact) -> Refused | None:
    """Nothing is sent to an address from which mail comes back."""
    if contact.user.bounced_at is None:
        return None
    words = _(
        "Mail to %(contact)s comes back. Ask another contact, or ask the office in %(city)s for a new address: "
        "that city or a coordinator enters it."
    )
    told = {"contact": contact, "city": contact.city.name}
    return Refused("address_returns_mail", words % told, field="contact")


def leaves_alone(contact: Contact) -> Refused | None:
    """Whoever asked not to be written to gets no reminder, no other day and no link, by whichever way."""
    if not contact.left_alone:
        return None
    words = _("%(contact)s asked not to be written to any more. Ask somebody else.")
    return not_ready(words % {"contact": contact}, field="contact")


def still_asks(city_id: int, contact: Contact) -> Refused | None:
    """A city that stopped its questions to somebody sends none until it allows them again."""
    if city_id not in contact.stopped_for:
        return None
    words = _("Your city stopped its questions to %(contact)s. Allow them again on the contact’s page first.")
    return not_ready(words % {"contact": contact}, field="contact")


def takes_over(city_id: int, to: Contact) -> Refused | None:
    """A colleague takes over who may be asked by the city; why not is told to no one else."""
    unknown = to.named_elsewhere and to.introduced_by_id != city_id
    if not unknown and city_id not in to.stopped_for:
        return None
    words = _("%(contact)s takes no questions here. Choose another colleague.")
    return not_ready(words % {"contact": to}, field="to")


def own_words(**words: str) -> dict[str, str]:
    """The words of a reminder as its entry keeps them: those that were given. Refuses a subject or a translation without a message,
    and what is too long to be read.
    """
    given = {name: text.strip() for name, text in words.items() if text.strip()}
    if given and "body" not in given:
        raise Refused("message_empty", _("Write the message itself as well."), field="body")
    for name, text in given.items():
        most = MOST_SUBJECT if name.startswith("subject") else MOST_WORDS
        if len(text) > most:
            limit = _("At most %(longest)s characters, please.")
            raise Refused("too_long", limit % {"longest": most}, field=name)
    return given


def no_room(refused: Refused, contact: Contact, field: str = "") -> Refused:
    """The same refusal where nobody can write down why they ask all the same: a partner city agrees, a colleague is named.

    It points at the field in which this door names the person.
    """
    at = {"field": field} if field else {}
    if refused.code not in ("reason_missing", "asked_elsewhere"):
        return Refused(refused.code, refused.message, **{**refused.details, **at})
    words = _(
        "%(contact)s has no room for one more question at present. Try again later, or choose somebody else."
    )
    return Refused("no_room", words % {"contact": contact}, **at)
