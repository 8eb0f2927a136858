"""The pages of shipments and related objects: customs, documents, tracking, arrival, lots."""

from collections.abc import Iterator

from django.urls import reverse

from tests.browser.pages.visit import CONTACT, KEEPER, NOBODY, OFFICER, Visit, address
from tests.worlds.browsed_pages import World

# Moves whose page asks something first: object, verbs.
ASKED = {
    "shipment": "edit assign_broker schedule reroute split merge estimate record_event flag_event cancel write_off",
    "clearance": "file declare",
    "document": "ready file query refuse",
    "submission": "return",
    "quarantined lot": "inspect condition refuse",
    "open discrepancy": "answer settle discard",
    "relief_claim": "correct prove mark_unproven",
    "thank_you": "skip",
}


def visits(world: World) -> Iterator[Visit]:
    """Yield the visits to further pages of these objects.

    The page of each object and the forms of its status changes are in object_visits.py.
    """
    genuine = reverse("verify_document", args=[world.things["generated document"].code])
    for asked in ("", f"?sha256={'0' * 64}", "?sha256=short"):
        yield Visit("verify_document", NOBODY, f"{genuine}{asked}")
    yield Visit("verify_document", NOBODY, reverse("verify_document", args=["0" * 24]), 404)
    yield from _document_visits(world)
    yield Visit("reply_to_hold", OFFICER, address("reply_to_hold", world.things["hold"]))
    yield Visit("reply_to_hold", OFFICER, address("reply_to_hold", world.things["hold"]), 422, sent=True)
    yield Visit("sort_documents", OFFICER, address("sort_documents", world.things["shipment"]))
    shipment = world.things["shipment"]
    yield Visit("public_tracking", NOBODY, reverse("public_tracking", args=[shipment.public_code]))
    yield Visit("public_tracking", NOBODY, reverse("public_tracking", args=["0" * 12]), 404)
    yield Visit("shipments", OFFICER, f"{reverse('shipments')}?map=1&at=CNCAN")
    for name, verb in (("arrived shipment", "plan_return"), ("arrived shipment", "destroy")):
        yield Visit("shipment_move", OFFICER, f"{world.things[name].get_absolute_url()}{verb}/")
    for name in ("arrived shipment", "back shipment"):
        yield Visit("shipment", OFFICER, world.things[name].get_absolute_url())
    for view in ("soon", "held", "risk"):
        yield Visit("shipments", OFFICER, f"{reverse('shipments')}?view={view}")
    yield Visit("import_tracking", OFFICER, reverse("import_tracking"), 422, sent=True)
    yield Visit(
        "receive_shipment", OFFICER, address("receive_shipment", world.things["shipment"]), 422, sent=True
    )
    dock, seen = world.things["dock"], world.things["carton seen"].carton
    other = dock.cartons.exclude(pk=seen.pk).order_by("pk")[0]
    yield Visit("dock", OFFICER, f"{reverse('dock', args=[dock.reference])}?of={seen.reference}")
    yield Visit("finish_count", OFFICER, reverse("finish_count", args=[dock.reference]), 422, sent=True)
    yield Visit("count_carton", OFFICER, reverse("count_carton", args=[dock.reference, seen.reference]))
    yield Visit("count_carton", OFFICER, reverse("count_carton", args=[dock.reference, other.reference]))
    yield Visit("discrepancies", OFFICER, f"{reverse('discrepancies')}?q=DC-1999")
    delivered = address("supplier_deliveries", world.things["supplier"])
    yield Visit("supplier_deliveries", OFFICER, f"{delivered}?year=2020")
    yield Visit("lots", OFFICER, f"{reverse('lots')}?q=no-such-lot")
    out = world.things["distribution"]
    yield Visit("lot", OFFICER, out.lot.get_absolute_url())
    for status in (200, 422):
        yield Visit("distribute_lot", OFFICER, address("distribute_lot", out.lot), status, sent=status == 422)
    yield Visit("distribution_move", OFFICER, f"{address('distribution', out)}undo/")
    yield Visit("relief_claims", OFFICER, f"{reverse('relief_claims')}?year=2019")
    yield Visit("lot_move", KEEPER, f"{world.things['quarantined lot'].get_absolute_url()}override/")


def _document_visits(world: World) -> Iterator[Visit]:
    """Yield the visits to requested documents: at the city, and behind the link of a broker."""
    request, document = world.things["document_request"], world.things["document"]
    yield Visit(
        "add_document_request", OFFICER, address("add_document_request", request.shipment), 422, sent=True
    )
    yield Visit("add_submission", OFFICER, address("add_submission", document))
    owed, back = request.documents.exclude(code="INV").first(), world.things["submission"].document
    yield Visit("portal_documents", CONTACT, reverse("portal_documents", args=[request.reference]))
    yield Visit("portal_documents", NOBODY, reverse("portal_documents", args=[request.reference]), 403)
    yield Visit(
        "portal_document", CONTACT, reverse("portal_document", args=[request.reference, owed.reference])
    )
    yield Visit(
        "portal_document", CONTACT, reverse("portal_document", args=[request.reference, back.reference])
    )
    cannot = reverse("portal_document_unavailable", args=[request.reference, owed.reference])
    for status in (200, 422):
        yield Visit("portal_document_unavailable", CONTACT, cannot, status, sent=status == 422)
    yield Visit(
        "portal_submission_receipt",
        CONTACT,
        reverse("portal_submission_receipt", args=[request.reference, back.reference]),
    )
    yield Visit("portal_tracking", CONTACT, reverse("portal_tracking", args=[request.reference]))
    clearance = back.clearance.reference
    yield Visit(
        "portal_clearance",
        CONTACT,
        reverse("portal_clearance", args=[request.reference, clearance, "declare"]),
    )
