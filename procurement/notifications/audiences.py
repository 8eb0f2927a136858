"""Recipients of notifications, such as "the contact" or "the approvers" of an item. Reads only."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from partners.cities.models import City
from partners.contacts.models import Contact
from partners.memberships.models import Delegation, Membership
from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.leads.models.leads import SupplierLead
from procurement.orders.queries import cities_depending_on_supplier
from procurement.outreach.models.inquiries import Inquiry, asks_about_line_numbered
from procurement.outreach.queries.letters import announced_line_numbers
from procurement.verification.models import VerificationTask
from workflow.journal.entries import history_of
from workflow.journal.models import Entry
from workflow.outbox.models import Message
from workflow.reminders import MAX_REMINDERS

type Audience = Callable[[Any], Iterable[User]]

# Audiences of people who are asked to approve, and whether the person responsible for the item gets the last reminder.
_DECIDING_AUDIENCES: dict[Audience, bool] = {}

SUBMITTING_VERBS = (
    "submit",
    "propose_change",
)  # moves with which an order, a need or its change begins to wait
Role = Membership.Role


def asks_to_decide[A: Audience](audience: A) -> A:
    """Register an audience of people who are asked to approve an item. Those who may no longer do so are not asked."""
    _DECIDING_AUDIENCES[audience] = False
    return audience


def reminds_to_decide[A: Audience](audience: A) -> A:
    """Register an audience as `asks_to_decide` does; the last reminder also goes to the person responsible."""
    _DECIDING_AUDIENCES[audience] = True
    return audience


def asked_contact(thing: Any) -> list[User]:
    """Return the contact who was asked, or who submitted the item; empty if there is none."""
    return [thing.contact.user] if thing.contact is not None else []


def responsible_officer(thing: Any) -> list[User]:
    """Return the person responsible for the item in the city: usually its author.

    If the author is inactive or has left the city, return the city's officers. For a personal item of no city,
    such as a link, return those who wait for that person's answer, else the network coordinators.
    """
    author = thing.responsible_user if isinstance(thing, SupplierLead) else getattr(thing, "author", None)
    if author is not None and author.is_active and not has_left(author, getattr(thing, "city_id", None)):
        return [author]
    if hasattr(thing, "city_id"):
        return officers(thing)
    return people_waiting_for_person(*item_owner(thing)) or network_coordinators()


def has_left(person: User, *cities: int | None, observing: bool = False) -> bool:
    """Return True if the person had a role in one of these cities and has no active one left.

    For a person who never had a role there, their roles anywhere count. Observer roles count only with
    `observing`, for items that an observer may request as well.
    """
    known = {city for city in cities if city is not None}
    if not known:
        return False
    roles = [one for one in Membership.objects.filter(user=person) if observing or one.role != Role.OBSERVER]
    held = [one.status for one in roles if one.city_id in known] or [one.status for one in roles]
    return Membership.Status.ENDED in held and Membership.Status.ACTIVE not in held


def person_unless_left(person: User, *cities: int | None, observing: bool = False) -> list[User]:
    """Return the person as a list, or an empty list if they have left these cities.

    For an item of no city, the person has left if all their roles have ended.
    """
    if any(city is not None for city in cities):
        gone = has_left(person, *cities, observing=observing)
    else:
        held = set(Membership.objects.filter(user=person).values_list("status", flat=True))
        gone = held == {Membership.Status.ENDED}
    return [] if gone else [person]


def is_still_in_audience(audience: Audience, thing: Any, by: Permissions) -> bool:
    """Return True if a former recipient still belongs to the audience, by their present powers.

    One of their roles may have ended since.
    """
    if not may_still_decide(audience, thing, by):
        return False
    left = Membership.objects.filter(user=by.user_id, status=Membership.Status.ENDED).exists()
    return not left or any(one.pk == by.user_id for one in audience(thing))


def may_still_decide(audience: Audience, thing: Any, by: Permissions) -> bool:
    """Return True unless the person was asked to approve and may no longer do so.

    Their role, or the delegation, may have ended since. The last reminder stays with the person responsible.
    """
    if audience not in _DECIDING_AUDIENCES or by.may(Power.APPROVE, thing):
        return True
    if not _DECIDING_AUDIENCES[audience] or thing.reminders < MAX_REMINDERS:
        return False
    return thing.author_id == by.user_id or any(one.pk == by.user_id for one in responsible_officer(thing))


def officers(thing: Any) -> list[User]:
    """Return the officers of the item's city."""
    return people_with_role(thing.city_id, Role.OFFICER)


