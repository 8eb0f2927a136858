"""Huai’an donates masks to Oakville in April 2020, from the offer to the thank-you.

The goods pass export and import customs, arrive short, are inspected and distributed.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from partners.exchanges.models import Exchange
from procurement.customs.actions import (
    DeclaredLine,
    add_declaration,
    record_clearance_filing,
    record_customs_release,
    record_hold,
    record_hold_end,
)
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.logistics.actions.journey import (
    close_shipment,
    record_arrival,
    record_delivery,
    record_departure,
)
from procurement.logistics.actions.planning import (
    PackedCartons,
    assign_broker,
    pack_shipment,
    request_missing_documents,
)
from procurement.logistics.queries.counter_mismatches import logistics_counter_mismatches
from procurement.orders.actions.approve import accept_donation, mark_ready
from procurement.orders.actions.close import thank_donor
from procurement.orders.models import Order
from procurement.quality.actions import override_lot, release_conditionally, release_lot
from procurement.receiving.rules.receipts import LotCount
from procurement.shipments.models import Shipment
from procurement.tracking.actions.events import TrackingUpdate, flag_event, record_event_batch
from tests.journeys.shipment_days import Gift, date_of, is_journal_intact
from tests.procurement.refusals import assert_refused
from tests.worlds.generated_documents import text_of
from workflow.clock import clear_instance_cache

pytestmark = pytest.mark.django_db
ASKED_IN_CHINA = {"CN_CIQ_INSP", "DECL5", "EXPDECL", "NMPA"}
ASKED_IN_CANADA = {"CA_BN_RM", "MDEL", "RELEASE", "VALUE"}


@pytest.fixture
def oakville() -> Iterator[Gift]:
    """Return the city of Oakville with its incoming donation, on the morning of 16 April 2020."""
    town = Gift()
    town.practise()
    yield town
    clear_instance_cache()


def test_donation_of_huaian_reaches_hospital_ward_in_oakville(oakville: Gift) -> None:
    town = oakville
    gift = town.offered()
    assert gift.donor_city is not None
    assert gift.donor_city.slug == "huaian"

    # Offered and accepted in writing, in two languages.
    town.day("2020-04-17T14:00")
    assert town.makes(GeneratedDocument.Kind.OFFER_LETTER, gift).status == "final"
    town.does(accept_donation, gift, who=town.officer)
    for kind in (GeneratedDocument.Kind.ACCEPTANCE_LETTER, GeneratedDocument.Kind.DONATION_CERTIFICATE):
        town.makes(kind, gift)
    town.does(mark_ready, gift, who=town.officer)

    # Planned before the joint declaration was required and reviewed after: the documents of the departure date apply.
    town.day("2020-04-22T14:00")
    way = {"mode": "air", "origin": "CNPVG", "destination": "CATOR", "carrier": "Example Air"}
    shipment = town.plan(gift, air_waybill="020-12345675", **way)
    assert "JOINT12" not in town.asked(shipment, "export")
    town.day("2020-04-27T14:00")
    town.does(request_missing_documents, shipment)
    assert town.asked(shipment, "export") == {*ASKED_IN_CHINA, "JOINT12"}
    assert town.asked(shipment, "import") == ASKED_IN_CANADA

    # Packed: twelve cartons of masks in two lots, two of respirators; generated documents, never with a value of zero.
    masks, respirators = shipment.lines.order_by("pk")
    boxes = [
        PackedCartons(masks, 1_000, 6, "HA-1"),
        PackedCartons(masks, 1_000, 6, "HA-2"),
        PackedCartons(respirators, 1_000, 2, "K-1"),
    ]
    town.does(pack_shipment, shipment, boxes)
    for kind in (
        GeneratedDocument.Kind.PACKING_LIST,
        GeneratedDocument.Kind.EXPORTER_DATA_SHEET,
        GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET,
        GeneratedDocument.Kind.CARTON_LABELS,
        GeneratedDocument.Kind.PALLET_LABELS,
    ):
        town.makes(kind, shipment)
    proforma = town.makes(GeneratedDocument.Kind.PROFORMA, shipment, gift)
    town.makes(GeneratedDocument.Kind.STATEMENT_OF_VALUE, shipment, gift)
    assert proforma.figures["values"] == {
        str(one.pk): f"{one.unit_price * one.quantity:.2f} USD" for one in gift.lines.all()
    }
    joint = GeneratedDocument.objects.get(kind=GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET)
    assert list(joint.figures["pieces"].values()) == [2_000], (
        "the masks of the hospital are in no such declaration"
    )

    # Export: filed, held with a question, answered, released; then the shipment departs.
    with assert_refused("not_ready", shipment):
        town.does(record_departure, shipment)
    town.hands_in(shipment, "depart")
    town.does(record_clearance_filing, town.clearance(shipment, "export"), office="上海海关")
    held = town.does(
        record_hold,
        town.clearance(shipment, "export"),
        reason="Description of goods",
        question="Which model?",
    )
    assert "Which model?" in town.sees(town.officer, shipment)
    with assert_refused("not_ready", shipment):
        town.does(record_customs_release, town.clearance(shipment, "export"))
    town.day("2020-04-28T02:00")
    town.does(record_hold_end, held, answer="HA-2020 Type I, as on the pack.")
    town.does(record_customs_release, town.clearance(shipment, "export"))
    town.day("2020-04-29T04:00")
    town.does(record_departure, shipment)

    # The carrier sends many events at once, repeated, late and contradictory; nothing counts twice.
    town.day("2020-05-02T20:00")
    told = [
        carrier_event(shipment, "1", "RCS", "2020-04-28T08:00", pieces=14),
        carrier_event(shipment, "2", "DEP", "2020-04-29T03:30"),
        carrier_event(shipment, "1", "RCS", "2020-04-28T08:00", pieces=14),
        carrier_event(shipment, "3", "RCF", "2020-05-02T18:00", pieces=14, place="YYZ"),
        carrier_event(shipment, "4", "ARR", "2020-04-28T01:00", place="YYZ"),
    ]
    batch = town.does(record_event_batch, told, source="carrier")
    assert (batch.fresh, batch.repeated) == (4, 1)
    again = town.does(record_event_batch, told, source="carrier")
    assert (again.fresh, again.repeated) == (0, 5)
    page = town.sees(town.logistics, shipment)
    assert "This cannot have happened before" in page
    wrong = shipment.events.get(external_id="4")
    town.does(flag_event, shipment, wrong.pk, reason="The carrier took it back by phone.")
    assert "This cannot have happened before" not in town.sees(town.logistics, shipment)
    shipment.refresh_from_db()
    assert shipment.handed_over_at is not None

    # The broker clears the import and claims the relief in the declaration.
    town.does(record_arrival, shipment)
    town.does(assign_broker, shipment, town.broker.user)
    town.hands_in(shipment, "deliver", who=town.broker)
    value = sum(one.unit_price * one.quantity for one in gift.lines.all())
    line = DeclaredLine(hs_code="6307909900", origin="CN", value=value, currency="USD", relief="CA-20-08")
    clearance = town.clearance(shipment, "import")
    town.does(
        add_declaration,
        clearance,
        number="12345-000000019",
        lines=[line],
        office="CBSA Toronto",
        who=town.broker,
    )
    town.does(record_customs_release, clearance, who=town.broker)
    town.day("2020-05-04T15:00")
    town.does(record_delivery, shipment, received_by=town.logistics.user)

    # Received in two parts: one carton is wet, and half a carton is missing.
    first = LotCount(line=masks, accepted=6_000, lot_number="HA-1", expires_on=date_of("2022-04-01"))
    town.counts(shipment, first, more_to_come=True)
    spoiled = {"rejected": 1_000, "missing": 500, "reason": "One carton is wet, one half empty."}
    second = LotCount(
        line=masks, accepted=4_500, lot_number="HA-2", expires_on=date_of("2022-04-01"), **spoiled
    )
    town.counts(shipment, second, LotCount(line=respirators, accepted=2_000, lot_number="K-1"))
    note = town.makes(GeneratedDocument.Kind.GOODS_RECEIVED_NOTE, shipment)
    assert "One carton is wet, one half empty." in text_of(bytes(note.file.pdf))

    # One lot passes; a reading of the other is outside its limit, and two people release it with a condition.
    good, bad, office = (shipment.lots.get(number=number) for number in ("HA-1", "HA-2", "K-1"))
    town.inspects(good, bfe="98.9", pressure="4.1")
    with assert_refused("outside_limit", bad):
        town.inspects(bad, bfe="98.1", pressure="6.4")
    town.inspects(bad, "failed", bfe="98.1", pressure="6.4")
    town.inspects(office)
    with assert_refused("not_ready", bad):
        town.does(release_lot, bad)
    town.does(
        override_lot,
        bad,
        reason="For short visits only: heavy to breathe through.",
        who=town.approver,
    )
    with assert_refused("not_allowed", bad):
        town.does(release_lot, bad, who=town.approver)
    town.does(release_conditionally, bad, condition="Visitors only")
    town.does(release_lot, good)
    town.does(release_lot, office)
    town.makes(GeneratedDocument.Kind.INSPECTION_REPORT, shipment)

    # Distributed, thanked and closed; the register has the exchange.
    town.hands_out(good, 4_000, organization=town.hospital)
    town.hands_out(office, 2_000, place="Town hall")
    for kind in (GeneratedDocument.Kind.THANKS_LETTER, GeneratedDocument.Kind.THANKS_CERTIFICATE):
        town.makes(kind, gift)
    town.does(close_shipment, shipment)
    town.does(thank_donor, gift, who=town.officer)
    assert GeneratedDocument.objects.count() == 14
    check_final_pages(town, gift, shipment)


def check_final_pages(town: Gift, gift: Order, shipment: Shipment) -> None:
    """Check the final pages of each person, the need, the register and the record."""
    gift.refresh_from_db()
    assert gift.status == "thanked"
    masks, respirators = (one.allocation.line for one in gift.lines.order_by("pk"))
    bars = [(line.allocated, line.shipped, line.arrived, line.released) for line in (masks, respirators)]
    assert bars == [(10_500,) * 4, (2_000,) * 4]
    need = town.sees(town.officer, masks.supply_request)
    assert "Inspected and released 10,500" in need.text
    page = town.sees(town.logistics, shipment)
    for said in ("Closed", "HA-1", "HA-2", "Which model?", "Marked as incorrect by"):
        assert said in page
    lot = town.sees(town.observer, shipment.lots.get(number="HA-1"))
    assert "Oakville Hospital DEMO · Hospital · 4,000" in lot
    assert "2,000 units are in stock" in lot
    assert "Visitors only" in town.sees(town.officer, shipment.lots.get(number="HA-2"))
    papers = town.sees(town.broker, f"/shipments/{shipment.reference}/documents/")
    assert "Pro-forma invoice" in papers
    assert "Carton labels" not in papers, "no business of customs"
    assert town.sees(town.stranger, shipment).status == 404
    given = Exchange.objects.filter(shipment_reference=shipment.reference)
    assert {(one.from_city.slug, one.to_city.slug, one.quantity) for one in given} == {
        ("huaian", "oakville", 10_500),
        ("huaian", "oakville", 2_000),
    }
    assert "10,500" in town.sees(town.officer, town.city)
    assert logistics_counter_mismatches() == []
    assert is_journal_intact()


def carrier_event(shipment: Shipment, number: str, code: str, moment: str, **facts: Any) -> TrackingUpdate:
    """Return one event of the carrier, by default at the airport of departure."""
    at = datetime.fromisoformat(f"{moment}+00:00")
    given = {"code_system": "iata", "external_id": number, "place": "PVG", **facts}
    return TrackingUpdate(shipment=shipment, code=code, occurred_at=at, **given)
