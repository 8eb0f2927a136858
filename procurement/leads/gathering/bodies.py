"""Who signed a European paper: whether they might, on its own day, for these goods and this module."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.certificates import NotifiedBody
from procurement.catalogue.models.products import Product, ProductMarket
from procurement.catalogue.rules.bodies import (
    MODULE_OF,
    PPE_KINDS,
    UNSURE,
    BodyOutcome,
    BodyVerdict,
    Scope,
    body_verdict,
    ce_number,
    notified_body_verdict,
    number_said,
    refused_by_name,
)
from procurement.leads.rules.features import STERILE_GOODS
from procurement.suppliers.models.certificate import Certificate
from workflow.tongues import InThreeLanguages, in_three

OTHER_ACTS = frozenset(
    {"EU_MD_NB"}
)  # signed under the law of medical devices, of which our list says nothing


@dataclass(frozen=True)
class Signed:
    """Who signed, as the paper says it; what is wrong with that and whether the source of it is firm; what is to be looked up; the
    warning beside one that might sign, and what `holds` of it.
    """

    body: str = ""
    fault: InThreeLanguages | None = None
    firm: bool = False
    look: InThreeLanguages | None = None
    watched: InThreeLanguages | None = None
    source: str = ""
    holds: InThreeLanguages | None = None


def judged(certificate: Certificate, product: Product, on: date, bodies: Sequence[NotifiedBody]) -> Signed:
    """The body as of the certificate's own day; without one, of the day of the offer. Without a body, the house on the letterhead.

    Papers of other kinds may bear the same numbers and names, rightly: a house that may not sign for protective equipment inspects,
    tests and certifies much else.
    """
    kind, body, issuer = certificate.kind.code, certificate.notified_body, certificate.issuer.strip()
    said = str(body or issuer)
    if kind in OTHER_ACTS and body is not None:
        return Signed(said, look=in_three(_("Our list says nothing of this body under that act.")))
    if kind not in PPE_KINDS:
        return Signed(said)
    respirators = product.family == Product.Family.RESPIRATOR
    scope = Scope.RESPIRATORS if respirators else Scope.OTHER
    house = refused_by_name(issuer, scope=scope, bodies=bodies) if issuer else None
    if house is not None:
        words = _("Its letterhead is of a house that is not notified for protective equipment.")
        firm, source = house.grade not in UNSURE, " ".join(house.source_urls)
        return Signed(issuer, in_three(words), firm, source=source)
    asked: dict[str, Any] = {
        "act": NotifiedBody.Act.PPE,
        "scope": scope,
        "module": certificate.module
        or MODULE_OF.get(kind, "B"),  # a declaration rests on the design's examination
        "on": certificate.issued_on or on,
        "known_on": on,
    }
    if body is not None:
        return _signed(said, body_verdict(body, **asked))
    number = number_said(issuer, certificate.number_key if kind in MODULE_OF else "")
    verdict = notified_body_verdict(number, bodies=bodies, **asked)
    return _signed(said or str(verdict.body or number), verdict) if number else Signed(said)


def _signed(said: str, verdict: BodyVerdict) -> Signed:
    source = " ".join(verdict.body.source_urls) if verdict.body else ""
    reason = in_three(verdict.reason)
    match verdict.outcome:
        case BodyOutcome.REFUSED:
            return Signed(said, reason, verdict.blocks, source=source)
        case BodyOutcome.TO_CHECK | BodyOutcome.UNKNOWN:
            return Signed(said, look=reason, source=source)
    watched = in_three(verdict.note) if verdict.warns else None
    return Signed(said, watched=watched, source=source, holds=reason)


def on_class_one(texts: Iterable[str], product: Product, shown: Iterable[Certificate]) -> str:
    """The number behind CE, where the goods are a device of class I in Europe that no body certified as sterile; "" elsewhere.

    MDCG Q&A 6 of 2020: a body certifies the sterility of such a device, and nothing else of it. One query where a number is found.
    """
    number = next(filter(None, map(ce_number, texts)), "")
    if not number or any(one.kind.code in OTHER_ACTS for one in shown):
        return ""
    asked = ProductMarket.objects.filter(product=product, market="EU", device_class="I")
    return number if asked.exists() and product.code not in STERILE_GOODS else ""
