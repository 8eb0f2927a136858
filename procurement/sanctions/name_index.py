"""Index of names that selects the pairs to score when many names are compared with many.

Each name has keys, such as its words and their sound. Two names that share enough keys (`is_candidate`) form
a pair, for which the score is computed. The index misses no matching pair of names that differ by one missing,
added or changed character: tests/procurement/sanctions/test_names.py and test_name_index.py verify this with random
names.

A name has one form (`ComparableName`) for each script in which it is written: its spelling, normalized for
comparison. The index holds forms.

A common word is a key of thousands of names, so counting the shared keys of every name would be slow. Instead, the
index looks up the forms that share a key of the sound, or two keys of the spelling; one is enough if either form
has at most MAX_KEYS_FOR_ONE_MATCH keys of the spelling. Before the full score, a cheap comparison drops forms that
cannot reach the threshold of a match.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

from rapidfuzz import fuzz, process

from procurement.sanctions.rules.names import (
    SOUND_PREFIX,
    ComparableName,
    comparable_names,
    normalize_identifier,
    search_keys,
)
from procurement.sanctions.rules.scoring import (
    MATCH_THRESHOLD,
    MAX_SHORT_LATIN_LENGTH,
    MIN_CORE_SCORE,
    NameScore,
    score_names,
)

MAX_KEYS_FOR_ONE_MATCH = (
    2  # keys: a name with so few needs one shared key, others need two; one sound key is always enough
)
MAX_KEYS_FOR_PAIRS = (
    16  # keys: a name with more would need too many pairs, so its keys are counted; such names are few
)


class IndexEntry(NamedTuple):
    """Names and numbers of a watchlist entry, with its primary key."""

    pk: int
    names: tuple[str, ...]
    numbers: tuple[str, ...] = ()


class _IndexedName(NamedTuple):
    form: ComparableName
    written: str
    place: int  # position of the entry


def key_weight(key: str) -> int:
    """Return the weight of a key. A key of the sound alone reaches the required weight."""
    return MAX_KEYS_FOR_ONE_MATCH if key.startswith(SOUND_PREFIX) else 1


def count_spelled_keys(keys: Iterable[str]) -> int:
    """Return the number of keys that are of the spelling, not of the sound."""
    return sum(not key.startswith(SOUND_PREFIX) for key in keys)


def is_candidate(shared: int, mine: int, theirs: int) -> bool:
    """Return True if two names share enough keys to be scored.

    `shared` is the weight of their shared keys; `mine` and `theirs` are the numbers of their spelled keys.
    """
    return shared >= (1 if min(mine, theirs) <= MAX_KEYS_FOR_ONE_MATCH else MAX_KEYS_FOR_ONE_MATCH)


class NameIndex:
    """Index of the names on a list, for finding the entries similar to a name."""

    def __init__(self, entries: Iterable[IndexEntry]) -> None:
        self.entries = list(entries)
        self._forms: list[_IndexedName] = []
        self._joined: list[str] = []  # core of each form, as `score` compares it
        self._ordered: list[str] = []  # sorted words of each core, which `score` compares as well
        self._plain: set[int] = (
            set()
        )  # forms that this comparison does not apply to: Chinese forms and short ones
        self._by_key: defaultdict[str, list[int]] = defaultdict(list)  # spelled keys and sound keys
        self._by_pair: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._few: defaultdict[str, list[int]] = defaultdict(list)  # spelled keys of names with few keys
        self._many: defaultdict[str, list[int]] = defaultdict(list)  # spelled keys of names with many keys
        self._by_number: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for place, entry in enumerate(self.entries):
            self._add(place, entry)

    def _add(self, place: int, entry: IndexEntry) -> None:
        for written in entry.names:
            for form in comparable_names(written):
                number = len(self._forms)
                self._add_keys(number, search_keys(form))
                self._forms.append(_IndexedName(form, written, place))
                self._joined.append(form.core_without_spaces)
                self._ordered.append(_sorted_words(form))
                if form.is_chinese or len(form.core_without_spaces) <= MAX_SHORT_LATIN_LENGTH:
                    self._plain.add(number)
        for written in entry.numbers:
            if key := normalize_identifier(written):
                self._by_number[key].append((place, written))

    def _add_keys(self, number: int, keys: set[str]) -> None:
        mine = sorted(key for key in keys if key_weight(key) == 1)
        for key in keys:
            self._by_key[key].append(number)
        if len(mine) <= MAX_KEYS_FOR_ONE_MATCH:
            for key in mine:
                self._few[key].append(number)
        elif len(mine) > MAX_KEYS_FOR_PAIRS:
            for key in mine:
                self._many[key].append(number)
        else:
            for pair in combinations(mine, 2):
                self._by_pair[pair].append(number)

    def candidates(self, form: ComparableName) -> set[int]:
        """Return the numbers of all indexed forms that share enough keys with this form."""
        keys = search_keys(form)
        mine = sorted(key for key in keys if key_weight(key) == 1)
        found = {number for key in keys if key_weight(key) > 1 for number in self._by_key.get(key, ())}
        if len(mine) <= MAX_KEYS_FOR_ONE_MATCH:
            return found.union(*(self._by_key.get(key, ()) for key in mine))
        found.update(*(self._few.get(key, ()) for key in mine))
        found.update(*(self._by_pair.get(pair, ()) for pair in combinations(mine, 2)))
        if self._many:
            once: set[int] = set()
            for key in mine:
                for number in self._many.get(key, ()):
                    (found if number in once else once).add(number)
        return found

    def find(self, name: str) -> dict[int, NameScore]:
        """Return the entries similar to a name, by primary key, with their score and listed name."""
        found: dict[int, NameScore] = {}
        for form in comparable_names(name):
            for number in self._plausible_candidates(form):
                known = self._forms[number]
                likeness = score_names(form, known.form)
                pk = self.entries[known.place].pk
                if likeness >= MATCH_THRESHOLD and (pk not in found or likeness > found[pk].score):
                    found[pk] = NameScore(likeness, known.written)
        for place, written in self._by_number.get(normalize_identifier(name), ()):
            found[self.entries[place].pk] = NameScore(100, written)
        return found

    def _plausible_candidates(self, form: ComparableName) -> list[int]:
        """Return the candidates whose score may be high enough, in order.

        Includes every candidate that `score` rates as possible.
        """
        found = self.candidates(form)
        if form.is_chinese:
            return sorted(number for number in found if _may_sound_alike(form, self._forms[number].form))
        if len(form.core_without_spaces) <= MAX_SHORT_LATIN_LENGTH:
            return sorted(found)
        rest = list(found - self._plain)
        near = _similar_names(form.core_without_spaces, self._joined, rest) | _similar_names(
            _sorted_words(form), self._ordered, rest
        )
        return sorted(near | (found & self._plain))


def _may_sound_alike(chinese: ComparableName, other: ComparableName) -> bool:
    """Return True if a Chinese name can match the other name.

    It must have as many characters, the same sound, or another script.
    """
    return (
        not other.is_chinese
        or len(other.identifying_part) == len(chinese.identifying_part)
        or other.pinyin == chinese.pinyin
    )


def _sorted_words(form: ComparableName) -> str:
    return " ".join(sorted(form.identifying_part.split()))


def _similar_names(name: str, names: list[str], numbers: list[int]) -> set[int]:
    """Return the numbers whose name is at least as similar as the core of a possible match must be."""
    others = [names[number] for number in numbers]
    scores = process.extract_iter(name, others, scorer=fuzz.ratio, score_cutoff=MIN_CORE_SCORE)
    return {numbers[place] for _name, _score, place in scores}
