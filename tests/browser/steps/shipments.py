"""Steps of a shipment: planning, packing, export and import clearance, receiving and inspection."""

from playwright.sync_api import FilePayload, Locator, expect

from tests.browser.keystroke_model import Pace
from tests.browser.translated_browser import Seat
from tests.workflow import files

MOST_CLICKS, MOST_PAGES = 12, 4  # for the files of all missing documents of a clearance


def plan(seat: Seat, bought: str) -> str:
    """Plan a shipment of the order by air, with its waybill; return its path.

    The mode and, where the cities have a position, the two places are proposed; a place is typed by its name.
    """
    if "/plan" not in seat.path and "/shipments/new" not in seat.path:
        seat.goes(bought)
        seat.presses("Plan a shipment")
    for label, place in ((("From", "a place"), "Guangzhou"), (("To", "a place"), "Vancouver")):
        if not seat.field(label).input_value():
            seat.types(label, place)
    seat.types("Carrier", "Demo Air")
    seat.types("Air waybill", "999-12345675")
    seat.presses("Plan a shipment")
    return seat.path


def pack(seat: Seat) -> None:
    """Pack cartons of two thousand pieces, all of one lot, on the shipment's page."""
    for box in seat.page.locator("form[action$='/pack/']").get_by_role("textbox").all():
        box.fill("2000" if "w-number" in (box.get_attribute("class") or "") else "L-2020-04")
    seat.presses("Record packing")


def check_move_closed(seat: Seat, shipment: str, move: str) -> list[str]:
    """Check that a status change is closed because documents are missing; return the references of the documents.

    The reason names each document. Each has a line among the obstacles, which links to its row in the table.
    """
    seat.goes(shipment)
    why = seat.page.locator(".closed-moves li").filter(has_text=seat.word(move)).first
    papers = seat.page.locator(".next-step").first.locator("a[href^='#CP-']")
    assert papers.count()
    for paper in papers.all():
        expect(why).to_contain_text(paper.inner_text())
    rows = [paper.get_attribute("href") or "" for paper in papers.all()]
    for row in rows:
        expect(seat.page.locator(row)).to_be_visible()
    return [row.removeprefix("#") for row in rows]


def upload_documents(seat: Seat, shipment: str, papers: list[str]) -> None:
    """Upload the files of the missing documents at once, confirm their documents in one press, and submit all.

    Each file has the reference of its document in its name. However many there are, it takes at most twelve
    clicks and four pages.
    """
    before = seat.pace + Pace()
    seat.stays_or_goes(shipment)
    uploads = [
        FilePayload(name=f"{paper}.pdf", mimeType="application/pdf", buffer=files.pdf()) for paper in papers
    ]
    if seat.page.locator("#upload > details > summary").is_visible():  # folded on a phone
        seat.opens("Upload documents")
    seat.chooses_files("Files of customs documents", *uploads)
    seat.presses("Upload and match files")
    seat.keeps("papers-sorted")
    seat.presses("Save documents")
    seat.reads("Ready")
    submit_ready(seat)
    spent = seat.pace - before
    seat.notes("papers", str(spent))
    assert spent.presses <= MOST_CLICKS, spent
    assert spent.pages <= MOST_PAGES, spent
    for paper in papers:
        seat.sees(seat.word("Submitted to customs"), within=seat.page.locator(f"#{paper}"))


def submit_ready(seat: Seat) -> None:
    """Mark all ready documents of each clearance as submitted to customs, in place."""
    button = seat.page.locator("button[name=submit_ready]")
    while button.count():
        seat.press(button.first)


def clear_export(seat: Seat, shipment: str) -> None:
    """File the export with customs and record its release: two clicks on one page."""
    seat.stays_or_goes(shipment)
    before = seat.pace + Pace()
    file_with_customs(seat, "Export clearance")
    release(seat, "Export clearance")
    spent = seat.pace - before
    assert (spent.presses, spent.pages) == (2, 0), spent


