"""The register's facts as pages write them, in three languages."""

import pytest
from django.utils import translation

from partners.partial_dates import UNKNOWN, parse_partial_date
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
def test_a_day_is_told_as_exactly_as_it_is_known(text, precision, english, french, chinese):
    for language, words in (("en", english), ("fr-ca", french), ("zh-hans", chinese)):
        with translation.override(language):
            assert words in partners.known(parse_partial_date(text, precision))


def test_no_day_is_a_dash():
    assert partners.known(UNKNOWN) == "–"


def test_what_was_by_a_months_end_or_from_a_day_on_says_so():
    with translation.override("en"):
        assert partners.known(parse_partial_date("2020-04", "by_end_of_month")) == "by the end of April 2020"
        assert partners.known(parse_partial_date("2020-04-04", "from_date")) == "on or after 4 April 2020"


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://www.press.example/a?b", "press.example"),
        ("http://x.example", "x.example"),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_a_source_is_named_by_its_site_and_only_a_web_address_is_one(address, site):
    assert partners.site(address) == site


def test_usual_units_are_told_in_the_readers_language_and_others_as_they_were_typed():
    with translation.override("en"):
        assert [partners.unit(word) for word in ("piece", "CAD")] == ["pieces", "CAD"]
