"""Steps of an offer: answer its findings, assign its checks, accept its reports and verify it, all on its page."""

from tests.browser.city_browsers import Cities
from tests.browser.translated_browser import Seat

EXPLANATION = "The contact looked, and explained it."


def answer_findings(seat: Seat, lead: str) -> int:
    """Explain each finding in its box and send all explanations with one press; return their number.

    Findings that do not block are folded.
    """
    seat.goes(lead)
    card = seat.page.locator("#findings")
    for fold in card.locator("details.fold").all():
        if not fold.get_attribute("open") and fold.locator("> summary").is_visible():
            seat.pace.pressed()
            fold.locator("> summary").click()
    boxes = card.locator("textarea")
    count = boxes.count()
    for place in range(count):
        boxes.nth(place).fill(EXPLANATION)
        seat.pace.typed(EXPLANATION)
    seat.presses("Send responses")
    seat.sees(EXPLANATION)
    return count


def answer_blocking_findings(seat: Seat, lead: str) -> int:
    """Explain each finding that blocks the offer, all with one press; return their number."""
    seat.goes(lead)
    boxes = seat.page.locator(".finding-block textarea")
    count = boxes.count()
    for place in range(count):
        boxes.nth(place).fill(EXPLANATION)
        seat.pace.typed(EXPLANATION)
    if count:
        seat.presses("Send responses")
    return count


def open_checks(town: Cities, lead: str) -> dict[str, str]:
    """Start the required checks and assign all to the suggested person; return the path of each by its name.

    Wang Fang is suggested, because Li Wei made the offer.
    """
    officer = town.officer
    officer.stays_or_goes(lead)
    officer.presses("Start the checks", within=officer.part("Checks"))
    officer.sees("Wang Fang", within=officer.part("Checks"))
    officer.keeps("2-who-checks")
    links = officer.page.locator("#checks a[href^='/checks/VT-']")
    return {link.inner_text(): link.get_attribute("href") or "" for link in links.all()}


def accept_all_and_verify(seat: Seat, lead: str) -> None:
    """Read the reports below each other, accept all and verify the offer, as a person who wrote none of them."""
    seat.goes(lead)
    seat.reads("Reports to review", "Can I order?")
    seat.keeps("3-reports")
    seat.presses("Accept all and verify")
    seat.reads("Verified")
    seat.keeps("4-can-i-order")
