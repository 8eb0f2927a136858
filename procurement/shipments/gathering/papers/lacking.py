"""Which papers a shipment or a gift can have, and what each still lacks, with the page on which it is brought. Reads only."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.facts import Dealing, Receiver, Use
from procurement.catalogue.rules.receivers import is_medical
from procurement.orders.models.order import Order
from procurement.shipments.gathering.papers.declared import MASKS, speaks_of
from procurement.shipments.gathering.papers.record import Record
from procurement.shipments.models.made import MadePaper
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.rules.asked import receivers
from workflow.errors import Words

MOST_LABELS = 1_000  # in one file: more would keep whoever prints them waiting, and their printer
TAKEN = (
    Order.Status.ACCEPTED,
    Order.Status.READY,
    Order.Status.COMPLETED,
    Order.Status.THANKED,
    Order.Status.LOST,
)


# Papers that customs asks for by their own codes (customs.md, section 5), where a rule names no template.
ASKED = frozenset({"INV", "PKL", "DON", "VALUE", "DECL5", "JOINT12"})


def is_made(template: str, code: str) -> bool:
    """Whether a paper that customs asks for can be made from the record: by its rule's template, or by its code."""
    return template in MadePaper.Kind or code in ASKED


@dataclass(frozen=True)
class Lack:
    """What a paper still lacks, what to do about it, and the page of the thing where that is done or read about."""

    words: Words
    url: str = ""


def kinds_of(record: Record) -> list[str]:
    """The papers that a record's goods can have at all, in the order in which they are needed."""
    if record.shipment is None:
        return list(MadePaper.OF_GIFT) if record.gift else []
    if record.order is not None:
        crossing = [MadePaper.Kind.VALUE] if record.crosses else []
        return [MadePaper.Kind.PROFORMA, *crossing] if record.gift else [MadePaper.Kind.INVOICE]
    kinds = [MadePaper.Kind.PACKING]
    if record.from_china and record.crosses:
        kinds += [MadePaper.Kind.EXPORTER] if any(one.use == Use.MEDICAL for one in record.goods) else []
        kinds += [MadePaper.Kind.JOINT] if any(one.product.family in MASKS for one in record.goods) else []
    return [
        *kinds,
        MadePaper.Kind.CARTONS,
        MadePaper.Kind.PALLETS,
        MadePaper.Kind.RECEIVED,
        MadePaper.Kind.INSPECTED,
    ]


def lacks(kind: str, record: Record) -> list[Lack]:
    """What stands in the way of this paper now; nothing: it can be made."""
    return list(_lacks(MadePaper.Kind(kind), record))


def _lacks(kind: MadePaper.Kind, record: Record) -> Iterator[Lack]:
    if kind not in kinds_of(record):
        yield Lack(_("There is no such paper of these goods."))
        return
    shipment = record.shipment
    if shipment is not None and shipment.status == Shipment.Status.CANCELLED:
        yield Lack(
            _("%(shipment)s was cancelled. Make papers of the shipment that goes in its place.")
            % {"shipment": shipment}
        )
    if kind in MadePaper.OF_PART:
        yield from _unpriced(record)
    if kind in (MadePaper.Kind.PACKING, MadePaper.Kind.CARTONS, MadePaper.Kind.PALLETS) and not record.boxes:
        assert shipment is not None  # its kinds are of shipments
        words = _(
            "%(shipment)s is not packed yet. Pack it first: how many boxes, how many pieces in each, and their lots."
        )
        yield Lack(words % {"shipment": shipment}, shipment.get_absolute_url())
    if kind in FURTHER:
        yield from FURTHER[kind](record)


def _unpriced(record: Record) -> Iterator[Lack]:
    """A gift is never declared with a value of zero (customs.md 3.3, CBSA Customs Notice 20-12); nothing is sold for nothing."""
    for one in record.goods:
        order, told = one.order, {"order": one.order.reference, "goods": one.product.name}
        page = order.get_absolute_url()
        if order.kind == Dealing.DONATION and not one.value:
            words = _(
                "%(order)s says nothing of what %(goods)s is worth. Enter the true value of a piece: customs takes no gift without one."
            )
            yield Lack(words % told, page)
        elif not one.value:
            yield Lack(_("%(order)s has no price for %(goods)s.") % told, page)
        if not order.currency:
            yield Lack(_("%(order)s says no currency.") % told, page)


