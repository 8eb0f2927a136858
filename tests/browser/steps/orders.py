"""An order: written from the allocation, approved, placed."""

from tests.browser.town import Town


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
