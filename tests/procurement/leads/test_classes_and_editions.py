"""Tests of certificates that do not suffice.

They are of a lower device class or to an ended standard, or are entries of an export list that no one looked up.
"""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from procurement.catalogue.models.products import Product
from procurement.leads.actions.findings import rescreen_lead
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.suppliers.actions.register_lookups import record_lookup
from tests.procurement.leads.documented_case_steps import (
    afternoon_of,
    enter_certificate_of,
    enter_maker,
    enter_offer,
    findings_by_code,
    missing_certificate_severities,
)
from tests.worlds import cities
from tests.worlds.need_to_order import AT

pytestmark = pytest.mark.django_db
FILING = "粤深械备20200123号"


def sentence(finding, language="en"):
    with translation.override(language):
        return finding_sentence(finding.code, finding.figures)


@pytest.mark.parametrize(
    ("product", "severity"),
    [
        ("MASK_SURG", "block"),
        ("MASK_MED", "block"),
        ("RESP_GB19083", "block"),
        ("GOWN_SURG", "warn"),  # its class is from memory
        ("GLOVE_SURG", "warn"),
        ("THERMO_IR", "warn"),
        ("TEST_PCR", "warn"),
    ],
)
def test_filing_certificate_is_too_low_for_class_ii_or_iii_devices(town, product, severity):
    company = enter_maker(town, f"深圳备案 {product} DEMO")
    enter_certificate_of(town, company, "CN_NMPA_FILING", FILING)
    finding = findings_by_code(enter_offer(town, company, product))["certificate_too_low"]
    assert finding.severity == severity
    assert finding.unsure == ("" if severity == "block" else "rule")
    words = sentence(finding)
    assert "is for class I devices." in words
    assert words.endswith("ask for their registration certificate.")


@pytest.mark.parametrize(
    "product",
    ["GOWN_ISO_L2", "GOGGLES", "CAP_BOUFFANT", "SHOE_COVER", "GLOVE_EXAM_NITRILE", "FACE_SHIELD", "SWAB_NP"],
)
def test_filing_certificate_is_accepted_for_class_i_devices(town, product):
    company = enter_maker(town, f"一类备案 {product} DEMO")
    enter_certificate_of(town, company, "CN_NMPA_FILING", FILING, products=[product])
    assert not {"certificate_too_low", "certificate_worthless"} & set(
        findings_by_code(enter_offer(town, company, product))
    )


def test_filing_certificate_naming_no_goods_is_ignored_beside_a_registration(town):
    company = enter_maker(town, "两证俱全 DEMO")
    enter_certificate_of(town, company, "CN_NMPA_REG", "粤械注准20202140123")
    enter_certificate_of(town, company, "CN_NMPA_FILING", FILING)
    lead = enter_offer(town, company, "MASK_SURG")
    assert "certificate_too_low" not in findings_by_code(lead)
    enter_certificate_of(town, company, "CN_NMPA_FILING", "粤深械备20200124号", products=["MASK_SURG"])
    assert "certificate_too_low" in findings_by_code(lead), "this one names the masks"


def test_class_ii_registration_is_too_low_for_a_test_kit(town):
    company = enter_maker(town, "杭州试剂 DEMO")
    enter_certificate_of(town, company, "CN_NMPA_REG", "浙械注准20202400123")
    assert findings_by_code(enter_offer(town, company, "TEST_PCR"))["certificate_too_low"].severity == "warn"
    enter_certificate_of(town, company, "CN_NMPA_REG", "国械注准20203400123")
    findings = findings_by_code(enter_offer(town, company, "TEST_RAT"))
    assert "certificate_too_low" not in findings, "one of class III is shown, and neither names its goods"


@pytest.mark.parametrize(
    ("number", "warned"),
    [
        ("新乌械备20200123号", True),
        ("粤深械备20200123号", False),
        ("粤械备20200123", False),
        ("国械备20200123号", False),
    ],
)
def test_province_in_a_filing_number_is_compared_with_the_makers_province(town, number, warned):
    company = enter_maker(town, f"广东护目镜 {number} DEMO", place=cities.city("zhongshan"))
    enter_certificate_of(town, company, "CN_NMPA_FILING", number)
    assert ("certificate_province" in findings_by_code(enter_offer(town, company, "GOGGLES"))) == warned


OLD, NEW = "GB2626-2006-KN95", "GB2626-2019-KN95"


@pytest.mark.parametrize(
    ("day", "standard", "asked", "warned"),
    [
        ((2021, 9, 1), OLD, [OLD], True),
        ((2021, 7, 1), OLD, [OLD, NEW], True),
        ((2022, 3, 4), OLD, [], True),
        ((2021, 6, 30), OLD, [OLD], False),  # its last day
        ((2020, 4, 16), NEW, [OLD], False),  # before it became mandatory
        ((2021, 9, 1), NEW, [OLD], False),
    ],
)
def test_ended_standard_edition_is_reported_with_its_end_date_and_successor(
    town, day, standard, asked, warned
):
    company = enter_maker(town, f"东莞口罩 {day} {standard} DEMO")
    lead = enter_offer(town, company, "RESP_KN95", use="non_medical", standard=standard, asked=asked)
    findings = findings_by_code(lead, afternoon_of(*day))
    assert ("standard_ended" in findings) == warned
    assert "standard_neighbour" not in findings
    assert (lead.meets == "equal") == (not warned or not asked)
    if warned:
        words = sentence(findings["standard_ended"])
        assert words.startswith(
            "GB 2626-2006 KN95 ceased to apply on 2021-06-30 and was replaced by GB 2626-2019 KN95."
        )
        assert "Ask when the goods were made" in words
        assert findings["standard_ended"].severity == "warn"


