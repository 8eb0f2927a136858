"""A contact's phone: the link in a message, Continue, and the page behind it."""

from django.utils import translation
from django.utils.translation import gettext

from accounts.actions import links
from accounts.actors import CONSOLE
from tests.browsing import Browser, Page
from tests.procurement.story import AT
from workflow import clock


def pressed(thing, language: str = "") -> Page:
    """The page behind the link, after Continue, in the contact's language unless their phone chose another."""
    return pressed_by(thing.contact.user, thing, language=language)


def pressed_by(user, thing, purpose: str = "answer", *, language: str = "", press: bool = True) -> Page:
    """The same, of anybody's link to a thing; the link's own first page without Continue."""
    issued = links.issue(
        user, purpose=purpose, thing_label=thing._meta.label_lower, thing_id=thing.pk, by=CONSOLE, at=AT,
        real_at=clock.real_now(),
    )  # fmt: skip
    opened = Browser(language=language).open(issued.url)
    return opened.press(said("Continue", language or user.language)) if press else opened


def said(words: str, language: str) -> str:
    """What a button says in a language."""
    with translation.override(language):
        return gettext(words)
