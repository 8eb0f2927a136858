"""Comparing very many names with very many: an index by the keys of names, so that only likely ones are scored. Pure.

It finds what comparing each with each finds: names that are alike share keys (`enough`), which the tests try on names drawn at random.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from procurement.lists.rules import POSSIBLE, Alike, forms_of, keys_of, number_of, score
from procurement.lists.rules.names import SOUND, Form

FEW = 2  # keys; a name of so few is a candidate by one of them, any other by two; one of the same sound always is


class Entry(NamedTuple):
    """Somebody on a list, as far as they are compared."""

    pk: int
    names: tuple[str, ...]
    numbers: tuple[str, ...] = ()


class _Known(NamedTuple):
    form: Form
    written: str
    place: int  # of the entry
    keys: int  # that are spelled


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
        self._by_key: defaultdict[str, list[int]] = defaultdict(list)
        self._by_number: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for place, entry in enumerate(self.entries):
            self._add(place, entry)

    def _add(self, place: int, entry: Entry) -> None:
        for written in entry.names:
            for form in forms_of(written):
                keys = keys_of(form)
                for key in keys:
                    self._by_key[key].append(len(self._forms))
                self._forms.append(_Known(form, written, place, spelled(keys)))
        for number in entry.numbers:
            if key := number_of(number):
                self._by_number[key].append((place, number))

    def find(self, name: str) -> dict[int, Alike]:
        """Who a name may be, by the key of the entry, with how much it is like which of their names."""
        found: dict[int, Alike] = {}
        for form in forms_of(name):
            keys = keys_of(form)
            shared: Counter[int] = Counter()
            for key in keys:
                for number in self._by_key.get(key, ()):
                    shared[number] += weight(key)
            for number, times in shared.items():
                known = self._forms[number]
                if enough(times, spelled(keys), known.keys):
                    likeness = score(form, known.form)
                    pk = self.entries[known.place].pk
                    if likeness >= POSSIBLE and (pk not in found or likeness > found[pk].score):
                        found[pk] = Alike(likeness, known.written)
        for place, written in self._by_number.get(number_of(name), ()):
            found[self.entries[place].pk] = Alike(100, written)
        return found
