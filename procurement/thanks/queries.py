"""Reads for a thank-you: the people who helped with an order, and the material to show them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, Value

from partners.contacts.models import Contact, Organization
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.orders.models import Order
from procurement.outreach.models.inquiries import Inquiry
from procurement.quality.models import Lot
from procurement.receiving.models import GoodsReceipt
from procurement.shipments.models import Shipment, ShipmentLine
from procurement.thanks.drafts import ArrivalSummary
from procurement.thanks.models import ThankYouMessage
from procurement.verification.models import VerificationTask
from workflow.uploads.models import File

Reason = ThankYouMessage.Reason
CONTACT_RELATIONS = ("user", "city", "organization__city")


class Helper(NamedTuple):
    """Person who helped, and how."""

    contact: Contact
    thanked_for: str


def helpers_of(order: Order) -> list[Helper]:
    """Return everyone who helped with an order, each person once.

    These are the contacts who brought its offers or checked them, those who introduced a contact for a partner
    city, and the contacts in the foreign affairs office of the donor city.
    """
    leads = order.lines.values("allocation__lead")
    brought = Contact.objects.filter(
        Q(pk=order.contact_id) | Q(pk__in=order.lines.values("allocation__lead__contact"))
    )
    done = VerificationTask.objects.filter(lead__in=leads, status=VerificationTask.Status.ACCEPTED)
    checked = Contact.objects.filter(pk__in=done.values("contact"))
    asked = Inquiry.objects.filter(Q(answers__in=leads) | Q(forwarded_to__answers__in=leads))
    sent = asked.filter(sent_at__isnull=False)
    introduced = Contact.objects.filter(
        Q(pk__in=sent.values("introducer")) | Q(pk__in=sent.values("consent__introducer"))
    )
    offices = Contact.objects.none()
    if order.donor_city_id is not None:
        offices = Contact.objects.accepting_inquiries().filter(
            city=order.donor_city_id, organization__kind=Organization.Kind.FOREIGN_AFFAIRS_OFFICE
        )
    groups = {
        Reason.OFFERED: brought,
        Reason.CHECKED: checked,
        Reason.INTRODUCED: introduced,
        Reason.DONOR_STAFF: offices,
    }
    # One query for all groups, one for their contacts. A person in several groups is thanked for the first of them.
    placed = [
        rows.annotate(place=Value(place)).values_list("place", "pk")
        for place, rows in enumerate(groups.values())
    ]
    first, *others = placed
    pairs = sorted(first.union(*others))
    contacts = Contact.objects.select_related(*CONTACT_RELATIONS).in_bulk({pk for _place, pk in pairs})
    reasons = list(groups)
    found: dict[int, Helper] = {}
    for place, pk in pairs:
        found.setdefault(contacts[pk].user_id, Helper(contacts[pk], reasons[place]))
    return list(found.values())


def accepts_mail(contact: Contact) -> bool:
    """Return True if a message may go to the contact. A person who asked to be left alone gets none."""
    return contact.status != Contact.Status.OPTED_OUT and contact.user.can_receive_mail


def arrival_summary(order: Order) -> ArrivalSummary:
    """Return the delivered goods of an order, over all its shipments.

    Pieces that were rejected or missing are left out. Before the count, all pieces sent are included.
    """
    lines = list(order.lines.select_related("allocation__lead__product").order_by("pk"))
    travelled = ShipmentLine.objects.filter(
        order_line__order=order, shipment__status__in=(Shipment.Status.DELIVERED, Shipment.Status.CLOSED)
    ).select_related("shipment")
    here = list(travelled.order_by("shipment__delivered_at", "pk"))
    first = here[0].shipment.delivered_at if here else None
    return ArrivalSummary(
        order.city,
        [line.allocation.lead.product for line in lines],
        sum(line.quantity - line.rejected - line.missing for line in here),
        sum(line.released for line in here),
        order.city.day_at(first) if first is not None else None,
    )


def shipment_lines_by_order(orders: Iterable[int]) -> dict[int, list[ShipmentLine]]:
    """Return the shipment lines with the goods of these orders, by order, without cancelled ones."""
    travels: defaultdict[int, list[ShipmentLine]] = defaultdict(list)
    lines = ShipmentLine.objects.filter(order_line__order__in=list(orders))
    for line in (
        lines.exclude(shipment__status=Shipment.Status.CANCELLED)
        .select_related("shipment", "order_line__allocation__lead__product")
        .order_by("pk")
    ):
        travels[line.order_line.order_id].append(line)
    return travels


def photo_choices(order: Order, by: Any) -> QuerySet[File]:
    """Return the pictures that the reader may choose from.

    They belong to the order, its shipments, their goods receipts or their lots.
    """
    travels = Shipment.objects.filter(lines__order_line__order=order).values("pk")
    about = Q(thing_label=Order._meta.label_lower, thing_id=order.pk)
    for model, rows in (
        (Shipment, travels),
        (GoodsReceipt, GoodsReceipt.objects.filter(shipment__in=travels).values("pk")),
        (Lot, Lot.objects.filter(shipment__in=travels).values("pk")),
    ):
        about |= Q(thing_label=model._meta.label_lower, thing_id__in=rows)
    pictures = File.objects.visible_to(by).filter(about, status=File.Status.CLEAN)
    found: QuerySet[File] = pictures.filter(content_type__startswith="image/").order_by("-pk")
    return found


def thank_you_documents(order: Order) -> dict[str, GeneratedDocument]:
    """Return the newest letter and certificate of thanks of a donation, by kind."""
    found = GeneratedDocument.objects.filter(
        order=order,
        shipment=None,
        kind__in=(GeneratedDocument.Kind.THANKS_LETTER, GeneratedDocument.Kind.THANKS_CERTIFICATE),
    )
    return {one.kind: one for one in found.order_by("pk")}


def thank_yous_to(user: Any) -> list[ThankYouMessage]:
    """Return the thank-you messages to a person, newest first, each with its thank-you."""
    rows = ThankYouMessage.objects.filter(contact__user=user)
    return list(rows.select_related("thank_you__order", "city", "thank_you__photo").order_by("-pk"))
