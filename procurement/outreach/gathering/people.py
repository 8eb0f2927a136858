"""Whom a need could be asked of, and who was asked: read for the doors, ranked by routing. Writes nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Exists, OuterRef, Q

from partners.candidates import Suggestion, suggest
from partners.models.cities import City
from partners.models.people import Contact
from partners.routing.order import next_to_ask
from partners.routing.reasons import Reason
from partners.routing.values import Place
from procurement.outreach.letters import Letter, compose
from procurement.outreach.models import Inquiry
from procurement.requests.models import RequestLine, SupplyRequest
from workflow.tongues import in_three

if TYPE_CHECKING:
    from partners.rules.powers import Powers

LOOKED_BACK = timedelta(days=90)  # what was asked before says little about what somebody has now


def suggested_contacts(need: SupplyRequest, at: datetime, language: str) -> list[Suggestion]:
    """The contacts who could be asked about a need at a moment, best first; `language` is the officer's."""
    first = min(need.lines.all(), key=lambda line: line.position, default=None)
    family = first.product.family if first is not None else ""
    return suggest(need.city, Place(), need.city.day_at(at), family=family, language=language, at=at)


def asked(need: SupplyRequest) -> frozenset[int]:
    """The contacts who were asked about a need, whatever became of it; a person's places at other offices count as asked with them."""
    asked_ones = need.inquiries.values("contact__user")
    return frozenset(Contact.objects.filter(user__in=asked_ones).values_list("pk", flat=True))


def asked_through(pairs: Collection[frozenset[int]]) -> dict[frozenset[int], datetime]:
    """Of these pairs of places those between which somebody was asked, or is about to be, with when the last question was written.

    A question that goes through a partner city rests on two agreements: ours with it, and its own with the contact's city.
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


class Elsewhere(NamedTuple):
    """The same goods, asked of the same person for another need. `city` is None where the reader may not see that question."""

    city: City | None
    asked_at: datetime
    answered_at: datetime | None


def asked_before(
    need: SupplyRequest, people: Collection[int], powers: "Powers", at: datetime
) -> tuple[dict[int, Inquiry], dict[int, list[Elsewhere]]]:
    """Two things in two queries, however many people: by contact, the questions about this need; and by user, what they were
    asked about the same goods in the last 90 days for another, the newest first, wherever they sit.

    Of a question that the reader may not see it tells what and when, never whose it is.
    """
    same = RequestLine.objects.filter(product__in=need.lines.values("product")).values("supply_request")
    elsewhere = Q(contact__user__in=people, supply_request__in=same, sent_at__gte=at - LOOKED_BACK)
    seen = Exists(Inquiry.objects.visible_to(powers).filter(pk=OuterRef("pk")))
    rows: Any = Inquiry.objects.filter(Q(supply_request=need) | elsewhere).annotate(seen=seen)
    here: dict[int, Inquiry] = {}
    found: defaultdict[int, list[Elsewhere]] = defaultdict(list)
    for one in rows.select_related("city", "contact").order_by("-sent_at", "-pk"):
        if one.supply_request_id == need.pk:
            here[one.contact_id] = one
        else:
            city = one.city if one.seen else None
            found[one.contact.user_id].append(Elsewhere(city, one.sent_at, one.answered_at))
    return _at_every_office(here), dict(found)


def _at_every_office(here: dict[int, Inquiry]) -> dict[int, Inquiry]:
    """Who was asked at one office was asked: the question counts for their places at others as well."""
    by_user = {one.contact.user_id: one for one in here.values()}
    others = Contact.objects.filter(user__in=by_user).exclude(pk__in=here) if by_user else ()
    return {other.pk: by_user[other.user_id] for other in others} | here


def best_of(suggestions: Iterable[Suggestion], asked: Iterable[int]) -> Suggestion | None:
    """Of the suggested, whoever is to be asked first: not asked yet, with room, and within reach."""
    known = {one.contact.pk: one for one in suggestions}
    found = next_to_ask((one.ranked for one in known.values()), frozenset(asked))
    return known[found.candidate.contact_id] if found is not None else None


def go_between(chosen: Suggestion) -> City | None:
    """The partner city that is asked first, if the way to somebody goes through one."""
    via = chosen.ranked.path.via
    return City.objects.get(pk=via.city_id) if via is not None else None


def letters(need: SupplyRequest, contact: Contact, own: str) -> tuple[Letter, Letter | None]:
    """The letter in the contact's language, and in the officer's own where it is another."""
    lines = list(
        RequestLine.objects.filter(supply_request=need).select_related("product").order_by("position")
    )
    theirs = compose(need, lines, contact, contact.user.language)
    return theirs, None if contact.user.language == own else compose(need, lines, contact, own)


def drafts(need: SupplyRequest, contact: Contact, own: str) -> dict[str, str]:
    """What `propose` is given of both letters as they are composed; nothing of the own one where both speak one language."""
    theirs, ours = letters(need, contact, own)
    words = {"subject": theirs.subject, "body": theirs.body}
    return words if ours is None else words | {"subject_own": ours.subject, "body_own": ours.body}


def told(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """The grounds of a rank as they are kept with the question, in every reader's language."""
    return [{"code": reason.code, **in_three(reason.words)} for reason in reasons]
