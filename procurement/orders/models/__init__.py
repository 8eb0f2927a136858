"""Bought or given: orders and their lines, what is paid when, the memo of the decision, and all papers of one order."""

from procurement.orders.models.bundle import Bundle
from procurement.orders.models.memo import Memo, MemoPrint
from procurement.orders.models.order import Order, OrderLine
from procurement.orders.models.payment import Payment

__all__ = ["Bundle", "Memo", "MemoPrint", "Order", "OrderLine", "Payment"]
