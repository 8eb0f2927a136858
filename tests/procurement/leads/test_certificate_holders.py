"""Tests of the holder of a certificate, compared with the seller and the manufacturer of the offer.

They also cover distribution letters and the province in a certificate's number.
"""

from datetime import timedelta

import pytest

from procurement.leads.actions.findings import answer_finding
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.suppliers.actions.certificates import confirm_certificate, mark_certificate_invalid
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from tests.worlds import cities
from tests.worlds.leads import enter_certificate, findings_by_code, submitted_offer
from tests.worlds.need_to_order import AT

ANLAN = "佛山安澜医疗有限公司"
YESTERDAY = AT.date() - timedelta(days=1)


@pytest.mark.parametrize(
    ("letter", "judged", "counts"),
    [
        ({"holder": ANLAN}, "", True),
        ({"holder": "中山康护用品有限公司", "manufacturer": ANLAN}, "", True),
        ({"manufacturer": ANLAN}, "", True),
        ({"holder": "别的经销商", "manufacturer": ANLAN}, "", False),
        ({"holder": ANLAN, "valid_until": YESTERDAY}, "", False),
        ({"holder": ANLAN}, "altered", False),
    ],
)
def test_distribution_letter_counts_only_while_valid_and_for_the_company_it_names(
    story, letter, judged, counts
):
    correct_supplier(story.supplier, SupplierEdit(role="trader"), by=story.officer.by, at=AT)
    lead = submitted_offer(story)
    enter_certificate(story, kind="US_510K", number="K203161", holder=ANLAN)
    certificate = enter_certificate(story, kind="DIST_LETTER", number="2020-17", **letter)
    if judged:
        who = {"looked_up_by": story.officer.user, "by": story.officer.by, "at": AT}
        mark_certificate_invalid(certificate, judged, reason="the stamp", **who)
    lead.refresh_from_db()
    found = {one.figures.get("holder") for one in [findings_by_code(lead).get("certificate_holder")] if one}
    assert (ANLAN not in found) == counts


@pytest.mark.parametrize(
    ("role", "with_maker", "named", "told"),
    [
        ("maker", False, ANLAN, {"certificate_other_manufacturer", "certificate_province"}),
        ("maker", False, "中山康护用品有限责任公司", {"certificate_province"}),
        ("maker", False, "Foshan Anlan Co., Ltd.", {"certificate_province"}),  # no name in that script
        ("trader", False, ANLAN, set()),  # the manufacturer is not stated
        ("trader", True, ANLAN, {"certificate_province"}),
        ("trader", True, "第三家制造有限公司", {"certificate_other_manufacturer", "certificate_province"}),
    ],
)
def test_maker_and_province_of_a_certificate_are_compared_with_the_offers_maker(
    story, role, with_maker, named, told
):
    correct_supplier(story.supplier, SupplierEdit(role=role), by=story.officer.by, at=AT)
    maker = story.company(f"{ANLAN} DEMO") if with_maker else None
    lead = submitted_offer(story, maker=maker)
    enter_certificate(story, kind="CN_NMPA_REG", number="鄂械注准20202140123", manufacturer=named)
    about = {"certificate_other_manufacturer", "certificate_province"}
    assert about & set(findings_by_code(lead)) == told
    assert cities.city("zhongshan").subdivision == "CN-GD"


@pytest.mark.parametrize("kind", ["EU_PPE_B", "US_510K"])
@pytest.mark.parametrize(
    ("english", "holder", "told"),
    [
        ("", "Zhongshan Kanghu Medical Co., Ltd.", {"certificate_holder_unread"}),
        ("Zhongshan Kanghu Medical", "Zhongshan Kanghu Medical Co., Ltd.", set()),
        ("Zhongshan Kanghu Medical", "Ningbo Haide Safety Co., Ltd.", {"certificate_not_lent"}),
        ("Zhongshan Kanghu Medical", "宁波海德安全用品有限公司", {"certificate_not_lent"}),
        ("", "宁波海德安全用品有限公司", {"certificate_not_lent"}),
        ("", "中山康护用品有限公司", set()),
    ],
)
def test_certificate_holder_is_compared_in_the_same_script_or_its_name_is_asked_for(
    story, kind, english, holder, told
):
    correct_supplier(story.supplier, SupplierEdit(name_en=english), by=story.officer.by, at=AT)
    lead = submitted_offer(story)
    enter_certificate(story, kind=kind, number="0598/PPE/20/0123", holder=holder)
    about = {"certificate_holder", "certificate_not_lent", "certificate_holder_unread", "certificate_makers"}
    assert about & set(findings_by_code(lead)) == told


@pytest.mark.parametrize(
    ("name", "holder", "told"),
    [
        ("한국마스크 DEMO", "Hankuk Mask Co., Ltd.", {"certificate_holder_unread"}),
        ("ООО Маска DEMO", "Maska LLC", {"certificate_holder_unread"}),
        ("Maska LLC DEMO", "Another Maker LLC", {"certificate_not_lent"}),
    ],
)
def test_certificate_holder_in_latin_letters_is_not_compared_with_a_hangul_or_cyrillic_name(
    story, name, holder, told
):
    seller = {"legal_name_local": name, "name_en": "", "country": "KR", "place": None}
    correct_supplier(story.supplier, SupplierEdit(**seller), by=story.officer.by, at=AT)
    lead = submitted_offer(story)
    enter_certificate(story, kind="US_510K", number="K203161", holder=holder)
    about = {"certificate_holder", "certificate_not_lent", "certificate_holder_unread", "certificate_makers"}
    assert about & set(findings_by_code(lead)) == told


