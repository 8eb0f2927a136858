"""Prices held against each other on pages: the strip plot of an offer's peers, and small strips beside a need's offers.

Other cities' quotes count toward the middle and the usual range, and are shown to nobody; from too few, neither is drawn.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from statistics import quantiles

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from procurement.leads.gathering.prices import Peers, peer_prices, up_to
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.screening.prices import stands_out
from procurement.leads.screening.sentences import POINTS
from workflow.doors.charts.prices import Prices, Quote, Scale
from workflow.doors.words import money
from workflow.tongues import Figure, one_after_another

ODD = (
    *("price_high", "price_low", "price_above_band", "price_four_times"),
    *("price_under_floor", "price_under_old_floor", "price_times_list"),
)
MOST = 12  # labels one plot can carry


def of_offer(lead: SupplierLead, on: date, peers: Peers | None = None) -> Prices | None:
    """The offers this city has for the product, on one axis, with the middle of all quotes of the month; None without a price.

    `peers` are `gathering.peer_prices` of the day, for who has read them.
    """
    if lead.price_here is None:
        return None
    return _among(held_against(lead), lead, peers or peer_prices(lead, on))


def held_against(lead: SupplierLead) -> list[SupplierLead]:
    """The latest offers this city has for the product, its own among them."""
    own = SupplierLead.objects.filter(
        city=lead.city, product=lead.product, kind=lead.kind, price_here__isnull=False
    )
    return list(
        own.exclude(status=SupplierLead.Status.DRAFT)
        .select_related("supplier")
        .order_by("-created_at", "-pk")[:MOST]
    )


def of_need(leads: Sequence[SupplierLead], on: date) -> tuple[Prices | None, SupplierLead | None]:
    """The prices for what most of a need's offers are of, and an offer whose page shows the same; two Nones without a price."""
    priced = [lead for lead in leads if lead.price_here is not None]
    if not priced:
        return None, None
    most, _count = Counter(lead.product_id for lead in priced).most_common(1)[0]
    asked = next(lead for lead in priced if lead.product_id == most)
    return of_offer(asked, on), asked


def beside(leads: Sequence[SupplierLead]) -> dict[int, tuple[Scale, bool]]:
    """By an offer's key: the scale it shares with the other offers of its product, and whether screening found its price odd."""
    by_product: dict[int, list[Quote]] = defaultdict(list)
    for lead in leads:
        if lead.price_here is not None:
            by_product[lead.product_id].append(Quote("", lead.price_here))
    scales = {product: Prices(quotes, currency="").scale for product, quotes in by_product.items()}
    out = odd(leads)
    return {
        lead.pk: (scales[lead.product_id], lead.pk in out) for lead in leads if lead.price_here is not None
    }


def odd(leads: Iterable[SupplierLead]) -> set[int]:
    """The keys of those whose price screening found odd, where nobody has explained it."""
    standing = Finding.objects.standing().filter(lead__in=[lead.pk for lead in leads], code__in=ODD)
    return set(standing.values_list("lead_id", flat=True))


def spoken(lead: SupplierLead, peers: Peers) -> str:
    """What the strip plot shows, in a sentence: where the price lies among how many quotes, or why that cannot be told."""
    if not peers.enough:
        words = _(
            "Too few to judge: %(quotes)s from %(cities)s. It takes five quotes, from two cities at least."
        )
        return words % {"quotes": _quotes(len(peers.quotes)), "cities": _cities(peers.cities)}
    low, middle, high = quantiles(peers.prices, n=4)
    currency = lead.city.currency
    figures = {
        "price": money(peers.value, currency),
        "quotes": _quotes(len(peers.quotes)),
        "cities": _cities(peers.cities),
        "median": money(middle, currency),
        "low": money(low, currency),
        "high": money(high, currency),
    }
    told = _(
        "%(price)s a piece, against %(quotes)s of the last month from %(cities)s: half of them lie between %(low)s and %(high)s, "
        "the middle is %(median)s."
    )
    verdict = _("It does not stand out.")
    if stands_out(peers.value, peers.prices):
        verdict = _("That is far above them.") if peers.value > middle else _("That is far below them.")
    return one_after_another(told % figures, verdict, POINTS.get(peers.point, ""))


def _quotes(count: int) -> str:
    return ngettext("%(count)s quote", "%(count)s quotes", count) % {"count": Figure(count)}


def _cities(count: int) -> str:
    return ngettext("%(count)s city", "%(count)s cities", count) % {"count": Figure(count)}


def _among(shown: Sequence[SupplierLead], lead: SupplierLead, peers: Peers) -> Prices:
    """The offers whose price goes to the same point as this one's: those of another point would stand on an axis that is not theirs."""
    out = odd(shown)
    quotes = [
        Quote(one.supplier.name, price, one.pk in out)
        for one in shown
        if (price := up_to(one, peers.point)) is not None
    ]
    if not peers.enough:
        return Prices(quotes, currency=lead.city.currency)
    low, middle, high = quantiles(peers.prices, n=4)
    return Prices(quotes, currency=lead.city.currency, median=middle, low=low, high=high)
