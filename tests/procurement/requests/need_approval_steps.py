"""Steps of approval before posting: cities that want it, needs that wait for it, and changes that do."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from partners.cities.actions import set_need_approval
from partners.memberships import actions as memberships
from partners.permissions.permissions import Permissions
from procurement.catalogue.models.products import Product
from procurement.dashboard.need_approval_items import NEED_APPROVAL_TODO_KINDS
from procurement.notifications.builder import build_notifications_for_entry
from procurement.requests.actions.lines import LineFacts, set_lines
from procurement.requests.approval.actions import (
    approve_request,
    return_change,
    return_request,
    submit_request,
)
from procurement.requests.models import SupplyRequest
from tests.procurement.requests.test_needs import need_with_line
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT, Person, Story
from workflow.journal.entries import history_of


def require_approval(story: Story, choice: str = "always", limit: str | None = None) -> None:
    """Let the city approve needs before they are posted: always, or above a value in its currency.

    The city gets its approver, without whom this is refused.
    """
    assert story.approver
    set_need_approval(
        story.city,
        choice,
        limit=Decimal(limit) if limit is not None else None,
        by=story.person("administrator").by,
        at=AT,
        reason="Council 2020-21",
    )


def delegate_of(story: Story, delegator: User) -> Person:
    """Return the second officer, to whom a person who is away for a week delegated, on a practice site at AT."""
    deputy = story.second_officer.user
    days = {"starts_on": AT.date(), "ends_on": AT.date() + timedelta(days=7)}
    memberships.delegate_approvals(story.city, deputy, **days, by=powers_for(delegator), at=AT)
    return Person(deputy, powers_for(deputy))


def draft_to_submit(story: Story) -> SupplyRequest:
    """Return a complete draft of a city that approves every need."""
    require_approval(story)
    return need_with_line(story)


def submitted_need(story: Story) -> SupplyRequest:
    """Return a need of 100 masks that waits for approval."""
    return submit_request(draft_to_submit(story), by=story.officer.by, at=AT)


def returned_need(story: Story) -> SupplyRequest:
    """Return a need that the approver sent back."""
    return return_request(submitted_need(story), reason="Which ward?", by=story.approver.by, at=AT)


def approved_need(story: Story) -> SupplyRequest:
    """Return a need of 100 masks that was approved and posted."""
    return approve_request(submitted_need(story), by=story.approver.by, at=AT)


def wanted_lines(*quantities: int, price: str | None = None, **facts: Any) -> list[LineFacts]:
    """Return lines of masks in these quantities, at most at this price."""
    masks = Product.objects.get(code="MASK_SURG")
    limit = Decimal(price) if price is not None else None
    return [LineFacts(product=masks, quantity=one, max_unit_price=limit, **facts) for one in quantities]


def need_with_change(story: Story) -> SupplyRequest:
    """Return a posted need of 100 masks, with the proposed change to 250."""
    need = approved_need(story)
    return set_lines(need, wanted_lines(250), by=story.officer.by, at=AT, reason="A second ward")


def need_with_returned_change(story: Story) -> SupplyRequest:
    """Return a posted need of which the approver sent the proposed change back."""
    return return_change(need_with_change(story), reason="Which ward?", by=story.approver.by, at=AT)


def quantities(need: SupplyRequest) -> list[int]:
    """Return the quantities of the lines, in their order."""
    return list(need.lines.order_by("position").values_list("quantity", flat=True))


def today_rows(by: Permissions) -> tuple[list[str], ...]:
    """Return the references of needs on Today: to decide on, and to correct."""
    return tuple([need.reference for need in kind.find_waiting(by)] for kind in NEED_APPROVAL_TODO_KINDS)


def recipients(need: SupplyRequest, verb: str) -> set[User]:
    """Return the people who are notified of the last move of this kind."""
    return {
        notice.recipient
        for notice in build_notifications_for_entry(history_of(need).filter(verb=verb)[0], AT).notices
    }
