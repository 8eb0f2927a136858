"""How the register's facts are told on pages: days as exactly as they are known, and what holds between two places."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlsplit

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from partners.dates import Known, Precision, read
from partners.labels import country_label, subdivision_label
from partners.models.corrections import About, Registered
from partners.rules.facts import DAYS, choices, label
from workflow.doors import words

register = template.Library()


@register.filter
def known(day: Known) -> str:
    """`{{ tie.signed|known }}`: 2011, June 2015, 14 January 2019, by the end of April 2020; a dash where no source says."""
    if day.on is None:
        return "–"
    if day.precision == Precision.YEAR:
        return date_format(day.on, "Y年" if words.language() == "zh" else "Y")
    if day.precision == Precision.MONTH:
        return month(day.on)
    if day.precision == Precision.BY_END_OF_MONTH:
        return _("by the end of %(month)s") % {"month": month(day.on)}
    if day.precision == Precision.FROM_DATE:
        return _("on or after %(day)s") % {"day": words.day(day.on)}
    return words.day(day.on)


def month(on: date) -> str:
    """The month and year, as the reader's language writes them."""
    return date_format(on, "YEAR_MONTH_FORMAT")


@register.filter
def site(address: str) -> str:
    """`{{ tie.source_url|site }}`: the site's name, short enough for a table; empty for what is no web address."""
    parts = urlsplit(address)
    return parts.netloc.removeprefix("www.") if parts.scheme in ("http", "https") else ""


SHORT = 60  # characters of a value in a list


@register.simple_tag
def fact_name(about: About) -> str:
    """`{% fact_name correction %}`: what the fact is called."""
    return str(label(about.kind, about.fact))


@register.filter
def country(code: str) -> str:
    """`{{ "CN"|country }}`: the country or region of two letters by its name in the reader's language."""
    return country_label(code)


@register.simple_tag
def said(thing: About | Registered, text: str, fact: str = "", short: bool = False) -> str:
    """`{% said correction correction.value %}`: the value of a fact as a person reads it; a dash for none. Of a thing of the register
    the name of the fact goes with it. `short` keeps it to one line of a list.
    """
    kind, name = (thing.kind, thing.fact) if isinstance(thing, About) else (type(thing), fact)
    if not text:
        return "–"
    if name in DAYS:
        return _known(text)
    if options := dict(choices(kind, name)):
        return str(options.get(text, text))
    names = {"country": country_label, "subdivision": subdivision_label}
    if name in names:
        return names[name](text)
    if text.isdecimal():
        return words.quantity(int(text))
    return f"{text[:SHORT]}…" if short and len(text) > SHORT else text


def _known(text: str) -> str:
    try:
        return known(read(text))
    except ValueError:
        return text


_UNITS = {"piece": _later("pieces"), "pair": _later("pairs"), "set": _later("sets")}


@register.filter
def unit(word: str) -> str:
    """`{{ gift.unit|unit }}`: the unit in the reader's language where it is one of the usual ones, else as it was typed."""
    return str(_UNITS.get(word, word))


_ICONS = {
    "ppe_donation": "gift",
    "ppe_purchase": "shopping-cart",
    "delegation_visit": "users",
    "letter": "mail",
    "fundraising": "hand-coins",
    "cultural_event": "ticket",
    "joint_declaration": "handshake",
    "gift": "gift",
    "anniversary_event": "cake",
}


@register.filter
def icon_of(kind: str) -> str:
    """`{% icon one.kind|icon_of %}`: the icon of what passed; one for all that never came or was cancelled."""
    return _ICONS.get(kind, "circle-slash")


@register.filter
def page_of(pages: Mapping[str, str], reference: str) -> str:
    """`{{ shipments|page_of:one.shipment_reference }}`: the address of a shipment's page, empty where the reader may not see it."""
    return pages.get(reference, "")
