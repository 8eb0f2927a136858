"""Paths from an asking city to possible contacts: own city, partner city, or through a partner. No database access."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cached_property
from typing import NamedTuple

from partners.agreements.status import (
    AgreementStatus,
    AgreementStatusFacts,
    agreement_status_on,
    has_begun,
    is_in_force,
)
from partners.routing.goods import NO_LOCAL_GOODS, InquiryGoods, LocalGoods
from workflow.errors import LazyText


@dataclass(frozen=True, kw_only=True)
class RoutingPlace:
    """Location of a city, or of the subject of an inquiry.

    The location of a subject may lack the city, or also the province, or also the country.
    """

    city_id: int | None = None
    subdivision: str = ""
    country: str = ""

    def contains(self, other: "RoutingPlace") -> bool:
        """Return True if another place is this one or inside it, as far as this one is specified."""
        if self.city_id is not None:
            return self.city_id == other.city_id
        if self.subdivision:
            return self.subdivision == other.subdivision
        return not self.country or self.country == other.country


@dataclass(frozen=True, kw_only=True)
class AgreementLink:
    """Agreement of a city for routing: the id and name of the other city, and the facts that decide its status.

    `is_active` is True if the two cities had an exchange since 2015.
    """

    city_id: int
    name: LazyText
    agreement: AgreementStatusFacts
    is_active: bool = False


@dataclass(frozen=True, kw_only=True)
class RoutingInquiry:
    """Inquiry for which contacts are ranked: the asking city, the place asked about, the goods and the language.

    `goods` names each product family once. No goods, and an empty check or language, mean any.
    """

    city_id: int
    place: RoutingPlace
    agreement_links: tuple[AgreementLink, ...] = ()  # agreements of the asking city
    goods: tuple[InquiryGoods, ...] = ()
    check_kind: str = ""
    language: str = ""

    @cached_property
    def families(self) -> frozenset[str]:
        """Product families of the goods."""
        return frozenset(one.family for one in self.goods)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Contact who might answer, with the agreements of their city.

    `product_families` are the product families they know, `check_kinds` the kinds of checks they make, and `open_task_count` is the
    number of their open inquiries and checks, at most `open_task_limit`. `median_answer_hours` is their median answer time.
    `local_goods` are the goods that their place is known for, and `place_name` is its name.
    `is_on_public_holiday` means that the date is a public holiday where they are. `is_checking_this_company` means that they already
    check the supplier in question. `deputy_ids` are the contacts who answer when this one cannot; the pages then show
    the `name` of this one. `has_returned_mail` means that e-mail bounces.
    """

    contact_id: int
    place: RoutingPlace
    agreement_links: tuple[AgreementLink, ...] = ()
    languages: frozenset[str] = frozenset()
    product_families: frozenset[str] = frozenset()
    check_kinds: frozenset[str] = frozenset()
    open_task_count: int = 0
    open_task_limit: int = 5
    median_answer_hours: int | None = None
    away_until: date | None = None
    is_on_public_holiday: bool = False
    is_checking_this_company: bool = False
    has_returned_mail: bool = False
    deputy_ids: tuple[int, ...] = ()
    name: LazyText = ""
    local_goods: LocalGoods = NO_LOCAL_GOODS
    place_name: LazyText = ""

    @property
    def is_at_limit(self) -> bool:
        """True if the contact has reached the limit of open inquiries and checks."""
        return self.open_task_count >= self.open_task_limit

    def is_away(self, on: date) -> bool:
        """Return True if the contact is away on a date, by their own entry."""
        return self.away_until is not None and on <= self.away_until

    def needs_deputy(self, on: date) -> bool:
        """Return True if the contact is away, at the limit or out of reach. A public holiday needs no deputy."""
        return self.has_returned_mail or self.is_at_limit or self.is_away(on)


class PathDegree(IntEnum):
    """Degree of a path from the asking city to a contact, the nearest first."""

    PARTNER_AT_PLACE = 1  # in a partner city of the asking city, at the place asked about
    PARTNER_NEARBY = 2  # in a partner city in the same province or state
    SECOND_DEGREE = 3  # in a partner of a partner city, which is asked first, at the place asked about
    ALREADY_CHECKING = 4  # already checks this supplier
    PARTNER_ELSEWHERE = 5  # in a partner city in the same country: can phone and read, but not visit


