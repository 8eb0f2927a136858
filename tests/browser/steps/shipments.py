"""Steps of a shipment: planned, packed, cleared for export and import, counted and inspected."""

from playwright.sync_api import Locator, expect

from tests.browser.seat import Seat


def plan(seat: Seat, bought: str) -> str:
    """Plan a shipment of the order by air, with its waybill; return its path."""
    seat.goes(bought)
    seat.presses("Plan a shipment")
    seat.chooses("Mode of transport", seat.word("Air"))
    seat.types("From (UN/LOCODE)", "CNCAN")
    seat.types("To (UN/LOCODE)", "CAVAN")
    seat.types("Carrier", "Demo Air")
    seat.types("Air waybill", "999-12345675")
    seat.presses("Plan a shipment")
    return seat.path


def pack(seat: Seat) -> None:
    """Pack cartons of two thousand pieces, all of one lot."""
    seat.presses("Record packing")
    for box in seat.page.locator("main").get_by_role("textbox").all():
        box.fill("2000" if "w-number" in (box.get_attribute("class") or "") else "L-2020-04")
    seat.presses("Record packing")


def refused(seat: Seat, shipment: str, move: str) -> list[str]:
    """Check that a move is disabled for missing documents; return a line for each document.

    The line names the document and who has it.
    """
    seat.goes(shipment)
    shut = seat.button(move)
    expect(shut).to_be_disabled()
    why = seat.page.locator(f"#{shut.get_attribute('aria-describedby')}")
    obstacles = (
        seat.page.locator(".next-step").first.get_by_role("listitem").get_by_role("link").all_inner_texts()
    )
    papers = [line for line in obstacles if paper_link(seat, line).count()]  # the others are about customs
    assert papers
    for paper in papers:
        expect(why).to_contain_text(paper)
    return papers


def paper_link(seat: Seat, line: str) -> Locator:
    """Return the link in the checklists to the document of a line "document (person)"."""
    name = line[: max(line.rfind(" ("), line.rfind("（"))]
    return seat.page.locator("#customs").get_by_role("link", name=name, exact=True).first


def bring_papers(seat: Seat, shipment: str, papers: list[str]) -> None:
    """Take each missing document from the first step to the submission."""
    for paper in papers:
        seat.goes(shipment)
        seat.press(paper_link(seat, paper))
        seat.presses("Mark as in progress")
        for step in ("Mark as ready", "Mark as submitted"):
            seat.presses(step)
            seat.presses(step)


def clear_export(seat: Seat, shipment: str) -> None:
    """File the export with customs and record its release."""
    seat.goes(shipment)
    file(seat, "Export clearance")
    note(seat, "Record customs clearance", within=seat.part("Export clearance"))


def file(seat: Seat, side: str) -> None:
    """File with customs."""
    seat.presses("Record filing with customs", within=seat.part(side))
    seat.types("Customs office", "DEMO office")
    seat.presses("Record filing with customs")


def hold_and_clear_import(seat: Seat, shipment: str) -> None:
    """File the import, record a customs hold and its end, bring missing documents, and record the release."""
    file(seat, "Import clearance")
    seat.presses("Record customs hold", within=seat.part("Import clearance"))
    seat.types("Reason", "Size marking")
    seat.types("Question from customs", "Which level is printed on the box?")
    seat.presses("Add")
    seat.sees("Which level is printed on the box?")
    seat.reads("Held")
    papers = refused(seat, shipment, "Record delivery")
    seat.presses("End hold")
    seat.types("Answer to customs", "Level 2, see the photo.")
    seat.presses("End hold")
    bring_papers(seat, shipment, papers)
    seat.goes(shipment)
    note(seat, "Record customs clearance", within=seat.part("Import clearance"))


def note(seat: Seat, move: str, *, within: Locator | None = None) -> None:
    """Record a move that happens now: the page asks for the time, and an empty field means now."""
    seat.presses(move, within=within)
    seat.presses(move)


def count(seat: Seat, shipment: str) -> None:
    """Record a receipt with most pieces accepted, some rejected and some missing."""
    seat.goes(shipment)
    seat.presses("Receive goods")
    seat.types(("Accepted", "pieces"), "11500")
    seat.types("Rejected", "300")
    seat.types("Missing", "200")
    seat.types("Lot number", "L-2020-04")
    seat.types("Reason for the discrepancy", "Two cartons were wet, one short.")
    seat.presses("Record goods receipt")


def inspect(seat: Seat, shipment: str) -> None:
    """Inspect a random sample and release the lot."""
    seat.goes(shipment)
    seat.follows("L-2020-04")
    seat.presses("Inspect lot")
    seat.types("Pieces inspected", "315")
    seat.types("Defective pieces", "2")
    for point, value in {"bfe": "98.4", "pfe": "98.1", "blood": "120", "pressure": "4.6"}.items():
        field = seat.page.locator(f"input[name=point_{point}]")
        if field.count():
            field.fill(value)
    seat.ticks("Passed")
    seat.presses("Inspect lot")
    seat.presses("Release lot")
    seat.reads("Released")
