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
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.statuses import SupplierStatus
from procurement.suppliers.models.suppliers import Supplier
from workflow.query_expressions import in_subquery

# Rejected offers prove no maker, and drafts were never made.
MADE_STATUSES = (*SupplierLead.LIVE_STATUSES, SupplierLead.Status.WITHDRAWN, SupplierLead.Status.EXPIRED)
DISTRUSTED_STATUSES = (SupplierStatus.Status.SUSPENDED, SupplierStatus.Status.BANNED)


def makers_by_place(asking: City, families: Collection[str], on: date) -> dict[RoutingPlace, frozenset[str]]:
    """Return which of these product families have makers that a city knows, by the place of the maker and its province.

    A company is known as a maker of goods by an offer of them, live or past, that was made to this city or shared
    with it, or by a certificate for them that its issuer confirmed. Offers to other cities do not count. Companies
    that the city has suspended or banned on the date do not count either. One query.
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
    named = _places(offers.filter(maker__isnull=False), "maker", "product__family", asking, on)
    own = _places(_by_makers(offers.filter(maker=None)), "supplier", "product__family", asking, on)
    return named.union(own, _places(_by_makers(proven), "supplier", "products__family", asking, on))


def _by_makers(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the rows whose company, or the company that it was merged into, is a maker."""
    role = Supplier.Role.MAKER
    return rows.filter(Q(supplier__role=role) | Q(supplier__merged_into__role=role))


def _places(rows: QuerySet[Any], company: str, family: str, asking: City, on: date) -> QuerySet[Any, Any]:
    """Return the place of the company of each row, without companies that the city distrusts, and the family."""
    merged = f"{company}__merged_into"
    distrusted = SupplierStatus.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on), city=asking, status__in=DISTRUSTED_STATUSES, starts_on__lte=on
    ).filter(Q(supplier=OuterRef(company)) | Q(supplier=OuterRef(merged)))
    fields: dict[str, Any] = {
        f"home_{name}": Coalesce(f"{merged}__place__{name}", f"{company}__place__{name}")
        for name in PLACE_FIELDS
    }
    fields["made_family"] = F(family)
    known = rows.order_by().filter(~Exists(distrusted)).annotate(**fields)
    placed: QuerySet[Any, Any] = known.filter(home_id__isnull=False).values_list(*fields)
    return placed