def _false_joint(record: Record) -> Iterator[Lack]:
    """Who signs it says that no ward will use them: false where they are declared for it, or go to a place that treats patients."""
    assert record.shipment is not None  # the joint declaration is of a shipment
    if not speaks_of(MadePaper.Kind.JOINT, record):
        for one in (one for one in record.goods if one.product.family in MASKS):
            words = _(
                "%(goods)s is declared for medical use. The joint declaration says that nobody will use it for that: it would be false."
            )
            yield Lack(words % {"goods": one.product.name}, one.lead.get_absolute_url())
    named = receivers(record.shipment, [one.line for one in record.goods if one.line is not None])
    for one in speaks_of(MadePaper.Kind.JOINT, record):
        receiver = named[one.line.pk] if one.line is not None else ""
        if not receiver:
            words = _(
                "%(need)s does not say who will use the goods. The joint declaration says that no ward will: enter who uses them first."
            )
            yield Lack(words % {"need": one.need.reference}, one.need.get_absolute_url())
        elif is_medical(receiver):
            words = _(
                "%(goods)s will be used for medical purposes (%(receiver)s). The joint declaration says that no ward will use it: "
                "it would be false. Send other goods, or correct who will use them in %(need)s."
            )
            told = {
                "goods": one.product.name,
                "receiver": Receiver(receiver).label,
                "need": one.need.reference,
            }
            yield Lack(words % told, one.need.get_absolute_url())


def _too_many(record: Record) -> Iterator[Lack]:
    if len(record.boxes) > MOST_LABELS:
        words = _(
            "One file holds at most %(most)s labels. Split the shipment, or print the labels of its parts."
        )
        yield Lack(words % {"most": MOST_LABELS})


def _unstacked(record: Record) -> Iterator[Lack]:
    for one in record.goods:
        if one.boxes and not one.lead.pallet_cartons:
            words = _("Nobody has said how many cartons of %(goods)s stand on a pallet. Say so in %(offer)s.")
            told = {"goods": one.product.name, "offer": one.lead.reference}
            yield Lack(words % told, one.lead.get_absolute_url())


def _uncounted(record: Record) -> Iterator[Lack]:
    shipment = record.shipment
    assert shipment is not None  # counted is what a shipment brought
    if not record.counted:
        yield Lack(_("Nothing has been counted at the door yet."), shipment.get_absolute_url())


def _uninspected(record: Record) -> Iterator[Lack]:
    if not record.inspections:
        page = record.lots[0].get_absolute_url() if record.lots else ""
        yield Lack(_("No lot has been inspected yet."), page)


def _not_taken(record: Record) -> Iterator[Lack]:
    assert record.order is not None  # of a gift
    if record.order.status not in TAKEN:
        words = _("%(order)s is not accepted. Accept the gift first.")
        yield Lack(words % {"order": record.order}, record.order.get_absolute_url())


def _refused(record: Record) -> Iterator[Lack]:
    assert record.order is not None  # of a gift
    if record.order.status in (Order.Status.DECLINED, Order.Status.CANCELLED):
        words = _("%(order)s is at “%(status)s”: there is nothing to offer any more.")
        yield Lack(words % {"order": record.order, "status": record.order.get_status_display()})


def _not_here(record: Record) -> Iterator[Lack]:
    if not record.released:
        assert record.order is not None  # of a gift
        words = _(
            "Nothing of %(order)s has been inspected and released yet. Thank for what came, once it can be used."
        )
        yield Lack(words % {"order": record.order}, record.order.get_absolute_url())


FURTHER = {
    MadePaper.Kind.JOINT: _false_joint,
    MadePaper.Kind.CARTONS: _too_many,
    MadePaper.Kind.PALLETS: _unstacked,
    MadePaper.Kind.RECEIVED: _uncounted,
    MadePaper.Kind.INSPECTED: _uninspected,
    MadePaper.Kind.OFFER: _refused,
    MadePaper.Kind.ACCEPTANCE: _not_taken,
    MadePaper.Kind.GIFT: _not_taken,
    MadePaper.Kind.THANKS: _not_here,
    MadePaper.Kind.THANKS_CERTIFICATE: _not_here,
}
