"""What a paper says, in each of its languages, and the figures by which it is held against the others. Reads only."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from procurement.shipments.gathering.papers import told, trade
from procurement.shipments.gathering.papers.arrived import goods_received, inspection_report
from procurement.shipments.gathering.papers.declared import exporter_data, joint_data, speaks_of
from procurement.shipments.gathering.papers.gifts import (
    certificate_of_thanks,
    gift_certificate,
    letter_of_acceptance,
    letter_of_offer,
    letter_of_thanks,
)
from procurement.shipments.gathering.papers.packing import carton_labels, packing_list, pallet_labels
from procurement.shipments.gathering.papers.record import Goods, Record
from procurement.shipments.gathering.papers.told import the_city
from procurement.shipments.gathering.papers.trade import value_statement
from procurement.shipments.models.made import MadePaper, of
from procurement.shipments.paper import Figures, Words
from workflow.doors import words
from workflow.tongues import TONGUES, in_three

SHEETS: dict[str, Callable[[Record], list[dict[str, Any]]]] = {
    MadePaper.Kind.INVOICE: trade.invoice,
    MadePaper.Kind.PROFORMA: trade.proforma,
    MadePaper.Kind.VALUE: value_statement,
    MadePaper.Kind.PACKING: packing_list,
    MadePaper.Kind.EXPORTER: exporter_data,
    MadePaper.Kind.JOINT: joint_data,
    MadePaper.Kind.RECEIVED: goods_received,
    MadePaper.Kind.INSPECTED: inspection_report,
}
LETTERS: dict[str, Callable[[Record], dict[str, Any]]] = {
    MadePaper.Kind.OFFER: letter_of_offer,
    MadePaper.Kind.ACCEPTANCE: letter_of_acceptance,
    MadePaper.Kind.THANKS: letter_of_thanks,
    MadePaper.Kind.GIFT: gift_certificate,
    MadePaper.Kind.THANKS_CERTIFICATE: certificate_of_thanks,
}
LABELS: dict[str, Callable[[Record], list[dict[str, Any]]]] = {
    MadePaper.Kind.CARTONS: carton_labels,
    MadePaper.Kind.PALLETS: pallet_labels,
}
VALUED = (*MadePaper.OF_PART, MadePaper.Kind.OFFER)  # which speak of money
BOXED = (*MadePaper.OF_PART, MadePaper.Kind.PACKING, MadePaper.Kind.CARTONS)  # which count cartons
WEIGHED = (*MadePaper.OF_PART, MadePaper.Kind.PACKING)
RELEASED = (MadePaper.Kind.THANKS, MadePaper.Kind.THANKS_CERTIFICATE)


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
        "title": str(MadePaper.Kind(kind).label),
        "number": _("No. %(number)s, version %(version)s")
        % {"number": made.reference, "version": words.quantity(made.version)},
        "city": told.city(record),
        "day": day,
        "scan": _("Scan this to see on our page that the paper is genuine."),
        "foot": _("Fingerprint"),
        "maker": _("Made through Twinlane from the record of %(city)s") % {"city": the_city(record)},
    }
    if kind in SHEETS:
        return {**head, "blocks": SHEETS[kind](record)}
    if kind in LABELS:
        return {**head, "labels": LABELS[kind](record)}
    return {**head, **LETTERS[kind](record)}


def figures_of(kind: str, record: Record) -> Figures:
    """What a paper of a kind says that others say, too: by line of an order, and of the whole; only what it speaks of."""
    goods = speaks_of(kind, record)
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
    return figures_of(MadePaper.Kind.INVOICE, record)


def _pieces(kind: str, one: Goods) -> int | None:
    """The pieces a paper tells of a line: those sent, those in the boxes, or (once all are counted) those that came."""
    if kind in RELEASED:
        return one.order_line.released
    if kind in (MadePaper.Kind.PACKING, MadePaper.Kind.CARTONS):
        return sum(box.pieces for box in one.boxes)
    if kind == MadePaper.Kind.PALLETS:
        return sum(box.pieces for boxes in one.pallets for box in boxes)
    if kind == MadePaper.Kind.INSPECTED:
        return None  # a report tells of lots
    if kind == MadePaper.Kind.RECEIVED:
        line = one.line
        assert line is not None  # a note is of a shipment
        return None if line.uncounted else line.accepted + line.rejected + line.surplus
    return one.pieces
