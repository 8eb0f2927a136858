"""Scenario steps: eight offers arrive, are screened, and people answer the findings in writing.

Two are from good manufacturers and one is from a trader. The others have a price that is too high, a price that is
too low (from a stranger under a borrowed name), a worthless certificate, and a wrong standard; an association gives
goods that no one asked for.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.actions.decisions import reject_lead
from procurement.leads.actions.findings import answer_finding, uphold_finding
from procurement.leads.actions.leads import draft_lead, submit_answer, submit_lead
from procurement.leads.models.leads import SupplierLead
from procurement.management.scenario import suppliers
from procurement.management.scenario.state import ScenarioState
from workflow.comments_and_files.actions import add_comment


def answer_with_offer(
    scenario: ScenarioState, key: str, city: str, contact: str, *, line: int = 1, **facts: Any
) -> None:
    """Answer a city's inquiry with an offer, as a contact by link."""
    inquiry = scenario.inquiries[f"{city}/{contact}"]
    wanted = scenario.needs[city].lines.select_related("product").get(position=line)
    person = scenario.contacts[contact]
    given: dict[str, Any] = {
        "supplier": scenario.suppliers[key],
        "product": wanted.product,
        "declared_use": "medical",
        "stock_place": scenario.suppliers[key].address,
        **_terms(facts),
    }
    scenario.leads[key] = submit_answer(
        inquiry,
        author=person.user,
        by=scenario.by_link(contact, inquiry),
        at=scenario.now,
        line=wanted,
        **given,
    )


