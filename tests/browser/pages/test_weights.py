"""What a first visit weighs on the wire, page by page, from the installed server; and what a contact's page may load."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.pages.test_every_page import FULL, TURNS
from tests.browser.pages.visit import CONTACT, Visit
from tests.browser.pages.visits import visits
from tests.browser.pages.walk import Heard
from tests.workflow.doors.test_sheet import TEMPLATES, TOO_NEW

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]
MOST = {"officer": 120 * 1024, "contact": 60 * 1024}
LOOKED_AT = ("today", "needs", "need", "lead", "shipment", "answer", "report", "link", "account_login")
# Bootstrap is served as its package brings it. What is too new in it belongs to classes that no template may use.
UNUSED = {
    "inset": "form-floating",
    "aspect-ratio": "ratio",
    "flex gap": "icon-link",
    "text-wrap": "text-wrap",  # the name of a class, not the property
}


@dataclass
class Loaded:
    """What one visit brought: bytes as they travelled, and the files by name."""

    weight: int = 0
    files: set[str] = field(default_factory=set)
    plain: set[str] = field(default_factory=set)  # styles and scripts that came uncompressed


class Scale:
    """Weighs the visits of one window; nothing is kept from one to the next, so that each is the first."""

    def __init__(self, page: Page) -> None:
        self.loaded = Loaded()
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        wire.on("Network.loadingFinished", self._came)
        wire.on("Network.responseReceived", self._began)

    def _came(self, event) -> None:
        self.loaded.weight += int(event["encodedDataLength"])

    def _began(self, event) -> None:
        answer, headers = event["response"], {k.lower(): v for k, v in event["response"]["headers"].items()}
        name = urlsplit(answer["url"]).path
        self.loaded.files.add(name)
        if event["type"] in ("Stylesheet", "Script") and headers.get("content-encoding") != "br":
            self.loaded.plain.add(name)

    def of(self, readers, visit: Visit) -> Loaded:
        """What this visit brings."""
        self.loaded = Loaded()
        readers.go(visit).evaluate("() => 1")  # what the wire had to say by then has been heard
        return self.loaded


def first_visits(world) -> list[Visit]:
    """Each address once for each who comes there; what is sent weighs a sentence more, and an error page two files.

    The style guide is not weighed: it shows every component at once, and nobody who works here meets it.
    """
    once = {(visit.name, visit.who): visit for visit in reversed(visits(world)) if not visit.sent}
    return [
        visit
        for (name, _who), visit in once.items()
        if not name.startswith("error ") and name != "styleguide"
    ]


@pytest.mark.parametrize(
    "language", ["fr-ca", "zh-hans"]
)  # the longest words, and the script without a font of ours
def test_no_page_is_too_heavy_and_none_loads_what_it_does_not_need(walk, world, language):
    faults, heaviest, heard = [], {"officer": 0, "contact": 0}, Heard()
    scales: dict[Page, Scale] = {}
    with walk.language(language, heard) as readers:
        for visit in chosen(first_visits(world), language):
            page = readers.window(visit.who)
            scale = scales.setdefault(page, Scale(page))
            loaded = scale.of(readers, visit)
            kind = "contact" if page.locator("body.partner").count() else "officer"
            heaviest[kind] = max(heaviest[kind], loaded.weight)
            faults += [f"{visit}: {fault}" for fault in faults_of(loaded, kind, language)]
    print(
        f"{language}: heaviest officer's page {heaviest['officer']} bytes, contact's {heaviest['contact']} bytes"
    )
    assert not faults, "\n".join(faults)
    assert heard.hosts == {urlsplit(walk.url).netloc}


def chosen(weighed: list[Visit], language: str) -> list[Visit]:
    """In French, which has the most to say, a contact's pages and one in six of the others, in `make faults` every page; in Chinese,
    where no font of ours may come, a contact's and a few others.
    """
    if language == "zh-hans":
        return [visit for visit in weighed if visit.name in LOOKED_AT]
    return [
        visit
        for number, visit in enumerate(weighed)
        if FULL or visit.who == CONTACT or number % (2 * TURNS) == 0
    ]


def faults_of(loaded: Loaded, kind: str, language: str) -> list[str]:
    """Too heavy, a font where the system's own does, htmx on a contact's page, anything uncompressed."""
    found = [f"{loaded.weight} bytes"] if loaded.weight > MOST[kind] else []
    if language == "zh-hans" or kind == "contact":
        found += [f"a font: {name}" for name in loaded.files if name.endswith(".woff2")]
    if kind == "contact":
        found += [
            f"an officer's script: {name}"
            for name in loaded.files
            if "htmx" in name or ("/app." in name and name.endswith(".js"))
        ]
    return found + [f"not compressed: {name}" for name in loaded.plain]


def test_a_contacts_page_uses_no_css_newer_than_the_oldest_engine(walk, world):
    """Chrome 88 and iOS 14: old WeChat engines. Every sheet that a contact's page loads is read."""
    visit = next(visit for visit in visits(world) if visit.who == "contact")
    with walk.language("zh-hans") as readers:
        page = readers.go(visit)
        sheets = page.evaluate("() => Array.from(document.styleSheets).map(sheet => sheet.href)")
        texts = {urlsplit(one).path: page.request.get(one).text() for one in sheets}
    assert len(texts) == 2
    found = {
        (name.split("/")[-1].split(".")[0], feature)
        for name, text in texts.items()
        for feature, pattern in TOO_NEW.items()
        if re.search(pattern, re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL), re.MULTILINE)
    }
    assert {one for one in found if one[0] != "bootstrap"} == set()
    assert {feature for _sheet, feature in found} <= set(UNUSED)


@pytest.mark.parametrize("name", UNUSED.values())
def test_no_template_uses_what_bootstrap_made_for_newer_engines(name):
    written = re.compile(rf'class="[^"]*(?<![\w-]){name}(?![\w-])')
    assert [path.name for path in TEMPLATES if written.search(path.read_text())] == []
