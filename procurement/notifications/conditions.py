"""Conditions of the notification table: whether a message is sent, or is still true. Reads only."""

from collections.abc import Callable
from typing import Any

from partners.contacts.models import Contact
from partners.memberships.models import Membership
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.documents.models.requests import DocumentSubmission
from procurement.leads.models.leads import SupplierLead
from procurement.leads.screening.certificates import CERTIFICATE_REQUIRED
from procurement.orders.models import Order
from procurement.orders.queries import supplier_dependants
from procurement.outreach.queries.letters import changes_since_written
from procurement.outreach.rules.dates import MAX_REMINDERS
from procurement.outreach.rules.readiness import refuse_sending
from procurement.quality.models import Lot
from procurement.requests import rules
from procurement.shipments.models import Shipment
from procurement.thanks.models import ThankYouMessage
from procurement.verification.models import VerificationTask
from workflow.journal.models import Entry
from workflow.outbox.models import Message

type Condition = Callable[[Any, Entry], bool]
WANTS_MORE, UNSEEN = "wants_more", "unseen"  # annotations that decide whether a notification is still open
DISCREPANCY_ENDS = ("settle", "discard", "reverse")


def always(_thing: Any, _entry: Entry) -> bool:
    """Return True. The default condition."""
    return True


def may_be_phoned(thing: Any, _entry: Entry) -> bool:
    """Return True unless the contact has asked to be left alone."""
    return not thing.contact.left_alone


def has_question(inquiry: Any, _entry: Entry) -> bool:
    """Return True while the contact waits for the answer to a question."""
    return bool(inquiry.question)


def is_for_one(_inquiry: Any, entry: Entry) -> bool:
    """Return True if an answer is for the contact who asked alone. Others are sent to everyone asked."""
    return not entry.facts.get("to_all", True)


def is_paused(inquiry: Any, _entry: Entry) -> bool:
    """Return True while the city takes no offers for this inquiry."""
    return inquiry.paused_at is not None


def is_asked_again(need: Any, _entry: Entry) -> bool:
    """Return True until the city sets a new date of reconfirmation for the need."""
    return bool(need.reconfirm_asked_for == need.reconfirm_by)


def is_stopped(need: Any, _entry: Entry) -> bool:
    """Return True while the need takes no offers."""
    return bool(need.stopped)


def was_reached(thing: Any, _entry: Entry) -> bool:
    """Return True if the contact was sent an earlier message about the item.

    Other contacts need not learn of a change to something they never received.
    """
    contact = thing.contact
    return contact is not None and _was_sent_to(contact.user_id, thing._meta.label_lower, thing.pk)


def _was_sent_to(user_id: int, label: str, pk: int) -> bool:
    sent = Message.objects.filter(thing_label=label, thing_id=pk, recipient=user_id)
    return sent.filter(state=Message.State.SENT).exists()


def was_reached_and_changed(inquiry: Any, entry: Entry) -> bool:
    """Return True if the contact received the inquiry and the need has changed for them."""
    return was_reached(inquiry, entry) and bool(changes_since_written(inquiry))


def was_not_reached(inquiry: Any, entry: Entry) -> bool:
    """Return True if the contact never received the inquiry and no e-mail with it is planned.

    A planned inquiry is written again when it is sent, so it shows the current need.
    """
    planned = Message.objects.about(inquiry).filter(template="inquiry", state=Message.State.PLANNED)
    return not was_reached(inquiry, entry) and not planned.exists()


def is_mail_deliverable(inquiry: Any, entry: Entry) -> bool:
    """Return True if the inquiry was sent and the contact's e-mail does not bounce.

    Another notification reports a bounce and names another contact to ask.
    """
    return is_not_before_sending(inquiry, entry) and inquiry.contact.user.bounced_at is None


def is_third_reminder(thing: Any, entry: Entry) -> bool:
    """Return True after the third reminder, when a person should phone the contact.

    False for reminders to a partner city about its agreement.
    """
    to_partner = hasattr(thing, "partner_asked_at") and is_before_sending(thing, entry)
    return bool(thing.reminder_count >= 3) and not to_partner


def is_last_consent_reminder(inquiry: Any, entry: Entry) -> bool:
    """Return True after the third reminder to a partner city's contact, whom a person should then phone."""
    asked = inquiry.introducer is not None and is_before_sending(inquiry, entry)
    return asked and bool(inquiry.reminder_count >= MAX_REMINDERS)


def was_sent(thing: Any, _entry: Entry) -> bool:
    """Return True if the inquiry was sent, so that the contact must learn that no answer is needed."""
    return thing.sent_at is not None


