"""Every page in Chromium, in three languages and two themes.

Each page is accessible, keeps within its width, requests nothing from other hosts, and is valid HTML.
"""

import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page

from tests.browser.pages import page_checks
from tests.browser.pages.addresses_without_page import NO_PAGE
from tests.browser.pages.page_checks import (
    invisible_focus,
    loader_script,
    rule_violations,
    widths_that_overflow,
)
from tests.browser.pages.visit import CONTACT, Visit
from tests.browser.pages.visits import visits
from tests.browser.pages.walk import LANGUAGES, BrowserLog
from tests.faults.demo import ROOT
from tests.lanes import FULL
from tests.rights import http_requests
from tests.worlds.browsed_pages import World

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]
# One page of each kind, which shows all components: beside `make test-all` only these are checked in every respect.
ONE_OF_EACH_KIND = (
    *("today", "needs", "need", "lead", "shipment"),
    *("portal_inquiry", "portal_check", "link", "account_login"),
)
OURS = ("admin", "api-")  # Django's admin has no tests here; tests/rights has the API's table


def test_browser_walk_covers_every_page(world):
    known = {visit.name for visit in visits(world)} | {name for group in NO_PAGE for name in group.split()}
    left_out = {name for name in http_requests.pages() if name not in known and not name.startswith(OURS)}
    assert left_out == set()


def visits_in_language(world: World, language: str) -> dict[int, Visit]:
    """Return the visits (a page and its reader) to make in this language, by number.

    `make test-all` makes all visits in each language. Otherwise each page is visited once, in the language in
    which most can go wrong: contacts read Chinese, forms that come back have their longest labels and errors
    in French, and all other pages are in English.
    """
    places = dict(enumerate(visits(world)))
    if FULL:
        return places
    forms = {visit.name for visit in places.values() if visit.sent and visit.who != CONTACT}
    kept: dict[str, int] = {}
    for number, visit in places.items():
        own = "zh-hans" if visit.who == CONTACT else "fr-ca" if visit.name in forms else "en"
        if own == language and (own != "fr-ca" or visit.sent):
            kept.setdefault(visit.name, number)
    return {number: places[number] for number in kept.values()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_meets_accessibility_and_layout_rules_in_each_language(walk, world, language):
    heard, faults = BrowserLog(), []
    with walk.language(language, heard, loader_script(), color_scheme="light") as readers:
        for number, visit in visits_in_language(world, language).items():
            try:
                page = readers.go(visit)
            except (AssertionError, Error) as wrong:
                faults.append(f"{visit}: {wrong}")
                continue
            readers.keep(number)
            whole = FULL or visit.name in ONE_OF_EACH_KIND
            faults += [f"{visit}: {one}" for one in faults_of(page, language, whole=whole)]
    assert not faults, "\n".join(faults)
    assert heard.complaints == []
    assert heard.hosts == {urlsplit(walk.url).netloc}


def faults_of(page: Page, language: str, *, whole: bool) -> list[str]:
    """Return the faults of a page.

    Faults that are the same in every language are checked in one language only, and large letters in French,
    which has the longest words. With `whole`, that language also gets the checks of colours, print and forced
    colours, and the other languages get the accessibility rules about text. Pages share their parts, so a
    fault that is missed on one page is found on another.
    """
    found, once = [], language == "en" or not FULL
    if once:
        found += rule_violations(page, page_checks.ALL_RULES if whole else page_checks.RULES_WITHOUT_COLOURS)
    elif whole:
        found += rule_violations(page, page_checks.RULES_ABOUT_TEXT)
    found += widths_that_overflow(page, large=language == "fr-ca")
    if once:
        found += invisible_focus(page)
    if once and whole:
        found += page_checks.faults_in_other_modes(page)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_valid_html(walk, world, language):
    """Validate the pages that the walk above stored, or fetch them if the walk ran in another process."""
    folder, where = walk.kept / language, visits_in_language(world, language)
    if not folder.exists():
        with walk.language(language) as readers:
            for number, visit in where.items():
                readers.go(visit)
                readers.keep(number)
    assert len(list(folder.glob("*.html"))) == len(where)
    complaints = complaints_of_the_validator(folder, world)
    assert not complaints, "\n".join(complaints)


def complaints_of_the_validator(folder: Path, world) -> list[str]:
    """Return the messages of html-validate, each with its page.

    Node comes from the system or from its Python package.
    """
    node = shutil.which("node") or str(ROOT / ".setup/node/bin/node")
    tool = ROOT / "node_modules/html-validate/bin/html-validate.mjs"
    said_in = folder / "said.json"  # a pipe is cut off when Node ends
    how = ["--config", str(ROOT / ".htmlvalidate.json"), "--formatter", f"json={said_in}"]
    line = [node, str(tool), *how, *map(str, sorted(folder.glob("*.html")))]
    done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=ROOT)
    assert said_in.exists(), done.stderr
    pages = visits(world)
    return [
        f"{pages[int(Path(one['filePath']).stem)]}: {said['ruleId']}: {said['message']} (line {said['line']})"
        for one in json.loads(said_in.read_text(encoding="utf-8"))
        for said in one["messages"]
    ]