def responsible_person_and_officers(thing: Any) -> list[User]:
    """Return the person responsible for the item and the officers of its city."""
    return list(dict.fromkeys([*responsible_officer(thing), *officers(thing)]))


def reviewers(thing: Any) -> list[User]:
    """Return the officers and verifiers of the item's city, who review check reports."""
    return list(dict.fromkeys([*officers(thing), *people_with_role(thing.city_id, Role.VERIFIER)]))


@asks_to_decide
def approvers(order: Any) -> list[User]:
    """Return the approvers of an order's city and their delegates, as `approvers_except` the author."""
    return approvers_except(order, {order.author_id})


def approvers_except(thing: Any, authors: Collection[int]) -> list[User]:
    """Return the approvers of the city, and their delegates on the day the order or need was last submitted.

    That day is taken from the city's calendar. The `authors`, given as ids, are left out, and so are the delegates of
    authors alone: another person must decide.
    """
    approving = [one for one in people_with_role(thing.city_id, Role.APPROVER) if one.pk not in authors]
    handed_in = history_of(thing).filter(verb__in=SUBMITTING_VERBS).first()
    if handed_in is None:
        return approving
    day = thing.city.day_at(handed_in.at)
    given = Delegation.objects.not_revoked().filter(
        city=thing.city_id, delegator__in=[one.pk for one in approving]
    )
    working = Membership.objects.active().filter(city=thing.city_id).exclude(role=Role.BROKER)
    deputies = User.objects.filter(
        pk__in=given.filter(starts_on__lte=day, ends_on__gte=day).values("deputy"), is_active=True
    ).filter(pk__in=working.values("user"))
    return list(dict.fromkeys([*approving, *deputies.exclude(pk__in=authors).order_by("pk")]))


@reminds_to_decide
def approvers_to_remind(order: Any) -> list[User]:
    """Return the approvers, and with the last reminder also the person responsible for the order."""
    last = responsible_officer(order) if order.reminders >= MAX_REMINDERS else []
    return list(dict.fromkeys([*approvers(order), *last]))


def officers_to_remind(order: Any) -> list[User]:
    """Return the people reminded to ask the supplier of an order about its delivery.

    This is the person responsible for the order; with the last reminder also all officers of the city.
    """
    last = officers(order) if order.reminders >= MAX_REMINDERS else []
    return list(dict.fromkeys([*responsible_officer(order), *last]))


def payers_to_remind(payment: Any) -> list[User]:
    """Return the people reminded of a payment that waits: the person responsible for its order and the approvers.

    The last reminder also goes to all officers of the city. The person who proposed the payment is left out of
    them: a second person pays it.
    """
    last = officers(payment) if payment.reminders >= MAX_REMINDERS else []
    payers = [*responsible_officer(payment.order), *people_with_role(payment.city_id, Role.APPROVER), *last]
    return [person for person in dict.fromkeys(payers) if person.pk != payment.proposed_by_id]


def answerers_to_remind(finding: Any) -> list[User]:
    """Return the person responsible for the offer; with the last reminder also its reviewers."""
    last = reviewers(finding) if finding.reminders >= MAX_REMINDERS else []
    return list(dict.fromkeys([*responsible_officer(finding.lead), *last]))


def settlers_to_remind(case: Any) -> list[User]:
    """Return the person responsible for the offer behind a discrepancy; with the last reminder also all officers."""
    last = officers(case) if case.reminders >= MAX_REMINDERS else []
    return list(dict.fromkeys([*responsible_officer(case.lead), *last]))


def order_handlers(order: Any) -> list[User]:
    """Return those who go on with an order: its officers, approvers and logistics staff."""
    return list(dict.fromkeys([*receiving_staff(order), *people_with_role(order.city_id, Role.APPROVER)]))


def administrators(thing: Any) -> list[User]:
    """Return the administrators of the item's city, who manage its people."""
    return people_with_role(thing.city_id, Role.ADMINISTRATOR)


def partner_city_officers(thing: Any) -> list[User]:
    """Return the officers of the partner city whose consent an inquiry needs.

    Empty if a contact of that city was asked instead.
    """
    return people_with_role(thing.through_city_id, Role.OFFICER) if thing.introducer is None else []


def introducing_contact(inquiry: Any) -> list[User]:
    """Return the partner city's contact who was asked for consent to an inquiry.

    Empty if the officers of that city were asked instead.
    """
    return [inquiry.introducer.user] if inquiry.introducer is not None else []


