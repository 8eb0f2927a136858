"""Facts on a company's page, each with its sources."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from partners.place_labels import country_label
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.facts import compare_sources
from workflow.errors import LazyText
from workflow.formatting import format_day


@dataclass(frozen=True)
class FactDisplay:
    """Fact with its label, its current value, and its sources, each with its value for display."""

    name: str
    label: LazyText
    value: Any
    sources: list[tuple[SupplierFact, str]]
    sources_differ: bool


def fact_displays(company: Supplier, rows: Iterable[SupplierFact]) -> list[FactDisplay]:
    """Return the facts of a company that have a source, each with its sources."""
    now = {name: _as_reported(getattr(company, name, "")) for name in SupplierFact.FactName.values}
    compared = compare_sources(now, rows)
    return [
        FactDisplay(
            one.name,
            SupplierFact.FactName(one.name).label,
            _current_value(company, one.name),
            [(source, display_value(one.name, source.value)) for source in one.sources],
            one.sources_differ,
        )
        for one in compared
    ]


def _as_reported(value: Any) -> str:
    return "" if value is None else str(value)


def _current_value(company: Supplier, name: str) -> Any:
    value = getattr(company, name, "")
    return value if name == SupplierFact.FactName.FOUNDED else display_value(name, _as_reported(value))


def display_value(name: str, value: str) -> str:
    """Return a value for display: the label of a role, the name of a country, a localized date."""
    if name == SupplierFact.FactName.ROLE and value in Supplier.Role.values:
        return str(Supplier.Role(value).label)
    if name == SupplierFact.FactName.COUNTRY:
        return country_label(value)
    if name == SupplierFact.FactName.FOUNDED and value:
        return str(format_day(date.fromisoformat(value)))
    return value
