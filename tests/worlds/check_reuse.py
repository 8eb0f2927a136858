"""Two cities with offers of one company, which Burnaby has checked and Markham has not, made by actions."""

from decimal import Decimal
from typing import Any

from procurement.catalogue.models.standards import Standard
from procurement.leads.actions.decisions import reject_lead
from procurement.leads.actions.leads import draft_lead, submit_lead
from procurement.verification.actions.checks import open_checks
from procurement.verification.actions.reuse import agree_to_reuse, refuse_reuse, request_reuse, update_reuses
from procurement.verification.models import CheckReuse, VerificationTask
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT, Story


def city_with_proposed_checks(
    story: Story, place: str = "markham", **facts: Any
) -> tuple[Story, dict[str, VerificationTask]]:
    """Return Markham, or another city, with its proposed checks by kind.

    It has an offer of the same company and goods as Burnaby.
    """
    other = Story(place)
    line = other.line()
    given: dict[str, Any] = {
        "supplier": story.supplier, "kind": "sale", "currency": "USD", "unit_price": Decimal("0.60"),
        "standard": Standard.objects.get(code="ASTM-F2100-L2"), "stock_quantity": 9_000,
        "incoterm": "FCA", "incoterm_place": "Zhongshan", **facts,
    }  # fmt: skip
    who: dict[str, Any] = {"by": other.officer.by, "at": AT}
    lead = draft_lead(other.city, author=other.officer.user, line=line, product=line.product, **given, **who)
    submit_lead(lead, **who)
    return other, {task.check_kind: task for task in open_checks(lead, **who)}


def own_licence_check(story: Story) -> VerificationTask:
    """Return Markham's check of the licence, which Burnaby has already accepted for its own offer."""
    story.lead(story.line())
    _other, tasks = city_with_proposed_checks(story)
    return tasks["business_licence"]


def requested_reuse(story: Story) -> CheckReuse:
    """Let Markham ask to reuse Burnaby's check."""
    story.lead(story.line())
    other, tasks = city_with_proposed_checks(story)
    return request_reuse(tasks["business_licence"], author=other.officer.user, by=other.officer.by, at=AT)


def grant_reuse(story: Story) -> CheckReuse:
    return agree_to_reuse(requested_reuse(story), by=story.officer.by, at=AT)


def decline_reuse(story: Story) -> CheckReuse:
    return refuse_reuse(requested_reuse(story), by=story.verifier.by, at=AT)


def cancelled_reuse(story: Story) -> CheckReuse:
    reuse = requested_reuse(story)
    reject_lead(reuse.task.lead, reason="too late", by=powers_for(reuse.author), at=AT)
    update_reuses(AT)
    reuse.refresh_from_db()
    return reuse
