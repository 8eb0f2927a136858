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
}


def visits(world: World) -> Iterator[Visit]:
    """What is looked at beside the things' own pages and their moves."""
    genuine = reverse("made_paper_check", args=[world.things["made paper"].code])
    for asked in ("", f"?sha256={'0' * 64}", "?sha256=short"):
        yield Visit("made_paper_check", NOBODY, f"{genuine}{asked}")
    yield Visit("made_paper_check", NOBODY, reverse("made_paper_check", args=["0" * 24]), 404)
    shipment = world.things["shipment"]
    yield Visit("whereabouts", NOBODY, reverse("whereabouts", args=[shipment.public_code]))
    yield Visit("whereabouts", NOBODY, reverse("whereabouts", args=["0" * 12]), 404)
    yield Visit("shipments", OFFICER, f"{reverse('shipments')}?map=1&at=CNCAN")
    for name, verb in (("arrived shipment", "send_back"), ("arrived shipment", "destroy")):
        yield Visit("shipment_move", OFFICER, f"{world.things[name].get_absolute_url()}{verb}/")
    for name in ("arrived shipment", "back shipment"):
        yield Visit("shipment", OFFICER, world.things[name].get_absolute_url())
    for view in ("soon", "held", "risk"):
        yield Visit("shipments", OFFICER, f"{reverse('shipments')}?view={view}")
    yield Visit("tracking_file", OFFICER, reverse("tracking_file"), 422, sent=True)
    yield Visit(
        "receive_shipment", OFFICER, address("receive_shipment", world.things["shipment"]), 422, sent=True
    )
    yield Visit("lots", OFFICER, f"{reverse('lots')}?q=no-such-lot")
    yield Visit("lot_move", KEEPER, f"{world.things['lot'].get_absolute_url()}override/")
