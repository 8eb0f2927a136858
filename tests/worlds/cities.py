"""The people, cities and agreements of the tests, made only by actions, so that every object is legal.

Cities carry real names where the register needs them; the people and their addresses are fictional
(`.example`). Modules in the folders of the apps add their own steps (`tests/procurement/...`); this module
makes cities, people and twinning agreements.
"""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.db.models import Model

from accounts.actions.people import add_person
from accounts.actors import CONSOLE_ACTOR
from accounts.models import User
from partners.agreements.actions import add_agreement
from partners.agreements.models import TwinningAgreement
from partners.cities.actions import add_city
from partners.cities.models import City
from partners.contacts.actions import add_contact, add_organization, record_consent
from partners.contacts.models import Contact, Organization
from partners.exchanges.actions import record_exchange
from partners.exchanges.models import Exchange
from partners.memberships.actions import grant_role
from partners.memberships.models import Membership
from partners.partial_dates import parse_partial_date
from partners.permissions.permissions import Permissions, permissions_by_link, permissions_of

NOW = datetime(2020, 4, 16, 16, 0, tzinfo=UTC)  # 09:00 in Vancouver
REAL_NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)

Role = Membership.Role
numbers = count(1)

# key: names, country, subdivision, level, latitude, longitude, time zone
PLACES: dict[str, dict[str, str]] = {
    "burnaby": {"name_en": "Burnaby", "name_zh": "本拿比", "country": "CA", "subdivision": "CA-BC"},
    "markham": {"name_en": "Markham", "name_zh": "万锦", "country": "CA", "subdivision": "CA-ON"},
    "oakville": {"name_en": "Oakville", "name_zh": "奥克维尔", "country": "CA", "subdivision": "CA-ON"},
    "montreal": {
        "name_en": "Montreal",
        "name_fr": "Montréal",
        "name_local": "Montréal",
        "country": "CA",
        "subdivision": "CA-QC",
    },
    "ontario": {"name_en": "Ontario", "country": "CA", "subdivision": "CA-ON", "level": "province"},
    "zhongshan": {
        "name_en": "Zhongshan",
        "name_local": "中山市",
        "name_zh": "中山市",
        "country": "CN",
        "subdivision": "CN-GD",
    },
    "huaian": {
        "name_en": "Huai’an",
        "name_local": "淮安市",
        "name_zh": "淮安市",
        "country": "CN",
        "subdivision": "CN-JS",
    },
    "foshan": {
        "name_en": "Foshan",
        "name_local": "佛山市",
        "name_zh": "佛山市",
        "country": "CN",
        "subdivision": "CN-GD",
    },
    "wuhan": {
        "name_en": "Wuhan",
        "name_local": "武汉市",
        "name_zh": "武汉市",
        "country": "CN",
        "subdivision": "CN-HB",
    },
    "shanghai": {
        "name_en": "Shanghai",
        "name_local": "上海市",
        "name_zh": "上海市",
        "country": "CN",
        "subdivision": "CN-SH",
    },
}
ZONES = {"CA-BC": "America/Vancouver", "CA-ON": "America/Toronto", "CA-QC": "America/Toronto"}


def city(key: str = "burnaby", **facts: Any) -> City:
    """Return a city of the tests, made on first use; an unknown key becomes a city of that name."""
    known = City.objects.filter(slug=key).first()
    if known is not None:
        return known
    given = {"name_en": key.title(), "country": "CA", "level": "city", **PLACES.get(key, {}), **facts}
    zone = ZONES.get(
        str(given.get("subdivision", "")), "Asia/Shanghai" if given["country"] == "CN" else "America/Toronto"
    )
    money = {"CN": "CNY", "CA": "CAD"}.get(str(given["country"]), "")
    added = add_city(slug=key, by=CONSOLE_ACTOR, at=NOW, **{"timezone": zone, "currency": money, **given})
    added.offer_validity_days = None  # most worlds mix the story's day with today: their offers do not end
    added.save(update_fields=["offer_validity_days"])
    return added


def user(name: str = "", *, language: str = "en", time_zone: str = "UTC") -> User:
    """Create a new person without a role."""
    number = next(numbers)
    return add_person(
        email=f"person{number}@cast.example",
        name=name or f"Person {number}",
        language=language,
        time_zone=time_zone,
        by=CONSOLE_ACTOR,
        at=NOW,
    )


def member(role: str, place: City | None = None, name: str = "") -> User:
    """Create a person with a role in a city; a coordinator without a city coordinates the whole network."""
    person = user(name or f"{role.title()} of {place or 'the network'}")
    grant_role(person, role=role, city=place, by=CONSOLE_ACTOR, at=NOW)
    return person


def powers(role: str, place: City | None = None, via: str = "session") -> Permissions:
    """Return the powers of a new person with this role, for the `by` of an action.

    `via` is the way of access: session, token or link.
    """
    return permissions_of(member(role, place), via=via)


def powers_for(person: User, via: str = "session") -> Permissions:
    """Return the present powers of a person."""
    return permissions_of(person, via=via)


def twinning(
    a: str | City,
    b: str | City,
    kind: str = "sister",
    *,
    signed: str = "2011",
    expires: str = "",
    **facts: Any,
) -> TwinningAgreement:
    """Create a twinning agreement between two cities of the tests."""
    return add_agreement(
        _place(a),
        _place(b),
        kind=kind,
        signed=parse_partial_date(signed),
        expires=parse_partial_date(expires),
        by=CONSOLE_ACTOR,
        at=NOW,
        **{"source_url": "https://register.example/agreement", **facts},
    )


def exchange(
    giver: str | City, receiver: str | City, when: str = "2020-02-03", kind: str = "letter", **facts: Any
) -> Exchange:
    """Record an exchange between two cities of the tests."""
    return record_exchange(
        from_city=_place(giver),
        to_city=_place(receiver),
        when=parse_partial_date(when),
        kind=kind,
        by=CONSOLE_ACTOR,
        at=NOW,
        **facts,
    )


def organization(
    place: str | City = "zhongshan", kind: str = "foreign_affairs_office", **facts: Any
) -> Organization:
    """Return an organization of a city, made on first use; by default its Foreign Affairs Office."""
    where = _place(place)
    name = str(facts.pop("name_en", f"{Organization.Kind(kind).label} of {where.name_en}"))
    known = where.organizations.filter(name_en=name).first()
    return known or add_organization(where, kind=kind, name_en=name, by=CONSOLE_ACTOR, at=NOW, **facts)


def invited_contact(place: str | City = "zhongshan", name: str = "Li Wei", **facts: Any) -> Contact:
    """Create a contact who has not yet agreed to be asked."""
    number = next(numbers)
    return add_contact(
        organization(place),
        email=f"contact{number}@office.example",
        name=name,
        by=CONSOLE_ACTOR,
        at=NOW,
        **facts,
    )


def contact(place: str | City = "zhongshan", name: str = "Li Wei", **facts: Any) -> Contact:
    """Create a contact of a partner city who has agreed to be asked, by their own link."""
    invited = invited_contact(place, name, **facts)
    return record_consent(invited, by=own_link(invited), at=NOW)


def own_link(person: Contact) -> Permissions:
    """Return the powers of a contact who uses the link to their own page."""
    return permissions_by_link(person.user, person, None)


def powers_by_link_to(person: Contact, thing: Model) -> Permissions:
    """Return the powers of a contact who uses a link to one object."""
    return permissions_by_link(person.user, person, (thing._meta.label_lower, thing.pk))


def _place(place: str | City) -> City:
    return place if isinstance(place, City) else city(place)
