"""Rules on whether a certificate is acceptable for the goods: its type, device class and issuer."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import BLOCK, WARN, CertificateData, FindingData, OfferData
from procurement.leads.screening.rule_types import ScreeningRule

CERTIFICATE_NOT_ACCEPTED = ScreeningRule(
    code="certificate_worthless",
    severities=(BLOCK, WARN),
    description=_("Value of a document type for these goods, in this market, on this date"),
    message=_("%(kind)s proves nothing for these goods: %(why)s"),
    rationale=rationales.PUBLISHED_SOURCE,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.REFERENCE_ROW, sources.FDA_CERTIFICATE_WARNING, sources.FDA_CERTIFICATE_LETTERS),
)
CERTIFICATE_OF_IMPORTER = ScreeningRule(
    code="certificate_importers",
    severities=(WARN,),
    description=_("Importer’s licence or registration provided by a company that does not import"),
    message=_(
        "%(kind)s %(number)s is issued to importers, but this company does not import these "
        "goods, so the document does not approve them. Ask who the importer is, and ask for the "
        "importer’s own number."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.REFERENCE_ROW,),
)
CLASS_ONE_WITH_NOTIFIED_BODY = ScreeningRule(
    code="certificate_class_one",
    severities=(WARN,),
    description=_("Notified body number on a non-sterile class I device"),
    message=_(
        "%(kind)s %(number)s shows the number of a notified body, %(body)s. Notified bodies "
        "certify class I devices only if the devices are sterile, and no sterility certificate "
        "was provided. Ask the manufacturer for its own declaration and a CE mark without a "
        "number."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.REFERENCE_ROW,),
)
DECLARATION_NOT_BY_MANUFACTURER = ScreeningRule(
    code="certificate_declared_by",
    severities=(WARN,),
    description=_("Issuer of a declaration that only the manufacturer can make"),
    message=_(
        "%(kind)s %(number)s was issued by %(issuer)s. Only the manufacturer can make such a "
        "declaration: ask for the manufacturer’s own."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.REFERENCE_ROW,),
)
CERTIFICATE_LOWER_CLASS = ScreeningRule(
    code="certificate_too_low",
    severities=(BLOCK, WARN),
    description=_("Device class on a Chinese document compared with the class of the goods"),
    message=_(
        "%(kind)s %(number)s is for class %(said)s devices. In China these goods are class "
        "%(needed_class)s: ask for their registration certificate."
    ),
    rationale=rationales.PUBLISHED_SOURCE,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.REFERENCE_ROW,),
)


def screen_acceptability(certificate: CertificateData) -> Iterator[FindingData]:
    """Yield findings on the certificate type, for any offer of these goods."""
    if certificate.rejection_reason:
        yield CERTIFICATE_NOT_ACCEPTED.certificate_finding(
            certificate,
            BLOCK if certificate.rejection_source_is_reliable else WARN,
            source=certificate.source,
            unsure="rule",
            why=certificate.rejection_reason,
        )
    if certificate.held_by_importer:
        yield CERTIFICATE_OF_IMPORTER.certificate_finding(certificate, source=certificate.format_source)
    if certificate.class_one_body_number:
        yield CLASS_ONE_WITH_NOTIFIED_BODY.certificate_finding(
            certificate, source=certificate.format_source, body=certificate.class_one_body_number
        )
    if certificate.wrong_declarant:
        yield DECLARATION_NOT_BY_MANUFACTURER.certificate_finding(
            certificate, issuer=certificate.wrong_declarant
        )
    if certificate.required_device_class:
        yield CERTIFICATE_LOWER_CLASS.certificate_finding(
            certificate,
            BLOCK if certificate.class_source_is_reliable else WARN,
            source=certificate.class_source,
            unsure="rule",
            said=certificate.stated_device_class,
            needed_class=certificate.required_device_class,
        )


CLASS_ONE_CE_MARK_NUMBER = ScreeningRule(
    code="mark_class_one",
    severities=(WARN,),
    description=_("Number after “CE” in the offer text for a non-sterile class I device"),
    message=_(
        "The offer mentions CE %(body)s. Notified bodies certify class I devices only if the "
        "devices are sterile, and no sterility certificate was provided. Ask for a photo of the "
        "mark and for the manufacturer’s own declaration."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.WRITTEN_RESPONSE,
    sources=(sources.OFFER_TEXT,),
)


def screen_class_one_mark(offer: OfferData) -> Iterator[FindingData]:
    """Yield a finding on the number behind a CE mark in the offer's words, on a device of class I."""
    if offer.class_one_body_number:
        yield CLASS_ONE_CE_MARK_NUMBER.finding(body=offer.class_one_body_number)
