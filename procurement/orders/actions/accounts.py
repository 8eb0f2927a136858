"""Noting on the offers of placed orders that an account changed after contract, or that money is pressed for. Moves and the tick."""

from datetime import datetime

from procurement.leads.actions import findings
from procurement.leads.screening.values import Found
from procurement.orders.models.order import Order
from procurement.orders.rules import accounts
from procurement.orders.rules.accounts import found
from procurement.orders.rules.gates import leads_of
from procurement.orders.rules.holding import PAYABLE
from procurement.suppliers.actions.accounts import looked_at
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.company import Supplier
from workflow.due import work_off


def judge(order: Order, at: datetime) -> None:
    """Bring this stage's findings on the offers of an order up to date, by every placed order each offer is in. In a transaction."""
    for lead in leads_of(order):
        placed = (
            Order.objects.filter(lines__allocation__lead=lead, status__in=PAYABLE).distinct().order_by("pk")
        )
        noted = [found for one in placed.select_related("supplier", "bank_account") for found in _of(one, at)]
        findings.find(lead, noted, at=at, only=accounts.CODES)


def judge_all(company: Supplier, at: datetime) -> None:
    """Judge every placed order to a company anew, under whichever of its rows."""
    placed = Order.objects.filter(supplier__in=company.rows, status__in=PAYABLE)
    for order in placed.order_by("pk"):
        judge(order, at)


def settle_accounts(at: datetime) -> int:
    """Look at placed orders because of accounts that were entered, called about, retired, or have cooled. Returns how many accounts."""
    due = BankAccount.objects.filter(look_at__lte=at).order_by("look_at", "pk")

    def look(account: BankAccount) -> None:
        judge_all(account.supplier.current, at)
        looked_at(account, at)

    return work_off(due, look)


def _of(order: Order, at: datetime) -> list[Found]:
    company = order.supplier.current
    own = BankAccount.objects.of_city(order.city_id) | BankAccount.objects.filter(
        pk=order.bank_account_id or 0
    )
    accounts = list(own.filter(supplier=company).order_by("pk"))
    return found(order, accounts, order.payments.order_by("pk"), at)
