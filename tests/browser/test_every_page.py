"""Every page of the story in Chromium: no accessibility rule broken, no sideways scroll, no other host asked, no complaint.

In English, French and Chinese, light and dark, at 390 px; scrolling also at 320 and 1280 px.
"""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from tests.browser.conftest import signed_in
from tests.procurement.story import AT
from tests.rights.cast import Part
from tests.rights.marks import Marks
from tests.rights.pages_table import HOMES, PAGES
from tests.rights.test_pages import address
from workflow import clock
from workflow.moves import moves_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def addresses(part):
    """Every page an officer gets, with something on it."""
    found = {name: reverse(name) for name in sorted(HOMES) if "own officer" in HOMES[name]}
    for name, page in PAGES:
        if (
            page.method == "get"
            and "own officer" in page.gets
            and page.thing in part.things
            and name != "file"
        ):
            found.setdefault(name, address(part, name, page))
    found["ask a reason"] = f"{part.things['need'].get_absolute_url()}stop/"
    return found


@pytest.fixture
def world(transactional_db):
    clock.forget()
    clock.create_instance("practice", AT)
    part = Part("burnaby", Marks())
    part.play()
    return part.story, part


def faults_of(page, name):
    """What axe says, as lines a person can act on."""
    results = Axe().run(page, options=RULES)
    return [
        f"{name}: {one['id']} {one['help']}: {one['nodes'][0]['html'][:160]}"
        for one in results.response["violations"]
    ]


@pytest.mark.parametrize("language", ["en", "fr-ca", "zh-hans"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_accessible_and_stays_within_its_width(chromium, live_server, world, language, theme):
    story, things = world
    context = signed_in(
        chromium,
        live_server.url,
        story.officer.user,
        language,
        viewport={"width": 390, "height": 800},
        color_scheme=theme,
    )
    page = context.new_page()
    hosts, complaints, faults = set(), [], []
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    for name, url in addresses(things).items():
        answer = page.goto(live_server.url + url)
        assert answer.status == 200, (name, answer.status)
        faults += faults_of(page, name)
        widths = (320, 390, 1280) if theme == "light" else (390,)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            over = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if over > 0:
                faults.append(f"{name}: {over} px too wide at {width} px")
    context.close()
    assert faults == []
    assert complaints == []
    assert hosts == {urlsplit(live_server.url).netloc}


def test_the_keyboard_alone_reaches_and_makes_a_move(chromium, live_server, world):
    story, things = world
    context = signed_in(chromium, live_server.url, story.officer.user)
    page = context.new_page()
    need = things["need"]
    page.goto(live_server.url + need.get_absolute_url())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == str(moves_of(need)["stop"].label):
            break
    page.keyboard.press("Enter")
    page.get_by_label("Reason").fill("The depot is full")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{need.get_absolute_url()}")
    need.refresh_from_db()
    assert need.stopped
    context.close()
