"""People of the scenario: cities with their limits, staff by role, and contacts who consent by link.

All people are invented: names end in DEMO, addresses in `.example`.
"""

from dataclasses import dataclass
from decimal import Decimal

from accounts.actions.people import add_person
from accounts.actors import CONSOLE
from partners.cities.actions import CityEdit, correct_city
from partners.cities.models import City
from partners.contacts.actions import add_contact, add_deputy, add_organization, confirm_contact
from partners.contacts.models import Contact, Organization
from partners.memberships.actions import grant_role
from partners.memberships.models import Membership
from procurement.management.scenario.state import Stage
from procurement.verification.models import Check
from workflow.person_names import suggest_reading

Role = Membership.Role
CITIES = (
    "burnaby",
    "markham",
    "lethbridge",
    "oakville",
    "zhongshan",
    "wuhan",
    "anyang",
    "huaian",
    "guiyang",
)
COUNTRY = {"burnaby": "ca", "markham": "ca", "lethbridge": "ca", "oakville": "ca"}
LIMITS = {"burnaby": "50000", "markham": "75000", "lethbridge": "25000", "oakville": "50000"}


@dataclass(frozen=True)
class Part:
    """Member of staff in the scenario: key, role, city ("" for the whole network), name and language."""

    key: str
    role: str
    city: str
    name: str
    language: str = "en"


@dataclass(frozen=True)
class Abroad:
    """Contact in the scenario: key, city, name, titles, form of address, possible checks, languages."""

    key: str
    city: str
    name: str
    title: str
    titles: tuple[str, str]  # in English and in French
    address: Contact.Address
    checks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("zh", "en")


STAFF = (
    Part("coordinator", Role.COORDINATOR, "", "Noor Castellan DEMO"),
    Part("administrator", Role.ADMINISTRATOR, "burnaby", "Rowan Ashgrove DEMO"),
    Part("officer", Role.OFFICER, "burnaby", "Avery Lindqvist DEMO"),
    Part("second_officer", Role.OFFICER, "burnaby", "Jules Okonedo DEMO"),
    Part("approver", Role.APPROVER, "burnaby", "Morgan Thistlewood DEMO"),
    Part("verifier", Role.VERIFIER, "burnaby", "Sasha Vandermeer DEMO"),
    Part("logistics", Role.LOGISTICS, "burnaby", "Kit Abernathy DEMO"),
    Part("broker", Role.BROKER, "burnaby", "Quinn Harrowgate DEMO"),
    Part("observer", Role.OBSERVER, "burnaby", "Maëlle Desrosiers-Quint DEMO", "fr-ca"),
    Part("markham_officer", Role.OFFICER, "markham", "Devi Rangarajan-Holt DEMO"),
    Part("markham_approver", Role.APPROVER, "markham", "Ellis Montcrieff DEMO"),
    Part("lethbridge_officer", Role.OFFICER, "lethbridge", "Piper Stonehouse DEMO"),
    Part("lethbridge_approver", Role.APPROVER, "lethbridge", "Toby Greengrass DEMO"),
    Part("oakville_officer", Role.OFFICER, "oakville", "Camille Beausoleil-Roy DEMO", "fr-ca"),
    Part("oakville_approver", Role.APPROVER, "oakville", "Hollis Fairweather DEMO"),
)
EVERY_CHECK = tuple(code for code, _label in Check.by_rule())
MS, MR = Contact.Address.MS, Contact.Address.MR
PROGRAMMES = ("Programme Manager", "Responsable de programme")
EXCHANGES = ("International Exchange Officer", "Agent des échanges internationaux")
SISTER_CITIES = ("Sister City Officer", "Agent des villes jumelées")
SISTER_CITIES_HEAD = ("Sister City Manager", "Responsable des villes jumelées")
INTERPRETER = ("Interpreter", "Interprète")
ABROAD = (
    Abroad("chen", "zhongshan", "陈晓岚 DEMO", "项目主管", PROGRAMMES, MS, EVERY_CHECK),
    Abroad(
        *("liang", "zhongshan", "梁志远 DEMO", "对外交流专员", EXCHANGES, MR),
        (Check.BUSINESS_LICENCE, Check.VISIT),
        ("zh",),
    ),
    Abroad(
        "yang", "guiyang", "杨雨桐 DEMO", "科员", ("Section Officer", "Agente de section"), MS, EVERY_CHECK
    ),
    Abroad(
        *("zhou", "wuhan", "周明轩 DEMO", "副科长", ("Deputy Section Chief", "Chef de section adjoint"), MR),
        (Check.BUSINESS_LICENCE, Check.PRICE),
    ),
    Abroad(
        *("guo", "anyang", "郭思远 DEMO", "友城事务专员", SISTER_CITIES, MR),
        (Check.BUSINESS_LICENCE, Check.VISIT),
    ),
    Abroad("shen", "huaian", "沈若溪 DEMO", "友城事务主管", SISTER_CITIES_HEAD, MS, EVERY_CHECK),
    Abroad("xu", "huaian", "徐子墨 DEMO", "翻译", INTERPRETER, MR, (), ("zh", "en")),
    Abroad("luo", "guiyang", "罗静怡 DEMO", "翻译", INTERPRETER, MS, (Check.BUSINESS_LICENCE,)),
)


