"""Names in the reader's language beside the local one, and what people typed, in its original."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from workflow.doors import words

register = template.Library()


@register.simple_tag
def name_of(thing: Any, local: bool = True, below: bool = False) -> SafeString:
    """`{% name_of city %}`: the name in the reader's language and the local one beside it (or `below=True`), each with its `lang`."""
    name = words.name_of(thing)
    shown = _in_language(name.text, name.language)
    if not local or not name.local:
        return shown
    tag, kind = ("span", "local-below") if below else ("span", "local")
    return format_html(
        '{} <{} class="{}" lang="{}">{}</{}>', shown, tag, kind, name.local_language, name.local, tag
    )


@register.filter
def name(thing: Any) -> str:
    """`{{ city|name }}`: the name in the reader's language as bare text, for sentences and options."""
    return words.name_of(thing).text


def _in_language(text: str, language: str) -> SafeString:
    return format_html('<span lang="{}">{}</span>', language, text) if language else format_html("{}", text)


@register.simple_tag
def user_text(text: str, language: str = "", inline: bool = False) -> SafeString:
    """`{% user_text note.text note.language %}`: what a person typed, in its original, marked with its language."""
    tag = "span" if inline else "div"
    lang = format_html(' lang="{}"', language) if language else ""
    return format_html('<{} class="user-text"{} dir="auto">{}</{}>', tag, lang, text, tag)
