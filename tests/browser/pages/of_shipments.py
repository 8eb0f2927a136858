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
    "case": "answer settle drop",
    "relief_claim": "correct prove not_proven",
    "thanks_pack": "leave",
}


def visits(world: World) -> Iterator[Visit]:
    """What is looked at beside the things' own pages and their moves."""
    genuine = reverse("made_paper_check", args=[world.things["made paper"].code])
    for asked in ("", f"?sha256={'0' * 64}", "?sha256=short"):
        yield Visit("made_paper_check", NOBODY, f"{genuine}{asked}")
    yield Visit("made_paper_check", NOBODY, reverse("made_paper_check", args=["0" * 24]), 404)
    yield from _handed_in(world)
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
    dock, seen = world.things["dock"], world.things["carton seen"].carton
    other = dock.cartons.exclude(pk=seen.pk).order_by("pk")[0]
    yield Visit("dock", OFFICER, f"{reverse('dock', args=[dock.reference])}?of={seen.reference}")
    scan = reverse("dock_scan", args=[dock.reference])
    yield Visit("dock_scan", OFFICER, reverse("dock", args=[dock.reference]), 422, sent=True, leads_to=scan)
    yield Visit("dock_finish", OFFICER, reverse("dock_finish", args=[dock.reference]), 422, sent=True)
    yield Visit("dock_carton", OFFICER, reverse("dock_carton", args=[dock.reference, seen.reference]))
    yield Visit("dock_carton", OFFICER, reverse("dock_carton", args=[dock.reference, other.reference]))
    yield Visit("difference_cases", OFFICER, f"{reverse('difference_cases')}?q=DC-1999")
    delivered = address("supplier_deliveries", world.things["supplier"])
    yield Visit("supplier_deliveries", OFFICER, f"{delivered}?year=2020")
    yield Visit("lots", OFFICER, f"{reverse('lots')}?q=no-such-lot")
    out = world.things["hand out"]
    yield Visit("lot", OFFICER, out.lot.get_absolute_url())
    for status in (200, 422):
        yield Visit("hand_out_lot", OFFICER, address("hand_out_lot", out.lot), status, sent=status == 422)
    yield Visit("hand_out_move", OFFICER, f"{address('hand_out', out)}take_back/")
    yield Visit("relief_claims", OFFICER, f"{reverse('relief_claims')}?year=2019")
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
