"""Who is meant by "the contact", "the officer", "the approvers": from a thing to people. Reads only."""

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.db.models import Q

from accounts.models import User
from partners.models.cities import City
from partners.models.delegations import Delegation
from partners.models.people import Contact, Membership
from partners.roles import Power
from partners.rules.powers import Powers, powers_of
from procurement.leads.models.offer import SupplierLead
from procurement.orders.gathering.relying import on_company
from procurement.outreach.models import Inquiry
from procurement.verification.models.checks import VerificationTask
from workflow.journal.entries import history_of
from workflow.models.bell import InAppNotice
from workflow.models.evidence import Comment
from workflow.models.journal import Entry
from workflow.models.post import Message
from workflow.outbox import bell

type Audience = Callable[[Any], Iterable[User]]
Role = Membership.Role


def contact(thing: Any) -> list[User]:
    """The contact who was asked, or who brought it."""
    return [thing.contact.user] if thing.contact is not None else []


def keeper(thing: Any) -> list[User]:
    """The person who began it for the city; the city's officers where it names no such person, or that person has left the city.

    What is a person's own (their sign-in, a link) is in no city's care: those who wait for that person, or else the network.
    """
    author = thing.kept_by if isinstance(thing, SupplierLead) else getattr(thing, "author", None)
    if author is not None and author.is_active and not has_left(author, getattr(thing, "city_id", None)):
        return [author]
    if hasattr(thing, "city_id"):
        return officers(thing)
    return askers_of(*oneself(thing)) or overseers()


def has_left(person: User, *cities: int | None, observing: bool = False) -> bool:
    """Whether somebody has no role left with which to act for one of these cities: there, or anywhere if they never had one there.

    `observing`: whether it was something that who only looks on may ask for, too.
    """
    known = {city for city in cities if city is not None}
    if not known:
        return False
    roles = [one for one in Membership.objects.filter(user=person) if observing or one.role != Role.OBSERVER]
    held = [one.status for one in roles if one.city_id in known] or [one.status for one in roles]
    return Membership.Status.ENDED in held and Membership.Status.ACTIVE not in held


def unless_left(person: User, *cities: int | None, observing: bool = False) -> list[User]:
    """A person while they work for one of these cities; where it is no city's business, while they have any role left."""
    if any(city is not None for city in cities):
        gone = has_left(person, *cities, observing=observing)
    else:
        held = set(Membership.objects.filter(user=person).values_list("status", flat=True))
        gone = held == {Membership.Status.ENDED}
    return [] if gone else [person]


def includes(audience: Audience, thing: Any, by: Powers) -> bool:
    """Whether a member whom an audience held once is still in it, by their powers of now: a role of theirs may have ended since."""
    if not decides(audience, thing, by):
        return False
    left = Membership.objects.filter(user=by.user_id, status=Membership.Status.ENDED).exists()
    return not left or any(one.pk == by.user_id for one in audience(thing))


def decides(audience: Audience, thing: Any, by: Powers) -> bool:
    """Whether a person who was asked to decide may still: their role, or the leave to approve for another, may be over by now."""
    return audience is not deciders or by.may(Power.APPROVE, thing)


def concerned(thing: Any) -> list[User]:
    """Those whom a comment on a thing concerns and who may read it: its keeper, earlier commenters, and those who act next; else its
    officers.
    """
    comments = Comment.objects.about(thing)
    last = comments.order_by("-pk").first()
    working = Membership.objects.active().filter(city=last.city_id if last else None).values("user")
    wrote = User.objects.filter(pk__in=comments.values("by"), is_active=True)
    earlier = wrote.filter(pk__in=working).order_by("pk")
    asked = InAppNotice.objects.about(thing).filter(settled_by=None).exclude(entry__verb__in=bell.STAYS)
    next_to_act = User.objects.filter(pk__in=asked.values("recipient"), is_active=True).order_by("pk")
    found = dict.fromkeys([*_keeper_of_any(thing), *earlier, *next_to_act, *_deciding(thing)])
    if last is None:
        return list(found)
    readers = [one for one in found if _reads(one, last)]
    if set(readers) <= {last.by} and hasattr(thing, "city_id"):
        return [*readers, *(one for one in officers(thing) if one not in readers and _reads(one, last))]
    return readers


