"""Chinese characters read in pinyin, without tones.

A character can have several readings (pronunciations); pypinyin chooses one by a table of 47,000 phrases. As loaded, its
tables take 52 MB in each process, because every phrase, every beginning of a phrase and every syllable is an object of
its own. This module stores the phrases and their readings as two texts, which pypinyin uses in place of its tables:
5 MB in all.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, groupby
from sys import intern

from pypinyin import constants, converter, core, lazy_pinyin, phrases_dict, pinyin_dict
from pypinyin.seg import mmseg, simpleseg


class PhraseTable(Mapping[str, list[list[str]]]):
    """Read-only table of phrases with the reading of each character: `{"重庆": [["chóng"], ["qìng"]]}`.

    Of several readings of a character within a phrase, only the first is kept, which is the one that pypinyin uses.
    """

    def __init__(self, phrases: Mapping[str, list[list[str]]]) -> None:
        in_order = sorted(phrases)
        spelled = [" ".join(readings[0] for readings in phrases[phrase]).encode() for phrase in in_order]
        self._text, self._ends = "".join(in_order), _ends_of(in_order)
        self._readings, self._reading_ends = b"".join(spelled), _ends_of(spelled)
        self._by_first: dict[str, range] = {}
        place = 0
        for first, group in groupby(in_order, key=lambda phrase: phrase[0]):
            self._by_first[first] = range(place, place := place + sum(1 for _phrase in group))

    def __getitem__(self, phrase: str) -> list[list[str]]:
        place = self._place_of(phrase)
        if place is None or self._phrase_at(place) != phrase:
            raise KeyError(phrase)
        spelled = self._readings[self._reading_ends[place] : self._reading_ends[place + 1]]
        return [[reading] for reading in spelled.decode().split(" ")]

    def __iter__(self) -> Iterator[str]:
        return map(self._phrase_at, range(len(self)))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __contains__(self, phrase: object) -> bool:
        place = self._place_of(str(phrase))
        return place is not None and self._phrase_at(place) == phrase

    def has_beginning(self, text: str) -> bool:
        """Return True if a phrase begins with this text."""
        if len(text) == 1:
            return text in self._by_first
        place = self._place_of(text)
        return place is not None and self._phrase_at(place).startswith(text)

    def _place_of(self, text: str) -> int | None:
        """Return the place of the first phrase that is not before this text, among those with its first character."""
        places = self._by_first.get(text[:1])
        if places is None:
            return None
        found = places.start + bisect_left(places, text, key=self._phrase_at)
        return found if found < places.stop else None

    def _phrase_at(self, place: int) -> str:
        return self._text[self._ends[place] : self._ends[place + 1]]


def _ends_of(parts: Sequence[str] | Sequence[bytes]) -> array[int]:
    """Return where each part ends in their joined text, after 0."""
    return array("I", accumulate(map(len, parts), initial=0))


class PhraseBeginnings(mmseg.PrefixSet):
    """The beginnings of all phrases, with which pypinyin divides a text into phrases."""

    def __init__(self, phrases: PhraseTable) -> None:
        self.phrases = phrases

    def __contains__(self, text: str) -> bool:
        return self.phrases.has_beginning(text)


def _replace_tables() -> None:
    """Give pypinyin the small tables, and release those that it loaded."""
    phrases = PhraseTable(constants.PHRASES_DICT)
    for module in (constants, converter, core, mmseg, simpleseg):
        vars(module)["PHRASES_DICT"] = phrases
    mmseg.p_set = PhraseBeginnings(phrases)
    mmseg.seg = mmseg.Seg(mmseg.p_set, no_non_phrases=True)
    for character, readings in constants.PINYIN_DICT.items():
        constants.PINYIN_DICT[character] = intern(readings)
    phrases_dict.phrases_dict, pinyin_dict.pinyin_dict = {}, {}


_replace_tables()


def syllables_of(text: str, *, umlaut: bool = False) -> list[str]:
    """Return the reading of each character; a run of other characters is one entry, as written.

    With `umlaut`, 吕 is lü; otherwise it is lv, as people type it.
    """
    return lazy_pinyin(text, v_to_u=umlaut)
