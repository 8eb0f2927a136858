"""Scenario steps: one offer is bought and one donation accepted, from allocation to payment and thanks."""

from decimal import Decimal

from procurement.allocations import actions
from procurement.allocations.models import Allocation
from procurement.management.scenario.state import ScenarioState
from procurement.orders.acknowledgements.actions.answers import accept_proposal, propose_terms
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.acknowledgements.queries import terms_version
from procurement.orders.acknowledgements.rules import SellerActor
from procurement.orders.actions.approve import (
    accept_donation,
    approve_order,
    mark_ready,
    place_order,
    submit_order,
)
from procurement.orders.actions.close import thank_donor
from procurement.orders.actions.create import choose_account, create_donation, create_order
from procurement.orders.decision_memos.actions import create_memo
from procurement.orders.models import Order
from procurement.orders.payments.actions import propose_payment, record_payment
from procurement.orders.payments.models import Payment
from procurement.suppliers.actions.bank_accounts import confirm_account, propose_account
from workflow.comments_and_files.actions import add_comment

PURCHASED_PIECES, DONATED_PIECES, REORDERED_PIECES = 100_000, 20_000, 30_000


def allocate_offer(scenario: ScenarioState, key: str, quantity: int) -> Allocation:
    """Allocate pieces of a verified offer to the need line it was made for."""
    lead = scenario.leads[key]
    lead.refresh_from_db()
    line = scenario.needs["burnaby"].lines.get(position=1)
    return actions.allocate(
        lead, line, quantity, author=scenario.staff["officer"], by=scenario.by("officer"), at=scenario.now
    )


def donation_is_offered(scenario: ScenarioState) -> None:
    """Enter the donation at its true value, which customs will need."""
    scenario.orders["gift"] = create_donation(
        scenario.cities["burnaby"],
        [allocate_offer(scenario, "giver", DONATED_PIECES)],
        author=scenario.staff["officer"],
        by=scenario.by("officer"),
        at=scenario.now,
    )


def donation_is_accepted(scenario: ScenarioState) -> None:
    """Accept the donation as approver, with a comment."""
    accept_donation(scenario.orders["gift"], by=scenario.by("approver"), at=scenario.now)
    add_comment(
        scenario.orders["gift"],
        "Council will be told on Monday. Please prepare the letter of thanks in both languages.",
        by=scenario.by("approver"),
        at=scenario.now,
        language="en",
    )


def donation_is_ready(scenario: ScenarioState) -> None:
    """Record that Guiyang has the cartons ready."""
    mark_ready(scenario.orders["gift"], by=scenario.by("officer"), at=scenario.now)


def donation_is_thanked_for(scenario: ScenarioState) -> None:
    """Thank Guiyang for the donation."""
    thank_donor(scenario.orders["gift"], by=scenario.by("officer"), at=scenario.now)


def purchase_is_written(scenario: ScenarioState) -> None:
    """Write and submit an order of 100,000 masks, above the approval limit. Its account is unconfirmed."""
    order = _draft_purchase(scenario, PURCHASED_PIECES)
    choose_account(
        order,
        scenario.suppliers["maker"].bank_accounts.get(),
        reason="The only account the maker named.",
        by=scenario.by("officer"),
        at=scenario.now,
    )
    scenario.orders["purchase"] = submit_order(order, by=scenario.by("officer"), at=scenario.now)


def bank_account_is_entered(scenario: ScenarioState) -> None:
    """Enter the manufacturer's bank account, so that it is checked with the offer."""
    supplier = scenario.suppliers["maker"]
    propose_account(
        supplier,
        holder=supplier.legal_name_local,
        number="6228 9999 0000 0000 017",
        bank="中山示范银行 DEMO Bank of Zhongshan",
        country="CN",
        currency="USD",
        proposed_by=scenario.staff["officer"],
        by=scenario.by("officer"),
        at=scenario.now,
    )