class ContactPath(NamedTuple):
    """Path from the asking city to a contact.

    `status` is the status of the agreement that the path uses, None if it uses none, and `is_active` is True if its two
    cities are active. `via` is the partner city to ask first, on a path through a partner of a partner.
    """

    degree: PathDegree
    status: AgreementStatus | None = None
    is_active: bool = False
    via: AgreementLink | None = None  # the partner city to ask first

    @property
    def rank(self) -> int:
        """Rank of the path, below 32; smaller is better.

        The criteria: an agreement known to be in force, then the degree, then an active agreement.
        """
        return (self.status is AgreementStatus.UNKNOWN) * 16 + self.degree * 2 + (not self.is_active)


class BestPaths:
    """Best path to each contact.

    Contacts of one city share its place and agreements, so the path is computed once for each city.
    """

    def __init__(self, inquiry: RoutingInquiry, on: date) -> None:
        self.inquiry = inquiry
        self.on = on
        self._cache: dict[tuple[int, int, bool], tuple[ContactPath | None, Candidate]] = {}

    def best_path_to(self, candidate: Candidate) -> ContactPath | None:
        """Return the best path to a contact.

        Return None if there is no path, or if all agreements between the asking city and theirs have ended.
        """
        cache_key = id(candidate.place), id(candidate.agreement_links), candidate.is_checking_this_company
        cached = self._cache.get(cache_key)
        if cached is None:  # keep the candidate alive, so that no other object gets these ids
            cached = self._cache[cache_key] = (_best_path(self.inquiry, candidate, self.on), candidate)
        return cached[0]


def _best_path(inquiry: RoutingInquiry, candidate: Candidate, on: date) -> ContactPath | None:
    direct = [
        link
        for link in candidate.agreement_links
        if link.city_id == inquiry.city_id and has_begun(link.agreement, on)
    ]
    link = _best_agreement(direct, on)
    if direct and link is None:
        return None
    return min(_open_paths(inquiry, candidate, link, on), key=_nearness, default=None)


def _open_paths(
    inquiry: RoutingInquiry, candidate: Candidate, link: AgreementLink | None, on: date
) -> Iterable[ContactPath]:
    place_asked, contact_place = inquiry.place, candidate.place
    if place_asked.contains(contact_place):
        yield from _second_degree(inquiry, candidate, on)
    if candidate.is_checking_this_company and link is None:
        yield ContactPath(PathDegree.ALREADY_CHECKING)
    if link is None:
        return
    status_and_activity = agreement_status_on(link.agreement, on), link.is_active
    if place_asked.contains(contact_place):
        yield ContactPath(PathDegree.PARTNER_AT_PLACE, *status_and_activity)
    if place_asked.subdivision and place_asked.subdivision == contact_place.subdivision:
        yield ContactPath(PathDegree.PARTNER_NEARBY, *status_and_activity)
    if candidate.is_checking_this_company:
        yield ContactPath(PathDegree.ALREADY_CHECKING, *status_and_activity)
    if place_asked.country == contact_place.country:
        yield ContactPath(PathDegree.PARTNER_ELSEWHERE, *status_and_activity)


def _nearness(path: ContactPath) -> int:
    return path.rank


def _best_agreement(links: Iterable[AgreementLink], on: date) -> AgreementLink | None:
    """Return the most useful of several agreements with one city, or None if all have ended."""
    usable = [link for link in links if is_in_force(link.agreement, on)]
    return min(
        usable,
        key=lambda link: (_USABLE.index(agreement_status_on(link.agreement, on)), not link.is_active),
        default=None,
    )


_USABLE = (AgreementStatus.IN_FORCE, AgreementStatus.UNKNOWN)


def _second_degree(inquiry: RoutingInquiry, candidate: Candidate, on: date) -> Iterable[ContactPath]:
    """Yield a path through each partner of the asking city that is also a partner of the contact's city.

    Both agreements must be usable; the weaker one counts.
    """
    for partner in sorted({link.city_id for link in inquiry.agreement_links}):
        first_tie = _best_agreement((link for link in inquiry.agreement_links if link.city_id == partner), on)
        second_tie = _best_agreement(
            (link for link in candidate.agreement_links if link.city_id == partner), on
        )
        if first_tie is not None and second_tie is not None:
            weaker_status = max(
                (agreement_status_on(link.agreement, on) for link in (first_tie, second_tie)),
                key=_USABLE.index,
            )
            yield ContactPath(
                PathDegree.SECOND_DEGREE,
                weaker_status,
                first_tie.is_active and second_tie.is_active,
                first_tie,
            )
