"""Blockers of the next step of a shipment, each with the party that has to remove it.

They are customs documents, clearances, customs holds, and goods that are not counted or inspected.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.customs import CustomsRule
from procurement.customs.models import CustomsClearance, CustomsHold
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.rules.documents import Due, missing_documents
from procurement.orders.models import Order
from procurement.orders.rules import blockers
from procurement.orders.rules.holds import order_on_hold_refusal, order_on_hold_text
from procurement.shipments.models import Shipment
from procurement.shipments.rules import unready_orders_refusal
from workflow.base_models import JournaledModel
from workflow.errors import LazyText, Refused
from workflow.moves import first_refusal, not_ready_refusal

Side = CustomsRule.Side
NEXT_DUE_BY_STATUS = {
    Shipment.Status.PLANNED: Due.DEPARTURE,
    Shipment.Status.PACKED: Due.DEPARTURE,
    Shipment.Status.IN_TRANSIT: Due.DELIVERY,
    Shipment.Status.ARRIVED: Due.DELIVERY,
}
REMAINING_WORK: dict[str, LazyText] = {
    CustomsDocument.Status.REQUIRED: _("obtain the document, then submit it"),
    CustomsDocument.Status.IN_PROGRESS: _("obtain the document, then submit it"),
    CustomsDocument.Status.READY: _("submit the document, which is ready"),
    CustomsDocument.Status.QUERIED: _("answer the query, then submit the document again"),
    CustomsDocument.Status.REFUSED: _("obtain a new version, then submit it"),
}
DOCUMENTS_WITH_SUPPLIER = CustomsDocument.objects.select_related("supplier").order_by("pk")
SIDE_BY_DUE = {Due.DEPARTURE: Side.EXPORT, Due.DELIVERY: Side.IMPORT}


@dataclass(frozen=True)
class StepBlocker:
    """Blocker of a step: its object, the responsible party, and the remaining work.

    `blocking_object` is the object on whose page the blocker is removed. `blocked_since` is the time since when it blocks, if known.
    """

    code: str
    text: LazyText
    responsible: LazyText
    remaining_work: LazyText
    blocking_object: JournaledModel
    blocked_since: datetime | None = None

    @property
    def summary(self) -> str:
        """One-line summary: the obstacle, and the party that has to remove it."""
        return _with_responsible(self.text, self.responsible)


def recommended_documents(documents: Iterable[CustomsDocument]) -> list[CustomsDocument]:
    """Return the documents that are not filed and do not block, because no rule with a reliable source requires them."""
    return [
        document
        for document in documents
        if not document.blocks and document.status not in CustomsDocument.Status.settled
    ]


def shipment_blockers(
    shipment: Shipment,
    clearances: Sequence[CustomsClearance],
    documents: Iterable[CustomsDocument],
    holds: Iterable[CustomsHold],
) -> list[StepBlocker]:
    """Return the blockers of the next step, in the order in which to settle them.

    Questions of customs come first, then documents, then the clearance itself. The clearances,
    documents and holds passed in must belong to the shipment.
    """
    due = NEXT_DUE_BY_STATUS.get(Shipment.Status(shipment.status))
    if due is None:
        return []
    side = SIDE_BY_DUE[due]
    clearance = next((clearance for clearance in clearances if clearance.side == side), None)
    active = [hold for hold in holds if hold.status == CustomsHold.Status.ACTIVE]
    found = [
        StepBlocker(
            "hold",
            hold.question or hold.reason,
            _broker_or_city(shipment),
            _remaining_work_of_hold(hold),
            hold,
            hold.started_at,
        )
        for hold in active
        if clearance and hold.clearance_id == clearance.pk
    ]
    found += [
        StepBlocker(
            "document",
            document.name,
            document.owner_name,
            REMAINING_WORK[CustomsDocument.Status(document.status)],
            document,
            document.created_at,
        )
        for document in missing_documents(documents, due)
    ]
    if clearance is not None and clearance.status != CustomsClearance.Status.CLEARED:
        found.append(_clearance_blocker(shipment, clearance))
    return found


def goods_blockers(orders: Iterable[Order]) -> list[StepBlocker]:
    """Return the orders whose goods are not ready: they stop the packing."""
    return [
        StepBlocker(
            "goods",
            _("The goods of %(orders)s are not ready yet.") % {"orders": order.reference},
            str(order.author),
            _("cancel the shipment: the order has ended")
            if order.status in Order.Status.void
            else _("confirm the order, then mark its goods as ready"),
            order,
            order.confirmed_at or order.placed_at,
        )
        for order in orders
    ]


def hold_blockers(orders: Iterable[Order]) -> list[StepBlocker]:
    """Return the orders on hold: they stop the departure."""
    return [
        StepBlocker(
            "order_hold",
            order_on_hold_text(order),
            str(order.held_by),
            _("resume the order once the reason for the hold has been resolved"),
            order,
            order.held_since,
        )
        for order in orders
    ]


def _clearance_blocker(shipment: Shipment, clearance: CustomsClearance) -> StepBlocker:
    filed = clearance.status == CustomsClearance.Status.FILED
    what = {
        (Side.EXPORT, False): _("Export not declared yet"),
        (Side.EXPORT, True): _("Export not cleared yet"),
        (Side.IMPORT, False): _("Import not declared yet"),
        (Side.IMPORT, True): _("Import not cleared yet"),
    }[Side(clearance.side), filed]
    left = _("record the customs clearance") if filed else _("file the declaration with customs")
    if filed and shipment.status == Shipment.Status.PLANNED:
        left = _("pack the goods, then record the customs clearance")
    who = _("customs") if filed else _broker_or_city(shipment)
    return StepBlocker("clearance", what, who, left, clearance, clearance.filed_at)


def _remaining_work_of_hold(hold: CustomsHold) -> LazyText:
    return _("end the hold") if hold.answer else _("answer customs")


def _broker_or_city(shipment: Shipment) -> LazyText:
    return _("customs broker") if shipment.broker_id else _("city")


def _joined_names(documents: Sequence[CustomsDocument]) -> str:
    return str(_("; ")).join(_with_responsible(document.name, document.owner_name) for document in documents)


def _with_responsible(text: LazyText, responsible: LazyText) -> str:
    return str(_("%(what)s (%(part)s)") % {"what": text, "part": responsible})


# Lazy, so that the list is in the language of the person who reads the refusal.
joined_documents = lazy(_joined_names, str)


def missing_documents_refusal(shipment: Shipment, due: str) -> Refused | None:
    """Return a refusal that lists the blocking documents still missing for a step."""
    prefetch_related_objects(
        [shipment], Prefetch("documents", DOCUMENTS_WITH_SUPPLIER)
    )  # unless the page has read them
    missing = missing_documents(shipment.documents.all(), due)
    if not missing:
        return None
    words = _("Documents required %(before)s are missing: %(papers)s.")
    params = {"before": Due(due).label, "papers": joined_documents(missing)}
    return not_ready_refusal(words % params, documents=[document.reference for document in missing])


def missing_clearance_refusal(shipment: Shipment, side: str) -> Refused | None:
    """Return a refusal if customs has not cleared the goods on this side.

    No shipment departs before its export is released, and none is delivered before its import is.
    """
    clearance = next((one for one in shipment.clearances.all() if one.side == side), None)
    if clearance is None or clearance.status == CustomsClearance.Status.CLEARED:
        return None
    words = {
        Side.EXPORT: _("Customs has not cleared the export yet (%(lane)s)."),
        Side.IMPORT: _("Customs has not cleared the import yet (%(lane)s)."),
    }[Side(side)]
    return not_ready_refusal(
        words % {"lane": clearance.reference}, clearance=clearance.reference, held=clearance.holds_open > 0
    )


def departure_refusal(shipment: Shipment) -> Refused | None:
    """Return a refusal if the shipment may not depart.

    Its orders must be ready and not on hold, no company behind them may match a watchlist, the blocking
    documents must be filed, and the export must be released.
    """
    return (
        unready_orders_refusal(shipment)
        or stopped_orders_refusal(shipment)
        or missing_documents_refusal(shipment, Due.DEPARTURE)
        or missing_clearance_refusal(shipment, Side.EXPORT)
    )


def stopped_orders_refusal(shipment: Shipment) -> Refused | None:
    """Return a refusal while an order of the goods is on hold or a company behind them may match a watchlist.

    This holds even if the match was found after the order was placed. One query for the orders.
    """
    orders = Order.objects.filter(lines__shipment_lines__shipment=shipment).distinct().order_by("pk")
    return first_refusal(
        order_on_hold_refusal(order) or blockers.watchlist_match_of_order_refusal(order) for order in orders
    )


def delivery_refusal(shipment: Shipment) -> Refused | None:
    """Return a refusal until the blocking documents are filed and the import is cleared."""
    return first_refusal(
        (missing_documents_refusal(shipment, Due.DELIVERY), missing_clearance_refusal(shipment, Side.IMPORT))
    )
