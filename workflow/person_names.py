"""Names of people in the reader's script; Chinese names with their reading, that is their form in Latin letters.

A reading is suggested from the characters and shown only after a person has confirmed it, because the same
character can be read in several ways.
"""

import re
from typing import NamedTuple

from django.utils.translation import get_language

from workflow.pinyin import syllables_of

HAN_PATTERN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_BOTH_SCRIPTS = re.compile(rf"(?P<latin>[^(]+) \((?P<name>{HAN_PATTERN.pattern}[^()]*)\)")
_NOT_HAN = re.compile(r"[^\u3400-\u9fff\uf900-\ufaff]+")

# Family names of two characters that are still borne; all others have one.
COMPOUND_FAMILY_NAMES = frozenset({
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容",
    "令狐", "司徒", "夏侯", "轩辕", "长孙", "宇文", "端木", "申屠", "淳于",
    "闻人", "南宫", "歐陽", "諸葛", "東方", "尉遲", "公孫", "長孫", "軒轅",
})  # fmt: skip
# Readings of characters as family names, where they differ from the usual reading (Xiandai Hanyu Cidian).
FAMILY_NAME_READINGS = {
    "单": "shan", "單": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "区": "ou", "區": "ou",
    "朴": "piao", "盖": "ge", "翟": "zhai", "覃": "qin", "乐": "yue", "种": "chong", "任": "ren", "华": "hua",
    "宁": "ning", "缪": "miao", "繆": "miao", "折": "she", "黑": "he", "冼": "xian", "召": "shao", "石": "shi",
    "尉迟": "yuchi", "尉遲": "yuchi", "长孙": "zhangsun", "長孫": "zhangsun",
}  # fmt: skip


class NameReading(NamedTuple):
    """Name in Latin letters, and the part of it that is the family name."""

    name: str
    family_name: str


NO_READING = NameReading("", "")


def suggest_reading(name: str) -> NameReading:
    """Return the pinyin of a Chinese name, family name first: 陈晓岚 gives Chen Xiaolan, Chen.

    Family and given name are one word each; an apostrophe separates syllables that could be misread (GB/T
    28039-2011). Both parts are empty for a name without Chinese characters. Other letters are left out.
    """
    chars = _NOT_HAN.sub("", name)
    if not chars:
        return NO_READING
    length = 2 if len(chars) > 2 and chars[:2] in COMPOUND_FAMILY_NAMES else 1
    family, given = chars[:length], chars[length:]
    first = (FAMILY_NAME_READINGS.get(family) or _joined(family)).capitalize()
    return NameReading(f"{first} {_joined(given).capitalize()}".strip(), first)


def _joined(chars: str) -> str:
    syllables = syllables_of(chars, umlaut=True)
    return "".join(
        f"’{syllable}" if at and syllable[0] in "aeo" else syllable for at, syllable in enumerate(syllables)
    )


def name_in_both_scripts(name: str, latin: str) -> str:
    """Return a name in Latin letters with the characters beside it: Chen Xiaolan (陈晓岚).

    A name that is not in Chinese characters, or whose reading no person has confirmed, is returned as it is.
    """
    return f"{latin} ({name})" if latin and HAN_PATTERN.search(name) else name


def split_recorded_name(label: str) -> tuple[str, str]:
    """Return the Latin letters and the characters of a name in both scripts, as `name_in_both_scripts` joins them.

    Any other label is returned as it is, with "" for the characters.
    """
    found = _BOTH_SCRIPTS.fullmatch(label)
    return (found["latin"], found["name"]) if found else (label, "")


def recorded_name(label: str) -> str:
    """Return a name that the journal stores in both scripts as the reader sees it: 陈晓岚 in Chinese."""
    latin, name = split_recorded_name(label)
    return person_name(name, latin) if name else label


def person_name(name: str, latin: str) -> str:
    """Return a person's name for the reader: 陈晓岚 in Chinese, Chen Xiaolan (陈晓岚) in other languages."""
    return name if (get_language() or "en").startswith("zh") else name_in_both_scripts(name, latin)
