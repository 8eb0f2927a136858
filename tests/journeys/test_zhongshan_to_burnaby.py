"""Burnaby buys masks in Zhongshan in April 2020 while China’s rules change.

The masks come late and are paid for; one lot is recalled.
"""

from collections.abc import Iterator

import pytest

from partners.exchanges.models import Exchange
from procurement.allocations.actions import allocation_counter_mismatches
from procurement.customs.actions import record_clearance_filing, record_customs_release
from procurement.distribution.actions import mark_place_informed, recall_lot
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.logistics.actions.journey import (
    close_shipment,
    record_arrival,
    record_delivery,
    record_departure,
)
from procurement.logistics.actions.planning import (
    LineQuantity,
    PackedCartons,
    ShipmentEdit,
    edit_shipment,
    pack_shipment,
    plan_shipment,
    request_missing_documents,
)
from procurement.logistics.actions.reroute import reroute_shipment
from procurement.logistics.actions.split_and_merge import SplitPart, merge_shipments, split_shipment
from procurement.logistics.queries.counter_mismatches import logistics_counter_mismatches
from procurement.orders.models import Order
from procurement.orders.payments.actions import propose_payment, record_payment
from procurement.orders.payments.models import Payment
from procurement.orders.payments.rules.payments import PaymentShare
from procurement.quality.actions import release_lot
from procurement.quality.models import Lot
from procurement.receiving.rules.receipts import LotCount
from procurement.shipments.models import Shipment
from procurement.tasks import run_tick
from procurement.tracking.actions.events import record_event
from tests.browsing import Page
from tests.journeys.shipment_days import CARTONS, Purchase, date_of, is_journal_intact
from tests.procurement.refusals import assert_refused
from tests.worlds import cities
from workflow.clock import clear_instance_cache

pytestmark = pytest.mark.django_db
WAY = {"mode": "air", "origin": "CNCAN", "destination": "CAVAN", "carrier": "Example Air"}
ALWAYS = {"EXPDECL"}
# Documents that China's customs requires for medical masks, by the date of declaration (facts: customs.md 1.1).
LISTS = {
    "2020-03-31": ALWAYS,
    "2020-04-05": ALWAYS | {"DECL5", "NMPA"},
    "2020-04-15": ALWAYS | {"DECL5", "NMPA", "CN_CIQ_INSP"},
    "2020-05-01": ALWAYS | {"DECL5", "NMPA", "CN_CIQ_INSP"},
}


@pytest.fixture
def burnaby() -> Iterator[Purchase]:
    """Return the city of Burnaby with its incoming purchase, on the morning of 16 April 2020."""
    town = Purchase()
    town.practise()
    yield town
    clear_instance_cache()


