"""Two cities and one company: Burnaby has checked it, Markham has still to. Reached by playing actions."""

from decimal import Decimal
from typing import Any

from procurement.catalogue.models.standards import Standard
from procurement.leads.actions import deciding, offers
from procurement.verification.actions import sharing
from procurement.verification.actions.opening import open_checks
from procurement.verification.actions.sharing import ask_for_reuse, settle_shared
from procurement.verification.models.checks import VerificationTask
from procurement.verification.models.sharing import Reuse
from tests.procurement.story import AT, Story
from tests.world import powers_for


def markham(story: Story, place: str = "markham", **facts: Any) -> tuple[Story, dict[str, VerificationTask]]:
    """Markham, or another city, with an offer of the same company and goods, and its checks by their kind, still to be given out."""
    other = Story(place)
    line = other.line()
    given: dict[str, Any] = {
        "supplier": story.supplier, "kind": "sale", "currency": "USD", "unit_price": Decimal("0.60"),
        "standard": Standard.objects.get(code="ASTM-F2100-L2"), "stock_quantity": 9_000,
        "incoterm": "FCA", "incoterm_place": "Zhongshan", **facts,
    }  # fmt: skip
    who: dict[str, Any] = {"by": other.officer.by, "at": AT}
    lead = offers.draft(
        other.city, author=other.officer.user, line=line, product=line.product, **given, **who
    )
    offers.offer(lead, **who)
    return other, {task.check_kind: task for task in open_checks(lead, **who)}


def licence(story: Story) -> VerificationTask:
    """Markham's check of the licence, which Burnaby has accepted already for its own offer."""
    story.lead(story.line())
    _other, tasks = markham(story)
    return tasks["business_licence"]


def asked(story: Story) -> Reuse:
    """Markham asks."""
    story.lead(story.line())
    other, tasks = markham(story)
    return ask_for_reuse(tasks["business_licence"], author=other.officer.user, by=other.officer.by, at=AT)


def agreed(story: Story) -> Reuse:
    return sharing.agree(asked(story), by=story.officer.by, at=AT)


def refused_politely(story: Story) -> Reuse:
    return sharing.refuse(asked(story), by=story.verifier.by, at=AT)


def cancelled(story: Story) -> Reuse:
    reuse = asked(story)
    deciding.reject(reuse.task.lead, reason="too late", by=powers_for(reuse.author), at=AT)
    settle_shared(AT)
    reuse.refresh_from_db()
    return reuse