@pytest.mark.parametrize(("day", "warned"), [((2026, 11, 30), False), ((2026, 12, 1), True)])
def test_old_surgical_mask_standard_is_accepted_until_its_last_day(town, day, warned):
    company = enter_maker(town, f"外科口罩 {day} DEMO")
    lead = enter_offer(town, company, "MASK_SURG", standard="YY0469-2011", asked=["YY0469-2011"])
    assert ("standard_ended" in findings_by_code(lead, afternoon_of(*day))) == warned


def test_report_to_the_offered_standard_edition_is_not_reported_as_another_standard(town):
    company = enter_maker(town, "检测旧版 DEMO")
    enter_certificate_of(town, company, "CN_TEST_CNAS", "CNAS L3068", standards=[OLD])
    lead = enter_offer(town, company, "RESP_KN95", use="non_medical", standard=OLD, asked=[OLD])
    findings = findings_by_code(lead, afternoon_of(2021, 9, 1))
    assert not {"certificate_other_standard", "certificate_not_the_lines"} & set(findings)


def record_export_lookup(town, company, answer, day, **goods):
    if "product" in goods:
        goods["product"] = Product.objects.get(code=goods["product"])
    return record_lookup(
        company,
        "export_list",
        answer=answer,
        since=day if answer == "cut" else None,
        address="https://www.cccmhpie.org.cn.example/list",
        answered_on=day,
        entered_by=town.officer.user,
        by=town.officer.by,
        at=datetime(2020, 5, 20, tzinfo=UTC),
        **goods,
    )


@pytest.mark.parametrize("product", ["MASK_SURG", "COVERALL"])
def test_export_list_entry_counts_only_after_a_register_lookup(town, product):
    may, later = afternoon_of(2020, 5, 10), afternoon_of(2020, 5, 19)
    company = enter_maker(town, f"白名单 {product} DEMO")
    enter_certificate_of(town, company, "CN_WL_MED", "list of 2020-04-30")
    lead = enter_offer(town, company, product)
    assert missing_certificate_severities(lead, may)["CN/CN_NMPA_REG"] == "warn"
    (finding,) = lead.findings.exclude(status="resolved").filter(subject="CN/CN_NMPA_REG")
    assert finding.unsure == "list"
    record_export_lookup(town, company, "listed", may.date())
    assert "CN/CN_NMPA_REG" not in missing_certificate_severities(lead, may)
    assert "CN/CN_NMPA_REG" in missing_certificate_severities(lead, afternoon_of(2020, 5, 9)), (
        "on the day before no one had looked"
    )
    june = afternoon_of(2020, 6, 9)
    assert "CN/CN_NMPA_REG" not in missing_certificate_severities(lead, june), (
        "thirty days later it still counts"
    )
    assert missing_certificate_severities(lead, afternoon_of(2020, 6, 10))["CN/CN_NMPA_REG"] == "warn", (
        "it is to be looked up again"
    )
    record_export_lookup(town, company, "cut", later.date())
    assert "CN/CN_NMPA_REG" in missing_certificate_severities(lead, later)
    bare = enter_offer(town, enter_maker(town, f"无名单 {product} DEMO"), product)
    assert missing_certificate_severities(bare, may)["CN/CN_NMPA_REG"] == "block", "nothing is shown at all"
    assert rescreen_lead(bare, at=AT)


@pytest.mark.parametrize(
    ("answers", "counts"),
    [
        ([("listed", {"product": "MASK_SURG"})], True),
        ([("listed", {"product": "MASK_SURG", "model": "hw-3"})], True),
        ([("listed", {"product": "COVERALL"})], False),
        ([("listed", {"product": "MASK_SURG", "model": "HW-9"})], False),
        ([("listed", {"party": "parent"})], False),
        ([("listed", {}), ("cut", {"product": "COVERALL"})], True),
        ([("listed", {}), ("cut", {"product": "MASK_SURG"})], False),
        ([("listed", {"product": "COVERALL"}), ("not_listed", {})], False),
    ],
)
def test_export_list_entry_counts_only_for_the_goods_looked_up(town, answers, counts):
    company = enter_maker(town, f"名单货物 {answers} DEMO"[:100])
    enter_certificate_of(town, company, "CN_WL_MED", "list of 2020-04-30")
    lead = enter_offer(town, company, "MASK_SURG", model="HW-3")
    for day, (answer, goods) in enumerate(answers, 10):
        record_export_lookup(town, company, answer, afternoon_of(2020, 5, day).date(), **goods)
    assert ("CN/CN_NMPA_REG" not in missing_certificate_severities(lead, afternoon_of(2020, 5, 12))) == counts
