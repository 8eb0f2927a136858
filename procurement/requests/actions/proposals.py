"""Propose a change of a posted need's lines that asks for more, where the city approves needs before posting.

The lines stay as they are. The need keeps the proposed ones, with product and standards as codes and amounts and
days as text, until `approval.actions` decides.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from procurement.requests import rules
from procurement.requests.actions.reconfirmation import treat_change_as_confirmation
from procurement.requests.alternatives.queries import ACCEPTED_GOODS
from procurement.requests.approval.queries import no_approver_refusal
from procurement.requests.approval.rules import LineTerms, asks_for_more, needs_approval, terms_of
from procurement.requests.models import RequestLine, SupplyRequest
from workflow.actors import Actor
from workflow.errors import CHANGED_MEANWHILE, Refused, raise_refusal


class ApprovalNeeded(Exception):
    """A change of lines that must be approved first. Raised to undo it; the lines are then proposed."""

    def __init__(self, lines: list[dict[str, Any]], before: Mapping[int, dict[str, Any]]) -> None:
        super().__init__()
        self.lines, self.before = lines, before


class LinesBefore:
    """Lines of a need as they were before a change of them: what an approval covers, and all that a proposal stores.

    Empty for a need whose lines change without approval: one that is not open, or of a city that approves none.
    """

    def __init__(self, need: SupplyRequest, lines: Sequence[RequestLine]) -> None:
        self.terms: dict[int, LineTerms] = {}
        self.stored: dict[int, dict[str, Any]] = {}
        self.may_need_approval = (
            need.status == SupplyRequest.Status.OPEN and need.city.need_approval != City.NeedApproval.NONE
        )
        if self.may_need_approval:
            prefetch_related_objects(lines, "product")
            self.terms = {line.pk: terms_of(line) for line in lines}
            self.stored = {line.pk: stored_line(line, known=True) for line in lines}


def require_approved(need: SupplyRequest, before: LinesBefore, changed: Sequence[RequestLine]) -> None:
    """Raise `ApprovalNeeded` if the saved change of an open need's lines needs approval.

    `before` are all lines as they were. No query for a city that posts without approval.
    """
    if not before.may_need_approval:
        return
    if not asks_for_more(before.terms, [(line.pk, terms_of(line)) for line in changed]):
        return
    lines = _whole_lines(need)
    if needs_approval(need.city, lines):
        wanted = [stored_line(line, known=line.pk in before.stored) for line in lines]
        raise ApprovalNeeded(wanted, before.stored)


def propose_lines(
    supply_request: SupplyRequest,
    needed: ApprovalNeeded,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    facts: Mapping[str, Any],
) -> SupplyRequest:
    """Store the lines of a change that needs approval. They replace those of a change that was sent back.

    `facts` are those of the journal entry. Refuses an empty reason, which approvers and then contacts read, a change
    that only the need's author and the actor could approve, and lines that someone changed since.
    """
    if not reason.strip():
        words = _("This change needs approval. Enter the reason for the change.")
        raise Refused("reason_missing", words, field="reason")
    with rules.PROPOSE_CHANGE.apply_to(supply_request, by=by, at=at, reason=reason, **facts) as need:
        raise_refusal(no_approver_refusal(need, {need.author_id, by.user_id}))
        if {line.pk: stored_line(line, known=True) for line in _whole_lines(need)} != needed.before:
            raise Refused(
                CHANGED_MEANWHILE,
                _("Someone else has changed the lines of this need. Check them and try again."),
            )
        need.proposal = {"lines": needed.lines, "reason": reason, "proposed_at": at.isoformat()}
        need.proposed_by_id = by.user_id
        need.waiting_since, need.sent_back_at, need.reminders = at, None, 0
        treat_change_as_confirmation(need, at)
    return supply_request


def clear_proposal(need: SupplyRequest) -> None:
    """Clear the proposed change of a need, and that it waits or was sent back. The caller holds its lock."""
    need.proposal = need.proposed_by = need.waiting_since = need.sent_back_at = None
    need.reminders = 0


def _whole_lines(need: SupplyRequest) -> list[RequestLine]:
    """Return the lines of a need in their order, with their goods, as the database has them now."""
    rows = need.lines.select_related("product").prefetch_related(*ACCEPTED_GOODS)
    return list(rows.order_by("position"))


def stored_line(line: RequestLine, *, known: bool) -> dict[str, Any]:
    """Return a line as a proposal stores it. `known` is False for a line that the change adds."""
    return {
        "line": line.position if known else None,
        "product": line.product.code,
        "quantity": line.quantity,
        "standards": sorted(standard.code for standard in line.standards.all()),
        "needed_by": line.needed_by.isoformat() if line.needed_by else None,
        "max_unit_price": str(line.max_unit_price) if line.max_unit_price is not None else None,
        "currency": line.currency,
        "use_per_day": line.use_per_day,
        "runs_out_on": line.runs_out_on.isoformat() if line.runs_out_on else None,
        "priority": int(line.priority),
        "alternatives": [
            [one.product.code, one.standard.code if one.standard else None] for one in line.alternatives.all()
        ],
    }
