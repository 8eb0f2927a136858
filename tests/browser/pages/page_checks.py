"""Checks of a page: accessibility rules, width, focus, print, forced colours.

Each check returns its faults as lines of text.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

REQUIRED_RULE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# `target-size` is WCAG 2.2 AA, but axe runs it only on request.
# No page plays media, so axe need not preload style sheets and media.
WCAG_RULES = {
    "runOnly": REQUIRED_RULE_TAGS,
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
}
# The best practices (headings, landmarks) and the colours are the same in every language.
ALL_RULES = WCAG_RULES | {"runOnly": [*REQUIRED_RULE_TAGS, "best-practice"]}
RULES_WITHOUT_COLOURS = ALL_RULES | {
    "rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": False}}
}
RULES_ABOUT_TEXT = WCAG_RULES | {
    "rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": False}}
}
# A theme changes only colours, so the second theme needs only the rules about colours.
COLOUR_RULES = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
    "preload": False,
}
PHONE = {"width": 390, "height": 800}  # the width at which every check starts
WIDTHS = (390, 320, 1280)

RUN_AXE = """options => { bringRules(); return axe.run(document, options).then(found => found.violations.map(one =>
  `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')}`)) }"""
SET_FONT_SIZE = "size => { document.documentElement.style.fontSize = size }"
FIND_OVERFLOW = """() => { const edge = document.documentElement.clientWidth, over = document.documentElement.scrollWidth - edge;
  return over <= 0 ? null : [over, Array.from(document.querySelectorAll('body *'))
  .filter(one => one.getBoundingClientRect().right > edge + 1 || (one.scrollWidth > one.clientWidth + 1 &&
    getComputedStyle(one).overflowX === 'visible' && getComputedStyle(one).display !== 'inline'))
  .slice(-2).map(one => one.outerHTML.slice(0, 120)).join(' | ')] }"""
FIND_INVISIBLE_FOCUS = """() => Array.from(document.querySelectorAll('a[href], button, input, select, textarea, summary'))
  .filter(one => one.offsetParent && !one.disabled && one.tabIndex >= 0).filter(one => {
    one.focus(); const look = getComputedStyle(one);
    return document.activeElement === one &&
      (look.outlineStyle === 'none' || look.outlineWidth === '0px') && look.boxShadow === 'none'; })
  .map(one => one.outerHTML.slice(0, 120))"""
FIND_PRINT_FAULTS = """() => Array.from(document.querySelectorAll('nav.mainnav, nav.tabbar, .topbar .tools, .skip-link, .no-print'))
  .filter(one => one.getClientRects().length).map(one => `printed: ${one.outerHTML.slice(0, 100)}`)
  .concat(document.querySelector('h1:not(:empty)')?.checkVisibility({visibilityProperty: true}) ? [] : ['no heading on paper'])"""
FIND_CONTROLS_WITHOUT_BORDER = """() => Array.from(document.querySelectorAll('.btn, .form-control, .form-select'))
  .filter(one => one.getClientRects().length && getComputedStyle(one).borderTopWidth === '0px')
  .map(one => one.outerHTML.slice(0, 100))"""


@cache
def loader_script() -> str:
    """Return a script for every page of a window, which loads axe on the first call of `bringRules`."""
    script = next(Path(axe_playwright_python.__file__).parent.glob("**/axe.min.js"))
    return f"window.bringRules = () => {{ if (!window.axe) {{ {script.read_text(encoding='utf-8')} }} }}"


def rule_violations(page: Page, options: dict[str, object]) -> list[str]:
    """Return the violations that axe finds, with a help text and the elements."""
    return list(page.evaluate(RUN_AXE, options))


def widths_that_overflow(page: Page, *, large: bool) -> list[str]:
    """Return the widths at which the page scrolls sideways (WCAG 1.4.10).

    With `large`, also check with letters twice as large on a phone and a desk (WCAG 1.4.4). The page ends at
    the width at which it started, so that no extra layout is needed.
    """
    found = _over(page, WIDTHS, "")
    if large:
        page.evaluate(SET_FONT_SIZE, "200%")
        found += _over(page, (WIDTHS[-1], WIDTHS[0]), "200%")
        page.evaluate(SET_FONT_SIZE, "")
    else:
        page.set_viewport_size(PHONE)
    return found


def _over(page: Page, widths: Iterable[int], size: str) -> list[str]:
    found = []
    for width in widths:
        if page.viewport_size != (wanted := PHONE | {"width": width}):
            page.set_viewport_size(wanted)
        if said := page.evaluate(FIND_OVERFLOW):
            found.append(f"{said[0]} px too wide at {width} px {size}: {said[1]}")
    return found


def faults_in_other_modes(page: Page) -> list[str]:
    """Return the faults in the dark theme, in print, and in forced colours."""
    page.emulate_media(color_scheme="dark")
    found = [f"in the dark: {one}" for one in rule_violations(page, COLOUR_RULES)]
    # Print leaves out the navigation but needs the heading.
    page.emulate_media(color_scheme="light", media="print")
    found += page.evaluate(FIND_PRINT_FAULTS)
    page.emulate_media(media="screen", forced_colors="active")  # buttons and fields need a border here
    found += [f"no edge in forced colours: {one}" for one in page.evaluate(FIND_CONTROLS_WITHOUT_BORDER)]
    page.emulate_media(forced_colors="none")
    return found


def invisible_focus(page: Page) -> list[str]:
    """Return the elements that take the keyboard focus without showing it."""
    page.keyboard.press("Tab")  # makes :focus-visible match from here on
    return [f"no focus to be seen: {one}" for one in page.evaluate(FIND_INVISIBLE_FOCUS)]
