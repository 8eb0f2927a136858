"""How alike two names are, from 0 to 100, and from where on they may be the same. Pure; the figures stand in docs/figures.md."""

from collections.abc import Iterable
from typing import NamedTuple

from rapidfuzz import fuzz

from procurement.lists.rules.names import LEAST_SOUND, Form, forms_of, number_of

POSSIBLE = (
    88  # from here on two names may be one: set on the test set of names, tests/procurement/lists/names.py
)
SAME_CORE = 96  # what the same core counts for, where the rest differs
SAME_SOUND = 90  # what the same sound counts for: it is a reading, not a spelling
CORE, WHOLE = 0.85, 0.15  # how much the core and the whole of a name weigh
# What the Latin cores must have in common at least: below it not even the same whole makes a possible match (half a point rounds up).
LEAST_CORE = (POSSIBLE - 0.5 - 100 * WHOLE) / CORE
SHORT_LATIN, SHORT_CHINESE = 5, 3  # cores of so few letters or characters are the same or they are not
NEAR_CHINESE = 92  # what one other character in a longer Chinese core counts for, where the rest is the same


class Alike(NamedTuple):
    """How alike a name is to somebody on a list, and which of their names it is like."""

    score: int
    listed_as: str


def best(name: str, names: Iterable[str], numbers: Iterable[str] = ()) -> Alike | None:
    """The name or number of somebody on a list that a name is most like; None where none is near enough. The first of equals."""
    mine, number, found = forms_of(name), number_of(name), None
    for written in names:
        likeness = max((score(one, other) for one in mine for other in forms_of(written)), default=0)
        if likeness >= POSSIBLE and (found is None or likeness > found.score):
            found = Alike(likeness, written)
    same = next((written for written in numbers if number and number_of(written) == number), None)
    return Alike(100, same) if same is not None else found


def score(one: Form, other: Form) -> int:
    """How alike two names are. Names of two different places are alike only as far as the whole of them is."""
    if one.chinese != other.chinese:
        return _by_sound(*((one, other) if one.chinese else (other, one)))
    found = _chinese(one, other) if one.chinese else _latin(one, other)
    apart = one.places and other.places and not one.places & other.places
    return min(found, round(_whole(one, other))) if apart else found


def _whole(one: Form, other: Form) -> float:
    return fuzz.ratio(one.whole, other.whole)


def _latin(one: Form, other: Form) -> int:
    if min(len(one.joined), len(other.joined)) <= SHORT_LATIN:
        core = 100.0 if other.joined in one.turned() else 0.0
    else:
        core = max(fuzz.token_sort_ratio(one.core, other.core), fuzz.ratio(one.joined, other.joined))
    if core == 100:
        return 100 if one.whole == other.whole else SAME_CORE
    return round(CORE * core + WHOLE * _whole(one, other))


def _chinese(one: Form, other: Form) -> int:
    if one.core == other.core:
        return 100 if one.whole == other.whole else SAME_CORE
    if one.sound == other.sound and len(one.sound) >= LEAST_SOUND:
        return SAME_SOUND
    if len(one.core) != len(other.core) or len(one.core) <= SHORT_CHINESE:
        return 0
    others = sum(a != b for a, b in zip(one.core, other.core, strict=True))
    return NEAR_CHINESE if others == 1 else 0


def _by_sound(chinese: Form, latin: Form) -> int:
    """A Chinese name and a Latin one: the reading of the core is the other's core, in any order of its words."""
    apart = chinese.places and latin.places and not chinese.places & latin.places
    same = len(chinese.sound) >= LEAST_SOUND and chinese.sound in latin.turned()
    return SAME_SOUND if same and not apart else 0
