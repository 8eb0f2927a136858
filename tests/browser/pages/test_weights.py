"""The bytes of a first visit to each page of the installed server, and the files of a contact's page."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from procurement.help.pictures import STATIC_FOLDER
from tests.browser.pages.test_every_page import FULL, ONE_OF_EACH_KIND
from tests.browser.pages.visit import CONTACT, Visit
from tests.browser.pages.visits import visits
from tests.browser.pages.walk import BrowserLog
from tests.workflow.http.test_stylesheet import TEMPLATES, TOO_NEW

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]
MAX_BYTES = {"officer": 100 * 1024, "contact": 60 * 1024}
# Bootstrap is served unchanged. Its CSS that is too new belongs to classes that no template may use.
FORBIDDEN_CLASSES = {
    "inset": "form-floating",
    "aspect-ratio": "ratio",
    "flex gap": "icon-link",
    "text-wrap": "text-wrap",  # a class name, not the property
}


@dataclass
class Loaded:
    """Bytes on the wire and file names of one visit."""

    weight: int = 0
    files: set[str] = field(default_factory=set)
    plain: set[str] = field(default_factory=set)  # uncompressed styles and scripts


class VisitMeter:
    """Measurement of the visits of one window, whose cache is off, so that each visit is a first one."""

    def __init__(self, page: Page) -> None:
        self.loaded = Loaded()
        self.lazy: set[str] = set()  # requests for pictures of the help section
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        wire.on("Network.loadingFinished", self._came)
        wire.on("Network.responseReceived", self._began)

    def _came(self, event) -> None:
        if event["requestId"] not in self.lazy:
            self.loaded.weight += int(event["encodedDataLength"])

    def _began(self, event) -> None:
        answer, headers = event["response"], {k.lower(): v for k, v in event["response"]["headers"].items()}
        name = urlsplit(answer["url"]).path
        if (
            f"/{STATIC_FOLDER}/" in name
        ):  # they come after the page; tests/procurement/help limits each and all together
            self.lazy.add(event["requestId"])
        self.loaded.files.add(name)
        if event["type"] in ("Stylesheet", "Script") and headers.get("content-encoding") != "br":
            self.loaded.plain.add(name)

    def of(self, readers, visit: Visit) -> Loaded:
        """Make the visit and return what it loaded."""
        self.loaded = Loaded()
        readers.go(visit).evaluate("() => 1")  # all network events have arrived after this
        return self.loaded


def first_visits(world) -> list[Visit]:
    """Return one visit for each address and person, without sent forms and error pages.

    A sent form weighs only a sentence more, and an error page is two files. The style guide is left out: it
    shows every component at once, and users never open it.
    """
    once = {(visit.name, visit.who): visit for visit in reversed(visits(world)) if not visit.sent}
    return [
        visit
        for (name, _who), visit in once.items()
        if not name.startswith("error ") and name != "styleguide"
    ]


@pytest.mark.parametrize(
    "language", ["fr-ca", "zh-hans"]
)  # the longest words, and the script that loads no web font
def test_every_page_stays_within_byte_limit_and_loads_no_unused_file(walk, world, language):
    faults, heaviest, heard = [], {"officer": 0, "contact": 0}, BrowserLog()
    scales: dict[Page, VisitMeter] = {}
    with walk.language(language, heard) as readers:
        for visit in visits_to_weigh(first_visits(world), language):
            page = readers.window(visit.who)
            scale = scales.setdefault(page, VisitMeter(page))
            loaded = scale.of(readers, visit)
            kind = "contact" if page.locator("body.partner").count() else "officer"
            heaviest[kind] = max(heaviest[kind], loaded.weight)
            faults += [f"{visit}: {fault}" for fault in faults_of(loaded, kind, language)]
    print(
        f"{language}: heaviest officer's page {heaviest['officer']} bytes, contact's {heaviest['contact']} "
        f"bytes"
    )
    assert not faults, "\n".join(faults)
    assert heard.hosts == {urlsplit(walk.url).netloc}


def visits_to_weigh(weighed: list[Visit], language: str) -> list[Visit]:
    """Return the visits to weigh in this language.

    French has the longest texts, so in French the pages of a contact and one page of each kind are weighed,
    or every page in `make test-all`. A Chinese page loads no font of ours: one page of each kind is weighed.
    """
    every = language == "fr-ca" and FULL
    contacts = language == "fr-ca"
    return [
        visit
        for visit in weighed
        if every or (contacts and visit.who == CONTACT) or visit.name in ONE_OF_EACH_KIND
    ]


def faults_of(loaded: Loaded, kind: str, language: str) -> list[str]:
    """Return the faults of a visit.

    Faults are: too many bytes, a font where the system's own is enough, htmx on a contact's page, an
    uncompressed file.
    """
    found = [f"{loaded.weight} bytes"] if loaded.weight > MAX_BYTES[kind] else []
    if language == "zh-hans" or kind == "contact":
        found += [f"a font: {name}" for name in loaded.files if name.endswith(".woff2")]
    if kind == "contact":
        found += [
            f"an officer's script: {name}"
            for name in loaded.files
            if "htmx" in name or ("/app." in name and name.endswith(".js"))
        ]
    return found + [f"not compressed: {name}" for name in loaded.plain]


def test_contact_pages_use_no_css_newer_than_oldest_supported_browser(walk, world):
    """Read every style sheet that a contact's page loads.

    The oldest engines are Chrome 88 and iOS 14, those of old WeChat versions.
    """
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
    assert {feature for _sheet, feature in found} <= set(FORBIDDEN_CLASSES)


@pytest.mark.parametrize("name", FORBIDDEN_CLASSES.values())
def test_no_template_uses_bootstrap_class_unsupported_in_oldest_browser(name):
    written = re.compile(rf'class="[^"]*(?<![\w-]){name}(?![\w-])')
    assert [path.name for path in TEMPLATES if written.search(path.read_text())] == []