def logistics_staff(thing: Any) -> list[User]:
    """Return the logistics staff of the item's city, or its officers if it has none."""
    return people_with_role(thing.city_id, Role.LOGISTICS) or officers(thing)


def receiving_staff(thing: Any) -> list[User]:
    """Return the officers and the logistics staff of the item's city."""
    return list(dict.fromkeys([*officers(thing), *people_with_role(thing.city_id, Role.LOGISTICS)]))


def lot_staff(lot: Any) -> list[User]:
    """Return the officers, logistics staff and verifiers of the lot's city.

    Adds other people of that city who counted, inspected or released the lot.
    """
    by_role = [*receiving_staff(lot), *people_with_role(lot.city_id, Role.VERIFIER)]
    acted = history_of(lot, *lot.shipment.goods_receipts.all()).values("by")
    working = Membership.objects.active().filter(city=lot.city_id).exclude(role=Role.BROKER)
    handled = User.objects.filter(pk__in=acted, is_active=True).filter(pk__in=working.values("user"))
    return list(dict.fromkeys([*by_role, *handled.order_by("pk")]))


def customs_broker(thing: Any) -> list[User]:
    """Return the customs broker assigned to the item, if the broker still works for its city."""
    return person_unless_left(thing.broker, thing.city_id) if thing.broker is not None else []


def task_assignee(thing: Any) -> list[User]:
    """Return the person who was asked for documents, or who is responsible for distributed goods."""
    return [thing.person]


def order_link_holder(acknowledgement: Any) -> list[User]:
    """Return the person who gets the link of a purchase order; empty if no address is known."""
    return [acknowledgement.person] if acknowledgement.person is not None else []


def people_owing_documents(shipment: Any) -> list[User]:
    """Return the people who still owe documents of the shipment and received the request."""
    asked = shipment.document_requests.filter(status="open", person__is_active=True)
    sent = Message.objects.filter(thing_label=asked.model._meta.label_lower, state=Message.State.SENT)
    owing = [one.pk for one in asked if one.still_expected_documents.exists()]
    reached = sent.filter(thing_id__in=owing, recipient__in=asked.values("person"))
    return list(User.objects.filter(pk__in=reached.values("recipient")).order_by("pk"))


def job_requester(thing: Any) -> list[User]:
    """Return the user who waits for a job of the system, such as an audit file or a register import.

    Empty if they have left the city.
    """
    return person_unless_left(thing.by, thing.city_id, observing=True)


def people_responsible_for_both_needs(allocation: Any) -> list[User]:
    """Return who is responsible for the need that gets the goods, and for the need for which they were offered."""
    lines = [line for line in (allocation.line, allocation.lead.line) if line is not None]
    people = [person for line in lines for person in responsible_officer(line.supply_request)]
    return list(dict.fromkeys(people))


def allocation_plan_author(plan: Any) -> list[User]:
    """Return the author of an allocation plan; empty if they have left one of its cities."""
    return [] if any(has_left(plan.author, city) for city in plan.city_ids) else [plan.author]


def watchlist_uploader(watchlist: Any) -> list[User]:
    """Return the user who uploaded a watchlist, while they work for a city."""
    return person_unless_left(watchlist.uploaded_by, watchlist.city_id)


def approval_delegate(delegation: Any) -> list[User]:
    """Return the delegate who approves for an absent person."""
    return [delegation.deputy]


def delegation_parties(delegation: Any) -> list[User]:
    """Return both persons of a delegation."""
    return [delegation.delegator, delegation.deputy]


def document_submitter(version: Any) -> list[User]:
    """Return the author of a submission by link; empty if the city's staff added the document."""
    return [version.author] if version.request_id is not None else []


def document_request_author(version: Any) -> list[User]:
    """Return the person who requested the document for the city; empty without a request."""
    return responsible_officer(version.request) if version.request_id is not None else []


def officers_and_broker(shipment: Any) -> list[User]:
    """Return the officers of the shipment's city and its customs broker."""
    return [*officers(shipment), *customs_broker(shipment)]


def customs_staff(thing: Any) -> list[User]:
    """Return those who can act on customs: the broker and the logistics staff."""
    return [*customs_broker(thing), *logistics_staff(thing)]


def contacts_with_live_offer(need: Any) -> list[User]:
    """Return the contacts who submitted an offer for this need that has not ended."""
    brought = SupplierLead.objects.live().filter(line__supply_request=need)
    brought = brought.exclude(contact__status=Contact.Status.OPTED_OUT)
    return list(
        User.objects.filter(contacts__in=brought.values("contact"), is_active=True).distinct().order_by("pk")
    )


