"""Where the frame's links lead: the places of the navigation and of the account menu, by URL name."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from workflow.errors import Words

PLACES: dict[str, Words] = {
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
MORE = ("leads", "checks", "orders", "suppliers", "network", "outbox")
ACCOUNT: dict[str, tuple[str, Words]] = {
    "account": ("settings", _("Settings")),
    "mfa_index": ("key-round", _("Two-step sign-in")),
    "usersessions_list": ("monitor-smartphone", _("Open sessions")),
}
COUNTED = frozenset({"today"})  # places with a figure beside them, from `http.count`


class Place(NamedTuple):
    """One link of the frame. `current` is "page", "true" (a page below it) or empty."""

    name: str
    label: Words
    url: str
    current: str
    number: int = 0
    icon: str = ""


def place(name: str, request: HttpRequest, counts: Any = None, icon: str = "") -> Place | None:
    """The link to a place, or None where this instance does not have it."""
    try:
        url = reverse(name)
    except NoReverseMatch:
        return None
    number = counts[name] if counts is not None and name in COUNTED else 0
    return Place(name, PLACES[name], url, _current(request.path, url), number, icon)


def _current(path: str, url: str) -> str:
    if path == url:
        return "page"
    return "true" if url != "/" and path.startswith(url) else ""


def places(names: Iterable[str], request: HttpRequest) -> list[Place]:
    """The links to those places that exist here."""
    return [found for name in names if (found := place(name, request))]


def account_items(request: HttpRequest) -> list[Place]:
    """The links of the account menu."""
    found = []
    for name, (icon, label) in ACCOUNT.items():
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        found.append(Place(name, label, url, _current(request.path, url), icon=icon))
    return found