def is_before_sending(inquiry: Any, entry: Entry) -> bool:
    """Return True if the entry dates from the time when a partner city was asked for its agreement.

    Such an entry is about that agreement, not about the contact's answer.
    """
    return inquiry.partner_asked_at is not None and (
        inquiry.sent_at is None or bool(entry.at < inquiry.sent_at)
    )


def is_not_before_sending(inquiry: Any, entry: Entry) -> bool:
    """Return True unless the entry dates from before the contact was asked."""
    return not is_before_sending(inquiry, entry)


def was_partner_asked(inquiry: Any, _entry: Entry) -> bool:
    """Return True if a partner city was asked for its agreement and its contact was not asked yet."""
    return inquiry.partner_asked_at is not None and inquiry.sent_at is None


def is_contact_still_asked(thing: Any, _entry: Entry) -> bool:
    """Return True unless the city has stopped its inquiries to the contact.

    A stop has its own message to the contact.
    """
    return thing.contact is None or thing.city_id not in thing.contact.stopped_for


def is_introducer_still_asked(inquiry: Any, _entry: Entry) -> bool:
    """Return True unless the city has stopped its inquiries to the contact who was asked to agree."""
    return inquiry.introducer is None or inquiry.city_id not in inquiry.introducer.stopped_for


def was_ended_by_clock(inquiry: Any, entry: Entry) -> bool:
    """Return True if the periodic job cancelled the inquiry and its need is not covered.

    False if the city has stopped its inquiries to the contact, which has its own notification.
    """
    stopped = not (is_contact_still_asked(inquiry, entry) and is_introducer_still_asked(inquiry, entry))
    return entry.via == "clock" and not stopped and is_more_needed(inquiry, entry)


def may_go(inquiry: Any, _entry: Entry) -> bool:
    """Return True if the inquiry could be sent after the partner city's agreement."""
    return refuse_sending(inquiry) is None


def asks_for_certificate(thing: Any, _entry: Entry) -> bool:
    """Return True if the city asks the contact for a certificate that the offer lacks."""
    return thing.wanted_id is not None


def asks_for_check(thing: Any, _entry: Entry) -> bool:
    """Return True if the city asks the contact to make a check."""
    return thing.wanted_id is None


def was_offered(thing: Any, _entry: Entry) -> bool:
    """Return True if a contact was asked to make the check and must learn that it is not needed."""
    return thing.offered_at is not None


def has_discrepancy(receipt: Any, _entry: Entry) -> bool:
    """Return True if goods were rejected, missing or surplus.

    The page alone shows a receipt without differences.
    """
    return any(line.rejected or line.missing or line.surplus for line in receipt.lines.all())


def is_first_of_purchase(case: Any, _entry: Entry) -> bool:
    """Return True for the first discrepancy of a goods receipt, contact and purchase.

    One message covers them all and asks for a comment.
    """
    return not case.is_of_donation and _is_first(case)


def is_first_of_donation(case: Any, _entry: Entry) -> bool:
    """Return True for the first discrepancy of a goods receipt, contact and donation.

    One message covers them all; it informs the contact and asks for nothing.
    """
    return bool(case.is_of_donation) and _is_first(case)


def _is_first(case: Any) -> bool:
    return bool(next((one.pk for one in case.together), None) == case.pk)


def is_last_settled(case: Any, entry: Entry) -> bool:
    """Return True for the last settled of the discrepancies that one message named.

    The message that nothing more is asked is sent once, and only to a contact who received the first one.
    """
    values = case.contact is not None and _was_sent_to(case.contact.user_id, *case.within)
    later = Entry.objects.filter(
        thing_label=entry.thing_label, thing_id__in=case.same.values("pk"), pk__gt=entry.pk
    )
    return (
        values and is_everything_settled(case, entry) and not later.filter(verb__in=DISCREPANCY_ENDS).exists()
    )


def is_everything_settled(case: Any, _entry: Entry) -> bool:
    """Return True if none of the discrepancies still waits for a settlement."""
    return not case.same.unsettled().exists()


def has_remaining_difference(case: Any, _entry: Entry) -> bool:
    """Return True if a discrepancy is left to report.

    A receipt may be withdrawn before the e-mail is sent.
    """
    return bool(case.together)


def is_first_release(lot: Any, _entry: Entry) -> bool:
    """Return True if exactly one lot of the shipment is released.

    The contact gets one message per shipment, not one per lot.
    """
    released: int = lot.shipment.lots.filter(status="released").count()
    return released == 1


def is_resumed(inquiry: Any, _entry: Entry) -> bool:
    """Return True if the inquiry is not paused any more."""
    return inquiry.paused_at is None


