"""Which pages there are of shipments and of what belongs to them: customs, papers, tracking, arrival, lots."""

from collections.abc import Iterator

from django.urls import reverse

from tests.browser.pages.visit import KEEPER, OFFICER, Visit, address
from tests.browser.pages.world import World

# Moves whose page asks something first: the thing, and the verbs.
ASKED = {
    "shipment": "edit assign_broker schedule estimate hear cancel lose",
    "lane": "file declare",
    "paper": "ready file query refuse",
    "lot": "inspect condition refuse",
}


def visits(world: World) -> Iterator[Visit]:
    """What is looked at beside the things' own pages and their moves."""
    for view in ("soon", "held"):
        yield Visit("shipments", OFFICER, f"{reverse('shipments')}?view={view}")
    yield Visit(
        "receive_shipment", OFFICER, address("receive_shipment", world.things["shipment"]), 422, sent=True
    )
    yield Visit("lots", OFFICER, f"{reverse('lots')}?q=no-such-lot")
    yield Visit("lot_move", KEEPER, f"{world.things['lot'].get_absolute_url()}override/")
