"""Tests of findings that tracking raises about an offer: no pickup by a carrier, and missing cartons."""

from datetime import timedelta

from procurement.leads.models.findings import Finding
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.logistics.actions.journey import record_arrival
from procurement.logistics.actions.offer_rescreening import rescreen_unconfirmed_departures
from procurement.shipments.models import Shipment
from tests.worlds.shipments import ARRIVED_AT, DEPARTED_AT, Journey
from tests.worlds.tracking import record_update


def finding(shipment: Shipment, code: str) -> Finding:
    return shipment.lines.get().order_line.allocation.lead.findings.get(code=code)


def test_departure_without_carrier_confirmation_for_48_hours_is_a_finding_on_the_offer(
    story: Journey,
) -> None:
    shipment = story.departed()
    assert rescreen_unconfirmed_departures(DEPARTED_AT + timedelta(hours=47)) == 0
    assert rescreen_unconfirmed_departures(DEPARTED_AT + timedelta(hours=48)) == 1
    noted = finding(shipment, "no_hand_over")
    assert (noted.severity, noted.status) == ("warn", "open")
    assert shipment.reference in finding_sentence(noted.code, noted.figures)
    assert rescreen_unconfirmed_departures(DEPARTED_AT + timedelta(hours=49)) == 0


def test_late_pickup_event_resolves_the_finding(story: Journey) -> None:
    shipment = story.departed()
    rescreen_unconfirmed_departures(DEPARTED_AT + timedelta(hours=48))
    record_update(story, shipment, "RCS", DEPARTED_AT)
    assert finding(shipment, "no_hand_over").status == "resolved"


def test_arrival_resolves_the_missing_pickup_finding(story: Journey) -> None:
    shipment = story.departed()
    rescreen_unconfirmed_departures(DEPARTED_AT + timedelta(hours=48))
    record_arrival(shipment, by=story.logistics.by, at=ARRIVED_AT)
    assert finding(shipment, "no_hand_over").status == "resolved"


def test_cartons_lost_in_transit_are_a_finding_until_found(story: Journey) -> None:
    shipment = story.departed()
    record_update(story, shipment, "RCS", DEPARTED_AT, pieces=10)
    record_update(story, shipment, "RCF", ARRIVED_AT, pieces=9)
    noted = finding(shipment, "parcels_short")
    assert noted.figures == {"shipment": shipment.reference, "parcels": 1}
    record_update(story, shipment, "RCF", ARRIVED_AT + timedelta(hours=1), pieces=1)
    noted.refresh_from_db()
    assert noted.status == "resolved"


def test_finding_of_one_shipment_stays_when_another_is_updated(story: Journey) -> None:
    order = story.ready()
    first, second = story.departed(story.plan(order, part=5_000)), story.departed(story.plan(order))
    rescreen_unconfirmed_departures(DEPARTED_AT + timedelta(hours=48))
    record_update(story, second, "RCS", DEPARTED_AT + timedelta(hours=49))
    lead = order.lines.get().allocation.lead
    standing = lead.findings.filter(code="no_hand_over").exclude(status="resolved")
    assert [one.subject for one in standing] == [first.reference]
