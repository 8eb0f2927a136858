"""Scenario steps: one offer is bought and one donation accepted, from allocation to payment and thanks."""

from decimal import Decimal

from procurement.allocations import actions
from procurement.allocations.models import Allocation
from procurement.management.scenario.state import Stage
from procurement.orders.actions.approve import (
    accept_donation,
    approve_order,
    mark_ready,
    place_order,
    record_confirmation,
    submit_order,
)
from procurement.orders.actions.close import thank_donor
from procurement.orders.actions.create import choose_account, create_donation, create_order
from procurement.orders.decision_memos.actions import create_memo
from procurement.orders.models import Order
from procurement.orders.payments.actions import propose_payment, record_payment
from procurement.orders.payments.models import Payment
from procurement.suppliers.actions.bank_accounts import confirm_account, propose_account
from workflow.attachments.actions import add_comment

BOUGHT, GIVEN, MORE = 100_000, 20_000, 30_000


def allocate(stage: Stage, key: str, quantity: int) -> Allocation:
    """Allocate pieces of a verified offer to the need line it was made for."""
    lead = stage.leads[key]
    lead.refresh_from_db()
    line = stage.needs["burnaby"].lines.get(position=1)
    return actions.allocate(
        lead, line, quantity, author=stage.staff["officer"], by=stage.by("officer"), at=stage.at
    )


def donation_is_offered(stage: Stage) -> None:
    """Enter the donation at its true value, which customs will need."""
    stage.orders["gift"] = create_donation(
        stage.cities["burnaby"],
        [allocate(stage, "giver", GIVEN)],
        author=stage.staff["officer"],
        by=stage.by("officer"),
        at=stage.at,
    )


def donation_is_accepted(stage: Stage) -> None:
    """Accept the donation as approver, with a comment."""
    accept_donation(stage.orders["gift"], by=stage.by("approver"), at=stage.at)
    add_comment(
        stage.orders["gift"],
        "Council will be told on Monday. Please prepare the letter of thanks in both languages.",
        by=stage.by("approver"),
        at=stage.at,
        language="en",
    )


def donation_is_ready(stage: Stage) -> None:
    """Record that Guiyang has the cartons ready."""
    mark_ready(stage.orders["gift"], by=stage.by("officer"), at=stage.at)


def donation_is_thanked_for(stage: Stage) -> None:
    """Thank Guiyang for the donation."""
    thank_donor(stage.orders["gift"], by=stage.by("officer"), at=stage.at)


def purchase_is_written(stage: Stage) -> None:
    """Write and submit an order of 100,000 masks, above the approval limit. Its account is unconfirmed."""
    order = _drafted(stage, BOUGHT)
    choose_account(
        order,
        stage.suppliers["maker"].bank_accounts.get(),
        reason="The only account the maker named.",
        by=stage.by("officer"),
        at=stage.at,
    )
    stage.orders["purchase"] = submit_order(order, by=stage.by("officer"), at=stage.at)


def account_is_entered(stage: Stage) -> None:
    """Enter the manufacturer's bank account, so that it is checked with the offer."""
    supplier = stage.suppliers["maker"]
    propose_account(
        supplier,
        holder=supplier.legal_name_local,
        number="6228 9999 0000 0000 017",
        bank="中山示范银行 DEMO Bank of Zhongshan",
        country="CN",
        currency="USD",
        proposed_by=stage.staff["officer"],
        by=stage.by("officer"),
        at=stage.at,
    )


def _drafted(stage: Stage, quantity: int) -> Order:
    return create_order(
        stage.cities["burnaby"],
        [allocate(stage, "maker", quantity)],
        author=stage.staff["officer"],
        by=stage.by("officer"),
        at=stage.at,
        authority=Order.Authority.EMERGENCY,
        authority_reference="DEMO: local emergency, resolution 2020-17",
        budget_line="DEMO 4410",
        few_offers_reason="Two makers had stock that could be seen within the week.",
        extra_costs=Decimal("2400.00"),
    )


def purchase_is_approved(stage: Stage) -> None:
    """Approve the order as a second person, who neither wrote it nor verified the offer."""
    approve_order(stage.orders["purchase"], by=stage.by("approver"), at=stage.at)


def memo_is_generated(stage: Stage) -> None:
    """Make the decision memo of the order, for the file and the auditor."""
    create_memo(
        stage.orders["purchase"], author=stage.staff["approver"], by=stage.by("approver"), at=stage.at
    )


def purchase_is_placed(stage: Stage) -> None:
    """Place the order. A second officer calls the manufacturer back and confirms the account.

    The call goes to the number that the Zhongshan contact confirmed.
    """
    order = place_order(stage.orders["purchase"], by=stage.by("officer"), at=stage.at)
    account = order.bank_account
    assert account is not None  # chosen when the order was written
    confirm_account(
        account,
        callback_number=stage.suppliers["maker"].phone,
        confirmed_by=stage.staff["second_officer"],
        by=stage.by("second_officer"),
        at=stage.at,
    )


def purchase_is_confirmed(stage: Stage) -> None:
    """Record the manufacturer's confirmation for the second week of April."""
    day = stage.day.replace(day=8)
    record_confirmation(stage.orders["purchase"], promised_on=day, by=stage.by("officer"), at=stage.at)


def deposit_is_proposed(stage: Stage) -> None:
    """Propose the deposit two days after the call, when the account's waiting time has ended."""
    propose_payment(payment(stage, Payment.Milestone.DEPOSIT), by=stage.by("officer"), at=stage.at)


def deposit_is_paid(stage: Stage) -> None:
    """Pay the deposit as a second person."""
    record_payment(
        payment(stage, Payment.Milestone.DEPOSIT),
        paid_on=stage.day,
        transfer="DEMO-TRF-0403",
        by=stage.by("approver"),
        at=stage.at,
    )


def purchase_is_ready(stage: Stage) -> None:
    """Record that the manufacturer has packed the goods."""
    mark_ready(stage.orders["purchase"], by=stage.by("officer"), at=stage.at)


def second_payment_is_proposed(stage: Stage) -> None:
    """Propose the payment that is due since the goods left. It waits for a second person."""
    propose_payment(payment(stage, Payment.Milestone.AGAINST_DOCUMENTS), by=stage.by("officer"), at=stage.at)


def more_is_ordered(stage: Stage) -> None:
    """Write and submit another order of 30,000 masks, which waits for the approver."""
    stage.orders["more"] = submit_order(_drafted(stage, MORE), by=stage.by("officer"), at=stage.at)


def payment(stage: Stage, milestone: str) -> Payment:
    """Return the purchase's payment at a milestone."""
    return stage.orders["purchase"].payments.get(milestone=milestone)
