"""Rules on the issuer's answer about a certificate, and on the age of the answer."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import BLOCK, WARN, CertificateData, FindingData, OfferData
from procurement.leads.screening.rule_types import RuleNumber, ScreeningRule
from procurement.suppliers.rules.certificates import (
    ADVERSE_RESULTS,
    CONFIRMATION_FRESH_FOR,
    is_check_outdated,
)

ISSUER_ANSWER_VALIDITY_NUMBER = RuleNumber(
    _("Validity of an issuer’s answer (days)"), CONFIRMATION_FRESH_FOR.days
)

CERTIFICATE_INVALIDATED = ScreeningRule(
    code="certificate_doubted",
    severities=(BLOCK,),
    description=_("Document assessed as altered or of the wrong scope"),
    message=_("%(kind)s %(number)s was assessed as “%(status)s”."),
    rationale=rationales.ISSUER_ANSWER,
    remedy=remedies.ASK_ISSUER,
    sources=(sources.OFFER_TEXT,),
)
ISSUER_DENIES = ScreeningRule(
    code="issuer_denies",
    severities=(BLOCK,),
    description=_("Issuer’s answer about the document"),
    message=_("%(kind)s %(number)s: the issuer was contacted on %(day)s. %(result)s."),
    rationale=rationales.ISSUER_ANSWER,
    remedy=remedies.ASK_ISSUER,
    sources=(sources.RECORDED_ANSWER,),
)
ISSUER_ANSWER_OUTDATED = ScreeningRule(
    code="issuer_asked_long_ago",
    severities=(WARN,),
    description=_("Time since the issuer was last contacted"),
    message=_(
        "The issuer confirmed %(kind)s %(number)s on %(day)s, more than %(days)s days ago (our "
        "own limit). Check again."
    ),
    rationale=rationales.OWN_FIGURE,
    remedy=remedies.ASK_ISSUER,
    numbers=(ISSUER_ANSWER_VALIDITY_NUMBER,),
    sources=(sources.RECORDED_ANSWER,),
)


def screen_issuer(certificate: CertificateData, offer: OfferData) -> Iterator[FindingData]:
    """Yield a finding on the issuer's answer and its age.

    A certificate whose status says that it is not valid gets one finding only.
    """
    if certificate.invalidated:
        yield CERTIFICATE_INVALIDATED.certificate_finding(certificate, status=certificate.status)
    elif certificate.issuer_result in ADVERSE_RESULTS:
        yield ISSUER_DENIES.certificate_finding(
            certificate, result=certificate.issuer_result, day=str(certificate.issuer_asked_on)
        )
    elif certificate.issuer_asked_on and is_check_outdated(certificate.issuer_asked_on, offer.as_of):
        yield ISSUER_ANSWER_OUTDATED.certificate_finding(
            certificate, day=certificate.issuer_asked_on.isoformat(), days=CONFIRMATION_FRESH_FOR.days
        )
