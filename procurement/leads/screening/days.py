"""What looks wrong about the days of a paper: days that cannot be, an end before the goods come, and an end that is not named."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from procurement.leads.screening.papers_shown import Paper
from procurement.leads.screening.values import NOTE, WARN, Found, Offer

TOMORROW = timedelta(days=1)  # where the paper was issued it may be a day later than in the city


EARLY = 1  # year: a renewal is signed before the old paper ends, and holds from that day


def judged(paper: Paper, offer: Offer, found: Callable[..., Found]) -> Iterator[Found]:
    """Everything that is odd about its days."""
    yield from _ends(paper, offer, found)
    yield from _cannot_be(paper, offer, found)


def _ends(paper: Paper, offer: Offer, found: Callable[..., Found]) -> Iterator[Found]:
    """Whether it holds when the goods come. Where the offer names no days of travel, usual ones count, and the finding says so."""
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
        # The day they come is not told: it moves on with today's, and an answer stays while its facts stay.
        yield found("certificate_ends_on_the_way", ends=ends, days=offer.travel_days)


def _no_end(paper: Paper, there: date, found: Callable[..., Found]) -> Iterator[Found]:
    """A paper whose kind holds for some years, and that names no end: to be asked; over, if even the longest time has passed."""
    if not paper.holds_years:
        return
    years = {"years": paper.holds_years}
    if paper.issued and _years_on(paper.issued, paper.holds_years) < there:
        yield found("certificate_long_ago", severity=WARN, issued=paper.issued.isoformat(), **years)
    else:
        yield found("certificate_no_end", severity=NOTE, **years)


def _years_on(day: date, years: int) -> date:
    """The same day so many years later; of 29 February the 28th."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year + years, day=last)


def _cannot_be(paper: Paper, offer: Offer, found: Callable[..., Found]) -> Iterator[Found]:
    """Days that cannot be: not come yet, before its number was given, before its holder existed. Standards are left out: papers are
    rightly issued to one before its first day.
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
