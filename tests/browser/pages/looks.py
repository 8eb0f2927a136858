"""What is looked for on a page: accessibility rules, width, focus, print, forced colours. Each look returns faults as lines."""

import json
from functools import cache
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

DEMANDED = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# `target-size` is WCAG 2.2 AA, and axe leaves it out unless it is asked for.
# No page plays anything, so axe need not fetch every style sheet and recording again before it looks.
ACCESSIBLE = {
    "runOnly": DEMANDED,
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
}
# How a page is built beyond that (headings, landmarks) and its colours are the same in every language.
WHOLE = ACCESSIBLE | {"runOnly": [*DEMANDED, "best-practice"]}
IN_WORDS = ACCESSIBLE | {"rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": False}}}
# A theme changes colours and nothing else: on the second one, the rules about colours are asked again.
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
    "preload": False,
}
WIDTHS = (320, 390, 1280)

RUN = """options => axe.run(document, options).then(found => found.violations.map(one =>
  `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')}`))"""
OVER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDEST = """() => { const edge = document.documentElement.clientWidth; return Array.from(document.querySelectorAll('body *'))
  .filter(one => one.getBoundingClientRect().right > edge + 1 || (one.scrollWidth > one.clientWidth + 1 &&
    getComputedStyle(one).overflowX === 'visible' && getComputedStyle(one).display !== 'inline'))
  .slice(-2).map(one => one.outerHTML.slice(0, 120)).join(' | ') }"""
UNSEEN_FOCUS = """() => Array.from(document.querySelectorAll('a[href], button, input, select, textarea, summary'))
  .filter(one => one.offsetParent && !one.disabled && one.tabIndex >= 0).filter(one => {
    one.focus(); const look = getComputedStyle(one);
    return document.activeElement === one &&
      (look.outlineStyle === 'none' || look.outlineWidth === '0px') && look.boxShadow === 'none'; })
  .map(one => one.outerHTML.slice(0, 120))"""
SHOWN_IN_PRINT = """() => Array.from(document.querySelectorAll('nav.mainnav, nav.tabbar, .topbar .tools, .skip-link, .no-print'))
  .filter(one => one.getClientRects().length).map(one => one.outerHTML.slice(0, 100))"""
FLAT = """() => Array.from(document.querySelectorAll('.btn, .form-control, .form-select'))
  .filter(one => one.getClientRects().length && getComputedStyle(one).borderTopWidth === '0px')
  .map(one => one.outerHTML.slice(0, 100))"""


@cache
def axe() -> str:
    """The rules, as their package brings them."""
    return next(Path(axe_playwright_python.__file__).parent.glob("**/axe.min.js")).read_text(encoding="utf-8")


def rules_broken(page: Page, options: dict[str, object]) -> list[str]:
    """What axe says, as lines a person can act on."""
    if not page.evaluate("() => typeof axe !== 'undefined'"):
        page.evaluate(axe())
    return list(page.evaluate(RUN, json.loads(json.dumps(options))))


def too_wide(page: Page, *, large: bool) -> list[str]:
    """Sideways scroll at each width (WCAG 1.4.10); with `large` letters also twice as large on a usual phone and desk (1.4.4)."""
    found = []
    for size, widths in (("", WIDTHS), ("200%", WIDTHS[1:] if large else ())):
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            over = page.evaluate(OVER)
            if over > 0:
                found.append(f"{over} px too wide at {width} px {size}: {page.evaluate(WIDEST)}")
    page.evaluate("() => { document.documentElement.style.fontSize = '' }")
    page.set_viewport_size({"width": 390, "height": 800})
    return found


def focus_unseen(page: Page) -> list[str]:
    """What the keyboard reaches without showing it."""
    page.keyboard.press("Tab")  # from here on, focus counts as the keyboard's
    return [f"no focus to be seen: {one}" for one in page.evaluate(UNSEEN_FOCUS)]


def on_paper(page: Page) -> list[str]:
    """What paper has no use for, and whether anything is left on it."""
    page.emulate_media(media="print")
    found = [f"printed: {one}" for one in page.evaluate(SHOWN_IN_PRINT)]
    if not page.locator("h1").first.is_visible():
        found.append("no heading on paper")
    page.emulate_media(media="screen")
    return found


def in_forced_colours(page: Page) -> list[str]:
    """Buttons and fields keep an edge where the reader's system chooses the colours."""
    page.emulate_media(forced_colors="active")
    found = [f"no edge in forced colours: {one}" for one in page.evaluate(FLAT)]
    page.emulate_media(forced_colors="none")
    return found
