"""Fraud cases of 2020 that a certificate reveals: numbers 2, 12 to 15, 17 and 20 of docs/fraud_cases.md.

The tests enter each case by actions, on the reference data delivered with the product. Each case has two variants
with other companies, goods and numbers, and near misses without a finding.
"""

from datetime import date

import pytest
from django.utils import translation

from partners.cities.models import City
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.suppliers.actions.certificates import mark_certificate_invalid
from procurement.suppliers.actions.register_lookups import record_lookup
from tests.procurement.leads.documented_case_steps import (
    afternoon_of,
    enter_certificate_of,
    enter_maker,
    enter_offer,
    findings_by_code,
    missing_certificate_severities,
)
from tests.worlds.need_to_order import AT

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("papers-of-cases")]


@pytest.mark.parametrize(
    ("name", "product", "shown"),
    [
        ("深圳快检生物科技有限公司 DEMO", "TEST_RAT", ("EU_MD_DOC", "–")),
        ("苏州蓝衣防护服有限公司 DEMO", "COVERALL", ("EU_PPE_B", "0370/PPE/20/0123")),
        ("福州测温仪器有限公司 DEMO", "THERMO_IR", ("ISO_13485", "Q5 20 03 0001")),
    ],
)
def test_case_02_foreign_approval_does_not_replace_a_chinese_export_registration(town, name, product, shown):
    company = enter_maker(town, name)
    enter_certificate_of(town, company, *shown, products=[product])
    lead = enter_offer(town, company, product)
    assert missing_certificate_severities(lead)["CN/CN_NMPA_REG"] == "block"
    finding = lead.findings.exclude(status="resolved").get(subject="CN/CN_NMPA_REG")
    with translation.override("en"):
        text = finding_sentence(finding.code, finding.figures)
    assert text.startswith("Missing (China): NMPA medical device registration")
    assert "1 April 2020" in text
    assert finding.source.startswith("http")


def test_case_02_chinese_registration_or_export_list_entry_suffices_from_its_date(town):
    company = enter_maker(town, "无锡康测生物有限公司 DEMO")
    lead = enter_offer(town, company, "TEST_RAT")
    assert missing_certificate_severities(lead, afternoon_of(2020, 3, 31)).get("CN/CN_NMPA_REG") is None
    assert missing_certificate_severities(lead) == {"CN/CN_NMPA_REG": "block", "CA/CA_IO": "warn"}
    listed = enter_certificate_of(town, company, "CN_WL_MED", "list of 2020-04-30")
    assert "CN/CN_NMPA_REG" in missing_certificate_severities(lead, afternoon_of(2020, 4, 25))
    assert missing_certificate_severities(lead, afternoon_of(2020, 4, 26))["CN/CN_NMPA_REG"] == "warn", (
        "no one has looked the list up"
    )
    record_lookup(
        company,
        "export_list",
        answer="listed",
        address="https://www.cccmhpie.org.cn.example/list",
        answered_on=AT.date(),
        entered_by=town.officer.user,
        by=town.officer.by,
        at=AT,
    )
    assert "CN/CN_NMPA_REG" not in missing_certificate_severities(lead, afternoon_of(2020, 4, 26))
    who = {"looked_up_by": town.officer.user, "by": town.officer.by, "at": AT}
    mark_certificate_invalid(listed, "altered", reason="not on it", **who)
    assert "CN/CN_NMPA_REG" in missing_certificate_severities(lead, afternoon_of(2020, 4, 26))
    enter_certificate_of(town, company, "CN_NMPA_REG", "苏械注准20203400123", valid_until=date(2020, 12, 31))
    assert "CN/CN_NMPA_REG" not in missing_certificate_severities(lead, afternoon_of(2020, 4, 26))
    assert "CN/CN_NMPA_REG" in missing_certificate_severities(lead, afternoon_of(2021, 1, 1)), (
        "one that has ended was not shown"
    )