def enter(stage: Stage) -> None:
    """Set the approval limits of the cities and appoint their staff."""
    for key in CITIES:
        stage.cities[key] = City.objects.get(slug=f"{key}-{COUNTRY.get(key, 'cn')}")
    for key, limit in LIMITS.items():
        correct_city(
            stage.cities[key],
            CityEdit(currency="CAD", approval_limit=Decimal(limit)),
            by=CONSOLE,
            at=stage.at,
            reason="DEMO: delegation of authority for the practice scenario",
        )
    for part in STAFF:
        _appoint(stage, part)


def _appoint(stage: Stage, part: Part) -> None:
    """Enter a person with their role. Burnaby's administrator, who comes first, appoints its staff."""
    city = stage.cities.get(part.city)
    where = part.city or "network"
    user = add_person(
        email=f"{part.key.removeprefix(f'{part.city}_').replace('_', '.')}@{where}.example",
        name=part.name,
        by=CONSOLE,
        at=stage.at,
        language=part.language,
        time_zone=city.timezone if city else "America/Vancouver",
    )
    named = part.city == "burnaby" and part.role != Role.ADMINISTRATOR
    by = stage.by("administrator") if named else CONSOLE
    grant_role(user, role=part.role, city=city, by=by, at=stage.at)
    stage.staff[part.key] = user


def name_contacts(stage: Stage) -> None:
    """Enter each partner city's foreign affairs office and its contacts, as coordinator.

    Each gets one mail.
    """
    by = stage.by("coordinator")
    for place in dict.fromkeys(person.city for person in ABROAD):
        city = stage.cities[place]
        office = add_organization(
            city,
            kind=Organization.Kind.FOREIGN_AFFAIRS_OFFICE,
            name_en=f"Foreign Affairs Office of {city.name_en} (DEMO)",
            name_fr=f"Bureau des affaires étrangères de {city.name_en} (DEMO)",
            name_local=f"{city.name_local}外事办公室（DEMO）",
            by=by,
            at=stage.at,
        )
        for person in ABROAD:
            if person.city == place:
                stage.contacts[person.key] = _invite(stage, office, person)


def _invite(stage: Stage, office: Organization, person: Abroad) -> Contact:
    reading = suggest_reading(person.name)
    return add_contact(
        office,
        email=f"{person.key}@{person.city}.example",
        name=person.name,
        name_latin=reading.name,
        family_name=reading.family,
        form_of_address=person.address,
        title=person.title,
        title_en=person.titles[0],
        title_fr=person.titles[1],
        phone=f"+86 000 5550 {200 + ABROAD.index(person):04d}",  # an area code that does not exist
        name_order=Contact.NameOrder.FAMILY_FIRST,
        languages=list(person.languages),
        families=["mask", "respirator"],
        checks=list(person.checks),
        by=stage.by("coordinator"),
        at=stage.at,
    )


def agree(stage: Stage) -> None:
    """Record the consent of each contact by link. The two in Zhongshan are each other's deputies."""
    for key, contact in stage.contacts.items():
        confirm_contact(contact, by=stage.by_link(key), at=stage.at)
    add_deputy(stage.contacts["chen"], stage.contacts["liang"], by=stage.by_link("chen"), at=stage.at)
