"""Two rows side by side, before they are said to be one company. Pure."""

from dataclasses import dataclass
from typing import Any

from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.fact import CompanyFact
from procurement.suppliers.rules.facts import value_key
from workflow.search import fold

OURS, THEIRS = "ours", "theirs"
# What sources say of a company, of which each value has its source; made per day is no column of a company.
SOURCED = tuple(name for name in CompanyFact.Name.values if name != CompanyFact.Name.CAPACITY)
FACTS = (*SOURCED, "place", "referred_by")


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
    for name in FACTS:
        mine, other = _text(getattr(ours, name)), _text(getattr(theirs, name))
        if mine or other:
            differ = bool(mine and other) and _key(name, mine, ours) != _key(name, other, theirs)
            facts.append(Compared(name, mine, other, differ))
    return facts


def _key(name: str, text: str, of: Supplier) -> str:
    return value_key(name, text, of.country) if name in SOURCED else fold(text)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return " → ".join(value)
    return "" if value is None else str(value)
