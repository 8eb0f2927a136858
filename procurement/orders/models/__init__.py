"""Bought or given: orders and their lines, and what is paid when."""

from procurement.orders.models.order import Order, OrderLine
from procurement.orders.models.payment import Payment

__all__ = ["Order", "OrderLine", "Payment"]
