"""Conditions of notifications about orders, shipments, their documents and received goods. Reads only.

Each condition gets the item of a message and the journal entry that causes the message.
"""

from typing import Any

from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.documents.models.requests import DocumentSubmission
from procurement.notifications.conditions.general import was_message_sent_to
from procurement.orders.acknowledgements.models import OrderAcknowledgement
from procurement.orders.models import Order
from procurement.quality.models import Lot
from procurement.receiving.models import Discrepancy
from procurement.shipments.models import Shipment
from procurement.thanks.models import ThankYouMessage
from workflow.journal.models import Entry
from workflow.outbox.models import Message
from workflow.reminders import MAX_REMINDERS

DISCREPANCY_ENDING_VERBS = ("settle", "discard", "reverse")


def has_discrepancy(receipt: Any, _entry: Entry) -> bool:
    """Return True if goods were rejected, missing or surplus.

    The page alone shows a receipt without differences.
    """
    return any(line.rejected or line.missing or line.surplus for line in receipt.lines.all())


def is_first_discrepancy_of_purchase(case: Any, _entry: Entry) -> bool:
    """Return True for the first of the discrepancies of a purchase that share a goods receipt and a contact.

    One message covers them all and asks for a comment.
    """
    return not case.is_of_donation and _is_first(case)


def is_first_discrepancy_of_donation(case: Any, _entry: Entry) -> bool:
    """Return True for the first of the discrepancies of a donation that share a goods receipt and a contact.

    One message covers them all; it informs the contact and asks for nothing.
    """
    return bool(case.is_of_donation) and _is_first(case)


def _is_first(case: Any) -> bool:
    return bool(next((one.pk for one in case.reported_together), None) == case.pk)


def is_last_settlement_of_message(case: Any, entry: Entry) -> bool:
    """Return True if the entry settles the last of the discrepancies that one message to a contact named.

    The contact then learns, once, that nothing more is asked of them. False if they never received that message.
    """
    values = case.contact is not None and was_message_sent_to(case.contact.user_id, *case.link_target)
    later = Entry.objects.filter(
        thing_label=entry.thing_label,
        thing_id__in=case.same_receipt_discrepancies.values("pk"),
        pk__gt=entry.pk,
    )
    return (
        values
        and are_all_discrepancies_settled(case, entry)
        and not later.filter(verb__in=DISCREPANCY_ENDING_VERBS).exists()
    )


def are_all_discrepancies_settled(case: Any, _entry: Entry) -> bool:
    """Return True if none of the discrepancies still waits for a settlement."""
    return not case.same_receipt_discrepancies.unsettled().exists()


def has_open_discrepancy(case: Any, _entry: Entry) -> bool:
    """Return True if a discrepancy is left to report.

    A receipt may be withdrawn before the e-mail is sent.
    """
    return bool(case.reported_together)


def is_first_released_lot(lot: Any, entry: Entry) -> bool:
    """Return True if no other lot of the shipment that is in use was released before this one.

    The contact gets one message per shipment, not one per lot.
    """
    released = set(lot.shipment.lots.filter(status=Lot.Status.RELEASED).values_list("pk", flat=True))
    earlier = Entry.objects.filter(
        thing_label=entry.thing_label, verb=entry.verb, thing_id__in=released, pk__lt=entry.pk
    )
    return lot.pk in released and not earlier.exists()


def is_still_assigned_broker(shipment: Any, entry: Entry) -> bool:
    """Return True if the shipment is still assigned to the broker named in the entry."""
    return bool(shipment.broker_id == entry.after.get("broker_id", shipment.broker_id))


def has_no_other_hold(hold: Any, _entry: Entry) -> bool:
    """Return True if there is no other customs hold on the shipment."""
    return not hold.clearance.shipment.held


def has_missing_documents(document_request: Any, _entry: Entry) -> bool:
    """Return True if the city still lacks a requested document and the shipment is not over."""
    return document_request.shipment.status not in Shipment.Status.settled and bool(
        document_request.missing_documents.exists()
    )


def were_documents_received_otherwise(document_request: Any, _entry: Entry) -> bool:
    """Return True if the person received the request and some of its documents came another way.

    A person who submitted all documents knows that the request is complete.
    """
    brought = DocumentSubmission.objects.filter(request=document_request).values("document")
    others = document_request.documents.exclude(pk__in=brought).exclude(
        reference__in=document_request.unavailable
    )
    return others.exists() and was_message_sent_to(
        document_request.person_id, document_request._meta.label_lower, document_request.pk
    )


def is_awaiting_documents(document_request: Any, _entry: Entry) -> bool:
    """Return True if the person could still submit a requested document and the shipment is not over."""
    return document_request.shipment.status not in Shipment.Status.settled and bool(
        document_request.still_expected_documents.exists()
    )


def has_documents(document_request: Any, _entry: Entry) -> bool:
    """Return True if the city has a document to show."""
    return bool(document_request.documents_in_hand.exists())


def is_document_still_needed(version: Any, _entry: Entry) -> bool:
    """Return True if the city still lacks the document and expects it from this person."""
    document_request = version.request
    if (
        document_request is None
        or document_request.status != "open"
        or document_request.shipment.status in Shipment.Status.settled
    ):
        return False
    return bool(document_request.missing_documents.filter(pk=version.document_id).exists())


