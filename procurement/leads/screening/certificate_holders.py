"""Rules on whose a certificate is. A trader may show a manufacturer's certificates with its letter."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import NOTE, WARN, CertificateData, FindingData
from procurement.leads.screening.rule import ScreeningRule


def screen_holder(certificate: CertificateData) -> Iterator[FindingData]:
    """Yield findings on the holder and the manufacturer that the certificate names."""
    yield from _holder(certificate)
    yield from _manufacturer(certificate)


CERTIFICATE_MAKERS = ScreeningRule(
    code="certificate_makers",
    severities=(NOTE,),
    description=_("Whether a trader who shows the maker’s paper has the maker’s letter"),
    says=_(
        "%(kind)s %(number)s is the maker’s, %(holder)s. "
        "Ask for the maker’s letter that the company may sell these goods."
    ),
    rationale=rationales.NOTHING_WRONG,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.F24,),
)
CERTIFICATE_HOLDER = ScreeningRule(
    code="certificate_holder",
    severities=(WARN,),
    description=_("Whether the holder is the seller, or a letter of the holder lets it sell"),
    says=_(
        "%(kind)s %(number)s is in the name of %(holder)s, not of the company. Ask for their letter that it may sell these goods."
    ),
    rationale=rationales.MAYBE_HONEST,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.F24,),
)
CERTIFICATE_NOT_LENT = ScreeningRule(
    code="certificate_not_lent",
    severities=(WARN,),
    description=_("Whether a maker shows an approval that was given to another maker"),
    says=_(
        "%(kind)s %(number)s was given to %(holder)s and cannot be lent to another maker. Look the number up with its issuer, "
        "do not accept the paper for these goods, and ask for the approval of the maker of these goods."
    ),
    rationale=rationales.MAYBE_HONEST,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.REFERENCE_ROW, sources.F24),
)
CERTIFICATE_HOLDER_UNREAD = ScreeningRule(
    code="certificate_holder_unread",
    severities=(NOTE,),
    description=_("Whether the company has a name in the script of the holder’s"),
    says=_(
        "%(kind)s %(number)s is in the name of %(holder)s; the company has no name on record in that script. "
        "Ask whether it is the same company, and record the name."
    ),
    rationale=rationales.NOTHING_WRONG,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.OWN_WORDS,),
)


def _holder(certificate: CertificateData) -> Iterator[FindingData]:
    if certificate.holder:
        anothers = CERTIFICATE_NOT_LENT if certificate.not_lent else CERTIFICATE_HOLDER
        rule = CERTIFICATE_MAKERS if certificate.makers else anothers
        yield rule.about(certificate, holder=certificate.holder)
    if certificate.holder_unread:
        yield CERTIFICATE_HOLDER_UNREAD.about(certificate, holder=certificate.holder_unread)


CERTIFICATE_OTHER_MANUFACTURER = ScreeningRule(
    code="certificate_other_manufacturer",
    severities=(WARN,),
    description=_("The maker on the paper, beside the offer’s"),
    says=_("%(kind)s %(number)s names %(manufacturer)s as the maker; by the offer it is %(maker)s."),
    rationale=rationales.MAYBE_HONEST,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.OWN_WORDS,),
)
CERTIFICATE_PROVINCE = ScreeningRule(
    code="certificate_province",
    severities=(WARN,),
    description=_("The province in the number, beside the maker’s"),
    says=_("%(kind)s %(number)s is of the province %(province)s, the maker is in another."),
    rationale=rationales.MAYBE_HONEST,
    remedy=remedies.ANSWER,
    sources=(sources.REFERENCE_ROW,),
)


def _manufacturer(certificate: CertificateData) -> Iterator[FindingData]:
    if certificate.manufacturer:
        yield CERTIFICATE_OTHER_MANUFACTURER.about(
            certificate, manufacturer=certificate.manufacturer, maker=certificate.maker
        )
    if certificate.other_province:
        yield CERTIFICATE_PROVINCE.about(
            certificate, province=certificate.other_province, place=certificate.makers_place
        )
