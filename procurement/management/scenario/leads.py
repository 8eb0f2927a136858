"""Seven leads come in: two good makers, a trader, a price too high, a price too low under a borrowed name, a worthless
certificate and a wrong standard. Screening judges each at once; people answer what it found, in writing.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from procurement.catalogue.models.standards import Standard
from procurement.leads.actions import deciding, findings, offers
from procurement.leads.actions.findings import answer_finding
from procurement.management.scenario import companies
from procurement.management.scenario.stage import Stage
from workflow import actions


def answer(stage: Stage, key: str, city: str, contact: str, *, line: int = 1, **facts: Any) -> None:
    """A contact answers their city's question with an offer, by their link."""
    inquiry = stage.inquiries[f"{city}/{contact}"]
    wanted = stage.needs[city].lines.select_related("product").get(position=line)
    person = stage.contacts[contact]
    given: dict[str, Any] = {
        "supplier": stage.suppliers[key],
        "product": wanted.product,
        "declared_use": "medical",
        "stock_place": stage.suppliers[key].address,
        **_terms(facts),
    }
    stage.leads[key] = offers.answer(
        inquiry, author=person.user, by=stage.by_link(contact, inquiry), at=stage.at, line=wanted, **given
    )


def _terms(facts: dict[str, Any]) -> dict[str, Any]:
    """Codes and figures as the model keeps them."""
    read = dict(facts)
    if "standard" in read:
        read["standard"] = Standard.objects.get(code=read["standard"])
    if "unit_price" in read:
        read["unit_price"] = Decimal(read["unit_price"])
        read.setdefault("currency", "USD")
    return read


def zhongshan_answers(stage: Stage) -> None:
    """A good maker in Zhongshan, with a device registration."""
    inquiry = stage.inquiries["burnaby/chen"]
    companies.enter(stage, "maker", "chen", inquiry)
    companies.show(
        stage,
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
    answer(
        stage,
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


def guiyang_gives(stage: Stage) -> None:
    """A maker in Guiyang gives twenty thousand masks."""
    inquiry = stage.inquiries["burnaby/yang"]
    companies.enter(stage, "giver", "yang", inquiry)
    answer(
        stage,
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


def wuhan_answers(stage: Stage) -> None:
    """Wuhan needs its masks itself: what is left costs seven times as much."""
    inquiry = stage.inquiries["markham/zhou"]
    companies.enter(stage, "dear", "zhou", inquiry)
    answer(
        stage,
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


def huaian_answers(stage: Stage) -> None:
    """A maker in Huai'an shows a paper that no authority gives out."""
    inquiry = stage.inquiries["oakville/shen"]
    companies.enter(stage, "paper", "shen", inquiry)
    companies.show(
        stage,
        "paper",
        "US_FDA_REG",
        "3099999999",
        contact="shen",
        inquiry=inquiry,
        issuer="DEMO certification service",
        issued_on=date(2020, 3, 12),
    )
    answer(
        stage,
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


def anyang_answers(stage: Stage) -> None:
    """A maker in Anyang has plain masks, that stop no splash."""
    inquiry = stage.inquiries["lethbridge/guo"]
    companies.enter(stage, "plain", "guo", inquiry)
    answer(
        stage,
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


def zhongshan_names_a_trader(stage: Stage) -> None:
    """The same contact answers once more: respirators, through a trader who has them from a maker."""
    inquiry = stage.inquiries["burnaby/chen"]
    companies.enter(stage, "trader", "chen", inquiry)
    companies.show(
        stage,
        "trader",
        "CN_TEST_CNAS",
        "CNAS L9999",
        standards=("GB2626-2006-KN95",),
        products=("RESP_KN95",),
        contact="chen",
        inquiry=inquiry,
        issued_on=date(2020, 3, 18),
    )
    answer(
        stage,
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


def a_stranger_writes(stage: Stage) -> None:
    """Nobody introduced them: the good maker's phone and nearly its name, half the price of the material, all money first."""
    company = companies.enter(stage, "shadow")
    need = stage.needs["burnaby"]
    wanted = need.lines.select_related("product").get(position=2)
    by, user = stage.by("officer"), stage.staff["officer"]
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
    lead = offers.draft(
        need.city,
        author=user,
        by=by,
        at=stage.at,
        line=wanted,
        supplier=company,
        product=wanted.product,
        declared_use="medical",
        **facts,
    )
    stage.leads["shadow"] = offers.offer(lead, by=by, at=stage.at)


def uphold(stage: Stage, key: str, code: str, officer: str, words: str) -> None:
    """Judge in writing that a finding stands."""
    finding = stage.leads[key].findings.get(code=code)
    findings.uphold(
        finding, answer=words, answered_by=stage.staff[officer], by=stage.by(officer), at=stage.at
    )


def explain(stage: Stage, key: str, code: str, officer: str, words: str) -> None:
    """Explain in writing why a finding is no obstacle."""
    finding = stage.leads[key].findings.get(code=code)
    answer_finding(finding, answer=words, answered_by=stage.staff[officer], by=stage.by(officer), at=stage.at)


def markham_declines(stage: Stage) -> None:
    """Markham finds the price beyond reason, and says so."""
    uphold(
        stage,
        "dear",
        "price_four_times",
        "markham_officer",
        "The maker does not explain it, and Toronto paid a quarter of it this month.",
    )
    deciding.reject(
        stage.leads["dear"],
        reason="Far above what others pay. We thanked Wuhan, who warned us.",
        by=stage.by("markham_officer"),
        at=stage.at,
    )


def lethbridge_upholds(stage: Stage) -> None:
    """Lethbridge keeps the offer in view, for visitors' masks, and says why it does not count."""
    uphold(
        stage,
        "plain",
        "standard_below",
        "lethbridge_officer",
        "The hospital needs splash resistance. These would do for visitors only.",
    )
    actions.comment(
        stage.leads["plain"],
        "Asked Anyang whether the maker also has YY 0469 masks.",
        by=stage.by("lethbridge_officer"),
        at=stage.at,
        language="en",
    )


def burnaby_explains(stage: Stage) -> None:
    """Burnaby answers what screening says of the trader."""
    explain(
        stage,
        "trader",
        "prepayment_high",
        "officer",
        "They accept 30 percent: confirmed by e-mail on 8 April.",
    )
    explain(
        stage, "maker", "price_few", "officer", "Compared by hand with two prices that Toronto published."
    )
    explain(
        stage,
        "maker",
        "certificate_other_standard",
        "officer",
        "The registration is for export. The packs seen on the visit are marked ASTM F2100 Level 2.",
    )


def burnaby_sees_through_it(stage: Stage) -> None:
    """The shadow is held against the maker it borrows from, and turned down."""
    uphold(
        stage,
        "shadow",
        "duplicate_company",
        "officer",
        "Anlan was called on the number we know: they have no such company.",
    )
    uphold(stage, "shadow", "price_under_floor", "officer", "Nobody can make a KN95 for this.")
    deciding.reject(
        stage.leads["shadow"],
        reason="Not the company it pretends to be. Reported to the maker.",
        by=stage.by("officer"),
        at=stage.at,
    )


def oakville_wonders(stage: Stage) -> None:
    """Oakville's officer writes down what is next; the finding stays open."""
    actions.comment(
        stage.leads["paper"],
        "Le « certificat FDA » ne prouve rien. Demandé à Huai’an le rapport d’essai EN 14683.",
        by=stage.by("oakville_officer"),
        at=stage.at,
        language="fr-ca",
    )
