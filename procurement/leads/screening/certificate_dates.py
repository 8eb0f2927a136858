"""Screening of a certificate's dates: impossible dates, an early end, a missing end."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from procurement.leads.screening.offer_data import NOTE, WARN, CertificateData, FindingData, OfferData

TOMORROW = timedelta(days=1)  # the date at the place of issue may be one day ahead of the city's


EARLY = 1  # year: a renewal may be signed before the old certificate ends and count from that end


def screen_dates(
    paper: CertificateData, offer: OfferData, found: Callable[..., FindingData]
) -> Iterator[FindingData]:
    """Yield all findings on the certificate's dates."""
    yield from _ends(paper, offer, found)
    yield from _cannot_be(paper, offer, found)


def _ends(
    paper: CertificateData, offer: OfferData, found: Callable[..., FindingData]
) -> Iterator[FindingData]:
    """Yield findings if the certificate ends before the goods arrive.

    If the offer names no days of travel, the usual ones count, and the finding mentions it.
    """
    there = offer.arrives_on or offer.on
    if paper.ends is None:
        yield from _no_end(paper, there, found)
        return
    ends = paper.ends.isoformat()
    if paper.holds_years and paper.issued and _years_on(paper.issued, paper.holds_years + EARLY) < paper.ends:
        issued = paper.issued.isoformat()
        yield found("certificate_holds_too_long", issued=issued, ends=ends, years=paper.holds_years)
    if paper.ends < offer.on or (paper.ends < there and not offer.travel_days):
        yield found("certificate_expired", blocks=paper.ends < offer.on, ends=ends)
    elif paper.ends < there:
        # Leave out the day of arrival: it moves daily, and an answer stays only while its facts stay.
        yield found("certificate_ends_on_the_way", ends=ends, days=offer.travel_days)


def _no_end(paper: CertificateData, there: date, found: Callable[..., FindingData]) -> Iterator[FindingData]:
    """Yield a finding if the certificate should have an end but names none.

    It warns if even the longest validity has passed.
    """
    if not paper.holds_years:
        return
    years = {"years": paper.holds_years}
    if paper.issued and _years_on(paper.issued, paper.holds_years) < there:
        yield found("certificate_long_ago", severity=WARN, issued=paper.issued.isoformat(), **years)
    else:
        yield found("certificate_no_end", severity=NOTE, **years)


def _years_on(day: date, years: int) -> date:
    """Return the same day some years later; 28 February for 29 February."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year + years, day=last)


def _cannot_be(
    paper: CertificateData, offer: OfferData, found: Callable[..., FindingData]
) -> Iterator[FindingData]:
    """Yield findings on impossible dates: in the future, before its number, before its holder was founded.

    Standards are not compared: certificates may rightly be issued before the first day of a standard.
    """
    issued = paper.issued
    if paper.number_year is not None and paper.number_year > (offer.on + TOMORROW).year:
        yield found("certificate_number_future", blocks=True, year=str(paper.number_year))
    if issued is None:
        return
    shown = {"issued": issued.isoformat()}
    if issued > offer.on + TOMORROW:
        yield found("certificate_future", blocks=True, **shown)
    if paper.number_year is not None and issued.year < paper.number_year:
        yield found("certificate_before_number", blocks=True, **shown, year=str(paper.number_year))
    if paper.own and offer.founded_on and issued < offer.founded_on:
        yield found("certificate_before_company", blocks=False, **shown, founded=offer.founded_on.isoformat())
