"""Scenario steps: the seven companies, all invented, with their certificates.

Their numbers use region 999999, which does not exist, with a valid check digit.
"""

from datetime import date
from typing import Any

from stdnum.cn import uscc

from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.management.scenario.state import ScenarioState
from procurement.outreach.models.inquiries import Inquiry
from procurement.suppliers.actions.certificates import record_shown_certificate
from procurement.suppliers.actions.suppliers import add_supplier
from procurement.suppliers.models.suppliers import Supplier

# sites end in `.example`; phone numbers have an area code that does not exist
COMPANIES: dict[str, dict[str, Any]] = {
    "maker": {
        "legal_name_local": "中山安澜医疗用品有限公司（DEMO）",
        "name_en": "Zhongshan Anlan Medical Supplies DEMO",
        "role": "maker",
        "city": "zhongshan",
        "founded_on": date(2011, 6, 8),
        "site": "anlan-demo",
        "phone": "+86 000 5550 0101",
        "address": "中山市火炬开发区演示路 1 号（DEMO）",
    },
    "giver": {
        "legal_name_local": "贵阳青岚卫生材料有限公司（DEMO）",
        "name_en": "Guiyang Qinglan Hygiene Materials DEMO",
        "role": "maker",
        "city": "guiyang",
        "founded_on": date(2014, 3, 20),
        "site": "qinglan-demo",
        "phone": "+86 000 5550 0102",
        "address": "贵阳市高新区演示路 2 号（DEMO）",
    },
    "trader": {
        "legal_name_local": "中山远帆进出口贸易有限公司（DEMO）",
        "name_en": "Zhongshan Yuanfan Import and Export DEMO",
        "role": "trader",
        "city": "zhongshan",
        "founded_on": date(2016, 9, 1),
        "site": "yuanfan-demo",
        "phone": "+86 000 5550 0103",
        "referred_by": ["陈晓岚 DEMO", "中山市某商会（DEMO）", "远帆销售经理 DEMO"],
    },
    "dear": {
        "legal_name_local": "武汉江岳防护科技有限公司（DEMO）",
        "name_en": "Wuhan Jiangyue Protective Technology DEMO",
        "role": "maker",
        "city": "wuhan",
        "founded_on": date(2017, 1, 11),
        "site": "jiangyue-demo",
        "phone": "+86 000 5550 0104",
    },
    "shadow": {
        "legal_name_local": "中山安澜医疗用品（DEMO）有限责任公司",
        "name_en": "Anlan Medical Direct DEMO",
        "role": "broker",
        "city": "zhongshan",
        "founded_on": date(2020, 2, 17),
        "site": "anlan-direct-demo",
        "phone": "+86 000 5550 0101",
    },
    "paper": {
        "legal_name_local": "淮安康祺医疗器材有限公司（DEMO）",
        "name_en": "Huai'an Kangqi Medical Devices DEMO",
        "role": "maker",
        "city": "huaian",
        "founded_on": date(2018, 5, 30),
        "site": "kangqi-demo",
        "phone": "+86 000 5550 0106",
    },
    "plain": {
        "legal_name_local": "安阳洁源劳保用品有限公司（DEMO）",
        "name_en": "Anyang Jieyuan Workwear DEMO",
        "role": "maker",
        "city": "anyang",
        "founded_on": date(2009, 10, 12),
        "site": "jieyuan-demo",
        "phone": "+86 000 5550 0107",
    },
    "volunteers": {
        "legal_name_local": "淮安市友城志愿服务协会（DEMO）",
        "name_en": "Huai'an Sister City Volunteers DEMO",
        "role": "",
        "city": "huaian",
        "founded_on": date(2011, 3, 5),
        "site": "huaian-volunteers-demo",
        "phone": "+86 000 5550 0108",
    },
}
SURGICAL_MASK_CODES = ("MASK_SURG",)


def fictitious_company_number(serial: int) -> str:
    """Return a well-formed company number that no company has."""
    stem = f"91999999MADEM{serial:04d}"
    return stem + uscc.calc_check_digit(stem)


def add_company(
    scenario: ScenarioState, key: str, contact: str = "", inquiry: Inquiry | None = None
) -> Supplier:
    """Enter a company: by the contact who answers an inquiry, or by the officer without a contact."""
    facts = dict(COMPANIES[key])
    place, site = scenario.cities[facts.pop("city")], facts.pop("site")
    scenario.suppliers[key] = add_supplier(
        country="CN",
        uscc=fictitious_company_number(list(COMPANIES).index(key) + 1),
        place=place,
        website=f"https://www.{site}.example",
        email=f"sales@{site}.example",
        at=scenario.now,
        **facts,
        **_author_and_actor(scenario, contact, inquiry),
    )
    return scenario.suppliers[key]


def add_certificate(
    scenario: ScenarioState,
    key: str,
    kind: str,
    number: str,
    *,
    standards: tuple[str, ...] = (),
    products: tuple[str, ...] = SURGICAL_MASK_CODES,
    contact: str = "",
    inquiry: Inquiry | None = None,
    **facts: Any,
) -> None:
    """Enter a certificate that the company shows."""
    company = scenario.suppliers[key]
    record_shown_certificate(
        company,
        CertificateType.objects.get(code=kind),
        number=number,
        holder=company.legal_name_local,
        manufacturer=company.legal_name_local,
        standards=list(Standard.objects.filter(code__in=standards)),
        products=list(Product.objects.filter(code__in=products)),
        at=scenario.now,
        **facts,
        **_author_and_actor(scenario, contact, inquiry),
    )


def _author_and_actor(scenario: ScenarioState, contact: str, inquiry: Inquiry | None) -> dict[str, Any]:
    """Return the author and actor: the contact by the inquiry's link, or Burnaby's officer."""
    if not contact:
        return {"entered_by": scenario.staff["officer"], "by": scenario.by("officer")}
    person = scenario.contacts[contact]
    by = scenario.by_link(contact, inquiry)
    return {"entered_by": person.user, "contact": person, "inquiry": inquiry, "by": by}
