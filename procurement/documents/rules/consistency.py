"""Comparison of documents with each other and with the record, the data stored now about a shipment or an order.

Compared are pieces, cartons, weight, values and names. Figures are those of `GeneratedDocument.figures`:
`pieces`, `cartons`, `values` and `names` by order line (its number as text), and `gross_kg` for the whole.
A document is compared only in the figures it contains.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

RECORD_REFERENCE = ""  # the reference used for the record itself


class ComparedFigure(StrEnum):
    """Figures in which documents can differ."""

    PIECES = "pieces"
    CARTONS = "cartons"
    WEIGHT = "gross_kg"
    VALUE = "values"
    NAME = "names"


FIGURES_COMPARED_PER_LINE = (ComparedFigure.PIECES, ComparedFigure.CARTONS, ComparedFigure.VALUE)


@dataclass(frozen=True)
class DocumentValues:
    """Figures of one document, by its reference. Those of the record have the reference `RECORD_REFERENCE`."""

    reference: str
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Inconsistency:
    """Disagreement between documents: the aspect, the line, and each document's figure.

    `goods_line_key` is "" for the whole. `name_language` is that of a name.
    """

    aspect: ComparedFigure
    goods_line_key: str
    values: tuple[tuple[str, Any], ...]
    name_language: str = ""


def inconsistencies(documents: Iterable[DocumentValues], record: DocumentValues) -> list[Inconsistency]:
    """Return every disagreement between documents, or between a document and the record.

    They are in the order of the aspects, line by line.
    """
    values = [*documents, record]
    found = [each for aspect in FIGURES_COMPARED_PER_LINE for each in _line_inconsistencies(aspect, values)]
    weights = _differing_values([(one.reference, one.figures.get(ComparedFigure.WEIGHT)) for one in values])
    found += [Inconsistency(ComparedFigure.WEIGHT, "", weights)] if weights else []
    return [*found, *_name_inconsistencies(values)]


def _line_inconsistencies(
    aspect: ComparedFigure, values: Sequence[DocumentValues]
) -> Iterable[Inconsistency]:
    for line in _line_ids(aspect, values):
        stated = _differing_values([(one.reference, one.figures.get(aspect, {}).get(line)) for one in values])
        if stated:
            yield Inconsistency(aspect, line, stated)


def _name_inconsistencies(values: Sequence[DocumentValues]) -> Iterable[Inconsistency]:
    """Yield the names that differ. A name is compared only with names in the same language."""
    for line in _line_ids(ComparedFigure.NAME, values):
        names = [(one.reference, one.figures.get(ComparedFigure.NAME, {}).get(line, {})) for one in values]
        for language in dict.fromkeys(language for _who, by_language in names for language in by_language):
            stated = _differing_values([(who, by_language.get(language)) for who, by_language in names])
            if stated:
                yield Inconsistency(ComparedFigure.NAME, line, stated, language)


def _line_ids(aspect: ComparedFigure, values: Sequence[DocumentValues]) -> list[str]:
    return list(dict.fromkeys(line for one in values for line in one.figures.get(aspect, {})))


def _differing_values(stated: Sequence[tuple[str, Any]]) -> tuple[tuple[str, Any], ...]:
    """Return each document's value if the values differ, else (). Documents without a value are left out."""
    known = tuple((who, value) for who, value in stated if value is not None)
    return known if len({value for _who, value in known}) > 1 else ()
