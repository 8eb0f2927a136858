"""Template tags for names in the reader's language and the local one, and for text as people typed it."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from workflow import formatting

register = template.Library()


@register.simple_tag
def name_of(thing: Any, local: bool = True, below: bool = False) -> SafeString:
    """Return the name in the reader's language with the local name beside it: `{% name_of city %}`.

    `below=True` puts the local name below. Each name has its `lang`.
    """
    name = formatting.name_of(thing)
    shown = _in_language(name.text, name.language)
    if not local or not name.local:
        return shown
    tag, kind = ("span", "local-below") if below else ("span", "local")
    return format_html(
        '{} <{} class="{}" lang="{}">{}</{}>', shown, tag, kind, name.local_language, name.local, tag
    )


@register.filter
def name(thing: Any) -> str:
    """Return the name in the reader's language as plain text: `{{ city|name }}`.

    For sentences and options.
    """
    return formatting.name_of(thing).text


def _in_language(text: str, language: str) -> SafeString:
    return format_html('<span lang="{}">{}</span>', language, text) if language else format_html("{}", text)


@register.simple_tag
def user_text(text: str, language: str = "", inline: bool = False) -> SafeString:
    """Return text that a person typed, unchanged and marked with its language.

    Example: `{% user_text note.text note.language %}`.
    """
    tag = "span" if inline else "div"
    lang = format_html(' lang="{}"', language) if language else ""
    return format_html('<{} class="user-text"{} dir="auto">{}</{}>', tag, lang, text, tag)
