"""Template tags for the frame of every page: navigation, breadcrumbs, the reader's theme."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from workflow.errors import Words
from workflow.http.confirmations import Undo, undo_of
from workflow.http.signed_urls import sign_for_request
from workflow.uploads.models import File

register = template.Library()

THEMES = ("light", "dark")
# The links of the navigation and of the account menu, by URL name.
NAV_ITEMS: dict[str, Words] = {
    "today": _("Today"),
    "needs": _("Needs"),
    "leads": _("Offers"),
    "checks": _("Checks"),
    "orders": _("Orders"),
    "shipments": _("Shipments"),
    "inquiries": _("Inquiries"),
    "payments": _("Payments"),
    "lots": _("Lots"),
    "discrepancies": _("Discrepancies"),
    "cities": _("Cities"),
    "suppliers": _("Suppliers"),
    "network": _("Network"),
    "outbox": _("Outbox"),
}
# The key that follows g to go to a place. Letters of the English names, the same in every language.
NAV_KEYS = {
    "today": "t",
    "needs": "n",
    "leads": "o",
    "checks": "k",
    "orders": "r",
    "shipments": "s",
    "inquiries": "i",
    "payments": "p",
    "lots": "l",
    "discrepancies": "d",
    "cities": "c",
    "suppliers": "u",
    "network": "w",
    "outbox": "b",
}
ICONS = {
    "today": "inbox",
    "needs": "clipboard-list",
    "leads": "handshake",
    "checks": "list-checks",
    "orders": "shopping-cart",
    "payments": "hand-coins",
    "shipments": "ship",
    "lots": "package",
    "cities": "globe",
    "network": "map",
}
# The places in the bar for the first of these powers that the reader has in a city. A power identifies the role that
# has it and none of the earlier ones.
BARS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("post_request", ("today", "needs", "leads", "orders", "shipments", "cities")),  # officers
    ("ship", ("today", "shipments", "lots", "orders", "cities")),  # logistics
    ("approve", ("today", "orders", "payments", "needs", "cities")),  # approvers
    ("review_report", ("today", "leads", "checks", "needs", "cities")),  # verifiers
    ("watch", ("today", "needs", "network", "cities")),  # coordinators
    ("see", ("today", "orders", "needs", "shipments", "cities")),  # administrators and auditors
)
BAR = ("today", "needs", "shipments", "cities")  # for everyone else: contacts, brokers
ON_A_PHONE = 4  # places of the bar at the bottom of a phone; the others are behind "More"
MORE_ITEMS = (
    *("needs", "inquiries", "leads", "checks", "orders", "payments", "shipments", "lots", "discrepancies"),
    *("suppliers", "cities", "network", "outbox"),
)
ACCOUNT_ITEMS: dict[str, tuple[str, Words]] = {
    "account": ("settings", _("Settings")),
    "mfa_index": ("key-round", _("Two-step sign-in")),
    "usersessions_list": ("monitor-smartphone", _("Open sessions")),
}
COUNTED_ITEMS = frozenset({"today"})  # places with a figure beside them, from `http.count`


class NavItem(NamedTuple):
    """One link of the frame.

    `current` is "page", "true" (the current page is below it) or empty.
    """

    name: str
    label: Words
    url: str
    current: str
    number: int = 0
    icon: str = ""
    key: str = ""


def nav_item(name: str, request: HttpRequest, counts: Any = None, icon: str = "") -> NavItem | None:
    """Return the link to a place, or None if this instance does not have it."""
    try:
        url = reverse(name)
    except NoReverseMatch:
        return None
    number = counts[name] if counts is not None and name in COUNTED_ITEMS else 0
    return NavItem(name, NAV_ITEMS[name], url, _current(request.path, url), number, icon, NAV_KEYS[name])


def _current(path: str, url: str) -> str:
    if path == url:
        return "page"
    return "true" if url != "/" and path.startswith(url) else ""


def nav_items(names: Iterable[str], request: HttpRequest) -> list[NavItem]:
    """Return the links to those of the named places that exist here."""
    return [found for name in names if (found := nav_item(name, request))]


def nav_keys(request: HttpRequest) -> list[NavItem]:
    """Return the places that can be reached by g and another key."""
    return nav_items(NAV_KEYS, request)


def account_items(request: HttpRequest) -> list[NavItem]:
    """Return the links of the account menu."""
    found = []
    for name, (icon, label) in ACCOUNT_ITEMS.items():
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        found.append(NavItem(name, label, url, _current(request.path, url), icon=icon))
    return found


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> SafeString:
    """Return ` data-bs-theme="dark"` or light if the reader chose; nothing if their system decides."""
    request = context.get("request")
    chosen = request.COOKIES.get(settings.THEME_COOKIE_NAME, "") if request else ""
    return format_html(' data-bs-theme="{}"', chosen) if chosen in THEMES else mark_safe("")


def bar_names(by: Any) -> tuple[str, ...]:
    """Return the names of the places in the bar of a reader, by the powers that they have in a city."""
    held = {power for power, ids in (getattr(by, "cities", None) or {}).items() if ids}
    if getattr(by, "coordinates", False):
        held.add("watch")
    return next((names for power, names in BARS if power in held), BAR)


@register.simple_tag(takes_context=True)
def nav_bar(context: Context, phone: bool = False) -> list[NavItem]:
    """Return the places in the bar of the reader: of a desktop screen, or with icons of a phone."""
    request, counts = context["request"], context["shell"].counts
    names = bar_names(getattr(request, "by", None))
    chosen = names[:ON_A_PHONE] if phone else names
    found = (nav_item(name, request, counts, ICONS[name] if phone else "") for name in chosen)
    return [place for place in found if place is not None]


@register.simple_tag(takes_context=True)
def nav_more(context: Context, phone: bool = False) -> list[NavItem]:
    """Return the places behind "More": all that are not in the bar."""
    names = bar_names(getattr(context["request"], "by", None))
    shown = names[:ON_A_PHONE] if phone else names
    return nav_items((name for name in MORE_ITEMS if name not in shown), context["request"])


@register.filter
def is_current(found: Iterable[NavItem]) -> bool:
    """Return True if the current page is one of these places or is below one."""
    return any(place.current for place in found)


@register.filter
def undo(message: Message) -> Undo | None:
    """Return the Undo that a message offers, or None."""
    return undo_of(message.extra_tags or "")


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
