"""Content of a generated document in each language, and its figures for comparison. Reads only.

The record is the stored data of the shipment or order (`document_record`).
"""

from collections.abc import Callable
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from procurement.documents.models.generated_documents import GeneratedDocument, document_subject
from procurement.generated_documents import invoices
from procurement.generated_documents.china_declarations import (
    exporter_declaration_data,
    goods_for_document_kind,
    joint_declaration_data,
)
from procurement.generated_documents.document_record import DocumentRecord, GoodsLine
from procurement.generated_documents.donations import (
    certificate_of_thanks,
    donation_certificate,
    letter_of_acceptance,
    letter_of_offer,
    letter_of_thanks,
)
from procurement.generated_documents.invoices import value_statement
from procurement.generated_documents.packing import carton_labels, packing_list, pallet_labels
from procurement.generated_documents.pdf import Content, Figures
from procurement.generated_documents.purchase_orders import purchase_order
from procurement.generated_documents.receipt_reports import goods_received_note, inspection_report
from procurement.generated_documents.shared_texts import city_heading, city_in_sentence
from workflow.errors import Refused
from workflow.formatting import format_day, format_quantity
from workflow.i18n import LANGUAGES, translate_all
from workflow.pdf.rendering import require_printable

SHEET_BUILDERS: dict[str, Callable[[DocumentRecord], list[dict[str, Any]]]] = {
    GeneratedDocument.Kind.INVOICE: invoices.invoice,
    GeneratedDocument.Kind.PROFORMA: invoices.proforma,
    GeneratedDocument.Kind.STATEMENT_OF_VALUE: value_statement,
    GeneratedDocument.Kind.PACKING_LIST: packing_list,
    GeneratedDocument.Kind.EXPORTER_DATA_SHEET: exporter_declaration_data,
    GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET: joint_declaration_data,
    GeneratedDocument.Kind.GOODS_RECEIVED_NOTE: goods_received_note,
    GeneratedDocument.Kind.INSPECTION_REPORT: inspection_report,
    GeneratedDocument.Kind.PURCHASE_ORDER: purchase_order,
}
LETTER_BUILDERS: dict[str, Callable[[DocumentRecord], dict[str, Any]]] = {
    GeneratedDocument.Kind.OFFER_LETTER: letter_of_offer,
    GeneratedDocument.Kind.ACCEPTANCE_LETTER: letter_of_acceptance,
    GeneratedDocument.Kind.THANKS_LETTER: letter_of_thanks,
    GeneratedDocument.Kind.DONATION_CERTIFICATE: donation_certificate,
    GeneratedDocument.Kind.THANKS_CERTIFICATE: certificate_of_thanks,
}
LABEL_BUILDERS: dict[str, Callable[[DocumentRecord], list[dict[str, Any]]]] = {
    GeneratedDocument.Kind.CARTON_LABELS: carton_labels,
    GeneratedDocument.Kind.PALLET_LABELS: pallet_labels,
}
KINDS_WITH_VALUES = (
    *GeneratedDocument.ORDER_PART_KINDS,
    GeneratedDocument.Kind.OFFER_LETTER,
    GeneratedDocument.Kind.PURCHASE_ORDER,
)  # kinds that state values
KINDS_WITH_CARTONS = (
    *GeneratedDocument.ORDER_PART_KINDS,
    GeneratedDocument.Kind.PACKING_LIST,
    GeneratedDocument.Kind.CARTON_LABELS,
)  # kinds that count cartons
KINDS_WITH_WEIGHT = (*GeneratedDocument.ORDER_PART_KINDS, GeneratedDocument.Kind.PACKING_LIST)
KINDS_OF_RELEASED_GOODS = (GeneratedDocument.Kind.THANKS_LETTER, GeneratedDocument.Kind.THANKS_CERTIFICATE)


def document_content(document: GeneratedDocument, record: DocumentRecord) -> Content:
    """Return all words of a document: its heading in each language, and its blocks, letter or labels."""
    texts = []
    for short in document.languages:
        with translation.override(LANGUAGES[short]), timezone.override(record.city.zone):
            texts.append(_content_in_language(short, document, record))
    whole: Content = {
        "reference": document.reference,
        "about": document_subject(document.shipment, document.order),
        "languages": texts,
    }
    if document.kind in LABEL_BUILDERS:
        by_language = [one.pop("labels") for one in texts]
        whole["labels"] = [
            {"reference": same[0]["reference"], "languages": list(same)}
            for same in zip(*by_language, strict=True)
        ]
    return whole


