"""Steps of an order: creation from the allocation, approval and placing."""

from tests.browser.city_browsers import Cities
from tests.browser.keystroke_model import Pace


def write_and_approve(town: Cities) -> str:
    """Write an order above the limit from the new allocation and approve it; return its path."""
    here = write_and_submit(town)
    approve_from_today(town)
    assert town.approver.path == here
    return here


def write_and_submit(town: Cities) -> str:
    """Write an order above the limit from the new allocation, and send it for approval; return its path."""
    officer = town.officer
    officer.presses("Create order")
    officer.keeps("5-write-the-order")
    officer.types("Reason for fewer than three quotes", "Only one maker had stock in these weeks.")
    officer.press(
        officer.page.get_by_role("button", name=officer.word("Send to %(who)s for approval", who="Ann Gill"))
    )
    officer.reads("Waiting for approval")
    return officer.path


def approve_from_today(town: Cities) -> None:
    """Approve the order that waits, from the start page ("Today"), where the approver works."""
    approver = town.approver
    if approver.path != "/":
        approver.goes("/")
        approver.pace -= Pace(presses=1, pages=1)  # signing in leads to Today
    approver.presses("Review order")
    approver.keeps("6-decide")
    approver.presses("Approve order")
    approver.keeps("7-approved")


def place_and_confirm(town: Cities, here: str) -> None:
    """Place the order; the supplier confirms it and has the goods ready."""
    officer = town.officer
    officer.goes(here)
    officer.presses("Place order")
    officer.types("Promised date", "2020-04-20")
    officer.presses("Record confirmation and mark goods as ready")
    officer.reads("Ready to ship")
