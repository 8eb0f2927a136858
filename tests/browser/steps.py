"""The steps of the story, each as its person takes it: by links and buttons, from the page that offers it."""

import re
from pathlib import Path

from django.utils import translation
from playwright.sync_api import Locator, expect

from tests.browser.seat import Seat
from tests.browser.town import Town
from workflow.doors import words

LINK = re.compile(r"/l/[^/\s]+/")


def figure(seat: Seat, number: int) -> str:
    """A count as this person's language writes it."""
    with translation.override(seat.language):
        return words.quantity(number)


def covered(seat: Seat, need: str, words: str, pieces: int) -> None:
    """The need's bar has come this far."""
    seat.goes(need)
    part = (
        seat.page.locator(".coverage-legend").first.get_by_role("listitem").filter(has_text=seat.word(words))
    )
    expect(part).to_contain_text(figure(seat, pieces))


# --- a need, and the question about it ------------------------------------------------------------------------------
def post_a_need(town: Town, pieces: str) -> str:
    """Four steps, each saved, then everything once more. Returns the need's address."""
    officer = town.officer
    officer.goes("/")
    officer.presses("Needs")
    officer.presses("Post a need")
    officer.chooses("Product", town.product("MASK_SURG"))
    officer.types("Title", "Masks for Burnaby Hospital")
    officer.presses("Continue")
    officer.types("How many pieces", pieces)
    officer.types("Needed by", "2020-05-20")
    officer.types("Deliver to", "4949 Canada Way, Burnaby")
    officer.presses("Continue")
    officer.ticks(town.standard("ASTM-F2100-L2"))
    officer.presses("Continue")
    officer.ticks("Sister and friendship cities")
    officer.presses("Continue")
    officer.sees("Masks for Burnaby Hospital", figure(officer, 12_000), town.zhongshan)
    officer.presses("Post the need")
    return officer.path.removesuffix("ask/")


def ask_zhongshan(town: Town) -> None:
    """The best suited contact stands first, with the reason; one button sends the message. Both read one language: it is there once."""
    officer = town.officer
    officer.sees("Li Wei", town.zhongshan)
    officer.presses("Write to them")
    letter = officer.field("Message").input_value()
    for said in (figure(officer, 12_000), town.product("MASK_SURG"), "Li Wei"):
        assert said in letter
    expect(officer.field("Message in your language")).to_have_count(0)
    officer.presses("Send the request")
    officer.reads("Waiting for an answer")


def link_about(town: Town, subject: str) -> str:
    """The link in the newest message to the contact about something, as the outbox shows it.

    It is night in Zhongshan, and nobody is written to at night: the officer has the message sent now.
    """
    officer = town.officer
    link = officer.page.locator("a[href*='/l/']")
    mail = officer.page.get_by_role("article").filter(has_text=subject).filter(has=link)
    town.tick()
    officer.goes("/practice/outbox/")
    waiting = officer.page.get_by_role("listitem").filter(has_text=subject)
    while not mail.count():
        officer.presses("Send now", within=waiting if waiting.count() else None, whole=False)
        town.tick()
        officer.goes("/practice/outbox/")
    return mail.first.locator("a[href*='/l/']").first.get_attribute("href") or ""


# --- the contact, on a phone ----------------------------------------------------------------------------------------
def open_link(town: Town, link: str) -> Seat:
    """Who asks, for what, until when; then Continue."""
    contact = town.phone
    contact.goes(link)
    contact.sees(town.burnaby)
    contact.presses("Continue")
    return contact


def answer(town: Town, link: str, photo: Path) -> str:
    """The form on one page, a photo of the certificate, everything once more, and a number to quote. Returns the number."""
    contact = open_link(town, link)
    contact.types("Name of the supplier", "中山康护用品有限公司 DEMO")
    contact.types("How many pieces are there?", "20000")
    contact.chooses("Which standard do the goods meet?", town.standard("ASTM-F2100-L2"))
    contact.types("Price per piece", "2.10")
    contact.opens("More that helps")
    contact.types("Ready to ship on", "2020-04-20")
    contact.chooses("Certificate", town.certificate("CN_NMPA_REG"))
    contact.types("Number of the certificate", "粤械注准20202140123")
    contact.brings("Photos of the licence, the test report or the packaging", photo)
    contact.sees(contact.word("Sent"))
    contact.presses("Check and send")
    contact.reads("Is this right?")
    contact.sees("中山康护用品有限公司 DEMO", "粤械注准20202140123")
    contact.presses("Send")
    contact.reads("Thank you")
    number = contact.page.locator(".figure").inner_text()
    assert re.fullmatch(r"SL-2020-\d+", number)
    return number