def contacts_without_inquiry(need: Any) -> list[User]:
    """Return the contacts who work on a need without an inquiry about it.

    They made an offer for it that has not ended, or carry out a check of one.

    Contacts with an inquiry are notified by it; also by the need only if it changed a line of their offer or check that
    they were not asked about.
    """
    changed = announced_line_numbers(need)
    offers = SupplierLead.objects.live().filter(line__supply_request=need)
    offers = offers.filter(_is_not_notified_by_inquiry(need, "line__position", changed))
    checks = VerificationTask.objects.waiting().filter(lead__line__supply_request=need)
    checks = checks.filter(_is_not_notified_by_inquiry(need, "lead__line__position", changed))
    contacts = Contact.objects.filter(Q(pk__in=offers.values("contact")) | Q(pk__in=checks.values("contact")))
    contacts = contacts.exclude(status=Contact.Status.OPTED_OUT).exclude(stopped_for__contains=[need.city_id])
    return list(User.objects.filter(contacts__in=contacts, is_active=True).distinct().order_by("pk"))


def _is_not_notified_by_inquiry(need: Any, number: str, changed: Collection[int]) -> Q:
    """Return the condition for offers or checks whose contact no inquiry about the need notifies of its change.

    `number` is the column with the number of their line, and `changed` are the numbers of the lines that changed.
    """
    asked = Inquiry.objects.filter(
        supply_request=need, sent_at__isnull=False, contact__user=OuterRef("contact__user")
    )
    not_about_line = ~Q(Exists(asked.filter(asks_about_line_numbered(number))))
    return ~Q(Exists(asked)) | Q((f"{number}__in", changed)) & not_about_line


def responsible_officer_of_lead(thing: Any) -> list[User]:
    """Return the person responsible for the offer that a check or a finding is about."""
    return responsible_officer(thing.lead)


def phone_callers(thing: Any) -> list[User]:
    """Return those who phone after three unanswered reminders.

    These are the person responsible for the item and the coordinators of its city.
    """
    return [*responsible_officer(thing), *coordinators(thing.city)]


def staff_to_phone_about_offer(thing: Any) -> list[User]:
    """Return those who phone about a check or a finding of an offer after three unanswered reminders."""
    return [*responsible_officer_of_lead(thing), *coordinators(thing.city)]


def network_coordinators() -> list[User]:
    """Return the coordinators of the whole network."""
    roles = Membership.objects.active().filter(city=None, role=Role.COORDINATOR, user__is_active=True)
    return [role.user for role in roles.select_related("user").order_by("pk")]


def coordinators(city: City) -> list[User]:
    """Return the coordinators of a city: its own, those of the network and those of its province or state."""
    above = Q(city=None) | Q(city=city)
    if city.subdivision:
        above |= Q(city__level__in=City.WHOLE_SUBDIVISION_LEVELS, city__subdivision=city.subdivision)
    roles = Membership.objects.active().filter(above, role=Role.COORDINATOR, user__is_active=True)
    return [role.user for role in roles.select_related("user").order_by("pk")]


def coordinators_of_item(thing: Any) -> list[User]:
    """Return the coordinators of the item's city."""
    return coordinators(thing.city)


def register_editors(about: Any) -> list[User]:
    """Return those who keep the register for either city involved: administrators and coordinators."""
    return _editors_of_cities(side for side in (about.side_a, about.side_b) if side is not None)


def agreement_editors(agreement: Any) -> list[User]:
    """Return those who keep the register for either city of a twinning agreement."""
    return _editors_of_cities((agreement.city_a, agreement.city_b))


def editors_of_unconfirmed_side(agreement: Any) -> list[User]:
    """Return those who keep the register for each city that has not confirmed an agreement."""
    return _editors_of_cities(agreement.unconfirmed_cities)


def _editors_of_cities(sides: Iterable[City]) -> list[User]:
    found = [
        person
        for side in sides
        for person in (*people_with_role(side.pk, Role.ADMINISTRATOR), *coordinators(side))
    ]
    return list(dict.fromkeys(found))


