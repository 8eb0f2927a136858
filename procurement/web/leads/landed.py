"""The parts of a price landed as a page shows them: a row for each part, a column for each mode."""

from collections.abc import Mapping
from typing import NamedTuple

from procurement.leads.rules.landed import LandedCost, Mode, Part
from procurement.leads.words import BASES, PARTS, WHY
from workflow.errors import Words


class Cell(NamedTuple):
    """One part by one mode."""

    part: Part
    basis: Words
    why: Words


class Row(NamedTuple):
    """One part of the price, by every mode."""

    name: Words
    cells: list[Cell]


def table(ways: Mapping[Mode, LandedCost]) -> list[Row]:
    """The parts as rows, the modes as columns."""
    lists = [way.parts for way in ways.values()]
    return [
        Row(PARTS[parts[0].name], [Cell(part, BASES[part.basis], WHY.get(part.why, "")) for part in parts])
        for parts in zip(*lists, strict=True)
    ]
