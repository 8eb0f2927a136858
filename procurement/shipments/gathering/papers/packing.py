"""What goes with the boxes: the packing list, and the labels that are stuck on cartons and pallets."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from procurement.shipments.gathering.papers import told
from procurement.shipments.gathering.papers.blocks import Block, facts, sentences, sign, table
from procurement.shipments.gathering.papers.record import Goods, Record, lots_of
from procurement.shipments.gathering.papers.told import deliver_to
from procurement.shipments.models.shipment import Carton
from workflow.doors import words

type Label = dict[str, Any]


def packing_list(record: Record) -> list[Block]:
    """Which boxes hold what: numbers, pieces in each, lots, and weights where they are known."""
    senders = dict.fromkeys(told.company(order.supplier) for order in record.orders)
    rows = [row for one in record.goods for row in _runs(one)]
    pieces = "\n".join(told.pieces(one.pieces, one) for one in record.goods)
    return [
        facts(
            (_("Sent by"), "\n".join(senders)),
            (pgettext("goods", "Received by"), deliver_to(record)),
            (_("Orders"), told.orders(record)),
            *told.carriage(record),
            *told.where(record),
        ),
        table(
            [
                *(_("Cartons no."), _("Goods"), _("Lot"), _("Cartons"), _("Pieces in each")),
                *(pgettext("pieces", "Together"), _("Gross weight"), _("Net weight")),
            ],
            rows,
            [3, 7, 4, 3, 3, 4, 3, 3],
            figures=[3, 4, 5, 6, 7],
        ),
        facts(
            (_("Cartons"), words.quantity(len(record.boxes))),
            (_("Pieces"), pieces),
            (_("Gross weight"), told.kilograms(record.gross_kg)),
            (_("Net weight"), ""),
            (_("Volume"), ""),
        ),
        sentences(
            _(
                "Empty lines stand for what the record does not know. Fill them in by hand; nothing here is estimated."
            )
        ),
        sign(_("Packed by: name, signature, seal"), _("Place and day")),
    ]


def _runs(one: Goods) -> Iterator[list[object]]:
    """Boxes alike, together: same lot, same number of pieces."""

    def alike(box: Carton) -> tuple[str, int]:
        return (box.lot_number, box.pieces)

    for (lot, each), group in groupby(one.boxes, key=alike):
        boxes = list(group)
        weight = one.lead.carton_kg * len(boxes) if one.lead.carton_kg is not None else None
        yield [
            told.numbers(boxes),
            [one.product.name, one.lead.model or None],
            lot or told.BLANK,
            words.quantity(len(boxes)),
            words.quantity(each),
            told.pieces(each * len(boxes), one),
            told.kilograms(weight) or told.BLANK,
            told.BLANK,
        ]


def carton_labels(record: Record) -> list[Label]:
    """A label for each carton: its number of the whole, what is in it, lot, pieces, day it expires."""
    lines = {box.pk: one for one in record.goods for box in one.boxes}
    last = len(record.boxes)
    return [
        _label(
            f"{box.number} / {last}",
            box.reference,
            record,
            [box],
            lines[box.pk],
            (_("Gross weight"), told.kilograms(lines[box.pk].lead.carton_kg) or told.BLANK),
        )
        for box in record.boxes
    ]


def pallet_labels(record: Record) -> list[Label]:
    """A label for each pallet: its number of the whole, and which cartons stand on it."""
    pallets = [(one, boxes) for one in record.goods for boxes in one.pallets]
    labels = []
    for number, (one, boxes) in enumerate(pallets, start=1):
        each = one.lead.carton_kg
        weight = each * len(boxes) if each is not None else None
        labels.append(
            _label(
                _("Pallet %(number)s") % {"number": f"{number} / {len(pallets)}"},
                f"{record.shipment}-P{number}",
                record,
                boxes,
                one,
                (_("Cartons"), f"{words.quantity(len(boxes))} ({told.numbers(boxes)})"),
                (_("Gross weight without the pallet"), told.kilograms(weight) or told.BLANK),
            )
        )
    return labels


def _label(
    number: str,
    reference: str,
    record: Record,
    boxes: Sequence[Carton],
    one: Goods,
    *more: tuple[str, object],
) -> Label:
    days = {lot.number: lot.expires_on for lot in record.lots if lot.line_id == (one.line and one.line.pk)}
    expires = dict.fromkeys(words.day(day, short=True) for box in boxes if (day := days.get(box.lot_number)))
    rows = [
        (_("Lot"), lots_of(boxes) or told.BLANK),
        (_("Pieces"), told.pieces(sum(box.pieces for box in boxes), one)),
        (_("Expires"), ", ".join(expires) or told.BLANK),
        *more,
    ]
    return {
        "number": number,
        "reference": reference,
        "goods": one.product.name,
        "model": one.lead.model,
        "to": told.city(record),
        "shipment": str(record.shipment),
        "where": told.code(record),
        "rows": [[str(name), str(said)] for name, said in rows],
    }
