"""The cities whose verified offers and open orders rest on a company or an account: what others change there they decide (ADR 92)."""

from django.db.models import Q

from procurement.leads.models import SupplierLead
from procurement.orders.models import Order
from procurement.suppliers.models import BankAccount, Supplier

S = Order.Status
OPEN = (S.AWAITING_APPROVAL, S.APPROVED, S.PLACED, S.CONFIRMED, S.OFFERED, S.ACCEPTED, S.READY)


def on_company(company: Supplier) -> frozenset[int]:
    """The cities, by id, with a verified offer of this company or of goods it makes, or with an open order to it. Two queries."""
    rows = company.rows
    offers = SupplierLead.objects.filter(
        Q(supplier__in=rows) | Q(maker__in=rows), status=SupplierLead.Status.VERIFIED
    )
    orders = Order.objects.filter(
        Q(supplier__in=rows) | Q(lines__allocation__lead__maker__in=rows), status__in=OPEN
    )
    return frozenset(offers.values_list("city", flat=True)) | frozenset(orders.values_list("city", flat=True))


def on_account(account: BankAccount) -> frozenset[int]:
    """The cities, by id, with an open order that is paid into this account. One query."""
    orders = Order.objects.filter(bank_account=account, status__in=OPEN)
    return frozenset(orders.values_list("city", flat=True))