def report(town: Town, link: str) -> None:
    """Every question answered by a tap, one of them honestly not."""
    contact = open_link(town, link)
    contact.presses("I will do it")
    questions = contact.page.get_by_role("group").filter(
        has=contact.page.get_by_label(contact.named("Could not check"))
    )
    count = questions.count()
    assert count >= 2
    for place in range(count):
        tapped = "Could not check" if place == count - 1 else "Yes"
        questions.nth(place).get_by_label(contact.named(tapped)).tap()
    contact.chooses("How did you check?", contact.word("In person"))
    contact.ticks("Sure")
    contact.presses("Send the report")
    contact.reads("Thank you. Your link shows at any time what became of it.")


# --- the offer: findings, checks, verified --------------------------------------------------------------------------
def answer_findings(seat: Seat, lead: str) -> int:
    """Each finding that stands open, answered in writing. Returns how many there were."""
    answered = 0
    seat.goes(lead)
    while (open_one := seat.button("Answer in writing")).count():
        seat.press(open_one)
        seat.types("In writing", "The contact looked, and explained it.")
        seat.presses("Answer in writing")
        answered += 1
    return answered


def open_checks(town: Town, lead: str) -> dict[str, str]:
    """Open the checks by rule, and give them out: one to Wang Fang, since who brought the offer makes not every check.

    Returns the address of each by its name.
    """
    officer = town.officer
    officer.goes(lead)
    officer.presses("Open the checks")
    links = officer.page.locator("#checks").get_by_role("link")
    tasks = {link.inner_text(): link.get_attribute("href") or "" for link in links.all()}
    for place, task in enumerate(tasks.values()):
        asked = "Li Wei" if place else "Wang Fang"
        officer.goes(task)
        officer.presses("Choose who checks")
        officer.presses("Ask them", within=officer.page.get_by_role("listitem").filter(has_text=asked))
        officer.sees(asked)
    return tasks


def accept(seat: Seat, task: str) -> None:
    """Another person reads the report and accepts it."""
    seat.goes(task)
    seat.reads("Report", "Could not check")
    seat.presses("Accept the report")
    seat.reads(("Accepted", "a check"))


def verify(seat: Seat, lead: str) -> None:
    """Every needed check is accepted, nothing blocks: a person verifies the offer."""
    seat.goes(lead)
    seat.presses("Verify")
    seat.reads("Verified")


# --- promised, ordered, approved ------------------------------------------------------------------------------------
def allocate(seat: Seat, need: str, pieces: str) -> None:
    """From the need's next step: what is verified and free."""
    seat.goes(need)
    seat.presses("Allocate")
    seat.types("Pieces", pieces)
    seat.presses("Allocate")


def order(town: Town) -> str:
    """Written from the allocation, approved by somebody else, placed, confirmed, ready. Returns its address."""
    officer, approver = town.officer, town.approver
    officer.goes("/orders/")
    officer.presses("Write an order")
    officer.page.get_by_role("group").get_by_role("checkbox").first.check()
    officer.presses("Write the order")
    here = officer.path
    officer.presses("Change")
    officer.types("Why fewer than three", "Only one maker had stock in these weeks.")
    officer.presses("Change")
    officer.reads("This order is above your city's limit. Send it to an approver.")
    officer.presses("Send to an approver")
    approver.goes("/")
    approver.presses("Decide")
    assert approver.path == here
    approver.presses("Approve")
    officer.goes(here)
    officer.presses("Place the order")
    officer.presses("Confirmed by the supplier")
    officer.types("Promised for", "2020-04-20")
    officer.presses("Confirmed by the supplier")
    officer.presses("The goods are ready")
    return here


# --- shipped, cleared, counted, inspected ---------------------------------------------------------------------------
def plan(seat: Seat, bought: str) -> str:
    """From the order: by air, with its waybill. Returns the shipment's address."""
    seat.goes(bought)
    seat.presses("Plan a shipment")
    seat.chooses("Mode", seat.word("Air"))
    seat.types("From (UN/LOCODE)", "CNCAN")
    seat.types("To (UN/LOCODE)", "CAVAN")
    seat.types("Carrier", "Demo Air")
    seat.types("Air waybill", "999-12345675")
    seat.presses("Plan a shipment")
    return seat.path


