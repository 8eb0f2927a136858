"""What one message is: to whom, in which words, with which link, at which hour, and while what holds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.models.people import Contact, Membership
from procurement.catalogue.models.facts import Dealing
from procurement.leads.models.offer import SupplierLead
from procurement.leads.screening.papers import NOT_SHOWN_YET
from procurement.notices.audiences import Audience
from procurement.orders.gathering.relying import on_company
from procurement.orders.models.order import Order
from procurement.outreach.gathering import changes
from procurement.outreach.rules.readiness import can_be_sent
from procurement.requests import rules
from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.handing import PaperVersion
from procurement.shipments.models.thanks import ThanksNote
from procurement.shipments.rules.handing import OVER
from procurement.verification.rules import sharing
from workflow.errors import Words
from workflow.models.journal import Entry
from workflow.models.post import Message

type Condition = Callable[[Any, Entry], bool]
type Link = Callable[[Any], dict[str, Any]]  # what accounts is asked to make when the message is sent
WANTS_MORE, UNSEEN = "wants_more", "unseen"  # what decides whether many notices still wait, by name
STAFF = "staff"  # one template for everybody who signs in: what happened, and the page
INVITATION = "invitation"
CASE_ENDS = ("settle", "drop", "take_back")
UNSAFE = (Lot.Status.REFUSED, Lot.Status.RECALLED)


def always(_thing: Any, _entry: Entry) -> bool:
    """The condition of most rows."""
    return True


def no_link(_thing: Any) -> dict[str, Any]:
    """Most messages to people who sign in name the page, and need no link."""
    return {}


def answer(_thing: Any) -> dict[str, Any]:
    """To answer this one thing, without an account."""
    return {"purpose": "answer"}


def own_page(thing: Any) -> dict[str, Any]:
    """To the contact's own page, where everything asked of them stands."""
    contact = thing if isinstance(thing, Contact) else thing.contact
    return {
        "purpose": "my-page",
        "thing_label": "partners.contact",
        "thing_id": contact.pk,
        "city_id": contact.city_id,
    }


def of_its_call(version: Any) -> dict[str, Any]:
    """To the page of the papers that were asked of whoever handed this one in."""
    return {
        "purpose": "answer",
        "thing_label": "procurement.papercall",
        "thing_id": version.call_id,
        "city_id": version.city_id,
    }


def the_same_again(link: Any) -> dict[str, Any]:
    """A fresh link to what an expired one led to."""
    return {
        "purpose": link.purpose,
        "thing_label": link.thing_label,
        "thing_id": link.thing_id,
        "city_id": link.city_id,
    }


def code(_thing: Any) -> dict[str, Any]:
    """Six digits instead of a link."""
    return {"purpose": "code"}


