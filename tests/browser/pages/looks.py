"""What is looked for on a page: accessibility rules, width, focus, print, forced colours. Each look returns faults as lines."""

from collections.abc import Iterable
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
BUILT = WHOLE | {"rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": False}}}
IN_WORDS = ACCESSIBLE | {"rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": False}}}
# A theme changes colours and nothing else: on the second one, the rules about colours are asked again.
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
    "preload": False,
}
PHONE = {"width": 390, "height": 800}  # where every look begins
WIDTHS = (390, 320, 1280)

RUN = """options => { bringRules(); return axe.run(document, options).then(found => found.violations.map(one =>
  `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')}`)) }"""
LETTERS = "size => { document.documentElement.style.fontSize = size }"
TOO_WIDE = """() => { const edge = document.documentElement.clientWidth, over = document.documentElement.scrollWidth - edge;
  return over <= 0 ? null : [over, Array.from(document.querySelectorAll('body *'))
  .filter(one => one.getBoundingClientRect().right > edge + 1 || (one.scrollWidth > one.clientWidth + 1 &&
    getComputedStyle(one).overflowX === 'visible' && getComputedStyle(one).display !== 'inline'))
  .slice(-2).map(one => one.outerHTML.slice(0, 120)).join(' | ')] }"""
UNSEEN_FOCUS = """() => Array.from(document.querySelectorAll('a[href], button, input, select, textarea, summary'))
  .filter(one => one.offsetParent && !one.disabled && one.tabIndex >= 0).filter(one => {
    one.focus(); const look = getComputedStyle(one);
    return document.activeElement === one &&
      (look.outlineStyle === 'none' || look.outlineWidth === '0px') && look.boxShadow === 'none'; })
  .map(one => one.outerHTML.slice(0, 120))"""
WRONG_IN_PRINT = """() => Array.from(document.querySelectorAll('nav.mainnav, nav.tabbar, .topbar .tools, .skip-link, .no-print'))
  .filter(one => one.getClientRects().length).map(one => `printed: ${one.outerHTML.slice(0, 100)}`)
  .concat(document.querySelector('h1:not(:empty)')?.checkVisibility({visibilityProperty: true}) ? [] : ['no heading on paper'])"""
FLAT = """() => Array.from(document.querySelectorAll('.btn, .form-control, .form-select'))
  .filter(one => one.getClientRects().length && getComputedStyle(one).borderTopWidth === '0px')
  .map(one => one.outerHTML.slice(0, 100))"""


@cache
def bring_rules() -> str:
    """The rules, as their package brings them: a script for every page of a window, which runs them in when they are asked for."""
    script = next(Path(axe_playwright_python.__file__).parent.glob("**/axe.min.js"))
    return f"window.bringRules = () => {{ if (!window.axe) {{ {script.read_text(encoding='utf-8')} }} }}"


def rules_broken(page: Page, options: dict[str, object]) -> list[str]:
    """What axe says, as lines a person can act on."""
    return list(page.evaluate(RUN, options))


def too_wide(page: Page, *, large: bool) -> list[str]:
    """Sideways scroll at each width (WCAG 1.4.10); with `large` letters also twice as large on a usual phone and desk (1.4.4).

    Ends at the width at which it began, so that a page is laid out no oftener than it is measured.
    """
    found = _over(page, WIDTHS, "")
    if large:
        page.evaluate(LETTERS, "200%")
        found += _over(page, (WIDTHS[-1], WIDTHS[0]), "200%")
        page.evaluate(LETTERS, "")
    else:
        page.set_viewport_size(PHONE)
    return found


def _over(page: Page, widths: Iterable[int], size: str) -> list[str]:
    found = []
    for width in widths:
        if page.viewport_size != (wanted := PHONE | {"width": width}):
            page.set_viewport_size(wanted)
        if said := page.evaluate(TOO_WIDE):
            found.append(f"{said[0]} px too wide at {width} px {size}: {said[1]}")
    return found


def elsewhere(page: Page) -> list[str]:
    """In the dark, on paper, and in the colours of the reader's system; each state once, from one to the next."""
    page.emulate_media(color_scheme="dark")
    found = [f"in the dark: {one}" for one in rules_broken(page, COLOURS)]
    # Paper has no use for some things, and needs its heading.
    page.emulate_media(color_scheme="light", media="print")
    found += page.evaluate(WRONG_IN_PRINT)
    page.emulate_media(media="screen", forced_colors="active")  # where buttons and fields keep an edge
    found += [f"no edge in forced colours: {one}" for one in page.evaluate(FLAT)]
    page.emulate_media(forced_colors="none")
    return found


def focus_unseen(page: Page) -> list[str]:
    """What the keyboard reaches without showing it."""
    page.keyboard.press("Tab")  # from here on, focus counts as the keyboard's
    return [f"no focus to be seen: {one}" for one in page.evaluate(UNSEEN_FOCUS)]
