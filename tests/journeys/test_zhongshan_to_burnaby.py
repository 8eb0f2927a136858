"""Burnaby buys masks in Zhongshan in April 2020 while China’s rules change; they come late, are paid for, and a lot comes back."""

from collections.abc import Iterator

import pytest

from partners.models.ties import Exchange
from procurement import tasks
from procurement.allocations import actions
from procurement.orders.actions import payments
from procurement.orders.models.order import Order
from procurement.orders.models.payment import Payment
from procurement.orders.rules.payments import Share
from procurement.shipments.actions import journey, planning, regrouping
from procurement.shipments.actions.customs import file_lane, release_lane
from procurement.shipments.actions.handouts import tell_place
from procurement.shipments.actions.lots import recall_lot, release_lot
from procurement.shipments.actions.planning import Boxes, Load, review_papers
from procurement.shipments.actions.regrouping import Part
from procurement.shipments.actions.tracking import hearing
from procurement.shipments.actions.ways import rerouting
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.made import MadePaper
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.rules.counters import miscounted
from procurement.shipments.rules.receipts import Count
from tests import world
from tests.browsing import Page
from tests.journeys.passage import BOXES, Purchase, on, whole
from tests.procurement.refusals import refused
from workflow import clock

pytestmark = pytest.mark.django_db
WAY = {"mode": "air", "origin": "CNCAN", "destination": "CAVAN", "carrier": "Example Air"}
ALWAYS = {"EXPDECL"}
# What China's customs wants of medical masks, by the day they are declared (facts: customs.md 1.1).
LISTS = {
    "2020-03-31": ALWAYS,
    "2020-04-05": ALWAYS | {"DECL5", "NMPA"},
    "2020-04-15": ALWAYS | {"DECL5", "NMPA", "CN_CIQ_INSP"},
    "2020-05-01": ALWAYS | {"DECL5", "NMPA", "CN_CIQ_INSP"},
}


@pytest.fixture
def burnaby() -> Iterator[Purchase]:
    """The morning of 16 April 2020."""
    town = Purchase()
    town.practise()
    yield town
    clock.forget()


