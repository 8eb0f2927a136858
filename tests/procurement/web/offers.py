"""Offers and reports as the tests of the pages need them, played by actions."""

from decimal import Decimal

from procurement.catalogue.models.standards import Standard
from procurement.leads.actions import offers
from procurement.leads.models.offer import SupplierLead
from procurement.verification import questions
from procurement.verification.actions import reporting
from procurement.verification.actions.asking import request_check
from procurement.verification.models.checks import VerificationTask
from tests.procurement.story import AT, Story
from tests.world import own_link


def offered(story: Story, stock: int = 10_000, **facts: object) -> SupplierLead:
    """An offer that came in and is not checked yet."""
    line = story.line(stock)
    lead = offers.draft(
        story.city,
        author=story.officer.user,
        supplier=story.supplier,
        line=line,
        contact=story.contact,
        kind="sale",
        product=line.product,
        standard=Standard.objects.get(code="ASTM-F2100-L2"),
        stock_quantity=stock,
        unit_price=Decimal("0.50"),
        currency="USD",
        by=story.officer.by,
        at=AT,
        **facts,
    )
    return offers.offer(lead, by=story.officer.by, at=AT)


def reported(story: Story, task: VerificationTask, *, seen: str = "", again: bool = False) -> None:
    """A check reported by Li Wei, and not judged yet."""
    if not again:
        request_check(task, story.contact, by=story.officer.by, at=AT)
    reporting.submit(
        task,
        answers={one.code: {"answer": "yes", "seen": seen} for one in questions.about(task)},
        method="visit",
        seen_on=AT.date(),
        confidence=3,
        author=story.contact.user,
        by=own_link(story.contact),
        at=AT,
    )
