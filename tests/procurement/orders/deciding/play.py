"""Whom the tests of deciding need besides, and what comes up against an offer."""

from accounts.models import User
from procurement.leads import actions as leads
from procurement.leads.models import Finding, SupplierLead
from procurement.leads.screening import Found
from procurement.orders.models import Order
from procurement.suppliers import actions as suppliers
from tests import world
from tests.procurement.story import AT, LATER, Person, Story


def lead_of(order: Order) -> SupplierLead:
    return order.lines.get().allocation.lead


def block(order: Order, code: str = "no_hand_over") -> Finding:
    """Something blocking comes up about the offer."""
    lead = lead_of(order)
    leads.find(lead, [Found(code=code, severity="block")], at=LATER, only=frozenset({code}))
    return lead.findings.get(code=code)


def another_account(story: Story, order: Order) -> Finding:
    """Another account is named beside the one in use, and nobody has called back."""
    story.account()
    suppliers.propose_account(
        story.supplier,
        holder="Zhongshan Kanghu DEMO",
        number="6222 0000 0000 0001",
        bank="Bank of Zhongshan DEMO",
        country="CN",
        proposed_by=story.officer.user,
        by=story.officer.by,
        at=AT,
    )
    leads.look_again(lead_of(order), at=LATER)
    return lead_of(order).findings.get(code="account_changed")


def also(story: Story, user: User, role: str) -> Person:
    """Somebody who holds a second role."""
    world.actions.grant(user, role=role, city=story.city, by=world.CONSOLE, at=AT)
    return Person(user, world.powers_for(user))
