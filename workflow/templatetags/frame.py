"""Template tags for the frame of every page: navigation, breadcrumbs, the reader's theme."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from workflow.errors import LazyText
from workflow.formatting import format_quantity
from workflow.http.confirmations import UndoLink, undo_from_tags
from workflow.http.signed_urls import sign_for_request
from workflow.templatetags.labels import icon_svg
from workflow.uploads.models import File

register = template.Library()

THEMES = ("light", "dark")
# The links of the navigation and of the account menu, by URL name.
NAV_ITEMS: dict[str, LazyText] = {
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
NAV_SHORTCUT_KEYS = {
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
NAV_ICONS = {
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
# The pages in the bar for the first of these powers that the reader has in a city. A power identifies the role that
# has it and none of the earlier ones.
NAV_ITEMS_BY_POWER: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("post_request", ("today", "needs", "leads", "orders", "shipments", "cities")),  # officers
    ("ship", ("today", "shipments", "lots", "orders", "cities")),  # logistics
    ("approve", ("today", "orders", "payments", "needs", "cities")),  # approvers
    ("review_report", ("today", "leads", "checks", "needs", "cities")),  # verifiers
    ("watch", ("today", "needs", "network", "cities")),  # coordinators
    ("see", ("today", "orders", "needs", "shipments", "cities")),  # administrators and auditors
)
DEFAULT_NAV_ITEMS = ("today", "needs", "shipments", "cities")  # for everyone else: contacts, brokers
PHONE_BAR_SIZE = 4  # links in the bar at the bottom of a phone; the others are behind "More"
MORE_ITEMS = (
    *("needs", "inquiries", "leads", "checks", "orders", "payments", "shipments", "lots", "discrepancies"),
    *("suppliers", "cities", "network", "outbox"),
)
ACCOUNT_ITEMS: dict[str, tuple[str, LazyText]] = {
    "account": ("settings", _("Settings")),
    "mfa_index": ("key-round", _("Two-step sign-in")),
    "usersessions_list": ("monitor-smartphone", _("Open sessions")),
}
COUNTED_ITEMS = frozenset({"today"})  # pages whose link has a number beside it, from `register_counter`


class NavItem(NamedTuple):
    """One link of the navigation.

    `aria_current` is the value of `aria-current`: "page", "true" (the current page is below it) or empty. `number` is
    the number beside the link, and `shortcut_key` the key that follows g in its keyboard shortcut.
    """

    name: str
    label: LazyText
    url: str
    aria_current: str
    number: int = 0
    icon: str = ""
    shortcut_key: str = ""


class Navigation(NamedTuple):
    """Links of the reader's navigation.

    `desktop_bar` and `desktop_more` are for a desktop screen, `phone_bar` and `phone_more` for a phone; those behind
    "More" are separate.
    """

    desktop_bar: list[NavItem]
    desktop_more: list[NavItem]
    phone_bar: list[NavItem]
    phone_more: list[NavItem]


def nav_item(name: str, request: HttpRequest, counts: Any = None) -> NavItem | None:
    """Return the link to a page of the menu, given by its URL name, or None if this instance has no such page."""
    try:
        url = reverse(name)
    except NoReverseMatch:
        return None
    number = counts[name] if counts is not None and name in COUNTED_ITEMS else 0
    icon = NAV_ICONS.get(name, "")
    return NavItem(
        name, NAV_ITEMS[name], url, _current(request.path, url), number, icon, NAV_SHORTCUT_KEYS[name]
    )


def _current(path: str, url: str) -> str:
    if path == url:
        return "page"
    return "true" if url != "/" and path.startswith(url) else ""


def nav_items(names: Iterable[str], request: HttpRequest) -> list[NavItem]:
    """Return the links to these pages of the menu, without pages that this instance does not have."""
    return [found for name in names if (found := nav_item(name, request))]


def nav_keys(request: HttpRequest) -> list[NavItem]:
    """Return the links to the pages that a keyboard shortcut opens: g and another key."""
    return nav_items(NAV_SHORTCUT_KEYS, request)


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


def nav_bar_names(by: Any) -> tuple[str, ...]:
    """Return the names of the pages in a reader's navigation bar, which depend on the reader's powers in cities."""
    powers = {power for power, ids in (getattr(by, "city_ids_by_power", None) or {}).items() if ids}
    if getattr(by, "is_coordinator", False):
        powers.add("watch")
    return next((names for power, names in NAV_ITEMS_BY_POWER if power in powers), DEFAULT_NAV_ITEMS)


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> Navigation:
    """Return the navigation links of the reader, for the bars of a desktop screen and of a phone."""
    request, counts = context["request"], context["shell"].counts
    places = {name: nav_item(name, request, counts) for name in NAV_ITEMS}
    names = nav_bar_names(getattr(request, "by", None))
    tabs = names[:PHONE_BAR_SIZE]

    def known(chosen: Iterable[str]) -> list[NavItem]:
        return [place for name in chosen if (place := places[name]) is not None]

    return Navigation(
        known(names),
        known(name for name in MORE_ITEMS if name not in names),
        known(tabs),
        known(name for name in MORE_ITEMS if name not in tabs),
    )


@register.simple_tag
def nav_links(places: Iterable[NavItem], icons: bool = False) -> SafeString:
    """Return the links as items of a list: `{% nav_links nav.bar %}`. `icons=True` draws the icon above the word.

    A page has some thirty of them. They are built in Python, because a template for each link took half of the time of the whole frame.
    """
    return mark_safe("\n".join(_link(place, icons) for place in places))  # noqa: S308  # every part is escaped


def _link(place: NavItem, icons: bool) -> str:
    current = f' aria-current="{escape(place.aria_current)}"' if place.aria_current else ""
    number, label = place.number, escape(str(place.label))
    count = f' <span class="count count-now">{escape(format_quantity(number))}</span>' if number else ""
    content = (
        f'<span class="tab-icon">{icon_svg(place.icon)}{count}</span>{label}' if icons else f"{label}{count}"
    )
    key = escape(place.shortcut_key)
    return f'<li><a href="{escape(place.url)}"{current} data-go="{key}">{content}</a></li>'


@register.filter
def has_current_item(found: Iterable[NavItem]) -> bool:
    """Return True if one of these links leads to the current page or to a page above it."""
    return any(place.aria_current for place in found)


@register.filter
def undo_link(message: Message) -> UndoLink | None:
    """Return the Undo that a message offers, or None."""
    return undo_from_tags(message.extra_tags or "")


@register.simple_tag(takes_context=True)
def account_places(context: Context) -> list[NavItem]:
    """Return the links of the account menu, as a template tag (`account_items`)."""
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
