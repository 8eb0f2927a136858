"""The facts of the city register as pages write them, in three languages: partial dates, sources and units."""

import pytest
from django.utils import translation

from partners.partial_dates import UNKNOWN_DATE, parse_partial_date
from partners.templatetags import partners


@pytest.mark.parametrize(
    ("text", "precision", "english", "french", "chinese"),
    [
        ("2011", "", "2011", "2011", "2011年"),
        ("2015-06", "", "June 2015", "juin 2015", "2015年6月"),
        ("2019-01-14", "", "14 January 2019", "14 janvier 2019", "2019年1月14日"),
        ("2020-04", "by_end_of_month", "April 2020", "avril 2020", "2020年4月"),
        ("2020-04-04", "from_date", "4 April 2020", "4 avril 2020", "2020年4月4日"),
    ],
)
def test_partial_date_is_written_with_its_precision_in_three_languages(
    text, precision, english, french, chinese
):
    for language, words in (("en", english), ("fr-ca", french), ("zh-hans", chinese)):
        with translation.override(language):
            assert words in partners.partial_date_text(parse_partial_date(text, precision))


def test_unknown_date_is_written_as_a_dash():
    assert partners.partial_date_text(UNKNOWN_DATE) == "–"


def test_date_by_the_end_of_a_month_or_from_a_day_says_so():
    with translation.override("en"):
        assert (
            partners.partial_date_text(parse_partial_date("2020-04", "by_end_of_month"))
            == "by the end of April 2020"
        )
        assert (
            partners.partial_date_text(parse_partial_date("2020-04-04", "from_date"))
            == "on or after 4 April 2020"
        )


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://www.press.example/a?b", "press.example"),
        ("http://x.example", "x.example"),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_source_is_named_by_its_website_only_for_web_addresses(address, site):
    assert partners.host_name(address) == site


def test_common_units_are_translated_and_others_shown_as_typed():
    with translation.override("en"):
        assert [partners.localized_unit(word) for word in ("piece", "CAD")] == ["pieces", "CAD"]