def test_masks_bought_in_zhongshan_reach_burnaby_and_one_lot_is_recalled(burnaby: Purchase) -> None:
    town = burnaby
    cities.twinning("burnaby", "zhongshan", signed="2011")
    town.introduce()
    account = town.account()
    shares = [
        PaymentShare(Payment.Milestone.DEPOSIT, 20),
        PaymentShare(Payment.Milestone.AFTER_INSPECTION, 80),
    ]
    promised = town.promise(10_000, model="KH-2020 Type I", **CARTONS)
    order = town.ready(promised, incoterm_place="Zhongshan", bank_account=account, shares=shares)

    # The required documents on four dates: each announcement adds some to the shipment.
    page = town.sees(town.officer, f"{promised.lead.get_absolute_url()}?documents")
    assert "Export inspection: electronic ledger number" in page
    town.day("2020-04-17T16:00")
    shipment = town.does(
        plan_shipment,
        [LineQuantity(line, line.unshipped_quantity) for line in order.lines.all()],
        as_of=date_of("2020-03-31"),
        author=town.logistics.user,
        expected_on=date_of("2020-05-10"),
        **WAY,
    )
    for day, asked in LISTS.items():
        town.does(request_missing_documents, shipment, as_of=date_of(day))
        assert town.asked(shipment, "export") == asked, day
    names = {one.code: one.rule for one in shipment.documents.all()}
    assert names["NMPA"] == "CN-X-NMPA", (
        "it was asked for before the list of Announcement 12 was a way round it"
    )

    # A part is split off and merged again before departure.
    part = town.does(
        split_shipment, shipment, [SplitPart(shipment.lines.get(), 4_000)], author=town.logistics.user
    )
    assert (shipment.lines.get().quantity, part.lines.get().quantity) == (6_000, 4_000)
    town.does(merge_shipments, shipment, part)
    assert shipment.lines.get().quantity == 10_000
    assert part.status == "cancelled"

    # Two people pay the deposit; the rest waits for the inspection.
    town.day("2020-04-21T16:00")
    deposit, rest = order.payments.order_by("pk")
    town.does(propose_payment, deposit, who=town.officer)
    town.does(record_payment, deposit, paid_on=date_of("2020-04-21"), transfer="TT-1", who=town.approver)
    with assert_refused("not_ready", rest):
        town.does(propose_payment, rest, who=town.officer)

    # Packed in two lots and cleared for export; on the way it is rerouted and delayed.
    line = shipment.lines.get()
    town.does(
        pack_shipment,
        shipment,
        [PackedCartons(line, 1_000, 6, "KH-1"), PackedCartons(line, 1_000, 4, "KH-2")],
    )
    for kind in (
        GeneratedDocument.Kind.PACKING_LIST,
        GeneratedDocument.Kind.EXPORTER_DATA_SHEET,
        GeneratedDocument.Kind.CARTON_LABELS,
        GeneratedDocument.Kind.PALLET_LABELS,
    ):
        town.makes(kind, shipment)
    invoice = town.makes(GeneratedDocument.Kind.INVOICE, shipment, order)
    assert invoice.figures["values"] == {str(order.lines.get().pk): "5000.00 USD"}
    town.day("2020-05-02T02:00")
    town.hands_in(shipment, "depart")
    clearance = town.clearance(shipment, "export")
    town.does(record_clearance_filing, clearance, office="广州海关")
    town.does(record_customs_release, clearance)
    town.does(record_departure, shipment)
    town.day("2020-05-04T03:00")
    run_tick(town.at)
    assert "Pickup not confirmed" in town.sees(town.logistics, "/shipments/?view=risk")
    town.does(reroute_shipment, shipment, "CACAL", reason="Vancouver takes no freight this week.")
    town.does(edit_shipment, shipment, ShipmentEdit(expected_on=date_of("2020-05-25")))
    run_tick(town.at)
    page = town.sees(town.logistics, shipment)
    for said in (
        "Guangzhou (CNCAN) → Calgary (CACAL)",
        "The shipment is expected on 2020-05-25 but needed by 2020-05-20.",
    ):
        assert said in page

    # Arrived, cleared, delivered, received in full, inspected and released: now the rest is due.
    town.day("2020-05-22T16:00")
    town.does(record_event, shipment, "RCS", code_system="iata", occurred_at=town.at, pieces=10)
    town.does(record_arrival, shipment)
    town.hands_in(shipment, "deliver")
    clearance = town.clearance(shipment, "import")
    town.does(record_clearance_filing, clearance, office="CBSA Calgary")
    town.does(record_customs_release, clearance)
    town.does(record_delivery, shipment, received_by=town.logistics.user)
    counts = [
        LotCount(line=line, accepted=6_000, lot_number="KH-1"),
        LotCount(line=line, accepted=4_000, lot_number="KH-2"),
    ]
    town.counts(shipment, *counts)
    town.makes(GeneratedDocument.Kind.GOODS_RECEIVED_NOTE, shipment)
    for lot in shipment.lots.order_by("number"):
        town.inspects(lot, bfe="98.5", pressure="4.4")
        town.does(release_lot, lot)
    town.makes(GeneratedDocument.Kind.INSPECTION_REPORT, shipment)
    town.day("2020-05-23T16:00")
    rest.refresh_from_db()
    assert rest.due_on is not None
    town.does(propose_payment, rest, who=town.officer)
    town.does(record_payment, rest, paid_on=date_of("2020-05-23"), transfer="TT-2", who=town.approver)
    town.does(close_shipment, shipment)

    # Distributed to three places; then the straps of one lot tear, and each place that has it is phoned.
    kept, bad = shipment.lots.order_by("number")
    town.hands_out(kept, 6_000, organization=town.hospital)
    town.hands_out(bad, 1_500, organization=town.hospital)
    town.hands_out(bad, 1_000, place="Care home on Kingsway")
    town.does(recall_lot, bad, reason="The straps tear.")
    check_final_pages(town, order, shipment, bad)


def check_final_pages(town: Purchase, order: Order, shipment: Shipment, bad: Lot) -> None:
    """Check the final pages of each person, the need, the order and the record."""
    order.refresh_from_db()
    assert (order.status, [one.status for one in order.payments.all()]) == ("completed", ["paid", "paid"])
    line = order.lines.get().allocation.line
    assert (line.allocated, line.released, line.unallocated_quantity) == (6_000, 6_000, 4_000)
    assert "Inspected and released 6,000" in town.sees(town.officer, line.supply_request).text
    places = town.sees(town.logistics, bad)
    for said in (
        "Hospital DEMO · 1,500",
        "Care home on Kingsway · 1,000",
        "+1 905 000 0000",
        "Not informed yet",
    ):
        assert said in places
    assert _record_calls(town, bad).text.count("informed of the recall") == 2
    assert "KH-2" in town.sees(town.observer, "/lots/?q=KH-2")
    assert "Recalled" not in town.sees(town.officer, shipment.lots.get(number="KH-1"))
    page = town.sees(town.observer, shipment)
    for said in ("Closed", "CACAL", "KH-1"):
        assert said in page
    history = town.sees(town.observer, f"{shipment.get_absolute_url()}?activity")
    assert "Vancouver takes no freight this week." in history
    assert town.sees(town.stranger, shipment).status == 404
    assert town.sees(town.broker, shipment).status == 404, "no one gave it to them"
    bought = Exchange.objects.get(shipment_reference=shipment.reference)
    assert (bought.from_city.slug, bought.kind, bought.quantity) == ("zhongshan", "ppe_purchase", 10_000)
    assert (logistics_counter_mismatches(), allocation_counter_mismatches()) == ([], [])
    assert is_journal_intact()


def _record_calls(town: Purchase, bad: Lot) -> Page:
    """Record a phone call to each place that still had pieces; return the page of the lot."""
    for out in bad.distributions.order_by("pk"):
        town.does(mark_place_informed, out)
    return town.sees(town.logistics, bad)