def test_case_02_goods_made_elsewhere_or_for_non_medical_use_need_no_chinese_registration(town):
    korean = enter_maker(town, "대한마스크 DEMO", country="KR")
    assert missing_certificate_severities(enter_offer(town, korean, "MASK_SURG")) == {}
    civil = enter_maker(town, "泉州民用口罩有限公司 DEMO")
    assert missing_certificate_severities(enter_offer(town, civil, "MASK_SURG", use="non_medical")) == {}
    trader = enter_maker(town, "多伦多贸易公司 DEMO", country="CA", role="trader")
    lead = enter_offer(town, trader, "MASK_SURG", maker=civil)
    assert missing_certificate_severities(lead) == {"CN/CN_NMPA_REG": "block"}, (
        "the maker’s market counts, not the trader’s"
    )


def test_case_02_buyer_in_the_eu_needs_type_examination_and_declaration_of_conformity(town):
    company = enter_maker(town, "青岛滤材有限公司 DEMO")
    lead = enter_offer(town, company, "RESP_FFP2")
    City.objects.filter(pk=lead.city_id).update(country="FR")
    lead.refresh_from_db()
    assert set(missing_certificate_severities(lead)) == {"EU/EU_PPE_B", "EU/EU_DOC_PPE"}
    enter_certificate_of(town, company, "EU_PPE_B", "0370/PPE/20/0009", body="0370", module="B")
    assert set(missing_certificate_severities(lead)) == {"EU/EU_DOC_PPE"}
    enter_certificate_of(town, company, "EU_DOC_PPE", "2020-17")
    assert missing_certificate_severities(lead) == {}


def test_laboratory_accredited_in_china_counts_as_accredited(town):
    company = enter_maker(town, "东莞滤芯有限公司 DEMO")
    lead = enter_offer(town, company, "RESP_KN95")
    at = afternoon_of(2020, 5, 7)
    assert missing_certificate_severities(lead) == {}
    assert missing_certificate_severities(lead, at) == {"CA/TEST_ILAC": "block"}
    enter_certificate_of(town, company, "CN_TEST_CNAS", "CNAS L3068")
    assert missing_certificate_severities(lead, at) == {}


@pytest.mark.parametrize(
    ("name", "product", "number"),
    [
        ("上海滤盾有限公司 DEMO", "RESP_KN95", "EUA200123"),
        ("广州呼吸防护有限公司 DEMO", "RESP_KN95", "EUA200456"),
        ("Hanoi Loc Khi DEMO", "RESP_FFP2", "EUA200789"),
    ],
)
def test_case_12_fda_emergency_authorization_counts_until_revoked(town, name, product, number):
    company = enter_maker(town, name)
    enter_certificate_of(town, company, "US_EUA", number)
    lead = enter_offer(town, company, product)
    assert "certificate_worthless" not in findings_by_code(lead, afternoon_of(2021, 6, 30))
    late = findings_by_code(lead, afternoon_of(2021, 7, 1))["certificate_worthless"]
    assert (late.severity, late.source[:4]) == ("block", "http")


@pytest.mark.parametrize(
    ("ready", "travel", "ends", "code"),
    [
        (date(2020, 4, 30), {"air_days": 4}, date(2020, 5, 3), "certificate_expired"),
        (date(2020, 4, 30), {"air_days": 4}, date(2020, 5, 4), None),
        (date(2020, 4, 30), {}, date(2020, 5, 8), "certificate_ends_on_the_way"),
        (date(2020, 4, 30), {}, date(2020, 5, 9), None),
        (date(2020, 4, 30), {}, None, "certificate_no_end"),
    ],
)
def test_case_12_certificate_ending_before_arrival_is_flagged(town, ready, travel, ends, code):
    company = enter_maker(town, f"中山到期有限公司 {ready} {ends} {len(travel)} DEMO")
    enter_certificate_of(town, company, "CN_NMPA_REG", "粤械注准20202140555", valid_until=ends)
    lead = enter_offer(town, company, "MASK_SURG", ready_on=ready, **travel)
    told = {
        "certificate_expired",
        "certificate_ends_on_the_way",
        "certificate_no_end",
        "certificate_long_ago",
    }
    findings = findings_by_code(lead)
    assert told & set(findings) == ({code} if code else set())
    if code == "certificate_ends_on_the_way":
        with translation.override("en"):
            assert "with the usual 9 days by air" in finding_sentence(code, findings[code].figures)


def test_no_travel_time_is_added_within_one_country(town):
    company = enter_maker(town, "Burnaby Masks DEMO", country="CA")
    enter_certificate_of(town, company, "ISO_13485", "Q5 1", valid_until=date(2020, 4, 17))
    lead = enter_offer(town, company, "MASK_SURG")
    assert not {"certificate_expired", "certificate_ends_on_the_way"} & set(findings_by_code(lead))