def invitation(_thing: Any) -> dict[str, Any]:
    """To take up a role."""
    return {"purpose": INVITATION}


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One message. Contacts get words of their own (`template`); who signs in gets a subject and a sentence (`STAFF`).

    Each says until when it is true: in the statuses `while_at`, as long as `still` answers yes, or for good (`stays`). That is
    asked as it is planned, as it is sent and as it is shown. A `receipt` answers what its reader has just done, so it goes at
    once, at any hour. `lasts` is how long it is worth trying. `holds` is asked as it is planned.
    """

    audience: Audience
    template: str = STAFF
    subject: Words = ""
    says: Words = ""
    link: Link = no_link
    while_at: frozenset[str] = frozenset()
    receipt: bool = False
    lasts: timedelta = timedelta(days=7)
    holds: Condition = always
    still: Condition = always
    stays: bool = False
    own_deed: bool = False  # a receipt only for who did it themselves: what was done for them can wait
    mailed: Condition = always  # several of one moment may stand in one mail
    together: bool = False  # whether its mail tells of the others, too
    call: bool = False  # whether it asks its reader to phone, with the number and the words

    def __post_init__(self) -> None:
        if not (self.while_at or self.stays or self.still is not always):
            raise TypeError("say until when a notice is true: while_at, still or stays")

    def is_true(self, thing: Any, entry: Entry) -> bool:
        """Whether its sentence is true of the thing as it is now."""
        if self.while_at and (thing is None or thing.status not in self.while_at):
            return False
        return self.still is always or (thing is not None and self.still(thing, entry))

    def is_receipt(self, entry: Entry, reader: User) -> bool:
        """Whether it answers what this reader has just done."""
        return self.receipt and not (self.own_deed and entry.by_id != reader.pk)


def staff(
    audience: Audience,
    subject: Words,
    says: Words,
    *while_at: str,
    holds: Condition = always,
    still: Condition = always,
    stays: bool = False,
    receipt: bool = False,
) -> Notice:
    """A notice to people who sign in; as a `receipt` at any hour, also to the person who acted."""
    return Notice(
        audience=audience,
        subject=subject,
        says=says,
        while_at=frozenset(while_at),
        holds=holds,
        still=still,
        stays=stays,
        receipt=receipt,
    )


def phone(audience: Audience, says: Words, *while_at: str) -> Notice:
    """After the last reminder: somebody is asked to phone, with the number, the hour there and what to say."""
    held = frozenset(while_at)
    return Notice(
        audience=audience,
        subject=_("Please phone"),
        says=says,
        while_at=held,
        holds=third,
        still=may_be_phoned,
        call=True,
    )


def letter(
    audience: Audience,
    template: str,
    *while_at: str,
    link: Link = no_link,
    holds: Condition = always,
    still: Condition = always,
    stays: bool = False,
) -> Notice:
    """A message to a contact abroad, in words of its own."""
    return Notice(
        audience=audience,
        template=template,
        link=link,
        while_at=frozenset(while_at),
        holds=holds,
        still=still,
        stays=stays,
    )


def at_once(
    audience: Audience,
    template: str,
    *while_at: str,
    link: Link,
    lasts: timedelta = timedelta(days=7),
    stays: bool = False,
) -> Notice:
    """What the reader waits for at this moment."""
    return Notice(
        audience=audience,
        template=template,
        link=link,
        while_at=frozenset(while_at),
        receipt=True,
        lasts=lasts,
        stays=stays,
    )


def may_be_phoned(thing: Any, _entry: Entry) -> bool:
    """Nobody is phoned who asked to be left alone meanwhile."""
    return not thing.contact.left_alone


def thanks(audience: Audience, template: str) -> Notice:
    """At once to who has just answered; at a decent hour where somebody entered for them what they said by phone."""
    return Notice(
        audience=audience,
        template=template,
        link=own_page,
        while_at=frozenset({"answered"}),
        receipt=True,
        own_deed=True,
    )


def is_paused(inquiry: Any, _entry: Entry) -> bool:
    """The city still takes no offers."""
    return inquiry.paused_at is not None


def is_asked_again(need: Any, _entry: Entry) -> bool:
    """The city has not said yet whether the need still holds."""
    return bool(need.reconfirm_asked_for == need.reconfirm_by)


def is_stopped(need: Any, _entry: Entry) -> bool:
    """The need still takes no offers."""
    return bool(need.stopped)


def reached_them(thing: Any, _entry: Entry) -> bool:
    """An earlier mail about it went to its contact: who never heard of it need not hear that it changed."""
    contact = thing.contact
    return contact is not None and _was_sent_to(contact.user_id, thing._meta.label_lower, thing.pk)


def _was_sent_to(user_id: int, label: str, pk: int) -> bool:
    sent = Message.objects.filter(thing_label=label, thing_id=pk, recipient=user_id)
    return sent.filter(state=Message.State.SENT).exists()


def reached_and_changed(inquiry: Any, entry: Entry) -> bool:
    """Who got the question hears of a change that concerns them."""
    return reached_them(inquiry, entry) and bool(changes.changed(inquiry))


def not_reached(inquiry: Any, entry: Entry) -> bool:
    """Who never got the question gets it now, unless it is planned: it is written again as it goes, with what is needed by then."""
    planned = Message.objects.about(inquiry).filter(template="inquiry", state=Message.State.PLANNED)
    return not reached_them(inquiry, entry) and not planned.exists()


def mail_arrives(inquiry: Any, entry: Entry) -> bool:
    """Where mail comes back, that was said already, and whom to ask instead."""
    return once_it_went(inquiry, entry) and inquiry.contact.user.bounced_at is None


def third(thing: Any, entry: Entry) -> bool:
    """After the last reminder to a contact a person should phone."""
    to_partner = hasattr(thing, "partner_asked_at") and before_it_went(thing, entry)
    return bool(thing.chases >= 3) and not to_partner


def was_sent(thing: Any, _entry: Entry) -> bool:
    """Only who was asked is told that no answer is needed."""
    return thing.sent_at is not None


def before_it_went(inquiry: Any, entry: Entry) -> bool:
    """What happened while a partner city was asked concerns its word, and not the contact's answer."""
    return inquiry.partner_asked_at is not None and (
        inquiry.sent_at is None or bool(entry.at < inquiry.sent_at)
    )


