"""Template tags for names of things and people, in the reader's script and the local one, and for typed text."""

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from workflow import formatting
from workflow.person_names import HAN_PATTERN, split_recorded_name

CHINESE_LANGUAGE_TAG = "zh-Hans"  # `lang` of text in characters
register = template.Library()


@register.simple_tag
def name_of(thing: Any, local: bool = True, below: bool = False) -> SafeString:
    """Return the name in the reader's language with the local name beside it: `{% name_of city %}`.

    `below=True` puts the local name below. Each name has its `lang`.
    """
    name = formatting.bilingual_name(thing)
    shown = _in_language(name.text, name.language)
    if not local or not name.local_name:
        return shown
    tag, kind = ("span", "local-below") if below else ("span", "local")
    return format_html(
        '{} <{} class="{}" lang="{}">{}</{}>', shown, tag, kind, name.local_language, name.local_name, tag
    )


@register.filter
def name(thing: Any) -> str:
    """Return the name in the reader's language as plain text: `{{ city|name }}`.

    For sentences and options.
    """
    return formatting.bilingual_name(thing).text


@register.simple_tag
def person(thing: Any) -> SafeString:
    """Return a person's name in the reader's script: `{% person contact %}`: Chen Xiaolan (陈晓岚), or 陈晓岚.

    Takes a user, or a thing of a user such as a contact. Characters have their `lang` on a page that is not in
    Chinese.
    """
    user = getattr(thing, "user", thing)
    if not HAN_PATTERN.search(user.name) or formatting.reader_language() == "zh":
        return format_html("{}", str(user))
    if not user.name_latin:
        return _in_language(user.name, CHINESE_LANGUAGE_TAG)
    return format_html(
        '{} <span class="local" lang="{}">({})</span>', user.name_latin, CHINESE_LANGUAGE_TAG, user.name
    )


@register.simple_tag
def recorded_person(label: str) -> SafeString:
    """Return a person's name that the journal keeps in both scripts, as `person` does: 陈晓岚 in Chinese.

    Example: `{% recorded_person entry.by_label %}`.
    """
    latin, name = split_recorded_name(label)
    if not name or formatting.reader_language() == "zh":
        return format_html("{}", name or label)
    return format_html('{} <span class="local" lang="{}">({})</span>', latin, CHINESE_LANGUAGE_TAG, name)


@register.simple_tag
def contact_with_title(contact: Any, office: bool = True) -> SafeString:
    """Return a contact with job title and office: Chen Xiaolan (陈晓岚), Programme Manager, Zhongshan Hospital.

    A title that is kept in characters only has its `lang`. `office=False` where the page names the office.
    """
    parts = [person(contact)]
    if title := contact.title_in(formatting.reader_language()) or contact.title:
        han = HAN_PATTERN.search(title) and formatting.reader_language() != "zh"
        parts.append(_in_language(title, CHINESE_LANGUAGE_TAG if han else ""))
    if office:
        parts.append(name_of(contact.organization, local=False))
    return format_html_join(
        "，" if formatting.reader_language() == "zh" else ", ", "{}", ((one,) for one in parts)
    )


def _in_language(text: str, language: str) -> SafeString:
    return format_html('<span lang="{}">{}</span>', language, text) if language else format_html("{}", text)


@register.simple_tag
def user_text(text: str, language: str = "", inline: bool = False) -> SafeString:
    """Return text that a person typed, unchanged and marked with its language.

    Example: `{% user_text note.text note.language %}`. `inline=True` puts it into a sentence, not into a block.
    """
    tag = "span" if inline else "div"
    language = formatting.language_as_written(text, language)
    lang = format_html(' lang="{}"', language) if language else ""
    return format_html('<{} class="user-text"{} dir="auto">{}</{}>', tag, lang, text, tag)