def _draft_purchase(scenario: ScenarioState, quantity: int) -> Order:
    return create_order(
        scenario.cities["burnaby"],
        [allocate_offer(scenario, "maker", quantity)],
        author=scenario.staff["officer"],
        by=scenario.by("officer"),
        at=scenario.now,
        authority=Order.Authority.EMERGENCY,
        authority_reference="DEMO: local emergency, resolution 2020-17",
        budget_line="DEMO 4410",
        few_offers_reason="Two makers had stock that could be seen within the week.",
        extra_costs=Decimal("2400.00"),
    )


def purchase_is_approved(scenario: ScenarioState) -> None:
    """Approve the order as a second person, who neither wrote it nor verified the offer."""
    approve_order(scenario.orders["purchase"], by=scenario.by("approver"), at=scenario.now)


def memo_is_created(scenario: ScenarioState) -> None:
    """Make the decision memo of the order, for the file and the auditor."""
    create_memo(
        scenario.orders["purchase"],
        author=scenario.staff["approver"],
        by=scenario.by("approver"),
        at=scenario.now,
    )


def purchase_is_placed(scenario: ScenarioState) -> None:
    """Place the order. A second officer calls the manufacturer back and confirms the account.

    The call goes to the number that the Zhongshan contact confirmed.
    """
    order = place_order(scenario.orders["purchase"], by=scenario.by("officer"), at=scenario.now)
    account = order.bank_account
    assert account is not None  # chosen when the order was written
    confirm_account(
        account,
        callback_number=scenario.suppliers["maker"].phone,
        confirmed_by=scenario.staff["second_officer"],
        by=scenario.by("second_officer"),
        at=scenario.now,
    )


def maker_proposes_date(scenario: ScenarioState) -> None:
    """Let the manufacturer answer by the link of the order: the second week of April, with its own number."""
    asked = OrderAcknowledgement.objects.get(order=scenario.orders["purchase"])
    propose_terms(
        asked,
        delivery_on=scenario.today.replace(day=8),
        supplier_reference="DEMO-2020-0417",
        answered_by_name="陈敏 Chen Min DEMO",
        reason="口罩机排产至4月6日，8日可以交货。",
        seen_version=terms_version(asked),
        by=SellerActor(asked, asked.person_id),
        at=scenario.now,
    )


def purchase_is_confirmed(scenario: ScenarioState) -> None:
    """Accept the manufacturer's date, which confirms the order."""
    asked = OrderAcknowledgement.objects.get(order=scenario.orders["purchase"])
    accept_proposal(asked, by=scenario.by("officer"), at=scenario.now)
    scenario.orders["purchase"].refresh_from_db()


def deposit_is_proposed(scenario: ScenarioState) -> None:
    """Propose the deposit two days after the call, when the account's waiting time has ended."""
    propose_payment(
        payment_for_milestone(scenario, Payment.Milestone.DEPOSIT), by=scenario.by("officer"), at=scenario.now
    )


def deposit_is_paid(scenario: ScenarioState) -> None:
    """Pay the deposit as a second person."""
    record_payment(
        payment_for_milestone(scenario, Payment.Milestone.DEPOSIT),
        paid_on=scenario.today,
        transfer="DEMO-TRF-0403",
        by=scenario.by("approver"),
        at=scenario.now,
    )


def purchase_is_ready(scenario: ScenarioState) -> None:
    """Record that the manufacturer has packed the goods."""
    mark_ready(scenario.orders["purchase"], by=scenario.by("officer"), at=scenario.now)


def second_payment_is_proposed(scenario: ScenarioState) -> None:
    """Propose the payment that is due since the goods left. It waits for a second person."""
    propose_payment(
        payment_for_milestone(scenario, Payment.Milestone.AGAINST_DOCUMENTS),
        by=scenario.by("officer"),
        at=scenario.now,
    )


def second_order_is_submitted(scenario: ScenarioState) -> None:
    """Write and submit another order of 30,000 masks, which waits for the approver."""
    scenario.orders["more"] = submit_order(
        _draft_purchase(scenario, REORDERED_PIECES), by=scenario.by("officer"), at=scenario.now
    )


def payment_for_milestone(scenario: ScenarioState, milestone: str) -> Payment:
    """Return the purchase's payment at a milestone."""
    return scenario.orders["purchase"].payments.get(milestone=milestone)
