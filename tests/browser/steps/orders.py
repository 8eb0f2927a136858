"""Steps of an order: written from the allocation, approved, placed."""

from tests.browser.town import Town


def approved(town: Town) -> str:
    """Write an order above the limit from the new allocation and approve it; return its path."""
    officer, approver = town.officer, town.approver
    officer.presses("Write an order")
    officer.keeps("5-write-the-order")
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
    approver.keeps("6-decide")
    approver.presses("Approve")
    approver.keeps("7-approved")
    return here


def placed(town: Town, here: str) -> None:
    """Place the order; the supplier confirms it and has the goods ready."""
    officer = town.officer
    officer.goes(here)
    officer.presses("Place the order")
    officer.presses("Confirmed by the supplier")
    officer.types("Promised for", "2020-04-20")
    officer.presses("Confirmed by the supplier")
    officer.presses("The goods are ready")
