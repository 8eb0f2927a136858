"""Links of the navigation and of the account menu, by URL name."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from workflow.errors import Words

NAV_ITEMS: dict[str, Words] = {
    "today": _("Today"),
    "needs": _("Needs"),
    "leads": _("Leads"),
    "checks": _("Checks"),
    "orders": _("Orders"),
    "shipments": _("Shipments"),
    "cities": _("Twin cities"),
    "suppliers": _("Suppliers"),
    "network": _("Network"),
    "outbox": _("Messages sent"),
}
MORE_ITEMS = ("leads", "checks", "orders", "suppliers", "network", "outbox")
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


def nav_item(name: str, request: HttpRequest, counts: Any = None, icon: str = "") -> NavItem | None:
    """Return the link to a place, or None if this instance does not have it."""
    try:
        url = reverse(name)
    except NoReverseMatch:
        return None
    number = counts[name] if counts is not None and name in COUNTED_ITEMS else 0
    return NavItem(name, NAV_ITEMS[name], url, _current(request.path, url), number, icon)


def _current(path: str, url: str) -> str:
    if path == url:
        return "page"
    return "true" if url != "/" and path.startswith(url) else ""


def nav_items(names: Iterable[str], request: HttpRequest) -> list[NavItem]:
    """Return the links to those of the named places that exist here."""
    return [found for name in names if (found := nav_item(name, request))]


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
