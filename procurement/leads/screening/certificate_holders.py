"""Rules on the holder of a certificate and the manufacturer that it names.

A trader may show a manufacturer's certificates with a letter of the manufacturer.
"""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import NOTE, WARN, CertificateData, FindingData
from procurement.leads.screening.rule_types import ScreeningRule


def screen_holder(certificate: CertificateData) -> Iterator[FindingData]:
    """Yield findings on the holder and the manufacturer that the certificate names."""
    yield from _screen_certificate_holder(certificate)
    yield from _screen_named_manufacturer(certificate)


CERTIFICATE_OF_MANUFACTURER = ScreeningRule(
    code="certificate_makers",
    severities=(NOTE,),
    description=_("Trader presenting a manufacturer’s certificate without an authorization letter"),
    message=_(
        "%(kind)s %(number)s belongs to the manufacturer, %(holder)s. Ask for a letter from the "
        "manufacturer authorizing the supplier to sell these goods."
    ),
    rationale=rationales.NOTHING_WRONG,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.PRICE_GOUGING_SUIT,),
)
CERTIFICATE_HOLDER_DIFFERS = ScreeningRule(
    code="certificate_holder",
    severities=(WARN,),
    description=_("Certificate holder other than the seller, without an authorization letter"),
    message=_(
        "%(kind)s %(number)s is in the name of %(holder)s, not of the supplier. Ask for a letter "
        "in which the holder authorizes the supplier to sell these goods."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.PRICE_GOUGING_SUIT,),
)
CERTIFICATE_WITHOUT_LETTER = ScreeningRule(
    code="certificate_not_lent",
    severities=(WARN,),
    description=_("Manufacturer presenting an approval issued to another manufacturer"),
    message=_(
        "%(kind)s %(number)s was issued to %(holder)s and cannot be used by another manufacturer. "
        "Check the number with the issuer. Do not accept the document for these goods; ask for "
        "their manufacturer’s own approval."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.REFERENCE_ROW, sources.PRICE_GOUGING_SUIT),
)
CERTIFICATE_HOLDER_OTHER_SCRIPT = ScreeningRule(
    code="certificate_holder_unread",
    severities=(NOTE,),
    description=_("Supplier with no name on record in the script of the holder’s name"),
    message=_(
        "%(kind)s %(number)s is in the name of %(holder)s; the supplier has no name on record in "
        "that script. Ask whether the two are the same company, and record the name."
    ),
    rationale=rationales.NOTHING_WRONG,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.OFFER_TEXT,),
)


def _screen_certificate_holder(certificate: CertificateData) -> Iterator[FindingData]:
    if certificate.unauthorized_holder:
        anothers = (
            CERTIFICATE_WITHOUT_LETTER if certificate.authorization_impossible else CERTIFICATE_HOLDER_DIFFERS
        )
        rule = CERTIFICATE_OF_MANUFACTURER if certificate.held_by_manufacturer else anothers
        yield rule.certificate_finding(certificate, holder=certificate.unauthorized_holder)
    if certificate.holder_in_other_script:
        yield CERTIFICATE_HOLDER_OTHER_SCRIPT.certificate_finding(
            certificate, holder=certificate.holder_in_other_script
        )


CERTIFICATE_OTHER_MANUFACTURER = ScreeningRule(
    code="certificate_other_manufacturer",
    severities=(WARN,),
    description=_("Manufacturer on the document compared with the one in the offer"),
    message=_("%(kind)s %(number)s names %(manufacturer)s as the manufacturer; the offer names %(maker)s."),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.OFFER_TEXT,),
)
CERTIFICATE_PROVINCE_DIFFERS = ScreeningRule(
    code="certificate_province",
    severities=(WARN,),
    description=_("Province in the number compared with the manufacturer’s province"),
    message=_(
        "%(kind)s %(number)s comes from the province of %(province)s, but the manufacturer is in "
        "another province."
    ),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.WRITTEN_RESPONSE,
    sources=(sources.REFERENCE_ROW,),
)


def _screen_named_manufacturer(certificate: CertificateData) -> Iterator[FindingData]:
    if certificate.differing_manufacturer:
        yield CERTIFICATE_OTHER_MANUFACTURER.certificate_finding(
            certificate, manufacturer=certificate.differing_manufacturer, maker=certificate.offer_manufacturer
        )
    if certificate.other_province:
        yield CERTIFICATE_PROVINCE_DIFFERS.certificate_finding(
            certificate, province=certificate.other_province, place=certificate.manufacturer_place
        )
