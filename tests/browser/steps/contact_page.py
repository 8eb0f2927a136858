"""Steps on a contact's own page: inquiries of every city, absence, stored data, withdrawal of consent."""

import json
from typing import Any

from partners.contacts.models import Contact
from procurement.outreach.models.inquiries import Inquiry
from tests.browser.city_browsers import Cities
from tests.browser.translated_browser import Seat


def agree(town: Cities, invited: Contact) -> str:
    """Agree to be asked, by the link in the invitation; return the link, which later opens the own page."""
    contact, link = town.phone, town.in_mail_to(invited.user, r"http\S+/l/\S+")
    contact.goes(link)
    contact.presses("Continue")
    contact.reads("May we ask for your help?")
    contact.ticks("I agree that my city’s partner cities can ask me for help")
    contact.presses("I agree to receive requests")
    contact.reads("Thank you. You have agreed that your city’s partner cities can ask you for help.")
    return link


def open_own_page(contact: Seat, link: str) -> str:
    """Open the contact's own page by its link; return its path, which works for an hour."""
    contact.goes(link)
    contact.presses("Continue")
    contact.reads("Waiting for you")
    return contact.path


def report_absence_and_return(contact: Seat) -> None:
    """Report an absence until a date, then the return."""
    contact.opens("Record absence")
    contact.ticks("Until a date I choose")
    contact.types("Until (date)", "2020-05-04")
    contact.presses("Save")
    contact.reads("Saved.")
    contact.ticks("I am back")
    contact.presses("Save")
    contact.reads("Record absence")


def open_inquiry(contact: Seat, question: Inquiry) -> None:
    """Open the form of an inquiry from its row."""
    row = contact.page.get_by_role("listitem").filter(
        has=contact.page.locator(f"[action*='{question.reference}']")
    )
    contact.presses("Answer", within=row)


def decline(contact: Seat) -> None:
    """Decline with a message."""
    contact.presses("I cannot help")
    contact.types("Message to the city", "Our makers are closed this month.")
    contact.presses("Tell the city")
    contact.reads("Thank you. You do not need to do anything more.")


def pass_on(contact: Seat, colleague: str) -> None:
    """Pass the inquiry on to a colleague of the same organization who may be asked."""
    contact.presses("Please ask my colleague")
    contact.chooses("Colleague", colleague)
    contact.presses("Pass on to colleague")
    contact.reads("Thank you. You do not need to do anything more.")


def offer(contact: Seat) -> str:
    """Answer with an offer that has only a supplier and a quantity; return its reference."""
    contact.types("Supplier name", "中山康护用品有限公司 DEMO")
    contact.types("Quantity in stock", "20000")
    contact.presses("Check and send")
    contact.presses("Send")
    contact.reads("Thank you")
    return contact.page.locator(".figure").inner_text()


def correct(town: Cities, asked: Contact, title: str) -> dict[str, Any]:
    """Correct the title and download all stored data, behind a code sent by mail; return the data."""
    contact = town.phone
    contact.presses("View, correct or download the data we keep about you")
    contact.presses("Send me a code")
    contact.types("Six-digit code", town.in_mail_to(asked.user, r"\b\d{3} ?\d{3}\b"))
    contact.presses("Continue")
    contact.types(("Job title", "of a person"), title)
    contact.presses(
        "Save", within=contact.page.locator("form").filter(has=contact.page.locator("[name=correct]"))
    )
    contact.reads("Saved.")
    kept: dict[str, Any] = json.loads(contact.downloads("Download my data"))
    return kept


def withdraw_consent(contact: Seat) -> None:
    """Withdraw the consent; no reason is asked."""
    contact.presses("Stop all requests")
    contact.presses("Stop all requests")
    contact.reads("You no longer receive requests. If you change your mind, you can agree again below.")
