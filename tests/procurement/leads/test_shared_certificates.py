"""Tests of a certificate number that two companies show.

The holder gets no finding, a seller must show a letter, and two claims to one certificate block.
"""

import pytest

from procurement.leads.actions.rescreening import rescreen_changed_offers
from procurement.suppliers.actions.certificates import CertificateEdit, amend_certificate, confirm_certificate
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from tests.worlds.leads import enter_certificate, findings_by_code, submitted_offer
from tests.worlds.need_to_order import AT

APPROVALS = [  # the usual run takes one Chinese and one foreign approval
    ("CN_NMPA_REG", "粤械注准20202140123"),
    ("US_510K", "K203161"),
    pytest.param("CN_NMPA_REG", "苏械注准20202140555", marks=pytest.mark.every_way),
    pytest.param("EU_PPE_B", "0598/PPE/20/0123", marks=pytest.mark.every_way),
    pytest.param("CA_MDL", "101234", marks=pytest.mark.every_way),
]


def enter_trader(story, name="香港远洋贸易", **facts):
    company = story.company(f"{name} DEMO")
    return correct_supplier(company, SupplierEdit(role="trader", **facts), by=story.officer.by, at=AT)


def confirm_by_issuer(story, shown):
    who = {"looked_up_by": story.officer.user, "by": story.officer.by, "at": AT}
    confirm_certificate(shown, address="https://register.example/1", reason="It names this company.", **who)


def shared_number_severity(lead):
    """Return the severity of the finding about a number that another company also shows, or None."""
    rescreen_changed_offers(AT)
    found = findings_by_code(lead).get("certificate_elsewhere")
    return found and (found.severity, found.unsure)


@pytest.mark.parametrize(("kind", "number"), APPROVALS)
@pytest.mark.parametrize("own", ["", "中山康护用品有限责任公司"])
def test_holders_own_offer_is_not_flagged_when_others_copy_its_certificate(story, kind, number, own):
    lead = submitted_offer(story)
    enter_certificate(story, kind=kind, number=number, holder=own)
    seller = enter_trader(story)
    enter_certificate(
        story, seller, kind=kind, number=number, holder="中山康护用品有限公司", manufacturer="中山康护"
    )
    enter_certificate(story, enter_trader(story, "温哥华进口"), kind=kind, number=number)
    assert shared_number_severity(lead) is None
    assert lead.blocking_findings == 0


@pytest.mark.parametrize(("kind", "number"), APPROVALS[1:4])
@pytest.mark.parametrize(
    ("holder", "letter", "said"),
    [
        ("中山康护用品有限公司", "", ("warn", "theirs")),
        ("中山康护用品有限公司", "中山康护用品有限公司", ("note", "")),
        ("", "", ("warn", "theirs")),  # the offer names the maker
        ("", "中山康护用品有限公司", ("note", "")),
    ],
)
def test_seller_showing_its_makers_certificate_is_asked_for_a_letter_without_blocking(
    story, kind, number, holder, letter, said
):
    enter_certificate(story, kind=kind, number=number)
    seller = enter_trader(story)
    lead = submitted_offer(story, supplier=seller, maker=story.supplier)
    enter_certificate(story, seller, kind=kind, number=number, holder=holder)
    if letter:
        enter_certificate(story, seller, kind="DIST_LETTER", number="2020-17", holder=letter)
    assert shared_number_severity(lead) == said


@pytest.mark.parametrize(("kind", "number"), APPROVALS)
def test_two_makers_claiming_one_certificate_are_blocked_until_the_issuer_confirms_one(story, kind, number):
    lead = submitted_offer(story)
    mine = enter_certificate(story, kind=kind, number=number, holder="中山康护用品有限公司")
    other = story.company("惠州美达防护 DEMO")
    theirs = submitted_offer(story, supplier=other)
    enter_certificate(story, other, kind=kind, number=number, holder="惠州美达防护")
    assert shared_number_severity(lead) == shared_number_severity(theirs) == ("block", "")
    confirm_by_issuer(story, mine)
    assert shared_number_severity(lead) is None
    assert shared_number_severity(theirs) == ("block", "")


@pytest.mark.parametrize(("kind", "number"), APPROVALS)
@pytest.mark.parametrize("theirs", ["", "惠州美达防护"])
def test_certificate_with_an_unstated_holder_only_warns(story, kind, number, theirs):
    lead = submitted_offer(story)
    mine = enter_certificate(story, kind=kind, number=number)
    other = story.company("惠州美达防护 DEMO")
    their_lead = submitted_offer(story, supplier=other)
    enter_certificate(story, other, kind=kind, number=number, holder=theirs)
    assert shared_number_severity(lead) == shared_number_severity(their_lead) == ("warn", "holder_open")
    confirm_by_issuer(story, mine)
    assert shared_number_severity(lead) is None
    assert shared_number_severity(their_lead) == ("warn", "holder_open")


def test_trader_leaving_the_holder_open_is_not_treated_as_claiming_the_certificate(story):
    kind, number = APPROVALS[0]
    enter_certificate(story, kind=kind, number=number, holder="中山康护用品有限公司")
    seller = enter_trader(story)
    lead = submitted_offer(story, supplier=seller)
    enter_certificate(story, seller, kind=kind, number=number)
    assert shared_number_severity(lead) == ("warn", "holder_open")
    amend_certificate(
        seller.certificates.get(), CertificateEdit(holder="香港远洋贸易"), by=story.officer.by, at=AT
    )
    assert shared_number_severity(lead) == ("block", ""), "it says now that the paper is its own"


