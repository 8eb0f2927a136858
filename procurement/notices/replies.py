"""Whom a reply to a mail reaches, and the lines at its foot that say so: person, office, phone, place. Reads only.

Worked out as the mail is sent, so that a person who has left since is named no more.
"""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from partners.models.cities import City
from partners.models.people import Contact, Invitation, Membership, Organisation
from procurement.notices import audiences
from procurement.notices.audiences import unless_left
from procurement.notices.entries import load
from workflow.models.journal import Entry
from workflow.models.post import Message


def answerer(thing: Any, reader: User, entry: Entry | None = None) -> User | None:
    """The person who answers for the thing: of an invitation or a contact's own data who wrote it, else who keeps the thing, else who
    looks after the city's people, else the network's coordinators. For a person's own account those who look after the people of
    their city come first.

    Never the reader, and nobody whose own mail comes back.
    """
    looking_after = audiences.administrators(thing) if hasattr(thing, "city_id") else []
    if isinstance(thing, User):
        looking_after = audiences.looking_after(thing)
        known = [*looking_after, *_keepers(thing), *audiences.overseers()]
    else:
        known = [*_writers(thing, entry), *_keepers(thing), *looking_after, *audiences.overseers()]
    return next((one for one in known if one.pk != reader.pk and one.may_be_written_to), None)


def reply_to(message: Message) -> tuple[str, str]:
    """The address for replies to a mail, and the words at its foot in the mail's language. Both are empty where nobody is known."""
    thing = load(message.thing_label, message.thing_id)
    person = None if thing is None else answerer(thing, message.recipient, message.entry)
    if person is None:
        return "", ""
    with translation.override(message.language):
        return person.email, _foot(person, message)


def _writers(thing: Any, entry: Entry | None) -> list[User]:
    """Who invited, or changed what is kept about a contact: the first to know what the mail is about, while they work there; then their
    colleagues.
    """
    if not isinstance(thing, Contact | Invitation):
        return []
    wrote = []
    if entry is not None and entry.by is not None:
        cities = [thing.city_id, getattr(thing, "introduced_by_id", None), *entry.facts.get("cities", ())]
        wrote = unless_left(entry.by, *cities)
    return [*wrote, *(audiences.introducers(thing) if isinstance(thing, Contact) else [])]


def address_for(user: User) -> str:
    """Where a reply to a mail about a person's own account is read; empty where no address is known."""
    person = answerer(user, user)
    return person.email if person is not None else ""


def _keepers(thing: Any) -> list[User]:
    if hasattr(thing, "city_id") or isinstance(thing, User) or hasattr(thing, "user"):
        return list(audiences.keeper(thing))
    return []


def _foot(person: User, message: Message) -> str:
    lines = [_("Your reply to this mail reaches %(name)s, %(email)s.") % _known(person)]
    city = _city_of(person, message)
    if city is not None:
        office = Organisation.objects.filter(city=city, kind=Organisation.Kind.MUNICIPALITY).first()
        place = [city.name, city.subdivision_label, city.country_label]
        lines.append(" · ".join(part for part in [office.name if office else "", *place] if part))
        if office is not None and office.phone:
            lines.append(_("Phone: %(phone)s") % {"phone": office.phone})
    return "\n".join(lines)


def _city_of(person: User, message: Message) -> City | None:
    """The city the person works for: that of the mail, or another where they work for that one alone."""
    held = Membership.objects.active().filter(user=person, city__isnull=False)
    cities = {one.city_id: one.city for one in held.select_related("city").order_by("-pk")}
    if message.city_id in cities or not cities:
        return City.objects.filter(pk=message.city_id).first() if message.city_id else None
    return list(cities.values())[-1]


def _known(person: User) -> dict[str, str]:
    return {"name": person.name or person.email, "email": person.email}
