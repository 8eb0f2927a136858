"""Similarity score of two names from 0 to 100, and the threshold of a possible match.

The figures are documented in docs/figures.md.
"""

from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz import fuzz

from procurement.sanctions.rules.names import (
    MIN_SOUND_LETTERS,
    ComparableName,
    comparable_names,
    normalize_identifier,
)

MATCH_THRESHOLD = 88  # from here on two names may be one: set on the test set of names, tests/procurement/sanctions/name_pairs.py
SAME_CORE_SCORE = 96  # likeness of equal cores if the rest differs
SAME_SOUND_SCORE = 90  # likeness of equal sounds: a reading is weaker than a spelling
CORE_WEIGHT, WHOLE_WEIGHT = 0.85, 0.15  # weights of the core and the whole name
# Least likeness of Latin cores: below it, even equal whole names give no possible match (half a point rounds up).
MIN_CORE_SCORE = (MATCH_THRESHOLD - 0.5 - 100 * WHOLE_WEIGHT) / CORE_WEIGHT
MAX_SHORT_LATIN_LENGTH, MAX_SHORT_CHINESE_LENGTH = 5, 3  # cores up to this length must be equal
NEAR_EQUAL_CHINESE_SCORE = 92  # likeness of longer Chinese cores that differ in one character


class NameScore(NamedTuple):
    """Similarity of a name to a watchlist entry, with the entry's most similar name."""

    score: int
    listed_as: str


def best_score(name: str, names: Iterable[str], numbers: Iterable[str] = ()) -> NameScore | None:
    """Return the name or number of an entry most similar to a name, or None if none is similar enough.

    The first of several equal ones wins.
    """
    mine, number, found = comparable_names(name), normalize_identifier(name), None
    for written in names:
        likeness = max(
            (score_names(one, other) for one in mine for other in comparable_names(written)), default=0
        )
        if likeness >= MATCH_THRESHOLD and (found is None or likeness > found.score):
            found = NameScore(likeness, written)
    same = next((written for written in numbers if number and normalize_identifier(written) == number), None)
    return NameScore(100, same) if same is not None else found


def score_names(one: ComparableName, other: ComparableName) -> int:
    """Return the similarity of two names, 0 to 100.

    If the names contain different places, it is at most the similarity of the whole names, places included.
    """
    if one.is_chinese != other.is_chinese:
        return _sound_score(*((one, other) if one.is_chinese else (other, one)))
    found = _chinese_score(one, other) if one.is_chinese else _latin_score(one, other)
    apart = one.place_names and other.place_names and not one.place_names & other.place_names
    return min(found, round(_whole_name_score(one, other))) if apart else found


def _whole_name_score(one: ComparableName, other: ComparableName) -> float:
    return fuzz.ratio(one.whole_name, other.whole_name)


def _latin_score(one: ComparableName, other: ComparableName) -> int:
    if min(len(one.core_without_spaces), len(other.core_without_spaces)) <= MAX_SHORT_LATIN_LENGTH:
        core = 100.0 if other.core_without_spaces in one.word_rotations() else 0.0
    else:
        core = max(
            fuzz.token_sort_ratio(one.identifying_part, other.identifying_part),
            fuzz.ratio(one.core_without_spaces, other.core_without_spaces),
        )
    if core == 100:
        return 100 if one.whole_name == other.whole_name else SAME_CORE_SCORE
    return round(CORE_WEIGHT * core + WHOLE_WEIGHT * _whole_name_score(one, other))


def _chinese_score(one: ComparableName, other: ComparableName) -> int:
    if one.identifying_part == other.identifying_part:
        return 100 if one.whole_name == other.whole_name else SAME_CORE_SCORE
    if one.pinyin == other.pinyin and len(one.pinyin) >= MIN_SOUND_LETTERS:
        return SAME_SOUND_SCORE
    if (
        len(one.identifying_part) != len(other.identifying_part)
        or len(one.identifying_part) <= MAX_SHORT_CHINESE_LENGTH
    ):
        return 0
    others = sum(a != b for a, b in zip(one.identifying_part, other.identifying_part, strict=True))
    return NEAR_EQUAL_CHINESE_SCORE if others == 1 else 0


def _sound_score(chinese: ComparableName, latin: ComparableName) -> int:
    """Return the similarity of a Chinese and a Latin name, by their sound.

    They match if the pinyin of the Chinese core equals the Latin core, with its words in any rotation.
    """
    apart = chinese.place_names and latin.place_names and not chinese.place_names & latin.place_names
    same = len(chinese.pinyin) >= MIN_SOUND_LETTERS and chinese.pinyin in latin.word_rotations()
    return SAME_SOUND_SCORE if same and not apart else 0
