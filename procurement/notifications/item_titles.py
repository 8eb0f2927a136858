"""What an item of a notification is, in words beside its reference: goods, supplier or route."""

from collections.abc import Callable
from typing import Any

from workflow.errors import LazyText

# By the label of the item's model. Relations that they need are in `in_app_text.DETAIL_RELATIONS`.
TITLES: dict[str, Callable[[Any], LazyText]] = {
    "procurement.supplyrequest": lambda need: need.title,
    "procurement.inquiry": lambda inquiry: inquiry.supply_request.title,
    "procurement.supplierlead": lambda lead: f"{lead.supplier.name} · {lead.product.name}",
    "procurement.finding": lambda finding: finding.lead.supplier.name,
    "procurement.verificationtask": lambda task: task.get_check_kind_display(),
    "procurement.allocation": lambda allocation: allocation.lead.product.name,
    "procurement.order": lambda order: order.supplier.name,
    "procurement.orderacknowledgement": lambda one: f"{one.order.supplier.name} · {one.order.reference}",
    "procurement.payment": lambda payment: payment.order.supplier.name,
    "procurement.shipment": lambda shipment: shipment.route,
    "procurement.customsclearance": lambda clearance: clearance.shipment.route,
    "procurement.customshold": lambda hold: hold.clearance.shipment.route,
    "procurement.goodsreceipt": lambda receipt: receipt.shipment.route,
    "procurement.discrepancy": lambda case: case.summary,
    "procurement.lot": lambda lot: lot.line.order_line.allocation.lead.product.name,
}


def item_title(label: str, item: Any) -> LazyText:
    """Return what an item is, in words; "" for an item that its name describes already."""
    title = TITLES.get(label)
    return title(item) if title is not None else ""
