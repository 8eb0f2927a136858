"""Steps of an offer: answer its findings, make and accept its checks, verify it."""

from tests.browser.seat import Seat
from tests.browser.town import Town


def answer_findings(seat: Seat, lead: str) -> int:
    """Answer each open finding in writing; return their number."""
    answered = 0
    seat.goes(lead)
    while (open_one := seat.button("Respond to the finding")).count():
        seat.press(open_one)
        seat.types("Written explanation", "The contact looked, and explained it.")
        seat.presses("Respond to the finding")
        answered += 1
    return answered


def open_checks(town: Town, lead: str) -> dict[str, str]:
    """Open the required checks and assign them; return the path of each by its name.

    One check goes to Wang Fang, because the contact who made the offer may not make every check.
    """
    officer = town.officer
    officer.goes(lead)
    officer.presses("Start the checks")
    links = officer.page.locator("#checks a[href^='/checks/VT-']")
    tasks = {link.inner_text(): link.get_attribute("href") or "" for link in links.all()}
    for place, task in enumerate(tasks.values()):
        asked = "Li Wei" if place else "Wang Fang"
        officer.goes(task)
        officer.presses("Assign check")
        officer.presses(
            "Ask this contact", within=officer.page.get_by_role("listitem").filter(has_text=asked)
        )
        officer.sees(asked)
        if not place:
            officer.keeps("2-who-checks")
    return tasks


def accept(seat: Seat, task: str) -> None:
    """Read a report and accept it, as a person who did not write it."""
    seat.goes(task)
    seat.reads("Report")
    seat.keeps("3-report")
    seat.presses("Accept the report")
    seat.reads(("Accepted", "a check"))


def verify(seat: Seat, lead: str) -> None:
    """Verify the offer after all its checks were accepted."""
    seat.goes(lead)
    seat.keeps("4-can-i-order")
    seat.presses("Verify offer")
    seat.reads("Verified")