def is_donation(order: Any, _entry: Entry) -> bool:
    """Return True if the order is a donation, which is thanked for."""
    return bool(order.kind == AcquisitionType.DONATION)


def is_any_order_not_lost(shipment: Any, _entry: Entry) -> bool:
    """Return True if at least one of the shipment's orders is not lost.

    Otherwise the message about the lost order covers the shipment.
    """
    orders = Order.objects.filter(lines__shipment_lines__shipment=shipment)
    return orders.exclude(status=Order.Status.LOST).exists()


def are_lots_of_shipment_safe(lot: Any, _entry: Entry) -> bool:
    """Return True if no lot of the shipment is rejected or recalled, so that thanks apply to all its goods."""
    return not lot.shipment.lots.filter(status__in=Lot.Status.void).exists()


def has_goods_to_ship(order: Any, entry: Entry) -> bool:
    """Return True while some goods of an order have not left."""
    return any(line.undeparted_quantity for line in order.lines.all())


def are_lots_of_order_safe(order: Any, _entry: Entry) -> bool:
    """Return True if no lot of the order is rejected or recalled."""
    return not _unsafe_lots(order).exists()


def are_lots_of_thanked_order_safe(note: Any, _entry: Entry) -> bool:
    """Return True if no lot of the thank-you's order is rejected or recalled."""
    return not _unsafe_lots(note.thank_you.order).exists()


def _unsafe_lots(order: Any) -> Any:
    return Lot.objects.filter(line__order_line__order=order, status__in=Lot.Status.void)


def was_contact_not_thanked(order: Any, _entry: Entry) -> bool:
    """Return True if the contact has not received the thank-you message of the order."""
    notes = ThankYouMessage.objects.filter(thank_you__order=order, contact__user__contacts=order.contact_id)
    return not notes.exists()


def is_order_on_hold(order: Any, _entry: Entry) -> bool:
    """Return True while the order is on hold."""
    return order.held_since is not None


def is_resumed_order(order: Any, _entry: Entry) -> bool:
    """Return True if the order is open and not on hold."""
    return order.held_since is None and order.status in Order.Status.open


def is_contact_told_of_hold(_order: Any, entry: Entry) -> bool:
    """Return True if the person who put the order on hold chose to tell the contact."""
    return bool(entry.facts.get("tell_contact"))


def was_contact_mailed_about_hold(order: Any, entry: Entry) -> bool:
    """Return True if the hold that has ended was told to the contact and the mail about it was sent."""
    sent = Message.objects.about(order).filter(template="order_held", state=Message.State.SENT)
    return bool(entry.before.get("contact_told_of_hold")) and sent.exists()


def is_waiting_for_decision(order: Any, _entry: Entry) -> bool:
    """Return True while an order or donation waits for an approver."""
    return order.status in (Order.Status.AWAITING_APPROVAL, Order.Status.OFFERED)


def is_unconfirmed(order: Any, entry: Entry) -> bool:
    """Return True while an order waits for the supplier's confirmation, and the supplier has not answered by link."""
    return bool(order.status == Order.Status.PLACED) and not is_answer_waiting(order, entry)


def is_answer_waiting(order: Any, _entry: Entry) -> bool:
    """Return True while the supplier's proposal or refusal by link waits for the city's decision."""
    answered = OrderAcknowledgement.objects.awaiting_decision().filter(order=order)
    return bool(order.status == Order.Status.PLACED) and answered.exists()


def is_waiting_for_supplier(acknowledgement: Any, _entry: Entry) -> bool:
    """Return True while the order of a link is placed and not on hold."""
    order = acknowledgement.order
    return bool(order.status == Order.Status.PLACED and order.held_since is None)


def has_no_link_holder(acknowledgement: Any, _entry: Entry) -> bool:
    """Return True if no address is known to which an order can be sent, so that the city delivers its link."""
    return acknowledgement.person_id is None


def is_awaiting_goods(order: Any, _entry: Entry) -> bool:
    """Return True while the goods of an order or donation are expected."""
    return order.status in Order.AWAITING_GOODS_STATUSES


def is_for_sender(case: Any, _entry: Entry) -> bool:
    """Return True while the sender is asked about a discrepancy: of a purchase, open, from a contact."""
    asked = case.status == Discrepancy.Status.OPEN and case.contact is not None
    return asked and not case.is_of_donation


def is_last_reminder_for_sender(case: Any, entry: Entry) -> bool:
    """Return True if the sender was reminded of a discrepancy for the last time, so a person should phone."""
    return is_for_sender(case, entry) and bool(case.reminders >= MAX_REMINDERS)


def is_for_city(case: Any, entry: Entry) -> bool:
    """Return True if the city settles a discrepancy next: it is answered, or it has no contact to ask."""
    return not is_for_sender(case, entry)


def is_order_of_payment_free(payment: Any, _entry: Entry) -> bool:
    """Return True while the order of the payment is not on hold."""
    return payment.order.held_since is None


def was_offered_for_other_need(_allocation: Any, entry: Entry) -> bool:
    """Return True if the goods were offered for another need, which still needed goods when they were allocated."""
    return "offered_for" in entry.facts
