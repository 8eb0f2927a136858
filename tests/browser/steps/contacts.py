"""Steps of a contact on a phone: opening the link in a mail, answering, reporting, and reading the outcome."""

import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.city_browsers import Cities
from tests.browser.keystroke_model import Pace
from tests.browser.translated_browser import Seat


def link_about(town: Cities, subject: str) -> str:
    """Return the link in the newest message to the contact about this subject, from the outbox.

    At night in Zhongshan no message goes out by itself, so the officer sends it at once.
    """
    officer = town.officer
    so_far = officer.pace + Pace()  # the test reads the outbox, so it does not count
    town.tick()
    while (link := _sent_link(officer, subject)) is None:
        officer.goes("/outbox/")
        waiting = officer.page.get_by_role("listitem").filter(has_text=subject)
        officer.presses("Send now", within=waiting if waiting.count() else None, whole=False)
        town.tick()
    officer.pace = so_far
    return link


def _sent_link(officer: Seat, subject: str) -> str | None:
    """Return the link of the newest sent message about this subject, or None."""
    officer.goes("/outbox/")
    letters = [
        one.get_attribute("href") or ""
        for one in officer.page.locator("main .rows a[href^='/outbox/']").all()
    ]
    for letter in letters:
        officer.goes(letter)
        article = officer.page.locator("article")
        links = article.locator("a[href*='/l/']")
        if subject in article.inner_text() and links.count():
            return links.first.get_attribute("href")
    return None


def open_link(town: Cities, link: str) -> Seat:
    """Open a link, read its first page and press Continue."""
    contact = town.phone
    contact.goes(link)
    contact.sees(town.burnaby)
    contact.presses("Continue")
    return contact


def answer(town: Cities, link: str, photo: Path, stock: str = "20000") -> str:
    """Answer with an offer and a photo of the certificate; return the reference of the offer."""
    contact = open_link(town, link)
    contact.types("Supplier name", "中山康护用品有限公司 DEMO")
    contact.types("Quantity in stock", stock)
    contact.chooses("Which standard do the goods meet?", town.standard("ASTM-F2100-L2"))
    contact.types("Unit price", "2.10")
    contact.opens("Model and production (optional)")
    contact.types("Ready to ship on", "2020-04-20")
    contact.opens("More details (optional)")
    contact.chooses("Certificate", town.certificate("CN_NMPA_REG"))
    contact.types("Certificate number", "粤械注准20202140123")
    contact.chooses_files("Photos of the business licence, test report or packaging", photo)
    contact.sees(contact.word("Sent"))
    contact.presses("Check and send")
    contact.reads("Check your answers")
    contact.sees("中山康护用品有限公司 DEMO", "粤械注准20202140123")
    contact.presses("Send")
    contact.reads("Thank you")
    number = contact.page.locator(".figure").inner_text()
    assert re.fullmatch(r"SL-2020-\d+", number)
    return number


def answer_briefly(town: Cities, link: str, stock: str) -> str:
    """Answer with an offer in three facts and a standard; return the reference of the offer."""
    contact = open_link(town, link)
    contact.types("Supplier name", "中山康护用品有限公司 DEMO")
    contact.types("Quantity in stock", stock)
    contact.chooses("Which standard do the goods meet?", town.standard("ASTM-F2100-L2"))
    contact.types("Unit price", "2.10")
    contact.presses("Check and send")
    contact.presses("Send")
    return contact.page.locator(".figure").inner_text()


def report(town: Cities, link: str) -> None:
    """Answer every question of one check by a tap, the last one with "Could not check"."""
    contact = open_link(town, link)
    contact.presses("Accept the check")
    questions = contact.page.locator("fieldset fieldset")
    expect(questions.first).to_be_hidden()
    contact.ticks("Something differs, or I could not check it")
    count = questions.count()
    assert count >= 2
    for place in range(count):
        tapped = "Could not check" if place == count - 1 else "Yes"
        tap(contact, questions.nth(place).get_by_label(contact.named(tapped)))
    expect(questions.nth(0).locator("textarea")).to_be_hidden()
    expect(questions.nth(count - 1).locator("textarea")).to_be_visible()
    contact.keeps("check-on-a-phone")
    send_report(contact)


def report_together(town: Cities, link: str, count: int) -> None:
    """Report several checks of one company by one answer each: at most 20 taps and 4 pages."""
    before = town.phone.pace + Pace()
    contact = open_link(town, link)
    same = contact.page.get_by_label(contact.named("All of this is correct"))
    expect(same).to_have_count(count)
    for place in range(count):
        tap(contact, same.nth(place))
    send_report(contact)
    spent = contact.pace - before
    assert spent.presses <= 20, spent
    assert spent.pages <= 4, spent


def send_report(contact: Seat) -> None:
    """Say how and how surely it was checked, check the answers and send them."""
    contact.ticks("In person")
    contact.ticks("Sure")
    contact.presses("Check and send")
    contact.reads("Check your answers")
    contact.presses("Send the report")
    contact.reads("Thank you. Your report has been sent.")


def tap(contact: Seat, box: Locator) -> None:
    """Tap one of several choices with the same label."""
    contact.pace.pressed()
    box.tap() if contact.touches else box.check()
    expect(box).to_be_checked()


def read_outcome(town: Cities, link: str, number: str) -> None:
    """Read the outcome of the offer behind the contact's link."""
    contact = open_link(town, link)
    help_so_far = contact.part("Your help so far")
    contact.sees(number, contact.word("Verified"), contact.word(("Closed", "a shipment")), within=help_so_far)
