"""Tests of certificate numbers: their format, their check digit, and the message for a malformed one."""

import pytest
from django.utils.translation import override

from procurement.catalogue.models.certificates import CertificateType
from procurement.catalogue.number_formats import (
    DeviceNumber,
    NumberAssessment,
    NumberOutcome,
    assess_number,
    issuing_province,
    normalize_number,
    parse_device_number,
    uscc_fault,
)
from tests.procurement.catalogue.catalogue_in_memory import catalogue_rows, make_kind

WITH_EXAMPLES = [code for code, kind in catalogue_rows()[CertificateType].items() if kind.number_examples]


def check_number(code: str, number: str) -> NumberAssessment:
    return assess_number(make_kind(code), number)


@pytest.mark.parametrize("code", WITH_EXAMPLES)
def test_example_numbers_match_their_certificate_type(code):
    kind = make_kind(code)
    for example in kind.number_examples:
        assert check_number(code, example).is_acceptable, (code, example)
    assert kind.number_hint


def test_twenty_two_certificate_types_have_a_number_format_with_examples():
    with_form = {code for code, kind in catalogue_rows()[CertificateType].items() if kind.number_regex}
    assert with_form == set(WITH_EXAMPLES)
    assert len(with_form) == 22


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("CN_NMPA_REG", "粤械注准2020214012"),
        ("CN_NMPA_REG", "国械注准20204140123"),
        ("CN_NMPA_REG", "XX械注准20202140123"),
        ("CN_NMPA_REG", "国食药监械(准)字2012第3640123号"),
        ("CN_NMPA_REG_OLD", "粤械注准20202140123"),
        ("CN_NMPA_FILING", "粤械备2020012"),
        ("CN_NMPA_PROD", "粤药监械经营许20200123号"),
        ("CN_CUSTOMS_DECL", "53042020012345678"),
        ("CN_TEST_CNAS", "CNAS 3068"),
        ("US_NIOSH", "TC-21C-0007"),
        ("US_NIOSH", "84A-0007"),
        ("US_NIOSH", "TC84A-00071"),
        ("US_NIOSH", "TC84A432"),
        ("US_510K", "K-20012"),
        ("CN_NMPA_REG", "粤械注准2020-214-012"),
        ("US_510K", "203161"),
        ("US_FDA_REG", "FDA-2020"),
        ("CA_NPN_DIN", "8001234"),
        ("EU_PPE_B", "??"),
        ("JP_PMD", "13B1"),
    ],
)
def test_number_in_another_format_is_malformed(code, number):
    found = check_number(code, number)
    assert found.outcome is NumberOutcome.MALFORMED
    assert not found.is_acceptable
    assert make_kind(code).number_hint in str(found.reason)


@pytest.mark.parametrize(
    ("code", "number", "read"),
    [
        ("CN_USCC", " 9133 0100 7996 5505 8b ", "91330100799655058B"),
        ("CN_USCC", "９１３３０１００７９９６５５０５８Ｂ", "91330100799655058B"),
        ("US_NIOSH", "tc–84a—0007", "TC-84A-0007"),
        ("US_NIOSH", "TC84A-4321", "TC84A-4321"),
        ("US_NIOSH", "tc 84a 0007", "TC84A0007"),
        ("US_NIOSH", "ＴＣ－84Ａ－5411", "TC-84A-5411"),
        ("US_NIOSH", "TC-84A\u200b-0007", "TC-84A-0007"),
        ("US_510K", "K-20 0123", "K-200123"),
        ("CN_TEST_CNAS", "CNAS-L3068", "CNAS-L3068"),
        ("CN_NMPA_REG", "粤械注准2020-214-0123", "粤械注准2020-214-0123"),
        ("CN_NMPA_REG_OLD", "国食药监械（准）字2012第3640123号", "国食药监械(准)字2012第3640123号"),
    ],
)
def test_certificate_number_is_normalized_from_any_spelling(code, number, read):
    found = check_number(code, number)
    assert (found.is_acceptable, found.number) == (True, read)
    assert normalize_number(number) == read


@pytest.mark.parametrize("number", ["91330100799655058B", "914403001922038216", "9144030071526726XG"])
def test_check_digit_of_known_companies_is_correct(number):
    found = check_number("CN_USCC", number)
    assert (found.outcome, found.is_check_digit_valid, found.is_blocking) == (NumberOutcome.OK, True, False)


