"""Steps around an inquiry: the network on a date, a letter in two languages, and its answer."""

from datetime import date

from playwright.sync_api import expect

from procurement.outreach.models.letters import SentLetter
from tests.browser.city_browsers import Cities
from tests.browser.translated_browser import Seat


def show_network_on(seat: Seat, day: date) -> None:
    """Show the map and its table as of a date."""
    seat.goes("/network/")
    seat.types("As of", day.isoformat())
    seat.presses("Show")


def move_the_slider(seat: Seat, months: int) -> str:
    """Move the slider some months back by the keyboard; return the date that the page then shows."""
    slider = seat.page.get_by_role("slider")
    slider.focus()
    for _month in range(months):
        slider.press("ArrowLeft")
    seat.presses("Show")
    return seat.field("As of").input_value()


def check_unused_partner(town: Cities) -> None:
    """Open the unused agreements and find the partner city among those never asked."""
    officer = town.officer
    officer.presses("Untapped potential")
    officer.sees(town.zhongshan, within=officer.part("Never asked"))


def write_inquiry(town: Cities, wish: str) -> str:
    """Write the question in both languages; return the path of the inquiry.

    A number is added to both texts. The page first asks about it, because it differs.
    """
    officer = town.officer
    officer.presses("Write to this contact")
    theirs, own = officer.field("Message"), officer.field("Message in your language")
    theirs.fill(f"{theirs.input_value()}\n{wish} 3")
    own.fill(f"{own.input_value()}\n{wish} 5")
    officer.presses("Send request")
    officer.reads("The numbers in the two versions differ.")
    own.fill(own.input_value().replace(f"{wish} 5", f"{wish} 3"))
    officer.presses("Send request")
    officer.reads("Awaiting reply")
    officer.presses("Awaiting reply")
    return officer.path


def read_the_letter(town: Cities, question: str) -> None:
    """Download the inquiry as a PDF and open the page behind its QR code on a stranger's phone."""
    officer = town.officer
    officer.goes(question)
    assert officer.downloads("Download letter (PDF)").startswith(b"%PDF-")
    sent = SentLetter.objects.get()
    stranger = town.phone
    stranger.goes(f"/letter/{sent.code}/")
    stranger.reads("This letter is genuine")
    stranger.sees(town.burnaby)
    forged = stranger.page.goto(f"{stranger.url}/letter/{sent.code[::-1]}/")
    assert forged is not None and forged.status == 404
    stranger.reads("This letter is not from us")


def copy_and_record_answer(town: Cities, need: str) -> None:
    """Copy the inquiry for WeChat, then record an answer by phone, which ends the waiting."""
    officer = town.officer
    officer.goes(need)
    officer.presses("Replies and reminders")
    officer.sees("Li Wei", officer.word("Awaiting reply"))
    officer.presses("Copy for WeChat")
    expect(officer.page.locator("#to-copy")).to_contain_text("/l/")
    officer.presses("Back")
    officer.presses("Record phone reply")
    officer.types("Answer given", "The office knows two makers and will write.")
    officer.presses("Record phone reply")
    officer.reads(("Answered", "a question"))
    expect(officer.button("Record phone reply")).to_have_count(0)
