"""Whether papers agree: pieces, cartons, weight, values and names, between the papers and with the record as it is now. Pure.

Figures are those of `MadePaper.figures`: `pieces`, `cartons`, `values` and `names` by line of an order (its number as a text),
`gross_kg` of the whole. A paper is compared in what it speaks of, and in nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

RECORD = ""  # who says it, where no paper does


class Aspect(StrEnum):
    """What papers can differ in."""

    PIECES = "pieces"
    CARTONS = "cartons"
    WEIGHT = "gross_kg"
    VALUE = "values"
    NAME = "names"


BY_LINE = (Aspect.PIECES, Aspect.CARTONS, Aspect.VALUE)


@dataclass(frozen=True)
class Told:
    """What one paper says, by its reference; the record has none."""

    who: str
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """What does not agree: in which aspect, of which line ("" of the whole), in which language a name, and who says what."""

    aspect: Aspect
    line: str
    said: tuple[tuple[str, Any], ...]
    tongue: str = ""


def differences(papers: Iterable[Told], record: Told) -> list[Difference]:
    """Everything in which papers, or a paper and the record, do not agree. In the order of the aspects, line by line."""
    told = [*papers, record]
    found = [each for aspect in BY_LINE for each in _by_line(aspect, told)]
    weights = _differing([(one.who, one.figures.get(Aspect.WEIGHT)) for one in told])
    found += [Difference(Aspect.WEIGHT, "", weights)] if weights else []
    return [*found, *_names(told)]


def _by_line(aspect: Aspect, told: Sequence[Told]) -> Iterable[Difference]:
    for line in _lines(aspect, told):
        said = _differing([(one.who, one.figures.get(aspect, {}).get(line)) for one in told])
        if said:
            yield Difference(aspect, line, said)


def _names(told: Sequence[Told]) -> Iterable[Difference]:
    """A name is compared with the same name in the same language alone."""
    for line in _lines(Aspect.NAME, told):
        names = [(one.who, one.figures.get(Aspect.NAME, {}).get(line, {})) for one in told]
        for tongue in dict.fromkeys(tongue for _who, by_tongue in names for tongue in by_tongue):
            said = _differing([(who, by_tongue.get(tongue)) for who, by_tongue in names])
            if said:
                yield Difference(Aspect.NAME, line, said, tongue)


def _lines(aspect: Aspect, told: Sequence[Told]) -> list[str]:
    return list(dict.fromkeys(line for one in told for line in one.figures.get(aspect, {})))


def _differing(said: Sequence[tuple[str, Any]]) -> tuple[tuple[str, Any], ...]:
    """Who says what, where not all say the same; nobody otherwise. Who says nothing is left out."""
    known = tuple((who, value) for who, value in said if value is not None)
    return known if len({value for _who, value in known}) > 1 else ()
