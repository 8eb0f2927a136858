"""Steps that affect who may decide on an order: a second role, a blocking finding, another bank account."""

from accounts import actors
from accounts.models import User
from partners.memberships.actions import grant_role
from procurement.leads.actions.findings import record_findings, rescreen_lead
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.screening.offer_data import FindingData
from procurement.orders.models import Order
from procurement.suppliers.actions.bank_accounts import propose_account
from tests.worlds.cities import powers_for
from tests.worlds.need_to_order import AT, LATER, Person, Story


def lead_of(order: Order) -> SupplierLead:
    return order.lines.get().allocation.lead


def add_blocking_finding(order: Order, code: str = "no_hand_over") -> Finding:
    """Raise a blocking finding about the order's offer, and return it."""
    lead = lead_of(order)
    record_findings(lead, [FindingData(code=code, severity="block")], at=LATER, only=frozenset({code}))
    return lead.findings.get(code=code)


def another_account(story: Story, order: Order) -> Finding:
    """Propose another bank account beside the one in use, which no one has confirmed by a call; return the finding."""
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
    rescreen_lead(lead_of(order), at=LATER)
    return lead_of(order).findings.get(code="account_changed")


def add_role(story: Story, user: User, role: str) -> Person:
    """Give the user a second role."""
    grant_role(user, role=role, city=story.city, by=actors.CONSOLE_ACTOR, at=AT)
    return Person(user, powers_for(user))
