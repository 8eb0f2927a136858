"""The cities whose offers and open orders rest on a company or an account: what others change there they decide (ADR 92)."""

from django.db.models import Q

from procurement.leads.models.offer import SupplierLead
from procurement.orders.models.order import Order
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.company import Supplier

OPEN = (
    Order.Status.DRAFT,
    Order.Status.AWAITING_APPROVAL,
    Order.Status.APPROVED,
    Order.Status.PLACED,
    Order.Status.CONFIRMED,
    Order.Status.OFFERED,
    Order.Status.ACCEPTED,
    Order.Status.READY,
)


def on_company(company: Supplier) -> frozenset[int]:
    """The cities, by id, with an offer of this company or of goods it makes, or with an open order to it. Two queries."""
    rows = company.rows
    offers = SupplierLead.objects.live().filter(Q(supplier__in=rows) | Q(maker__in=rows))
    orders = Order.objects.filter(
        Q(supplier__in=rows) | Q(lines__allocation__lead__maker__in=rows), status__in=OPEN
    )
    return frozenset(offers.values_list("city", flat=True)) | frozenset(orders.values_list("city", flat=True))


def on_account(account: BankAccount) -> frozenset[int]:
    """The cities, by id, with an open order paid into this account, or to its company if it was entered or called about for them."""
    paid = Q(bank_account=account)
    company = Q(supplier__in=account.supplier.rows, city__in=account.cities)
    return frozenset(Order.objects.filter(paid | company, status__in=OPEN).values_list("city", flat=True))
