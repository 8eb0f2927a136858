"""Rules on the goods that a certificate is for: its standards, models and products."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import BLOCK, WARN, CertificateData, FindingData, OfferData
from procurement.leads.screening.rule_types import ScreeningRule
from procurement.requests.alternatives.models import GoodsMatchLevel

CERTIFICATE_OTHER_STANDARD = ScreeningRule(
    code="certificate_other_standard",
    severities=(WARN,),
    description=_("Standards on the document compared with the offered standard"),
    message=_("%(kind)s %(number)s covers %(standards)s, not %(offered)s."),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.OFFER_TEXT,),
)
CERTIFICATE_NOT_FOR_NEED_LINE = ScreeningRule(
    code="certificate_not_the_lines",
    severities=(BLOCK, WARN),
    description=_("Standards on the document compared with those of the need line"),
    message=_("%(kind)s %(number)s covers %(standards)s, but the need line requires %(asked)s. %(why)s"),
    rationale=rationales.PUBLISHED_SOURCE,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.REFERENCE_ROW,),
)
CERTIFICATE_OTHER_MODEL = ScreeningRule(
    code="certificate_other_model",
    severities=(WARN,),
    description=_("Models on the document compared with the offered model"),
    message=_("%(kind)s %(number)s is for %(models)s, not for the offered model %(model)s."),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.OFFER_TEXT,),
)


def screen_goods(certificate: CertificateData, offer: OfferData) -> Iterator[FindingData]:
    """Yield findings if the certificate is for another standard or model than offered or asked for."""
    if not certificate.covers_offered_standard:
        yield CERTIFICATE_OTHER_STANDARD.certificate_finding(
            certificate, standards=certificate.standards, offered=offer.offered_standard
        )
    elif certificate.line_standard_match:
        below = certificate.line_standard_match == GoodsMatchLevel.BELOW_STANDARD
        yield CERTIFICATE_NOT_FOR_NEED_LINE.certificate_finding(
            certificate,
            BLOCK if below and certificate.line_match_is_reliable else WARN,
            source=certificate.line_match_source,
            unsure="rule" if below else "",
            standards=certificate.standards,
            asked=offer.required_standards,
            why=certificate.line_match_reason or "",
        )
    if certificate.covers_model is False:
        yield CERTIFICATE_OTHER_MODEL.certificate_finding(
            certificate, models=certificate.models, model=offer.model
        )


CERTIFICATE_OTHER_PRODUCT = ScreeningRule(
    code="certificate_other_product",
    severities=(WARN,),
    description=_("Certificates that name only other goods"),
    message=_("%(kind)s %(number)s is for other goods: %(products)s."),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.OFFER_TEXT,),
)


def screen_other_goods(offer: OfferData) -> Iterator[FindingData]:
    """Yield a finding for each certificate that names other goods only."""
    for other in offer.other_certificates:
        yield CERTIFICATE_OTHER_PRODUCT.finding(
            subject=other.reference, kind=other.kind, number=other.number, products=other.products
        )
