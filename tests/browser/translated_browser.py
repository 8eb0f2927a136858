"""A browser window driven in one language, which finds controls by their translated labels.

It also counts presses and keystrokes, for the effort report (effort.py) and for estimates of time.

Tests give the words in English; they are looked up in the catalogue. A button without a name or a page with a
missing translation is therefore not found. This module knows no page of the product.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from django.utils import translation
from playwright.sync_api import BrowserContext, Error, FilePayload, Locator, Page, expect

from tests.browser.keystroke_model import Pace

TIMEOUT_MILLISECONDS = 60_000  # milliseconds: enough for a busy machine, not a promise
type Words = str | tuple[str, str]  # English text, with a context where the catalogue has one
REPLACES_PAGE_PART = """one => "htmx" in window && one.closest('form[data-hx-target="#main"]') !== null"""
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


class Seat:
    """One person's browser window, at a desk or on a phone, with a count of what the person presses and types."""

    def __init__(self, context: BrowserContext, url: str, language: str) -> None:
        self.context, self.url, self.language = context, url, language
        self.page: Page = context.new_page()
        expect.set_options(timeout=TIMEOUT_MILLISECONDS)
        self.page.set_default_timeout(TIMEOUT_MILLISECONDS)
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        self.pace = Pace()
        self.page.on("console", lambda said: self._note(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self._note(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))

    def _asked(self, url: str) -> None:
        if url.startswith("http"):  # a picture reduced in the browser has a blob: address
            self.hosts.add(urlsplit(url).netloc)

    def _note(self, words: str) -> None:
        if "status of 4" not in words:  # refusals are expected answers
            self.complaints.append(words)

    # --- words ----------------------------------------------------------------------------------------------------
    def word(self, english: Words, **figures: object) -> str:
        """Return a message of the catalogue in this person's language, with its placeholders filled in.

        Fails in every language if the catalogue has no such message. Capitals, such as CSV, need no translation.
        """
        assert _text_of(english).isupper() or _translate(english, "zh-hans") != _text_of(english), (
            f"no message of the catalogue: {english!r}"
        )
        said = _translate(english, self.language)
        return said % figures if figures else said

    def named(self, english: Words, *, whole: bool = True) -> re.Pattern[str]:
        """Return a pattern for a name on the page.

        With `whole`, only "(optional)", a count or a reference may follow the words.
        """
        said = _in_any_spacing(self.word(english))
        optional = re.escape(self.word("(optional)"))
        return re.compile(
            rf"^\s*{said}\s*({optional}|\d+|[A-Z]{{2}}-\d{{4}}-\d+)?\s*$" if whole else rf"^\s*{said}"
        )

    # --- going about ----------------------------------------------------------------------------------------------
    def goes(self, path: str) -> None:
        """Open an address, and count a press, because a person would follow a link."""
        self.pace.pressed(opens=True)
        answer = self.page.goto(path if path.startswith("http") else self.url + path)
        assert answer is not None and answer.status < 400, (path, answer and answer.status)

    def stays_or_goes(self, path: str) -> None:
        """Open an address unless its page is open already; in that case no press is counted."""
        if self.path != path:
            self.goes(path)

    def presses(self, english: Words, *, within: Locator | None = None, whole: bool = True) -> None:
        """Press a button or follow a link, by its name, and wait for the next page; on a phone, by a tap."""
        self.press(self.button(english, within=within, whole=whole))

    def press(self, found: Locator) -> None:
        """Press an element that was found before, and wait for the next page, or for the result if that replaces a part of the page."""
        if found.evaluate(REPLACES_PAGE_PART):
            self._press_in_place(found)
            return
        self.pace.pressed(opens=True)
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            found.tap() if self.touches else found.click()

    def presses_in_place(self, english: Words, *, within: Locator | None = None) -> None:
        """Press a button by its name, and check that its result replaces a part of the page without a new load."""
        before = self.pace.pages
        self.press(self.button(english, within=within))
        assert self.pace.pages == before, f"“{english}” opened a page"

    def _press_in_place(self, found: Locator) -> None:
        """Press a button whose form htmx sends. The server may still open another page, which counts as a load."""
        before, opened = (
            self.page.locator("main").element_handle(),
            self.page.evaluate("performance.timeOrigin"),
        )
        found.tap() if self.touches else found.click()
        with suppress(Error):  # the element is gone with its document
            before.wait_for_element_state("hidden")
        self.page.wait_for_load_state("domcontentloaded")
        self.pace.pressed(opens=self.page.evaluate("performance.timeOrigin") != opened)

    def button(self, english: Words, *, within: Locator | None = None, whole: bool = True) -> Locator:
        """Return the first button or link with this name, in reading order."""
        where = within or self.page
        name = self.named(english, whole=whole)
        return where.get_by_role("button", name=name).or_(where.get_by_role("link", name=name)).first

    def follows(self, text: str, *, within: Locator | None = None) -> None:
        """Follow a link by its text, which is the same in every language: a reference or a name."""
        link = (within or self.page.locator("main")).get_by_role("link", name=text).first
        self.press(link)

    @cached_property
    def touches(self) -> bool:
        """True for a phone."""
        return bool(self.page.evaluate("navigator.maxTouchPoints > 0"))

    def keeps(self, name: str) -> None:
        """Take a screenshot into the folder that PICTURES names; without PICTURES, do nothing."""
        if folder := os.environ.get("PICTURES"):
            self.page.screenshot(path=Path(folder) / f"{name}-{self.language}.png", full_page=True)

    def notes(self, name: str, words: str) -> None:
        """Write a text file beside the screenshots."""
        if folder := os.environ.get("PICTURES"):
            (Path(folder) / f"{name}-{self.language}.txt").write_text(words + "\n")

    @property
    def path(self) -> str:
        """Path of the present page."""
        return urlsplit(self.page.url).path

    # --- forms ----------------------------------------------------------------------------------------------------
    def field(self, english: Words, *, within: Locator | None = None) -> Locator:
        """Return a field by its label."""
        return (within or self.page.locator("main")).get_by_label(self.named(english)).first

    def types(self, english: Words, value: str, *, within: Locator | None = None) -> None:
        """Type into a field."""
        self.pace.typed(value)
        self.field(english, within=within).fill(value)

    def chooses(self, english: Words, option: str) -> None:
        """Choose from a list, by the label of the option."""
        self.pace.pressed(times=2)
        self.field(english).select_option(label=option)

    def types_choice(self, english: Words, value: str) -> None:
        """Choose from a list by the keyboard: the person types the beginning of the option with this value."""
        self.pace.typed(value)
        self.field(english).select_option(value=value)

    def ticks(self, english: Words, *, group: Words | None = None) -> None:
        """Tick a box, or one answer of a question."""
        self.pace.pressed()
        name = self.named(group) if group else None
        where = self.page.get_by_role("group", name=name) if name else self.page.locator("main")
        box = where.get_by_label(self.named(english)).first
        box.tap() if self.touches else box.check()
        expect(box).to_be_checked()

    def opens(self, english: Words) -> None:
        """Unfold a part of the page."""
        self.pace.pressed()
        fold = self.page.locator("summary", has_text=self.named(english, whole=False))
        fold.tap() if self.touches else fold.click()

    def opens_menu(self, english: Words) -> None:
        """Open a menu of the navigation."""
        self.pace.pressed()
        menu = self.page.get_by_role("navigation").locator(
            "summary", has_text=self.named(english, whole=False)
        )
        menu.locator("visible=true").first.click()

    def chooses_files(self, english: Words, *files: Path | FilePayload) -> None:
        """Choose files for a file field, all at once."""
        self.pace.pressed(times=2)
        self.field(english).set_input_files(list(files))  # type: ignore[arg-type]  # all of one kind

    def downloads(self, english: Words, *, within: Locator | None = None) -> bytes:
        """Press a button that downloads a file; return its content."""
        self.pace.pressed()
        with self.page.expect_download() as going:
            self.button(english, within=within).click()
        return going.value.path().read_bytes()

    # --- looking --------------------------------------------------------------------------------------------------
    def part(self, heading: Words) -> Locator:
        """Return the card whose heading starts with these words; a status may follow."""
        name = re.compile(rf"^\s*{_in_any_spacing(self.word(heading))}")
        return self.page.locator("section").filter(has=self.page.get_by_role("heading", name=name)).first

    def sees(self, *words: str, within: Locator | None = None) -> None:
        """Check that these words are on the page."""
        for said in words:
            expect(within or self.page.locator("main")).to_contain_text(said)

    def reads(self, *english: Words) -> None:
        """Check that these messages of the catalogue are on the page."""
        self.sees(*(self.word(one) for one in english))


def _text_of(english: Words) -> str:
    return english[0] if isinstance(english, tuple) else english


def _translate(english: Words, language: str) -> str:
    with translation.override(language):
        if isinstance(english, tuple):
            return translation.pgettext(english[1], english[0])
        return translation.gettext(english)


def _in_any_spacing(words: str) -> str:
    """Return a pattern for words: a no-break space, as before a French colon, is a plain space in an accessible name."""
    return r"\s+".join(map(re.escape, words.split()))


@contextmanager
def quiet(seats: list[Seat]) -> Iterator[None]:
    """Check after the block that no browser logged an error or asked another host.

    If a step fails, add the page of each person to the error.
    """
    try:
        yield
    except Exception as error:
        for seat in seats:
            words = "\n".join(seat.page.locator("main").all_inner_texts())
            error.add_note(f"--- {seat.page.url}\n{words}")
        raise
    for seat in seats:
        assert seat.complaints == [], seat.complaints
        assert seat.hosts == {urlsplit(seat.url).netloc}, seat.hosts
