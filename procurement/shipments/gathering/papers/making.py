"""What a paper says, in each of its languages, and the figures by which it is held against the others. Reads only."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from procurement.shipments.gathering.papers import arrived, declared, gifts, packing, told, trade
from procurement.shipments.gathering.papers.record import Goods, Record
from procurement.shipments.models import MadePaper
from procurement.shipments.models.made import of
from procurement.shipments.paper import Figures, Words
from workflow.doors import words
from workflow.tongues import TONGUES, in_three

K = MadePaper.Kind
SHEETS: dict[str, Callable[[Record], list[dict[str, Any]]]] = {
    K.INVOICE: trade.invoice,
    K.PROFORMA: trade.proforma,
    K.VALUE: trade.value_statement,
    K.PACKING: packing.packing_list,
    K.EXPORTER: declared.exporter_data,
    K.JOINT: declared.joint_data,
    K.RECEIVED: arrived.goods_received,
    K.INSPECTED: arrived.inspection_report,
}
LETTERS: dict[str, Callable[[Record], dict[str, Any]]] = {
    K.OFFER: gifts.letter_of_offer,
    K.ACCEPTANCE: gifts.letter_of_acceptance,
    K.THANKS: gifts.letter_of_thanks,
    K.GIFT: gifts.gift_certificate,
    K.THANKS_CERTIFICATE: gifts.certificate_of_thanks,
}
LABELS: dict[str, Callable[[Record], list[dict[str, Any]]]] = {
    K.CARTONS: packing.carton_labels,
    K.PALLETS: packing.pallet_labels,
}
VALUED = (*MadePaper.OF_PART, K.OFFER)  # which speak of money
BOXED = (*MadePaper.OF_PART, K.PACKING, K.CARTONS)  # which count cartons
WEIGHED = (*MadePaper.OF_PART, K.PACKING)
RELEASED = (K.THANKS, K.THANKS_CERTIFICATE)


def said(made: MadePaper, record: Record) -> Words:
    """All that a paper says: its head in each language, and its blocks, letter or labels."""
    tongues = []
    for short in made.languages:
        with translation.override(TONGUES[short]), timezone.override(record.city.zone):
            tongues.append(_in_tongue(short, made, record))
    whole: Words = {"reference": made.reference, "about": of(made.shipment, made.order), "tongues": tongues}
    if made.kind in LABELS:
        by_tongue = [one.pop("labels") for one in tongues]
        whole["labels"] = [
            {"reference": same[0]["reference"], "tongues": list(same)}
            for same in zip(*by_tongue, strict=True)
        ]
    return whole


def _in_tongue(short: str, made: MadePaper, record: Record) -> dict[str, Any]:
    kind = made.kind
    day = words.day(record.today)
    head: dict[str, Any] = {
        "language": short,
        "title": str(K(kind).label),
        "number": _("No. %(number)s, version %(version)s")
        % {"number": made.reference, "version": words.quantity(made.version)},
        "city": told.city(record),
        "day": day,
        "scan": _("Scan this to see on our page that the paper is genuine."),
        "foot": _("Fingerprint"),
        "maker": _("Made through Twinlane from the record of %(city)s") % {"city": told.the_city(record)},
    }
    if kind in SHEETS:
        return {**head, "blocks": SHEETS[kind](record)}
    if kind in LABELS:
        return {**head, "labels": LABELS[kind](record)}
    return {**head, **LETTERS[kind](record)}


def figures_of(kind: str, record: Record) -> Figures:
    """What a paper of a kind says that others say, too: by line of an order, and of the whole; only what it speaks of."""
    goods = declared.speaks_of(kind, record)
    found: Figures = {
        "pieces": {one.key: count for one in goods if (count := _pieces(kind, one)) is not None},
        "names": {one.key: in_three(lambda one=one: one.product.name) for one in goods},  # type: ignore[misc]  # the default binds it
    }
    if kind in VALUED:
        found["values"] = {
            one.key: f"{one.value} {one.order.currency}".strip() for one in record.goods if one.value
        }
    if kind in BOXED and record.boxes:
        found["cartons"] = {one.key: len(one.boxes) for one in record.goods}
    if kind in WEIGHED and record.whole and record.gross_kg is not None:
        found["gross_kg"] = f"{record.gross_kg.normalize():f}"
    return found


def figures_now(record: Record) -> Figures:
    """What the record says now of everything that papers may speak of."""
    return figures_of(K.INVOICE, record)


def _pieces(kind: str, one: Goods) -> int | None:
    """The pieces a paper tells of a line: those sent, those in the boxes, or (once all are counted) those that came."""
    if kind in RELEASED:
        return one.order_line.released
    if kind in (K.PACKING, K.CARTONS):
        return sum(box.pieces for box in one.boxes)
    if kind == K.PALLETS:
        return sum(box.pieces for boxes in one.pallets for box in boxes)
    if kind == K.INSPECTED:
        return None  # a report tells of lots
    if kind == K.RECEIVED:
        line = one.line
        assert line is not None  # a note is of a shipment
        return None if line.uncounted else line.accepted + line.rejected + line.surplus
    return one.pieces
