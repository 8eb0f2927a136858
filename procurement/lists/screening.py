"""Comparing very many names with very many: an index by the keys of names, so that only likely ones are scored. Pure.

It finds exactly the names that share keys enough (`enough`) and are alike. That is all that comparing each with each finds, where one
sign is left out, put in or changed: tests/procurement/lists/test_names.py and test_many.py hold it on names drawn at random.
Names of so few kinds of trade and town share single keys by the thousand, so those with enough shared are not counted but looked up: by
a key of the sound, by two spelled keys together, by one where either name has few. What is found so is held to the least that a score
could come of (`_may_be`), in one go and without a name being taken apart, before it is scored.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

from rapidfuzz import fuzz, process

from procurement.lists.rules.names import SOUND, Form, forms_of, keys_of, number_of
from procurement.lists.rules.scoring import LEAST_CORE, POSSIBLE, SHORT_LATIN, Alike, score

FEW = 2  # keys; a name of so few is a candidate by one of them, any other by two; one of the same sound always is
MANY = 16  # keys: their pairs would be too many to keep; of names so long there are few, and they are counted


class Entry(NamedTuple):
    """Somebody on a list, as far as they are compared."""

    pk: int
    names: tuple[str, ...]
    numbers: tuple[str, ...] = ()


class _Known(NamedTuple):
    form: Form
    written: str
    place: int  # of the entry


def weight(key: str) -> int:
    """How many keys one counts for."""
    return FEW if key.startswith(SOUND) else 1


def spelled(keys: Iterable[str]) -> int:
    """How many keys are not of a sound."""
    return sum(not key.startswith(SOUND) for key in keys)


def enough(shared: int, mine: int, theirs: int) -> bool:
    """Whether two names that share keys of such a weight, of so many spelled ones each, are to be scored."""
    return shared >= (1 if min(mine, theirs) <= FEW else FEW)


class Index:
    """The names of a list, to be found by names that are like them."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = list(entries)
        self._forms: list[_Known] = []
        self._joined: list[str] = []  # of each form its core, as `score` compares it
        self._ordered: list[str] = []  # and the words of it in order, which it compares as well
        self._plain: set[int] = (
            set()
        )  # the forms that such a comparison says nothing about: Chinese and short ones
        self._by_key: defaultdict[str, list[int]] = defaultdict(list)  # spelled or of a sound
        self._by_pair: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._few: defaultdict[str, list[int]] = defaultdict(list)  # by a spelled key of names of few
        self._many: defaultdict[str, list[int]] = defaultdict(list)  # of names of many
        self._by_number: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for place, entry in enumerate(self.entries):
            self._add(place, entry)

    def _add(self, place: int, entry: Entry) -> None:
        for written in entry.names:
            for form in forms_of(written):
                number = len(self._forms)
                self._add_keys(number, keys_of(form))
                self._forms.append(_Known(form, written, place))
                self._joined.append(form.joined)
                self._ordered.append(_ordered(form))
                if form.chinese or len(form.joined) <= SHORT_LATIN:
                    self._plain.add(number)
        for written in entry.numbers:
            if key := number_of(written):
                self._by_number[key].append((place, written))

    def _add_keys(self, number: int, keys: set[str]) -> None:
        mine = sorted(key for key in keys if weight(key) == 1)
        for key in keys:
            self._by_key[key].append(number)
        if len(mine) <= FEW:
            for key in mine:
                self._few[key].append(number)
        elif len(mine) > MANY:
            for key in mine:
                self._many[key].append(number)
        else:
            for pair in combinations(mine, 2):
                self._by_pair[pair].append(number)

    def candidates(self, form: Form) -> set[int]:
        """The forms, by number, that share enough keys with this one: exactly those."""
        keys = keys_of(form)
        mine = sorted(key for key in keys if weight(key) == 1)
        found = {number for key in keys if weight(key) > 1 for number in self._by_key.get(key, ())}
        if len(mine) <= FEW:
            return found.union(*(self._by_key.get(key, ()) for key in mine))
        found.update(*(self._few.get(key, ()) for key in mine))
        found.update(*(self._by_pair.get(pair, ()) for pair in combinations(mine, 2)))
        if self._many:
            once: set[int] = set()
            for key in mine:
                for number in self._many.get(key, ()):
                    (found if number in once else once).add(number)
        return found

    def find(self, name: str) -> dict[int, Alike]:
        """Who a name may be, by the key of the entry, with how much it is like which of their names."""
        found: dict[int, Alike] = {}
        for form in forms_of(name):
            for number in self._may_be(form):
                known = self._forms[number]
                likeness = score(form, known.form)
                pk = self.entries[known.place].pk
                if likeness >= POSSIBLE and (pk not in found or likeness > found[pk].score):
                    found[pk] = Alike(likeness, known.written)
        for place, written in self._by_number.get(number_of(name), ()):
            found[self.entries[place].pk] = Alike(100, written)
        return found

    def _may_be(self, form: Form) -> list[int]:
        """Those of the candidates whose score may be enough, in their order: whatever `score` calls possible is among them."""
        found = self.candidates(form)
        if form.chinese:
            return sorted(number for number in found if _may_read_alike(form, self._forms[number].form))
        if len(form.joined) <= SHORT_LATIN:
            return sorted(found)
        rest = list(found - self._plain)
        near = _near(form.joined, self._joined, rest) | _near(_ordered(form), self._ordered, rest)
        return sorted(near | (found & self._plain))


def _may_read_alike(chinese: Form, other: Form) -> bool:
    """Whether a Chinese name may be another: of as many characters, of the same sound, or in another script."""
    return not other.chinese or len(other.core) == len(chinese.core) or other.sound == chinese.sound


def _ordered(form: Form) -> str:
    return " ".join(sorted(form.core.split()))


def _near(name: str, names: list[str], numbers: list[int]) -> set[int]:
    """Of these numbers, those whose name is as near as the core of a possible match must be."""
    others = [names[number] for number in numbers]
    scores = process.extract_iter(name, others, scorer=fuzz.ratio, score_cutoff=LEAST_CORE)
    return {numbers[place] for _name, _score, place in scores}
