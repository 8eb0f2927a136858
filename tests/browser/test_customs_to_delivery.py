"""Goods through export and import customs, in Chromium.

Huai’an donates to Oakville, and Burnaby buys in Zhongshan. The usual run makes the donation once; `make
faults` makes both in three languages, on desk and phone. Steps that another browser test clicks (such as
submitting each document) are made by actions here.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse

from procurement.orders.actions.approve import accept_donation, mark_ready
from procurement.shipments.models import Shipment
from tests.browser.customs_people import CustomsPeople, languages_and_widths
from tests.browser.steps import customs_and_receiving, shipments
from tests.browser.steps.customs_and_receiving import (
    distribute,
    generate_document,
    import_by_broker,
    import_tracking_file,
    override_and_release,
)
from tests.browser.steps.shipments import clear_export
from tests.browser.translated_browser import quiet
from tests.journeys.shipment_days import CARTONS, Gift, Purchase
from tests.worlds import cities
from workflow import clock
from workflow.clock import advance_clock, clear_instance_cache

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def practice() -> Iterator[None]:
    """Forget the practice instance after the test."""
    yield
    clear_instance_cache()


def newest_shipment() -> Shipment:
    return Shipment.objects.latest("pk")


@pytest.mark.parametrize(("language", "width"), languages_and_widths("zh-hans", 390))
def test_donation_of_huaian_goes_through_customs_to_recipient_in_browser(
    chromium, live_server, mail_folder, practice, tmp_path, language, width
):
    town = Gift()
    town.practise()
    gift = town.offered()
    town.does(accept_donation, gift, who=town.officer)
    town.does(mark_ready, gift, who=town.officer)
    broker = str(town.broker.user)
    quay = CustomsPeople(chromium, live_server.url, town, language, width)
    dock = quay.dock
    with quiet(quay.seats):
        shipment = shipments.plan(dock, gift.get_absolute_url())
        quay.keeps(dock, "shipment-planned")
        shipments.pack(dock)
        generate_document(quay, shipment)
        town.hands_in(newest_shipment(), "depart")
        clear_export(dock, shipment)
        shipments.record_move(dock, "Record departure")
        import_tracking_file(quay, shipment, tmp_path)
        shipments.record_move(dock, "Record arrival in destination country")
        dock.opens("More actions")
        dock.presses("Choose customs broker")
        dock.chooses("Customs broker", broker)
        dock.presses("Choose customs broker")
        town.hands_in(newest_shipment(), "deliver", who=town.broker)
        import_by_broker(quay, shipment)
        dock.goes(shipment)
        shipments.record_move(dock, "Record delivery")
        record_receipt(quay, shipment)
        lots = {lot.number: lot.get_absolute_url() for lot in newest_shipment().lots.all()}
        override_and_release(quay, lots["HA-1"])
        customs_and_receiving.inspect(dock, lots["K-1"], "Passed")
        dock.presses("Release lot")
        distribute(quay, lots["K-1"], "Town hall", "2000")
        dock.goes(shipment)
        dock.presses("Close shipment")
        dock.reads(("Closed", "a shipment"))
        quay.keeps(dock, "shipment-closed")
        thank_donor(quay, gift.get_absolute_url())
        lead = gift.lines.first().allocation.lead.get_absolute_url()
        quay.looks_around(
            offer=lead,
            papers_made=f"{shipment}documents/",
            lot_conditional=lots["HA-1"],
            lot_inspect_again=f"{lots['HA-1']}inspect/",
            lots="/lots/",
            lots_none="/lots/?q=nothing",
            genuine=reverse("verify_document", args=[newest_shipment().generated_documents.first().code]),
        )
    gift.refresh_from_db()
    assert gift.status == "thanked"
    assert [line.released for line in gift.lines.order_by("pk")] == [11_000, 2_000]


def record_receipt(quay: CustomsPeople, shipment: str) -> None:
    """Record a receipt of two kinds of goods; one carton of the first is wet."""
    dock = quay.dock
    dock.goes(shipment)
    dock.presses("Receive goods")
    dock.presses("Without labels: count line by line")
    masks, respirators = dock.page.locator("main form section").all()[:2]
    dock.types(("Accepted", "pieces"), "11000", within=masks)
    dock.types("Rejected", "1000", within=masks)
    dock.types("Lot number", "HA-1", within=masks)
    dock.types("Lot number", "K-1", within=respirators)
    dock.types("Reason for the discrepancy", "One carton is wet.", within=masks)
    quay.keeps(dock, "count")
    dock.presses("Record goods receipt")
    quay.keeps(dock, "shipment-counted")


def thank_donor(quay: CustomsPeople, gift: str) -> None:
    """Generate the letter of thanks and record that the donor was thanked."""
    officer = quay.officer
    officer.goes(f"{gift}documents/")
    officer.press(officer.page.locator("#made form button").last)
    quay.keeps(officer, "gift-papers")
    officer.goes(gift)
    officer.presses("Thank donor")


@pytest.mark.parametrize(("language", "width"), languages_and_widths("", 0))  # all pairs in `make faults`
def test_purchase_from_zhongshan_goes_through_customs_and_is_recalled_in_browser(
    chromium, live_server, mail_folder, practice, language, width
):
    town = Purchase()
    town.practise()
    cities.twinning("burnaby", "zhongshan", signed="2011-04-18")
    order = town.ready(town.promise(10_000, model="KH-2020 Type I", **CARTONS))
    quay = CustomsPeople(chromium, live_server.url, town, language, width)
    dock = quay.dock
    with quiet(quay.seats):
        shipment = shipments.plan(dock, order.get_absolute_url())
        dock.opens("More actions")
        dock.presses("Split shipment")
        dock.page.locator("main form input[name^=part]").fill("4000")
        quay.keeps(dock, "split")
        dock.presses("Split shipment")
        dock.goes(shipment)
        dock.opens("More actions")
        dock.presses("Merge another shipment into this one")
        dock.page.locator("select").select_option(index=1)
        dock.presses("Merge another shipment into this one")
        shipments.pack(dock)
        town.hands_in(Shipment.objects.earliest("pk"), "depart")
        clear_export(dock, shipment)
        shipments.record_move(dock, "Record departure")
        dock.opens("More actions")
        dock.presses("Change destination")
        dock.types(("To", "a place"), "Calgary")
        dock.types("Reason", "Vancouver takes no freight this week.")
        dock.presses("Change destination")
        dock.opens("More actions")
        dock.presses("Edit details")
        dock.types("Expected date", "2020-05-25")
        dock.presses("Save details")
        advance_clock(clock.now() + timedelta(days=3))
        customs_and_receiving.check_alerts(quay, shipment)
        dock.goes(shipment)
        shipments.record_move(dock, "Record arrival in destination country")
        town.at = clock.now()
        town.hands_in(Shipment.objects.earliest("pk"), "deliver")
        dock.goes(shipment)
        shipments.file_with_customs(dock, "Import clearance")
        shipments.release(dock, "Import clearance")
        shipments.record_move(dock, "Record delivery")
        dock.presses("Receive goods")
        dock.types("Lot number", "KH-1")
        dock.presses("All arrived intact")
        lot = Shipment.objects.earliest("pk").lots.get().get_absolute_url()
        customs_and_receiving.inspect(dock, lot, "Passed", "4.4")
        dock.presses("Release lot")
        distribute(quay, lot, "Care home on Kingsway", "1000")
        dock.goes(shipment)
        dock.presses("Close shipment")
        customs_and_receiving.recall(quay, lot)
        quay.looks_around(
            rules="/rules/customs/",
            rule="/rules/customs/CN-X-JOINT12/",
            relief="/rules/reliefs/CA-20-08/",
            asked="/rules/documents/?on=2020-05-01",
            asked_today="/rules/documents/?on=2026-11-25",
            asked_wrong="/rules/documents/?on=soon",
            board="/shipments/",
            board_held="/shipments/?view=held",
            board_soon="/shipments/?view=soon",
            order=order.get_absolute_url(),
            need=order.lines.get().allocation.line.supply_request.get_absolute_url(),
        )
    order.refresh_from_db()
    assert order.status == "completed"
    assert order.lines.get().allocation.line.released == 0
