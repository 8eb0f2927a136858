"""The price of an offer as its order says it: at the order's price and rate. What the offer asks by now may be another."""

from copy import copy
from datetime import datetime

from procurement.leads.gathering.landed import stored
from procurement.leads.models.offer import SupplierLead
from procurement.orders.models.order import Order, OrderLine


def as_ordered(order: Order, line: OrderLine, at: datetime) -> SupplierLead:
    """The offer of a line as it was ordered: itself where nothing differs, else a copy that nobody saves."""
    lead = line.allocation.lead
    if (line.unit_price, order.rate_on) == (lead.unit_price, lead.rate_on):
        return lead
    ordered = copy(lead)
    ordered.unit_price, ordered.currency = line.unit_price, order.currency
    ordered.price_here, ordered.rate_on = order.here(line.unit_price), order.rate_on
    ordered.landed = stored(ordered, at)
    return ordered
