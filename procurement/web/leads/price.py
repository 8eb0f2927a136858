"""The price check of an offer: what a piece comes to landed, against others, against what is known of the days, and over time."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.models.cities import City
from partners.visit import Visit
from procurement.catalogue.models.prices import PriceBand
from procurement.exchange.sheets import PRICES
from procurement.leads.gathering import landed
from procurement.leads.gathering.history import Past, history
from procurement.leads.gathering.landed import Money, Rates
from procurement.leads.gathering.origins import origin_of
from procurement.leads.gathering.prices import peer_prices, printed_prices
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules import incoterms
from procurement.leads.rules.landed import LandedCost
from procurement.leads.screening.sentences import sentence
from procurement.leads.screening.sentences.unsure import UNSURE
from procurement.leads.words import INCOTERMS
from procurement.web.leads import prices
from procurement.web.leads.landed import Row, table
from procurement.web.leads.prices import of_offer
from procurement.web.sheets import sheet, wanted
from workflow import clock
from workflow.doors import words
from workflow.doors.charts.history import History, Priced
from workflow.doors.http import show
from workflow.errors import Words
from workflow.tongues import Figure, one_after_another

WITH_NAMES = ("supplier__place", "maker", "product", "city", "line__supply_request")


@login_required
def lead_prices(request: Visit, reference: str) -> HttpResponseBase:
    """One offer's price, part by part and held against others; what others asked is told to the city it was offered to alone."""
    thing = get_object_or_404(
        SupplierLead.objects.visible_to(request.by).select_related(*WITH_NAMES), reference=reference
    )
    at = clock.now()
    own = thing.city_id in request.by.sees
    past = history(thing, at) if own else Past([], [])
    if wanted(request):
        return sheet(request, f"prices-{thing.reference}", PRICES, past.offers)
    currency = thing.city.currency if own else _readers(request, thing)
    rates = Rates(thing.city)
    ways = landed.both(thing, at, currency, rates)
    rows: list[Row] = table(ways)
    context: dict[str, Any] = {
        "lead": thing,
        "currency": currency,
        "ways": ways,
        "rows": rows,
        "terms": _term(thing),
        "summary": [_summed(way) for way in ways.values() if way.priced],
        "own": own,
    }
    if own:
        context |= _against(request, thing, at, rates) | _over_time(thing, past)
    return show(request, "leads/prices.html", context)


def _readers(request: Visit, thing: SupplierLead) -> str:
    """The currency of the reader's own city, the offer's city's where they have none."""
    city = City.objects.filter(pk__in=request.by.sees).exclude(currency="").order_by("pk").first()
    return city.currency if city else thing.city.currency


def _term(thing: SupplierLead) -> list[Words]:
    """What the offer's Incoterm asks of the city and of the seller; nothing of a gift that names none."""
    if thing.kind == SupplierLead.Kind.DONATION and not thing.incoterm:
        return []
    home = thing.city.country
    said = incoterms.notes(
        thing.incoterm,
        abroad=origin_of(thing).crosses(home),
        imports=thing.supplier.current.country == home,
        by_air=(thing.air_days is not None or thing.air_freight is not None)
        and thing.sea_days is None
        and thing.sea_freight is None,
    )
    return [INCOTERMS[code] for code in said]


def _summed(way: LandedCost) -> str:
    """What it comes to by one mode, in a sentence."""
    if not way.total and not way.whole:
        return {"air": _("By air: no part is known."), "sea": _("By sea: no part is known.")}[way.mode.value]
    figures = {"total": words.money(way.total, way.currency), "open": Figure(len(way.open))}
    told = {
        ("air", True): _("By air: %(total)s a piece, with everything."),
        ("sea", True): _("By sea: %(total)s a piece, with everything."),
        ("air", False): ngettext(
            "By air: at least %(total)s a piece; %(open)s part is not known.",
            "By air: at least %(total)s a piece; %(open)s parts are not known.",
            len(way.open),
        ),
        ("sea", False): ngettext(
            "By sea: at least %(total)s a piece; %(open)s part is not known.",
            "By sea: at least %(total)s a piece; %(open)s parts are not known.",
            len(way.open),
        ),
    }
    return told[way.mode.value, way.whole] % figures


def _against(request: Visit, thing: SupplierLead, at: datetime, rates: Rates) -> dict[str, Any]:
    """The strip plot with its sentence, what is known of the days, and what screening found."""
    on = thing.city.day_at(at)
    findings = Finding.objects.visible_to(request.by).filter(
        lead=thing, code__in=(*prices.ODD, "price_above_limit")
    )
    priced = thing.kind == SupplierLead.Kind.SALE and thing.price_here is not None
    peers = peer_prices(thing, on) if priced else None
    into = Money(thing.city.currency, on, rates)
    bands = [
        (band, into.of(band.low, band.currency), into.of(band.high, band.currency))
        for band in printed_prices(thing, on)
    ]
    bases = {band.basis for band, _low, _high in bands}
    return {
        "plot": of_offer(thing, on, peers) if peers else None,
        "spoken": prices.spoken(thing, peers) if peers else "",
        "bands": bands,
        "on": on,
        "no_market": not bases & {PriceBand.Basis.PAID, PriceBand.Basis.OFFERED},
        "no_floor": PriceBand.Basis.FLOOR not in bases,
        "findings": [
            (one, sentence(one.code, one.figures), UNSURE.get(one.unsure))
            for one in findings.exclude(status=Finding.Status.GONE).order_by("pk")
        ],
    }


def _over_time(thing: SupplierLead, past: Past) -> dict[str, Any]:
    if not past.offers:
        return {"history": None, "told": "", "past": past}
    out = prices.odd(past.offers)
    offers = [
        Priced(thing.city.day_at(one.created_at), one.price_here, one.pk in out)
        for one in past.offers
        if one.price_here is not None
    ]
    drawn = History(offers, [(one.month, one.price) for one in past.middles])
    return {"history": drawn, "told": _told(offers, past, thing.city.currency), "past": past, "odd": out}


def _told(offers: list[Priced], past: Past, currency: str) -> str:
    """The history in words: how many, between which prices, the first and the last; and the middles of the months."""
    first, last = offers[0], offers[-1]
    lowest, highest = min(one.price for one in offers), max(one.price for one in offers)
    figures: dict[str, Any] = {
        "count": Figure(len(offers)),
        "first": words.day(first.on),
        "last": words.day(last.on),
        "low": words.money(lowest, currency),
        "high": words.money(highest, currency),
        "latest": words.money(last.price, currency),
    }
    told = _("One offer in a year, on %(last)s: %(latest)s a piece.")
    if len(offers) > 1:
        told = _(
            "%(count)s offers in a year, from %(first)s to %(last)s: between %(low)s and %(high)s a piece, the latest %(latest)s."
        )
    if not past.middles:
        return one_after_another(told % figures, _("No month has quotes enough for a middle."))
    end = past.middles[-1]
    middle = _("The middle of all quotes, latest month (%(month)s): %(price)s.") % {
        "month": words.day(end.month, short=True)[:7],
        "price": words.money(Decimal(end.price), currency),
    }
    return one_after_another(told % figures, middle)


urlpatterns = [path("leads/<slug:reference>/prices/", lead_prices, name="lead_prices")]