def _terms(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts with codes and figures converted to model values."""
    read = dict(facts)
    if "standard" in read:
        read["standard"] = Standard.objects.get(code=read["standard"])
    if "unit_price" in read:
        read["unit_price"] = Decimal(read["unit_price"])
        read.setdefault("currency", "USD")
    return read


def zhongshan_offers_masks(scenario: ScenarioState) -> None:
    """Offer masks of a good manufacturer in Zhongshan that has a device registration."""
    inquiry = scenario.inquiries["burnaby/chen"]
    suppliers.add_company(scenario, "maker", "chen", inquiry)
    suppliers.add_certificate(
        scenario,
        "maker",
        "CN_NMPA_REG",
        "粤械注准20202149999",
        standards=("YY0469-2011",),
        contact="chen",
        inquiry=inquiry,
        issuer="DEMO",
        issued_on=date(2020, 2, 20),
        valid_until=date(2025, 2, 19),
    )
    answer_with_offer(
        scenario,
        "maker",
        "burnaby",
        "chen",
        standard="ASTM-F2100-L2",
        stock_quantity=150_000,
        capacity_per_day=60_000,
        ready_on=date(2020, 4, 6),
        available_until=date(2020, 4, 10),
        min_order_quantity=20_000,
        unit_price="0.48",
        incoterm="FCA",
        incoterm_place="Guangzhou",
        prepayment_percent=30,
        payment_terms="预付 30%，余款见单付清",
        sample_available=True,
        air_days=4,
        sea_days=26,
        valid_until=date(2020, 4, 30),
        remark="我办与该厂相识多年，可陪同看货。价格为出厂价。",
    )


def guiyang_offers_donation(scenario: ScenarioState) -> None:
    """Offer a donation of 20,000 masks from a manufacturer in Guiyang."""
    inquiry = scenario.inquiries["burnaby/yang"]
    suppliers.add_company(scenario, "giver", "yang", inquiry)
    answer_with_offer(
        scenario,
        "giver",
        "burnaby",
        "yang",
        kind="donation",
        standard="EN14683-IIR",
        stock_quantity=20_000,
        unit_price="0.40",
        incoterm="DAP",
        incoterm_place="Vancouver",
        valid_until=date(2020, 4, 30),
        remark="企业愿捐赠两万只，聊表心意。",
    )


def wuhan_offers_overpriced(scenario: ScenarioState) -> None:
    """Offer masks at seven times the price: Wuhan needs its masks itself."""
    inquiry = scenario.inquiries["markham/zhou"]
    suppliers.add_company(scenario, "dear", "zhou", inquiry)
    answer_with_offer(
        scenario,
        "dear",
        "markham",
        "zhou",
        standard="EN14683-IIR",
        stock_quantity=80_000,
        unit_price="3.30",
        incoterm="EXW",
        incoterm_place="Wuhan",
        prepayment_percent=50,
        valid_until=date(2020, 4, 5),
        remark="本市需求仍大，价格较高，请贵方自行判断。",
    )


def huaian_offers_false_certificate(scenario: ScenarioState) -> None:
    """Offer masks of a manufacturer in Huai'an with a certificate that no authority issues."""
    inquiry = scenario.inquiries["oakville/shen"]
    suppliers.add_company(scenario, "paper", "shen", inquiry)
    suppliers.add_certificate(
        scenario,
        "paper",
        "US_FDA_REG",
        "3099999999",
        contact="shen",
        inquiry=inquiry,
        issuer="DEMO certification service",
        issued_on=date(2020, 3, 12),
    )
    answer_with_offer(
        scenario,
        "paper",
        "oakville",
        "shen",
        standard="EN14683-IIR",
        stock_quantity=40_000,
        unit_price="0.55",
        incoterm="FOB",
        incoterm_place="Shanghai",
        valid_until=date(2020, 4, 30),
        remark="厂家出示了“FDA注册证书”，我办无法判断其效力。",
    )


def anyang_offers_plain_masks(scenario: ScenarioState) -> None:
    """Offer plain masks without splash resistance from a manufacturer in Anyang."""
    inquiry = scenario.inquiries["lethbridge/guo"]
    suppliers.add_company(scenario, "plain", "guo", inquiry)
    answer_with_offer(
        scenario,
        "plain",
        "lethbridge",
        "guo",
        standard="YYT0969-2013",
        stock_quantity=30_000,
        unit_price="0.26",
        incoterm="EXW",
        incoterm_place="Anyang",
        valid_until=date(2020, 4, 25),
    )


def zhongshan_contact_offers_trader_goods(scenario: ScenarioState) -> None:
    """Offer respirators of a trader, from the same contact in Zhongshan."""
    inquiry = scenario.inquiries["burnaby/chen"]
    suppliers.add_company(scenario, "trader", "chen", inquiry)
    suppliers.add_certificate(
        scenario,
        "trader",
        "CN_TEST_CNAS",
        "CNAS L9999",
        standards=("GB2626-2006-KN95",),
        products=("RESP_KN95",),
        contact="chen",
        inquiry=inquiry,
        issued_on=date(2020, 3, 18),
    )
    answer_with_offer(
        scenario,
        "trader",
        "burnaby",
        "chen",
        line=2,
        standard="GB2626-2006-KN95",
        stock_quantity=40_000,
        unit_price="1.45",
        incoterm="FCA",
        incoterm_place="Guangzhou",
        prepayment_percent=50,
        valid_until=date(2020, 4, 24),
        remark="贸易公司，货在佛山仓库，我办尚未看货。",
    )


def stranger_offers_masks(scenario: ScenarioState) -> None:
    """Enter an unsolicited offer from an unknown company.

    It has the good manufacturer's phone number and almost its name, half the price of the material, and
    asks for full prepayment.
    """
    company = suppliers.add_company(scenario, "shadow")
    need = scenario.needs["burnaby"]
    wanted = need.lines.select_related("product").get(position=2)
    by, user = scenario.by("officer"), scenario.staff["officer"]
    facts = _terms(
        {
            "standard": "GB2626-2006-KN95",
            "stock_quantity": 500_000,
            "unit_price": "0.19",
            "incoterm": "CIF",
            "incoterm_place": "Vancouver",
            "prepayment_percent": 100,
            "valid_until": date(2020, 4, 18),
            "remark": "Came by e-mail, unasked. Says it sells directly for Anlan.",
        }
    )
    lead = draft_lead(
        need.city,
        author=user,
        by=by,
        at=scenario.now,
        line=wanted,
        supplier=company,
        product=wanted.product,
        declared_use="medical",
        **facts,
    )
    scenario.leads["shadow"] = submit_lead(lead, by=by, at=scenario.now)


def uphold_finding_of(scenario: ScenarioState, key: str, code: str, officer: str, words: str) -> None:
    """Confirm in writing that a finding is right."""
    finding = scenario.leads[key].findings.get(code=code)
    uphold_finding(
        finding, answer=words, answered_by=scenario.staff[officer], by=scenario.by(officer), at=scenario.now
    )


def explain_finding(scenario: ScenarioState, key: str, code: str, officer: str, words: str) -> None:
    """Explain in writing why a finding does not speak against the offer."""
    finding = scenario.leads[key].findings.get(code=code)
    answer_finding(
        finding, answer=words, answered_by=scenario.staff[officer], by=scenario.by(officer), at=scenario.now
    )


def markham_rejects_offer(scenario: ScenarioState) -> None:
    """Uphold the finding on the price and reject the offer, for Markham."""
    uphold_finding_of(
        scenario,
        "dear",
        "price_four_times",
        "markham_officer",
        "The maker does not explain it, and Toronto paid a quarter of it this month.",
    )
    reject_lead(
        scenario.leads["dear"],
        reason="Far above what others pay. We thanked Wuhan, who warned us.",
        by=scenario.by("markham_officer"),
        at=scenario.now,
    )


def lethbridge_upholds_finding(scenario: ScenarioState) -> None:
    """Uphold the finding on the standard for Lethbridge, which reserves the offer for visitors' masks."""
    uphold_finding_of(
        scenario,
        "plain",
        "standard_below",
        "lethbridge_officer",
        "The hospital needs splash resistance. These would do for visitors only.",
    )
    add_comment(
        scenario.leads["plain"],
        "Asked Anyang whether the maker also has YY 0469 masks.",
        by=scenario.by("lethbridge_officer"),
        at=scenario.now,
        language="en",
    )


def burnaby_explains_findings(scenario: ScenarioState) -> None:
    """Answer three findings about the trader and the manufacturer, for Burnaby."""
    explain_finding(
        scenario,
        "trader",
        "prepayment_high",
        "officer",
        "They accept 30 percent: confirmed by e-mail on 8 April.",
    )
    explain_finding(
        scenario, "maker", "price_few", "officer", "Compared by hand with two prices that Toronto published."
    )
    explain_finding(
        scenario,
        "maker",
        "certificate_other_standard",
        "officer",
        "The registration is for export. The packs seen on the visit are marked ASTM F2100 Level 2.",
    )


def burnaby_rejects_stranger(scenario: ScenarioState) -> None:
    """Reject the stranger's offer after a comparison with the manufacturer whose name it borrows."""
    uphold_finding_of(
        scenario,
        "shadow",
        "duplicate_company",
        "officer",
        "Anlan was called on the number we know: they have no such company.",
    )
    uphold_finding_of(
        scenario, "shadow", "price_under_floor", "officer", "No manufacturer can make a KN95 at this price."
    )
    reject_lead(
        scenario.leads["shadow"],
        reason="Not the company it pretends to be. Reported to the maker.",
        by=scenario.by("officer"),
        at=scenario.now,
    )


def oakville_comments(scenario: ScenarioState) -> None:
    """Comment on the next step for Oakville. The finding stays open."""
    add_comment(
        scenario.leads["paper"],
        "Le « certificat FDA » ne prouve rien. Demandé à Huai’an le rapport d’essai EN 14683.",
        by=scenario.by("oakville_officer"),
        at=scenario.now,
        language="fr-ca",
    )


def huaian_offers_donation_unasked(scenario: ScenarioState) -> None:
    """Offer Oakville face shields as a donation, which no inquiry asked for."""
    contact = scenario.contacts["shen"]
    by = scenario.by_link("shen", contact)
    lead = draft_lead(
        scenario.cities["oakville"],
        author=contact.user,
        contact=contact,
        supplier=suppliers.add_company(scenario, "volunteers", "shen"),
        product=Product.objects.get(code="FACE_SHIELD"),
        kind=SupplierLead.Kind.DONATION,
        stock_quantity=2_000,
        remark="协会会员捐赠，全新未拆封，可随时发运。",
        by=by,
        at=scenario.now,
    )
    scenario.leads["volunteers"] = submit_lead(lead, by=by, at=scenario.now)
