"""Rules on a certificate's number: its format, its content, and the same number on other certificates."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import BLOCK, NOTE, WARN, CertificateData, FindingData
from procurement.leads.screening.rule_types import ScreeningRule

LETTER_REASON = "letter"  # the reason for a shared number that needs only a note

CERTIFICATE_MALFORMED = ScreeningRule(
    code="certificate_malformed",
    severities=(BLOCK, WARN),
    description=_("Format and check digit of the number"),
    message=_(
        "%(kind)s %(number)s %(verdict)s: %(why)s Compare the number with the document, and check "
        "it with the issuer."
    ),
    rationale=rationales.PUBLISHED_SOURCE,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.REFERENCE_ROW,),
)
CERTIFICATE_NUMBER_OTHER_GOODS = ScreeningRule(
    code="certificate_number_other_goods",
    severities=(WARN,),
    description=_("Product group in the number compared with the offered goods"),
    message=_(
        "%(kind)s %(number)s is in product group %(group)s. Protective goods are in group 14, or "
        "in group 64 of the catalogue before 2018."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.ASK_ISSUER,
    sources=(sources.REFERENCE_ROW,),
)
CERTIFICATE_NUMBER_WRONG_OFFICE = ScreeningRule(
    code="certificate_number_office",
    severities=(WARN,),
    description=_("Number that names an authority which does not issue such numbers"),
    message=_(
        "%(kind)s %(number)s names %(province)s as its issuer, but only the national authority registers "
        "class III and imported "
        "devices."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.ASK_ISSUER,
    sources=(sources.REFERENCE_ROW,),
)


def screen_number(certificate: CertificateData) -> Iterator[FindingData]:
    """Yield findings on the form of the number, and on the product group and province in it."""
    if certificate.number_format_fault:
        yield CERTIFICATE_MALFORMED.certificate_finding(
            certificate,
            BLOCK if certificate.format_source_is_reliable else WARN,
            source=certificate.format_source,
            unsure="form",
            verdict="impossible" if certificate.format_source_is_reliable else "odd",
            why=certificate.number_format_fault,
        )
    if certificate.wrong_product_group:
        yield CERTIFICATE_NUMBER_OTHER_GOODS.certificate_finding(
            certificate, source=certificate.format_source, group=certificate.wrong_product_group
        )
    if certificate.wrong_number_office:
        yield CERTIFICATE_NUMBER_WRONG_OFFICE.certificate_finding(
            certificate, source=certificate.format_source, province=certificate.wrong_number_office
        )


CERTIFICATE_NUMBER_SHARED = ScreeningRule(
    code="certificate_elsewhere",
    severities=(BLOCK, WARN, NOTE),
    description=_("Same number provided by another company"),
    message=_(
        "Number %(number)s was also provided by another company (%(other)s). Ask the issuer which "
        "company holds it."
    ),
    rationale=rationales.SHARED_BY_COMPANIES,
    remedy=remedies.ASK_ISSUER,
    sources=(sources.OFFER_TEXT,),
)
REPORT_TWO_MODELS = ScreeningRule(
    code="report_two_models",
    severities=(WARN,),
    description=_("One test report provided for different models"),
    message=_(
        "The same report, %(kind)s %(number)s, was provided for %(models)s and for %(others)s. A "
        "report covers only the samples tested: ask the laboratory which model it tested."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.ASK_ISSUER,
    sources=(sources.REFERENCE_ROW,),
)
REPORT_NUMBER_MISSING = ScreeningRule(
    code="certificate_report_open",
    severities=(NOTE,),
    description=_("Test report identified only by the laboratory’s number"),
    message=_(
        "%(kind)s %(number)s gives only the laboratory’s number. Ask for the report’s own number "
        "and enter it after the laboratory’s."
    ),
    rationale=rationales.NOTHING_WRONG,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.OFFER_TEXT,),
)


def screen_shared_number(certificate: CertificateData) -> Iterator[FindingData]:
    """Yield findings on a number shown by others, for other models, or not the certificate's own."""
    if certificate.company_with_same_number:
        let = certificate.shared_number_reason == LETTER_REASON
        yield CERTIFICATE_NUMBER_SHARED.certificate_finding(
            certificate,
            BLOCK if not certificate.shared_number_reason else NOTE if let else WARN,
            unsure="" if let else certificate.shared_number_reason,
            other=certificate.company_with_same_number,
        )
    if certificate.other_models:
        yield REPORT_TWO_MODELS.certificate_finding(
            certificate, models=certificate.models, others=certificate.other_models
        )
    if certificate.report_number_missing:
        yield REPORT_NUMBER_MISSING.certificate_finding(certificate)
