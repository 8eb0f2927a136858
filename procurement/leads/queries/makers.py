"""Places of the makers that a city knows, by product family. Reads only."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from partners.cities.models import City
from partners.routing.contact_paths import RoutingPlace
from partners.routing.recommendations import PLACE_FIELDS, place_from_fields
from procurement.leads.models.leads import SupplierLead
from procurement.sanctions.models import WatchlistMatch
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.statuses import SupplierStatus
from procurement.suppliers.models.suppliers import Supplier
from workflow.query_expressions import in_subquery

# Rejected offers prove no maker, and drafts were never made.
MADE_STATUSES = (*SupplierLead.LIVE_STATUSES, SupplierLead.Status.WITHDRAWN, SupplierLead.Status.EXPIRED)
DISTRUSTED_STATUSES = (SupplierStatus.Status.SUSPENDED, SupplierStatus.Status.BANNED)
# The rows that a row may have been merged into, the last first, and the row itself. Of longer chains, the end is not read.
MERGED_ROWS = tuple("__merged_into" * times for times in (3, 2, 1, 0))


def makers_by_place(asking: City, families: Collection[str], on: date) -> dict[RoutingPlace, frozenset[str]]:
    """Return which of these product families have makers that a city knows, by the place of the maker and its province.

    A company is known as a maker of goods by an offer of them, live or past, that was made to this city or shared
    with it, or by a certificate for them that its issuer confirmed. Offers to other cities do not count. Companies
    that the city has suspended or banned on the date do not count either, nor those confirmed to be on a watchlist; such a
    seller proves no maker. Merged rows count as one company. One query.
    """
    found: defaultdict[RoutingPlace, set[str]] = defaultdict(set)
    for *where, family in _rows(asking, families, on):
        place = place_from_fields(*where)
        for around in (place, RoutingPlace(subdivision=place.subdivision, country=place.country)):
            if around.city_id is not None or around.subdivision:
                found[around].add(family)
    return {place: frozenset(made) for place, made in found.items()}


def _rows(asking: City, families: Collection[str], on: date) -> QuerySet[Any, Any]:
    """Return the place of each known maker by its `PLACE_FIELDS`, with a family of its goods."""
    shared = SupplierLead.shared_with.through.objects.filter(city=asking).values("supplierlead")
    offers = SupplierLead.objects.filter(
        Q(city=asking) | in_subquery(shared), status__in=MADE_STATUSES, product__family__in=families
    )
    proven = Certificate.objects.for_city(asking.pk).filter(
        status=Certificate.Status.CONFIRMED, products__family__in=families
    )
    sold = _trusted(offers.filter(maker__isnull=False), "supplier", asking, on)
    named = _places(sold, "maker", "product__family", asking, on)
    own = _places(_by_makers(offers.filter(maker=None)), "supplier", "product__family", asking, on)
    return named.union(own, _places(_by_makers(proven), "supplier", "products__family", asking, on))


def _by_makers(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the rows whose company, or one that it was merged into, is a maker."""
    is_maker = Q(*((f"supplier{step}__role", Supplier.Role.MAKER) for step in MERGED_ROWS), _connector=Q.OR)
    return rows.filter(is_maker)


def _places(rows: QuerySet[Any], company: str, family: str, asking: City, on: date) -> QuerySet[Any, Any]:
    """Return the place of the company of each row, without companies that the city distrusts, and the family.

    A row without a place has none of its fields, so that each field can be taken by itself from the last row with a value.
    """
    known = _trusted(rows, company, asking, on)
    fields: dict[str, Any] = {f"home_{name}": _current(f"place__{name}", company) for name in PLACE_FIELDS}
    fields["made_family"] = F(family)
    placed: QuerySet[Any, Any] = known.annotate(**fields).filter(home_id__isnull=False).values_list(*fields)
    return placed


def _trusted(rows: QuerySet[Any], company: str, asking: City, on: date) -> QuerySet[Any]:
    """Return the rows without those whose company the city has suspended or banned, or is confirmed on a watchlist."""
    statuses = SupplierStatus.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on), city=asking, status__in=DISTRUSTED_STATUSES, starts_on__lte=on
    )
    listed = WatchlistMatch.objects.filter(
        Q(city=asking) | Q(city=None), status=WatchlistMatch.Status.CONFIRMED
    )
    current_row = f"current_{company}"
    known: QuerySet[Any] = rows.order_by().alias(**{current_row: _current("pk", company)})
    distrusted: tuple[QuerySet[Any], ...] = (statuses, listed)
    for marks in distrusted:
        same = marks.alias(current_row=_current("pk", "supplier"))
        known = known.exclude(Exists(same.filter(current_row=OuterRef(current_row))))
    return known


def _current(column: str, company: str) -> Coalesce:
    """Return a column of the row that a company was merged into last, or of an earlier row if it has no value there."""
    return Coalesce(*(f"{company}{step}__{column}" for step in MERGED_ROWS))
