"""Certificate types that a contact is offered for the goods of a supplier in their country. Reads only."""

from collections.abc import Iterable, Sequence

from django.db.models import Case, QuerySet, When

from procurement.catalogue.models.certificates import CertificateType, CertificateTypeStatus
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.reference_rows import Market, market_of_country

# Documents about goods and companies. Lists, shipping documents and inspections belong to a step after the offer.
HOLDABLE_CATEGORIES = (
    CertificateType.Category.APPROVAL,
    CertificateType.Category.AUTHORISATION,
    CertificateType.Category.CERTIFICATE,
    CertificateType.Category.CLEARANCE,
    CertificateType.Category.DECLARATION,
    CertificateType.Category.LICENCE,
    CertificateType.Category.REGISTRATION,
    CertificateType.Category.TEST,
)
# Markets whose approvals makers of any country hold, the most usual first.
FOREIGN_MARKETS = (Market.EU, Market.US, Market.CA)


def certificate_types_for(country: str, products: Sequence[Product]) -> QuerySet[CertificateType]:
    """Return the certificate types that a supplier in a country can hold for these products, likeliest first."""
    found = likely_types(
        CertificateType.objects.filter(category__in=HOLDABLE_CATEGORIES),
        CertificateTypeStatus.objects.all(),
        country,
        products,
    )
    rows = CertificateType.objects.filter(pk__in=[one.pk for one in found])
    places = [When(pk=one.pk, then=place) for place, one in enumerate(found)]
    return rows.order_by(Case(*places)) if places else rows


def likely_types(
    kinds: Iterable[CertificateType],
    statuses: Iterable[CertificateTypeStatus],
    country: str,
    products: Sequence[Product],
) -> list[CertificateType]:
    """Return the types that a supplier in a country can hold for these products, likeliest first.

    First those of the country itself, then those without a jurisdiction, then those of other markets; within
    each, those that the catalogue assesses for these products. Leaves out what belongs to companies elsewhere, such
    as an importer's licence, and approvals of markets that hardly any maker abroad holds.
    """
    home = market_of_country(country)
    about = {row.kind_id for row in statuses if _is_about(row, products)}
    ranked = [
        (_rank(kind, home, judged=kind.pk in about), kind)
        for kind in kinds
        if kind.category in HOLDABLE_CATEGORIES
    ]
    held = [(rank, kind) for rank, kind in ranked if rank is not None]
    held.sort(key=lambda one: (one[0], one[1].pk not in about, one[1].code))
    return [kind for _rank_of, kind in held]


def _is_about(row: CertificateTypeStatus, products: Sequence[Product]) -> bool:
    """Return True if the catalogue assesses the type for one of these products."""
    return any(
        (not row.products or one.code in row.products) and row.family in ("", one.family) for one in products
    )


def _rank(kind: CertificateType, home: str, *, judged: bool) -> int | None:
    """Return how near a type is to suppliers of a market, 0 first, or None if they cannot hold it."""
    markets = kind.jurisdiction.split("/") if kind.jurisdiction else []
    if home in markets:
        return (
            0 if kind.category != CertificateType.Category.DECLARATION else None
        )  # made for a customs declaration
    if not markets:
        return 1
    if kind.number_names == CertificateType.NumberSubject.COMPANY and not judged:
        return None
    return next((place for place, market in enumerate(FOREIGN_MARKETS, 2) if market in markets), None)
