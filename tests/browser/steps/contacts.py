"""Steps of a contact on their phone: the link in a mail, their answer, their report, and the outcome."""

import re
from pathlib import Path

from tests.browser.pace import Pace
from tests.browser.seat import Seat
from tests.browser.town import Town


def link_about(town: Town, subject: str) -> str:
    """Return the link in the newest message to the contact about this subject, from the outbox.

    At night in Zhongshan no message goes out by itself, so the officer sends it at once.
    """
    officer = town.officer
    so_far = officer.pace + Pace()  # the test reads the outbox, so it does not count
    link = officer.page.locator("a[href*='/l/']")
    mail = officer.page.get_by_role("article").filter(has_text=subject).filter(has=link)
    town.tick()
    officer.goes("/outbox/")
    waiting = officer.page.get_by_role("listitem").filter(has_text=subject)
    while not mail.count():
        officer.presses("Send now", within=waiting if waiting.count() else None, whole=False)
        town.tick()
        officer.goes("/outbox/")
    officer.pace = so_far
    return mail.first.locator("a[href*='/l/']").first.get_attribute("href") or ""


def open_link(town: Town, link: str) -> Seat:
    """Open a link, read its first page and press Continue."""
    contact = town.phone
    contact.goes(link)
    contact.sees(town.burnaby)
    contact.presses("Continue")
    return contact


def answer(town: Town, link: str, photo: Path) -> str:
    """Answer with an offer and a photo of the certificate; return the reference of the offer."""
    contact = open_link(town, link)
    contact.types("Supplier name", "中山康护用品有限公司 DEMO")
    contact.types("Quantity in stock", "20000")
    contact.chooses("Which standard do the goods meet?", town.standard("ASTM-F2100-L2"))
    contact.types("Unit price", "2.10")
    contact.opens("More details (optional)")
    contact.types("Ready to ship on", "2020-04-20")
    contact.chooses("Certificate", town.certificate("CN_NMPA_REG"))
    contact.types("Certificate number", "粤械注准20202140123")
    contact.brings("Photos of the business licence, test report or packaging", photo)
    contact.sees(contact.word("Sent"))
    contact.presses("Check and send")
    contact.reads("Check your answers")
    contact.sees("中山康护用品有限公司 DEMO", "粤械注准20202140123")
    contact.presses("Send")
    contact.reads("Thank you")
    number = contact.page.locator(".figure").inner_text()
    assert re.fullmatch(r"SL-2020-\d+", number)
    return number


def report(town: Town, link: str) -> None:
    """Answer every question by a tap, the last one with "Could not check"."""
    contact = open_link(town, link)
    contact.presses("Accept the check")
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
    contact.keeps("check-on-a-phone")
    contact.presses("Send the report")
    contact.reads("Thank you. Use your link at any time to see progress.")


def what_became_of_it(town: Town, link: str, number: str) -> None:
    """Read the outcome of the offer behind the contact's link."""
    contact = open_link(town, link)
    help_so_far = contact.part("Your help so far")
    contact.sees(number, contact.word("Verified"), contact.word(("Closed", "a shipment")), within=help_so_far)
