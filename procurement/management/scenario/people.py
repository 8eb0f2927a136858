"""People of the scenario: cities with their limits, staff by role, and contacts who consent by link.

All people are invented: names end in DEMO, addresses in `.example`.
"""

from dataclasses import dataclass
from decimal import Decimal

from accounts.actions.people import add_person
from accounts.actors import CONSOLE_ACTOR
from partners.cities.actions import CityEdit, correct_city, set_purchase_details
from partners.cities.models import City
from partners.contacts.actions import add_contact, add_deputy, add_organization, record_consent
from partners.contacts.models import Contact, Organization
from partners.memberships.actions import grant_role
from partners.memberships.models import Membership
from procurement.management.scenario.state import ScenarioState
from procurement.verification.models import CheckKind
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
COUNTRY_BY_CITY = {"burnaby": "ca", "markham": "ca", "lethbridge": "ca", "oakville": "ca"}
APPROVAL_LIMITS = {"burnaby": "50000", "markham": "75000", "lethbridge": "25000", "oakville": "50000"}


@dataclass(frozen=True)
class StaffMember:
    """Member of staff in the scenario: key, role, city ("" for the whole network), name and language."""

    key: str
    role: str
    city: str
    name: str
    language: str = "en"


@dataclass(frozen=True)
class ContactPerson:
    """Contact in the scenario: key, city, name, titles, form of address, possible checks, languages."""

    key: str
    city: str
    name: str
    title: str
    titles: tuple[str, str]  # in English and in French
    form_of_address: Contact.FormOfAddress
    possible_checks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("zh", "en")


STAFF = (
    StaffMember("coordinator", Role.COORDINATOR, "", "Noor Castellan DEMO"),
    StaffMember("administrator", Role.ADMINISTRATOR, "burnaby", "Rowan Ashgrove DEMO"),
    StaffMember("officer", Role.OFFICER, "burnaby", "Avery Lindqvist DEMO"),
    StaffMember("second_officer", Role.OFFICER, "burnaby", "Jules Okonedo DEMO"),
    StaffMember("approver", Role.APPROVER, "burnaby", "Morgan Thistlewood DEMO"),
    StaffMember("verifier", Role.VERIFIER, "burnaby", "Sasha Vandermeer DEMO"),
    StaffMember("logistics", Role.LOGISTICS, "burnaby", "Kit Abernathy DEMO"),
    StaffMember("broker", Role.BROKER, "burnaby", "Quinn Harrowgate DEMO"),
    StaffMember("observer", Role.OBSERVER, "burnaby", "Maëlle Desrosiers-Quint DEMO", "fr-ca"),
    StaffMember("markham_officer", Role.OFFICER, "markham", "Devi Rangarajan-Holt DEMO"),
    StaffMember("markham_approver", Role.APPROVER, "markham", "Ellis Montcrieff DEMO"),
    StaffMember("lethbridge_officer", Role.OFFICER, "lethbridge", "Piper Stonehouse DEMO"),
    StaffMember("lethbridge_approver", Role.APPROVER, "lethbridge", "Toby Greengrass DEMO"),
    StaffMember("oakville_officer", Role.OFFICER, "oakville", "Camille Beausoleil-Roy DEMO", "fr-ca"),
    StaffMember("oakville_approver", Role.APPROVER, "oakville", "Hollis Fairweather DEMO"),
)
ALL_CHECK_CODES = tuple(code for code, _label in CheckKind.choices_required_by_rule())
MS, MR = Contact.FormOfAddress.MS, Contact.FormOfAddress.MR
PROGRAMME_MANAGER = ("Programme Manager", "Responsable de programme")
EXCHANGE_OFFICER = ("International Exchange Officer", "Agent des échanges internationaux")
SISTER_CITY_OFFICER = ("Sister City Officer", "Agent des villes jumelées")
SISTER_CITY_MANAGER = ("Sister City Manager", "Responsable des villes jumelées")
INTERPRETER = ("Interpreter", "Interprète")
CONTACTS = (
    ContactPerson("chen", "zhongshan", "陈晓岚 DEMO", "项目主管", PROGRAMME_MANAGER, MS, ALL_CHECK_CODES),
    ContactPerson(
        *("liang", "zhongshan", "梁志远 DEMO", "对外交流专员", EXCHANGE_OFFICER, MR),
        (CheckKind.BUSINESS_LICENCE, CheckKind.VISIT),
        ("zh",),
    ),
    ContactPerson(
        "yang",
        "guiyang",
        "杨雨桐 DEMO",
        "科员",
        ("Section Officer", "Agente de section"),
        MS,
        ALL_CHECK_CODES,
    ),
    ContactPerson(
        *("zhou", "wuhan", "周明轩 DEMO", "副科长", ("Deputy Section Chief", "Chef de section adjoint"), MR),
        (CheckKind.BUSINESS_LICENCE, CheckKind.PRICE_EXPLANATION),
    ),
    ContactPerson(
        *("guo", "anyang", "郭思远 DEMO", "友城事务专员", SISTER_CITY_OFFICER, MR),
        (CheckKind.BUSINESS_LICENCE, CheckKind.VISIT),
    ),
    ContactPerson("shen", "huaian", "沈若溪 DEMO", "友城事务主管", SISTER_CITY_MANAGER, MS, ALL_CHECK_CODES),
    ContactPerson("xu", "huaian", "徐子墨 DEMO", "翻译", INTERPRETER, MR, (), ("zh", "en")),
    ContactPerson("luo", "guiyang", "罗静怡 DEMO", "翻译", INTERPRETER, MS, (CheckKind.BUSINESS_LICENCE,)),
)


