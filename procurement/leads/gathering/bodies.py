"""Who signed a European paper: whether they might, on its own day, for these goods and this module."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models import NotifiedBody, Product
from procurement.catalogue.rules import (
    UNSURE,
    BodyOutcome,
    Scope,
    notified_body_verdict,
    refused_by_name,
)
from procurement.suppliers.models import Certificate
from workflow.tongues import InThreeLanguages, in_three


@dataclass(frozen=True)
class Signed:
    """What is wrong with the body that signed, whether the source of that is firm, and the warning beside one that might."""

    fault: InThreeLanguages | None = None
    firm: bool = False
    watched: InThreeLanguages | None = None
    source: str = ""


def judged(certificate: Certificate, product: Product, on: date, bodies: Iterable[NotifiedBody]) -> Signed:
    """The body as of the certificate's own day; without one, of the day of the offer. Without a body, the house on the letterhead."""
    body = certificate.notified_body
    if body is None:
        house = refused_by_name(certificate.issuer, bodies=bodies) if certificate.issuer else None
        words = _("Its letterhead is of a house that is not notified for protective equipment.")
        if house is None:
            return Signed()
        return Signed(in_three(words), house.grade not in UNSURE, source=" ".join(house.source_urls))
    respirators = product.family == Product.Family.RESPIRATOR
    verdict = notified_body_verdict(
        body.number,
        act=NotifiedBody.Act.PPE,
        scope=Scope.RESPIRATORS if respirators else Scope.OTHER,
        module=certificate.module,
        on=certificate.issued_on or on,
        bodies=bodies,
    )
    source = " ".join(verdict.body.source_urls) if verdict.body else ""
    if verdict.outcome is not BodyOutcome.HOLDS:
        return Signed(in_three(verdict.reason), verdict.blocks, source=source)
    return Signed(watched=in_three(verdict.note) if verdict.warns else None, source=source)
