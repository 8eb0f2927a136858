"""Formats of figures, money, times and names in each of the three languages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone, translation

from workflow.formatting import (
    BilingualName,
    bilingual_name,
    format_day,
    format_decimals,
    format_in_zone,
    format_moment,
    format_money,
    format_month_day,
    format_percent,
    format_quantity,
    format_share,
    format_zone,
    is_same_local_time,
    iso_day,
    language_of_place,
    relative_day,
)

LANGUAGES = ("en", "fr-ca", "zh-hans")
AT = datetime(2020, 4, 16, 16, 5, tzinfo=UTC)


def in_each(say, *expected):
    for language, text in zip(LANGUAGES, expected, strict=True):
        with translation.override(language):
            assert say() == text


def test_quantity_is_grouped_as_in_each_language():
    in_each(lambda: format_quantity(500000), "500,000", "500\xa0000", "500,000")


def test_missing_number_or_date_is_a_dash():
    assert format_quantity(None) == format_decimals(None) == format_money(None, "CAD") == "–"
    assert format_day(None) == format_moment(None) == "–"


def test_amount_has_two_to_four_decimals():
    in_each(lambda: format_decimals(Decimal("1234.5")), "1,234.50", "1\xa0234,50", "1,234.50")
    assert format_decimals(Decimal("0.0850")) == "0.085"
    assert format_decimals(Decimal(100)) == "100.00"


def test_money_is_written_with_its_iso_code():
    in_each(lambda: format_money(Decimal("1.92"), "CAD"), "CAD\xa01.92", "1,92\xa0CAD", "CAD\xa01.92")
    assert format_money(Decimal("1.92"), "") == "1.92"


def test_percentage_is_never_rounded_to_0_or_100():
    in_each(lambda: format_share(380, 500), "76%", "76\xa0%", "76%")
    in_each(lambda: format_percent(Decimal("4.50")), "4.5%", "4,5\xa0%", "4.5%")
    assert format_percent(None) == "–"
    assert format_share(1, 1000) == "1%"
    assert format_share(999, 1000) == "99%"
    assert format_share(0, 0) == "0%"


def test_date_is_written_with_month_name_on_pages_and_iso_in_files():
    in_each(lambda: format_day(date(2020, 4, 30)), "30 April 2020", "30 avril 2020", "2020年4月30日")
    in_each(lambda: format_day(date(2020, 4, 1)), "1 April 2020", "1er avril 2020", "2020年4月1日")
    in_each(lambda: format_day(date(2020, 4, 30), short=True), "30 Apr 2020", "30 avr. 2020", "2020年4月30日")
    in_each(lambda: format_month_day(date(2020, 4, 30)), "30 Apr", "30 avr.", "4月30日")
    assert iso_day(date(2020, 4, 30)) == "2020-04-30"
    assert iso_day(None) == "–"


def test_time_is_written_in_the_readers_time_zone():
    with timezone.override("America/Vancouver"):
        in_each(
            lambda: format_moment(AT),
            "16 April 2020, 09:05",
            "16 avril 2020, 09\xa0h\xa005",
            "2020年4月16日 09:05",
        )


def test_time_at_a_place_states_its_utc_offset():
    assert format_moment(AT, "Asia/Shanghai") == "17 April 2020, 00:05 (UTC+8)"
    assert format_moment(AT, "Asia/Kolkata", short=True) == "16 Apr 2020, 21:35 (UTC+5:30)"
    assert format_moment(AT, "America/Vancouver", short=True) == "16 Apr 2020, 09:05 (UTC−7)"
    assert format_moment(AT, "Europe/London", short=True).endswith("(UTC+1)")
    assert format_moment(AT, UTC).endswith("(UTC)")


def test_time_at_another_place_names_the_place():
    with timezone.override("America/Vancouver"):
        in_each(
            lambda: format_in_zone(AT, "Asia/Shanghai", "Guangzhou"),
            "00:05 on 17 Apr in Guangzhou",
            "00\xa0h\xa005 le 17 avr., Guangzhou",
            "Guangzhou时间4月17日00:05",
        )
        assert not is_same_local_time(AT, "Asia/Shanghai")
        assert is_same_local_time(AT, "America/Los_Angeles")


def test_time_zone_is_named_by_its_city():
    in_each(
        lambda: format_zone("America/Vancouver"), "Vancouver time", "heure locale à Vancouver", "温哥华时间"
    )
    in_each(lambda: format_zone("Asia/Shanghai"), "Shanghai time", "heure locale à Shanghai", "上海时间")
    in_each(lambda: format_zone(UTC), "UTC", "UTC", "UTC")


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (datetime(2020, 4, 16, 23, tzinfo=UTC), "today, 23:00"),
        (date(2020, 4, 16), "today"),
        (date(2020, 4, 17), "tomorrow"),
        (date(2020, 4, 15), "yesterday"),
        (date(2020, 4, 18), "in 2 days"),
        (date(2020, 4, 13), "3 days ago"),
        (date(2020, 9, 1), "1 September 2020"),
    ],
)
def test_date_near_today_is_written_relative_to_it(when, expected):
    assert relative_day(when, AT) == expected


def city(**facts):
    return SimpleNamespace(
        **{"name_en": "", "name_fr": "", "name_zh": "", "name_local": "", "country": "CN", **facts}
    )


def test_name_is_in_the_readers_language_beside_the_local_one():
    guangzhou = city(name_en="Guangzhou", name_zh="广州", name_local="广州市")
    assert bilingual_name(guangzhou) == BilingualName("Guangzhou", "", "广州市", "zh-Hans")


def test_reader_of_the_local_language_gets_no_second_name():
    with translation.override("zh-hans"):
        assert bilingual_name(city(name_en="Guangzhou", name_zh="广州", name_local="广州市")).local_name == ""


def test_missing_name_falls_back_to_english_marked_as_such():
    with translation.override("zh-hans"):
        assert bilingual_name(city(name_en="Oakville", country="CA")) == BilingualName(
            "Oakville", "en", "", ""
        )


def test_company_with_a_chinese_name_only_is_marked_as_chinese():
    company = SimpleNamespace(name_en="", legal_name_local="广州越秀医疗用品有限公司", city=city())
    assert bilingual_name(company) == BilingualName("广州越秀医疗用品有限公司", "zh-Hans", "", "")
    with translation.override("zh-hans"):
        assert bilingual_name(company).language == ""


def test_object_without_names_is_named_by_its_text():
    assert bilingual_name(SimpleNamespace(name_en="Plain")).text == "Plain"
    assert bilingual_name(3).text == "3"


@pytest.mark.parametrize(
    ("country", "subdivision", "language"),
    [("CN", "", "zh-Hans"), ("TW", "", "zh-Hant"), ("CA", "CA-QC", "fr"), ("JP", "", "ja"), ("CA", "", "")],
)
def test_language_of_a_place_is_the_one_written_there(country, subdivision, language):
    assert language_of_place(country, subdivision) == language


def test_local_name_in_latin_letters_is_not_marked_as_chinese():
    company = SimpleNamespace(legal_name_local="Kanghu Medical DEMO", country="CN")
    assert bilingual_name(company) == BilingualName("Kanghu Medical DEMO", "", "", "")
    both = SimpleNamespace(name_en="Kanghu", legal_name_local="Kanghu Medical DEMO", country="CN")
    assert bilingual_name(both) == BilingualName("Kanghu", "", "Kanghu Medical DEMO", "")
    mixed = SimpleNamespace(legal_name_local="康护 Kanghu DEMO", country="CN")
    assert bilingual_name(mixed).language == "zh-Hans"
