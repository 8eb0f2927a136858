"""Check before a supplier is saved: whether the user must confirm that it is not a similar one."""

from typing import Any

from procurement.suppliers.actions.duplicate_search import find_duplicates
from procurement.suppliers.forms.duplicates import DuplicateForm
from procurement.suppliers.models.suppliers import Supplier

STRONG_MATCH_REASONS = frozenset(
    {"number", "phone", "name"}
)  # a contact may see a listed company only if the new one shares one of these with it


def duplicate_confirmation_form(
    data: Any, company: Supplier, *, account: str = "", strong: bool = False
) -> DuplicateForm | None:
    """Return the form to show before a company is saved, or None if no listed company is similar.

    With `strong`, for a contact, only companies with the same number, phone or name count.
    """
    known = find_duplicates(company, account=account)
    if strong:
        known = [one for one in known if STRONG_MATCH_REASONS & set(one.reasons)]
    return DuplicateForm(data, known) if known else None
