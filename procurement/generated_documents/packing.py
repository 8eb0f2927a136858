"""Packing list, and labels for cartons and pallets."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from procurement.generated_documents import shared_texts
from procurement.generated_documents.content_blocks import (
    Block,
    facts_block,
    sentences_block,
    signature_block,
    table_block,
)
from procurement.generated_documents.document_record import DocumentRecord, GoodsLine, lot_numbers_of
from procurement.generated_documents.shared_texts import (
    carton_number_ranges,
    city_heading,
    company_details,
    delivery_address,
    order_numbers,
    piece_count_text,
    tracking_code,
    tracking_facts,
    transport_facts,
    weight_text,
)
from procurement.shipments.models import Carton
from workflow.formatting import format_quantity, iso_day

type Label = dict[str, Any]


def packing_list(record: DocumentRecord) -> list[Block]:
    """Return the packing list: carton numbers, goods, lots, pieces, and weights if known."""
    senders = dict.fromkeys(company_details(order.supplier) for order in record.orders)
    rows = [row for one in record.goods for row in _carton_runs(one)]
    pieces = "\n".join(piece_count_text(one.pieces, one) for one in record.goods)
    return [
        facts_block(
            (_("Sent by"), "\n".join(senders)),
            (pgettext("goods", "Received by"), delivery_address(record)),
            (pgettext("on a document", "Orders"), order_numbers(record)),
            *transport_facts(record),
            *tracking_facts(record),
        ),
        table_block(
            [
                *(_("Carton numbers"), _("Goods"), _("Lot"), _("Cartons"), _("Units per carton")),
                *(pgettext("pieces", "Total units"), _("Gross weight"), _("Net weight")),
            ],
            rows,
            [3, 7, 4, 3, 3, 4, 3, 3],
            figures=[3, 4, 5, 6, 7],
        ),
        facts_block(
            (_("Cartons"), format_quantity(len(record.cartons))),
            (_("Units"), pieces),
            (_("Gross weight"), weight_text(record.gross_kg)),
            (_("Net weight"), ""),
            (_("Volume"), ""),
        ),
        sentences_block(
            _(
                "Blank lines are for data missing from the record. Fill them in by hand; nothing "
                "here is estimated."
            )
        ),
        signature_block(_("Packed by: name, signature, seal"), _("Place and date")),
    ]


def _carton_runs(one: GoodsLine) -> Iterator[list[object]]:
    """Yield a row for each run of cartons with the same lot and number of pieces."""

    def alike(carton: Carton) -> tuple[str, int]:
        return (carton.lot_number, carton.pieces)

    for (lot, each), group in groupby(one.cartons, key=alike):
        cartons = list(group)
        weight = one.lead.carton_kg * len(cartons) if one.lead.carton_kg is not None else None
        yield [
            carton_number_ranges(cartons),
            [one.product.name, one.lead.model or None],
            lot or shared_texts.BLANK_TO_FILL,
            format_quantity(len(cartons)),
            format_quantity(each),
            piece_count_text(each * len(cartons), one),
            weight_text(weight) or shared_texts.BLANK_TO_FILL,
            shared_texts.BLANK_TO_FILL,
        ]


def carton_labels(record: DocumentRecord) -> list[Label]:
    """Return a label for each carton: its number, contents, lot, pieces and expiry."""
    lines = {carton.pk: one for one in record.goods for carton in one.cartons}
    last = len(record.cartons)
    return [
        _label(
            f"{carton.number} / {last}",
            carton.reference,
            record,
            [carton],
            lines[carton.pk],
            (_("Gross weight"), weight_text(lines[carton.pk].lead.carton_kg) or shared_texts.BLANK_TO_FILL),
        )
        for carton in record.cartons
    ]


def pallet_labels(record: DocumentRecord) -> list[Label]:
    """Return a label for each pallet: its number, and the cartons on it."""
    pallets = [(one, cartons) for one in record.goods for cartons in one.pallets]
    labels = []
    for number, (one, cartons) in enumerate(pallets, start=1):
        each = one.lead.carton_kg
        weight = each * len(cartons) if each is not None else None
        labels.append(
            _label(
                _("Pallet %(number)s") % {"number": f"{number} / {len(pallets)}"},
                f"{record.shipment}-P{number}",
                record,
                cartons,
                one,
                (_("Cartons"), f"{format_quantity(len(cartons))} ({carton_number_ranges(cartons)})"),
                (_("Gross weight without pallet"), weight_text(weight) or shared_texts.BLANK_TO_FILL),
            )
        )
    return labels


def _label(
    number: str,
    reference: str,
    record: DocumentRecord,
    cartons: Sequence[Carton],
    one: GoodsLine,
    *more: tuple[str, object],
) -> Label:
    days = {
        lot.number: lot.expires_on
        for lot in record.lots
        if lot.line_id == (one.shipment_line and one.shipment_line.pk)
    }
    expires = dict.fromkeys(iso_day(day) for carton in cartons if (day := days.get(carton.lot_number)))
    rows = [
        (_("Lot"), lot_numbers_of(cartons) or shared_texts.BLANK_TO_FILL),
        (_("Units"), piece_count_text(sum(carton.pieces for carton in cartons), one)),
        (_("Expiry date"), ", ".join(expires) or shared_texts.BLANK_TO_FILL),
        *more,
    ]
    return {
        "number": number,
        "reference": reference,
        "goods": one.product.name,
        "model": one.lead.model,
        "to": city_heading(record),
        "shipment": str(record.shipment),
        "where": tracking_code(record),
        "rows": [[str(name), str(value)] for name, value in rows],
    }
