"""What shipping shows about an offer: no hand-over, and parcels that did not arrive."""

from datetime import timedelta

from procurement.leads.models.finding import Finding
from procurement.leads.screening.sentences import sentence
from procurement.shipments.actions import findings, journey
from procurement.shipments.models.shipment import Shipment
from tests.procurement.shipments.play import HERE, SENT, Voyage
from tests.procurement.shipments.tracking.hearing import hear


def finding(shipment: Shipment, code: str) -> Finding:
    return shipment.lines.get().order_line.allocation.lead.findings.get(code=code)


def test_a_departure_no_carrier_confirmed_in_two_days_is_noted_on_the_offer(story: Voyage) -> None:
    shipment = story.departed()
    assert findings.watch(SENT + timedelta(hours=47)) == 0
    assert findings.watch(SENT + timedelta(hours=48)) == 1
    noted = finding(shipment, "no_hand_over")
    assert (noted.severity, noted.status) == ("warn", "open")
    assert shipment.reference in sentence(noted.code, noted.figures)
    assert findings.watch(SENT + timedelta(hours=49)) == 0


def test_a_hand_over_heard_late_clears_it(story: Voyage) -> None:
    shipment = story.departed()
    findings.watch(SENT + timedelta(hours=48))
    hear(story, shipment, "RCS", SENT)
    assert finding(shipment, "no_hand_over").status == "gone"


def test_an_arrival_clears_it_too(story: Voyage) -> None:
    shipment = story.departed()
    findings.watch(SENT + timedelta(hours=48))
    journey.arrive(shipment, by=story.logistics.by, at=HERE)
    assert finding(shipment, "no_hand_over").status == "gone"


def test_parcels_lost_on_the_way_are_noted_on_the_offer(story: Voyage) -> None:
    shipment = story.departed()
    hear(story, shipment, "RCS", SENT, pieces=10)
    hear(story, shipment, "RCF", HERE, pieces=9)
    noted = finding(shipment, "parcels_short")
    assert noted.figures == {"shipment": shipment.reference, "parcels": 1}
    hear(story, shipment, "RCF", HERE + timedelta(hours=1), pieces=1)
    noted.refresh_from_db()
    assert noted.status == "gone"


def test_what_one_shipment_shows_stays_when_another_is_heard_of(story: Voyage) -> None:
    order = story.ready()
    first, second = story.departed(story.plan(order, part=5_000)), story.departed(story.plan(order))
    findings.watch(SENT + timedelta(hours=48))
    hear(story, second, "RCS", SENT + timedelta(hours=49))
    lead = order.lines.get().allocation.lead
    standing = lead.findings.filter(code="no_hand_over").exclude(status="gone")
    assert [one.subject for one in standing] == [first.reference]