def _reads(person: User, comment: Comment) -> bool:
    """Whether a person may read what was written: in a city of theirs, or about what was given to them."""
    return Comment.objects.visible_to(powers_of(person, via="clock")).filter(pk=comment.pk).exists()


def _keeper_of_any(thing: Any) -> list[User]:
    kept = hasattr(thing, "city_id") or hasattr(thing, "author") or isinstance(thing, User)
    return keeper(thing) if kept or hasattr(thing, "user") else []


def _deciding(thing: Any) -> list[User]:
    """Those who decide on the thing where it is now."""
    decide = _DECIDE.get((thing._meta.label_lower, getattr(thing, "status", "")))
    return list(decide(thing)) if decide else []


def officers(thing: Any) -> list[User]:
    """The officers of the thing's city."""
    return with_role(thing.city_id, Role.OFFICER)


def judges(thing: Any) -> list[User]:
    """Those who judge reports for the thing's city: its officers and verifiers."""
    return list(dict.fromkeys([*officers(thing), *with_role(thing.city_id, Role.VERIFIER)]))


def deciders(order: Any) -> list[User]:
    """The approvers of the city, and who stands in for one of them on the day the order was handed in, by the city's calendar."""
    approving = with_role(order.city_id, Role.APPROVER)
    handed_in = history_of(order).filter(verb="submit").first()
    if handed_in is None:
        return approving
    day = order.city.day_at(handed_in.at)
    given = Delegation.objects.standing().filter(city=order.city_id, giver__in=[one.pk for one in approving])
    working = Membership.objects.active().filter(city=order.city_id).exclude(role=Role.BROKER)
    deputies = User.objects.filter(
        pk__in=given.filter(starts_on__lte=day, ends_on__gte=day).values("deputy"), is_active=True
    ).filter(pk__in=working.values("user"))
    return list(dict.fromkeys([*approving, *deputies.order_by("pk")]))


def administrators(thing: Any) -> list[User]:
    """Those who look after the people of the thing's city."""
    return with_role(thing.city_id, Role.ADMINISTRATOR)


def go_between(thing: Any) -> list[User]:
    """The officers of the partner city through which a question goes; none where one of its contacts was asked."""
    return with_role(thing.through_city_id, Role.OFFICER) if thing.introducer is None else []


def introducer(inquiry: Any) -> list[User]:
    """The contact of the partner city who was asked whether theirs may be asked; none where its officers were."""
    return [inquiry.introducer.user] if inquiry.introducer is not None else []


def logistics(thing: Any) -> list[User]:
    """Those who receive goods for the thing's city; its officers where nobody does only that."""
    return with_role(thing.city_id, Role.LOGISTICS) or officers(thing)


def dock(thing: Any) -> list[User]:
    """Its officers, and those who receive goods for the thing's city."""
    return list(dict.fromkeys([*officers(thing), *with_role(thing.city_id, Role.LOGISTICS)]))


def keepers_of_lot(lot: Any) -> list[User]:
    """The officers, logistics and verifiers of the lot's city, and the others of it who counted, inspected or released the lot."""
    by_role = [*dock(lot), *with_role(lot.city_id, Role.VERIFIER)]
    acted = history_of(lot, *lot.shipment.receipts.all()).values("by")
    working = Membership.objects.active().filter(city=lot.city_id).exclude(role=Role.BROKER)
    handled = User.objects.filter(pk__in=acted, is_active=True).filter(pk__in=working.values("user"))
    return list(dict.fromkeys([*by_role, *handled.order_by("pk")]))


def broker(thing: Any) -> list[User]:
    """The customs broker it was given to, while they work for its city."""
    return unless_left(thing.broker, thing.city_id) if thing.broker is not None else []


def person(thing: Any) -> list[User]:
    """The person of whom papers are asked, or who takes care of what was handed out."""
    return [thing.person]


def asked_for_papers(shipment: Any) -> list[User]:
    """The people who were asked for papers of the shipment and still owe some, as far as the question reached them."""
    calls = shipment.calls.filter(status="asked", person__is_active=True)
    sent = Message.objects.filter(thing_label=calls.model._meta.label_lower, state=Message.State.SENT)
    owing = [call.pk for call in calls if call.waited_for.exists()]
    reached = sent.filter(thing_id__in=owing, recipient__in=calls.values("person"))
    return list(User.objects.filter(pk__in=reached.values("recipient")).order_by("pk"))


