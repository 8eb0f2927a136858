"""What a company's page shows of it: each fact with its sources, in the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.fact import CompanyFact
from procurement.suppliers.rules.facts import side_by_side
from workflow.doors import words
from workflow.errors import Words


@dataclass(frozen=True)
class Shown:
    """One fact: its label, the value that counts, and what each source says."""

    name: str
    label: Words
    value: Any
    sources: list[CompanyFact]
    differ: bool


def facts_of(company: Supplier, rows: Iterable[CompanyFact]) -> list[Shown]:
    """The facts of a company with their sources, in their order; those nobody says anything about are left out."""
    now = {name: _as_said(getattr(company, name, "")) for name in CompanyFact.Name.values}
    told = side_by_side(now, rows)
    return [
        Shown(one.name, CompanyFact.Name(one.name).label, _value(company, one.name), one.sources, one.differ)
        for one in told
    ]


def _as_said(value: Any) -> str:
    return "" if value is None else str(value)


def _value(company: Supplier, name: str) -> Any:
    value = getattr(company, name, "")
    return company.get_role_display() if name == "role" else value


def shown(name: str, value: str) -> str:
    """A value as a source or a row has it, in the reader's words: a role by its name, a day as days are written."""
    if name == CompanyFact.Name.ROLE and value in Supplier.Role.values:
        return str(Supplier.Role(value).label)
    if name == CompanyFact.Name.FOUNDED and value:
        return str(words.day(date.fromisoformat(value)))
    return value