def people_waiting_for_contact(contact: Any) -> list[User]:
    """Return those who wait for an answer or a report of this contact, in every city.

    Includes those whose inquiry or check the periodic job cancelled after their city stopped its inquiries to the
    contact.
    """
    asked = (
        contact.inquiries.filter(status__in=Inquiry.Status.open) | contact.introductions.awaiting_consent()
    )
    asked |= _cancelled_by_stop(contact, contact.inquiries.all() | contact.introductions.all())
    checks = VerificationTask.objects.waiting().filter(contact=contact).select_related("lead")
    checks |= _cancelled_by_stop(contact, VerificationTask.objects.filter(contact=contact))
    authors = [
        person
        for inquiry in asked.select_related("city", "author")
        for person in responsible_officer(inquiry)
    ]
    return list(
        dict.fromkeys(
            [*authors, *(person for task in checks for person in responsible_officer_of_lead(task))]
        )
    )


def _cancelled_by_stop(contact: Contact, things: Any) -> Any:
    """Return the inquiries or checks cancelled by the periodic job since the latest stop.

    A stop is a city's decision to end its inquiries to the contact.
    """
    stop = history_of(contact).filter(verb="stop_for_city").first()
    ended = Entry.objects.filter(
        thing_label=things.model._meta.label_lower,
        thing_id__in=things.filter(status="cancelled", city__in=contact.stopped_for).values("pk"),
        verb="cancel",
        via="clock",
        pk__gt=stop.pk if stop is not None else 0,
    )
    return things.filter(pk__in=ended.values("thing_id") if stop is not None else ())


def officers_of_dependent_cities(thing: Any) -> list[User]:
    """Return the officers of cities whose verified offers or open orders depend on a company.

    Also accepts a certificate or an account of the company.
    """
    company = getattr(thing, "supplier", thing).current_row
    held = Membership.objects.active().filter(
        city__in=set(cities_depending_on_supplier(company)), role=Role.OFFICER
    )
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))


def officers_of_undecided_cities(change: Any) -> list[User]:
    """Return the officers of the cities that have not decided on a proposal yet."""
    held = Membership.objects.active().filter(city__in=change.undecided_city_ids, role=Role.OFFICER)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))


def change_proposer(change: Any) -> list[User]:
    """Return the author of a proposal, while they work for the city they proposed it for."""
    return person_unless_left(change.author, change.proposed_for_id) if change.author.is_active else []


def contact_managers(contact: Any) -> list[User]:
    """Return those who manage the contacts of the contact's city, or its coordinators if there are none."""
    own = [*people_with_role(contact.city_id, Role.ADMINISTRATOR), *officers(contact)]
    return list(dict.fromkeys(own)) or coordinators(contact.city)


def managers_of_person(user: User) -> list[User]:
    """Return those who manage the contacts of each city in which the person is a contact.

    They can enter another address.
    """
    places = Contact.objects.filter(user=user).exclude(status=Contact.Status.OPTED_OUT).select_related("city")
    return list(dict.fromkeys(person for place in places for person in contact_managers(place)))


def officers_of_nominating_city(contact: Any) -> list[User]:
    """Return the officers of the city that named this contact."""
    return people_with_role(contact.introduced_by_id, Role.OFFICER)


def officer_of_linked_item(link: Any) -> list[User]:
    """Return the person responsible for the item of a link.

    For a link to a person's own page: those who wait for that person's answer.
    """
    thing = apps.get_model(link.thing_label)._base_manager.filter(pk=link.thing_id).first()
    return responsible_officer(thing) if hasattr(thing, "author") else people_waiting_for_person(link.user)


def item_owner(thing: Any) -> list[User]:
    """Return the person the item belongs to."""
    return [thing if isinstance(thing, User) else thing.user]


def people_waiting_for_person(user: User) -> list[User]:
    """Return those who wait for an answer of this person, and the administrators of the person's cities."""
    open_questions = Contact.objects.filter(user=user).values_list("inquiries__author", flat=True)
    introducing = Inquiry.objects.awaiting_consent().filter(introducer__user=user)
    waiting = [*open_questions, *introducing.values_list("author", flat=True)]
    waiting += [one.pk for one in administrators_of(user)]
    return list(User.objects.filter(pk__in=waiting, is_active=True).order_by("pk"))


def administrators_of(user: User) -> list[User]:
    """Return the administrators of the cities in which a person works or is a contact."""
    works_for = Membership.objects.active().filter(user=user, city__isnull=False)
    cities = [
        *Contact.objects.filter(user=user).values_list("city", flat=True),
        *works_for.values_list("city", flat=True),
    ]
    held = Membership.objects.active().filter(city__in=cities, role=Role.ADMINISTRATOR)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))


def people_with_role(city_id: int | None, role: str) -> list[User]:
    """Return the active users with a role in a city."""
    held = Membership.objects.active().filter(city=city_id, role=role)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))
