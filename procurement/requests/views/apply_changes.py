"""Form that changes a posted or draft need: its own facts, and the quantity of each line."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.utils.translation import gettext

from partners.authenticated_requests import AuthenticatedRequest
from procurement.requests.actions.lines import LineFacts, current_alternatives, set_lines
from procurement.requests.alternatives.queries import ACCEPTED_GOODS
from procurement.requests.approval.queries import decider_names
from procurement.requests.approval.rules import authors_of_change
from procurement.requests.models import RequestLine, SupplyRequest
from procurement.requests.rules import has_same_value
from workflow import clock


def apply_need_changes(
    request: AuthenticatedRequest,
    need: SupplyRequest,
    make: Callable[..., SupplyRequest],
    *,
    quantities: list[int],
    reason: str = "",
    **facts: Any,
) -> SupplyRequest:
    """Change the facts and quantities that differ, or nothing if one of them is refused.

    `make` makes the move "edit" on the facts; it is called even if nothing differs. Quantities that need approval are
    proposed.
    """
    differing = {name: value for name, value in facts.items() if not has_same_value(need, name, value)}
    lines = list(need.lines.select_related("product").prefetch_related(*ACCEPTED_GOODS).order_by("position"))
    recounted = [line.quantity for line in lines] != quantities
    with transaction.atomic():
        if differing or not recounted:
            make(need, reason=reason, **differing)
        if recounted:
            changes = [
                current_line_facts(line, quantity=pieces)
                for line, pieces in zip(lines, quantities, strict=True)
            ]
            set_lines(need, changes, by=request.by, at=clock.now(), reason=reason)
            announce_proposal(request, need)
    return need


def announce_proposal(request: AuthenticatedRequest, need: SupplyRequest) -> None:
    """Add the message that a change of the need just saved waits for approval, if it does."""
    if need.proposal is None or need.waiting_since is None:
        return
    who = decider_names(need, authors_of_change(need))
    sent = (
        gettext("The change to the lines was sent to %(who)s for approval.") % {"who": who}
        if who
        else gettext("The change to the lines was sent for approval.")
    )
    unchanged = gettext("Until it is approved, the lines stay as they are.")
    messages.info(request, f"{sent} {unchanged}")


def current_line_facts(line: RequestLine, **changed: Any) -> LineFacts:
    """Return the present facts of a need line, with the facts in `changed` replaced."""
    names = (
        "product",
        "quantity",
        "needed_by",
        "max_unit_price",
        "currency",
        "use_per_day",
        "runs_out_on",
        "priority",
    )
    known = {name: getattr(line, name) for name in names}
    alternatives = current_alternatives(line)  # reads the standards, too
    lists = {"standards": list(line.standards.all()), "alternatives": alternatives}
    return LineFacts(**{**known, **lists, **changed})
