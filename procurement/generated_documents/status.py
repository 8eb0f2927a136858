"""Status of the documents of a shipment or an order. Reads only.

It gives the versions made, the values still missing, and the documents that disagree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from procurement.documents.models.generated_documents import GeneratedDocument, document_subject
from procurement.documents.rules.consistency import (
    RECORD_REFERENCE,
    ComparedFigure,
    DocumentValues,
    Inconsistency,
    inconsistencies,
)
from procurement.generated_documents.content import comparable_figures, record_figures
from procurement.generated_documents.document_record import DocumentRecord
from procurement.generated_documents.missing_data import MissingField, missing_fields, possible_document_kinds
from procurement.orders.models import Order

# Thanks state the released pieces, which may be fewer than those given, so they are not compared.
UNCOMPARED_KINDS = (GeneratedDocument.Kind.THANKS_LETTER, GeneratedDocument.Kind.THANKS_CERTIFICATE)


@dataclass(frozen=True)
class DocumentStatus:
    """Status of one document: its versions (newest first), its missing values, and whether it is out of date (`stale`)."""

    kind: GeneratedDocument.Kind
    order: Order | None
    versions: Sequence[GeneratedDocument]
    missing: Sequence[MissingField]
    stale: bool

    @property
    def newest(self) -> GeneratedDocument | None:
        """Newest version, which is the one in use; None without one."""
        return self.versions[0] if self.versions else None

    @property
    def anchor(self) -> str:
        """Anchor of the document on the page."""
        return f"{self.kind}-{self.order.reference}" if self.order else str(self.kind)


@dataclass(frozen=True)
class DocumentSet:
    """All documents of a shipment or an order.

    `order_documents` are the purchase orders and the letters of the orders that travel in the shipment.
    """

    record: DocumentRecord
    documents: Sequence[DocumentStatus]
    order_documents: Sequence[GeneratedDocument] = ()

    @cached_property
    def differences(self) -> list[Inconsistency]:
        """Differences of the newest versions from each other and from the record (the data stored now)."""
        newest = [
            one.newest
            for one in self.documents
            if one.newest is not None and one.kind not in UNCOMPARED_KINDS
        ]
        values = [DocumentValues(document.reference, document.figures) for document in newest]
        values += [_values_of_order(document, self.record) for document in self.order_documents]
        return (
            inconsistencies(values, DocumentValues(RECORD_REFERENCE, record_figures(self.record)))
            if values
            else []
        )


def document_statuses(
    record: DocumentRecord,
    generated: Sequence[GeneratedDocument],
    whole_orders: Sequence[GeneratedDocument] = (),
) -> DocumentSet:
    """Return the status of each document that the record's goods can have.

    `generated` are all versions that the reader may see, in any order. `whole_orders` are the purchase orders and
    letters of the orders that travel in the shipment; its documents are compared with them.
    """
    versions = _by_document(generated)
    parts = [(record.order, record)]
    if record.shipment is not None:
        parts = [*((order, record.part_for_order(order)) for order in record.orders), (None, record)]
    documents = [
        _document_status(
            GeneratedDocument.Kind(kind),
            order,
            part,
            versions.get((document_subject(record.shipment, order), kind), []),
        )
        for order, part in parts
        for kind in possible_document_kinds(part)
    ]
    newest = [one[0] for one in _by_document(whole_orders).values() if one[0].kind not in UNCOMPARED_KINDS]
    return DocumentSet(record, documents, newest)


def _by_document(generated: Sequence[GeneratedDocument]) -> dict[tuple[str, str], list[GeneratedDocument]]:
    versions: dict[tuple[str, str], list[GeneratedDocument]] = {}
    for one in sorted(generated, key=lambda one: -one.version):
        versions.setdefault((one.thing, one.kind), []).append(one)
    return versions


def _values_of_order(document: GeneratedDocument, record: DocumentRecord) -> DocumentValues:
    """Return the figures of a purchase order or a donation's letter for these goods.

    It is about the whole order, so its pieces and values are compared only for a line that travels here as a
    whole.
    """
    here = {one.comparison_key for one in record.goods}
    whole = {one.comparison_key for one in record.goods if one.pieces == one.order_line.quantity}
    compared = {ComparedFigure.PIECES: whole, ComparedFigure.VALUE: whole, ComparedFigure.NAME: here}
    said = {
        aspect.value: {
            line: values for line, values in document.figures.get(aspect, {}).items() if line in lines
        }
        for aspect, lines in compared.items()
    }
    return DocumentValues(document.reference, said)


def _document_status(
    kind: GeneratedDocument.Kind, order: Order | None, part: DocumentRecord, document: list[GeneratedDocument]
) -> DocumentStatus:
    lacking = missing_fields(kind, part)
    stale = bool(document) and document[0].figures != comparable_figures(kind, part)
    return DocumentStatus(kind, order, document, lacking, stale)
