"""Opens pages in one language as the people who may see them, and stores their HTML for the validator."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import RateLimitCounter, User
from tests.browser.conftest import signed_in
from tests.browser.pages.page_checks import PHONE
from tests.browser.pages.visit import CAREFUL, CONTACT, HALFWAY, NOBODY, Visit
from tests.worlds.browsed_pages import PASSWORD, World

LANGUAGES = ("en", "fr-ca", "zh-hans")
# Sends the form of the page's own address if the primary one leads elsewhere, as on pages with several answers.
SEND = """() => {
  const primary = document.querySelector('main form[method=post] .btn-primary').form;
  const own = document.querySelector(`main form[method=post][action="${location.pathname}"]`);
  (new URL(primary.action).pathname === location.pathname ? primary : own ?? primary).requestSubmit();
}"""


@dataclass
class BrowserLog:
    """Hosts that the browser asked, and errors in its console."""

    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)


class Walk:
    """Opens pages for the people who may see them."""

    def __init__(self, browser: Browser, url: str, world: World, kept: Path) -> None:
        self.browser, self.url, self.world, self.kept = browser, url, world, kept

    @contextmanager
    def language(
        self, language: str, heard: BrowserLog | None = None, script: str = "", **options: Any
    ) -> Iterator["Readers"]:
        """Let everyone read this language during the block; yield a window for each person.

        `heard` collects the hosts that the browser asks and its errors.
        `script` runs on each page before the page's own scripts.
        """
        User.objects.update(language=language)
        RateLimitCounter.objects.all().delete()  # all visits come from one address within a minute
        readers = Readers(
            self,
            language,
            heard or BrowserLog(),
            {"viewport": PHONE, "reduced_motion": "reduce", **options},
            script,
        )
        yield readers
        readers.close()


class Readers:
    """One window for each person, opened on first use."""

    def __init__(
        self, walk: Walk, language: str, heard: BrowserLog, options: dict[str, Any], script: str
    ) -> None:
        self.walk, self.language, self.heard, self.options, self.script = (
            walk,
            language,
            heard,
            options,
            script,
        )
        self.windows: dict[str, Page] = {}
        self.html = ""

    def close(self) -> None:
        """Close all windows."""
        for page in self.windows.values():
            page.context.close()

    def window(self, who: str) -> Page:
        """Return the window of a person."""
        if who not in self.windows:
            context = self._enter(who)
            if self.script:
                context.add_init_script(self.script)
            page = context.new_page()
            page.on("request", lambda request: self._asked(request.url))
            page.on("console", lambda said: self._hear(page, said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: self._hear(page, str(error)))
            self.windows[who] = page
        return self.windows[who]

    def _asked(self, url: str) -> None:
        if url.startswith("http"):
            self.heard.hosts.add(urlsplit(url).netloc)

    def _hear(self, page: Page, words: str) -> None:
        if "the server responded with a status of" not in words:  # some visits expect this
            self.heard.complaints.append(f"{page.url}: {words}")

    def _enter(self, who: str) -> BrowserContext:
        if who in (NOBODY, CONTACT, HALFWAY):
            context = self.walk.browser.new_context(**self.options)
            choice = {"name": settings.LANGUAGE_COOKIE_NAME, "value": self.language, "url": self.walk.url}
            context.add_cookies([choice, *(self.walk.world.cookies() if who == CONTACT else [])])
            if who == HALFWAY:
                self._give_the_password(context)
            return context
        user = self.walk.world.people[who]
        return signed_in(self.walk.browser, self.walk.url, user, self.language, **self.options)

    def _give_the_password(self, context: BrowserContext) -> None:
        """Take the first of the two steps of signing in."""
        page = context.new_page()
        page.goto(f"{self.walk.url}/accounts/login/")
        page.locator("#id_login").fill(self.walk.world.people[CAREFUL].email)
        page.locator("#id_password").fill(PASSWORD)
        with page.expect_navigation():
            page.locator("#id_password").press("Enter")
        page.close()

    def _show_an_error(self, route: Any) -> None:
        """Show the page of an error that did not happen."""
        code = int(route.request.url.rstrip("/").rpartition("/")[2])
        with translation.override(self.language):
            html = render_to_string(f"{code}.html", request=RequestFactory().get("/"))
        route.fulfill(status=code, body=html, content_type="text/html; charset=utf-8")

    def go(self, visit: Visit) -> Page:
        """Open the page of a visit. Fails if status or final address is not as expected."""
        page = self.window(visit.who)
        if visit.path.startswith("/error/"):  # only here, because a window with a route caches no file
            page.route("**/error/*/", self._show_an_error)
        answer = page.goto(self.walk.url + visit.path)
        if visit.sent:
            with page.expect_navigation() as going:
                page.evaluate(SEND)
            answer = going.value
        assert answer is not None
        assert answer.status == visit.status, f"{visit} answered {answer.status}"
        place = urlsplit(page.url)
        ends = f"{place.path}?{place.query}".rstrip("?")
        assert ends == (visit.leads_to or visit.path), f"{visit} led on to {ends}"
        self.html = answer.text()
        return page

    def keep(self, number: int) -> None:
        """Write the HTML of the last page to a file named by its number."""
        folder = self.walk.kept / self.language
        folder.mkdir(exist_ok=True)
        (folder / f"{number:03}.html").write_text(self.html, encoding="utf-8")
