"""Actions that generate a document from the record (the stored data of a shipment or order) and freeze it.

A newer version does not replace an older one.
"""

import logging
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser, User
from partners.permissions.permissions import permissions_of
from procurement.documents.models.generated_documents import (
    GeneratedDocument,
    GeneratedDocumentFile,
    document_subject,
)
from procurement.generated_documents.content import comparable_figures, document_content
from procurement.generated_documents.document_record import DocumentRecord
from procurement.generated_documents.missing_data import missing_fields
from procurement.generated_documents.pdf import (
    content_hash,
    new_verification_code,
    render_pdf,
    verification_url,
)
from procurement.generated_documents.rules import GENERATE
from procurement.generated_documents.shared_texts import usual_language_pair
from procurement.orders.acknowledgements.actions.requests import request_acknowledgement
from procurement.orders.models import Order
from procurement.orders.rules.orders import PLACE_ORDER
from procurement.shipments.models import Shipment
from workflow.actors import SYSTEM, Actor
from workflow.due_rows import process_due
from workflow.errors import Refused, database_is_busy, database_is_unavailable
from workflow.journal.entries import history_of
from workflow.moves import not_ready_refusal, register_action, select_locked
from workflow.numbering import assign_number

MAX_VERSIONS = 99  # of one document: current figures are on its page
log = logging.getLogger(__name__)


@register_action(GENERATE)
def generate_document(
    kind: str,
    *,
    language_pair: str,
    author: ActingUser,
    by: Actor,
    at: datetime,
    shipment: Shipment | None = None,
    order: Order | None = None,
) -> GeneratedDocument:
    """Generate a document as PDF/A with its SHA-256, in one language or two.

    The subject is a shipment, an order's part of a shipment, or a whole order. Refuses an actor who may
    neither ship nor (for a whole order) order for the city, a kind that does not exist for these goods, a
    part without its order, and a document whose data is incomplete; the refusal lists what is missing.
    """
    if kind not in GeneratedDocument.Kind or language_pair not in GeneratedDocument.LanguagePair:
        raise Refused("unknown_paper", _("Choose a document type and its languages."), field="kind")
    thing: Shipment | Order | None = shipment if kind not in GeneratedDocument.WHOLE_ORDER_KINDS else order
    if thing is None or (kind in GeneratedDocument.ORDER_PART_KINDS and order is None):
        raise Refused(
            "thing_missing",
            _("Choose the shipment, one of its orders, or the whole order."),
            field="order",
        )
    with transaction.atomic():
        row = select_locked(thing)
        document = GeneratedDocument(
            kind=kind,
            language_pair=language_pair,
            author=author,
            city=row.city,
            shipment=row if isinstance(row, Shipment) else None,
            order=_current_order(row, order) if kind not in GeneratedDocument.SHIPMENT_KINDS else None,
            code=new_verification_code(),
        )
        document.thing = document_subject(document.shipment, document.order)
        document.version = GeneratedDocument.objects.filter(thing=document.thing, kind=kind).count() + 1
        _render_and_store(document, by, at)
    return document


def generate_due_purchase_orders(at: datetime) -> int:
    """Generate the purchase orders of newly placed orders, and send each to its supplier. Return their number.

    Run by the periodic job, so that a document that cannot be generated never refuses the placing of its order.
    Each order has its own transactions and is tried once: afterwards its page names what prevented the document, and has
    the buttons that generate and send it.
    """
    return process_due(Order.objects.awaiting_purchase_order(), partial(_try_purchase_order, at=at))


def _try_purchase_order(order: Order, at: datetime) -> None:
    try:
        with transaction.atomic():
            _generate_first_purchase_order(order, at)
        request_acknowledgement(order, author=_placed_by(order), by=SYSTEM, at=at)
    except Exception as error:
        if database_is_unavailable(error) or database_is_busy(error):
            raise
        if isinstance(error, Refused):
            log.warning("the purchase order of %s could not be generated or sent: %s", order, error)
        else:
            log.exception("the purchase order of %s could not be generated or sent", order)
    Order.objects.filter(pk=order.pk).update(purchase_order_due_at=None)


def _generate_first_purchase_order(order: Order, at: datetime) -> None:
    """Generate the purchase order in the name of the person who placed the order, unless it exists already."""
    kind = GeneratedDocument.Kind.PURCHASE_ORDER
    if GeneratedDocument.objects.filter(order=order, kind=kind).exists():
        return
    author = _placed_by(order)
    generate_document(
        kind,
        language_pair=usual_language_pair(DocumentRecord(None, order, at)),
        author=author,
        by=permissions_of(author, via=SYSTEM.via),
        at=at,
        order=order,
    )


def _placed_by(order: Order) -> User:
    """Return the person who placed the order; its author if a program placed it."""
    placed = history_of(order).filter(verb=PLACE_ORDER.verb).select_related("by").first()
    return placed.by if placed is not None and placed.by is not None else order.author


def _render_and_store(document: GeneratedDocument, by: Actor, at: datetime) -> None:
    refused = GENERATE.refusal(by, document, at)
    if refused is not None:  # refuse before the costly gathering and printing
        raise refused
    if document.version > MAX_VERSIONS:
        raise Refused("too_many", _("This document has reached the maximum number of versions."))
    record = document_record(document, at)
    lacking = missing_fields(document.kind, record)
    if lacking:
        raise not_ready_refusal(lacking[0].description, missing=[str(one.description) for one in lacking])
    document.figures = comparable_figures(document.kind, record)
    assign_number(document, at)
    words = document_content(document, record)
    document.sha256 = content_hash(words, document.figures)
    sheet = render_pdf(
        document.kind, words, fingerprint=document.fingerprint, url=verification_url(document.code), at=at
    )
    document.file_sha256 = sheet.sha256
    GENERATE.create(document, by=by, at=at, about=document.thing)
    GeneratedDocumentFile.objects.create(document=document, words=words, pdf=sheet.pdf)


def _current_order(row: Shipment | Order, order: Order | None) -> Order:
    """Return the order as it is now: the locked one, or one that travels in the locked shipment."""
    if isinstance(row, Order):
        return row
    found = Order.objects.filter(
        lines__shipment_lines__shipment=row, pk=order.pk if order is not None else 0
    ).first()
    if found is None:
        raise Refused(
            "thing_missing",
            _("This shipment contains no goods from %(order)s.") % {"order": order},
            field="order",
        )
    return found


def document_record(document: GeneratedDocument, at: datetime) -> DocumentRecord:
    """Return the record from which a document is generated."""
    if document.shipment is None or document.order is None:
        return DocumentRecord(document.shipment, document.order, at)
    return DocumentRecord(document.shipment, None, at).part_for_order(document.order)
