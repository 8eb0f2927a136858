"""The thank-you pack of an order: made ready with the delivery, its photo chosen, sent once to each who helped, or left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.models.people import Contact
from procurement.catalogue.models.facts import Dealing
from procurement.orders.actions import ending
from procurement.orders.models.order import Order
from procurement.shipments.actions.made import make_paper
from procurement.shipments.gathering import thanks
from procurement.shipments.gathering.papers import lacking
from procurement.shipments.gathering.papers.record import Record
from procurement.shipments.gathering.thanks import Helper, takes_mail
from procurement.shipments.models.made import MadePaper
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.thanks import ThanksNote, ThanksPack
from procurement.shipments.rules.after import packs
from procurement.shipments.rules.after.packs import says_something
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.models.evidence import File


@dataclass(frozen=True, kw_only=True)
class Said:
    """The message to one of those who helped, in their language."""

    contact: Contact
    subject: str
    body: str


def ready_packs(shipment: Shipment, *, by: Actor, at: datetime) -> list[ThanksPack]:
    """Make the pack of each order in a delivered shipment ready, where somebody is to be thanked and none is there yet."""
    inside = Order.objects.filter(lines__shipment_lines__shipment=shipment, thanks_pack=None)
    with transaction.atomic():
        return [
            packs.READY.start(ThanksPack(city=order.city, order=order, shipment=shipment), by=by, at=at)
            for order in inside.select_related("city").distinct().order_by("pk")
            if thanks.helpers(order)
        ]


def choose_photo(
    pack: ThanksPack, *, photo: File | None, nobody_seen: bool, by: Actor, at: datetime
) -> ThanksPack:
    """Choose the photo of the arrival, or none. Refuses one on which somebody can be recognised, and one of other goods."""
    with packs.CHOOSE.on(pack, by=by, at=at) as row:
        if photo is not None and not nobody_seen:
            words = _("Look at the photo: choose one on which nobody can be recognised, and say so.")
            raise Refused("somebody_seen", words, field="nobody_seen")
        if photo is not None and not thanks.photos(row.order, by).filter(pk=photo.pk).exists():
            raise Refused("not_of_these_goods", _("Choose a photo of these goods."), field="photo")
        row.photo, row.nobody_seen = photo, photo is not None
    return pack


def send_pack(
    pack: ThanksPack, messages: Sequence[Said], *, tongues: str, author: User, by: Actor, at: datetime
) -> ThanksPack:
    """Send it, once: a message to each person, with the photo, the letter and the certificate on their page.

    A gift's letter and certificate are made now where they can be and were not; a gift that is complete is thanked for.
    Refuses nobody to write to, somebody who had no part in it or asked to be left alone, and an empty message.
    """
    with packs.SEND.on(pack, by=by, at=at) as row:
        helped = {one.contact.pk: one for one in thanks.helpers(row.order)}
        if not messages:
            raise Refused("nobody_chosen", _("Choose somebody to thank."), field="to")
        for message in messages:
            helper = helped.get(message.contact.pk)
            if helper is None or not takes_mail(helper.contact):
                words = _("%(contact)s cannot be written to about this.")
                raise Refused("not_a_helper", words % {"contact": message.contact}, field="to")
            _write(row, helper, message, by, at)
        made = _papers(row.order, tongues, author, by, at)
        row.letter, row.certificate = (
            made.get(MadePaper.Kind.THANKS),
            made.get(MadePaper.Kind.THANKS_CERTIFICATE),
        )
        row.sent_at = at
        order = row.order
        if order.kind == Dealing.DONATION and order.status == Order.Status.COMPLETED:
            ending.thank(order, by=by, at=at)
    return pack


def leave_pack(pack: ThanksPack, *, reason: str, by: Actor, at: datetime) -> ThanksPack:
    """Leave it unsent, and say why."""
    with packs.LEAVE.on(pack, by=by, at=at, reason=reason):
        pass
    return pack


def take_pack_up(pack: ThanksPack, *, by: Actor, at: datetime) -> ThanksPack:
    """Take one that was left up again."""
    with packs.TAKE_UP.on(pack, by=by, at=at):
        pass
    return pack


def _write(pack: ThanksPack, helper: Helper, said: Said, by: Actor, at: datetime) -> None:
    refused = says_something(said.subject, said.body)
    if refused is not None:
        raise refused
    contact = helper.contact
    note = ThanksNote(
        pack=pack,
        city=pack.city,
        contact=contact,
        thanked_for=helper.thanked_for,
        language=contact.user.language,
        subject=said.subject.strip()[:200],
        body=said.body.strip(),
    )
    packs.WRITE.start(note, by=by, at=at, about=pack.reference)


def _papers(order: Order, tongues: str, author: User, by: Actor, at: datetime) -> dict[str, MadePaper]:
    """The letter and the certificate of a gift: as they were made, or made now where nothing is lacking."""
    made = thanks.papers(order)
    if order.kind != Dealing.DONATION:
        return made
    record = Record(None, order, at)
    for kind in (MadePaper.Kind.THANKS, MadePaper.Kind.THANKS_CERTIFICATE):
        if kind not in made and not lacking.lacks(kind, record):
            made[kind] = make_paper(kind, tongues=tongues, author=author, by=by, at=at, order=order)
    return made
