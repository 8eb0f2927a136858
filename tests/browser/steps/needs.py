"""Steps of a need: posting it, asking a contact, allocating goods, and checking its coverage."""

from django.utils import translation
from playwright.sync_api import expect

from tests.browser.city_browsers import Cities
from tests.browser.keystroke_model import Pace
from tests.browser.translated_browser import Seat
from workflow.formatting import format_quantity


def localized_number(seat: Seat, number: int) -> str:
    """Return a number as this person's language writes it."""
    with translation.override(seat.language):
        return format_quantity(number)


def check_coverage(seat: Seat, need: str, words: str, pieces: int) -> None:
    """Check the pieces at one level of the need's coverage bar, without adding to the officer's counted effort."""
    so_far = seat.pace + Pace()
    seat.goes(need)
    part = (
        seat.page.locator(".coverage-legend").first.get_by_role("listitem").filter(has_text=seat.word(words))
    )
    expect(part).to_contain_text(localized_number(seat, pieces))
    seat.pace = so_far


def post_a_need(town: Cities, typed: str, pieces: int = 12_000) -> str:
    """Post a need in three steps and a summary; return its path.

    From the start page ("Today") this takes 8 clicks and 5 loads. A city that posted before saves the click
    on who will use the goods.
    """
    officer = town.officer
    officer.goes("/")
    officer.pace -= Pace(presses=1, pages=1)  # signing in leads to Today
    officer.presses("Post a need")
    officer.chooses("Product", town.product("MASK_SURG"))
    officer.types("Title", "Masks for Burnaby Hospital")
    officer.ticks("Hospital", group="Who will use the goods")
    officer.presses("Continue")
    officer.types("Quantity", typed)
    officer.types("Needed by", "2020-05-20")
    officer.types("Deliver to", "4949 Canada Way, Burnaby")
    officer.presses("Continue")
    usual = officer.word("Accept all standards usual in %(market)s", market=officer.word("Canada"))
    officer.press(officer.page.get_by_role("button", name=usual))
    officer.reads("Sister and friendship cities")
    officer.sees("Masks for Burnaby Hospital", localized_number(officer, pieces), town.zhongshan)
    officer.presses("Post need")
    return officer.path.removesuffix("ask/")


def ask_zhongshan(town: Cities, pieces: int = 12_000) -> None:
    """Send an inquiry to the first suggested contact, who is ticked already: 2 clicks, 2 loads.

    Both read one language, so the form has one text only.
    """
    officer = town.officer
    officer.sees("Li Wei", town.zhongshan)
    officer.presses("Write to the ticked contacts")
    letter = officer.field("Message").input_value()
    for said in (localized_number(officer, pieces), town.product("MASK_SURG"), "Li Wei"):
        assert said in letter
    expect(officer.field("Message in your language")).to_have_count(0)
    officer.presses("Send request")
    officer.reads("Awaiting reply")


def allocate(seat: Seat, need: str, pieces: int) -> None:
    """Allocate verified pieces to the need in one press, because one offer fits."""
    seat.goes(need)
    name = seat.word("Allocate %(pieces)s", pieces=localized_number(seat, pieces))
    seat.press(seat.page.get_by_role("button", name=name))
