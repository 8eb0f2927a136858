"""Pages and terms of the help section as results of the site-wide search."""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from partners.memberships.models import Membership
from procurement.help.glossary import chapters
from procurement.help.guides import CONTACT_GUIDE, GUIDES, GuideStep
from workflow.formatting import reader_language
from workflow.search import fold_text, split_words

MAX_PAGE_RESULTS = 5
MAX_TERM_RESULTS = 3


class HelpResult(NamedTuple):
    """One line of the results: a page, or a term with its names in the other languages."""

    title: str
    url: str
    details: tuple[str, ...] = ()


def help_results(text: str) -> list[HelpResult]:
    """Return the pages whose title or steps hold each word of the text, titles first, then terms of the glossary."""
    wanted = split_words(text)
    if not wanted:
        return []
    pages = [(HelpResult(title, url), rest) for title, url, rest in _pages()]
    by_title = [page for page, _rest in pages if _contains_words(f"{_('Help')} {page.title}", wanted)]
    by_steps = [page for page, rest in pages if page not in by_title and _contains_words(rest, wanted)]
    return [*(*by_title, *by_steps)[:MAX_PAGE_RESULTS], *_terms(wanted)]


def _pages() -> Iterator[tuple[str, str, str]]:
    """Yield title, address and text of each page."""
    for role, steps in GUIDES.items():
        yield str(Membership.Role(role).label), reverse("help_role", args=[role]), _text(steps)
    yield _("How to answer"), reverse("help_contact"), _text(CONTACT_GUIDE)
    for title, name in (
        (_("Glossary"), "help_glossary"),
        (_("Who can do what"), "help_who_can"),
        (_("Keyboard shortcuts"), "help_keys"),
        (_("Receive webhooks"), "help_webhooks"),
        (_("First-run guide"), "help_first_run"),
    ):
        yield title, reverse(name), ""


def _text(steps: tuple[GuideStep, ...]) -> str:
    return " ".join(str(step.instruction) for step in steps)


def _terms(wanted: list[str]) -> list[HelpResult]:
    """Return the terms that are called so in one of the languages, under the name in the reader's language."""
    mine = reader_language()
    found = (
        HelpResult(
            term.names[mine],
            reverse("help_glossary"),
            tuple(name for language, name in term.names.items() if language != mine),
        )
        for chapter in chapters()
        for term in chapter.terms
        if any(_contains_words(name, wanted) for name in term.names.values())
    )
    return [term for term, _place in zip(found, range(MAX_TERM_RESULTS), strict=False)]


def _contains_words(said: str, wanted: list[str]) -> bool:
    """Return True if each word begins a word of the text; Chinese, which has no spaces, may be anywhere in it."""
    have, whole = split_words(said), fold_text(said)
    return all(
        any(one.startswith(word) for one in have) or (not word.isascii() and word in whole) for word in wanted
    )
