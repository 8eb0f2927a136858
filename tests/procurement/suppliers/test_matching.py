"""Tests of comparing phone numbers, company names and registration numbers in any notation."""

import pytest

from procurement.suppliers.rules.match_keys import (
    is_same_name,
    name_key,
    phone_key,
    phone_keys,
    without_extension,
)
from procurement.suppliers.rules.registration_numbers import is_malformed_number


@pytest.mark.parametrize(
    ("written", "country"),
    [
        ("+86 760 0000 1111", "CN"),
        ("+86 760 0000 1111", "CA"),
        ("0760-0000 1111", "CN"),
        ("86 760 0000 1111", "CN"),
        ("0086-760-0000-1111", "CN"),
        ("00 86 760 0000 1111", "CA"),
        ("011 86 760 0000 1111", "CA"),
        ("011 86 760 0000 1111", "CN"),
        ("+86 (0)760 0000 1111", "CN"),
        ("电话：0760－0000 1111", "CN"),
        ("+86 760 0000 1111 (WeChat)", "CN"),
        ("+86 760 0000 1111(WhatsApp/微信)", "CA"),
        ("0760 0000 1111微信", "CN"),
        ("0760-0000-1111 微信同号", "CN"),
        ("微信：0760 0000 1111", "CN"),
        ("WeChat 0760 0000 1111", "CN"),
        ("Tel: 0760 0000 1111 (Ms Li)", "CN"),
        ("tél. +86 760 0000 1111 [mobile]", "CA"),
        ("0760 0000 1111 WeChat tom88", "CN"),
        ("0086 760 0000 1111 (office, WeChat: lily_88)", "CN"),
        ("0760 0000 1111 / 138 0000 2222", "CN"),
    ],
)
def test_phone_number_is_normalized_from_any_notation(written, country):
    assert phone_key(written, country) == "8676000001111"


@pytest.mark.parametrize(
    ("written", "country", "keys"),
    [
        ("lily88", "CN", []),
        ("tom88", "CN", []),
        ("wxid_12345678", "CN", []),
        ("12345", "CN", []),
        ("WeChat: tom88", "CN", []),
        ("微信 kanghu2020", "CN", []),
        ("+86 760 0000 1111 ext. 12", "CN", ["8676000001111x12"]),
        ("0760-0000 1111 转 8 (微信)", "CN", ["8676000001111x8"]),
        ("0760 0000 1111 (ext 34)", "CN", ["8676000001111x34"]),
        ("(604) 555-0100", "CA", ["16045550100"]),
        ("604 555 0100 or 604 555 0101", "CA", ["16045550100", "16045550101"]),
        ("0760-0000 1111", "", ["076000001111"]),
        ("0113 496 0000", "GB", ["441134960000"]),
        ("030/1234567", "DE", ["49301234567"]),
        ("+49 30/1234567", "CA", ["49301234567"]),
        ("Tel. (030) / 123 45 67", "DE", ["49301234567"]),
        ("030 1234567", "DE", ["49301234567"]),
        ("02/123 45 67", "BE", ["3221234567"]),
        ("0760/00001111/22220000", "CN", ["8676000001111", "8622220000"]),
        ("604 555 0100/604 555 0101", "CA", ["16045550100", "16045550101"]),
        ("0760-00001111/1112", "CN", ["8676000001111"]),
        ("+52 1 55 1234 5678", "MX", ["525512345678"]),
        ("+521 55 1234 5678 (WhatsApp)", "CA", ["525512345678"]),
        ("044 55 1234 5678", "MX", ["525512345678"]),
        ("+52 55 1234 5678", "MX", ["525512345678"]),
        ("Tel 0760-88881111 Mobile 13812345678", "CN", ["8676088881111", "8613812345678"]),
        ("0760-88881111 手机：13812345678", "CN", ["8676088881111", "8613812345678"]),
        ("13812345678微信13900001111", "CN", ["8613812345678", "8613900001111"]),
        ("Tél. 514 555-0123 poste 12 Cell. 438 555-0199", "CA", ["15145550123x12", "14385550199"]),
        ("Office (China) +86 760 88881111 (Canada) +1 604 555 0123", "CN", ["8676088881111", "16045550123"]),
        ("13812345678 QQ 12345678", "CN", ["8613812345678"]),
        ("QQ号：123456789，手机 13812345678", "CN", ["8613812345678"]),
        ("13812345678, 123456789@qq.com", "CN", ["8613812345678"]),
    ],
)
def test_text_without_a_phone_number_gives_none_and_two_numbers_give_two(written, country, keys):
    assert phone_keys(written, country) == keys


@pytest.mark.parametrize(
    ("said", "names", "same"),
    [
        ("Hankuk Mask Co., Ltd.", ("한국마스크",), None),
        ("한국마스크", ("Hankuk Mask", ""), None),
        ("한국마스크", ("한국마스크", "Hankuk Mask"), True),
        ("대한필터", ("한국마스크", "Hankuk Mask"), False),
        ("ООО Маска", ("Maska LLC",), None),
        ("Ящик", ("Маска", "Maska"), False),
        ("หน้ากากไทย", ("宁波海德", "Ningbo Haide"), None),
        ("シゲマツ", ("重松製作所",), None),
        ("株式会社重松製作所", ("重松製作所",), True),
        ("佛山安澜", ("Foshan Anlan", ""), None),
        ("佛山安瀾有限公司", ("佛山安澜",), True),
        ("ABC有限公司", ("ABC Co., Ltd.",), True),
        ("Anlan", ("", ""), None),
    ],
)
def test_company_names_are_compared_only_within_one_script(said, names, same):
    assert is_same_name(said, names) is same


def test_two_extensions_of_one_switchboard_are_different_numbers():
    one, other = (phone_key(f"0760-0000 1111 ext {extension}", "CN") for extension in (12, 13))
    assert one != other
    assert without_extension(one) == without_extension(other) == phone_key("0760-0000 1111", "CN")


def test_company_names_are_compared_in_simplified_characters_without_legal_forms():
    assert name_key("中山康护醫療用品有限公司") == name_key("中山康护医疗用品") != ""
    assert name_key("株式会社サクラ") == name_key("サクラ")


HONEST = {
    "AT": ["ATU 13585627", "FN 122119m"],
    "AU": ["83 914 571 673", "004 085 616"],
    "BR": ["16.727.230/0001-97"],
    "CH": ["CHE-100.155.212"],
    "DE": ["DE 136 695 976", "HRB 12345", "HRB 12345 B"],
    "FR": ["552 008 443", "73282932000074", "FR 61 954 506 077"],
    "GB": ["GB 980 7806 84", "SC123456", "01234567"],
    "IN": ["27AAPFU0939F1ZV", "AAPPV8261K", "U17110MH1983PLC028916"],
    "JP": ["5-8356-7825-6246", "T5835678256246"],
    "MX": ["GODE 561231 GR8"],
    "NL": ["004495445B01", "12345678"],
    "PL": ["856-734-62-15", "192598184", "0000123456"],
    "RO": ["RO 185 472 90", "J52/750/2012"],
    "SE": ["556703-7485", "SE 556703748501"],
}


@pytest.mark.parametrize(("country", "number"), [(at, one) for at, many in HONEST.items() for one in many])
def test_valid_registration_numbers_of_each_country_are_well_formed(country, number):
    assert not is_malformed_number(country, number)
    assert is_malformed_number(country, "12")
