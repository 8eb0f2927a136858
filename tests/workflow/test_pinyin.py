"""Pinyin of Chinese characters: phrases decide on ambiguous ones, from a table of our own."""

import json
from pathlib import Path
from sys import getsizeof

import pypinyin
import pytest
from pypinyin.constants import PHRASES_DICT
from pypinyin.seg import mmseg

from workflow.pinyin import PhraseTable, syllables_of


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


def test_phrase_table_holds_every_phrase_and_beginning_of_the_package():
    source = Path(pypinyin.__file__).with_name("phrases_dict.json")
    phrases = json.loads(source.read_text(encoding="utf-8"))
    assert len(phrases) > 40_000
    assert dict(PHRASES_DICT) == {
        phrase: [readings[:1] for readings in characters] for phrase, characters in phrases.items()
    }
    beginnings = {phrase[:end] for phrase in phrases for end in range(1, len(phrase) + 1)}
    longer = {f"{beginning}的" for beginning in beginnings}
    assert {text for text in beginnings | longer if text in mmseg.p_set} == beginnings | (longer & beginnings)
    assert {text for text in beginnings | longer if text in PHRASES_DICT} == phrases.keys()


def test_phrase_table_refuses_unknown_phrases():
    for text in ("", "重庆X", "X"):
        assert text not in PHRASES_DICT
        with pytest.raises(KeyError):
            PHRASES_DICT[text]


def test_phrase_table_is_a_tenth_of_the_size_of_the_package_table():
    assert isinstance(PHRASES_DICT, PhraseTable)
    assert sum(getsizeof(value) for value in vars(PHRASES_DICT).values()) < 3_000_000