def is_more_needed(inquiry: Any, _entry: Entry) -> bool:
    """Return True if the need is open and not covered by allocated and verified goods.

    Then another contact is worth asking.
    """
    return _read(inquiry, WANTS_MORE, lambda: rules.is_more_needed(inquiry.supply_request))


def _read(thing: Any, name: str, ask: Callable[[], bool]) -> bool:
    """Return the annotation `name` if it was read for many items at once, else call `ask`."""
    values: bool | None = getattr(thing, name, None)
    return ask() if values is None else values


def is_awaiting_review(inquiry: Any, _entry: Entry) -> bool:
    """Return True if no offer is entered for the inquiry yet, or one is not in checking yet."""
    offers = inquiry.answers
    offered = offers.filter(status=SupplierLead.Status.RECEIVED)
    return _read(inquiry, UNSEEN, lambda: offered.exists() or not offers.exists())


def is_check_wanted(task: Any, _entry: Entry) -> bool:
    """Return True if the offer is live and its need, if any, is not covered without it.

    Then another contact is worth asking.
    """
    lead = task.lead
    if lead.line_id is None or lead.status not in SupplierLead.LIVE:
        return lead.status in SupplierLead.LIVE
    return _read(task, WANTS_MORE, lambda: rules.is_more_needed(lead.line.supply_request))


def is_check_still_needed(reuse: Any, entry: Entry) -> bool:
    """Return True if the city that asked for another city's check still has to make its own."""
    return reuse.task.status in VerificationTask.TO_ASSIGN and is_check_wanted(reuse.task, entry)


def is_offer_live(finding: Any, _entry: Entry) -> bool:
    """Return True if the offer of the finding is live: not rejected, withdrawn or expired."""
    return finding.lead.status in SupplierLead.LIVE


def is_named_elsewhere(contact: Any, _entry: Entry) -> bool:
    """Return True if another city named the contact and their place of work is not confirmed.

    Their own city or a coordinator can confirm it.
    """
    return bool(contact.named_elsewhere)


def is_stopped_for(contact: Any, entry: Entry) -> bool:
    """Return True if one of the entry's cities has still stopped its inquiries to the contact."""
    return bool(set(entry.facts.get("cities", ())) & set(contact.stopped_for))


def may_ask_again(contact: Any, entry: Entry) -> bool:
    """Return True if one of the entry's cities may ask the contact again."""
    return bool(set(entry.facts.get("cities", ())) - set(contact.stopped_for))


def is_still_away(contact: Any, entry: Entry) -> bool:
    """Return True if the end of the contact's absence is still the one of the entry."""
    day = contact.away_until.isoformat() if contact.away_until else None
    return bool(entry.after.get("away_until", day) == day)


def is_deputy(contact: Any, entry: Entry) -> bool:
    """Return True if the colleague is still the contact's deputy."""
    return bool(contact.deputies.filter(pk=entry.facts.get("deputy")).exists())


def is_no_deputy(contact: Any, entry: Entry) -> bool:
    """Return True if the colleague has not been named as deputy again."""
    return not is_deputy(contact, entry)


def is_undeliverable(thing: Any, _entry: Entry) -> bool:
    """Return True if e-mail to the person still bounces."""
    person = thing.user if isinstance(thing, Contact) else thing
    return person.bounced_at is not None


def is_of_another_city(thing: Any, entry: Entry) -> bool:
    """Return True if a city that the actor does not work for relies on the company.

    The actor's own cities see the change on the page.
    """
    company = getattr(thing, "supplier", thing).current
    own = Membership.objects.active().filter(user=entry.by_id).values_list("city", flat=True)
    return bool(supplier_dependants(company) - set(own))


def has_more_cities_to_ask(_change: Any, entry: Entry) -> bool:
    """Return True if, when a proposal was accepted, another city had come to rely on the company.

    That city must then decide as well.
    """
    return bool(entry.facts.get("asks"))


def is_unconfirmed(tie: Any, _entry: Entry) -> bool:
    """Return True if one side still has to confirm the agreement."""
    return bool(tie.unconfirmed)


def is_expiring(tie: Any, _entry: Entry) -> bool:
    """Return True unless the agreement was renewed or its end date corrected since the reminder.

    Either change starts the reminders again.
    """
    return bool(tie.reminded)


def is_their_broker(shipment: Any, entry: Entry) -> bool:
    """Return True if the shipment is still assigned to the broker of the entry."""
    return bool(shipment.broker_id == entry.after.get("broker_id", shipment.broker_id))


def is_no_longer_held(hold: Any, _entry: Entry) -> bool:
    """Return True if there is no other customs hold on the shipment."""
    return not hold.clearance.shipment.held


