"""Events: which journal entries are events of a webhook, and the body that is sent for each.

The body holds references and states only: no person, no price, no text that people typed. It is written from the
journal, which never changes, so a repetition has the same body unless BASE_URL or the key of the city has changed.
"""

import json
from dataclasses import dataclass
from datetime import UTC

from django.apps import apps
from django.conf import settings

from procurement.webhooks.models import TEST_KIND, EventKind
from workflow.base_models import JournaledModel
from workflow.journal.models import Entry
from workflow.moves import Moves

API_PATH = "/api/v1"


@dataclass(frozen=True)
class EventObject:
    """Kind of object of an event: its model, and its collection in the API with the column that names an object."""

    label: str
    collection: str
    lookup_field: str = "reference"

    @property
    def model(self) -> type[JournaledModel]:
        """Model of the object."""
        model: type[JournaledModel] = apps.get_model(self.label)
        return model

    @property
    def verbs(self) -> frozenset[str]:
        """Verbs of the moves of the object. Entries with other verbs, such as comments, are no events."""
        return frozenset(Moves.registry[self.label].by_verb)


EVENT_OBJECTS: dict[str, EventObject] = {
    EventKind.SUPPLY_REQUEST: EventObject("procurement.supplyrequest", "supply-requests"),
    EventKind.INQUIRY: EventObject("procurement.inquiry", "inquiries"),
    EventKind.SUPPLIER_LEAD: EventObject("procurement.supplierlead", "supplier-leads"),
    EventKind.VERIFICATION_TASK: EventObject("procurement.verificationtask", "verification-tasks"),
    EventKind.ALLOCATION: EventObject("procurement.allocation", "allocations"),
    EventKind.ORDER: EventObject("procurement.order", "orders"),
    EventKind.PAYMENT: EventObject("procurement.payment", "payments", "id"),
    EventKind.SHIPMENT: EventObject("procurement.shipment", "shipments"),
    EventKind.CUSTOMS_CLEARANCE: EventObject("procurement.customsclearance", "customs-clearances"),
    EventKind.CUSTOMS_HOLD: EventObject("procurement.customshold", "customs-holds", "id"),
    EventKind.CUSTOMS_DOCUMENT: EventObject("procurement.customsdocument", "customs-documents"),
    EventKind.GOODS_RECEIPT: EventObject("procurement.goodsreceipt", "goods-receipts", "id"),
    EventKind.DISCREPANCY: EventObject("procurement.discrepancy", "discrepancies"),
    EventKind.LOT: EventObject("procurement.lot", "lots"),
    EventKind.DISTRIBUTION: EventObject("procurement.distribution", "distributions", "id"),
    TEST_KIND: EventObject("procurement.webhookendpoint", "webhook-endpoints", "id"),
}
KIND_BY_LABEL = {event_object.label: kind for kind, event_object in EVENT_OBJECTS.items()}


def event_type(entry: Entry) -> str | None:
    """Return the type of the event of a journal entry, such as `order.approve`; None if it is no event."""
    kind = KIND_BY_LABEL.get(entry.thing_label)
    if kind is None or entry.verb not in EVENT_OBJECTS[kind].verbs:
        return None
    return f"{kind}.{entry.verb}"


def event_body(entry: Entry, status: str | None, city: str) -> str:
    """Return the body of an event as JSON.

    `status` is the status of the object after the event, or None if it is not known; `city` is the key of the city.
    """
    event_object = EVENT_OBJECTS[KIND_BY_LABEL[entry.thing_label]]
    key = entry.reference if event_object.lookup_field == "reference" else entry.thing_id
    body = {
        "type": event_type(entry),
        "timestamp": entry.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {
            "id": entry.thing_id,
            "reference": entry.reference or None,
            "status": status,
            "city": city,
            "entry": entry.pk,
            "url": f"{settings.BASE_URL}{API_PATH}/{event_object.collection}/{key}/",
        },
    }
    return json.dumps(body, separators=(",", ":"))
