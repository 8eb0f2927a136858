"""Steps on the way: documents, a tracking file, the declaration of a broker, a failed lot, a recall."""

from pathlib import Path

from procurement.tasks import run_tick
from tests.browser.quay import Quay
from tests.browser.seat import Seat
from tests.browser.steps import shipments
from workflow import clock


def make_papers(quay: Quay, shipment: str) -> None:
    """Generate a document in its customary pair of languages."""
    officer = quay.officer
    officer.goes(f"{shipment}documents/")
    officer.press(officer.page.locator("#made form button").first)
    officer.reads("The papers that were made agree with each other and with the record.")
    quay.keeps(officer, "papers-made")


def carriers_file(quay: Quay, shipment: str, folder: Path) -> None:
    """Preview and import the carrier's tracking file, in which the same row appears twice."""
    dock, reference = quay.dock, shipment.strip("/").rpartition("/")[2]
    rows = ["shipment,code_system,code,occurred_at,place,pieces,external_id"]
    rows += [f"{reference},iata,RCS,2020-04-16 10:00,PVG,12,e-1"] * 2
    file = folder / "events.csv"
    file.write_text("\n".join(rows) + "\n")
    dock.goes("/shipments/tracking-file/")
    dock.brings("File", file)
    dock.types("Who wrote it", "Example Air")
    dock.presses("See what it would do")
    dock.reads("What the file would do")
    quay.keeps(dock, "tracking-file")
    dock.presses("Take it in")
    dock.goes(shipment)
    dock.reads("What was heard")


def import_by_broker(quay: Quay, shipment: str) -> None:
    """Declare the import as the broker, with a relief claim and the true value; then customs releases it."""
    broker = quay.broker
    broker.goes(shipment)
    broker.presses("Add a declaration", within=broker.part("Import customs"))
    for field, value in (
        ("Number", "12345-000000019"),
        ("Customs code, ten digits", "6307909900"),
        ("Country of origin", "CN"),
        ("Value", "6000"),
        ("Currency", "USD"),
        ("Relief claimed", "CA-20-08"),
    ):
        broker.types(field, value)
    quay.keeps(broker, "declaration")
    broker.presses("Add a declaration")
    shipments.note(broker, "Released by customs", within=broker.part("Import customs"))
    quay.keeps(broker, "shipment-of-a-broker")


def inspect(seat: Seat, lot: str, verdict: str, pressure: str = "") -> None:
    """Inspect a lot with a verdict and values within all firm limits, except the given pressure."""
    seat.goes(lot)
    seat.presses("Inspect")
    values = {"bfe": "98.4", "pfe": "98.1", "blood": "120", "filtration": "96", "pressure": pressure or "4.4"}
    for point, value in values.items():
        field = seat.page.locator(f"input[name=point_{point}]")
        if field.count():
            field.fill(value)
    seat.ticks(verdict, group="Verdict")
    seat.presses("Inspect")


def let_through(quay: Quay, lot: str) -> None:
    """Fail a lot on a firm limit, override that in writing, and release it with a condition.

    The approver overrides; another person releases.
    """
    dock, approver = quay.dock, quay.approver
    inspect(dock, lot, "Passed", "6.4")
    assert dock.page.locator("[role=alert]").count()
    quay.keeps(dock, "inspect-refused")
    inspect(dock, lot, "Failed", "6.4")
    approver.goes(lot)
    approver.presses("Let through without a passed inspection")
    approver.types("Reason", "For short visits only: heavy to breathe through.")
    approver.presses("Let through without a passed inspection")
    quay.keeps(approver, "lot-let-through")
    dock.goes(lot)
    dock.presses("Release with conditions")
    dock.types("Condition", "Visitors only")
    dock.presses("Release with conditions")


def hand_out(quay: Quay, lot: str, place: str, pieces: str) -> None:
    """Distribute pieces of a lot to a place."""
    dock = quay.dock
    dock.goes(lot)
    dock.presses("Hand out")
    dock.types("Place", place)
    dock.types("Pieces", pieces)
    quay.keeps(dock, "hand-out")
    dock.presses("Hand out")
    dock.sees(place)


def warned(quay: Quay, shipment: str) -> None:
    """Run the periodic job and check its alerts on the board and on the page of the shipment."""
    run_tick(clock.now())
    dock = quay.dock
    dock.goes("/shipments/?view=risk")
    dock.reads("No hand-over confirmed", "Too late for the need")
    quay.keeps(dock, "board-risk")
    dock.goes(shipment)
    dock.reads("What to look at")
    quay.keeps(dock, "shipment-warned")


def recall(quay: Quay, lot: str) -> None:
    """Recall a lot: each place is listed and its phone call is recorded."""
    dock = quay.dock
    dock.goes(lot)
    dock.presses("Recall")
    dock.types("Reason", "The straps tear.")
    dock.presses("Recall")
    dock.reads("Who has been told", "Not told yet")
    quay.keeps(dock, "lot-recalled")
    dock.presses("They have been told")
    dock.reads("Where it went")