def file_with_customs(seat: Seat, side: str) -> None:
    """File with customs, in place."""
    seat.types("Customs office", "DEMO office", within=seat.part(side))
    seat.presses_in_place("Record filing with customs", within=seat.part(side))


def release(seat: Seat, side: str) -> None:
    """Record that customs cleared the goods, in place."""
    seat.presses_in_place("Record customs clearance", within=seat.part(side))


def clear_import_after_hold(seat: Seat, shipment: str) -> None:
    """File the import, record a customs hold, answer it at the top of the page, end it, and record the release.

    Missing documents are brought in between.
    """
    file_with_customs(seat, "Import clearance")
    seat.presses("Record customs hold", within=seat.part("Import clearance"))
    seat.types("Reason", "Size marking")
    seat.types("Question from customs", "Which level is printed on the box?")
    seat.presses("Add")
    seat.sees("Which level is printed on the box?")
    seat.reads("Held")
    papers = check_move_closed(seat, shipment, "Record delivery")
    seat.types("Answer to customs", "Level 2, see the photo.")
    seat.presses("Answer customs")
    seat.sees("Level 2, see the photo.")
    seat.presses("End hold")
    seat.presses("End hold")
    upload_documents(seat, shipment, papers)
    release(seat, "Import clearance")


def record_move(seat: Seat, move: str, *, within: Locator | None = None) -> None:
    """Record a move that happens now. If a page asks for the time, an empty field means now."""
    before = seat.path
    seat.presses(move, within=within)
    if seat.path != before:
        seat.presses(move)


def receive_with_discrepancies(seat: Seat, shipment: str) -> None:
    """Receive all cartons but two: 300 pieces of one are rejected, and 200 of another are missing."""
    seat.goes(shipment)
    seat.presses("Receive goods")
    mark_carton(seat, 1, "Damaged", "1700")
    mark_carton(seat, 2, "Short", "1800")
    seat.types("What happened", "One carton is wet, one short.")
    seat.presses("Receive with exceptions")


def receive_all(seat: Seat) -> None:
    """Receive all cartons from the shipment's page, none of them damaged or missing."""
    seat.presses("Receive goods")
    seat.presses("All arrived intact")


def send_thanks(seat: Seat) -> None:
    """Send the thanks from the start page ("Today"), with the text that the page proposes."""
    seat.goes("/")
    seat.presses("Review thank-you")
    seat.presses("Send thanks")


def mark_carton(seat: Seat, number: int, state: str, usable: str) -> None:
    """Mark one carton as an exception: its number, its state, and the pieces that can be used."""
    carton = seat.page.locator(f"details[data-number='{number}']")
    for part in (carton.locator("summary"), carton.get_by_label(seat.word((state, "a carton")), exact=True)):
        seat.pace.pressed()
        part.tap() if seat.touches else part.click()
    seat.types("Usable units inside", usable, within=carton)


def suggested_verdict(seat: Seat) -> str:
    """Wait until the results suggest a verdict; return it."""
    found = seat.page.locator("input[name=suggested]")
    expect(found).not_to_have_value("")
    return found.input_value()


def inspect(seat: Seat, shipment: str, sampled: str = "315") -> None:
    """Inspect a random sample and release the lot in one step, with the verdict that the results suggest."""
    if not seat.button("Inspect lot", whole=False).count():  # the page of a finished count has it too
        seat.goes(shipment)
    seat.presses("Inspect lot", whole=False)
    seat.types("Units inspected", sampled)
    seat.types("Defective units", "2")
    passed = seat.field("Passed", within=seat.page.locator("#verdict"))  # French answers are named alike
    expect(passed).to_be_disabled()
    for point, value in {"bfe": "98.4", "pfe": "98.1", "blood": "120", "pressure": "4.6"}.items():
        field = seat.page.locator(f"input[name=point_{point}]")
        if field.count():
            field.fill(value)
    assert suggested_verdict(seat) == "passed"
    expect(passed).to_be_checked()
    seat.presses("Inspect and release lot")
    seat.reads("Released")
