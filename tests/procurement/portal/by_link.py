"""Helpers that open a contact's link, press Continue and return the page behind it."""

from django.utils import translation
from django.utils.translation import gettext

from accounts.actions.links import issue_link
from accounts.actors import CONSOLE_ACTOR
from tests.browsing import Browser, Page
from tests.worlds.need_to_order import AT
from workflow.clock import real_now


def open_link_page(thing, language: str = "") -> Page:
    """Return the page behind the link after Continue, in the contact's language or the phone's own choice."""
    return open_link_page_of(thing.contact.user, thing, language=language)


def open_link_page_of(
    user, thing, purpose: str = "answer", *, language: str = "", press: bool = True
) -> Page:
    """Return the page behind any person's link to an object.

    With `press=False`, it is the first page of the link, before Continue.
    """
    issued = issue_link(
        user, purpose=purpose, thing_label=thing._meta.label_lower, thing_id=thing.pk, by=CONSOLE_ACTOR, at=AT,
        real_at=real_now(),
    )  # fmt: skip
    opened = Browser(language=language).open(issued.url)
    return opened.press(button_text("Continue", language or user.language)) if press else opened


def button_text(words: str, language: str) -> str:
    """Return the text of a button in a language."""
    with translation.override(language):
        return gettext(words)