def printing_refusal(kind: str, language_pair: str, record: DocumentRecord) -> Refused | None:
    """Return the reason why a document with these words could not be printed now, or None."""
    document = GeneratedDocument(
        kind=kind, language_pair=language_pair, city=record.city, shipment=record.shipment, order=record.order
    )
    try:
        require_printable(document_content(document, record))
    except Refused as refused:
        return refused
    return None


def _content_in_language(short: str, document: GeneratedDocument, record: DocumentRecord) -> dict[str, Any]:
    kind = document.kind
    day = format_day(record.today)
    head: dict[str, Any] = {
        "language": short,
        "title": str(GeneratedDocument.Kind(kind).label),
        "number": _("No. %(number)s, version %(version)s")
        % {"number": document.reference, "version": format_quantity(document.version)},
        "city": city_heading(record),
        "day": day,
        "scan": _("Scan this code to check on our website that the document is genuine."),
        "foot": _("Fingerprint"),
        "maker": _("Generated with Twinlane from the record of %(city)s")
        % {"city": city_in_sentence(record)},
    }
    if kind in SHEET_BUILDERS:
        return {**head, "blocks": SHEET_BUILDERS[kind](record)}
    if kind in LABEL_BUILDERS:
        return {**head, "labels": LABEL_BUILDERS[kind](record)}
    return {**head, **LETTER_BUILDERS[kind](record)}


def comparable_figures(kind: str, record: DocumentRecord) -> Figures:
    """Return the figures of a kind of document that other documents share.

    They are given by order line and for the whole, and only those that the document contains.
    """
    goods = goods_for_document_kind(kind, record)
    found: Figures = {
        "pieces": {one.comparison_key: count for one in goods if (count := _pieces(kind, one)) is not None},
        "names": {one.comparison_key: translate_all(lambda one=one: one.product.name) for one in goods},  # type: ignore[misc]  # the default binds it
    }
    if kind in KINDS_WITH_VALUES:
        found["values"] = {
            one.comparison_key: f"{one.value} {one.order.currency}".strip()
            for one in record.goods
            if one.value
        }
    if kind == GeneratedDocument.Kind.PURCHASE_ORDER:
        found["needed_by"] = {
            one.comparison_key: one.needed_by.isoformat() for one in record.goods if one.needed_by is not None
        }
    if kind in KINDS_WITH_CARTONS and record.cartons:
        found["cartons"] = {one.comparison_key: len(one.cartons) for one in record.goods}
    if kind in KINDS_WITH_WEIGHT and record.is_whole_shipment and record.gross_kg is not None:
        found["gross_kg"] = f"{record.gross_kg.normalize():f}"
    return found


def record_figures(record: DocumentRecord) -> Figures:
    """Return the current figures of the record that any document may contain."""
    return comparable_figures(GeneratedDocument.Kind.INVOICE, record)


def _pieces(kind: str, one: GoodsLine) -> int | None:
    """Return the pieces that a document states for a line, or None if it states none.

    They are the pieces sent, those in the boxes, those released or (once all are counted) those that
    came, depending on the kind.
    """
    if kind in KINDS_OF_RELEASED_GOODS:
        return one.order_line.released
    if kind in (GeneratedDocument.Kind.PACKING_LIST, GeneratedDocument.Kind.CARTON_LABELS):
        return sum(carton.pieces for carton in one.cartons)
    if kind == GeneratedDocument.Kind.PALLET_LABELS:
        return sum(carton.pieces for cartons in one.pallets for carton in cartons)
    if kind == GeneratedDocument.Kind.INSPECTION_REPORT:
        return None  # an inspection report states lots, not lines
    if kind == GeneratedDocument.Kind.GOODS_RECEIVED_NOTE:
        line = one.shipment_line
        assert line is not None  # a goods received note always has a shipment
        return None if line.uncounted_pieces else line.accepted + line.rejected + line.surplus
    return one.pieces