def asker(thing: Any) -> list[User]:
    """Who waits for what the machine does: an order's papers in one file, a file that is entered in the register."""
    return unless_left(thing.by, thing.city_id, observing=True)


def uploader(watch_list: Any) -> list[User]:
    """Who uploaded a list, while they work for a city."""
    return unless_left(watch_list.uploaded_by, watch_list.city_id)


def deputy(delegation: Any) -> list[User]:
    """Who approves for a person who is away."""
    return [delegation.deputy]


def parties(delegation: Any) -> list[User]:
    """Who gave the leave to approve, and who had it."""
    return [delegation.giver, delegation.deputy]


def bringer(version: Any) -> list[User]:
    """Whoever handed a version of a paper in by link; nobody where it was brought at the desk."""
    return [version.author] if version.call_id is not None else []


def keeper_of_call(version: Any) -> list[User]:
    """Whoever asked for the paper for the city."""
    return keeper(version.call) if version.call_id is not None else []


def officers_and_broker(shipment: Any) -> list[User]:
    """The officers of the shipment's city, and the customs broker it was given to."""
    return [*officers(shipment), *broker(shipment)]


def clearers(thing: Any) -> list[User]:
    """Those who can do something about customs: the broker, and logistics."""
    return [*broker(thing), *logistics(thing)]


def offerers(need: Any) -> list[User]:
    """The contacts who brought an offer for this need that still stands."""
    brought = SupplierLead.objects.live().filter(line__supply_request=need)
    brought = brought.exclude(contact__status=Contact.Status.STOPPED)
    return list(
        User.objects.filter(contacts__in=brought.values("contact"), is_active=True).distinct().order_by("pk")
    )


def keeper_of_lead(thing: Any) -> list[User]:
    """Whoever looks after the offer a check or a finding is about."""
    return keeper(thing.lead)


def callers(thing: Any) -> list[User]:
    """Those who phone when three reminders moved nobody: whoever keeps the thing, and the coordinators who oversee its city."""
    return [*keeper(thing), *coordinators(thing.city)]


def callers_of_lead(thing: Any) -> list[User]:
    """The same, for a check or a finding of an offer."""
    return [*keeper_of_lead(thing), *coordinators(thing.city)]


def overseers() -> list[User]:
    """Those who oversee the whole network."""
    roles = Membership.objects.active().filter(city=None, role=Role.COORDINATOR, user__is_active=True)
    return [role.user for role in roles.select_related("user").order_by("pk")]


def coordinators(city: City) -> list[User]:
    """Those who oversee a city: the whole network's, and those of the province or state it lies in."""
    above = Q(city=None) | Q(city=city)
    if city.subdivision:
        above |= Q(city__level__in=City.WHOLE_SUBDIVISIONS, city__subdivision=city.subdivision)
    roles = Membership.objects.active().filter(above, role=Role.COORDINATOR, user__is_active=True)
    return [role.user for role in roles.select_related("user").order_by("pk")]


def register_keepers(about: Any) -> list[User]:
    """Those who keep the register of either side of what it is about: who looks after the city's people, and who coordinates."""
    return _keeping(side for side in (about.side_a, about.side_b) if side is not None)


def tie_keepers(tie: Any) -> list[User]:
    """The same, of an agreement."""
    return _keeping((tie.city_a, tie.city_b))


def confirmers(tie: Any) -> list[User]:
    """Those who keep the register of a side that has not confirmed an agreement."""
    return _keeping(tie.unconfirmed)


def _keeping(sides: Iterable[City]) -> list[User]:
    found = [
        person for side in sides for person in (*with_role(side.pk, Role.ADMINISTRATOR), *coordinators(side))
    ]
    return list(dict.fromkeys(found))


def waiting_on(contact: Any) -> list[User]:
    """Those who wait for an answer or a report of this contact, in every city; and those who did until a city of theirs stopped its
    questions, which the clock has ended since.
    """
    asked = contact.inquiries.filter(status__in=Inquiry.OPEN) | contact.introductions.awaiting_consent()
    asked |= _ended_by_stop(contact, contact.inquiries.all() | contact.introductions.all())
    checks = VerificationTask.objects.waiting().filter(contact=contact).select_related("lead")
    checks |= _ended_by_stop(contact, VerificationTask.objects.filter(contact=contact))
    authors = [person for inquiry in asked.select_related("city", "author") for person in keeper(inquiry)]
    return list(dict.fromkeys([*authors, *(person for task in checks for person in keeper_of_lead(task))]))


