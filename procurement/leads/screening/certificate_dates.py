"""Rules on a certificate's dates: an early end, a missing end, impossible dates."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.offer_data import BLOCK, NOTE, WARN, CertificateData, FindingData, OfferData
from procurement.leads.screening.rule_types import RuleNumber, ScreeningRule

TIME_ZONE_TOLERANCE = timedelta(days=1)  # the date at the place of issue may be one day ahead of the city's
MAX_RENEWAL_YEARS = 1  # year: a renewal may be signed before the old certificate ends and count from that end
# Days by air from China: "3-5", plus "3-4" for congested airports in spring 2020. Secondary sources,
# so they only warn. No figure is known for other countries.
ORIGIN_WITH_KNOWN_TRANSIT, AIR_TRANSIT_DAYS, AIRPORT_CONGESTION_DAYS = "CN", 5, 4
AIRPORT_CONGESTION_PERIOD = (date(2020, 3, 1), date(2020, 6, 30))

AIR_TRANSIT_DAYS_NUMBER = RuleNumber(
    _("Assumed transit time by air from China, if none is stated (days)"), AIR_TRANSIT_DAYS
)
CONGESTION_DAYS_NUMBER = RuleNumber(_("Additional days in spring 2020"), AIRPORT_CONGESTION_DAYS)


def screen_dates(certificate: CertificateData, offer: OfferData) -> Iterator[FindingData]:
    """Yield all findings on the certificate's dates."""
    there = offer.arrives_on or offer.as_of
    if certificate.valid_until is None:
        yield from _screen_missing_end(certificate, there)
    else:
        yield from _screen_validity_period(certificate, certificate.valid_until)
        yield from _screen_end(certificate, certificate.valid_until, there, offer)
    yield from _screen_number_year(certificate, offer)
    yield from _screen_issue_date(certificate, offer)


CERTIFICATE_NO_END = ScreeningRule(
    code="certificate_no_end",
    severities=(NOTE,),
    description=_("Documents of limited validity without an expiry date"),
    message=_(
        "%(kind)s %(number)s has no expiry date. Such documents are valid for at most %(years)s "
        "years (not confirmed): ask how long this one is valid."
    ),
    rationale=rationales.NOTHING_WRONG,
    remedy=remedies.ASK_ISSUER,
    sources=(sources.FIGURE_FROM_MEMORY,),
)
CERTIFICATE_OLD = ScreeningRule(
    code="certificate_long_ago",
    severities=(WARN,),
    description=_("Documents without an expiry date that are older than the usual validity of their type"),
    message=_(
        "%(kind)s %(number)s was issued on %(issued)s and has no expiry date. Such documents are valid for "
        "at most %(years)s years (not confirmed), so this one may have expired."
    ),
    rationale=rationales.DERIVED_FIGURE,
    remedy=remedies.ASK_ISSUER,
    sources=(sources.FIGURE_FROM_MEMORY,),
)


def _screen_missing_end(certificate: CertificateData, there: date) -> Iterator[FindingData]:
    """Yield a finding if the certificate should have an end but names none.

    It warns if even the longest validity has passed.
    """
    if not certificate.max_validity_years:
        return
    if certificate.issued and _add_years(certificate.issued, certificate.max_validity_years) < there:
        yield CERTIFICATE_OLD.certificate_finding(
            certificate, issued=certificate.issued.isoformat(), years=certificate.max_validity_years
        )
    else:
        yield CERTIFICATE_NO_END.certificate_finding(certificate, years=certificate.max_validity_years)