def test_finding_on_a_holder_in_another_script_ends_when_the_name_is_recorded(story):
    lead = submitted_offer(story)
    enter_certificate(story, kind="EU_PPE_B", number="0598/PPE/20/0123", holder="Zhongshan Kanghu Medical")
    asked = findings_by_code(lead)["certificate_holder_unread"]
    assert asked.severity == "note"
    who = {"answered_by": story.officer.user, "by": story.officer.by, "at": AT}
    answer_finding(asked, answer="The licence shows both names.", **who)
    assert findings_by_code(lead)["certificate_holder_unread"].status == "explained"
    correct_supplier(
        story.supplier, SupplierEdit(name_en="Zhongshan Kanghu Medical"), by=story.officer.by, at=AT
    )
    assert "certificate_holder_unread" not in findings_by_code(lead)


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("CN_NMPA_REG", "粤械注准20202140123"),
        pytest.param("US_NIOSH", "TC-84A-0007", marks=pytest.mark.every_way),
        pytest.param("EU_PPE_B", "0598/PPE/20/0123", marks=pytest.mark.every_way),
    ],
)
@pytest.mark.parametrize(
    ("role", "letter", "code"),
    [
        ("maker", False, "certificate_not_lent"),
        ("maker", True, "certificate_not_lent"),
        ("trader", False, "certificate_holder"),
        ("trader", True, None),
    ],
)
def test_approval_of_another_maker_blocks_a_maker_and_needs_a_letter_for_a_trader(
    story, kind, number, role, letter, code
):
    correct_supplier(story.supplier, SupplierEdit(role=role), by=story.officer.by, at=AT)
    lead = submitted_offer(story)
    enter_certificate(story, kind=kind, number=number, holder=ANLAN)
    if letter:
        enter_certificate(story, kind="DIST_LETTER", number="2020-17", holder=ANLAN)
    found = findings_by_code(lead)
    assert {"certificate_holder", "certificate_not_lent"} & set(found) - {code} == set()
    if code == "certificate_not_lent":
        words = finding_sentence(code, found[code].figures)
        assert "Ask for a letter in which the holder" not in words
        assert "Check the number with the issuer." in words
        assert "ask for their manufacturer’s own approval" in words


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("US_NIOSH", "TC-84A-0007"),
        pytest.param("CN_NMPA_REG", "粤械注准20202140123", marks=pytest.mark.every_way),
        pytest.param("US_510K", "K203161", marks=pytest.mark.every_way),
    ],
)
@pytest.mark.parametrize(
    ("maker", "english", "holder", "letter", "code"),
    [
        ("惠州美达防护", "Huizhou Meida Safety", "惠州美达防护有限公司", True, None),
        (
            "惠州美达防护",
            "Huizhou Meida Safety",
            "HUIZHOU MEIDA SAFETY CO., LTD.",
            False,
            "certificate_makers",
        ),
        ("惠州美达防护", "Huizhou Meida Safety", "Cedar Respirators Inc.", False, "certificate_not_lent"),
        ("惠州美达防护", "Huizhou Meida Safety", "Cedar Respirators Inc.", True, "certificate_not_lent"),
        (
            "Penang Masks",
            "",
            "佛山安澜医疗有限公司",
            False,
            "certificate_holder",
        ),  # perhaps another name of the manufacturer
        ("惠州美达防护", "", "Cedar Respirators Inc.", False, "certificate_holder"),
        ("惠州美达防护", "", "佛山安澜医疗有限公司", True, "certificate_not_lent"),
    ],
)
def test_trader_showing_an_approval_of_a_maker_it_does_not_name_is_flagged(
    story, kind, number, maker, english, holder, letter, code
):
    seller = {"role": "trader", "name_en": "Harbour Trading"}
    correct_supplier(story.supplier, SupplierEdit(**seller), by=story.officer.by, at=AT)
    named = story.company(f"{maker} DEMO")
    correct_supplier(named, SupplierEdit(name_en=english), by=story.officer.by, at=AT)
    lead = submitted_offer(story, maker=named)
    enter_certificate(story, kind=kind, number=number, holder=holder)
    if letter:
        enter_certificate(story, kind="DIST_LETTER", number="2020-17", holder=holder)
    about = {"certificate_holder", "certificate_not_lent", "certificate_holder_unread", "certificate_makers"}
    assert about & set(findings_by_code(lead)) == ({code} if code else set())


def test_private_label_under_an_approval_is_accepted_once_the_issuer_confirms_it(story):
    lead = submitted_offer(story)
    label = enter_certificate(story, kind="US_NIOSH", number="TC-84A-0007", holder="Anlan Respirators Inc.")
    correct_supplier(story.supplier, SupplierEdit(name_en="Zhongshan Kanghu"), by=story.officer.by, at=AT)
    assert "certificate_not_lent" in findings_by_code(lead)
    who = {"looked_up_by": story.officer.user, "by": story.officer.by, "at": AT}
    confirm_certificate(label, address="https://list.example/1", reason="Among the private labels.", **who)
    assert not {"certificate_not_lent", "certificate_holder_unread"} & set(findings_by_code(lead))
