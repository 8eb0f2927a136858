"""Template tags for icons, status badges and marks. An icon always has its word beside it."""

from functools import cache
from importlib import resources
from io import BytesIO
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import lucide
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from workflow.errors import LazyText
from workflow.formatting import reader_language
from workflow.http import status_badges
from workflow.http.status_badges import Badge, badge_for

register = template.Library()
SVG_NAMESPACE = "{http://www.w3.org/2000/svg}"
COLON_BY_LANGUAGE = {"fr": "\u00a0:", "zh": "："}


@cache
def icon_svg(name: str) -> SafeString:
    """Return an icon of the lucide package as inline SVG.

    It is hidden from screen readers, because words are beside it.
    """
    icon = ElementTree.fromstring(_icon_archive().read(f"{name}.svg"))  # noqa: S314  # a package's own file, pinned by its hash
    for part in icon.iter():
        part.tag = part.tag.removeprefix(SVG_NAMESPACE)
    icon.attrib |= {"width": "18", "height": "18", "class": "icon", "aria-hidden": "true"}
    return mark_safe(ElementTree.tostring(icon, encoding="unicode"))  # noqa: S308  # nothing of a user's in it


@cache
def _icon_archive() -> ZipFile:
    """Return the archive of all icons, opened once.

    The package's own tag lists its two thousand names again for each icon that it draws.
    """
    return ZipFile(BytesIO(resources.files(lucide).joinpath("lucide.zip").read_bytes()))


@register.filter
def colon(what: object) -> str:
    """Return a label with a colon, as the reader's language sets it: `{{ _("Source")|colon }}`."""
    return f"{what}{COLON_BY_LANGUAGE.get(reader_language(), ':')}"


@register.filter
def plain_key(number: int) -> str:
    """Return the key of a row in plain figures: `id="hold-{{ hold.pk|key }}"`. Quantities have separators from 1,000 on."""
    return str(number)


@register.simple_tag
def icon(name: str, meaning: str = "") -> SafeString:
    """Return an icon beside words: `{% icon "package" %}`.

    With a meaning, the icon is used alone, and screen readers get the meaning.
    """
    if not meaning:
        return icon_svg(name)
    return format_html(
        '<span role="img" aria-label="{}" title="{}">{}</span>', meaning, meaning, icon_svg(name)
    )


@register.simple_tag
def status(thing: Any, plain: bool = False) -> SafeString:
    """Return the icon and the word of a status, from the one table: `{% status lead %}`.

    `plain=True` draws no background, for quiet lists.
    """
    return _badge(badge_for(thing._meta.model_name, thing.status), thing.get_status_display(), plain)


@register.simple_tag
def mark(name: str, label: str = "", plain: bool = False) -> SafeString:
    """Return a mark with its icon and word: `{% mark "overdue" %}`.

    `label` replaces the word. `plain=True` draws no background.
    """
    look, word = status_badges.MARK_BADGES[name]
    return _badge(look, label or word, plain)


def _badge(look: Badge, label: LazyText, plain: bool) -> SafeString:
    """Return the badge, written here because a list has one or two in each row."""
    quiet = " status-plain" if plain else ""
    shown = '<span class="status tone-{}{}">{}{}</span>'
    return format_html(shown, look.tone, quiet, icon_svg(look.icon), label)