def test_masks_bought_in_zhongshan_reach_burnaby_and_one_lot_is_recalled(burnaby: Purchase) -> None:
    town = burnaby
    world.twinning("burnaby", "zhongshan", signed="2011")
    town.introduce()
    account = town.account()
    shares = [Share(Payment.Milestone.DEPOSIT, 20), Share(Payment.Milestone.AFTER_INSPECTION, 80)]
    promised = town.promise(10_000, model="KH-2020 Type I", **BOXES)
    order = town.ready(promised, incoterm_place="Zhongshan", bank_account=account, shares=shares)

    # The offer's page asked about four days gives four lists; the shipment grows by what each announcement added.
    page = town.sees(town.officer, promised.lead)
    assert "Export inspection: electronic number" in page
    town.day("2020-04-17T16:00")
    shipment = town.does(
        planning.plan,
        [Load(line, line.to_ship) for line in order.lines.all()],
        as_of=on("2020-03-31"),
        author=town.logistics.user,
        expected_on=on("2020-05-10"),
        **WAY,
    )
    for day, asked in LISTS.items():
        town.does(review_papers, shipment, as_of=on(day))
        assert town.asked(shipment, "export") == asked, day
    names = {one.code: one.rule for one in shipment.papers.all()}
    assert names["NMPA"] == "CN-X-NMPA", (
        "it was asked for before the list of Announcement 12 was a way round it"
    )

    # A part was to go alone and goes along after all; a second thought on paper only.
    part = town.does(
        regrouping.split, shipment, [Part(shipment.lines.get(), 4_000)], author=town.logistics.user
    )
    assert (shipment.lines.get().quantity, part.lines.get().quantity) == (6_000, 4_000)
    town.does(regrouping.merge, shipment, part)
    assert shipment.lines.get().quantity == 10_000
    assert part.status == "cancelled"

    # Deposit by two persons; the rest waits for the inspection.
    town.day("2020-04-21T16:00")
    deposit, rest = order.payments.order_by("pk")
    town.does(payments.propose, deposit, who=town.officer)
    town.does(payments.pay, deposit, paid_on=on("2020-04-21"), transfer="TT-1", who=town.approver)
    with refused("not_ready", rest):
        town.does(payments.propose, rest, who=town.officer)

    # Packed in two lots, through export; under way it is sent to another airport, and grows late.
    line = shipment.lines.get()
    town.does(planning.pack, shipment, [Boxes(line, 1_000, 6, "KH-1"), Boxes(line, 1_000, 4, "KH-2")])
    for kind in (
        MadePaper.Kind.PACKING,
        MadePaper.Kind.EXPORTER,
        MadePaper.Kind.CARTONS,
        MadePaper.Kind.PALLETS,
    ):
        town.makes(kind, shipment)
    invoice = town.makes(MadePaper.Kind.INVOICE, shipment, order)
    assert invoice.figures["values"] == {str(order.lines.get().pk): "5000.00 USD"}
    town.day("2020-05-02T02:00")
    town.hands_in(shipment, "depart")
    lane = town.lane(shipment, "export")
    town.does(file_lane, lane, office="广州海关")
    town.does(release_lane, lane)
    town.does(journey.depart, shipment)
    town.day("2020-05-04T03:00")
    tasks.run(town.at)
    assert "No hand-over confirmed" in town.sees(town.logistics, "/shipments/?view=risk")
    town.does(rerouting.reroute, shipment, "CACAL", reason="Vancouver takes no freight this week.")
    town.does(planning.edit, shipment, expected_on=on("2020-05-25"))
    tasks.run(town.at)
    page = town.sees(town.logistics, shipment)
    for said in (
        "Guangzhou (CNCAN) → Calgary (CACAL)",
        "It is expected on 2020-05-25 and needed by 2020-05-20.",
    ):
        assert said in page

    # Here, cleared and delivered; counted whole, inspected, released: now the rest is due.
    town.day("2020-05-22T16:00")
    town.does(hearing.hear, shipment, "RCS", code_system="iata", occurred_at=town.at, pieces=10)
    town.does(journey.arrive, shipment)
    town.hands_in(shipment, "deliver")
    lane = town.lane(shipment, "import")
    town.does(file_lane, lane, office="CBSA Calgary")
    town.does(release_lane, lane)
    town.does(journey.deliver, shipment, received_by=town.logistics.user)
    counts = [
        Count(line=line, accepted=6_000, lot_number="KH-1"),
        Count(line=line, accepted=4_000, lot_number="KH-2"),
    ]
    town.counts(shipment, *counts)
    town.makes(MadePaper.Kind.RECEIVED, shipment)
    for lot in shipment.lots.order_by("number"):
        town.inspects(lot, bfe="98.5", pressure="4.4")
        town.does(release_lot, lot)
    town.makes(MadePaper.Kind.INSPECTED, shipment)
    town.day("2020-05-23T16:00")
    rest.refresh_from_db()
    assert rest.due_on is not None
    town.does(payments.propose, rest, who=town.officer)
    town.does(payments.pay, rest, paid_on=on("2020-05-23"), transfer="TT-2", who=town.approver)
    town.does(journey.close, shipment)

    # Handed out to three places; then the straps of one lot tear, and every place of it is named, and told.
    kept, bad = shipment.lots.order_by("number")
    town.hands_out(kept, 6_000, organisation=town.hospital)
    town.hands_out(bad, 1_500, organisation=town.hospital)
    town.hands_out(bad, 1_000, place="Care home on Kingsway")
    town.does(recall_lot, bad, reason="The straps tear.")
    what_everybody_sees(town, order, shipment, bad)


def what_everybody_sees(town: Purchase, order: Order, shipment: Shipment, bad: Lot) -> None:
    """The last page of each person, the need, the order and the record."""
    order.refresh_from_db()
    assert (order.status, [one.status for one in order.payments.all()]) == ("completed", ["paid", "paid"])
    line = order.lines.get().allocation.line
    assert (line.allocated, line.released, line.uncovered) == (6_000, 6_000, 4_000)
    assert "Inspected and released 6,000" in town.sees(town.officer, line.supply_request).text
    places = town.sees(town.logistics, bad)
    for said in ("Hospital DEMO · 1,500", "Care home on Kingsway · 1,000", "+1 905 000 0000", "Not told yet"):
        assert said in places
    assert _phoned(town, bad).text.count("told of the recall") == 2
    assert "KH-2" in town.sees(town.observer, "/lots/?q=KH-2")
    assert "Recalled" not in town.sees(town.officer, shipment.lots.get(number="KH-1"))
    page = town.sees(town.observer, shipment)
    for said in ("Closed", "CACAL", "KH-1", "Vancouver takes no freight this week."):
        assert said in page
    assert town.sees(town.stranger, shipment).status == 404
    assert town.sees(town.broker, shipment).status == 404, "nobody gave it to them"
    bought = Exchange.objects.get(shipment_reference=shipment.reference)
    assert (bought.from_city.slug, bought.kind, bought.quantity) == ("zhongshan", "ppe_purchase", 10_000)
    assert (miscounted(), actions.miscounted()) == ([], [])
    assert whole()


def _phoned(town: Purchase, bad: Lot) -> Page:
    """Each place that still had some is phoned, and it is noted."""
    for out in bad.hand_outs.order_by("pk"):
        town.does(tell_place, out)
    return town.sees(town.logistics, bad)