def test_most_severe_of_several_shared_certificates_is_reported(story):
    kind, number = APPROVALS[1]
    enter_certificate(
        story, story.company("第三家制造 DEMO"), kind=kind, number=number, holder="中山康护用品有限公司"
    )
    lead = submitted_offer(story)
    enter_certificate(story, kind=kind, number=number)
    assert shared_number_severity(lead) is None
    claims = story.company("第四家制造 DEMO")
    enter_certificate(story, claims, kind=kind, number=number)
    assert shared_number_severity(lead) == ("warn", "holder_open")
    assert findings_by_code(lead)["certificate_elsewhere"].figures["other"] == claims.reference


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("CN_TEST_CNAS", "CNAS L3068"),
        ("CN_TEST_CNAS", "CNAS L0154"),
        ("TEST_ILAC", "A2LA 3072.01"),
        ("EU_PPE_C2", "0598"),
        ("EU_PPE_D", "2834"),
        ("CA_MDEL", "10234"),
        ("CN_USCC", "91330100799655058B"),
        ("US_FDA_REG", "3012345678"),
    ],
)
def test_shared_laboratory_body_or_company_number_is_not_flagged(story, kind, number):
    lead = submitted_offer(story)
    enter_certificate(story, kind=kind, number=number)
    enter_certificate(story, story.company("别的公司 DEMO"), kind=kind, number=number)
    assert shared_number_severity(lead) is None


@pytest.mark.parametrize(
    ("kind", "mine", "theirs", "shared"),
    [
        ("CN_TEST_CNAS", "CNAS L3068 WT-2020-0117", "CNAS L3068, WT-2020-0118", False),
        ("CN_TEST_CNAS", "CNAS L3068 / WT-2020-0117", "CNASL3068 WT 2020 0117", True),
        ("CN_TEST_CNAS", "CNAS L3068 WT-2020-0117", "CNAS L3068", False),
        ("CN_TEST_CNAS", "CNAS L3068 WT-2020-0117", "CNAS L0154 WT-2020-0117", False),
        ("TEST_ILAC", "NLN-TR-20-5512", "NLN-TR-20-5512", True),
        ("TEST_ILAC", "NLN-TR-20-5512", "NLN-TR-20-5513", False),
        ("TEST_ILAC", "A2LA 3072.01 1298334-S01", "A2LA 3072.01 1298334-S01", True),
    ],
)
def test_reports_of_one_laboratory_are_compared_by_report_number(story, kind, mine, theirs, shared):
    lead = submitted_offer(story)
    enter_certificate(story, kind=kind, number=mine)
    enter_certificate(story, story.company("别的公司 DEMO"), kind=kind, number=theirs)
    assert shared_number_severity(lead) == (("warn", "laboratory") if shared else None)


@pytest.mark.parametrize(
    ("number", "asked", "malformed"),
    [
        ("CNAS L3068", True, False),
        ("CNAS L3068 WT-2020-0117", False, False),
        ("CNAS L3068/WT20200117", False, False),
        ("CNAS L306812 WT-2020-0117", False, True),
        ("CNAS 3068", True, True),
    ],
)
def test_report_without_its_own_number_is_asked_for_it(story, number, asked, malformed):
    lead = submitted_offer(story)
    enter_certificate(story, number=number)
    found = findings_by_code(lead)
    assert ("certificate_report_open" in found) == asked
    assert ("certificate_malformed" in found) == malformed


@pytest.mark.parametrize(
    ("kind", "mine", "theirs", "models", "found"),
    [
        ("CN_TEST_CNAS", "CNAS L3068 WT-2020-0117", "CNASL3068 / WT-2020-0117", ("KH-1", "KH-2"), True),
        ("TEST_ILAC", "NLN-TR-20-5512", "nln-tr-20-5512", ("GL-S; GL-M", "GL-XL"), True),
        ("CN_TEST_CNAS", "CNAS L3068 WT-2020-0117", "CNAS L3068 WT-2020-0118", ("KH-1", "KH-2"), False),
        ("CN_TEST_CNAS", "CNAS L3068", "CNAS L3068", ("KH-1", "KH-2"), False),
        ("TEST_ILAC", "NLN-TR-20-5512", "NLN-TR-20-5512", ("KH-1; KH-2", "kh 2"), False),
        ("TEST_ILAC", "NLN-TR-20-5512", "NLN-TR-20-5512", ("KH-1", ""), False),
        ("TEST_ILAC", "NLN-TR-20-5512", "NLN-TR-20-5512", ("", "KH-2"), False),
        ("CN_NMPA_REG", "粤械注准20202140123", "粤械注准20202140123", ("KH-1", "KH-2"), False),
    ],
)
def test_one_test_report_shown_for_two_models_is_flagged(story, kind, mine, theirs, models, found):
    lead = submitted_offer(story)
    enter_certificate(story, kind=kind, number=mine, models_covered=models[0])
    enter_certificate(story, kind=kind, number=theirs, models_covered=models[1])
    rescreen_changed_offers(AT)
    findings = findings_by_code(lead)
    assert ("report_two_models" in findings) == found
    if found:
        assert findings["report_two_models"].severity == "warn"
