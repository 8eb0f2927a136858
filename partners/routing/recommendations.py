"""Data for the ranking of contacts: the contacts, and the agreements and exchanges of their cities.

The data is read once; `partners.routing.ranking` ranks it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.utils.functional import lazy

from partners.agreements.models import TwinningAgreement
from partners.agreements.status import has_begun, is_in_force
from partners.cities.models import City
from partners.contacts.models import Contact
from partners.contacts.rules import median_response_time
from partners.contacts.working_hours import holiday_calendar_of, is_public_holiday, local_day_of
from partners.exchanges.active_pairs import ACTIVE_SINCE, Pair, active_pairs
from partners.exchanges.models import Exchange
from partners.routing.contact_paths import AgreementLink, Candidate, RoutingInquiry, RoutingPlace
from partners.routing.goods import NO_LOCAL_GOODS, InquiryGoods, LocalGoods
from partners.routing.ranking import RankedContact, rank_contacts
from workflow.days import latest_day
from workflow.errors import LazyText

PLACE_FIELDS = ("id", "level", "subdivision", "country")  # those of a city that `routing_place` reads
type LinksByCity = dict[int, tuple[AgreementLink, ...]]
type LocalGoodsByPlace = Mapping[RoutingPlace, LocalGoods]  # by `routing_place`
NO_KNOWN_PLACES: LocalGoodsByPlace = MappingProxyType({})
type PlaceFacts = tuple[RoutingPlace, LocalGoods, LazyText]  # place, goods it is known for, name


@dataclass(frozen=True)
class Recommendation:
    """Contact with their place in the ranking."""

    contact: Contact
    ranked_contact: RankedContact


def routing_place(city: City) -> RoutingPlace:
    """Return the city as a place for routing. A province covers all cities in it."""
    inside = None if city.is_province else city.pk
    return RoutingPlace(city_id=inside, subdivision=city.subdivision, country=city.country)


def place_from_fields(*values: Any) -> RoutingPlace:
    """Return a city as a place for routing, from the values of its `PLACE_FIELDS`."""
    return routing_place(City(**dict(zip(PLACE_FIELDS, values, strict=True))))


def recommend_contacts(
    asking: City,
    place: RoutingPlace,
    on: date,
    *,
    goods: Sequence[InquiryGoods] = (),
    check: str = "",
    language: str = "",
    checking: Collection[int] = (),
    at: datetime | None = None,
    local_goods: LocalGoodsByPlace = NO_KNOWN_PLACES,
) -> list[Recommendation]:
    """Return the contacts whom a city may ask about a place on a date, best first.

    `checking` holds the contacts who already check the supplier. If the time `at` is given, absences and
    holidays are looked up for the date where each contact is. `local_goods` are the goods that places are known
    for. Always four queries.
    """
    found = recommend_for_checks(
        asking,
        place,
        on,
        [check],
        goods=goods,
        language=language,
        checking=checking,
        at=at,
        local_goods=local_goods,
    )
    return found[check]


def recommend_for_checks(
    asking: City,
    place: RoutingPlace,
    on: date,
    checks: Iterable[str],
    *,
    goods: Sequence[InquiryGoods] = (),
    language: str = "",
    checking: Collection[int] = (),
    at: datetime | None = None,
    local_goods: LocalGoodsByPlace = NO_KNOWN_PLACES,
) -> dict[str, list[Recommendation]]:
    """Return for each kind of check the contacts whom a city may ask, best first.

    The other arguments are those of `recommend_contacts`. Always four queries, for any number of checks.
    """
    contacts = {contact.pk: contact for contact in _contacts(asking, place, checking)}
    links_by_city = agreement_links_by_city(
        {asking.pk, *(contact.city_id for contact in contacts.values())}, on
    )
    # One object for each city, because routing computes the path once for each place object.
    places: dict[int, PlaceFacts] = {}
    for city in (contact.city for contact in contacts.values()):
        if city.pk not in places:
            places[city.pk] = _place_facts(city, local_goods)
    candidates = [
        _candidate(contact, places[contact.city_id], links_by_city, (on, at), contact.pk in checking)
        for contact in contacts.values()
    ]
    found: dict[str, list[Recommendation]] = {}
    for check in checks:
        inquiry = RoutingInquiry(
            city_id=asking.pk,
            place=place,
            agreement_links=links_by_city.get(asking.pk, ()),
            goods=tuple(goods),
            check_kind=check,
            language=language[:2],
        )
        ranked = rank_contacts(inquiry, candidates, on)
        found[check] = [Recommendation(contacts[one.candidate.contact_id], one) for one in ranked]
    return found


def agreement_links_by_city(cities: Collection[int], on: date) -> LinksByCity:
    """Return the confirmed agreements of each city, and for each whether it is active on a date.

    Ended agreements are included, because routing must exclude cities whose agreements have all ended.
    """
    agreements = TwinningAgreement.objects.confirmed_on(on).filter(
        Q(city_a__in=cities) | Q(city_b__in=cities)
    )
    active = active_pairs_since_2015(cities, on)
    found: defaultdict[int, list[AgreementLink]] = defaultdict(list)
    for agreement in agreements.select_related("city_a", "city_b").order_by("pk"):
        for mine, other in ((agreement.city_a_id, agreement.city_b), (agreement.city_b_id, agreement.city_a)):
            if mine in cities:
                link = AgreementLink(
                    city_id=other.pk,
                    name=_lazy_city_name(other),
                    agreement=agreement,
                    is_active=frozenset((mine, other.pk)) in active,
                )
                found[mine].append(link)
    return {city: tuple(links) for city, links in found.items()}


def partner_cities(cities: Collection[int], on: date) -> frozenset[int]:
    """Return the cities with a confirmed agreement in force with one of these cities on a date."""
    found = agreement_links_by_city(cities, on).values() if cities else ()
    return frozenset(link.city_id for links in found for link in links if is_in_force(link.agreement, on))


def median_response_hours(cities: Collection[int]) -> dict[int, int]:
    """Return the median hours to an answer for each of these cities that has answers. One query."""
    rows = Contact.objects.filter(city__in=cities).values_list("city", "answer_times")
    times: defaultdict[int, list[int]] = defaultdict(list)
    for city, hours in rows:
        times[city] += hours
    return {
        city: found for city, hours in times.items() if (found := median_response_time(hours)) is not None
    }


def former_partners_by_city(at: datetime) -> dict[int, set[int]]:
    """Return the former partners of each city: those with whom every agreement has ended.

    The date in that city decides. Inquiries cannot go through such a partner any more. Two queries. Few
    agreements have ended, so searches for dependent data start from this result.
    """
    newest = latest_day(at)
    confirmed = Q(confirmed_a=True, confirmed_b=True)
    has_ended = ~Q(status=TwinningAgreement.Status.RECORDED) | Q(expires_on__lt=newest)
    has_ended |= Q(agreed_until__lt=newest) & ~confirmed
    agreements = TwinningAgreement.objects.select_related("city_a", "city_b")
    pairs = {
        (mine.pk, other.pk)
        for agreement in agreements.filter(has_ended)
        for mine, other in _from_each_side(agreement)
        if _is_over(agreement, mine.day_at(at))
    }
    cities = {city for pair in pairs for city in pair}
    pairs -= {
        (mine.pk, other.pk)
        for agreement in agreements.filter(city_a__in=cities, city_b__in=cities)
        for mine, other in _from_each_side(agreement)
        if agreement.is_confirmed(mine.day_at(at)) and is_in_force(agreement, mine.day_at(at))
    }
    found: dict[int, set[int]] = defaultdict(set)
    for mine, other in pairs:
        found[mine].add(other)
    return dict(found)


def _from_each_side(agreement: TwinningAgreement) -> tuple[tuple[City, City], tuple[City, City]]:
    return (agreement.city_a, agreement.city_b), (agreement.city_b, agreement.city_a)


def _is_over(agreement: TwinningAgreement, on: date) -> bool:
    """Return True if the agreement began and either has ended or is no longer confirmed."""
    lapsed = agreement.agreed_until is not None and not agreement.is_confirmed(on)
    return has_begun(agreement, on) and (lapsed or not is_in_force(agreement, on))


def _city_name(city: City) -> str:
    return city.name


_lazy_city_name = lazy(_city_name, str)  # evaluated when the reason is shown, in the language of the reader


def active_pairs_since_2015(cities: Collection[int], on: date) -> frozenset[Pair]:
    """Return the pairs with one of these cities that had an exchange from 2015 to a date."""
    exchanges = Exchange.objects.filter(Q(from_city__in=cities) | Q(to_city__in=cities), on__gte=ACTIVE_SINCE)
    return active_pairs(exchanges.only("from_city", "to_city", "on", "kind"), ACTIVE_SINCE, on)


def _contacts(asking: City, place: RoutingPlace, checking: Collection[int]) -> Iterable[Contact]:
    contacts = (
        Contact.objects.accepting_inquiries()
        .exclude(city=asking)
        .askable_by(asking)
        .select_related("user", "city", "organization__city")
    )
    if place.country:
        contacts = contacts.filter(Q(city__country=place.country) | Q(pk__in=checking))
    named = Contact.deputies.through.objects.filter(from_contact=OuterRef("pk")).values("to_contact")
    return contacts.annotate(named=ArraySubquery(named)).order_by("pk")


def _place_facts(city: City, local_goods: LocalGoodsByPlace) -> PlaceFacts:
    place = RoutingPlace(city_id=city.pk, subdivision=city.subdivision, country=city.country)
    return place, local_goods.get(routing_place(city), NO_LOCAL_GOODS), _lazy_city_name(city)


def _candidate(
    contact: Any,
    place_facts: PlaceFacts,
    links_by_city: LinksByCity,
    date_and_time: tuple[date, datetime | None],
    checking: bool,
) -> Candidate:
    place, local_goods, place_name = place_facts
    on, at = date_and_time
    local_date = on if at is None else local_day_of(contact, at)
    calendar = holiday_calendar_of(contact)
    return Candidate(
        contact_id=contact.pk,
        place=place,
        agreement_links=links_by_city.get(contact.city_id, ()),
        languages=frozenset(language[:2] for language in contact.languages),
        product_families=frozenset(contact.families),
        check_kinds=frozenset(contact.checks),
        open_task_count=contact.open_questions,
        open_task_limit=contact.task_limit,
        median_answer_hours=contact.answer_hours,
        away_until=max(contact.away_until, on) if contact.is_away(local_date) else None,
        is_on_public_holiday=bool(calendar) and is_public_holiday(calendar, local_date),
        is_checking_this_company=checking,
        has_returned_mail=contact.user.bounced_at is not None,
        deputy_ids=tuple(contact.named),
        name=str(contact),
        local_goods=local_goods,
        place_name=place_name,
    )
