"""The rows behind a ranking: contacts, their cities' ties and what passed between them, read once, ranked by routing.py."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.utils.functional import lazy

from partners.days_off import is_day_off
from partners.models.cities import City
from partners.models.people import Contact
from partners.models.ties import Exchange, Twinning
from partners.register.passed import ACTIVE_SINCE, Pair, active_pairs
from partners.register.standing import begun, holds
from partners.routing import order
from partners.routing.order import Ranked
from partners.routing.values import Candidate, Link, Place, Question
from partners.rules.answers import usual
from partners.rules.hours import holidays_of, today_of
from workflow.days import latest_day

type Ties = dict[int, tuple[Link, ...]]


@dataclass(frozen=True)
class Suggestion:
    """A contact with their rank."""

    contact: Contact
    ranked: Ranked


def place_of(city: City) -> Place:
    """A city as routing sees it. A province stands for all that lies in it."""
    inside = None if city.is_province else city.pk
    return Place(city_id=inside, subdivision=city.subdivision, country=city.country)


def suggest(
    asking: City,
    place: Place,
    on: date,
    *,
    family: str = "",
    check: str = "",
    language: str = "",
    checking: Collection[int] = (),
    at: datetime | None = None,
) -> list[Suggestion]:
    """Whom a city may ask about a place on a day, best first. `checking` holds the contacts who look into the company already; with
    the moment `at` somebody is away, or has a holiday, by the day it is where they are.

    Four queries, however many contacts there are.
    """
    contacts = {contact.pk: contact for contact in _contacts(asking, place, checking)}
    ties = ties_of({asking.pk, *(contact.city_id for contact in contacts.values())}, on)
    question = Question(
        city_id=asking.pk,
        place=place,
        ties=ties.get(asking.pk, ()),
        family=family,
        check=check,
        language=language[:2],
    )
    places: dict[
        int, Place
    ] = {}  # one for each city, however many contacts sit there: routing looks for a way once a city
    candidates = [
        _candidate(contact, places, ties, (on, at), contact.pk in checking) for contact in contacts.values()
    ]
    ranked = order.rank(question, candidates, on)
    return [Suggestion(contacts[one.candidate.contact_id], one) for one in ranked]


def ties_of(cities: Collection[int], on: date) -> Ties:
    """Each city's ties, with whether they are active on a day. Ended ones too: routing must know them to leave them out."""
    agreements = Twinning.objects.confirmed(on).filter(Q(city_a__in=cities) | Q(city_b__in=cities))
    active = active_since_2015(cities, on)
    found: defaultdict[int, list[Link]] = defaultdict(list)
    for tie in agreements.select_related("city_a", "city_b").order_by("pk"):
        for mine, other in ((tie.city_a_id, tie.city_b), (tie.city_b_id, tie.city_a)):
            if mine in cities:
                link = Link(
                    city_id=other.pk,
                    name=_named(other),
                    agreement=tie,
                    active=frozenset((mine, other.pk)) in active,
                )
                found[mine].append(link)
    return {city: tuple(links) for city, links in found.items()}


def partners_of(cities: Collection[int], on: date) -> frozenset[int]:
    """Every city with a standing tie to one of these on a day."""
    found = ties_of(cities, on).values() if cities else ()
    return frozenset(link.city_id for links in found for link in links if holds(link.agreement, on))


def usual_in(cities: Collection[int]) -> dict[int, int]:
    """The median hours to an answer in each of these cities where somebody has answered. One query."""
    rows = Contact.objects.filter(city__in=cities).values_list("city", "answer_times")
    times: defaultdict[int, list[int]] = defaultdict(list)
    for city, hours in rows:
        times[city] += hours
    return {city: found for city, hours in times.items() if (found := usual(hours)) is not None}


def ended_ties(at: datetime) -> dict[int, set[int]]:
    """Each city's former partners: those of whom every agreement with it has ended, by the day it is in that city. Nothing goes
    through them any more.

    Two queries; few agreements have ended, so what hangs on them is looked for from here.
    """
    newest = latest_day(at)
    confirmed = Q(confirmed_a=True, confirmed_b=True)
    over = ~Q(status=Twinning.Status.RECORDED) | Q(expires_on__lt=newest)
    over |= Q(agreed_until__lt=newest) & ~confirmed
    ties = Twinning.objects.select_related("city_a", "city_b")
    pairs = {
        (mine.pk, other.pk)
        for tie in ties.filter(over)
        for mine, other in _from_each_side(tie)
        if _is_over(tie, mine.day_at(at))
    }
    cities = {city for pair in pairs for city in pair}
    pairs -= {
        (mine.pk, other.pk)
        for tie in ties.filter(city_a__in=cities, city_b__in=cities)
        for mine, other in _from_each_side(tie)
        if tie.is_confirmed(mine.day_at(at)) and holds(tie, mine.day_at(at))
    }
    found: dict[int, set[int]] = defaultdict(set)
    for mine, other in pairs:
        found[mine].add(other)
    return dict(found)


def _from_each_side(tie: Twinning) -> tuple[tuple[City, City], tuple[City, City]]:
    return (tie.city_a, tie.city_b), (tie.city_b, tie.city_a)


def _is_over(tie: Twinning, on: date) -> bool:
    """Whether it has held, and does no longer; or both sides had confirmed it up to a day that has passed."""
    lapsed = tie.agreed_until is not None and not tie.is_confirmed(on)
    return begun(tie, on) and (lapsed or not holds(tie, on))


def _name(city: City) -> str:
    return city.name


_named = lazy(_name, str)  # read when the reason is told, in the language it is told in


def active_since_2015(cities: Collection[int], on: date) -> frozenset[Pair]:
    """The pairs with one of these cities that exchanged something since 2015, up to a day."""
    exchanges = Exchange.objects.filter(Q(from_city__in=cities) | Q(to_city__in=cities), on__gte=ACTIVE_SINCE)
    return active_pairs(exchanges.only("from_city", "to_city", "on", "kind"), ACTIVE_SINCE, on)


def _contacts(asking: City, place: Place, checking: Collection[int]) -> Iterable[Contact]:
    contacts = (
        Contact.objects.answering()
        .exclude(city=asking)
        .asked_by(asking)
        .select_related("user", "city", "organisation__city")
    )
    if place.country:
        contacts = contacts.filter(Q(city__country=place.country) | Q(pk__in=checking))
    named = Contact.deputies.through.objects.filter(from_contact=OuterRef("pk")).values("to_contact")
    return contacts.annotate(named=ArraySubquery(named)).order_by("pk")


def _candidate(
    contact: Any, places: dict[int, Place], ties: Ties, day: tuple[date, datetime | None], checking: bool
) -> Candidate:
    city = contact.city
    on, at = day
    there = on if at is None else today_of(contact, at)
    where = holidays_of(contact)
    place = Place(city_id=city.pk, subdivision=city.subdivision, country=city.country)
    return Candidate(
        contact_id=contact.pk,
        place=places.setdefault(city.pk, place),
        ties=ties.get(contact.city_id, ()),
        languages=frozenset(language[:2] for language in contact.languages),
        families=frozenset(contact.families),
        checks=frozenset(contact.checks),
        open_questions=contact.open_questions,
        task_limit=contact.task_limit,
        answer_hours=contact.answer_hours,
        away_until=max(contact.away_until, on) if contact.is_away(there) else None,
        off=bool(where) and is_day_off(where, there),
        checks_this_company=checking,
        mail_returned=contact.user.bounced_at is not None,
        deputies=tuple(contact.named),
        name=str(contact),
    )