def _ended_by_stop(contact: Contact, things: Any) -> Any:
    """Of a contact's questions or checks, those that the clock has taken back since a city last stopped its questions to them."""
    stop = history_of(contact).filter(verb="stop_for_city").first()
    ended = Entry.objects.filter(
        thing_label=things.model._meta.label_lower,
        thing_id__in=things.filter(status="cancelled", city__in=contact.stopped_for).values("pk"),
        verb="cancel",
        via="clock",
        pk__gt=stop.pk if stop is not None else 0,
    )
    return things.filter(pk__in=ended.values("thing_id") if stop is not None else ())


def relying(thing: Any) -> list[User]:
    """The officers of the cities whose verified offers or open orders rest on a company, or on a paper or an account of it."""
    company = getattr(thing, "supplier", thing).current
    held = Membership.objects.active().filter(city__in=on_company(company), role=Role.OFFICER)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))


def asked_cities(change: Any) -> list[User]:
    """The officers of the cities that have still to decide about a proposal."""
    held = Membership.objects.active().filter(city__in=change.waits_for, role=Role.OFFICER)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))


def proposer(change: Any) -> list[User]:
    """Who proposed it, while they work for the city for which they did."""
    return unless_left(change.author, change.proposed_for_id) if change.author.is_active else []


def keepers_of_contact(contact: Any) -> list[User]:
    """Those who look after the contacts of the contact's own city; without any, who coordinates it."""
    own = [*with_role(contact.city_id, Role.ADMINISTRATOR), *officers(contact)]
    return list(dict.fromkeys(own)) or coordinators(contact.city)


def keepers_of_person(user: User) -> list[User]:
    """The same, of every place in which a person is a contact: they may give another address."""
    places = Contact.objects.filter(user=user).exclude(status=Contact.Status.STOPPED).select_related("city")
    return list(dict.fromkeys(person for place in places for person in keepers_of_contact(place)))


def introducers(contact: Any) -> list[User]:
    """The officers of the city that named this contact."""
    return with_role(contact.introduced_by_id, Role.OFFICER)


def askers_of_link(link: Any) -> list[User]:
    """Whoever looks after the thing that a link was about; for a person's own page, who waits for that person's answer."""
    thing = apps.get_model(link.thing_label)._base_manager.filter(pk=link.thing_id).first()
    return keeper(thing) if hasattr(thing, "author") else askers_of(link.user)


def oneself(thing: Any) -> list[User]:
    """The person the thing belongs to."""
    return [thing if isinstance(thing, User) else thing.user]


def askers_of(user: User) -> list[User]:
    """Those who wait for an answer of this person, and those who look after the city the person is in."""
    open_questions = Contact.objects.filter(user=user).values_list("inquiries__author", flat=True)
    introducing = Inquiry.objects.awaiting_consent().filter(introducer__user=user)
    waiting = [*open_questions, *introducing.values_list("author", flat=True)]
    waiting += [one.pk for one in looking_after(user)]
    return list(User.objects.filter(pk__in=waiting, is_active=True).order_by("pk"))


def looking_after(user: User) -> list[User]:
    """Those who look after the people of the cities that a person works for, or is a contact in."""
    works_for = Membership.objects.active().filter(user=user, city__isnull=False)
    cities = [
        *Contact.objects.filter(user=user).values_list("city", flat=True),
        *works_for.values_list("city", flat=True),
    ]
    held = Membership.objects.active().filter(city__in=cities, role=Role.ADMINISTRATOR)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))


def with_role(city_id: int | None, role: str) -> list[User]:
    """The people with a role in a city."""
    held = Membership.objects.active().filter(city=city_id, role=role)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))


_DECIDE: dict[tuple[str, str], Audience] = {
    ("procurement.order", "awaiting_approval"): deciders,
    ("procurement.order", "offered"): deciders,
    ("procurement.supplierlead", "offered"): judges,
    ("procurement.supplierlead", "checking"): judges,
    ("procurement.verificationtask", "submitted"): judges,
    ("procurement.shipment", "planned"): clearers,
    ("procurement.shipment", "packed"): clearers,
    ("procurement.shipment", "departed"): clearers,
    ("procurement.shipment", "arrived"): clearers,
    ("procurement.shipment", "delivered"): logistics,
    ("procurement.lot", "quarantined"): keepers_of_lot,
}
