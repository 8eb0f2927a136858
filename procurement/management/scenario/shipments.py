"""Scenario steps: two shipments. The donation is received and released; customs holds the purchase.

The donation arrives with damaged cartons. The purchase lacks a customs document.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from procurement.customs.actions import DeclaredLine, add_declaration, record_customs_release, record_hold
from procurement.documents.actions.documents import (
    accept_document,
    mark_document_ready,
    record_document_filing,
    start_document,
)
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.logistics.actions.journey import (
    close_shipment,
    record_arrival,
    record_delivery,
    record_departure,
)
from procurement.logistics.actions.planning import (
    LineQuantity,
    PackedCartons,
    assign_broker,
    pack_shipment,
    plan_shipment,
    request_missing_documents,
)
from procurement.management.scenario import sample_files
from procurement.management.scenario.state import ScenarioState, vancouver_time
from procurement.orders.models import Order
from procurement.quality.actions import record_inspection, release_lot
from procurement.quality.models import Lot
from procurement.quality.queries import InspectionSetup
from procurement.quality.rules import PointReading
from procurement.receiving.actions.receipts import record_receipt
from procurement.receiving.rules.receipts import LotCount
from procurement.shipments.models import Shipment
from procurement.tracking.actions.events import record_event
from procurement.tracking.actions.schedule import estimate_step
from workflow.comments_and_files.actions import add_comment, attach_file

HS_CODE = "6307909899"  # textile articles, masks among them, with Canada's last digits
AT_DEPARTURE, AT_DELIVERY = "depart", "deliver"
ESTABLISHMENT_LICENCE = "MDEL"


def plan_shipment_of(scenario: ScenarioState, key: str, order: Order, **facts: Any) -> Shipment:
    """Plan a shipment by air of the whole order, with a customs broker."""
    user, by = scenario.staff["logistics"], scenario.by("logistics")
    loads = [LineQuantity(line, line.unshipped_quantity) for line in order.lines.order_by("pk")]
    shipment = plan_shipment(
        loads, mode="air", destination="CAVAN", author=user, by=by, at=scenario.now, **facts
    )
    scenario.shipments[key] = assign_broker(shipment, scenario.staff["broker"], by=by, at=scenario.now)
    return shipment


def pack_in_cartons(scenario: ScenarioState, key: str, pieces: int, lot: str) -> None:
    """Pack the goods in cartons of one size and one lot."""
    shipment = scenario.shipments[key]
    line = shipment.lines.get()
    boxes = [PackedCartons(line, pieces, line.quantity // pieces, lot)]
    pack_shipment(shipment, boxes, by=scenario.by("logistics"), at=scenario.now)


def submit_documents(
    scenario: ScenarioState, documents: Iterable[CustomsDocument], role_key: str, *, take: bool = True
) -> None:
    """Submit customs documents from any earlier status, and record their acceptance if `take` is set."""
    by = scenario.by(role_key)
    for document in documents:
        if document.status == CustomsDocument.Status.REQUIRED:
            start_document(document, by=by, at=scenario.now)
        if document.status == CustomsDocument.Status.IN_PROGRESS:
            mark_document_ready(
                document, number=f"DEMO-{document.code}-{document.pk:04d}", by=by, at=scenario.now
            )
        record_document_filing(document, by=by, at=scenario.now)
        if take:
            accept_document(document, by=by, at=scenario.now)


def blocking_documents(scenario: ScenarioState, key: str, due: str) -> list[CustomsDocument]:
    """Return the mandatory customs documents that are due before a step."""
    return list(scenario.shipments[key].documents.filter(blocks=True, due_before=due).order_by("pk"))


def clear_customs(scenario: ScenarioState, key: str, side: str, office: str) -> None:
    """Declare the goods at a customs office and record their clearance."""
    by = scenario.by("broker" if side == "import" else "logistics")
    clearance = scenario.shipments[key].clearances.get(side=side)
    declare_goods(scenario, key, side, office, role_key="broker" if side == "import" else "logistics")
    clearance.refresh_from_db()
    record_customs_release(clearance, by=by, at=scenario.now)


def declare_goods(scenario: ScenarioState, key: str, side: str, office: str, *, role_key: str) -> None:
    """Declare the goods at their true value."""
    line = scenario.shipments[key].lines.select_related("order_line__order").get()
    order_line = line.order_line
    values = DeclaredLine(
        hs_code=HS_CODE,
        origin="CN",
        value=(order_line.unit_price * line.quantity).quantize(Decimal("0.01")),
        currency=order_line.order.currency,
    )
    add_declaration(
        scenario.shipments[key].clearances.get(side=side),
        number=f"DEMO-{side.upper()}-{line.pk:04d}",
        lines=[values],
        office=office,
        by=scenario.by(role_key),
        at=scenario.now,
    )


def donation_is_planned(scenario: ScenarioState) -> None:
    """Plan and pack ten cartons from Guiyang, before the export rules of 1 April."""
    plan_shipment_of(
        scenario,
        "gift",
        scenario.orders["gift"],
        origin="CNKWE",
        carrier="DEMO Air Cargo",
        voyage="DM 102",
        air_waybill="000-1000001 2",
        gross_kg=Decimal("98.0"),
        planned={
            "departed": vancouver_time("2020-03-31 12:00"),
            "arrived": vancouver_time("2020-04-02 09:00"),
            "delivered": vancouver_time("2020-04-03 12:00"),
        },
    )
    pack_in_cartons(scenario, "gift", 2_000, "QL200318")


def donation_departs(scenario: ScenarioState) -> None:
    """Submit the export documents, clear export customs and record the departure."""
    submit_documents(scenario, blocking_documents(scenario, "gift", AT_DEPARTURE), "logistics")
    clear_customs(scenario, "gift", "export", "Guiyang Customs (DEMO)")
    record_departure(scenario.shipments["gift"], by=scenario.by("logistics"), at=scenario.now)


def donation_arrives(scenario: ScenarioState) -> None:
    """Record the arrival in Vancouver. The broker submits the documents, and customs releases the goods."""
    record_arrival(scenario.shipments["gift"], by=scenario.by("logistics"), at=scenario.now)
    submit_documents(scenario, blocking_documents(scenario, "gift", AT_DELIVERY), "broker")
    clear_customs(scenario, "gift", "import", "CBSA Vancouver (DEMO)")


def donation_is_counted(scenario: ScenarioState) -> None:
    """Receive the delivery with two damaged cartons: one wet, one opened in transit."""
    shipment, by = scenario.shipments["gift"], scenario.by("logistics")
    user = scenario.staff["logistics"]
    record_delivery(shipment, received_by=user, by=by, at=scenario.now)
    count = LotCount(
        line=shipment.lines.get(),
        accepted=18_400,
        rejected=1_000,
        missing=600,
        lot_number="QL200318",
        expires_on=date(2022, 3, 17),
        reason="Carton 7 soaked by rain, half of it wet; carton 9 opened on the way, twelve bags gone.",
    )
    record_receipt(
        shipment, [count], received_by=user, cartons=10, remark="Two cartons damaged.", by=by, at=scenario.now
    )
    upload = SimpleUploadedFile(
        "delivery-note.pdf",
        sample_files.sample_pdf("Carton 7 wet, carton 9 open", "DEMO delivery note"),
        "application/pdf",
    )
    attach_file(shipment, upload, by=by, at=scenario.now, kind="photo")
    add_comment(
        shipment,
        "Carrier's claim form filled in at the dock. Nobody in Guiyang is to blame; we say so in the letter.",
        by=by,
        at=scenario.now,
        language="en",
    )


def _readings_at_limits(lot: Lot) -> list[PointReading]:
    """Return laboratory readings for the points with a firm limit, each just within its limit."""
    firm = [
        point
        for point in InspectionSetup.for_lot(lot).checklist_points
        if point.is_blocking and point.limit is not None
    ]
    return [
        PointReading(key=one.key, value=one.limit if one.is_within_limit(one.limit) else one.limit - 1)
        for one in firm
        if one.limit is not None
    ]


def donation_is_released(scenario: ScenarioState) -> None:
    """Record a passed inspection of a sample and release the lot."""
    lot = scenario.shipments["gift"].lots.get()
    by = scenario.by("logistics")
    record_inspection(
        lot,
        sampled=315,
        defects=3,
        verdict="passed",
        readings=_readings_at_limits(lot),
        measured="Ear loops, seams, marking; splash test on five pieces",
        inspector=scenario.staff["logistics"],
        by=by,
        at=scenario.now,
    )
    release_lot(lot, by=by, at=scenario.now)


def donation_is_closed(scenario: ScenarioState) -> None:
    """Close the shipment. The city register then shows the donation."""
    close_shipment(scenario.shipments["gift"], by=scenario.by("logistics"), at=scenario.now)


def purchase_is_planned(scenario: ScenarioState) -> None:
    """Plan a shipment from Zhongshan through Guangzhou, under the rules of 6 April."""
    plan_shipment_of(
        scenario,
        "purchase",
        scenario.orders["purchase"],
        origin="CNCAN",
        carrier="DEMO Air Cargo",
        voyage="DM 118",
        air_waybill="000-1000002 3",
        gross_kg=Decimal("512.5"),
        planned={
            "departed": vancouver_time("2020-04-10 12:00"),
            "arrived": vancouver_time("2020-04-12 09:00"),
            "delivered": vancouver_time("2020-04-15 12:00"),
        },
    )


def purchase_is_packed(scenario: ScenarioState) -> None:
    """Pack fifty cartons of 2,000 masks."""
    pack_in_cartons(scenario, "purchase", 2_000, "AL200408")


def purchase_departs(scenario: ScenarioState) -> None:
    """Look up the customs documents again, clear export customs and record the departure.

    Since 10 April customs inspects medical masks.
    """
    shipment, by = scenario.shipments["purchase"], scenario.by("logistics")
    request_missing_documents(shipment, by=by, at=scenario.now)
    submit_documents(scenario, blocking_documents(scenario, "purchase", AT_DEPARTURE), "logistics")
    clear_customs(scenario, "purchase", "export", "Huangpu Customs, Guangzhou (DEMO)")
    record_event(
        shipment,
        "RCS",
        code_system="iata",
        occurred_at=scenario.now,
        place="CNCAN",
        pieces=50,
        by=by,
        at=scenario.now,
    )
    record_departure(shipment, by=by, at=scenario.now)


def purchase_arrives(scenario: ScenarioState) -> None:
    """Record the arrival in Vancouver. The broker declares the goods, with one document missing."""
    shipment, by = scenario.shipments["purchase"], scenario.by("logistics")
    record_event(
        shipment,
        "ARR",
        code_system="iata",
        occurred_at=scenario.now,
        place="CAVAN",
        pieces=50,
        by=by,
        at=scenario.now,
    )
    record_arrival(shipment, by=by, at=scenario.now)
    in_hand = [
        document
        for document in blocking_documents(scenario, "purchase", AT_DELIVERY)
        if document.code != ESTABLISHMENT_LICENCE
    ]
    submit_documents(scenario, in_hand, "broker", take=False)
    declare_goods(scenario, "purchase", "import", "CBSA Vancouver (DEMO)", role_key="broker")


def purchase_is_held(scenario: ScenarioState) -> None:
    """Record the customs hold for the missing document, a new delivery estimate, and a comment."""
    shipment = scenario.shipments["purchase"]
    record_hold(
        shipment.clearances.get(side="import"),
        reason="The establishment licence of the importer is missing.",
        question="Under which medical device establishment licence does the city import?",
        by=scenario.by("broker"),
        at=scenario.now,
    )
    estimate_step(
        shipment,
        "delivered",
        vancouver_time("2020-04-17 15:00"),
        reported_by="Quinn Harrowgate DEMO",
        by=scenario.by("broker"),
        at=scenario.now,
    )
    missing = shipment.documents.get(code=ESTABLISHMENT_LICENCE, clearance__side="import")
    start_document(missing, by=scenario.by("logistics"), at=scenario.now)
    add_comment(
        shipment,
        "The health authority's licence may cover us. I asked them for its number; they answer tomorrow.",
        by=scenario.by("logistics"),
        at=scenario.now,
        language="en",
    )
