"""Acceptability of a certificate type for goods in a market on a day. Pure functions on loaded rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from procurement.catalogue.lazy_texts import lazy_translated_text
from procurement.catalogue.models.certificates import CertificateType, CertificateTypeStatus
from procurement.catalogue.models.products import Product, ProductClassification
from procurement.catalogue.models.reference_rows import DeclaredUse, Validity
from procurement.catalogue.rules.sources import SourceConfidence
from workflow.errors import LazyText

# Required for medical devices only, not for goods declared for another use. Source: "applies to" of these types.
DEVICE_CERTIFICATE_TYPES = frozenset({"CN_NMPA_REG", "EU_MD_DOC", "US_510K", "CA_MDL", "CA_IO"})

DEVICE_CLASS_RANKS = {"I": 1, "II": 2, "III": 3}  # device classes in China, lowest first


@dataclass(frozen=True)
class CertificateAcceptability:
    """Acceptability of a certificate type for goods in a market: required, accepted or worthless, and why."""

    kind: CertificateType
    status: CertificateTypeStatus.Status
    reason: LazyText
    source_confidence: SourceConfidence


def certificate_acceptability(
    kind: CertificateType,
    product: Product,
    *,
    market: str,
    on: date,
    statuses: Iterable[CertificateTypeStatus],
) -> CertificateAcceptability | None:
    """Return the acceptability of a certificate type for a product in a market on a day; None if unknown.

    If several rows apply, the worst value counts.
    """
    worths = [
        CertificateAcceptability(
            kind,
            CertificateTypeStatus.Status(row.status),
            lazy_translated_text(row, "reason"),
            SourceConfidence.from_row(row, on),
        )
        for row in statuses
        if row.kind_id == kind.pk and status_applies(row, product, market, on)
    ]
    order = list(CertificateTypeStatus.Status)
    return max(
        worths,
        key=lambda worth: (order.index(worth.status), worth.source_confidence.is_reliable),
        default=None,
    )


def unacceptable_reason(
    kind: CertificateType,
    product: Product,
    *,
    market: str,
    on: date,
    statuses: Iterable[CertificateTypeStatus],
) -> CertificateAcceptability | None:
    """Return the reason why a certificate type proves nothing for a product, or None.

    None means that it is not known to be worthless in this market on this day.
    """
    worth = certificate_acceptability(kind, product, market=market, on=on, statuses=statuses)
    return worth if worth and worth.status is CertificateTypeStatus.Status.WORTHLESS else None


def required_certificate_types(
    product: Product, *, market: str, on: date, statuses: Iterable[CertificateTypeStatus]
) -> list[CertificateAcceptability]:
    """Return the certificate types that a product needs in a market on a day.

    `statuses` must be loaded with their types.
    """
    needed = CertificateTypeStatus.Status.REQUIRED
    return [
        CertificateAcceptability(
            row.kind, needed, lazy_translated_text(row, "reason"), SourceConfidence.from_row(row, on)
        )
        for row in statuses
        if row.status == needed and status_applies(row, product, market, on)
    ]


def higher_class_source(stated_class: str, row: ProductClassification | None) -> SourceConfidence | None:
    """Return the source of the goods' device class if that is above the class on their certificate.

    None if the goods need no higher class or either class is unknown.
    """
    needed = row.device_class if row else ""
    if (
        row is None
        or stated_class not in DEVICE_CLASS_RANKS
        or needed not in DEVICE_CLASS_RANKS
        or DEVICE_CLASS_RANKS[stated_class] >= DEVICE_CLASS_RANKS[needed]
    ):
        return None
    return SourceConfidence.from_row(row, None, "device_class")


def is_required_for_use(kind: CertificateType, use: str) -> bool:
    """Return True if goods for this use can need a certificate of this type."""
    return not (kind.code in DEVICE_CERTIFICATE_TYPES and use == DeclaredUse.NON_MEDICAL)


def accepted_substitutes(
    product: Product, *, market: str, on: date, statuses: Iterable[CertificateTypeStatus]
) -> frozenset[str]:
    """Return the codes of certificate types that are accepted in place of a required one.

    Only rows that name this product and this market count. A row for every market describes what a certificate
    shows; it does not let it replace another.
    """
    return frozenset(
        row.kind.code
        for row in statuses
        if row.status == CertificateTypeStatus.Status.ACCEPTED
        and row.market == market
        and row.products
        and status_applies(row, product, market, on)
    )


def status_applies(row: CertificateTypeStatus, product: Product, market: str, on: date) -> bool:
    """Return True if a row applies to this product in this market on this day."""
    return (
        row.market in {"", market}
        and row.family in {"", product.family}
        and (not row.products or product.code in row.products)
        and row.validity_on(on) is not Validity.NO
    )
