"""Rules of docs/design_system.md for style sheet, scripts and templates."""

import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
SHEET = (settings.BASE_DIR / "static/css/app.css").read_text()
RULES = re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL)
SCRIPTS = sorted((settings.BASE_DIR / "static/js").glob("*.js"))
TOO_NEW = {
    "oklch": r"oklch\(|oklab\(|\blch\(|\blab\(",
    "color-mix": r"color-mix\(",
    "layers": r"@layer",
    "containers": r"@container",
    "has": r":has\(",
    "nesting": r"(^|[{};])\s*&",
    "inset": r"[{;\s]inset\s*:",
    "aspect-ratio": r"aspect-ratio",
    "viewport units": r"\d(dvh|svh|lvh|dvw|svw)\b",
    "logical shorthands": r"(margin|padding)-(inline|block)\s*:",
    "flex gap": r"display:\s*(inline-)?flex[^}]*[;\s]gap\s*:",
    "text-wrap": r"text-wrap",
    "individual transforms": r"[{;\s](rotate|scale|translate)\s*:",
    "colour scheme function": r"light-dark\(",
}


@pytest.mark.parametrize("name", TOO_NEW)
def test_stylesheet_uses_no_feature_newer_than_the_oldest_supported_browser(name):
    assert re.search(TOO_NEW[name], RULES, re.MULTILINE) is None


def test_every_light_colour_has_a_dark_counterpart():
    tokens = re.findall(r"--[\w-]+:\s*var\(--light, [^;]+;", SHEET)
    assert len(tokens) > 30
    assert [token for token in tokens if "var(--dark," not in token] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_an_inline_style_or_script(template):
    text = re.sub(r'<script[^>]*type="application/json"[^>]*>', "", template.read_text())
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|\shx-[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_loads_anything_from_another_host(template):
    """A link to a source is allowed: it sends no request until it is followed."""
    asking = r"<(link|script|img|form|iframe|use|image)\b[^>]*\s(src|href|action)=\"(https?:)?//"
    assert not re.search(asking, template.read_text())


def test_own_javascript_stays_within_its_line_budget():
    """All pages together have 270 lines; the camera and the offline count of the dock have their own 84."""
    lines = {script.name: len(script.read_text().splitlines()) for script in SCRIPTS}
    assert lines.pop("dock.js") <= 84
    assert sum(lines.values()) <= 270


def test_page_frame_stays_within_its_size_budget():
    """A first visit may load 100 KB for an officer and 60 KB for a contact, compressed.

    The frame must stay well below that.
    """
    base = settings.BASE_DIR
    sheets = _weight(
        settings.NODE_MODULES / "bootstrap/dist/css/bootstrap.min.css", base / "static/css/app.css"
    )
    officer = _weight(settings.NODE_MODULES / "htmx.org/dist/htmx.min.js", base / "static/js/app.js")
    font = (settings.NODE_MODULES / ".built/fonts/inter-latin.woff2").stat().st_size
    assert sheets + officer + font < 85_000
    assert sheets + _weight(base / "static/js/partner.js") < 45_000


def _weight(*files: Path) -> int:
    return sum(len(brotli.compress(file.read_bytes())) for file in files)