def once_it_went(inquiry: Any, entry: Entry) -> bool:
    """The contact has been asked."""
    return not before_it_went(inquiry, entry)


def partner_was_asked(inquiry: Any, _entry: Entry) -> bool:
    """Only a partner city that was asked, and whose contact was not asked yet, learns that its word is not needed."""
    return inquiry.partner_asked_at is not None and inquiry.sent_at is None


def asks_contact_still(thing: Any, _entry: Entry) -> bool:
    """The city has not stopped its questions to the contact: where it has, the letter about that says it."""
    return thing.contact is None or thing.city_id not in thing.contact.stopped_for


def asks_introducer_still(inquiry: Any, _entry: Entry) -> bool:
    """The same, of the contact of the partner city who was asked to agree."""
    return inquiry.introducer is None or inquiry.city_id not in inquiry.introducer.stopped_for


def ended_by_the_clock(inquiry: Any, entry: Entry) -> bool:
    """The clock took back a question about goods of which more is needed; that a city stopped its questions has a notice of its own."""
    stopped = not (asks_contact_still(inquiry, entry) and asks_introducer_still(inquiry, entry))
    return entry.via == "clock" and not stopped and needs_more(inquiry, entry)


def may_go(inquiry: Any, _entry: Entry) -> bool:
    """The question could go out if the partner city agreed now."""
    return can_be_sent(inquiry) is None


def was_offered(thing: Any, _entry: Entry) -> bool:
    """Only who was given the check is told that it is not needed."""
    return thing.offered_at is not None


def came_short(receipt: Any, _entry: Entry) -> bool:
    """Only what was rejected, missing or too many is told: a smooth counting is seen on the page."""
    return any(line.rejected or line.missing or line.surplus for line in receipt.lines.all())


def first_of_purchase(case: Any, _entry: Entry) -> bool:
    """One letter for what a counting found of one contact's goods, with the first of its cases; it asks for a word."""
    return not case.is_of_gift and _is_first(case)


def first_of_gift(case: Any, _entry: Entry) -> bool:
    """The same, of a gift: told as a fact, asking for nothing."""
    return bool(case.is_of_gift) and _is_first(case)


def _is_first(case: Any) -> bool:
    return bool(next((one.pk for one in case.together), None) == case.pk)


def last_settled(case: Any, entry: Entry) -> bool:
    """The last of the cases that one letter named: that nothing more is asked is said once, and to who had the letter."""
    told = case.contact is not None and _was_sent_to(case.contact.user_id, *case.within)
    later = Entry.objects.filter(
        thing_label=entry.thing_label, thing_id__in=case.same.values("pk"), pk__gt=entry.pk
    )
    return told and all_settled(case, entry) and not later.filter(verb__in=CASE_ENDS).exists()


def all_settled(case: Any, _entry: Entry) -> bool:
    """The city waits for no word about any of them."""
    return not case.same.unsettled().exists()


def differs_still(case: Any, _entry: Entry) -> bool:
    """Whether anything is left of what the letter tells: a counting may be taken back before its readers' morning."""
    return bool(case.together)


def first_released(lot: Any, _entry: Entry) -> bool:
    """A shipment of many lots is one favour: its first release is told."""
    released: int = lot.shipment.lots.filter(status="released").count()
    return released == 1


