"""Template tags for the frame of every page: navigation, breadcrumbs, the reader's theme."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from workflow.http.navigation import MORE_ITEMS, NavItem, account_items, nav_item, nav_items
from workflow.http.signed_urls import sign_for_request
from workflow.uploads.models import File

register = template.Library()

THEMES = ("light", "dark")


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> SafeString:
    """Return ` data-bs-theme="dark"` or light if the reader chose; nothing if their system decides."""
    request = context.get("request")
    chosen = request.COOKIES.get(settings.THEME_COOKIE_NAME, "") if request else ""
    return format_html(' data-bs-theme="{}"', chosen) if chosen in THEMES else mark_safe("")


@register.inclusion_tag("components/frame/nav_link.html", takes_context=True)
def nav_link(context: Context, name: str, icon: str = "") -> dict[str, Any]:
    """Show a link of the navigation, with its figure if it has one."""
    counts = context["shell"].counts
    return {"place": nav_item(name, context["request"], counts, icon)}


@register.simple_tag(takes_context=True)
def nav_more(context: Context) -> list[NavItem]:
    """Return the places behind "More"."""
    return nav_items(MORE_ITEMS, context["request"])


@register.filter
def is_current(found: Iterable[NavItem]) -> bool:
    """Return True if the current page is one of these places or is below one."""
    return any(place.current for place in found)


@register.simple_tag(takes_context=True)
def account_places(context: Context) -> list[NavItem]:
    """Return the links of the account menu."""
    return account_items(context["request"])


@register.simple_tag(takes_context=True)
def page_picture(context: Context, file: File, number: int, size: str = "small") -> str:
    """Return the address of a page's picture, signed for the reader.

    Example: `<img src="{% page_picture file 1 %}">`.
    """
    signed = sign_for_request(context["request"].user, file.key)
    return reverse("file_page_signed", args=[file.key, signed, number, size])


@register.simple_tag
def crumbs(*parts: str) -> SafeString:
    """Return breadcrumbs from pairs of label and address, then the label of this page.

    Example: `{% crumbs _("Needs") needs_url need.reference %}`.
    """
    links = list(zip(parts[:-1:2], parts[1::2], strict=True))
    before = format_html_join("", '<li><a href="{}">{}</a></li>', ((url, label) for label, url in links))
    return format_html(
        '<nav class="crumbs" aria-label="{}"><ol>{}<li aria-current="page">{}</li></ol></nav>',
        _("You are here"),
        before,
        parts[-1],
    )
