"""The cast and its world, built only by playing actions: an illegal object cannot be made here.

Cities carry real names where the register needs them; the people and their addresses are fictional (`.example`).
Each stage's module under tests/ adds its own steps on top (`tests/procurement/...`); this one knows cities, people and ties.
"""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from django.db.models import Model

from accounts.actions import people
from accounts.actors import CONSOLE
from accounts.models import User
from partners.actions import register, roles
from partners.actions.people import add_contact, add_organisation, confirm
from partners.actions.register import add_city, record_exchange
from partners.dates import parse
from partners.models.cities import City
from partners.models.people import Contact, Membership, Organisation
from partners.models.ties import Exchange, Twinning
from partners.rules.powers import Powers, powers_by_link, powers_of

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
    """A place of the cast, entered once; an unknown key is entered as a city of that name."""
    known = City.objects.filter(slug=key).first()
    if known is not None:
        return known
    given = {"name_en": key.title(), "country": "CA", "level": "city", **PLACES.get(key, {}), **facts}
    zone = ZONES.get(
        str(given.get("subdivision", "")), "Asia/Shanghai" if given["country"] == "CN" else "America/Toronto"
    )
    money = {"CN": "CNY", "CA": "CAD"}.get(str(given["country"]), "")
    return add_city(slug=key, by=CONSOLE, at=NOW, **{"timezone": zone, "currency": money, **given})


def user(name: str = "", *, language: str = "en", time_zone: str = "UTC") -> User:
    """A person nobody has entered yet."""
    number = next(numbers)
    return people.add(
        email=f"person{number}@cast.example",
        name=name or f"Person {number}",
        language=language,
        time_zone=time_zone,
        by=CONSOLE,
        at=NOW,
    )


def member(role: str, place: City | None = None, name: str = "") -> User:
    """Somebody with a role in a city; a coordinator without a city coordinates the whole network."""
    person = user(name or f"{role.title()} of {place or 'the network'}")
    roles.grant(person, role=role, city=place, by=CONSOLE, at=NOW)
    return person


def powers(role: str, place: City | None = None, via: str = "session") -> Powers:
    """What somebody newly given this role may do: the `by` of an action."""
    return powers_of(member(role, place), via=via)


def powers_for(person: User, via: str = "session") -> Powers:
    """What a person may do now."""
    return powers_of(person, via=via)


def twinning(
    a: str | City,
    b: str | City,
    kind: str = "sister",
    *,
    signed: str = "2011",
    expires: str = "",
    **facts: Any,
) -> Twinning:
    """An agreement of two places of the cast."""
    return register.twin(
        _place(a),
        _place(b),
        kind=kind,
        signed=parse(signed),
        expires=parse(expires),
        by=CONSOLE,
        at=NOW,
        **{"source_url": "https://register.example/agreement", **facts},
    )


def exchange(
    giver: str | City, receiver: str | City, when: str = "2020-02-03", kind: str = "letter", **facts: Any
) -> Exchange:
    """Something that passed between two places of the cast."""
    return record_exchange(
        from_city=_place(giver),
        to_city=_place(receiver),
        when=parse(when),
        kind=kind,
        by=CONSOLE,
        at=NOW,
        **facts,
    )


def organisation(
    place: str | City = "zhongshan", kind: str = "foreign_affairs_office", **facts: Any
) -> Organisation:
    """An office of a city: by default its Foreign Affairs Office, entered once."""
    where = _place(place)
    name = str(facts.pop("name_en", f"{Organisation.Kind(kind).label} of {where.name_en}"))
    known = where.organisations.filter(name_en=name).first()
    return known or add_organisation(where, kind=kind, name_en=name, by=CONSOLE, at=NOW, **facts)


def invited_contact(place: str | City = "zhongshan", name: str = "Li Wei", **facts: Any) -> Contact:
    """Somebody named as a contact who has not agreed yet."""
    number = next(numbers)
    return add_contact(
        organisation(place), email=f"contact{number}@office.example", name=name, by=CONSOLE, at=NOW, **facts
    )


def contact(place: str | City = "zhongshan", name: str = "Li Wei", **facts: Any) -> Contact:
    """Somebody at a partner city's office who has agreed to be asked, by their own link."""
    invited = invited_contact(place, name, **facts)
    return confirm(invited, by=own_link(invited), at=NOW)


def own_link(person: Contact) -> Powers:
    """What a contact may do by the link to their own page."""
    return powers_by_link(person.user, person, None)


def powers_by_link_to(person: Contact, thing: Model) -> Powers:
    """What a contact may do by a link to one thing."""
    return powers_by_link(person.user, person, (thing._meta.label_lower, thing.pk))


def _place(place: str | City) -> City:
    return place if isinstance(place, City) else city(place)
