"""Two rows side by side, before they are said to be one company. Pure."""

from dataclasses import dataclass
from typing import Any

from procurement.suppliers.models import CompanyFact, Supplier
from procurement.suppliers.rules.facts import value_key

OURS, THEIRS = "ours", "theirs"


@dataclass(frozen=True)
class Compared:
    """One fact of the row that is merged (ours) and of the one that stays (theirs), as text; whether both say something else."""

    name: str
    ours: str
    theirs: str
    differ: bool


def compared(ours: Supplier, theirs: Supplier) -> list[Compared]:
    """The facts that either row says, in the order of a company's page."""
    facts = []
    for name in CompanyFact.Name.values:
        if name == CompanyFact.Name.CAPACITY:  # no column of a company
            continue
        mine, other = _text(getattr(ours, name)), _text(getattr(theirs, name))
        if mine or other:
            differ = bool(mine and other) and value_key(name, mine) != value_key(name, other)
            facts.append(Compared(name, mine, other, differ))
    return facts


def _text(value: Any) -> str:
    return "" if value is None else str(value)