def _add_years(day: date, years: int) -> date:
    """Return the same day some years later; 28 February for 29 February."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year + years, day=last)


CERTIFICATE_VALIDITY_TOO_LONG = ScreeningRule(
    code="certificate_holds_too_long",
    severities=(WARN,),
    description=_("Stated validity longer than the document type allows"),
    message=_(
        "%(kind)s %(number)s, issued on %(issued)s, states that it is valid until %(ends)s. Such documents "
        "are valid for at most %(years)s years (not confirmed). Ask the issuer to confirm."
    ),
    rationale=rationales.DERIVED_FIGURE,
    remedy=remedies.ASK_ISSUER,
    sources=(sources.FIGURE_FROM_MEMORY,),
)


def _screen_validity_period(certificate: CertificateData, ends: date) -> Iterator[FindingData]:
    issued, years = certificate.issued, certificate.max_validity_years
    if years and issued and _add_years(issued, years + MAX_RENEWAL_YEARS) < ends:
        yield CERTIFICATE_VALIDITY_TOO_LONG.certificate_finding(
            certificate, issued=issued.isoformat(), ends=ends.isoformat(), years=years
        )


CERTIFICATE_EXPIRED = ScreeningRule(
    code="certificate_expired",
    severities=(BLOCK, WARN),
    description=_("Document expired, today or when the goods arrive"),
    message=_("%(kind)s %(number)s expires on %(ends)s, before the goods would arrive."),
    rationale=rationales.CONTRADICTION,
    remedy=remedies.SHOW_CERTIFICATE,
    sources=(sources.OFFER_TEXT, sources.HEALTH_CANADA_RESPIRATORS),
)
CERTIFICATE_ENDS_IN_TRANSIT = ScreeningRule(
    code="certificate_ends_on_the_way",
    severities=(WARN,),
    description=_("Document that would expire in transit, based on usual transit times"),
    message=_(
        "%(kind)s %(number)s expires on %(ends)s. The offer states no transit time: with the "
        "usual %(days)s days by air, the goods would arrive after that date."
    ),
    rationale=rationales.DERIVED_FIGURE,
    remedy=remedies.SHOW_CERTIFICATE,
    numbers=(AIR_TRANSIT_DAYS_NUMBER, CONGESTION_DAYS_NUMBER),
    sources=(sources.CUSTOMS_FACTS,),
)


def _screen_end(
    certificate: CertificateData, ends: date, there: date, offer: OfferData
) -> Iterator[FindingData]:
    """Yield a finding if the certificate ends before the goods arrive.

    If the offer names no days of travel, the usual ones count, and the finding mentions it.
    """
    if ends < offer.as_of or (ends < there and not offer.travel_days):
        severity = BLOCK if ends < offer.as_of else WARN
        yield CERTIFICATE_EXPIRED.certificate_finding(certificate, severity, ends=ends.isoformat())
    elif ends < there:
        # Leave out the day of arrival: it moves daily, and an answer stays only while its facts stay.
        yield CERTIFICATE_ENDS_IN_TRANSIT.certificate_finding(
            certificate, ends=ends.isoformat(), days=offer.travel_days
        )


CERTIFICATE_NUMBER_YEAR_FUTURE = ScreeningRule(
    code="certificate_number_future",
    severities=(BLOCK,),
    description=_("Future year in the number"),
    message=_("%(kind)s %(number)s has the year %(year)s in its number, and that year has not started yet."),
    rationale=rationales.CONTRADICTION,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.REFERENCE_ROW,),
)


def _screen_number_year(certificate: CertificateData, offer: OfferData) -> Iterator[FindingData]:
    if (
        certificate.number_year is not None
        and certificate.number_year > (offer.as_of + TIME_ZONE_TOLERANCE).year
    ):
        yield CERTIFICATE_NUMBER_YEAR_FUTURE.certificate_finding(
            certificate, year=str(certificate.number_year)
        )


CERTIFICATE_ISSUED_IN_FUTURE = ScreeningRule(
    code="certificate_future",
    severities=(BLOCK,),
    description=_("Future issue date"),
    message=_("%(kind)s %(number)s is dated %(issued)s, which is in the future."),
    rationale=rationales.CONTRADICTION,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.OFFER_TEXT,),
)
CERTIFICATE_BEFORE_NUMBER_YEAR = ScreeningRule(
    code="certificate_before_number",
    severities=(BLOCK,),
    description=_("Issue date before the year in the number"),
    message=_(
        "%(kind)s %(number)s is dated %(issued)s, but its number cannot have been issued before %(year)s."
    ),
    rationale=rationales.CONTRADICTION,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.REFERENCE_ROW,),
)
CERTIFICATE_BEFORE_COMPANY = ScreeningRule(
    code="certificate_before_company",
    severities=(WARN,),
    description=_("Issue date before the company was founded"),
    message=_("%(kind)s %(number)s is dated %(issued)s, before the company was founded on %(founded)s."),
    rationale=rationales.MAY_BE_LEGITIMATE,
    remedy=remedies.CORRECT_FACT,
    sources=(sources.OFFER_TEXT,),
)


def _screen_issue_date(certificate: CertificateData, offer: OfferData) -> Iterator[FindingData]:
    """Yield findings on an impossible day: in the future, before its number, before its holder was founded.

    Standards are not compared: certificates may rightly be issued before the first day of a standard.
    """
    issued, year, founded = certificate.issued, certificate.number_year, offer.founded_on
    if issued is None:
        return
    if issued > offer.as_of + TIME_ZONE_TOLERANCE:
        yield CERTIFICATE_ISSUED_IN_FUTURE.certificate_finding(certificate, issued=issued.isoformat())
    if year is not None and issued.year < year:
        yield CERTIFICATE_BEFORE_NUMBER_YEAR.certificate_finding(
            certificate, issued=issued.isoformat(), year=str(year)
        )
    if certificate.held_by_company and founded and issued < founded:
        yield CERTIFICATE_BEFORE_COMPANY.certificate_finding(
            certificate, issued=issued.isoformat(), founded=founded.isoformat()
        )
