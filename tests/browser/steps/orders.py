"""Steps of an order: written from the allocation and sent on, approved, placed."""

from tests.browser.town import Town


def approved(town: Town) -> str:
    """Write an order above the limit from the new allocation and approve it; return its path."""
    officer, approver = town.officer, town.approver
    officer.presses("Create order")
    officer.keeps("5-write-the-order")
    officer.types("Reason for fewer than three quotes", "Only one maker had stock in these weeks.")
    officer.press(
        officer.page.get_by_role("button", name=officer.word("Send for approval to %(who)s", who="Ann Gill"))
    )
    here = officer.path
    officer.reads("Waiting for approval")
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
    officer.types("Promised date", "2020-04-20")
    officer.presses("Record confirmation, goods are ready")
    officer.reads("Ready to ship")