PURCHASE_CONDITIONS = (
    "The law of British Columbia applies (DEMO). 适用不列颠哥伦比亚省法律（DEMO）。\n"
    "The City pays by bank transfer only. 买方仅以银行转账方式付款。"
)


def appoint_staff(scenario: ScenarioState) -> None:
    """Set the approval limits of the cities, appoint their staff, and set what Burnaby's purchase orders state."""
    for key in CITIES:
        scenario.cities[key] = City.objects.get(slug=f"{key}-{COUNTRY_BY_CITY.get(key, 'cn')}")
    for key, limit in APPROVAL_LIMITS.items():
        correct_city(
            scenario.cities[key],
            CityEdit(currency="CAD", approval_limit=Decimal(limit)),
            by=CONSOLE_ACTOR,
            at=scenario.now,
            reason="DEMO: delegation of authority for the practice scenario",
        )
    for member in STAFF:
        _appoint(scenario, member)
    set_purchase_details(
        scenario.cities["burnaby"],
        registration_number="DEMO 00000 0000 RM0001",
        purchase_conditions=PURCHASE_CONDITIONS,
        by=scenario.by("administrator"),
        at=scenario.now,
    )


def _appoint(scenario: ScenarioState, member: StaffMember) -> None:
    """Enter a person with their role. Burnaby's administrator, who comes first, appoints its staff."""
    city = scenario.cities.get(member.city)
    where = member.city or "network"
    user = add_person(
        email=f"{member.key.removeprefix(f'{member.city}_').replace('_', '.')}@{where}.example",
        name=member.name,
        by=CONSOLE_ACTOR,
        at=scenario.now,
        language=member.language,
        time_zone=city.timezone if city else "America/Vancouver",
    )
    named = member.city == "burnaby" and member.role != Role.ADMINISTRATOR
    by = scenario.by("administrator") if named else CONSOLE_ACTOR
    grant_role(user, role=member.role, city=city, by=by, at=scenario.now)
    scenario.staff[member.key] = user


def add_contacts(scenario: ScenarioState) -> None:
    """Enter each partner city's foreign affairs office and its contacts, as coordinator.

    Each gets one mail.
    """
    by = scenario.by("coordinator")
    for place in dict.fromkeys(person.city for person in CONTACTS):
        city = scenario.cities[place]
        office = add_organization(
            city,
            kind=Organization.Kind.FOREIGN_AFFAIRS_OFFICE,
            name_en=f"Foreign Affairs Office of {city.name_en} (DEMO)",
            name_fr=f"Bureau des affaires étrangères de {city.name_en} (DEMO)",
            name_local=f"{city.name_local}外事办公室（DEMO）",
            by=by,
            at=scenario.now,
        )
        for person in CONTACTS:
            if person.city == place:
                scenario.contacts[person.key] = _invite(scenario, office, person)


def add_markham_contact(scenario: ScenarioState) -> None:
    """Enter a contact in Markham, whom Burnaby reaches only through Zhongshan, their common partner city."""
    by = scenario.by("coordinator")
    committee = add_organization(
        scenario.cities["markham"],
        kind=Organization.Kind.ASSOCIATION,
        name_en="Markham Sister Cities Committee (DEMO)",
        name_fr="Comité des villes jumelées de Markham (DEMO)",
        by=by,
        at=scenario.now,
    )
    scenario.contacts["whitcombe"] = add_contact(
        committee,
        email="whitcombe@markham.example",
        name="Robin Whitcombe DEMO",
        title="Chair",
        title_fr="Présidence",
        languages=["en"],
        families=["mask"],
        by=by,
        at=scenario.now,
    )


def _invite(scenario: ScenarioState, office: Organization, person: ContactPerson) -> Contact:
    reading = suggest_reading(person.name)
    return add_contact(
        office,
        email=f"{person.key}@{person.city}.example",
        name=person.name,
        name_latin=reading.name,
        family_name=reading.family_name,
        form_of_address=person.form_of_address,
        title=person.title,
        title_en=person.titles[0],
        title_fr=person.titles[1],
        phone=f"+86 000 5550 {200 + CONTACTS.index(person):04d}",  # an area code that does not exist
        name_order=Contact.NameOrder.FAMILY_FIRST,
        languages=list(person.languages),
        families=["mask", "respirator"],
        checks=list(person.possible_checks),
        by=scenario.by("coordinator"),
        at=scenario.now,
    )


def give_consents(scenario: ScenarioState) -> None:
    """Record the consent of each contact by link. The two in Zhongshan are each other's deputies."""
    for key, contact in scenario.contacts.items():
        record_consent(contact, by=scenario.by_link(key), at=scenario.now)
    add_deputy(
        scenario.contacts["chen"], scenario.contacts["liang"], by=scenario.by_link("chen"), at=scenario.now
    )
