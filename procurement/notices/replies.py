"""Whom a reply to a mail reaches, and the lines at its foot that say so: person, office, phone, place. Reads only.

Worked out as the mail is sent, so that a person who has left since is named no more.
"""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from partners.models import City, Organisation
from procurement.notices import audiences
from procurement.notices.entries import load
from workflow.models import Message


def answerer(thing: Any, reader: User) -> User | None:
    """The person who answers for the thing: who keeps it, else who looks after the city's people, else the network's coordinators.

    Never the reader, and nobody whose own mail comes back.
    """
    looking_after = audiences.administrators(thing) if hasattr(thing, "city_id") else []
    known = [*_keepers(thing), *looking_after, *audiences.overseers()]
    return next((one for one in known if one.pk != reader.pk and one.may_be_written_to), None)


def reply_to(message: Message) -> tuple[str, str]:
    """The address for replies to a mail, and the words at its foot in the mail's language. Both are empty where nobody is known."""
    thing = load(message.thing_label, message.thing_id)
    person = None if thing is None else answerer(thing, message.recipient)
    if person is None:
        return "", ""
    with translation.override(message.language):
        return person.email, _foot(person, message)


def _keepers(thing: Any) -> list[User]:
    if hasattr(thing, "city_id") or isinstance(thing, User) or hasattr(thing, "user"):
        return list(audiences.keeper(thing))
    return []


def _foot(person: User, message: Message) -> str:
    lines = [_("Your reply to this mail reaches %(name)s, %(email)s.") % _known(person)]
    city = City.objects.filter(pk=message.city_id).first() if message.city_id else None
    if city is not None:
        office = Organisation.objects.filter(city=city, kind=Organisation.Kind.MUNICIPALITY).first()
        place = [city.name, city.subdivision_label, city.country_label]
        lines.append(" · ".join(part for part in [office.name if office else "", *place] if part))
        if office is not None and office.phone:
            lines.append(_("Phone: %(phone)s") % {"phone": office.phone})
    return "\n".join(lines)


def _known(person: User) -> dict[str, str]:
    return {"name": person.name or person.email, "email": person.email}
