"""Whom the tests of deciding need besides, and what comes up against an offer."""

from accounts import actors
from accounts.models import User
from partners.actions import roles
from procurement.leads.actions import findings
from procurement.leads.actions.findings import look_again
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.screening.values import Found
from procurement.orders.models.order import Order
from procurement.suppliers.actions.accounts import propose_account
from tests.procurement.story import AT, LATER, Person, Story
from tests.world import powers_for


def lead_of(order: Order) -> SupplierLead:
    return order.lines.get().allocation.lead


def block(order: Order, code: str = "no_hand_over") -> Finding:
    """Something blocking comes up about the offer."""
    lead = lead_of(order)
    findings.find(lead, [Found(code=code, severity="block")], at=LATER, only=frozenset({code}))
    return lead.findings.get(code=code)


def another_account(story: Story, order: Order) -> Finding:
    """Another account is named beside the one in use, and nobody has called back."""
    story.account()
    propose_account(
        story.supplier,
        holder="Zhongshan Kanghu DEMO",
        number="6222 0000 0000 0001",
        bank="Bank of Zhongshan DEMO",
        country="CN",
        proposed_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    look_again(lead_of(order), at=LATER)
    return lead_of(order).findings.get(code="account_changed")


def also(story: Story, user: User, role: str) -> Person:
    """Somebody who holds a second role."""
    roles.grant(user, role=role, city=story.city, by=actors.CONSOLE, at=AT)
    return Person(user, powers_for(user))
