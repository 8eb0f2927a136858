"""Partial dates: a year, a month or a day, as the source states it."""

from datetime import date

import pytest

from partners.partial_dates import (
    UNKNOWN_DATE,
    PartialDate,
    Precision,
    YearOutOfRange,
    parse_partial_date,
    read_partial_date,
)


@pytest.mark.parametrize(
    ("text", "named", "on", "precision", "last"),
    [
        ("2011", "", date(2011, 1, 1), Precision.YEAR, date(2011, 12, 31)),
        ("2015-06", "", date(2015, 6, 1), Precision.MONTH, date(2015, 6, 30)),
        ("2020-02", "by_end_of_month", date(2020, 2, 1), Precision.BY_END_OF_MONTH, date(2020, 2, 29)),
        ("2019-01-14", "", date(2019, 1, 14), Precision.DAY, date(2019, 1, 14)),
        ("2020-04-04", "from_date", date(2020, 4, 4), Precision.FROM_DATE, date(2020, 4, 4)),
    ],
)
def test_partial_date_is_read_with_its_precision_and_written_back(text, named, on, precision, last):
    known = parse_partial_date(text, named)
    assert known == PartialDate(on, precision)
    assert known.last_day == last
    assert known.iso_text == text
    assert known


def test_empty_partial_date_is_unknown():
    assert parse_partial_date("") == UNKNOWN_DATE
    assert not UNKNOWN_DATE
    assert UNKNOWN_DATE.last_day is None
    assert UNKNOWN_DATE.iso_text == ""


@pytest.mark.parametrize(
    "text", ["20", "2020-13", "2020-02-30", "2020-4-1", "April 2020", "２０２０", "2020-04-01T00:00"]
)
def test_unreadable_partial_date_is_refused(text):
    with pytest.raises(ValueError):
        parse_partial_date(text)


@pytest.mark.parametrize(
    "text", ["9999-12-31", "9999", "2200-01", "1799-12-31", "0201", "0001-01-01", "0000"]
)
def test_year_outside_1800_to_2199_is_refused(text):
    with pytest.raises(YearOutOfRange, match="between 1800 and 2199"):
        parse_partial_date(text)


@pytest.mark.parametrize("text", ["1800", "2199-12-31"])
def test_first_and_last_allowed_year_are_accepted(text):
    assert parse_partial_date(text).iso_text == text


@pytest.mark.parametrize(
    ("text", "named"), [("2020", "day"), ("2020-04", "from_date"), ("2020-04-01", "year"), ("2020", "dawn")]
)
def test_precision_not_supported_by_the_date_is_refused(text, named):
    with pytest.raises(ValueError):
        parse_partial_date(text, named)


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("1985", "1985"),
        ("１９８５", "1985"),
        ("1985年", "1985"),
        ("1985年5月", "1985-05"),
        ("1985/05", "1985-05"),
        ("1985年5月1日", "1985-05-01"),
        ("1985 年 5 月 1 日", "1985-05-01"),
        ("1985.5.1", "1985-05-01"),
        ("1985-5-1 00:00:00", "1985-05-01"),
        ("2020-04 by_end_of_month", "2020-04 by_end_of_month"),
        ("2020年4月4日 from_date", "2020-04-04 from_date"),
        ("", ""),
    ],
)
def test_typed_year_first_dates_are_read_in_many_notations(text, exact):
    assert read_partial_date(text).iso_text_with_precision == exact
    assert read_partial_date(exact) == read_partial_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "05/06/1985",
        "13/06/1985",
        "1985.1",
        "1985-13",
        "1985-02-30",
        "31173",
        "May 1985",
        "2020 from_date",
        "from_date",
    ],
)
def test_typed_date_that_leaves_day_open_is_refused(text):
    with pytest.raises(ValueError):
        read_partial_date(text)