@pytest.mark.parametrize(
    ("name", "country", "product", "number"),
    [
        ("淮安认证制品有限公司 DEMO", "CN", "MASK_SURG", "3099999999"),
        ("温州注册医疗有限公司 DEMO", "CN", "GOWN_ISO_L3", "D123456"),
        ("Busan Gloves DEMO", "KR", "GLOVE_EXAM_NITRILE", "3012345678"),
    ],
)
def test_case_13_fda_registration_certificate_is_worthless(town, name, country, product, number):
    company = enter_maker(town, name, country=country)
    enter_certificate_of(town, company, "US_FDA_REG", number)
    assert findings_by_code(enter_offer(town, company, product))["certificate_worthless"].severity == "block"


def test_case_13_fda_510k_clearance_is_accepted(town):
    company = enter_maker(town, "宁波正规医疗有限公司 DEMO")
    enter_certificate_of(town, company, "US_510K", "K203161")
    assert not {"certificate_worthless", "certificate_malformed"} & set(
        findings_by_code(enter_offer(town, company, "MASK_SURG"))
    )


@pytest.mark.parametrize(
    ("kind", "issuer", "code"),
    [
        ("EU_VOLUNTARY", "ICR Polska Sp. z o.o.", "certificate_worthless"),
        ("EU_PPE_B", "CELAB S.r.l.", "certificate_body"),
        ("EU_PPE_B", "Shenzhen HTT Technology Co., Ltd.", "certificate_body"),
    ],
)
def test_case_14_voluntary_certificate_is_worthless_by_kind_or_letterhead(town, kind, issuer, code):
    company = enter_maker(town, f"义乌自愿认证有限公司 {issuer} DEMO")
    enter_certificate_of(town, company, kind, "0P200325.HKTUD01", issuer=issuer)
    one = findings_by_code(enter_offer(town, company, "RESP_FFP2"))[code]
    assert (one.severity, bool(one.source)) == ("block", True)


def test_case_14_certification_body_with_a_similar_name_is_not_blocked(town):
    company = enter_maker(town, "嘉兴诚信认证有限公司 DEMO")
    enter_certificate_of(
        town, company, "EU_PPE_B", "1023/PPE/20/1", issuer="Institut pro testování a certifikaci (ITC)"
    )
    assert "certificate_body" not in findings_by_code(enter_offer(town, company, "RESP_FFP2"))


@pytest.mark.parametrize(
    ("name", "number", "issued", "code", "severity"),
    [
        ("绍兴通用认证有限公司 DEMO", "2163-PPE-1180", date(2021, 5, 31), "certificate_body", "block"),
        ("湖州过滤有限公司 DEMO", "2163-PPE-0907", date(2021, 9, 1), "certificate_body", "block"),
        ("Izmir Maske DEMO", "2163-PPE-0042", date(2021, 6, 1), "certificate_body", "block"),
        ("徐州面罩有限公司 DEMO", "2163-PPE-0011", date(2021, 5, 30), "certificate_body_watched", "warn"),
    ],
)
def test_case_15_certificates_of_body_2163_are_watched_and_later_blocked(
    town, name, number, issued, code, severity
):
    company = enter_maker(town, name)
    enter_certificate_of(town, company, "EU_PPE_B", number, body="2163", module="B", issued_on=issued)
    findings = findings_by_code(enter_offer(town, company, "RESP_FFP2"), afternoon_of(2021, 10, 1))
    assert {"certificate_body", "certificate_body_watched"} & set(findings) == {code}
    assert findings[code].severity == severity
    assert "2163" in findings[code].figures["body"]


def test_case_15_certificate_of_a_listed_body_is_not_flagged(town):
    company = enter_maker(town, "江阴名录有限公司 DEMO")
    enter_certificate_of(
        town, company, "EU_PPE_B", "0370-4179", body="0370", module="B", issued_on=date(2020, 3, 1)
    )
    enter_certificate_of(
        town, company, "EU_PPE_D", "0370", body="0370", module="D", issued_on=date(2020, 3, 1)
    )
    lead = enter_offer(town, company, "RESP_FFP2")
    suspect = {
        "certificate_body",
        "certificate_body_watched",
        "certificate_two_bodies",
        "certificate_modules",
    }
    assert not suspect & set(findings_by_code(lead))
    enter_certificate_of(
        town, company, "EU_PPE_C2", "2233", body="2233", module="C2", issued_on=date(2020, 3, 1)
    )
    assert not suspect & set(findings_by_code(lead)), (
        "one of two that watch the making is the body of the design"
    )


