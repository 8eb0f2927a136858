"""Steps of an order: written from the allocation, approved, placed."""

from tests.browser.town import Town


def approved(town: Town) -> str:
    """Write an order above the limit from the new allocation and approve it; return its path."""
    officer, approver = town.officer, town.approver
    officer.presses("Create order")
    officer.keeps("5-write-the-order")
    officer.presses("Create order")
    here = officer.path
    officer.presses("Edit details")
    officer.types("Reason for fewer than three quotes", "Only one maker had stock in these weeks.")
    officer.presses("Edit details")
    officer.reads("This order is above your city’s approval limit. Send it for approval.")
    officer.presses("Send for approval")
    approver.goes("/")
    approver.presses("Review order")
    assert approver.path == here
    approver.keeps("6-decide")
    approver.presses("Approve order")
    approver.keeps("7-approved")
    return here


def placed(town: Town, here: str) -> None:
    """Place the order; the supplier confirms it and has the goods ready."""
    officer = town.officer
    officer.goes(here)
    officer.presses("Place order")
    officer.presses("Record supplier confirmation")
    officer.types("Promised date", "2020-04-20")
    officer.presses("Record supplier confirmation")
    officer.presses("Mark goods as ready")
