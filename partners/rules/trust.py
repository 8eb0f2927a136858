"""What cities may do to each other and to people: the one rule, and the questions other rules ask of it (ADR 92).

What one city does alone changes nothing that another city sees in its own questions, checks, offers, orders and payments; it
proposes, with its name and a reason, and the other accepts. People decide for themselves, their own city corrects what is kept
about them, and any other city acts for its own questions only. Sight of people and power over them in another city follow from an
agreement that both sides or a coordinator have confirmed and that is in force today (held.py reads these).
"""

from partners.models.cities import City
from partners.models.people import Contact, Organisation
from partners.roles import Power
from workflow.actors import Actor


def is_self(by: Actor, contact: Contact) -> bool:
    """The contact, signed in or by their own link: no one agrees for another person."""
    return by.may(Power.ANSWER, contact)


def may_invite(by: Actor, contact: Contact | Organisation) -> bool:
    """Who invites contacts (and enters offices) for this city, or for a city twinned with it."""
    return by.may(Power.INVITE_CONTACT, contact)


def keeps(by: Actor, contact: Contact) -> bool:
    """Who looks after the contacts of the contact's own city, and who coordinates it: no other city, whatever its agreements."""
    return by.may(Power.KEEP_CONTACT, contact)


def sees_details(by: Actor, contact: Contact) -> bool:
    """Who may see a contact's e-mail, phone and WeChat: their own city and they themselves; others once they have agreed, while they
    take questions.
    """
    return contact.status == Contact.Status.ACTIVE or is_self(by, contact) or by.may(Power.SEE, contact)


def may_be_changed(contact: Contact) -> bool:
    """Whether others change anything about a contact: not once they asked for no more mail, for it would not reach them."""
    return contact.status != Contact.Status.STOPPED


def may_correct(by: Actor, contact: Contact) -> bool:
    """The contact, or who looks after the contacts of their city and reads what they would correct."""
    if is_self(by, contact):
        return True
    return may_be_changed(contact) and keeps(by, contact) and sees_details(by, contact)


def may_confirm_place(by: Actor, contact: Contact) -> bool:
    """Those who look after a city's contacts confirm people whom another city named there."""
    return contact.named_elsewhere and keeps(by, contact)


def names_for(by: Actor, city: City) -> int | None:
    """The city, by id, for which a person names a contact in a place: the place itself if they work for it, else their twin of it;
    for a place beyond what they oversee, the province or city that they coordinate.

    None for a coordinator of the place itself and at the server's console: they speak for no one city.
    """
    watched: frozenset[int] = getattr(by, "watches", frozenset())
    # a coordinator comments on nothing of what they oversee
    works_for = by.where(Power.INVITE_CONTACT) - (watched - by.where(Power.COMMENT))
    if city.pk in works_for:
        return city.pk
    ties = getattr(by, "ties", {})
    twin = next((own for own in sorted(works_for) if city.pk in ties.get(own, ())), None)
    if twin is not None or city.pk in watched:
        return twin
    overseen = City.objects.filter(pk__in=watched).order_by("pk")
    whole = overseen.filter(level__in=City.WHOLE_SUBDIVISIONS).values_list("pk", flat=True).first()
    return whole or overseen.values_list("pk", flat=True).first()


def self_or_keeper(by: Actor, contact: Contact) -> bool:
    """The contact, or who looks after the contacts of their city."""
    return is_self(by, contact) or keeps(by, contact)


def may_suggest(by: Actor, contact: Contact) -> bool:
    """A city that may invite contacts there tells them what to change; their own city changes it."""
    return may_invite(by, contact) and not self_or_keeper(by, contact)


def asks(by: Actor, contact: Contact) -> bool:
    """Who asks questions for another city than the contact's own."""
    return bool(by.where(Power.ASK) - {contact.city_id})


def may_let_ask(by: Actor, contact: Contact) -> bool:
    """Who may undo that a city stopped its questions: the contact, and who asks for that city."""
    stopped = frozenset(contact.stopped_for)
    if is_self(by, contact):
        return bool(stopped)
    return may_be_changed(contact) and bool(stopped & by.where(Power.ASK))