def pack(seat: Seat) -> None:
    """Into boxes of two thousand, of one lot."""
    seat.presses("Pack it")
    for box in seat.page.locator("main").get_by_role("textbox").all():
        box.fill("2000" if "w-number" in (box.get_attribute("class") or "") else "L-2020-04")
    seat.presses("Pack it")


def refused(seat: Seat, shipment: str, move: str) -> list[str]:
    """The step is closed, and says which papers are missing and who has them. Returns a line for each paper."""
    seat.goes(shipment)
    shut = seat.button(move)
    expect(shut).to_be_disabled()
    why = seat.page.locator(f"#{shut.get_attribute('aria-describedby')}")
    obstacles = seat.page.locator(".next-step").first.get_by_role("listitem").all_inner_texts()
    papers = [line for line in obstacles if paper_link(seat, line).count()]  # the others are customs itself
    assert papers
    for paper in papers:
        expect(why).to_contain_text(paper)
    return papers


def paper_link(seat: Seat, line: str) -> Locator:
    """The paper that a line "what (who)" speaks of, in the checklists."""
    name = line[: line.rindex(" (")]
    return seat.page.locator("#customs").get_by_role("link", name=name, exact=True).first


def bring_papers(seat: Seat, shipment: str, papers: list[str]) -> None:
    """Each paper in the way, from begun to handed in."""
    for paper in papers:
        seat.goes(shipment)
        seat.press(paper_link(seat, paper))
        seat.presses("Begun")
        for step in ("Ready", "Handed in"):
            seat.presses(step)
            seat.presses(step)


def clear_export(seat: Seat, shipment: str) -> None:
    """Filed with customs and released."""
    seat.goes(shipment)
    file(seat, "Export customs")
    note(seat, "Released by customs", within=seat.part("Export customs"))


def file(seat: Seat, side: str) -> None:
    """Filed with customs."""
    seat.presses("Filed with customs", within=seat.part(side))
    seat.types("Customs office", "DEMO office")
    seat.presses("Filed with customs")


def hold_and_clear_import(seat: Seat, shipment: str) -> None:
    """Customs asks for something and lets go once it is answered; the papers that are missing are brought."""
    file(seat, "Import customs")
    seat.presses("Held by customs", within=seat.part("Import customs"))
    seat.types("Reason", "Size marking")
    seat.types("Question asked", "Which level is printed on the box?")
    seat.presses("Add")
    seat.sees("Which level is printed on the box?")
    seat.reads("Held")
    papers = refused(seat, shipment, "Delivered")
    seat.presses("No longer held")
    seat.types("Answer given", "Level 2, see the photo.")
    seat.presses("No longer held")
    bring_papers(seat, shipment, papers)
    seat.goes(shipment)
    note(seat, "Released by customs", within=seat.part("Import customs"))


def note(seat: Seat, move: str, *, within: Locator | None = None) -> None:
    """A step that happens now: the page asks when, and takes nothing typed for now."""
    seat.presses(move, within=within)
    seat.presses(move)


def count(seat: Seat, shipment: str) -> None:
    """What came: most of it, some spoiled, some missing."""
    seat.goes(shipment)
    seat.presses("Count what came")
    seat.types("Accepted", "11500")
    seat.types("Rejected", "300")
    seat.types("Missing", "200")
    seat.types("Lot number", "L-2020-04")
    seat.types("Reason for the difference", "Two cartons were wet, one short.")
    seat.presses("Record the counting")


def inspect(seat: Seat, shipment: str) -> None:
    """A sample drawn at random, then released."""
    seat.goes(shipment)
    seat.follows("L-2020-04")
    seat.presses("Inspect")
    seat.types("Pieces looked at", "315")
    seat.types("Defective among them", "2")
    seat.ticks("Passed")
    seat.presses("Inspect")
    seat.presses("Release")
    seat.reads("Released")


# --- at the end -----------------------------------------------------------------------------------------------------
def register_gained(town: Town, pieces: int) -> None:
    """What passed between the two cities stands on both their pages."""
    officer = town.officer
    officer.presses("Twin cities")
    officer.follows(town.zhongshan)
    exchanges = officer.part("Exchanges")
    officer.sees(officer.word("Purchase of protective equipment"), figure(officer, pieces), within=exchanges)


def what_became_of_it(town: Town, link: str, number: str) -> None:
    """The contact's own link shows at any time what became of it."""
    contact = open_link(town, link)
    help_so_far = contact.part("Your help so far")
    contact.sees(number, contact.word("Verified"), contact.word(("Closed", "a shipment")), within=help_so_far)
