"""Which pages there are of shipments and of what belongs to them: customs, papers, tracking, arrival, lots."""

from collections.abc import Iterator

from django.urls import reverse

from tests.browser.pages.visit import KEEPER, NOBODY, OFFICER, Visit, address
from tests.browser.pages.world import World

# Moves whose page asks something first: the thing, and the verbs.
ASKED = {
    "shipment": "edit assign_broker schedule reroute split merge estimate hear call_wrong cancel lose",
    "lane": "file declare",
    "paper": "ready file query refuse",
    "lot": "inspect condition refuse",
    "case": "answer settle drop",
}


def visits(world: World) -> Iterator[Visit]:
    """What is looked at beside the things' own pages and their moves."""
    genuine = reverse("made_paper_check", args=[world.things["made paper"].code])
    for asked in ("", f"?sha256={'0' * 64}", "?sha256=short"):
        yield Visit("made_paper_check", NOBODY, f"{genuine}{asked}")
    yield Visit("made_paper_check", NOBODY, reverse("made_paper_check", args=["0" * 24]), 404)
    for view in ("soon", "held", "risk"):
        yield Visit("shipments", OFFICER, f"{reverse('shipments')}?view={view}")
    yield Visit("tracking_file", OFFICER, reverse("tracking_file"), 422, sent=True)
    yield Visit(
        "receive_shipment", OFFICER, address("receive_shipment", world.things["shipment"]), 422, sent=True
    )
    dock, seen = world.things["dock"], world.things["carton seen"].carton
    other = dock.cartons.exclude(pk=seen.pk).order_by("pk")[0]
    yield Visit("dock", OFFICER, f"{reverse('dock', args=[dock.reference])}?of={seen.reference}")
    yield Visit("dock_scan", OFFICER, reverse("dock", args=[dock.reference]), 422, sent=True)
    yield Visit("dock_finish", OFFICER, reverse("dock_finish", args=[dock.reference]), 422, sent=True)
    yield Visit("dock_carton", OFFICER, reverse("dock_carton", args=[dock.reference, seen.reference]))
    yield Visit("dock_carton", OFFICER, reverse("dock_carton", args=[dock.reference, other.reference]))
    yield Visit("difference_cases", OFFICER, f"{reverse('difference_cases')}?q=DC-1999")
    delivered = address("supplier_deliveries", world.things["supplier"])
    yield Visit("supplier_deliveries", OFFICER, f"{delivered}?year=2020")
    yield Visit("lots", OFFICER, f"{reverse('lots')}?q=no-such-lot")
    yield Visit("lot_move", KEEPER, f"{world.things['lot'].get_absolute_url()}override/")
