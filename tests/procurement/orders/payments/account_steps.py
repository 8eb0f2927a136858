"""Steps on bank accounts and payments for the tests of payment blocks: calls to confirm, and proposals."""

from datetime import datetime, timedelta

from procurement.leads.models.findings import Finding
from procurement.orders.models import Order
from procurement.orders.payments.actions import propose_payment
from procurement.orders.payments.models import Payment
from procurement.suppliers.actions.bank_accounts import confirm_account, record_callback
from procurement.suppliers.models.bank_accounts import BankAccount
from tests.worlds.completed_orders import LATE
from tests.worlds.need_to_order import Story

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def findings_in_effect(code: str) -> list[Finding]:
    return list(Finding.objects.in_effect().filter(code=code))


def deposit_of(order: Order) -> Payment:
    return order.payments.get(milestone="deposit")


def call_back(story: Story, account: BankAccount, at: datetime, *, again: bool = False) -> BankAccount:
    second = story.second_officer
    action = record_callback if again else confirm_account
    return action(account, callback_number="+86 760 0000 0000", confirmed_by=second.user, by=second.by, at=at)


def propose_payment_of(story: Story, payment: Payment, at: datetime = LATE) -> Payment:
    return propose_payment(payment, by=story.officer.by, at=at)
