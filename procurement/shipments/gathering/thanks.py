"""Who helped with an order, and what there is to show them: read for its thank-you pack."""

from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from partners.models.people import Contact, Organisation
from procurement.orders.models.order import Order
from procurement.shipments.letters import Arrived
from procurement.shipments.models.arrival import Lot, Receipt
from procurement.shipments.models.made import MadePaper
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from procurement.shipments.models.thanks import ThanksNote
from procurement.verification.models.checks import VerificationTask
from workflow.models.evidence import File

For = ThanksNote.For
SEATS = ("user", "city", "organisation__city")


class Helper(NamedTuple):
    """Somebody who helped, and with what."""

    contact: Contact
    thanked_for: str


def helpers(order: Order) -> list[Helper]:
    """Whoever brought its offers, checked them, or sits in the foreign affairs office of the city that gave; each person once."""
    leads = list(order.lines.values_list("allocation__lead", flat=True))
    brought = Contact.objects.filter(
        Q(pk=order.contact_id) | Q(pk__in=order.lines.values("allocation__lead__contact"))
    )
    done = VerificationTask.objects.filter(lead__in=leads, status=VerificationTask.Status.ACCEPTED)
    checked = Contact.objects.filter(pk__in=done.values("contact"))
    offices = Contact.objects.none()
    if order.donor_city_id is not None:
        offices = Contact.objects.answering().filter(
            city=order.donor_city_id, organisation__kind=Organisation.Kind.FOREIGN_AFFAIRS_OFFICE
        )
    found: dict[int, Helper] = {}
    for reason, rows in ((For.OFFERED, brought), (For.CHECKED, checked), (For.OFFICE, offices)):
        for contact in rows.select_related(*SEATS).order_by("pk"):
            found.setdefault(contact.user_id, Helper(contact, reason))
    return list(found.values())


def takes_mail(contact: Contact) -> bool:
    """Whether a message may go to them: who asked to be left alone is thanked on paper."""
    return contact.status != Contact.Status.STOPPED and contact.user.may_be_written_to


def arrived(order: Order) -> Arrived:
    """What came of an order: of every line, by its shipments. Pieces counted good; before the count, those that were sent."""
    lines = list(order.lines.select_related("allocation__lead__product").order_by("pk"))
    travelled = ShipmentLine.objects.filter(
        order_line__order=order, shipment__status__in=(Shipment.Status.DELIVERED, Shipment.Status.CLOSED)
    ).select_related("shipment")
    here = list(travelled.order_by("shipment__delivered_at", "pk"))
    first = here[0].shipment.delivered_at if here else None
    return Arrived(
        order.city,
        [line.allocation.lead.product for line in lines],
        sum(line.quantity - line.rejected - line.missing for line in here),
        sum(line.released for line in here),
        order.city.day_at(first) if first is not None else None,
    )


def photos(order: Order, by: Any) -> QuerySet[File]:
    """The pictures the reader may choose from: brought to the order, to its shipments, to their countings and to their lots."""
    travels = Shipment.objects.filter(lines__order_line__order=order).values("pk")
    about = Q(thing_label=Order._meta.label_lower, thing_id=order.pk)
    for model, rows in (
        (Shipment, travels),
        (Receipt, Receipt.objects.filter(shipment__in=travels).values("pk")),
        (Lot, Lot.objects.filter(shipment__in=travels).values("pk")),
    ):
        about |= Q(thing_label=model._meta.label_lower, thing_id__in=rows)
    pictures = File.objects.visible_to(by).filter(about, status=File.Status.CLEAN)
    found: QuerySet[File] = pictures.filter(content_type__startswith="image/").order_by("-pk")
    return found


def papers(order: Order) -> dict[str, MadePaper]:
    """The newest letter and certificate of thanks that were made for a gift, by kind."""
    made = MadePaper.objects.filter(
        order=order, shipment=None, kind__in=(MadePaper.Kind.THANKS, MadePaper.Kind.THANKS_CERTIFICATE)
    )
    return {one.kind: one for one in made.order_by("pk")}


def notes_to(user: Any) -> list[ThanksNote]:
    """What a person was thanked with, the newest first, each with its pack."""
    rows = ThanksNote.objects.filter(contact__user=user)
    return list(rows.select_related("pack__order", "city", "pack__photo").order_by("-pk"))