def goes_on(inquiry: Any, _entry: Entry) -> bool:
    """The city takes offers again, and has not paused since."""
    return inquiry.paused_at is None


def needs_more(inquiry: Any, _entry: Entry) -> bool:
    """Somebody else is worth asking: the need is open, and neither what is allocated nor what is verified covers it."""
    return _read(inquiry, WANTS_MORE, lambda: rules.needs_more(inquiry.supply_request))


def _read(thing: Any, name: str, ask: Callable[[], bool]) -> bool:
    """What was read of many things at once (`telling`); else it is asked for."""
    told: bool | None = getattr(thing, name, None)
    return ask() if told is None else told


def waits_to_be_looked_at(inquiry: Any, _entry: Entry) -> bool:
    """No offer is entered yet, or one that came in answer is at its beginning: not being checked, and not turned down."""
    offers = inquiry.answers
    offered = offers.filter(status=SupplierLead.Status.OFFERED)
    return _read(inquiry, UNSEEN, lambda: offered.exists() or not offers.exists())


def check_is_wanted(task: Any, _entry: Entry) -> bool:
    """Somebody else is worth asking: the offer stands, and its need is open and not covered without it."""
    lead = task.lead
    if lead.line_id is None or lead.status not in SupplierLead.LIVE:
        return lead.status in SupplierLead.LIVE
    return _read(task, WANTS_MORE, lambda: rules.needs_more(lead.line.supply_request))


def check_is_to_be_made(reuse: Any, entry: Entry) -> bool:
    """The city that asked for another's check has still to make its own."""
    return reuse.task.status in sharing.OPEN and check_is_wanted(reuse.task, entry)


def offer_stands(finding: Any, _entry: Entry) -> bool:
    """Its offer was not turned down or taken back since, and its day has not passed."""
    return finding.lead.status in SupplierLead.LIVE


def is_named_elsewhere(contact: Any, _entry: Entry) -> bool:
    """Another city named them, and neither their own nor a coordinator has confirmed that they work there."""
    return bool(contact.named_elsewhere)


def is_stopped_for(contact: Any, entry: Entry) -> bool:
    """One of the cities still asks them nothing."""
    return bool(set(entry.facts.get("cities", ())) & set(contact.stopped_for))


def may_ask_again(contact: Any, entry: Entry) -> bool:
    """One of the cities may still ask them again."""
    return bool(set(entry.facts.get("cities", ())) - set(contact.stopped_for))


def is_away_so(contact: Any, entry: Entry) -> bool:
    """No other day was entered since until which they are away."""
    day = contact.away_until.isoformat() if contact.away_until else None
    return bool(entry.after.get("away_until", day) == day)


def is_deputy(contact: Any, entry: Entry) -> bool:
    """The colleague still stands in for them."""
    return bool(contact.deputies.filter(pk=entry.facts.get("deputy")).exists())


def is_no_deputy(contact: Any, entry: Entry) -> bool:
    """The colleague was not named again since."""
    return not is_deputy(contact, entry)


def does_not_arrive(thing: Any, _entry: Entry) -> bool:
    """Mail to the person still comes back."""
    person = thing.user if isinstance(thing, Contact) else thing
    return person.bounced_at is not None


def of_another_city(thing: Any, entry: Entry) -> bool:
    """Another city than those of whoever acted relies on the company: what one does at one's own desk is seen on the page."""
    company = getattr(thing, "supplier", thing).current
    own = Membership.objects.active().filter(user=entry.by_id).values_list("city", flat=True)
    return bool(on_company(company) - set(own))


def asks_more(_change: Any, entry: Entry) -> bool:
    """Who agreed to a proposal found that another city has come to rely on the company: it decides, too."""
    return bool(entry.facts.get("asks"))


def is_unconfirmed(tie: Any, _entry: Entry) -> bool:
    """One side of the agreement has still to confirm it."""
    return bool(tie.unconfirmed)


def runs_out(tie: Any, _entry: Entry) -> bool:
    """It was not renewed since, and its day was not corrected: either begins the reminders again."""
    return bool(tie.reminded)