def has_missing_documents(document_request: Any, _entry: Entry) -> bool:
    """Return True if the city still lacks a requested document and the shipment is not over."""
    return document_request.shipment.status not in Shipment.Status.settled and bool(
        document_request.missing.exists()
    )


def had_open_documents(document_request: Any, _entry: Entry) -> bool:
    """Return True if the person received the request and some of its documents came another way.

    A person who submitted all documents knows that the request is complete.
    """
    brought = DocumentSubmission.objects.filter(request=document_request).values("document")
    others = document_request.documents.exclude(pk__in=brought).exclude(
        reference__in=document_request.unavailable
    )
    return others.exists() and _was_sent_to(
        document_request.person_id, document_request._meta.label_lower, document_request.pk
    )


def is_awaiting_documents(document_request: Any, _entry: Entry) -> bool:
    """Return True if the person could still submit a requested document and the shipment is not over."""
    return document_request.shipment.status not in Shipment.Status.settled and bool(
        document_request.waited_for.exists()
    )


def has_documents(document_request: Any, _entry: Entry) -> bool:
    """Return True if the city has a document to show."""
    return bool(document_request.in_hand.exists())


def is_needed_again(version: Any, _entry: Entry) -> bool:
    """Return True if the city still lacks the document and expects it from this person."""
    document_request = version.request
    if (
        document_request is None
        or document_request.status != "open"
        or document_request.shipment.status in Shipment.Status.settled
    ):
        return False
    return bool(document_request.missing.filter(pk=version.document_id).exists())


def is_delegation_active(delegation: Any, _entry: Entry) -> bool:
    """Return True unless the delegation was withdrawn."""
    return delegation.revoked_at is None


def is_by_person(_thing: Any, entry: Entry) -> bool:
    """Return True if a person acted. Actions of the server's console during setup are not announced."""
    return entry.by_id is not None


def is_donation(order: Any, _entry: Entry) -> bool:
    """Return True if the order is a donation, which is thanked for."""
    return bool(order.kind == AcquisitionType.DONATION)


def has_continuing_order(shipment: Any, _entry: Entry) -> bool:
    """Return True if one of the shipment's orders is not lost.

    Otherwise the message about the lost order covers the shipment.
    """
    orders = Order.objects.filter(lines__shipment_lines__shipment=shipment)
    return orders.exclude(status=Order.Status.LOST).exists()


def is_lot_safe(lot: Any, _entry: Entry) -> bool:
    """Return True if no lot of the shipment is refused or recalled, so that thanks apply to all its goods."""
    return not lot.shipment.lots.filter(status__in=Lot.Status.void).exists()


def has_goods_to_ship(order: Any, entry: Entry) -> bool:
    """Return True while some goods of an order have not left."""
    return any(line.to_depart for line in order.lines.all())


def is_order_safe(order: Any, _entry: Entry) -> bool:
    """Return True if no lot of the order is refused or recalled."""
    return not _unsafe_lots(order).exists()


def is_order_of_note_safe(note: Any, _entry: Entry) -> bool:
    """Return True if no lot of the thank-you's order is refused or recalled."""
    return not _unsafe_lots(note.thank_you.order).exists()


def _unsafe_lots(order: Any) -> Any:
    return Lot.objects.filter(line__order_line__order=order, status__in=Lot.Status.void)


def is_not_thanked_yet(order: Any, _entry: Entry) -> bool:
    """Return True if the contact has not received the message of the order's thank-you pack."""
    notes = ThankYouMessage.objects.filter(thank_you__order=order, contact__user__contacts=order.contact_id)
    return not notes.exists()


def is_first_block(finding: Any, _entry: Entry) -> bool:
    """Return True for the first of the findings raised in an offer at one moment.

    They share one e-mail.
    """
    first = finding.together.order_by("pk").first()
    return first is None or bool(first.pk == finding.pk)


def is_first_raise(finding: Any, entry: Entry) -> bool:
    """Return True for the first of the findings raised again in an offer at one moment.

    They share one e-mail.
    """
    others = Entry.objects.filter(
        thing_label=entry.thing_label, verb=entry.verb, at=entry.at, pk__lt=entry.pk
    )
    return not others.filter(thing_id__in=finding.together.values("pk")).exists()


def is_blocking(finding: Any, _entry: Entry) -> bool:
    """Return True if the finding blocks the offer. Notes and warnings are only on the page.

    A certificate that was not shown yet is left out: it was mentioned when the offer came in.
    """
    return bool(finding.severity == "block" and finding.code != CERTIFICATE_REQUIRED.code)


def came_from_contact(lead: Any, entry: Entry) -> bool:
    """Return True if the contact of the offer acted, by link or signed in."""
    return lead.contact is not None and entry.by_id == lead.contact.user_id
