"""Tests of comparing the figures of two texts by value, in the notation of any language."""

import pytest

from procurement.outreach.text_numbers import compare_numbers

SAME = [
    ("50,000 masks", "50\u00a0000 masques"),
    ("50,000 masks", "50\u202f000 masques"),
    ("50,000 masks", "5万只口罩"),
    ("50,000 masks", "50,000只口罩"),
    ("1.5 million pieces", "150万件"),
    ("2.5 mm", "2,5 mm"),
    ("by April 12, 2020", "avant le 12 avril 2020"),
    ("by April 1, 2020", "le 1er avril 2020"),
    ("by Sept. 4, 2020", "2020年9月4日前"),
    ("by 2020-04-12", "2020年4月12日前"),
    ("on May 3", "5月3日"),
    ("KN95 (GB 2626-2019)", "KN95（GB 2626-2019）"),
    ("50", "５０"),
    ("50 %, then 50 % again", "50%"),
    ("no figure", "没有数字"),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_equal_figures_in_different_notations_are_not_reported(first, second):
    assert not compare_numbers(first, second)
    assert not compare_numbers(second, first)


DIFFERENT = [
    ("50,000 masks by April 12, 2020", "5,000只口罩，2020年4月12日前", ["50,000"], ["5,000"]),
    ("by April 12, 2020", "2020年4月21日前", ["April 12, 2020"], ["2020年4月21日"]),
    ("10,000 masks", "口罩", ["10,000"], []),
    ("5 masks", "5万只口罩", ["5"], ["5万"]),
    ("12 March", "12 mai", ["12 March"], ["12 mai"]),
]


@pytest.mark.parametrize(("first", "second", "here", "there"), DIFFERENT)
def test_differing_figure_is_reported_as_written_in_both_texts(first, second, here, there):
    assert tuple(compare_numbers(first, second)) == (here, there)
