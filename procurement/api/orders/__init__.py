"""orders, payments, memos and bundles: bought or given, what is paid when, what a decision rested on, and all papers. By noun."""

from procurement.api.orders.bundles import Bundles
from procurement.api.orders.memos import Memos
from procurement.api.orders.orders import Orders
from procurement.api.orders.payments import Payments

__all__ = ["Bundles", "Memos", "Orders", "Payments"]
