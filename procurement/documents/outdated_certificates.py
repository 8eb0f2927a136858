"""Findings from documents: outdated certificates on which a customs document relies. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from procurement.documents.models.customs_documents import CustomsDocument
from procurement.leads.models.findings import Finding
from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.certificate_issuers import ISSUER_ANSWER_VALIDITY_NUMBER
from procurement.leads.screening.offer_data import WARN, FindingData
from procurement.leads.screening.rule_types import ScreeningRule
from procurement.shipments.models import Shipment, ShipmentLine
from procurement.shipments.screening import ShipmentScreening
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.issuer_checks import IssuerCheck
from procurement.suppliers.rules.certificates import CONFIRMATION_FRESH_FOR
from workflow.days import utc_day

DOUBTED, ENDED, LONG_AGO = "doubted", "ended", "long_ago"
CONFIRMED_STATUS = Certificate.Status.CONFIRMED

CERTIFICATE_OUTDATED = ScreeningRule(
    code="paper_old",
    severities=(WARN,),
    description=_("Validity of the certificates supporting the documents of goods not yet shipped"),
    message=_(
        "%(what)s of %(shipment)s relies on %(certificate)s, %(old_for)s. Look up the certificate "
        "again before you submit the document."
    ),
    rationale=rationales.OWN_FIGURE,
    remedy=remedies.ASK_ISSUER,
    numbers=(ISSUER_ANSWER_VALIDITY_NUMBER,),
    sources=(sources.RECORDED_ANSWER,),
)


def _document_findings(shipment: Shipment, at: datetime) -> Iterator[FindingData]:
    for old in outdated_documents(shipment, utc_day(at)):
        kind = old.certificate.kind
        yield CERTIFICATE_OUTDATED.finding(
            subject=old.document.reference,
            shipment=shipment.reference,
            what={"en": kind.name_en, "fr": kind.name_fr, "zh": kind.name_zh},
            certificate=old.certificate.reference,
            old_for=old.reason,
        )


DOCUMENT_SCREENING = ShipmentScreening((CERTIFICATE_OUTDATED,), _document_findings)


@dataclass(frozen=True)
class OutdatedDocument:
    """Document that waits to be filed, its certificate, and why the certificate must be checked again."""

    document: CustomsDocument
    certificate: Certificate
    reason: str


def outdated_documents(shipment: Shipment, on: date) -> Iterator[OutdatedDocument]:
    """Yield the documents of a shipment that wait to be filed and whose certificate is outdated on a day."""
    if shipment.departed_at is not None or shipment.is_return:
        return
    ready = shipment.documents.filter(status=CustomsDocument.Status.READY).exclude(remark="").order_by("pk")
    documents: dict[str, list[CustomsDocument]] = {}
    for document in ready:
        documents.setdefault(document.remark, []).append(document)
    old = (
        Certificate.objects.filter(_is_outdated(on), reference__in=documents)
        .select_related("kind")
        .order_by("pk")
    )
    for one in old:
        why = _reason_outdated(one, on)
        yield from (OutdatedDocument(document, one, why) for document in documents[one.reference])


def outdated_document_shipments(on: date) -> QuerySet[Shipment]:
    """Return the shipments with an outdated document that no open finding reports yet."""
    values = Finding.objects.exclude(status=Finding.Status.RESOLVED).filter(
        code=CERTIFICATE_OUTDATED.code, subject=OuterRef("reference")
    )
    documents = CustomsDocument.objects.filter(
        ~Exists(values),
        Exists(Certificate.objects.filter(_is_outdated(on), reference=OuterRef("remark"))),
        status=CustomsDocument.Status.READY,
        shipment=OuterRef("pk"),
    ).exclude(remark="")
    goods = Exists(ShipmentLine.objects.filter(shipment=OuterRef("pk")))
    waiting = Shipment.objects.filter(Exists(documents), goods, departed_at=None)
    return waiting.exclude(status=Shipment.Status.CANCELLED).order_by("pk")


def recently_confirmed_filter(on: date) -> Q:
    """Return the filter for certificates that are valid on a day and were recently confirmed."""
    return ~_is_outdated(on)


def _is_outdated(on: date) -> Q:
    checks = IssuerCheck.objects.filter(
        certificate=OuterRef("pk"),
        result=IssuerCheck.Result.CONFIRMED,
        seen_on__gte=on - CONFIRMATION_FRESH_FOR,
    )
    return Q(valid_until__lt=on) | ~Q(Exists(checks), status=CONFIRMED_STATUS)


def _reason_outdated(certificate: Certificate, on: date) -> str:
    if certificate.status != CONFIRMED_STATUS:
        return DOUBTED
    return ENDED if certificate.valid_until is not None and certificate.valid_until < on else LONG_AGO