def test_case_15_production_control_by_another_body_is_warned_about(town):
    company = enter_maker(town, "昆山双证有限公司 DEMO")
    enter_certificate_of(
        town, company, "EU_PPE_B", "0370-4180", body="0370", module="B", issued_on=date(2020, 3, 1)
    )
    enter_certificate_of(
        town, company, "EU_PPE_C2", "2233", body="2233", module="C2", issued_on=date(2020, 3, 1)
    )
    one = findings_by_code(enter_offer(town, company, "RESP_FFP2"))["certificate_two_bodies"]
    assert one.severity == "warn"
    assert (len(one.figures["designed"]), len(one.figures["made"])) == (1, 1)


@pytest.mark.parametrize(
    ("product", "paper", "asked", "severity"),
    [
        ("MASK_SURG", "YYT0969-2013", "ASTM-F2100-L2", "block"),
        ("MASK_SURG", "YYT0969-2013", "ASTM-F2100-L3", "block"),
        ("RESP_KN95", "GB2626-2006-KN95", "NIOSH-N95", "warn"),
    ],
)
def test_case_17_certificate_of_another_standard_than_the_line_is_flagged(
    town, product, paper, asked, severity
):
    company = enter_maker(town, f"伦敦投资 {product} {asked} DEMO", role="trader")
    kind = "CN_TEST_CNAS"
    enter_certificate_of(town, company, kind, "CNAS L0001", standards=[paper])
    lead = enter_offer(town, company, product, asked=[asked])
    one = findings_by_code(lead)["certificate_not_the_lines"]
    assert one.severity == severity
    assert one.source
    enter_certificate_of(town, company, kind, "CNAS L0002", standards=[paper, asked])
    subjects = {one.subject for one in lead.findings.filter(code="certificate_not_the_lines")}
    assert len(subjects) == 1, "a paper that names the line’s own standard too is left alone"


def test_case_17_certificate_of_offered_lower_standard_is_reported_by_standard_rule_only(town):
    company = enter_maker(town, "明说标准有限公司 DEMO")
    enter_certificate_of(town, company, "CN_TEST_CNAS", "CNAS L0003", standards=["YYT0969-2013"])
    lead = enter_offer(town, company, "MASK_SURG", asked=["ASTM-F2100-L2"], standard="YYT0969-2013")
    findings = findings_by_code(lead)
    assert findings["standard_below"].severity == "block"
    assert not {"certificate_not_the_lines", "certificate_other_standard"} & set(findings)


@pytest.mark.parametrize(
    ("name", "number"),
    [("Shanghai Dasheng lookalike DEMO", "NIOSH N95"), ("仿冒厂 DEMO", "N95"), ("三M授权 DEMO", "NIOSH")],
)
def test_case_20_n95_without_a_niosh_approval_number_is_blocked(town, name, number):
    company = enter_maker(town, name)
    lead = enter_offer(town, company, "RESP_N95")
    assert missing_certificate_severities(lead)["CA/US_NIOSH"] == "block"
    enter_certificate_of(town, company, "US_NIOSH", number)
    findings = findings_by_code(lead)
    assert missing_certificate_severities(lead)["CA/US_NIOSH"] == "block", "a name is no number"
    assert (findings["certificate_malformed"].severity, findings["certificate_malformed"].unsure) == (
        "warn",
        "form",
    )


@pytest.mark.parametrize(("number", "malformed"), [("TC-84A-0007", False), ("84A-1234", True)])
def test_case_20_malformed_niosh_number_is_flagged_and_a_well_formed_one_accepted(town, number, malformed):
    company = enter_maker(town, f"批准号 {number} DEMO")
    enter_certificate_of(town, company, "US_NIOSH", number)
    lead = enter_offer(town, company, "RESP_N95")
    assert missing_certificate_severities(lead) == {}
    assert ("certificate_malformed" in findings_by_code(lead)) == malformed
