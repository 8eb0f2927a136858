"""Tests of counterfeit signs: numbers and marks of another place, and words that no genuine certificate contains.

They run through actions on the shipped rows.
"""

import pytest
from django.utils import translation

from procurement.catalogue.number_formats import uscc_fault
from procurement.leads.screening.finding_messages import finding_sentence
from tests.procurement.leads.documented_case_steps import (
    enter_certificate_of,
    enter_maker,
    enter_offer,
    findings_by_code,
)
from tests.worlds import cities

pytestmark = pytest.mark.django_db
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def company_number(region, first="91", rest="MA5XTAMP1"):
    """Return a company number of this region with a correct check digit."""
    stem = f"{first}{region}0100{rest}"[:17].ljust(17, "X")
    return next(stem + last for last in ALPHABET if not uscc_fault(stem + last))


def sentence(finding, language="en"):
    with translation.override(language):
        return finding_sentence(finding.code, finding.figures)


@pytest.mark.parametrize(("region", "called"), [("65", "Xinjiang"), ("11", "Beijing"), ("33", "Zhejiang")])
@pytest.mark.parametrize("product", ["MASK_SURG", "GLOVE_EXAM_NITRILE"])
def test_registration_number_of_another_province_than_the_factory_is_flagged(town, region, called, product):
    works = cities.city("zhongshan")
    company = enter_maker(town, f"粤{region}{product}厂 DEMO", place=works, uscc=company_number(region))
    finding = findings_by_code(enter_offer(town, company, product))["uscc_region"]
    assert finding.severity == "warn"
    words = sentence(finding)
    assert called in words
    assert "Guangdong" in words
    assert words.endswith("Ask for the factory’s own business licence.")


def test_registration_number_of_the_factorys_province_is_not_flagged(town):
    company = enter_maker(
        town, "粤东口罩 DEMO", place=cities.city("zhongshan"), uscc=company_number("44", rest="MB6YUBNQ2")
    )
    assert "uscc_region" not in findings_by_code(enter_offer(town, company, "MASK_SURG"))


def test_head_office_in_another_province_is_accepted_with_the_factorys_own_licence(town):
    company = enter_maker(
        town, "北京总部 DEMO", place=cities.city("zhongshan"), uscc=company_number("11", rest="MC7YUCPR3")
    )
    lead = enter_offer(town, company, "MASK_SURG")
    assert "uscc_region" in findings_by_code(lead)
    enter_certificate_of(town, company, "CN_USCC", company_number("44", rest="MC7YUCPR4"))
    assert "uscc_region" not in findings_by_code(lead)


def test_registration_province_is_not_checked_for_traders_or_companies_without_a_place(town):
    trader = enter_maker(
        town,
        "乌市贸易 DEMO",
        role="trader",
        place=cities.city("zhongshan"),
        uscc=company_number("65", rest="MD8AWDQT5"),
    )
    assert "uscc_region" not in findings_by_code(enter_offer(town, trader, "MASK_SURG"))
    nowhere = enter_maker(town, "无址厂 DEMO", uscc=company_number("65", rest="ME9BXERU6"))
    assert "uscc_region" not in findings_by_code(enter_offer(town, nowhere, "MASK_SURG"))


@pytest.mark.parametrize(
    ("first", "kind", "warned"),
    [("52", "sale", True), ("51", "sale", True), ("52", "donation", False), ("91", "sale", False)],
)
def test_seller_without_a_business_registration_is_flagged_but_a_donor_is_not(town, first, kind, warned):
    company = enter_maker(
        town, f"{first}{kind}会 DEMO", uscc=company_number("44", first=first, rest=f"MF{first}CYF7")
    )
    lead = enter_offer(town, company, "MASK_SURG", kind=kind)
    assert ("uscc_no_business" in findings_by_code(lead)) == warned


@pytest.mark.parametrize(("country", "warned"), [("CN", True), ("VN", True), ("KR", False)])
def test_korean_respirator_mark_is_flagged_for_makers_outside_korea(town, country, warned):
    company = enter_maker(town, f"KF {country} DEMO", country=country)
    findings = findings_by_code(enter_offer(town, company, "RESP_KF94", use="non_medical"))
    assert ("mark_other_country" in findings) == warned
    if warned:
        assert "can use this mark (not confirmed)" in sentence(findings["mark_other_country"])


@pytest.mark.parametrize(
    ("kind", "issuer", "warned"),
    [
        ("EU_DOC_PPE", "Shenzhen Prime Testing Co., Ltd.", True),
        ("EU_MD_DOC", "Global Cert Lab", True),
        ("EU_DOC_PPE", "Suzhou Filter Works Co., Ltd.", False),
        ("EU_DOC_PPE", "苏州过滤器材有限公司", False),  # its own name in another script
        ("EU_DOC_PPE", "", False),
        ("EU_PPE_B", "Global Cert Lab", False),  # a certification body signs these
    ],
)
def test_declaration_of_conformity_not_issued_by_the_maker_is_flagged(town, kind, issuer, warned):
    company = enter_maker(town, "苏州过滤器材有限公司", name_en="Suzhou Filter Works")
    enter_certificate_of(town, company, kind, f"DOC {kind} {issuer}"[:60], issuer=issuer)
    assert ("certificate_declared_by" in findings_by_code(enter_offer(town, company, "RESP_FFP2"))) == warned


@pytest.mark.parametrize(
    ("remark", "flaw"),
    [
        ("KN95 masks, FDA certificate available", "fda"),
        ("FDA-approved, ready to ship", "fda"),
        ("有FDA认证", "fda"),
        ("With CERTIFICATE OF COMPLIANCE from a lab in Italy", "status"),
        ("NIOSH certificate attached", "niosh"),
        ("NIOSCH N95", "niosh"),
        ("FDA 510(k) K200123", None),
        ("Not FDA approved, CE only", None),
        ("NIOSH approved, TC-84A-0007", None),
        ("declaration of conformity of the maker", None),
        ("", None),
    ],
)
def test_suspicious_words_in_a_certificate_are_named(town, remark, flaw):
    company = enter_maker(town, f"词 {remark[:20]} {flaw} DEMO")
    findings = findings_by_code(enter_offer(town, company, "RESP_FFP2", remark=remark))
    assert ("words_of_no_paper" in findings) == bool(flaw)
    if flaw:
        assert findings["words_of_no_paper"].subject == flaw
        assert sentence(findings["words_of_no_paper"]).endswith("Ask for the document itself and check it.")
