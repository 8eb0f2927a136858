"""Which pages there are of shipments and of what belongs to them: customs, papers, tracking, arrival, lots."""

from collections.abc import Iterator

from django.urls import reverse

from tests.browser.pages.visit import CONTACT, KEEPER, NOBODY, OFFICER, Visit, address
from tests.browser.pages.world import World

# Moves whose page asks something first: the thing, and the verbs.
ASKED = {
    "shipment": "edit assign_broker schedule reroute split merge estimate hear call_wrong cancel lose",
    "lane": "file declare",
    "paper": "ready file query refuse",
    "handed in": "give_back",
    "lot": "inspect condition refuse",
}


def visits(world: World) -> Iterator[Visit]:
    """What is looked at beside the things' own pages and their moves."""
    genuine = reverse("made_paper_check", args=[world.things["made paper"].code])
    for asked in ("", f"?sha256={'0' * 64}", "?sha256=short"):
        yield Visit("made_paper_check", NOBODY, f"{genuine}{asked}")
    yield Visit("made_paper_check", NOBODY, reverse("made_paper_check", args=["0" * 24]), 404)
    yield from _handed_in(world)
    for view in ("soon", "held", "risk"):
        yield Visit("shipments", OFFICER, f"{reverse('shipments')}?view={view}")
    yield Visit("tracking_file", OFFICER, reverse("tracking_file"), 422, sent=True)
    yield Visit(
        "receive_shipment", OFFICER, address("receive_shipment", world.things["shipment"]), 422, sent=True
    )
    yield Visit("lots", OFFICER, f"{reverse('lots')}?q=no-such-lot")
    yield Visit("lot_move", KEEPER, f"{world.things['lot'].get_absolute_url()}override/")


def _handed_in(world: World) -> Iterator[Visit]:
    """Papers asked for by link: at the desk, and behind the link of a broker."""
    call, paper = world.things["call"], world.things["paper"]
    yield Visit("ask_for_papers", OFFICER, address("ask_for_papers", call.shipment), 422, sent=True)
    yield Visit("bring_paper", OFFICER, address("bring_paper", paper))
    owed, back = call.papers.exclude(code="INV").first(), world.things["handed in"].paper
    yield Visit("handing", CONTACT, reverse("handing", args=[call.reference]))
    yield Visit("handing", NOBODY, reverse("handing", args=[call.reference]), 403)
    yield Visit("handing_paper", CONTACT, reverse("handing_paper", args=[call.reference, owed.reference]))
    yield Visit("handing_paper", CONTACT, reverse("handing_paper", args=[call.reference, back.reference]))
    cannot = reverse("handing_cannot", args=[call.reference, owed.reference])
    for status in (200, 422):
        yield Visit("handing_cannot", CONTACT, cannot, status, sent=status == 422)
    yield Visit("handing_receipt", CONTACT, reverse("handing_receipt", args=[call.reference, back.reference]))
    yield Visit("handing_where", CONTACT, reverse("handing_where", args=[call.reference]))
    lane = back.lane.reference
    yield Visit("handing_lane", CONTACT, reverse("handing_lane", args=[call.reference, lane, "declare"]))
