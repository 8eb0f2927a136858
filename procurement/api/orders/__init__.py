"""orders and payments: bought or given, and what is paid when. By noun."""

from procurement.api.orders.orders import Orders
from procurement.api.orders.payments import Payments

__all__ = ["Orders", "Payments"]
