"""Prices held against each other on pages: the strip plot of an offer's peers, and small strips beside a need's offers.

Other cities' quotes count toward the middle and the usual range, and are shown to nobody; from too few, neither is drawn.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from statistics import quantiles

from procurement.leads import gathering
from procurement.leads.models import Finding, SupplierLead
from procurement.leads.screening import ENOUGH_CITIES, ENOUGH_QUOTES
from workflow.doors import charts

ODD = (
    *("price_high", "price_low", "price_above_band", "price_four_times"),
    *("price_under_floor", "price_under_old_floor"),
)
MOST = 12  # labels one plot can carry


def of_offer(lead: SupplierLead, on: date) -> charts.Prices | None:
    """The offers this city has for the product, on one axis, with the middle of all quotes of the month; None without a price."""
    if lead.price_here is None:
        return None
    own = SupplierLead.objects.filter(city=lead.city, product=lead.product, price_here__isnull=False)
    rows = (
        own.exclude(status=SupplierLead.Status.DRAFT)
        .select_related("supplier")
        .order_by("-created_at", "-pk")[:MOST]
    )
    shown = list(rows)
    return _among(shown, odd(shown), lead, on)


def of_need(leads: Sequence[SupplierLead], on: date) -> tuple[charts.Prices | None, SupplierLead | None]:
    """The prices for what most of a need's offers are of, and an offer whose page shows the same; two Nones without a price."""
    priced = [lead for lead in leads if lead.price_here is not None]
    if not priced:
        return None, None
    most, _count = Counter(lead.product_id for lead in priced).most_common(1)[0]
    asked = next(lead for lead in priced if lead.product_id == most)
    return of_offer(asked, on), asked


def beside(leads: Sequence[SupplierLead]) -> dict[int, tuple[charts.Scale, bool]]:
    """By an offer's key: the scale it shares with the other offers of its product, and whether screening found its price odd."""
    by_product: dict[int, list[charts.Quote]] = defaultdict(list)
    for lead in leads:
        if lead.price_here is not None:
            by_product[lead.product_id].append(charts.Quote("", lead.price_here))
    scales = {product: charts.Prices(quotes, currency="").scale for product, quotes in by_product.items()}
    out = odd(leads)
    return {
        lead.pk: (scales[lead.product_id], lead.pk in out) for lead in leads if lead.price_here is not None
    }


def odd(leads: Iterable[SupplierLead]) -> set[int]:
    """The keys of those whose price screening found odd, where nobody has explained it."""
    standing = Finding.objects.standing().filter(lead__in=[lead.pk for lead in leads], code__in=ODD)
    return set(standing.values_list("lead_id", flat=True))


def _among(
    shown: Sequence[SupplierLead], out: Collection[int], lead: SupplierLead, on: date
) -> charts.Prices:
    quotes = [
        charts.Quote(one.supplier.name, one.price_here, one.pk in out) for one in shown if one.price_here
    ]
    peers = gathering.peer_prices(lead, on)
    if len(peers) < ENOUGH_QUOTES or len({city for _price, city in peers}) < ENOUGH_CITIES:
        return charts.Prices(quotes, currency=lead.city.currency)
    low, middle, high = quantiles([price for price, _city in peers], n=4)
    return charts.Prices(quotes, currency=lead.city.currency, median=middle, low=low, high=high)
