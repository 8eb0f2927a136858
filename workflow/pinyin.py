"""Chinese characters read in pinyin, without tones.

pypinyin chooses between the readings of a character by a table of 47,000 phrases. As loaded, its tables
take 52 MB in each process, because every syllable of every phrase is an object of its own. Here equal
syllables are one object, and the tables from which pypinyin made its copies are released: 27 MB.
"""

from sys import intern

from pypinyin import lazy_pinyin, phrases_dict, pinyin_dict
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT


def _share_equal_syllables() -> None:
    """Make equal syllables one object. pypinyin only reads them."""
    shared: dict[tuple[str, ...], list[str]] = {}
    for syllables in PHRASES_DICT.values():
        syllables[:] = [shared.setdefault(tuple(readings), readings) for readings in syllables]
    for character, readings in PINYIN_DICT.items():
        PINYIN_DICT[character] = intern(readings)
    phrases_dict.phrases_dict, pinyin_dict.pinyin_dict = {}, {}


_share_equal_syllables()


def syllables_of(text: str, *, umlaut: bool = False) -> list[str]:
    """Return the reading of each character; a run of other characters is one entry, as written.

    With `umlaut`, 吕 is lü; otherwise it is lv, as people type it.
    """
    return lazy_pinyin(text, v_to_u=umlaut)
