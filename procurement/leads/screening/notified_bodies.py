"""Rules on the notified body and the module of a European certificate."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.rules.certification_bodies import has_complete_modules
from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import BLOCK, WARN, CertificateData, FindingData
from procurement.leads.screening.rule_types import ScreeningRule

NOTIFIED_BODY_MISSING = ScreeningRule(
    code="certificate_unsigned",
    severities=(WARN,),
    description=_("Document with a module but no notified body"),
    message=_(
        "%(kind)s %(number)s names no notified body: a number alone proves nothing. Ask for the body’s "
        "name and number."
    ),
    rationale=rationales.STILL_MISSING,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.VOLUNTARY_CE_PAPERS, sources.VOLUNTARY_CE_PAPER_LIST),
)
CERTIFICATE_OTHER_MODULE = ScreeningRule(
    code="certificate_other_module",
    severities=(WARN,),
    description=_("Module on the document compared with the module for its type"),
    message=_(
        "%(kind)s %(number)s names module %(module)s, but documents of this type belong to module %(own)s."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.REFERENCE_ROW,),
)
NOTIFIED_BODY_UNSUITABLE = ScreeningRule(
    code="certificate_body",
    severities=(BLOCK, WARN),
    description=_("Notified body: act, scope and module on the date of the document"),
    message=_(
        "%(kind)s %(number)s (%(body)s): %(why)s Ask for a certificate from a body that NANDO "
        "lists for these goods."
    ),
    rationale=rationales.PUBLISHED_SOURCE,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.REFERENCE_ROW, sources.VOLUNTARY_CE_PAPERS, sources.VOLUNTARY_CE_PAPER_LIST),
)
CERTIFICATE_BODY_TO_CHECK = ScreeningRule(
    code="certificate_body_to_check",
    severities=(WARN,),
    description=_("Notified bodies missing from our list, or listed with too little information"),
    message=_(
        "%(kind)s %(number)s: look up the notified body %(body)s in NANDO before you rely on the "
        "document. %(why)s"
    ),
    rationale=rationales.STILL_MISSING,
    remedy=remedies.LOOK_UP_IN_NANDO,
    sources=(sources.REFERENCE_ROW,),
)
NOTIFIED_BODY_WITH_WARNING = ScreeningRule(
    code="certificate_body_watched",
    severities=(WARN,),
    description=_("Notified bodies that are authorized to sign but subject to warnings"),
    message=_(
        "%(kind)s %(number)s: the notified body %(body)s is authorized to sign the document, but "
        "in this case that is not enough. Have a sample tested. %(note)s"
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.TEST_SAMPLE,
    sources=(sources.ACCREDIA_MASKS, sources.CE_2163_REPORT),
)


def screen_body(certificate: CertificateData) -> Iterator[FindingData]:
    """Yield findings on the notified body: missing, not allowed to sign, or for another module."""
    body, source = certificate.signer, certificate.signer_source
    if certificate.notified_body_missing:
        yield NOTIFIED_BODY_MISSING.certificate_finding(certificate)
    if certificate.differing_module:
        yield CERTIFICATE_OTHER_MODULE.certificate_finding(
            certificate, module=certificate.differing_module, own=certificate.module_of_type
        )
    if certificate.signer_unsuitable_reason:
        severity = BLOCK if certificate.signer_source_is_reliable else WARN
        yield NOTIFIED_BODY_UNSUITABLE.certificate_finding(
            certificate,
            severity,
            source=source,
            unsure="body",
            body=body,
            why=certificate.signer_unsuitable_reason,
        )
    elif certificate.signer_lookup_advice:
        yield CERTIFICATE_BODY_TO_CHECK.certificate_finding(
            certificate, source=source, body=body, why=certificate.signer_lookup_advice
        )
    elif certificate.signer_warning:
        yield NOTIFIED_BODY_WITH_WARNING.certificate_finding(
            certificate, source=source, body=body, note=certificate.signer_warning
        )


CERTIFICATE_MODULE_MISSING = ScreeningRule(
    code="certificate_modules",
    severities=(WARN,),
    description=_("Module B, with C2 or D"),
    message=_(
        "Provided for modules %(modules)s only. Protective equipment needs module B, and C2 or D "
        "for production."
    ),
    rationale=rationales.STILL_MISSING,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.REFERENCE_ROW,),
)
CERTIFICATE_TWO_BODIES = ScreeningRule(
    code="certificate_two_bodies",
    severities=(WARN,),
    description=_("Design and production monitored by different bodies"),
    message=_(
        "Module B is from %(designed)s; the production module is from %(made)s. The two bodies "
        "may differ: check both in NANDO."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.WRITTEN_RESPONSE,
    sources=(sources.REFERENCE_ROW,),
)


def screen_modules(certificates: Sequence[CertificateData]) -> Iterator[FindingData]:
    """Yield findings on the European certificates as a set: both modules, and their signers."""
    modules = sorted({certificate.module for certificate in certificates if certificate.module})
    if modules and not has_complete_modules(modules):
        yield CERTIFICATE_MODULE_MISSING.finding(modules=modules)
    designed = sorted({certificate.signer for certificate in certificates if certificate.module == "B"})
    created = sorted(
        {certificate.signer for certificate in certificates if certificate.module in ("C2", "D")}
    )
    if designed and created and set(designed).isdisjoint(created):
        yield CERTIFICATE_TWO_BODIES.finding(
            source=" ".join(
                dict.fromkeys(certificate.format_source for certificate in certificates if certificate.module)
            ),
            designed=designed,
            made=created,
        )
