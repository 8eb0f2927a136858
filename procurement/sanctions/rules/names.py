"""Normalization of names for comparison, in Latin and Chinese script, with their sound.

Two companies of the same town and trade share most of their letters, so the rest identifies them. Therefore
names are compared by that rest, the core: the name without legal form, trade and place. The whole name
decides if the cores are close. Chinese is compared in simplified characters (OpenCC). With a Latin name it is
compared by its romanization in pinyin, because many lists give only the Latin form. Other romanizations
(Cantonese, Wade-Giles) are not tried. Japanese is compared character by character, kana included, and not by
its pronunciation.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from procurement.sanctions.ignored_words import (
    CHINESE_LEGAL_FORMS,
    CHINESE_TRADE_WORDS,
    LEGAL_FORMS,
    PLACE_NAMES,
    TRADE_WORDS,
)
from workflow.pinyin import syllables_of
from workflow.search import fold_name, fold_text

MIN_LATIN_LETTERS = 3  # letters of a name
MIN_SOUND_LETTERS = 5  # letters of the sound of a name
MIN_NUMBER_LENGTH = 8  # characters of a number
SOUND_PREFIX = "s"  # prefix of a sound key
MAX_KEY_LENGTH = (
    400  # characters, below the column size, because folding can turn one character into eighteen
)
KEY_PIECE_LENGTH = (
    4  # letters at each end of a word that form its keys: one typing error spoils at most one end
)
SHORT_PIECE_LENGTH = 3  # also for words of six or seven letters, whose longer ends overlap: one error in the middle spoils both
_CHINESE = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff]")  # and kana
_BRACKETED = re.compile(r"\([株有合]\)")  # a Japanese legal form abbreviated to one character
_IGNORED_CHARACTERS = re.compile(r"['’`´.\u200b-\u200f\ufeff]")
_LATIN_PLACES = frozenset(PLACE_NAMES.values())


def _longest_first(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


_CHINESE_LEGAL_FORM = re.compile(_longest_first(CHINESE_LEGAL_FORMS))
_CHINESE_TRADE_WORD = re.compile(_longest_first(CHINESE_TRADE_WORDS))
_PLACE_NAME = re.compile(
    rf"({_longest_first(PLACE_NAMES)})(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|省|市)?"
)
_LEADING_TOWN = re.compile(r"^[\u4e00-\u9fff]{2,3}[市县区镇]")


@dataclass(frozen=True)
class ComparableName:
    """Name in the form used for comparison.

    `whole_name` is the complete name, `identifying_part` the part that identifies the company, with spaces between Latin
    words, and `place_names` are the place names in it. `pinyin` is a Chinese core in pinyin.
    """

    whole_name: str
    identifying_part: str
    place_names: frozenset[str]
    pinyin: str = ""
    is_generic: bool = False  # the core is only a legal form, trade or place and identifies no company

    @property
    def is_chinese(self) -> bool:
        """True if the name is compared by characters."""
        return bool(self.pinyin)

    @property
    def core_without_spaces(self) -> str:
        """Core without spaces: “Kang Hu” becomes “Kanghu”."""
        return self.identifying_part.replace(" ", "")

    def word_rotations(self) -> Iterator[str]:
        """Yield the rotations of a Latin core: without spaces, starting with each of its words.

        Some people write the family name first, others last.
        """
        words = self.identifying_part.split()
        for start in range(len(words)):
            yield "".join(words[start:] + words[:start])


def comparable_names(name: str) -> tuple[ComparableName, ...]:
    """Return the form of a name in each of its scripts; empty if there is nothing to compare.

    “Kanghu Medical (康护医疗)” has two forms. If one script identifies the company, a form in the other script
    that contains only legal form, trade or place is left out: “BYD医疗科技有限公司” gives only BYD.
    """
    folded = _BRACKETED.sub(" ", fold_name(_IGNORED_CHARACTERS.sub("", name)))
    characters = "".join(char for char in folded if _CHINESE.match(char))
    found = [_chinese_form(characters)] if characters else []
    words = _words(folded)
    # Two Latin letters identify nothing alone, but they do beside a Chinese name of a trade only.
    if sum(map(len, words)) >= (1 if found and found[0].is_generic else MIN_LATIN_LETTERS):
        found.append(_latin_form(words))
    return tuple(form for form in found if not form.is_generic) or tuple(found)


def _words(folded: str) -> list[str]:
    """Return the Latin words of a name without its legal form.

    Adjacent single letters form one abbreviation (“S. A.”).
    """
    spaced = "".join(char if char.isalnum() and not _CHINESE.match(char) else " " for char in folded)
    words, run = [], ""
    for word in [*spaced.replace("hong kong", "hongkong").split(), ""]:
        if len(word) == 1:
            run += word
            continue
        words += [run, word] if run else [word]
        run = ""
    return [word for word in words if word and word not in LEGAL_FORMS]


def _latin_form(words: list[str]) -> ComparableName:
    places = frozenset(word for word in words if word in _LATIN_PLACES)
    rest = [word for word in words if word not in places]
    core = [word for word in rest if word not in TRADE_WORDS]
    return ComparableName(
        " ".join(sorted(words)), " ".join(core or rest or words), places, is_generic=not core
    )


def _chinese_form(characters: str) -> ComparableName:
    whole = _CHINESE_LEGAL_FORM.sub("", characters) or characters
    places = frozenset(PLACE_NAMES[found] for found, _kind in _PLACE_NAME.findall(whole))
    rest = _PLACE_NAME.sub("", whole) or whole
    rest = _LEADING_TOWN.sub("", rest) or rest
    core = _CHINESE_TRADE_WORD.sub("", rest) or rest
    left = _PLACE_NAME.sub("", _CHINESE_LEGAL_FORM.sub("", characters))
    bare = not _CHINESE_TRADE_WORD.sub("", _LEADING_TOWN.sub("", left))
    return ComparableName(whole, core, places, pinyin="".join(syllables_of(core)), is_generic=bare)


def normalize_identifier(written: str) -> str:
    """Return the number of a company or passport in capitals, letters and digits only.

    Returns an empty string for a number too short to identify anyone.
    """
    number = "".join(char for char in fold_text(written).upper() if char.isalnum())
    return number if len(number) >= MIN_NUMBER_LENGTH else ""


def search_keys(form: ComparableName) -> set[str]:
    """Return the keys for finding candidates of a name: parts of its core, and its sound.

    A Chinese core gives its two halves, one of which remains equal if one character differs. Each Latin word
    gives its beginning and its end.
    """
    if form.is_chinese:
        length, half = len(form.identifying_part), len(form.identifying_part) // 2
        halves = {
            _key(f"c{length}", part)
            for part in (form.identifying_part[:half], f"-{form.identifying_part[half:]}")
            if part
        }
        return halves | (
            {_key(SOUND_PREFIX, form.pinyin)} if len(form.pinyin) >= MIN_SOUND_LETTERS else set()
        )
    keys = {
        key
        for word in (*form.identifying_part.split(), form.core_without_spaces)
        for key in _end_pieces(word)
    }
    return keys | {
        _key(SOUND_PREFIX, turned) for turned in form.word_rotations() if len(turned) >= MIN_SOUND_LETTERS
    }


def _key(kind: str, part: str) -> str:
    """Return a key cut to the longest length that can be stored.

    Longer keys with the same start become equal.
    """
    return f"{kind}{part}"[:MAX_KEY_LENGTH]


def _end_pieces(word: str) -> tuple[str, ...]:
    if len(word) <= KEY_PIECE_LENGTH:
        return (f"t{word}",)
    pieces = (
        (KEY_PIECE_LENGTH, SHORT_PIECE_LENGTH)
        if 2 * SHORT_PIECE_LENGTH <= len(word) < 2 * KEY_PIECE_LENGTH
        else (KEY_PIECE_LENGTH,)
    )
    return tuple(key for piece in pieces for key in (f"p{word[:piece]}", f"e{word[-piece:]}"))


def search_keys_of_names(names: Iterable[str], numbers: Iterable[str]) -> list[str]:
    """Return all keys of some names and numbers, sorted."""
    keys = {key for name in names for form in comparable_names(name) for key in search_keys(form)}
    return sorted(
        keys | {_key("n", number) for written in numbers if (number := normalize_identifier(written))}
    )
