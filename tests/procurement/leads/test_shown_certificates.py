"""Tests of certificates as screening reads them: their holders, numbers and dates."""

from datetime import date

import pytest
from django.utils import translation

from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier
from tests.worlds.leads import enter_certificate, findings_by_code, submitted_offer
from tests.worlds.need_to_order import AT


def test_certificates_for_other_goods_and_for_other_standards_are_distinguished(story):
    lead = submitted_offer(story)
    enter_certificate(story, number="CNAS L0001", products=[Product.objects.get(code="GLOVE_EXAM_NITRILE")])
    found = findings_by_code(lead)
    assert {"certificate_other_product", "certificate_missing"} <= set(found)
    enter_certificate(story, number="CNAS L0002", standards=[Standard.objects.get(code="GB2626-2006-KN95")])
    assert "certificate_other_standard" in findings_by_code(lead)
    enter_certificate(story, number="CNAS L0003", standards=[lead.standard])
    assert [one.subject for one in [findings_by_code(lead)["certificate_other_standard"]]] != ["CE-2020-0003"]


@pytest.mark.parametrize("kind", ["EU_PPE_B", "EU_PPE_C2", "EU_PPE_D"])
@pytest.mark.parametrize(
    ("signed", "warned"), [({}, True), ({"issuer": " "}, True), ({"issuer": "An honest house"}, False)]
)
def test_certificate_without_its_notified_body_is_warned_about(story, kind, signed, warned):
    lead = submitted_offer(story)
    enter_certificate(story, kind=kind, number="0598/PPE/20/0123", **signed)
    found = findings_by_code(lead).get("certificate_unsigned")
    assert (found is not None, found and found.severity) == (warned, "warn" if warned else None)


def test_certificates_without_a_number_are_not_treated_as_identical(story):
    lead = submitted_offer(story)
    enter_certificate(story, number="–")
    enter_certificate(story, story.company("别的公司 DEMO"), number="—")
    assert "certificate_elsewhere" not in findings_by_code(lead)


@pytest.mark.parametrize(
    ("kind", "number", "holders", "severity", "unsure"),
    [
        ("US_510K", "K203161", ("中山康护用品", "别的公司"), "block", ""),
        ("US_510K", "K203161", ("", ""), "warn", "holder_open"),
        ("US_510K", "K203161", ("Kanghu Co., Ltd.", "KANGHU CO LTD"), "warn", "same_holder"),
        ("US_510K", "K203161", ("Kanghu Co., Ltd.", "Another Co., Ltd."), "warn", "holder_open"),
        ("US_NIOSH", "TC-84A-0007", ("", ""), "warn", "maker"),
        ("CN_TEST_CNAS", "CNAS L3068 WT-2020-0117", ("", ""), "warn", "laboratory"),
        ("EU_PPE_D", "0598/PPE/20/0123", ("中山康护用品", "别的公司"), "block", ""),
        ("EU_PPE_D", "0598/PPE/20/0123", ("", ""), "warn", "holder_open"),
    ],
)
def test_shared_certificate_number_blocks_only_where_honest_companies_cannot_share_it(
    story, kind, number, holders, severity, unsure
):
    lead = submitted_offer(story)
    mine, theirs = holders
    enter_certificate(story, kind=kind, number=number, holder=mine)
    other = enter_certificate(story, story.company("别的公司 DEMO"), kind=kind, number=number, holder=theirs)
    found = findings_by_code(lead)["certificate_elsewhere"]
    assert (found.severity, found.unsure) == (severity, unsure)
    assert found.figures["other"] == other.supplier.reference


@pytest.mark.parametrize(
    ("holder", "letter_of", "found"),
    [
        ("", "", False),
        ("中山康护用品有限责任公司", "", False),  # its own name with another legal form
        ("Foshan Anlan Medical Co., Ltd.", "", True),
        ("Foshan Anlan Medical Co., Ltd.", "FOSHAN ANLAN MEDICAL CO LTD", False),
        ("Foshan Anlan Medical Co., Ltd.", "Another Medical Co., Ltd.", True),
    ],
)
def test_certificate_of_another_holder_is_flagged_unless_a_letter_is_shown(story, holder, letter_of, found):
    facts = {"role": "trader", "name_en": "Zhongshan Kanghu"}
    correct_supplier(story.supplier, SupplierEdit(**facts), by=story.officer.by, at=AT)
    lead = submitted_offer(story)
    enter_certificate(story, kind="US_510K", number="K203161", holder=holder)
    if letter_of:
        enter_certificate(story, kind="DIST_LETTER", number="2020-17", holder=letter_of)
    findings = findings_by_code(lead)
    told = [one.figures["holder"] for code, one in findings.items() if code == "certificate_holder"]
    assert (holder in told) == found


@pytest.mark.parametrize(
    ("number", "issued", "founded", "code"),
    [
        ("粤械注准20202140123", date(2020, 4, 18), None, "certificate_future"),
        ("粤械注准20202140123", date(2019, 12, 31), None, "certificate_before_number"),
        ("粤械注准20192140123", date(2019, 3, 1), date(2019, 6, 1), "certificate_before_company"),
        ("粤械注准20192140123", date(2019, 6, 1), date(2019, 6, 1), None),
    ],
)
def test_impossible_certificate_dates_are_flagged(story, number, issued, founded, code):
    lead = submitted_offer(story)
    if founded:
        correct_supplier(story.supplier, SupplierEdit(founded_on=founded), by=story.officer.by, at=AT)
    enter_certificate(story, kind="CN_NMPA_REG", number=number, issued_on=issued)
    impossible = {"certificate_future", "certificate_before_number", "certificate_before_company"}
    assert impossible & set(findings_by_code(lead)) == ({code} if code else set())


def test_malformed_number_without_a_reliable_format_only_warns(story):
    lead = submitted_offer(story)
    enter_certificate(story, kind="US_NIOSH", number="84A-0007")
    found = findings_by_code(lead)["certificate_malformed"]
    assert (found.severity, found.unsure) == ("warn", "form")


@pytest.mark.parametrize(
    ("kind", "number", "severity", "verdict"),
    [
        ("US_NIOSH", "TC84A-43211", "warn", "does not look genuine"),
        ("US_NIOSH", "TC-84A-321", "warn", "does not look genuine"),
        ("CA_IO", "12345", "warn", "does not look genuine"),
        ("US_510K", "K2001234", "block", "cannot be real"),
        ("CN_USCC", "91330100799655058A", "block", "cannot be real"),
    ],
)
def test_certificate_number_is_called_impossible_only_with_a_reliable_format(
    story, kind, number, severity, verdict
):
    enter_certificate(story, kind=kind, number=number)
    found = findings_by_code(submitted_offer(story))["certificate_malformed"]
    assert found.severity == severity
    with translation.override("en"):
        text = finding_sentence(found.code, found.figures)
    assert f"{number} {verdict}:" in text
    assert text.endswith("check it with the issuer.")
    assert (found.unsure == "form") == (severity == "warn")


@pytest.mark.parametrize("number", ["TC84A-4321", "tc 84a 4321", "ＴＣ－84Ａ－4321", "TC–84A–4321"])
def test_other_spelling_of_a_valid_certificate_number_is_accepted(story, number):
    enter_certificate(story, kind="US_NIOSH", number=number)
    assert "certificate_malformed" not in findings_by_code(submitted_offer(story))
