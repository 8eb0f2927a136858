"""Saying that two rows are one company: which value of each fact stays, and where the other one is kept. Nothing is lost."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from procurement.suppliers.actions.companies import correct, note_change
from procurement.suppliers.actions.facts import beside
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.rules import companies, merging, relying
from workflow.actors import Actor, person_of
from workflow.days import utc_day
from workflow.errors import Refused
from workflow.journal.entries import history_of
from workflow.moves import locked


def merge(
    supplier: Supplier,
    *,
    into: Supplier,
    keep: Mapping[str, str] | None = None,
    reason: str,
    by: Actor,
    at: datetime,
) -> Supplier:
    """Say that two rows are one company: certificates and accounts move to the other row; the rest is read under either of them.

    `keep` says of each fact in which they differ whose value stays: "ours" (the row that is merged) or "theirs" (the one that stays,
    also where nothing is said). What the row that stays does not say, it takes over. A value that does not stay is kept beside it as
    said by its row; a city or a chain of who referred them, which have no sources, in the merged row or in the history of the other.
    Refuses itself, a merged one, and a fact that no row has.
    """
    if unknown := sorted(set(keep or {}) - set(merging.FACTS)):
        words = _("No fact of a company is called so: %(names)s.")
        raise Refused("bad_keep", words % {"names": ", ".join(unknown)}, field="keep")
    with transaction.atomic():
        if (no := relying.refusal(by, into)) is not None:
            raise no
        moved = {
            "certificates": list(supplier.certificates.order_by("pk").values_list("pk", flat=True)),
            "accounts": list(supplier.bank_accounts.order_by("pk").values_list("pk", flat=True)),
        }
        with companies.MERGE.on(supplier, by=by, at=at, reason=reason, into=into.reference, **moved) as row:
            if into.pk == row.pk or locked(into).status == Supplier.Status.MERGED:
                raise Refused("bad_merge", _("Choose another company that is still listed."), field="into")
            row.certificates.update(supplier=into)
            row.bank_accounts.update(supplier=into)
            row.merged_into = into
        for one in (supplier, into):
            one.forget_rows()
        _take_over(supplier, into, keep or {}, reason=reason, by=by, at=at)
        note_change(supplier, at)
        note_change(into, at)
    return supplier


def part(supplier: Supplier, *, reason: str, by: Actor, at: datetime) -> Supplier:
    """Undo a merge: the row is listed again, with the certificates and accounts it brought. What the other row took over of its facts
    stays there, with its source, until somebody corrects it.
    """
    with transaction.atomic():
        with companies.PART.on(supplier, by=by, at=at, reason=reason) as row:
            other, row.merged_into = row.current, None
        merged = history_of(supplier).filter(verb=companies.MERGE.verb).latest("pk").facts
        Certificate.objects.filter(pk__in=merged.get("certificates", ())).update(supplier=supplier)
        BankAccount.objects.filter(pk__in=merged.get("accounts", ())).update(supplier=supplier)
        for one in (supplier, other):
            one.forget_rows()
            note_change(one, at, "company", "certificates", "account")
    return supplier


def _take_over(
    supplier: Supplier, into: Supplier, keep: Mapping[str, str], *, reason: str, by: Actor, at: datetime
) -> None:
    """Write the values that stay into the row that stays, and note the others beside them."""
    taken: dict[str, Any] = {}
    for one in merging.compared(supplier, into):
        ours = keep.get(one.name, merging.THEIRS) == merging.OURS or not one.theirs
        if ours and one.ours:
            taken[one.name] = getattr(supplier, one.name)
        loser, of = (one.theirs, into) if ours else (one.ours, supplier)
        if one.differ and one.name in merging.SOURCED:
            noted: dict[str, Any] = {"said_by": of.reference, "said_on": utc_day(at), "by": by, "at": at}
            beside(into, one.name, loser, entered_by=User.objects.get(pk=person_of(by)), **noted)
    if taken:
        correct(into, by=by, at=at, reason=reason, **taken)
