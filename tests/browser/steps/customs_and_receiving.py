"""Steps of a shipment: documents, a tracking file, a broker's declaration, a failed lot, a recall."""

from pathlib import Path

from playwright.sync_api import expect

from procurement.tasks import run_tick
from tests.browser.customs_people import CustomsPeople
from tests.browser.steps import shipments
from tests.browser.translated_browser import Seat
from workflow import clock


def generate_document(quay: CustomsPeople, shipment: str) -> None:
    """Generate a document in its customary pair of languages."""
    officer = quay.officer
    officer.goes(f"{shipment}documents/")
    officer.press(officer.page.locator("#made form button").first)
    officer.reads("The generated documents match each other and the record.")
    quay.keeps(officer, "papers-made")


def import_tracking_file(quay: CustomsPeople, shipment: str, folder: Path) -> None:
    """Preview and import the carrier's tracking file, in which the same row appears twice."""
    dock, reference = quay.dock, shipment.strip("/").rpartition("/")[2]
    rows = ["shipment,code_system,code,occurred_at,place,pieces,external_id"]
    rows += [f"{reference},iata,RCS,2020-04-16 10:00,PVG,12,e-1"] * 2
    file = folder / "events.csv"
    file.write_text("\n".join(rows) + "\n")
    dock.goes("/shipments/tracking-file/")
    dock.chooses_files("File", file)
    dock.types("Source of the file", "Example Air")
    dock.presses("Preview import")
    dock.reads("Import preview")
    quay.keeps(dock, "tracking-file")
    dock.presses("Import updates")
    dock.goes(shipment)
    dock.reads("Tracking updates")


def import_by_broker(quay: CustomsPeople, shipment: str) -> None:
    """Declare the import as the broker, with a relief claim and the true value; then customs releases it."""
    broker = quay.broker
    broker.goes(shipment)
    broker.presses("Add a declaration", within=broker.part("Import clearance"))
    for field, value in (
        ("Number", "12345-000000019"),
        ("Customs code, ten digits", "6307909900"),
        ("Value", "6000"),
        ("Relief claimed", "CA-20-08"),
    ):
        broker.types(field, value)
    broker.types_choice("Country of origin", "CN")
    broker.types_choice("Currency", "USD")
    quay.keeps(broker, "declaration")
    broker.presses("Add a declaration")
    shipments.release(broker, "Import clearance")
    quay.keeps(broker, "shipment-of-a-broker")


def fill_in_inspection(seat: Seat, lot: str, pressure: str = "") -> str:
    """Fill in the inspection of a lot with values within all reliable limits, except the given pressure.

    Return the verdict that the page suggests for them.
    """
    seat.goes(lot)
    seat.presses("Inspect lot")
    values = {"bfe": "98.4", "pfe": "98.1", "blood": "120", "filtration": "96", "pressure": pressure or "4.4"}
    for point, value in values.items():
        field = seat.page.locator(f"input[name=point_{point}]")
        if field.count():
            field.fill(value)
    return shipments.suggested_verdict(seat)


def inspect(seat: Seat, lot: str, verdict: str, pressure: str = "") -> None:
    """Inspect a lot with a verdict."""
    fill_in_inspection(seat, lot, pressure)
    seat.ticks(verdict, group="Verdict")
    seat.presses("Inspect lot")


def override_and_release(quay: CustomsPeople, lot: str) -> None:
    """Fail a lot on a reliable limit, override that in writing, and release it with a condition.

    The approver overrides; another person releases.
    """
    dock, approver = quay.dock, quay.approver
    assert fill_in_inspection(dock, lot, "6.4") == "failed"
    expect(dock.page.locator("input[name=verdict][value=passed]")).to_be_disabled()
    quay.keeps(dock, "inspect-refused")
    dock.ticks("Failed", group="Verdict")
    dock.presses("Inspect lot")
    approver.goes(lot)
    approver.presses("Override inspection result")
    approver.types("Reason", "For short visits only: heavy to breathe through.")
    approver.presses("Override inspection result")
    quay.keeps(approver, "lot-let-through")
    dock.goes(lot)
    dock.presses("Release lot with conditions")
    dock.types("Condition", "Visitors only")
    dock.presses("Release lot with conditions")


def distribute(quay: CustomsPeople, lot: str, place: str, pieces: str) -> None:
    """Distribute pieces of a lot to a place."""
    dock = quay.dock
    dock.goes(lot)
    dock.presses("Distribute")
    dock.types("Place", place)
    dock.types("Units", pieces)
    quay.keeps(dock, "hand-out")
    dock.presses("Distribute")
    dock.sees(place)


def check_alerts(quay: CustomsPeople, shipment: str) -> None:
    """Run the periodic job and check its alerts on the board and on the page of the shipment."""
    run_tick(clock.now())
    dock = quay.dock
    dock.goes("/shipments/?view=risk")
    dock.reads("Pickup not confirmed", "Arrives after the needed-by date")
    quay.keeps(dock, "board-risk")
    dock.goes(shipment)
    dock.reads("Pickup not confirmed", "Arrives after the needed-by date")
    quay.keeps(dock, "shipment-warned")


def recall(quay: CustomsPeople, lot: str) -> None:
    """Recall a lot: each place is listed and its phone call is recorded."""
    dock = quay.dock
    dock.goes(lot)
    dock.presses("Recall lot")
    dock.types("Reason", "The straps tear.")
    dock.presses("Recall lot")
    dock.reads("Who has been informed", "Not informed yet")
    quay.keeps(dock, "lot-recalled")
    dock.presses("Mark as informed")
    dock.reads("Distribution")
