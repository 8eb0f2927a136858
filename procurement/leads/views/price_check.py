"""Price check of an offer: landed cost, comparison with quotes and published prices, and history."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.authenticated_requests import AuthenticatedRequest
from partners.cities.models import City
from procurement.catalogue.models.prices import PriceBand
from procurement.exports.csv_download import csv_response, is_csv_requested
from procurement.exports.list_columns import OFFER_PRICE_COLUMNS
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.landed_cost import LazyRates, landed_costs_by_mode
from procurement.leads.queries.origins import origin_of_lead
from procurement.leads.queries.prices import PriceHistory, comparable_quotes, price_history_of
from procurement.leads.rules.incoterms import incoterm_notes
from procurement.leads.rules.landed_cost import CostPart, LandedCost, TransportMode
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.leads.screening.labels import (
    BASIS_LABELS,
    COST_LABELS,
    COST_NOTES,
    DOWNGRADE_REASONS,
    INCOTERM_NOTES,
)
from procurement.leads.screening.prices import PRICE_ABOVE_LIMIT, UNUSUAL_PRICE_CODES
from procurement.leads.views.price_charts import (
    chart_description,
    ids_with_unusual_price,
    lead_price_chart,
    published_bands,
    published_range,
)
from workflow import clock
from workflow.charts import price_history
from workflow.charts.price_history import PricePoint
from workflow.errors import LazyText
from workflow.formatting import format_day, format_money
from workflow.http.pages import render_page
from workflow.i18n import LocalizedCount, join_sentences

DETAIL_RELATIONS = ("supplier__place", "maker", "product", "city", "line__supply_request")


@login_required
def lead_prices(request: AuthenticatedRequest, reference: str) -> HttpResponseBase:
    """Show the landed cost of one offer by part, its price comparison and its history.

    `?as=csv` returns the history. Only readers who see the offer's city get the comparison and the
    history, which contain other prices.
    """
    thing = get_object_or_404(
        SupplierLead.objects.visible_to(request.by).select_related(*DETAIL_RELATIONS), reference=reference
    )
    at = clock.now()
    own = thing.city_id in request.by.visible_cities
    past = price_history_of(thing, at) if own else PriceHistory([], [])
    if is_csv_requested(request):
        return csv_response(request, f"prices-{thing.reference}", OFFER_PRICE_COLUMNS, past.offers)
    currency = thing.city.currency if own else _reader_currency(request, thing)
    rates = LazyRates(thing.city)
    costs_by_mode = landed_costs_by_mode(thing, at, currency, rates)
    rows: list[CostRow] = cost_table(costs_by_mode)
    context: dict[str, Any] = {
        "lead": thing,
        "currency": currency,
        "costs_by_mode": costs_by_mode,
        "rows": rows,
        "terms": _incoterm_notes(thing),
        "summary": [_cost_sentence(cost) for cost in costs_by_mode.values() if cost.is_priced],
        "own": own,
    }
    if own:
        context |= _comparison_context(request, thing, at, rates) | _history_context(thing, past)
    return render_page(request, "leads/prices.html", context)


def _reader_currency(request: AuthenticatedRequest, thing: SupplierLead) -> str:
    """Return the currency of the reader's own city, or of the offer's city if they have none."""
    city = City.objects.filter(pk__in=request.by.visible_cities).exclude(currency="").order_by("pk").first()
    return city.currency if city else thing.city.currency


def _incoterm_notes(thing: SupplierLead) -> list[LazyText]:
    """Return the duties of the city and the seller under the offer's Incoterm.

    Empty for a donation without an Incoterm.
    """
    if thing.kind == SupplierLead.Kind.DONATION and not thing.incoterm:
        return []
    home = thing.city.country
    said = incoterm_notes(
        thing.incoterm,
        abroad=origin_of_lead(thing).crosses_border(home),
        imports=thing.supplier.current_row.country == home,
        by_air=(thing.air_days is not None or thing.air_freight is not None)
        and thing.sea_days is None
        and thing.sea_freight is None,
    )
    return [INCOTERM_NOTES[code] for code in said]


def _cost_sentence(cost: LandedCost) -> str:
    """Return the landed cost by one mode as a sentence."""
    if not cost.total and not cost.complete:
        return {"air": _("By air: no costs are known."), "sea": _("By sea: no costs are known.")}[
            cost.mode.value
        ]
    figures = {
        "total": format_money(cost.total, cost.currency),
        "open": LocalizedCount(len(cost.uncertain_parts)),
    }
    sentences = {
        ("air", True): _("By air: %(total)s per unit, all costs included."),
        ("sea", True): _("By sea: %(total)s per unit, all costs included."),
        ("air", False): ngettext(
            "By air: at least %(total)s per unit; %(open)s cost is unknown.",
            "By air: at least %(total)s per unit; %(open)s costs are unknown.",
            len(cost.uncertain_parts),
        ),
        ("sea", False): ngettext(
            "By sea: at least %(total)s per unit; %(open)s cost is unknown.",
            "By sea: at least %(total)s per unit; %(open)s costs are unknown.",
            len(cost.uncertain_parts),
        ),
    }
    return sentences[cost.mode.value, cost.complete] % figures


def _comparison_context(
    request: AuthenticatedRequest, thing: SupplierLead, at: datetime, rates: LazyRates
) -> dict[str, Any]:
    """Return the template context of the comparison: the plot, published prices, and findings."""
    on = thing.city.day_at(at)
    findings = Finding.objects.visible_to(request.by).filter(
        lead=thing, code__in=UNUSUAL_PRICE_CODES | {PRICE_ABOVE_LIMIT.code}
    )
    priced = thing.kind == SupplierLead.Kind.SALE and thing.price_in_city_currency is not None
    peers = comparable_quotes(thing, on) if priced else None
    bands = published_bands(thing, on, rates)
    published = published_range(bands)
    bases = {band.basis for band, _low, _high in bands}
    return {
        "plot": lead_price_chart(thing, on, peers, published) if peers else None,
        "spoken": chart_description(thing, peers, published) if peers else "",
        "bands": bands,
        "on": on,
        "no_market": not bases & {PriceBand.Basis.PRICE_PAID, PriceBand.Basis.QUOTED_PRICE},
        "no_floor": PriceBand.Basis.COST_FLOOR not in bases,
        "findings": [
            (one, finding_sentence(one.code, one.figures), DOWNGRADE_REASONS.get(one.unsure))
            for one in findings.exclude(status=Finding.Status.RESOLVED).order_by("pk")
        ],
    }


def _history_context(thing: SupplierLead, past: PriceHistory) -> dict[str, Any]:
    if not past.offers:
        return {"history": None, "history_text": "", "past": past}
    out = ids_with_unusual_price(past.offers)
    offers = [
        PricePoint(thing.city.day_at(one.created_at), one.price_in_city_currency, one.pk in out)
        for one in past.offers
        if one.price_in_city_currency is not None
    ]
    drawn = price_history.PriceHistory(offers, [(one.month, one.price) for one in past.medians])
    return {
        "history": drawn,
        "history_text": _history_text(offers, past, thing.city.currency),
        "past": past,
        "odd": out,
    }


def _history_text(offers: list[PricePoint], past: PriceHistory, currency: str) -> str:
    """Return the price history as text: number of offers, range, first and last, latest monthly median."""
    first, last = offers[0], offers[-1]
    lowest, highest = min(one.price for one in offers), max(one.price for one in offers)
    figures: dict[str, Any] = {
        "count": LocalizedCount(len(offers)),
        "first": format_day(first.day),
        "last": format_day(last.day),
        "low": format_money(lowest, currency),
        "high": format_money(highest, currency),
        "latest": format_money(last.price, currency),
    }
    sentence = _("One offer in the past year, on %(last)s: %(latest)s per unit.")
    if len(offers) > 1:
        sentence = _(
            "%(count)s offers in the past year, from %(first)s to %(last)s: between %(low)s and %(high)s per unit, "
            "most recently %(latest)s."
        )
    if not past.medians:
        return join_sentences(sentence % figures, _("Not enough quotes in any month for a median."))
    end = past.medians[-1]
    middle = _("Median of all quotes in the latest month (%(month)s): %(price)s.") % {
        "month": date_format(end.month, "YEAR_MONTH_FORMAT"),
        "price": format_money(Decimal(end.price), currency),
    }
    return join_sentences(sentence % figures, middle)


class CostCell(NamedTuple):
    """Part of the landed cost by one mode."""

    part: CostPart
    basis: LazyText
    note: LazyText


class CostRow(NamedTuple):
    """Part of the landed cost by every mode."""

    name: LazyText
    cells: list[CostCell]


def cost_table(costs_by_mode: Mapping[TransportMode, LandedCost]) -> list[CostRow]:
    """Return the parts as rows, with the modes as columns."""
    lists = [cost.parts for cost in costs_by_mode.values()]
    return [
        CostRow(
            COST_LABELS[parts[0].name],
            [CostCell(part, BASIS_LABELS[part.basis], COST_NOTES.get(part.note_code, "")) for part in parts],
        )
        for parts in zip(*lists, strict=True)
    ]
