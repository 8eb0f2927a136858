"""Moves of a supplier: add, correct, merge and unmerge; the check of its facts; and how two suppliers differ."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.dependent_cities import allowed_unless_shared
from procurement.suppliers.rules.facts import value_key
from procurement.suppliers.rules.permissions import may_edit_supplier, may_enter_supplier
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of
from workflow.search import fold_text

MAX_REGISTRATION_NUMBER_LENGTH = 30  # characters of a registration number, in compared form


def impossible_supplier_refusal(company: Supplier, on: date) -> Refused | None:
    """Return the first refusal for an impossible fact of a supplier, with its field, else None.

    `on` is the latest date that is today anywhere in the world.
    """
    if len(company.uscc) > MAX_REGISTRATION_NUMBER_LENGTH:
        return Refused("bad_number", _("The registration number is too long."), field="uscc")
    if company.founded_on is not None and company.founded_on > on:
        words = _("The founding date is in the future. Correct it or leave it blank.")
        return Refused("bad_day", words, field="founded_on")
    return None


ADD_SUPPLIER = Move[Supplier](
    verb="list",
    label=_("Add a supplier"),
    past_tense=_("added the supplier"),
    target=Supplier.Status.LISTED,
    allowed=may_enter_supplier,
)
CORRECT = Move[Supplier](
    verb="correct",
    label=_("Correct details"),
    past_tense=_("corrected the supplier’s details"),
    source=one_of(Supplier.Status.LISTED),
    allowed=allowed_unless_shared(may_edit_supplier),
)
MERGE = Move[Supplier](
    verb="merge",
    label=_("Merge into another supplier"),
    past_tense=_("merged the supplier into another"),
    source=one_of(Supplier.Status.LISTED),
    target=Supplier.Status.MERGED,
    allowed=allowed_unless_shared(may_edit_supplier),
    requires_reason=True,
    undo_verb="unmerge",
)
UNMERGE = Move[Supplier](
    verb="unmerge",
    label=_("Undo merge"),
    past_tense=_("undid the merge"),
    source=one_of(Supplier.Status.MERGED),
    target=Supplier.Status.LISTED,
    allowed=allowed_unless_shared(may_edit_supplier),
    requires_reason=True,
)
SUPPLIER_MOVES = Moves(Supplier, ADD_SUPPLIER, CORRECT, MERGE, UNMERGE, ends={})

OURS, THEIRS = "ours", "theirs"
# Facts whose values have sources; the daily capacity is not a column of the supplier.
FACTS_WITH_SOURCE = tuple(
    name for name in SupplierFact.FactName.values if name != SupplierFact.FactName.CAPACITY
)
COMPARED_FACTS = (*FACTS_WITH_SOURCE, "place", "referred_by")


@dataclass(frozen=True)
class FactPair:
    """One fact in the row to merge (`merged_row_value`) and in the remaining row (`remaining_row_value`), and whether they differ.

    Both values are texts.
    """

    name: str
    merged_row_value: str
    remaining_row_value: str
    values_differ: bool


def compare_suppliers(ours: Supplier, theirs: Supplier) -> list[FactPair]:
    """Return the facts that either row has, in the order of a supplier's page."""
    facts = []
    for name in COMPARED_FACTS:
        mine, other = _value_text(getattr(ours, name)), _value_text(getattr(theirs, name))
        if mine or other:
            differ = bool(mine and other) and _comparison_key(name, mine, ours) != _comparison_key(
                name, other, theirs
            )
            facts.append(FactPair(name, mine, other, differ))
    return facts


def _comparison_key(name: str, text: str, of: Supplier) -> str:
    return value_key(name, text, of.country) if name in FACTS_WITH_SOURCE else fold_text(text)


def _value_text(value: Any) -> str:
    if isinstance(value, list):
        return " → ".join(value)
    return "" if value is None else str(value)
