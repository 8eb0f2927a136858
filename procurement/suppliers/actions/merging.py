"""Actions that merge two rows of one supplier, and that separate them again.

For each fact one value stays and the other is kept elsewhere. Nothing is lost.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from procurement.suppliers.actions.facts import record_unchecked_fact
from procurement.suppliers.actions.suppliers import SupplierEdit, correct_supplier, request_rescreening
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules import suppliers
from procurement.suppliers.rules.dependent_cities import change_alone_refusal
from procurement.suppliers.rules.suppliers import compare_suppliers
from workflow.actors import Actor, acting_user_id
from workflow.days import utc_day
from workflow.errors import Refused
from workflow.journal.entries import history_of
from workflow.moves import register_action, select_locked


@register_action(suppliers.MERGE)
def merge_suppliers(
    supplier: Supplier,
    *,
    into: Supplier,
    keep: Mapping[str, str] | None = None,
    reason: str,
    by: Actor,
    at: datetime,
) -> Supplier:
    """Merge a supplier's row into another row of the same company.

    Certificates and accounts move; other records are read from both rows.

    `keep` maps each differing fact to the row whose value is kept: "ours" (the merged row) or "theirs" (the
    remaining row; the default). Facts that the remaining row lacks are taken over. A value that is not kept
    is recorded as a further fact, with its row as the source. The city and the referrers are not recorded as
    further facts: a value of theirs that is not kept stays in the merged row, or in the history of the
    remaining row. Refuses to merge a row into itself or into a merged row, and an unknown fact.
    """
    if unknown := sorted(set(keep or {}) - set(suppliers.COMPARED_FACTS)):
        words = _("These are not company facts: %(names)s.")
        raise Refused("bad_keep", words % {"names": ", ".join(unknown)}, field="keep")
    with transaction.atomic():
        if (no := change_alone_refusal(by, into)) is not None:
            raise no
        moved = {
            "certificates": list(supplier.certificates.order_by("pk").values_list("pk", flat=True)),
            "accounts": list(supplier.bank_accounts.order_by("pk").values_list("pk", flat=True)),
        }
        with suppliers.MERGE.apply_to(
            supplier, by=by, at=at, reason=reason, into=into.reference, **moved
        ) as row:
            if into.pk == row.pk or select_locked(into).status == Supplier.Status.MERGED:
                raise Refused("bad_merge", _("Choose another company that is still listed."), field="into")
            row.certificates.update(supplier=into)
            row.bank_accounts.update(supplier=into)
            row.merged_into = into
        for one in (supplier, into):
            one.clear_cached_row_ids()
        _write_kept_values(supplier, into, keep or {}, reason=reason, by=by, at=at)
        request_rescreening(supplier, at)
        request_rescreening(into, at)
    return supplier


@register_action(suppliers.UNMERGE)
def unmerge_supplier(supplier: Supplier, *, reason: str, by: Actor, at: datetime) -> Supplier:
    """Undo a merge. The row is listed again, with its former certificates and accounts.

    Facts that the other row took over stay there, with their source, until a person corrects them.
    """
    with transaction.atomic():
        with suppliers.UNMERGE.apply_to(supplier, by=by, at=at, reason=reason) as row:
            other, row.merged_into = row.current_row, None
        merged = history_of(supplier).filter(verb=suppliers.MERGE.verb).latest("pk").facts
        Certificate.objects.filter(pk__in=merged.get("certificates", ())).update(supplier=supplier)
        BankAccount.objects.filter(pk__in=merged.get("accounts", ())).update(supplier=supplier)
        for one in (supplier, other):
            one.clear_cached_row_ids()
            request_rescreening(one, at, "company", "certificates", "account")
    return supplier


def _write_kept_values(
    supplier: Supplier, into: Supplier, keep: Mapping[str, str], *, reason: str, by: Actor, at: datetime
) -> None:
    """Write the chosen values into the remaining row, and record the others as facts."""
    taken: dict[str, Any] = {}
    for one in compare_suppliers(supplier, into):
        ours = keep.get(one.name, suppliers.THEIRS) == suppliers.OURS or not one.remaining_row_value
        if ours and one.merged_row_value:
            taken[one.name] = getattr(supplier, one.name)
        loser, of = (one.remaining_row_value, into) if ours else (one.merged_row_value, supplier)
        if one.values_differ and one.name in suppliers.FACTS_WITH_SOURCE:
            noted: dict[str, Any] = {"stated_by": of.reference, "stated_on": utc_day(at), "by": by, "at": at}
            record_unchecked_fact(
                into, one.name, loser, entered_by=User.objects.get(pk=acting_user_id(by)), **noted
            )
    if taken:
        correct_supplier(into, SupplierEdit(**taken), by=by, at=at, reason=reason)
