"""Icons, statuses and marks: an icon always beside its word."""

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

from workflow.doors import statuses, words

register = template.Library()
SVG = "{http://www.w3.org/2000/svg}"
COLONS = {"fr": "\u00a0:", "zh": "："}


@cache
def drawn(name: str) -> SafeString:
    """An icon of the lucide package as inline SVG, hidden from screen readers: words stand beside it."""
    icon = ElementTree.fromstring(_drawings().read(f"{name}.svg"))  # noqa: S314  # a package's own file, pinned by its hash
    for part in icon.iter():
        part.tag = part.tag.removeprefix(SVG)
    icon.attrib |= {"width": "18", "height": "18", "class": "icon", "aria-hidden": "true"}
    return mark_safe(ElementTree.tostring(icon, encoding="unicode"))  # noqa: S308  # nothing of a user's in it


@cache
def _drawings() -> ZipFile:
    """All icons there are, listed once: the package's own tag lists its two thousand names anew for each it draws."""
    return ZipFile(BytesIO(resources.files(lucide).joinpath("lucide.zip").read_bytes()))


@register.filter
def colon(what: object) -> str:
    """`{{ _("Source")|colon }}`: words before what they name, with the colon as the reader's language sets it."""
    return f"{what}{COLONS.get(words.language(), ':')}"


@register.simple_tag
def icon(name: str, meaning: str = "") -> SafeString:
    """`{% icon "package" %}`: decoration beside words. With a meaning it stands alone and says it."""
    if not meaning:
        return drawn(name)
    return format_html('<span role="img" aria-label="{}" title="{}">{}</span>', meaning, meaning, drawn(name))


@register.inclusion_tag("components/status.html")
def status(thing: Any, plain: bool = False) -> dict[str, Any]:
    """`{% status lead %}`: icon and word, from the one table. `plain=True` draws no ground (quiet lists)."""
    look = statuses.look(thing._meta.model_name, thing.status)
    return {"look": look, "label": thing.get_status_display(), "plain": plain}


@register.inclusion_tag("components/status.html")
def mark(name: str, label: str = "", plain: bool = False) -> dict[str, Any]:
    """`{% mark "overdue" %}`: a comparison or a state with its icon and word; `label` replaces the word."""
    look, word = statuses.MARKS[name]
    return {"look": look, "label": label or word, "plain": plain}
