"""Cache of facts about an order, so that its page reads each once for all moves and panels.

Only a page starts the cache. A move reads its own order under the lock, so it never decides on cached facts.
"""

from collections.abc import Callable, Iterable
from typing import Any, cast

from procurement.leads.models.leads import SupplierLead
from procurement.orders.models import Order, OrderLine
from procurement.suppliers.models.suppliers import Supplier

_CACHE_ATTRIBUTE = "_remembered_facts"  # attribute that holds the facts on the order


def cache_order_facts(order: Order, lines: Iterable[OrderLine]) -> None:
    """Cache on the order what rules read about it, until the object is discarded.

    `lines` are read with their offers and companies.

    Rows of one company become one object, so that its merged rows are read once.
    """
    known = sorted(lines, key=lambda line: (line.allocation.lead_id, line.pk))
    companies: dict[int, Supplier] = {order.supplier.pk: order.supplier}
    leads: dict[int, SupplierLead] = {}
    for line in known:
        lead = leads.setdefault(line.allocation.lead.pk, line.allocation.lead)
        line.allocation.lead = lead
        lead.supplier = companies.setdefault(lead.supplier.pk, lead.supplier)
        if lead.maker is not None:
            lead.maker = companies.setdefault(lead.maker.pk, lead.maker)
        if lead.city_id == order.city_id:
            lead.city = order.city
    made = [lead.maker.current_row for lead in leads.values() if lead.maker is not None]
    makers = sorted(dict.fromkeys(made), key=lambda company: company.pk)
    vars(order)[_CACHE_ATTRIBUTE] = {
        "lines": known,
        "leads": list(leads.values()),
        "companies": list(dict.fromkeys((order.supplier.current_row, *makers))),
    }


def cached_fact[T](order: Order, name: str, read: Callable[[], T]) -> T:
    """Return a fact about the order by its name: the cached one, else what `read` returns."""
    facts: dict[str, Any] | None = vars(order).get(_CACHE_ATTRIBUTE)
    if facts is None:
        return read()
    if name not in facts:
        facts[name] = read()
    return cast("T", facts[name])
