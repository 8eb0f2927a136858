"""Actions that update findings on the offers of placed orders: an account changed after contract, pressure to pay.

Called by actions and by the periodic job.
"""

from datetime import datetime

from procurement.leads.actions.findings import record_findings
from procurement.leads.screening.offer_data import FindingData
from procurement.leads.screening.rule_types import codes_of
from procurement.orders.models import Order
from procurement.orders.payments.rules.account_changes import ACCOUNT_CHANGE_RULES, account_change_findings
from procurement.orders.payments.rules.blocks import PAYABLE_STATUSES
from procurement.orders.rules.blockers import leads_of
from procurement.suppliers.actions.bank_accounts import mark_account_screened
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.suppliers import Supplier
from workflow.due_rows import process_due


def rescreen_order(order: Order, at: datetime) -> None:
    """Update this package's findings on the offers of an order, from all placed orders of each offer.

    Call inside a transaction.
    """
    for lead in leads_of(order):
        placed = (
            Order.objects.filter(lines__allocation__lead=lead, status__in=PAYABLE_STATUSES)
            .distinct()
            .order_by("pk")
        )
        noted = [
            found
            for one in placed.select_related("supplier", "bank_account")
            for found in _findings_of_order(one, at)
        ]
        record_findings(lead, noted, at=at, only=codes_of(ACCOUNT_CHANGE_RULES))


def rescreen_orders_of_supplier(company: Supplier, at: datetime) -> None:
    """Update the findings for every placed order to a company, including those to rows merged into it."""
    placed = Order.objects.filter(supplier__in=company.row_ids, status__in=PAYABLE_STATUSES)
    for order in placed.order_by("pk"):
        rescreen_order(order, at)


def screen_account_changes(at: datetime) -> int:
    """Update the findings for bank accounts that changed or whose waiting time has ended.

    An account changes when it is entered, called about or retired. Returns the number of accounts.
    """
    due = BankAccount.objects.filter(next_check_at__lte=at).order_by("next_check_at", "pk")

    def rescreen_account(account: BankAccount) -> None:
        rescreen_orders_of_supplier(account.supplier.current_row, at)
        mark_account_screened(account, at)

    return process_due(due, rescreen_account)


def _findings_of_order(order: Order, at: datetime) -> list[FindingData]:
    company = order.supplier.current_row
    own = BankAccount.objects.of_city(order.city_id) | BankAccount.objects.filter(
        pk=order.bank_account_id or 0
    )
    accounts = list(own.filter(supplier=company).order_by("pk"))
    return account_change_findings(order, accounts, order.payments.order_by("pk"), at)