@pytest.mark.parametrize("number", ["91330100799655058C", "91330100799655085B", "91330100799655059B"])
def test_mistyped_company_number_is_detected_by_its_check_digit_and_blocks(number):
    found = check_number("CN_USCC", number)
    assert (found.outcome, found.is_check_digit_valid, found.is_blocking) == (
        NumberOutcome.MALFORMED,
        False,
        True,
    )


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("", "The number is missing"),
        ("9133010079965505", "18 characters; this one has 16"),
        ("9133010079965505OI", "this one contains I, O"),
        ("91A30100799655058B", "Characters 3 to 8"),
    ],
)
def test_malformed_company_number_is_explained(number, words):
    assert words in str(check_number("CN_USCC", number).reason)


def test_number_error_is_explained_in_the_readers_language():
    found = check_number("CN_USCC", "9133010079965505")
    with override("zh-hans"):
        assert "16" in str(found.reason)


def test_canadian_import_account_with_a_wrong_check_digit_only_warns():
    assert check_number("CA_BN_RM", "123456782RM0001").is_check_digit_valid is True
    wrong = check_number("CA_BN_RM", "123456789RM0001")
    assert (wrong.outcome, wrong.is_check_digit_valid, wrong.is_blocking) == (
        NumberOutcome.MALFORMED,
        False,
        False,
    )


def test_number_format_from_an_unreliable_source_warns_and_a_sourced_one_blocks():
    assert not check_number("CN_CUSTOMS_DECL", "1").is_blocking
    assert not check_number("US_NIOSH", "84A-0007").is_blocking, "its row is weak"
    assert check_number("US_510K", "1").is_blocking


def test_certificate_type_without_a_number_format_is_not_judged():
    found = check_number("TEST_ILAC", "anything")
    assert (found.outcome, found.is_acceptable, found.is_blocking) == (NumberOutcome.NO_FORMAT, True, False)


def test_number_error_without_a_format_hint_is_explained_generally():
    bare = CertificateType(code="X", number_regex="[0-9]+")
    assert "correct format for its type" in str(assess_number(bare, "x").reason)


def test_device_number_yields_province_route_year_class_and_group():
    found = parse_device_number("粤械注准20202140123")
    assert found == DeviceNumber("CN-GD", "准", 2020, "2", "14")
    national = parse_device_number("国械注进20203400001")
    assert national is not None
    assert national.province == "CN"


@pytest.mark.parametrize("number", ["K203161", "美械注准20202140123", ""])
def test_text_that_is_no_device_number_yields_none(number):
    assert parse_device_number(number) is None


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("US_510K", "510(k) K203161"),
        ("US_510K", "FDA 510K: Ｋ２０３１６１"),
        ("CN_NMPA_REG", "注册证编号：粤械注准20202140123"),
        ("CN_NMPA_REG", "粵械註準20202140123"),
        ("CN_NMPA_REG", "No. 苏械注准2020 214 0123 号"),
        ("CN_USCC", "统一社会信用代码：91330100799655058B"),
        ("CA_MDL", "MDL# 101234"),
        ("CA_NPN_DIN", "DIN-HM 80097123"),
        ("US_NIOSH", "NIOSH TC–84A–4321"),
    ],
)
def test_text_around_a_valid_number_is_ignored(code, number):
    assert check_number(code, number).is_acceptable


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("US_510K", "510(k) K20316"),
        ("CN_NMPA_REG", "注册证编号：粤械注准2020214012"),
        ("CN_NMPA_REG", "粵械註準202021401234"),
        ("CN_USCC", "统一社会信用代码：91330100799655058C"),
        ("CA_MDL", "MDEL 101234"),
        ("US_NIOSH", "NIOSH N95"),
    ],
)
def test_text_around_an_invalid_number_does_not_make_it_valid(code, number):
    assert not check_number(code, number).is_acceptable


def test_issuing_province_is_read_from_a_number_with_surrounding_text():
    said = parse_device_number("注册证编号：粵械註準20202140123号")
    assert said is not None
    assert (said.province, said.year) == ("CN-GD", 2020)
    assert issuing_province("備案憑證編號：苏常械备20200123号") == "CN-JS"


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("统一社会信用代码：91330100799655058B", ""),
        ("統一社會信用代碼 9133 0100 7996 5505 8b", ""),
        ("统一社会信用代码：91330100799655058C", "check_digit"),
        ("统一社会信用代码：9133010079965505", "length"),
    ],
)
def test_company_number_is_checked_without_its_label(number, fault):
    assert uscc_fault(number) == fault
