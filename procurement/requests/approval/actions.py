"""Actions that decide before a need is posted, and before a posted need asks for more."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests import rules
from procurement.requests.actions.lines import (
    LineChange,
    LineFacts,
    delete_line,
    first_unused_number,
    require_complete_need,
    save_line_facts,
    unsaved_line,
)
from procurement.requests.actions.proposals import clear_proposal
from procurement.requests.actions.reconfirmation import mark_posted, treat_change_as_confirmation
from procurement.requests.alternatives.rules import Alternative
from procurement.requests.approval.queries import no_approver_refusal
from procurement.requests.approval.rules import (
    authors_of,
    authors_of_change,
    delegation_for_decision,
)
from procurement.requests.models import SupplyRequest
from workflow.actors import Actor
from workflow.errors import Refused, raise_refusal
from workflow.moves import register_action
from workflow.reminders import send_reminders_of


@register_action(rules.SUBMIT_NEED)
def submit_request(supply_request: SupplyRequest, *, by: Actor, at: datetime) -> SupplyRequest:
    """Send the need to the city's approvers.

    Refuses what `post_request` refuses, a need that needs no approval, and one that only its authors could approve. The
    actor counts as one of them.
    """
    with rules.SUBMIT_NEED.apply_to(supply_request, by=by, at=at) as need:
        raise_refusal(no_approver_refusal(need, {*authors_of(need), by.user_id}))
        need.waiting_since, need.sent_back_at, need.reminders = at, None, 0
    return supply_request


@register_action(rules.APPROVE_NEED)
def approve_request(
    supply_request: SupplyRequest, *, waiting_since: datetime | None = None, by: Actor, at: datetime
) -> SupplyRequest:
    """Approve the need and post it.

    `waiting_since` is since when it waited as the approver read it. Pages and programs give it; by default, it is that of
    `supply_request`. If the need was changed and sent again since, the approval is refused. Refuses its authors, a
    delegate of one of them, and a need with a date that has passed since.
    """
    read = waiting_since or supply_request.waiting_since
    facts = _delegation_facts(by, supply_request, authors_of(supply_request))
    with rules.APPROVE_NEED.apply_to(supply_request, by=by, at=at, **facts) as need:
        _require_as_read(need, read)
        need.waiting_since, need.reminders = None, 0
        mark_posted(need, at)
    return supply_request


@register_action(rules.RETURN_NEED)
def return_request(supply_request: SupplyRequest, *, reason: str, by: Actor, at: datetime) -> SupplyRequest:
    """Send the need back to its author, with a reason. Officers of the city may also take it back.

    Only what an approver sends back counts as sent back.
    """
    authors = authors_of(supply_request)
    facts = _delegation_facts(by, supply_request, authors)
    with rules.RETURN_NEED.apply_to(supply_request, by=by, at=at, reason=reason, **facts) as need:
        need.waiting_since, need.reminders = None, 0
        need.sent_back_at = at if by.may(Power.APPROVE, need) and by.user_id not in authors else None
    return supply_request


@register_action(rules.APPROVE_CHANGE)
def approve_change(
    supply_request: SupplyRequest, *, waiting_since: datetime | None = None, by: Actor, at: datetime
) -> SupplyRequest:
    """Approve the proposed change of lines and make it. Contacts are notified as of every change.

    `waiting_since` is as for `approve_request`. Refuses the need's author, the person who proposed it, a delegate of
    one of them, and lines that became impossible since: a date that has passed, or a quantity below what is allocated.
    """
    change, read = LineChange(), waiting_since or supply_request.waiting_since
    facts = _delegation_facts(by, supply_request, authors_of_change(supply_request))
    proposal = supply_request.proposal
    why = proposal["reason"] if proposal is not None else ""
    with rules.APPROVE_CHANGE.apply_to(
        supply_request, by=by, at=at, reason=why, **facts, **change.facts
    ) as need:
        _require_as_read(need, read)
        wanted = need.proposal["lines"] if need.proposal is not None else []
        clear_proposal(need)
        here = {line.position: line for line in change.begin(need)}
        change.before(*here.values())
        catalogue = _Catalogue(wanted)
        kept = {stored["line"] for stored in wanted}
        has_new = any(stored["line"] not in here for stored in wanted)
        unused = count(first_unused_number(need, list(here.values())) if has_new else 0)
        for stored in wanted:
            line = here.get(stored["line"]) or unsaved_line(need, next(unused))
            change.after(save_line_facts(need, line, catalogue.line_facts(stored), at))
        for position, line in here.items():
            if position not in kept:
                delete_line(line)
        require_complete_need(need)
        treat_change_as_confirmation(need, at)
    return supply_request


@register_action(rules.RETURN_CHANGE)
def return_change(supply_request: SupplyRequest, *, reason: str, by: Actor, at: datetime) -> SupplyRequest:
    """Send the proposed change back, with a reason. It stays readable until it is withdrawn or replaced."""
    facts = _delegation_facts(by, supply_request, authors_of_change(supply_request))
    with rules.RETURN_CHANGE.apply_to(supply_request, by=by, at=at, reason=reason, **facts) as need:
        need.waiting_since, need.sent_back_at, need.reminders = None, at, 0
    return supply_request


@register_action(rules.WITHDRAW_CHANGE)
def withdraw_change(supply_request: SupplyRequest, *, by: Actor, at: datetime) -> SupplyRequest:
    """Withdraw the proposed change, whether it waits for approval or was sent back."""
    with rules.WITHDRAW_CHANGE.apply_to(supply_request, by=by, at=at) as need:
        clear_proposal(need)
    return supply_request


def send_approval_reminders(at: datetime) -> int:
    """Remind approvers of needs and changes that wait for them. Return the number of needs.

    Run by the periodic job.
    """
    return send_reminders_of(SupplyRequest.objects.waiting_for_decision(), rules.REMIND_APPROVERS, at)


def _require_as_read(need: SupplyRequest, waiting_since: datetime | None) -> None:
    """Refuse a decision on what was changed, and so waits from another moment, since the approver read it."""
    if need.waiting_since != waiting_since:
        words = _(
            "This was changed or sent for approval again after you opened it. Read it again before you decide."
        )
        raise Refused("sent_again", words)


class _Catalogue:
    """Products and standards that stored lines name by code. Two queries."""

    def __init__(self, lines: Collection[dict[str, Any]]) -> None:
        alternatives = [one for line in lines for one in line["alternatives"]]
        products = {line["product"] for line in lines} | {product for product, _standard in alternatives}
        standards = {code for line in lines for code in line["standards"]}
        standards |= {standard for _product, standard in alternatives if standard}
        self._products = Product.objects.in_bulk(products, field_name="code")
        self._standards = Standard.objects.in_bulk(standards, field_name="code")

    def line_facts(self, stored: dict[str, Any]) -> LineFacts:
        """Return a stored line as input for the line's action."""
        price, day, runs_out = stored["max_unit_price"], stored["needed_by"], stored["runs_out_on"]
        return LineFacts(
            product=self._products[stored["product"]],
            quantity=stored["quantity"],
            standards=[self._standards[code] for code in stored["standards"]],
            needed_by=date.fromisoformat(day) if day else None,
            max_unit_price=Decimal(price) if price is not None else None,
            currency=stored["currency"],
            use_per_day=stored["use_per_day"],
            runs_out_on=date.fromisoformat(runs_out) if runs_out else None,
            priority=stored["priority"],
            alternatives=tuple(
                Alternative(self._products[product], self._standards[standard] if standard else None)
                for product, standard in stored["alternatives"]
            ),
        )


def _delegation_facts(by: Actor, need: SupplyRequest, authors: frozenset[int]) -> dict[str, str]:
    """Return the absent approver and the end of the absence, for the journal entry of the decision.

    Empty for an author, who takes their own text back and decides for no one.
    """
    covered = delegation_for_decision(by, need, authors) if by.user_id not in authors else None
    return (
        {"on_behalf_of": covered.delegator_name, "absent_until": covered.last_day.isoformat()}
        if covered
        else {}
    )
