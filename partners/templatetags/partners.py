"""Template tags and filters for facts of the register, such as dates with their precision."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later

from partners.corrections.correctable_facts import DATE_LABELS, fact_choices, fact_label
from partners.corrections.models import Registered, RegisterFact
from partners.partial_dates import PartialDate, Precision, read_partial_date
from partners.place_labels import country_label, subdivision_label
from partners.saved_views.models import SavedView
from partners.saved_views.query_strings import saved_query
from workflow.formatting import format_day, format_quantity, reader_language

register = template.Library()


@register.filter
def partial_date_text(day: PartialDate) -> str:
    """`{{ tie.signed|known }}`: 2011, June 2015, 14 January 2019, by the end of April 2020; or a dash."""
    if day.first_day is None:
        return "–"
    if day.precision == Precision.YEAR:
        return date_format(day.first_day, "Y年" if reader_language() == "zh" else "Y")
    if day.precision == Precision.MONTH:
        return month_and_year(day.first_day)
    if day.precision == Precision.BY_END_OF_MONTH:
        return _("by the end of %(month)s") % {"month": month_and_year(day.first_day)}
    if day.precision == Precision.FROM_DATE:
        return _("on or after %(day)s") % {"day": format_day(day.first_day)}
    return format_day(day.first_day)


def month_and_year(on: date) -> str:
    """Return month and year in the language of the reader."""
    return date_format(on, "YEAR_MONTH_FORMAT")


@register.filter
def host_name(address: str) -> str:
    """`{{ tie.source_url|site }}`: the host name of a web address; empty for any other text."""
    parts = urlsplit(address)
    return parts.netloc.removeprefix("www.") if parts.scheme in ("http", "https") else ""


MAX_LIST_VALUE_LENGTH = 60  # maximum characters of a value in a list


@register.inclusion_tag("saved_views/chips.html", takes_context=True)
def saved_views(context: Context, listed: str) -> dict[str, Any]:
    """Show the reader's saved views of a list, and the link that saves its filter: `{% saved_views "leads" %}`."""
    request = context["request"]
    query, address = saved_query(request.GET), reverse(listed)
    visible_views = []
    if context["shell"].counts["views"]:  # most readers have none, so this query is saved
        in_list = SavedView.objects.for_reader(request.by).filter(listed=listed)
        visible_views = list(in_list.select_related("city").order_by("name", "pk"))
    views = [(view, f"{address}?{view.query}".rstrip("?"), view.query == query) for view in visible_views]
    own = [view for view, _url, current in views if current and view.user_id == request.by.user_id]
    return {
        "views": views,
        "query": query,
        "current": any(current for _view, _url, current in views),
        "mine": own[0] if own else None,
        "listed": listed,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def fact_name(about: RegisterFact) -> str:
    """`{% fact_name correction %}`: the label of the fact."""
    return str(fact_label(about.entry_model, about.fact))


@register.filter
def country_name(code: str) -> str:
    """`{{ "CN"|country }}`: the name of a country or region in the language of the reader."""
    return country_label(code)


@register.simple_tag
def fact_value(thing: RegisterFact | Registered, text: str, fact: str = "", short: bool = False) -> str:
    """Return the value of a fact as a person reads it, or a dash.

    `{% fact_value correction correction.value %}`. For a register entry, pass the name of the fact as well. `short`
    cuts the value to one line of a list.
    """
    kind, name = (thing.entry_model, thing.fact) if isinstance(thing, RegisterFact) else (type(thing), fact)
    if not text:
        return "–"
    if name in DATE_LABELS:
        return _known(text)
    if options := dict(fact_choices(kind, name)):
        return str(options.get(text, text))
    names = {"country": country_label, "subdivision": subdivision_label}
    if name in names:
        return names[name](text)
    if text.isdecimal():
        return format_quantity(int(text))
    return f"{text[:MAX_LIST_VALUE_LENGTH]}…" if short and len(text) > MAX_LIST_VALUE_LENGTH else text


def _known(text: str) -> str:
    try:
        return partial_date_text(read_partial_date(text))
    except ValueError:
        return text


_UNITS = {"piece": _later("pieces"), "pair": _later("pairs"), "set": _later("sets")}


@register.filter
def localized_unit(word: str) -> str:
    """`{{ gift.unit|unit }}`: the unit in the language of the reader if it is a common one, else as typed."""
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
def exchange_icon(kind: str) -> str:
    """`{% icon one.kind|icon_of %}`: the icon of an exchange; exchanges that were cancelled share one icon."""
    return _ICONS.get(kind, "circle-slash")


@register.filter
def shipment_url(pages: Mapping[str, str], reference: str) -> str:
    """`{{ shipments|shipment_url:one.shipment_reference }}`: the address of a shipment's page.

    Empty if the reader may not see the shipment.
    """
    return pages.get(reference, "")
