"""Offers and reports for the tests of pages, made by actions."""

from decimal import Decimal

from procurement.catalogue.models.standards import Standard
from procurement.leads.actions.leads import draft_lead, submit_lead
from procurement.leads.models.leads import SupplierLead
from procurement.verification.actions.assignment import request_check
from procurement.verification.actions.reports import submit_report
from procurement.verification.models import VerificationTask
from procurement.verification.questions import questions_for_task
from tests.worlds.cities import own_link
from tests.worlds.need_to_order import AT, Story


def submitted_lead(story: Story, stock: int = 10_000, **facts: object) -> SupplierLead:
    """Return an offer that came in and is not checked yet."""
    line = story.line(stock)
    lead = draft_lead(
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
    return submit_lead(lead, by=story.officer.by, at=AT)


def report_by_provider(story: Story, task: VerificationTask, *, seen: str = "", again: bool = False) -> None:
    """Submit Li Wei's report on a check, which is not accepted yet."""
    if not again:
        request_check(task, story.contact, by=story.officer.by, at=AT)
    submit_report(
        task,
        answers={one.code: {"answer": "yes", "seen": seen} for one in questions_for_task(task)},
        method="visit",
        seen_on=AT.date(),
        confidence=3,
        author=story.contact.user,
        by=own_link(story.contact),
        at=AT,
    )
