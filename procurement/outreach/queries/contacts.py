"""Contacts suggested for an inquiry, with earlier inquiries to them and their cities. Reads only."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, prefetch_related_objects

from partners.cities.models import City
from partners.contacts.models import Contact
from partners.routing.contact_paths import RoutingPlace
from partners.routing.ranking import best_unasked
from partners.routing.recommendations import Recommendation, recommend_contacts
from procurement.catalogue.routing_goods import goods_by_family
from procurement.outreach.models.consents import IntroductionConsent
from procurement.outreach.models.inquiries import Inquiry, asks_about_lines
from procurement.outreach.queries.local_goods import local_goods_by_place
from procurement.outreach.rules.consents import consent_between
from procurement.requests.models import RequestLine, SupplyRequest

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


LOOKBACK_PERIOD = timedelta(days=90)  # older inquiries do not show which goods a contact can find now


def suggested_contacts(
    need: SupplyRequest, at: datetime, language: str, line_numbers: Collection[int] = ()
) -> list[Recommendation]:
    """Return the contacts who could be asked about a need at this time, best first.

    `language` is the officer's language. The lines still to find count, or all lines if nothing is left to find;
    with `line_numbers`, only lines with these numbers. Five queries, and one each for lines and products that are
    not loaded.
    """
    on = need.city.day_at(at)
    asked = (line for line in need.lines.all() if not line_numbers or line.position in line_numbers)
    lines = sorted(asked, key=lambda line: line.position)
    prefetch_related_objects(lines, "product")
    wanted = [line for line in lines if line.quantity_to_find] or lines
    goods = goods_by_family(line.product for line in wanted)
    return recommend_contacts(
        need.city,
        RoutingPlace(),
        on,
        goods=goods,
        language=language,
        at=at,
        local_goods=local_goods_by_place(need.city, {one.family for one in goods}, on),
    )


def contacts_already_asked(need: SupplyRequest) -> frozenset[int]:
    """Return the ids of the contacts who were asked about a need, whatever they answered.

    All contacts of the same person, at other offices, are included.
    """
    asked_ones = need.inquiries.values("contact__user")
    return frozenset(Contact.objects.filter(user__in=asked_ones).values_list("pk", flat=True))


def last_inquiries_between(pairs: Collection[frozenset[int]]) -> dict[frozenset[int], datetime]:
    """Return the given pairs of cities through which an inquiry went or will go.

    Each comes with the time when its last inquiry was written. An inquiry through a partner city counts for
    two pairs: the asking city with the partner city, and the partner city with the contact's city.
    """
    cities = {city for pair in pairs for city in pair}
    rows = Inquiry.objects.exclude(status=Inquiry.Status.CANCELLED, sent_at=None)
    rows = rows.filter(Q(city__in=cities) | Q(contact__city__in=cities)).order_by("created_at")
    found: dict[frozenset[int], datetime] = {}
    for city, through, there, written in rows.values_list(
        "city", "through_city", "contact__city", "created_at"
    ):
        steps = ((city, there),) if through is None else ((city, through), (through, there))
        found |= {pair: written for pair in map(frozenset, steps) if pair in pairs}
    return found


class EarlierInquiry(NamedTuple):
    """An inquiry to the same person about the same goods, for another need.

    `city` is None if the reader may not see that inquiry.
    """

    city: City | None
    asked_at: datetime
    answered_at: datetime | None


def earlier_inquiries(
    need: SupplyRequest,
    people: Collection[int],
    powers: "Permissions",
    at: datetime,
    line_numbers: Collection[int] = (),
) -> tuple[dict[int, Inquiry], dict[int, list[EarlierInquiry]]]:
    """Return earlier inquiries to these people, with two queries for any number of people.

    The first dictionary holds the inquiries about this need by contact id. The second holds, by user id and newest
    first, the inquiries about the same goods for other needs in the last 90 days, to any of the person's offices;
    with `line_numbers`, only the goods of these lines count. For an inquiry that the reader may not see, it shows
    when it was sent and answered, never the city.
    """
    goods = RequestLine.objects.filter(supply_request=need).numbered(line_numbers).values("product")
    same = asks_about_lines(RequestLine.objects.filter(product__in=goods))
    elsewhere = Q(contact__user__in=people, sent_at__gte=at - LOOKBACK_PERIOD) & same
    seen = Exists(Inquiry.objects.visible_to(powers).filter(pk=OuterRef("pk")))
    rows: Any = Inquiry.objects.filter(Q(supply_request=need) | elsewhere).annotate(seen=seen)
    here: dict[int, Inquiry] = {}
    found: defaultdict[int, list[EarlierInquiry]] = defaultdict(list)
    for one in rows.select_related("city", "contact").order_by("-sent_at", "-pk"):
        if one.supply_request_id == need.pk:
            here[one.contact_id] = one
        else:
            city = one.city if one.seen else None
            found[one.contact.user_id].append(EarlierInquiry(city, one.sent_at, one.answered_at))
    return _by_every_office_of_person(here), dict(found)


def _by_every_office_of_person(here: dict[int, Inquiry]) -> dict[int, Inquiry]:
    """Add the other contacts of each person: a person asked at one office counts as asked at all."""
    by_user = {one.contact.user_id: one for one in here.values()}
    others = Contact.objects.filter(user__in=by_user).exclude(pk__in=here) if by_user else ()
    return {other.pk: by_user[other.user_id] for other in others} | here


def best_suggestion(suggestions: Iterable[Recommendation], asked: Iterable[int]) -> Recommendation | None:
    """Return the suggestion to ask first: not asked yet, with room, and within reach; else None."""
    known = {one.contact.pk: one for one in suggestions}
    found = best_unasked((one.ranked_contact for one in known.values()), frozenset(asked))
    return known[found.candidate.contact_id] if found is not None else None


def consent_for_suggestion(
    need: SupplyRequest, chosen: Recommendation | None, at: datetime
) -> IntroductionConsent | None:
    """Return the earlier consent with which an inquiry to this contact is sent at once.

    None if the contact is asked directly, or if the partner city is asked first.
    """
    via = chosen.ranked_contact.path.via if chosen is not None else None
    if chosen is None or via is None:
        return None
    return consent_between(need.city_id, via.city_id, chosen.contact.pk, at)


def intermediary_city(chosen: Recommendation) -> City | None:
    """Return the partner city that must be asked first, or None if the contact is asked directly."""
    via = chosen.ranked_contact.path.via
    return City.objects.get(pk=via.city_id) if via is not None else None
