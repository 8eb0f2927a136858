"""Person who receives the replies to an e-mail, and the footer that names this person. Reads only.

Determined when the e-mail is sent, so that a person who has left is not named.
"""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from partners.cities.models import City
from partners.contacts.models import Contact, Organization
from partners.memberships.models import Invitation, Membership
from procurement.notifications import audiences
from procurement.notifications.audiences import administrators_of, person_unless_left
from procurement.notifications.table_lookup import load_item
from workflow.journal.models import Entry
from workflow.outbox.models import Message


def reply_recipient(thing: Any, reader: User, entry: Entry | None = None) -> User | None:
    """Return the person who answers replies about the item, or None.

    The first of these who can be reached by e-mail and is not the reader: for an invitation or a contact's data,
    the author; the person responsible for the item; the city's administrators; the network coordinators. For a
    person's own account, the administrators of their cities come first.
    """
    looking_after = audiences.administrators(thing) if hasattr(thing, "city_id") else []
    if isinstance(thing, User):
        looking_after = administrators_of(thing)
        known = [*looking_after, *_responsible_people(thing), *audiences.network_coordinators()]
    else:
        known = [
            *_author_of_entry(thing, entry),
            *_responsible_people(thing),
            *looking_after,
            *audiences.network_coordinators(),
        ]
    return next((one for one in known if one.pk != reader.pk and one.can_receive_mail), None)


def reply_address(message: Message) -> tuple[str, str]:
    """Return the reply address of an e-mail, and its footer in the language of the e-mail.

    Both are empty if there is no such person.
    """
    thing = load_item(message.thing_label, message.thing_id)
    if thing is None:
        return "", ""
    return reply_address_about(
        thing, message.recipient, message.language, city_id=message.city_id, entry=message.entry
    )


def reply_address_about(
    thing: Any, reader: User, language: str, *, city_id: int | None, entry: Entry | None = None
) -> tuple[str, str]:
    """Return the reply address and the footer of an e-mail about an item, as `reply_address` does.

    The item may be unsaved, for a preview.
    """
    person = reply_recipient(thing, reader, entry)
    if person is None:
        return "", ""
    with translation.override(language):
        return person.email, _signature(person, thing, city_id, entry)


def _author_of_entry(thing: Any, entry: Entry | None) -> list[User]:
    """Return the author of an invitation or of a change to a contact, while they work there.

    Adds the officers of the city that named the contact.
    """
    if not isinstance(thing, Contact | Invitation):
        return []
    wrote = []
    if entry is not None and entry.by is not None:
        wrote = person_unless_left(entry.by, thing.city_id, *_cities_of_entry(thing, entry))
    return [*wrote, *(audiences.officers_of_nominating_city(thing) if isinstance(thing, Contact) else [])]


def _cities_of_entry(thing: Any, entry: Entry | None) -> list[int | None]:
    """Return the ids of the cities that named a contact or for which an entry about it was written."""
    facts = entry.facts if entry is not None else {}
    return [getattr(thing, "introduced_by_id", None), *facts.get("cities", ())]


def account_reply_address(user: User) -> str:
    """Return the reply address for e-mail about a person's own account, or an empty string."""
    person = reply_recipient(user, user)
    return person.email if person is not None else ""


def _responsible_people(thing: Any) -> list[User]:
    if hasattr(thing, "city_id") or isinstance(thing, User) or hasattr(thing, "user"):
        return list(audiences.responsible_officer(thing))
    return []


def _signature(person: User, thing: Any, city_id: int | None, entry: Entry | None) -> str:
    """Return the signature: name, role, office, city, province, country, phone and email, and who replies."""
    known, city = _name_and_email(person), _city_in_signature(person, thing, city_id, entry)
    lines = [known["name"]] if known["name"] != known["email"] else []
    if city is not None:
        role = Membership.objects.active().filter(user=person, city=city).order_by("pk").first()
        office = Organization.objects.filter(city=city, kind=Organization.Kind.MUNICIPALITY).first()
        place = [city.name, city.subdivision_label, city.country_label]
        lines += [str(role.get_role_display())] if role is not None else []
        lines.append(" · ".join(part for part in [office.name if office else "", *place] if part))
        if office is not None and office.phone:
            lines.append(_("Phone: %(phone)s") % {"phone": office.phone})
    lines.append(known["email"])
    return "\n".join([*lines, "", _("Your reply to this email goes to %(name)s, %(email)s.") % known])


def _city_in_signature(person: User, thing: Any, city_id: int | None, entry: Entry | None) -> City | None:
    """Return the city of the person to show in the footer, or None.

    It is the city of the message if the person works there or for no city. Otherwise it is the city for which
    they named the contact or wrote to them, else the city of their earliest role.
    """
    held = Membership.objects.active().filter(user=person, city__isnull=False)
    cities = {one.city_id: one.city for one in held.select_related("city").order_by("pk")}
    if not cities:
        return City.objects.filter(pk=city_id).first() if city_id else None
    concerned = (city_id, *_cities_of_entry(thing, entry))
    return next((cities[one] for one in concerned if one in cities), next(iter(cities.values())))


def _name_and_email(person: User) -> dict[str, str]:
    return {"name": person.name or person.email, "email": person.email}
