"""Reading which papers of goods that have not left rest on a certificate that has ended, is doubted, or was looked up long ago."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from procurement.leads.models.finding import Finding
from procurement.shipments.models.customs import CustomsPaper
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.issuer_check import IssuerCheck
from procurement.suppliers.rules.issuer_checks import FRESH_FOR

CODE = "paper_old"
DOUBTED, ENDED, LONG_AGO = "doubted", "ended", "long_ago"
CONFIRMED = Certificate.Status.CONFIRMED


@dataclass(frozen=True)
class OldPaper:
    """A paper that waits to be handed in, the certificate it is, and why that is looked up again."""

    paper: CustomsPaper
    certificate: Certificate
    why: str


def of(shipment: Shipment, on: date) -> Iterator[OldPaper]:
    """Those of a shipment on a day."""
    if shipment.departed_at is not None or shipment.is_return:
        return
    ready = shipment.papers.filter(status=CustomsPaper.Status.READY).exclude(remark="").order_by("pk")
    papers: dict[str, list[CustomsPaper]] = {}
    for paper in ready:
        papers.setdefault(paper.remark, []).append(paper)
    old = Certificate.objects.filter(_old(on), reference__in=papers).select_related("kind").order_by("pk")
    for one in old:
        why = _why(one, on)
        yield from (OldPaper(paper, one, why) for paper in papers[one.reference])


def shipments(on: date) -> QuerySet[Shipment]:
    """The shipments with such a paper that was not announced yet."""
    told = Finding.objects.exclude(status=Finding.Status.GONE).filter(
        code=CODE, subject=OuterRef("reference")
    )
    papers = CustomsPaper.objects.filter(
        ~Exists(told),
        Exists(Certificate.objects.filter(_old(on), reference=OuterRef("remark"))),
        status=CustomsPaper.Status.READY,
        shipment=OuterRef("pk"),
    ).exclude(remark="")
    goods = Exists(ShipmentLine.objects.filter(shipment=OuterRef("pk")))
    waiting = Shipment.objects.filter(Exists(papers), goods, departed_at=None)
    return waiting.exclude(status=Shipment.Status.CANCELLED).order_by("pk")


def fresh(on: date) -> Q:
    """Certificates that their issuer confirmed not long before a day, and that still hold on it."""
    return ~_old(on)


def _old(on: date) -> Q:
    asked = IssuerCheck.objects.filter(
        certificate=OuterRef("pk"), result=IssuerCheck.Result.CONFIRMS, seen_on__gte=on - FRESH_FOR
    )
    return Q(valid_until__lt=on) | ~Q(Exists(asked), status=CONFIRMED)


def _why(certificate: Certificate, on: date) -> str:
    if certificate.status != CONFIRMED:
        return DOUBTED
    return ENDED if certificate.valid_until is not None and certificate.valid_until < on else LONG_AGO
