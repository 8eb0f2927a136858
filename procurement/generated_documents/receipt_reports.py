"""Goods received note and inspection report."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from procurement.generated_documents import shared_texts
from procurement.generated_documents.content_blocks import (
    Block,
    facts_block,
    heading_block,
    sentences_block,
    signature_block,
    table_block,
)
from procurement.generated_documents.document_record import DocumentRecord, GoodsLine
from procurement.generated_documents.shared_texts import (
    city_heading,
    company_details,
    delivery_address,
    order_numbers,
    piece_count_text,
    transport_facts,
)
from procurement.quality.models import Inspection, Lot, MeasuredPoint
from workflow.formatting import format_day, format_decimals, format_moment, format_quantity, iso_day


def goods_received_note(record: DocumentRecord) -> list[Block]:
    """Return the goods received note: pieces counted against pieces sent, and reasons for differences.

    Accepted + rejected + missing = sent. Surplus is stated separately.
    """
    shipment = record.shipment
    assert shipment is not None  # a goods received note always has a shipment
    return [
        facts_block(
            (pgettext("goods", "Received by"), delivery_address(record)),
            (
                _("Sent by"),
                "\n".join(dict.fromkeys(company_details(order.supplier) for order in record.orders)),
            ),
            (pgettext("on a document", "Orders"), order_numbers(record)),
            *transport_facts(record),
            (
                _("Delivered"),
                format_moment(shipment.delivered_at, record.city.zone) if shipment.delivered_at else "",
            ),
        ),
        table_block(
            [
                _("Goods"),
                pgettext("pieces", "Sent"),
                pgettext("pieces", "Accepted"),
                pgettext("pieces", "Rejected"),
                _("Missing"),
                _("Surplus"),
                _("Not counted yet"),
            ],
            [_counts(one) for one in record.goods],
            [7, 3, 3, 3, 3, 3, 3],
            figures=[1, 2, 3, 4, 5, 6],
        ),
        *_by_lot(record),
        *_reasons(record),
        sentences_block(
            _("Goods received are not released yet. They stay in quarantine until they are inspected.")
        ),
        signature_block(
            _("Received by: name, signature"), _("Handed over by: name, signature"), _("Place and date")
        ),
    ]


def _counts(one: GoodsLine) -> list[object]:
    line = one.shipment_line
    assert line is not None  # goods of a shipment have a line
    counts = (line.quantity, line.accepted, line.rejected, line.missing, line.surplus, line.uncounted_pieces)
    return [[one.product.name, one.order.reference], *(format_quantity(count) for count in counts)]


def _by_lot(record: DocumentRecord) -> list[Block]:
    if not record.lots:
        return []
    names = {one.shipment_line.pk: one.product.name for one in record.goods if one.shipment_line}
    rows = [
        [
            [lot.number, lot.reference],
            names[lot.line_id],
            format_quantity(lot.quantity),
            iso_day(lot.expires_on) if lot.expires_on else shared_texts.BLANK_TO_FILL,
            lot.get_status_display(),
        ]
        for lot in record.lots
    ]
    head = [_("Lot"), _("Goods"), _("Quantity"), _("Expiry date"), _("Status")]
    return [heading_block(_("Lots")), table_block(head, rows, [4, 6, 3, 3, 4], figures=[2])]


def _reasons(record: DocumentRecord) -> list[Block]:
    """Return the reasons for differences, as written at receiving."""
    names = {one.shipment_line.pk: one.product.name for one in record.goods if one.shipment_line}
    rows = [
        [format_moment(one.receipt.received_at, record.city.zone), names[one.line_id], one.reason]
        for one in record.receipt_lines
        if one.reason
    ]
    if not rows:
        return []
    return [
        heading_block(_("Discrepancies")),
        table_block([_("Counted on"), _("Goods"), _("Reason")], rows, [4, 5, 7]),
    ]


def inspection_report(record: DocumentRecord) -> list[Block]:
    """Return the inspection report: each lot with its inspections.

    For each inspection it states the pieces drawn, the number that may fail, the number that failed,
    the measured values and the verdict.
    """
    blocks = [
        facts_block(
            (_("City"), city_heading(record)),
            (_("Shipment"), str(record.shipment)),
            (pgettext("on a document", "Orders"), order_numbers(record)),
            (
                _("Sent by"),
                "\n".join(dict.fromkeys(company_details(order.supplier) for order in record.orders)),
            ),
        )
    ]
    for lot in record.lots:
        blocks += _lot(record, lot)
    return [
        *blocks,
        sentences_block(
            _(
                "Sampling by attributes under ISO 2859-1: a lot passes if the sample has no more than the stated number "
                "of defective units."
            ),
            _(
                "The verdict states only the result of the inspection. Whether the lot may be used was "
                "decided by a person: see the status of the lot."
            ),
        ),
        signature_block(
            _("Inspected by: name, signature"),
            _("Released or rejected by: name, signature"),
            _("Place and date"),
        ),
    ]


def _lot(record: DocumentRecord, lot: Lot) -> list[Block]:
    one = next(one for one in record.goods if one.shipment_line and one.shipment_line.pk == lot.line_id)
    looks = [look for look in record.inspections if look.lot_id == lot.pk]
    told_of = [
        heading_block(_("Lot %(number)s") % {"number": f"{lot.number} · {lot.reference}"}),
        facts_block(
            (_("Goods"), one.product.name),
            (_("Brand and model"), one.lead.model),
            (_("Standard"), str(one.lead.standard or "")),
            (_("Quantity"), piece_count_text(lot.quantity, one)),
            (_("Expiry date"), format_day(lot.expires_on) if lot.expires_on else ""),
            (_("Status"), lot.get_status_display()),
            (_("Condition"), lot.condition or None),
            (_("Reason for release without inspection"), lot.override_reason or None),
        ),
    ]
    if not looks:
        return [*told_of, sentences_block(_("Not inspected yet."))]
    head = [
        _("Inspected on"),
        _("Level and AQL"),
        _("Sample"),
        _("Defective"),
        _("Acceptance number"),
        _("Verdict"),
    ]
    rows = [_inspection_row(record, look) for look in looks]
    plan = table_block([*head, _("Other measurements")], rows, [4, 3, 3, 3, 3, 3, 4], figures=[2, 3, 4])
    return [*told_of, plan, *(block for look in looks for block in _points(record, look))]


def _points(record: DocumentRecord, look: Inspection) -> list[Block]:
    """Return the results of an inspection point by point, each with the limit of its day.

    Points that were not measured are left out.
    """
    found = [one for one in look.points.all() if one.outcome != MeasuredPoint.Outcome.NOT_MEASURED]
    if not found:
        return []
    when = format_moment(look.at, record.city.zone)
    head = [_("Checklist item"), pgettext("measured", "Result"), _("Limit"), _("Outcome")]
    rows = [[one.point.name, _reached(one), _limit(one), one.get_outcome_display()] for one in found]
    title = heading_block(_("Measurements and observations, %(when)s") % {"when": when})
    return [title, table_block(head, rows, [7, 4, 5, 4])]


def _reached(one: MeasuredPoint) -> str:
    if one.value is None:
        return _("met") if one.seen else _("not met")
    return one.value_text


def _limit(one: MeasuredPoint) -> str:
    return f"{one.bound_text} {one.limit_text}" if one.limit_text else one.get_bound_display()


def _inspection_row(record: DocumentRecord, look: Inspection) -> list[object]:
    return [
        format_moment(look.at, record.city.zone),
        f"{look.level} · {format_decimals(look.aql, least=1, most=3)}",
        format_quantity(look.sampled),
        format_quantity(look.defects),
        format_quantity(look.acceptance_number),
        look.get_verdict_display(),
        look.measured or shared_texts.BLANK_TO_FILL,
    ]
