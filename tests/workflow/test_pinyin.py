"""Pinyin of Chinese characters: phrases decide on ambiguous ones, and equal syllables are stored once."""

from itertools import chain

import pytest
from pypinyin.constants import PHRASES_DICT

from workflow.pinyin import syllables_of


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("重庆", ["chong", "qing"]),
        ("重要", ["zhong", "yao"]),
        ("长沙银行行长", ["chang", "sha", "yin", "hang", "hang", "zhang"]),
        ("爸爸", ["ba", "ba"]),
        ("吕", ["lv"]),
        ("康护N95口罩", ["kang", "hu", "N95", "kou", "zhao"]),
        ("", []),
    ],
)
def test_pinyin_of_a_character_is_decided_by_its_phrase(text, read):
    assert syllables_of(text) == read


def test_umlaut_in_pinyin_is_written_on_request():
    assert syllables_of("吕布", umlaut=True) == ["lü", "bu"]


def test_equal_pinyin_syllables_are_stored_once():
    syllables = list(chain.from_iterable(PHRASES_DICT.values()))
    assert len(syllables) > 100_000
    assert len({id(one) for one in syllables}) == len({tuple(one) for one in syllables})
