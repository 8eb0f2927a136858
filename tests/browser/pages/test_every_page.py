"""Every page in Chromium, in three languages and two themes.

Each page is accessible, keeps within its width, requests nothing from other hosts, and is valid HTML.
"""

import json
import shutil
import subprocess
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page

from tests.browser.pages import page_checks
from tests.browser.pages.page_checks import bring_rules, focus_unseen, rules_broken, too_wide
from tests.browser.pages.visit import Visit
from tests.browser.pages.visits import NO_PAGE, visits
from tests.browser.pages.walk import LANGUAGES, Heard
from tests.browser.pages.world import World
from tests.faults.demo import ROOT
from tests.lanes import FULL
from tests.rights import http_requests

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("pages")]
FURTHER = 6  # the usual run makes one in so many of the further visits to a page
TURNS = 6  # the usual run makes the further checks on one page in so many; `make faults` on each
OURS = ("admin", "api-")  # Django's admin has no tests here; tests/rights has the API's table


def test_no_page_is_left_out(world):
    known = {visit.name for visit in visits(world)} | {name for group in NO_PAGE for name in group.split()}
    left_out = {name for name in http_requests.pages() if name not in known and not name.startswith(OURS)}
    assert left_out == set()


def walked(world: World, language: str) -> dict[int, Visit]:
    """Return the visits of a walk, by number.

    `make faults` makes all visits in each language. The usual run makes the first visit to each page and
    every sixth of its other visits, each in one language: every second in English, every fourth in French and
    in Chinese.
    """
    places = dict(enumerate(visits(world)))
    if FULL:
        return places
    met, turns, more = set[str](), list[int](), count()
    for number, visit in places.items():
        if visit.name not in met or next(more) % FURTHER == 0:
            turns.append(number)
        met.add(visit.name)
    first, each = {"en": (0, 2), "fr-ca": (1, 4), "zh-hans": (3, 4)}[language]
    return {number: places[number] for number in turns[first::each]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_can_be_used_by_everybody(walk, world, language):
    heard, faults = Heard(), []
    with walk.language(language, heard, bring_rules(), color_scheme="light") as readers:
        for turn, (number, visit) in enumerate(walked(world, language).items()):
            try:
                page = readers.go(visit)
            except (AssertionError, Error) as wrong:
                faults.append(f"{visit}: {wrong}")
                continue
            readers.keep(number)
            faults += [
                f"{visit}: {one}" for one in faults_of(page, language, whole=FULL or turn % TURNS == 0)
            ]
    assert not faults, "\n".join(faults)
    assert heard.complaints == []
    assert heard.hosts == {urlsplit(walk.url).netloc}


def faults_of(page: Page, language: str, *, whole: bool) -> list[str]:
    """Return the faults of a page.

    Faults that are the same in every language are checked once, and large letters in French, which has the
    longest words. With `whole`, also check the colours and the other media, or in another language the rules
    about text. Pages share their parts, so a fault that is missed on one page is found on another.
    """
    found, once = [], language == "en" or not FULL
    if once:
        found += rules_broken(page, page_checks.WHOLE if whole else page_checks.BUILT)
    elif whole:
        found += rules_broken(page, page_checks.IN_WORDS)
    found += too_wide(page, large=language == "fr-ca")
    if once:
        found += focus_unseen(page)
    if once and whole:
        found += page_checks.elsewhere(page)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_valid_html(walk, world, language):
    """Use the pages that the walk above kept, or fetch them if it ran in another process."""
    folder, where = walk.kept / language, walked(world, language)
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