def is_their_broker(shipment: Any, entry: Entry) -> bool:
    """The shipment was not given to another broker since."""
    return bool(shipment.broker_id == entry.after.get("broker_id", shipment.broker_id))


def is_held_no_more(hold: Any, _entry: Entry) -> bool:
    """Customs holds the shipment for no other reason."""
    return not hold.lane.shipment.held


def has_missing(call: Any, _entry: Entry) -> bool:
    """The city lacks one of the papers that were asked for, and the goods are on their way or will be."""
    return call.shipment.status not in OVER and bool(call.missing.exists())


def had_to_bring_more(call: Any, _entry: Entry) -> bool:
    """Papers that were asked of them came another way or are needed no more: who brought all of them knows that it is done."""
    brought = PaperVersion.objects.filter(call=call).values("paper")
    others = call.papers.exclude(pk__in=brought).exclude(reference__in=call.cannot)
    return others.exists() and _was_sent_to(call.person_id, call._meta.label_lower, call.pk)


def waits_for_papers(call: Any, _entry: Entry) -> bool:
    """The person could still bring one of the papers, and the goods are on their way or will be."""
    return call.shipment.status not in OVER and bool(call.waited_for.exists())


def has_papers(call: Any, _entry: Entry) -> bool:
    """The city has a paper to show."""
    return bool(call.in_hand.exists())


def is_needed_again(version: Any, _entry: Entry) -> bool:
    """The city still lacks the paper, and waits for it from this person."""
    call = version.call
    if call is None or call.status != "asked" or call.shipment.status in OVER:
        return False
    return bool(call.missing.filter(pk=version.paper_id).exists())


def is_given(delegation: Any, _entry: Entry) -> bool:
    """The leave to approve was not taken back."""
    return delegation.taken_back_at is None


def by_a_person(_thing: Any, entry: Entry) -> bool:
    """What the server's console does as it sets an instance up is announced to no one."""
    return entry.by_id is not None


def is_gift(order: Any, _entry: Entry) -> bool:
    """What was given is thanked for; what was bought is not."""
    return bool(order.kind == Dealing.DONATION)


def an_order_goes_on(shipment: Any, _entry: Entry) -> bool:
    """Where the order is lost with its last shipment, the letter about the order says it."""
    orders = Order.objects.filter(lines__shipment_lines__shipment=shipment)
    return orders.exclude(status=Order.Status.LOST).exists()


def is_safe(lot: Any, _entry: Entry) -> bool:
    """No lot of the shipment was refused or recalled: thanks for its goods are true of all of them."""
    return not lot.shipment.lots.filter(status__in=UNSAFE).exists()


def arrived_safe(order: Any, _entry: Entry) -> bool:
    """No lot of the order was refused or recalled."""
    return not _unsafe_lots(order).exists()


def thanks_for_safe_goods(note: Any, _entry: Entry) -> bool:
    """The same, of the order that a message of thanks is about."""
    return not _unsafe_lots(note.pack.order).exists()


def _unsafe_lots(order: Any) -> Any:
    return Lot.objects.filter(line__order_line__order=order, status__in=UNSAFE)


def not_thanked_yet(order: Any, _entry: Entry) -> bool:
    """Whoever had the message of the order's thank-you pack is not thanked a second time."""
    notes = ThanksNote.objects.filter(pack__order=order, contact__user__contacts=order.contact_id)
    return not notes.exists()


def blocks_first(finding: Any, _entry: Entry) -> bool:
    """What screening found in an offer at one moment goes in one mail."""
    first = finding.together.order_by("pk").first()
    return first is None or bool(first.pk == finding.pk)


def raised_first(finding: Any, entry: Entry) -> bool:
    """What was raised again in an offer at one moment goes in one mail."""
    others = Entry.objects.filter(
        thing_label=entry.thing_label, verb=entry.verb, at=entry.at, pk__lt=entry.pk
    )
    return not others.filter(thing_id__in=finding.together.values("pk")).exists()


def blocks(finding: Any, _entry: Entry) -> bool:
    """A note or a warning waits on the page; what blocks is told. That a paper was not shown yet is said where the offer came in."""
    return bool(finding.severity == "block" and finding.code not in NOT_SHOWN_YET)
