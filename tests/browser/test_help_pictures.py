"""The pictures of the help section: each button that a picture shows is still on its page, in three languages.

`python -m tests.browser.help_pictures` runs this test and takes the pictures.
"""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation
from playwright.sync_api import Browser, Locator, Page

from accounts.actions.links import issue_link
from accounts.actors import CONSOLE_ACTOR
from accounts.models import ActionLink, User
from procurement.help.guides import guide_pictures
from procurement.help.pictures import LANGUAGE_BY_FILE_SUFFIX
from procurement.management.scenario.state import ScenarioState
from tests.browser import help_pictures
from tests.browser.conftest import signed_in
from tests.browser.help_picture_list import LATER, PHONE, SHOTS, Shot, continue_scenario
from workflow import clock
from workflow.clock import real_now

pytestmark = [pytest.mark.browser, pytest.mark.every_way, pytest.mark.django_db(transaction=True)]
MARGIN = 8  # around the part of the page
RING = """one => { one.style.outline = "3px solid #c2410c"; one.style.outlineOffset = "2px"; }"""


def test_help_pictures_show_buttons_named_in_guide(chromium, live_server, stage):
    windows = Windows(chromium, live_server.url, stage)
    missing = [fault for shot in SHOTS for fault in windows.missing_buttons(shot)]
    continue_scenario(stage)
    missing += [fault for shot in LATER for fault in windows.missing_buttons(shot)]
    assert missing == []
    assert {shot.picture for shot in (*SHOTS, *LATER)} == set(guide_pictures())


class Windows:
    """One window for each person, language and width, opened on first use."""

    def __init__(self, browser: Browser, url: str, stage: ScenarioState) -> None:
        self.browser, self.url, self.stage = browser, url, stage
        self.pages: dict[tuple[str, str, int], Page] = {}

    def missing_buttons(self, shot: Shot) -> Iterator[str]:
        """Yield the buttons that the page lacks, by language. Take the picture if the command asks for it."""
        for language, code in LANGUAGE_BY_FILE_SUFFIX.items():
            with translation.override(code):
                page = self.open_page(shot, code)
                buttons = {
                    str(words): control_named(page, str(words)) for words in shot.picture.button_labels
                }
            yield from (
                f"{shot.picture.name}.{language}: {words}" for words, one in buttons.items() if not one
            )
            if help_pictures.is_written(shot.picture.name) and all(buttons.values()):
                take_picture(page, shot, buttons, language)

    def open_page(self, shot: Shot, language: str) -> Page:
        """Open the page of a picture as its person; a contact comes by a link and presses Continue."""
        page = self._window(shot, language)
        path = shot.path(self.stage)
        if shot.about is not None:
            page.goto(link(self.stage, shot))
            if not shot.first_page:
                with page.expect_navigation():
                    page.locator("main .btn-primary").click()
        if path:
            page.goto(self.url + path)
        return page

    def _window(self, shot: Shot, language: str) -> Page:
        user = self.stage.staff[shot.who] if shot.about is None else self.stage.contacts[shot.who].user
        User.objects.filter(pk=user.pk).update(language=language)
        key = (shot.who, language, shot.width)
        if key not in self.pages:
            size = {"width": shot.width, "height": 844 if shot.width == PHONE else 900}
            how = {
                "viewport": size,
                "device_scale_factor": help_pictures.SHARPNESS,
                "reduced_motion": "reduce",
            }
            if shot.about is None:
                context = signed_in(self.browser, self.url, user, language, **how)
            else:
                context = self.browser.new_context(**how)
                choice = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": self.url}
                context.add_cookies([choice])
            self.pages[key] = context.new_page()
        return self.pages[key]


def link(stage: ScenarioState, shot: Shot) -> str:
    """Return a new link of a contact to the object of a picture."""
    assert shot.about is not None
    thing = shot.about(stage)
    facts = {
        "thing_label": thing._meta.label_lower,
        "thing_id": thing.pk,
        "purpose": ActionLink.Purpose.ANSWER,
    }
    user = stage.contacts[shot.who].user
    return issue_link(user, **facts, by=CONSOLE_ACTOR, at=clock.now(), real_at=real_now()).url


def control_named(page: Page, words: str) -> Locator | None:
    """Return the first visible control with this name: a button, link, fold, or the label of a choice."""
    name = re.compile(rf"^\s*{re.escape(words)}")
    for found in (
        page.get_by_role("button", name=name),
        page.get_by_role("link", name=name),
        page.locator("main button, main summary, main label").filter(has_text=name),
    ):
        seen = found.locator("visible=true")
        if seen.count():
            return seen.first
    return None


def take_picture(page: Page, shot: Shot, buttons: dict[str, Locator | None], language: str) -> None:
    """Ring the buttons and write the part of the page, as much of it as the picture has room for."""
    page.locator(".tabbar").evaluate_all("bars => bars.forEach((bar) => bar.remove())")
    ringed = [button for button in buttons.values() if button]
    for button in ringed:
        button.evaluate(RING)
    part = page.locator(shot.part).locator("visible=true").first.bounding_box()
    assert part is not None, shot
    last = max((box["y"] + box["height"] for one in ringed if (box := one.bounding_box())), default=0.0)
    height = min(part["height"], shot.max_height)
    top = max(part["y"], min(last + MARGIN - height, part["y"] + part["height"] - height))
    clip = {
        "x": max(0, part["x"] - MARGIN),
        "y": max(0, top - MARGIN),
        "width": min(part["width"] + 2 * MARGIN, shot.width),
        "height": height + 2 * MARGIN,
    }
    screenshot = page.screenshot(full_page=True, clip={side: round(pixels) for side, pixels in clip.items()})
    help_pictures.write(shot.picture.name, language, screenshot, tuple(buttons))
