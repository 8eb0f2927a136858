"""Documents that a shipment or an order can have, and the data each still lacks. Reads only.

Each gap names the page where it is filled.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.reference_rows import AcquisitionType, DeclaredUse, EndUserType
from procurement.catalogue.rules.customs_documents import is_medical_end_user
from procurement.customs.rules import end_user_types_by_line
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.generated_documents.china_declarations import MASK_FAMILIES, goods_for_document_kind
from procurement.generated_documents.document_record import CHINA_CODE, DocumentRecord
from procurement.orders.models import Order
from procurement.shipments.models import Shipment
from workflow.errors import LazyText
from workflow.i18n import lowercase_first

MAX_LABELS_PER_FILE = 1_000  # in one file: printing more would take too long
STATUSES_AFTER_TAKEOVER = (
    Order.Status.ACCEPTED,
    Order.Status.READY_TO_SHIP,
    Order.Status.COMPLETED,
    Order.Status.THANKED,
    Order.Status.LOST,
)


# Codes of customs documents (customs.md, section 5) that can be generated even if a rule names no template.
GENERATABLE_DOCUMENT_CODES = frozenset({"INV", "PKL", "DON", "VALUE", "DECL5", "JOINT12", "CONTRACT_CN"})


def can_be_generated(template: str, code: str) -> bool:
    """Return True if a customs document can be generated, by its rule's template or by its code."""
    return template in GeneratedDocument.Kind or code in GENERATABLE_DOCUMENT_CODES


@dataclass(frozen=True)
class MissingField:
    """Missing value of a document, with advice. `url` is the page where the value is entered."""

    description: LazyText
    url: str = ""


def possible_document_kinds(record: DocumentRecord) -> list[str]:
    """Return the kinds of document that the record's goods can have, in the order in which they are needed."""
    if record.shipment is None:
        return (
            list(GeneratedDocument.DONATION_KINDS)
            if record.is_donation
            else [GeneratedDocument.Kind.PURCHASE_ORDER]
        )
    if record.order is not None:
        crossing = [GeneratedDocument.Kind.STATEMENT_OF_VALUE] if record.crosses_border else []
        return (
            [GeneratedDocument.Kind.PROFORMA, *crossing]
            if record.is_donation
            else [GeneratedDocument.Kind.INVOICE]
        )
    kinds = [GeneratedDocument.Kind.PACKING_LIST]
    if record.leaves_china and record.crosses_border:
        kinds += (
            [GeneratedDocument.Kind.EXPORTER_DATA_SHEET]
            if any(one.use == DeclaredUse.MEDICAL for one in record.goods)
            else []
        )
        kinds += (
            [GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET]
            if any(one.product.family in MASK_FAMILIES for one in record.goods)
            else []
        )
    return [
        *kinds,
        GeneratedDocument.Kind.CARTON_LABELS,
        GeneratedDocument.Kind.PALLET_LABELS,
        GeneratedDocument.Kind.GOODS_RECEIVED_NOTE,
        GeneratedDocument.Kind.INSPECTION_REPORT,
    ]


def missing_fields(kind: str, record: DocumentRecord) -> list[MissingField]:
    """Return the missing values that prevent this document. If there are none, it can be generated."""
    return list(_missing_fields(GeneratedDocument.Kind(kind), record))


def missing_for_purchase_order(order: Order, at: datetime) -> list[MissingField]:
    """Return the missing values that prevent the purchase order of an order as of a moment."""
    return missing_fields(GeneratedDocument.Kind.PURCHASE_ORDER, DocumentRecord(None, order, at))


def _missing_fields(kind: GeneratedDocument.Kind, record: DocumentRecord) -> Iterator[MissingField]:
    if kind not in possible_document_kinds(record):
        yield MissingField(_("This document does not apply to these goods."))
        return
    shipment = record.shipment
    if shipment is not None and shipment.status == Shipment.Status.CANCELLED:
        yield MissingField(
            _("%(shipment)s was cancelled. Generate documents for the shipment that replaces it.")
            % {"shipment": shipment}
        )
    if kind in (*GeneratedDocument.ORDER_PART_KINDS, GeneratedDocument.Kind.PURCHASE_ORDER):
        yield from _missing_prices(record)
    if (
        kind
        in (
            GeneratedDocument.Kind.PACKING_LIST,
            GeneratedDocument.Kind.CARTON_LABELS,
            GeneratedDocument.Kind.PALLET_LABELS,
        )
        and not record.cartons
    ):
        assert shipment is not None  # these kinds always have a shipment
        words = _(
            "%(shipment)s is not packed yet. First record the cartons, the units in each and their lots."
        )
        yield MissingField(words % {"shipment": shipment}, shipment.get_absolute_url())
    if kind in EXTRA_CHECKS_BY_KIND:
        yield from EXTRA_CHECKS_BY_KIND[kind](record)


def _missing_prices(record: DocumentRecord) -> Iterator[MissingField]:
    """Yield goods without a value, and orders without a currency.

    A donation is never declared with a value of zero (customs.md 3.3, CBSA Customs Notice 20-12), and
    nothing is sold for zero.
    """
    for one in record.goods:
        order, params = one.order, {"order": one.order.reference, "goods": one.product.name}
        page = order.get_absolute_url()
        if order.kind == AcquisitionType.DONATION and not one.value:
            words = _(
                "%(order)s has no value for %(goods)s. Enter the true value per unit: customs requires one even for "
                "donations."
            )
            yield MissingField(words % params, page)
        elif not one.value:
            yield MissingField(
                _("%(order)s has no price for %(goods)s. Enter the price first.") % params, page
            )
        if not order.currency:
            yield MissingField(_("%(order)s has no currency. Enter the currency first.") % params, page)


def _false_joint_declarations(record: DocumentRecord) -> Iterator[MissingField]:
    """Yield goods for which the joint declaration would be false.

    Its signer declares that the masks will not be used for medical purposes. That is false for masks
    declared for medical use, or sent to a place that treats patients.
    """
    assert record.shipment is not None  # the joint declaration always has a shipment
    if not goods_for_document_kind(GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET, record):
        for one in (one for one in record.goods if one.product.family in MASK_FAMILIES):
            words = _(
                "%(goods)s: declared for medical use. The joint declaration states the opposite "
                "and would be false."
            )
            yield MissingField(words % {"goods": one.product.name}, one.lead.get_absolute_url())
    named = end_user_types_by_line(
        record.shipment, [one.shipment_line for one in record.goods if one.shipment_line is not None]
    )
    for one in goods_for_document_kind(GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET, record):
        receiver = named[one.shipment_line.pk] if one.shipment_line is not None else ""
        if not receiver:
            words = _(
                "%(need)s does not say who will use the goods. The joint declaration excludes "
                "hospital wards, so enter the users first."
            )
            yield MissingField(words % {"need": one.need.reference}, one.need.get_absolute_url())
        elif is_medical_end_user(receiver):
            words = _(
                "%(goods)s: for medical use (%(receiver)s). The joint declaration excludes hospital wards "
                "and would therefore be false. Send other goods, or correct the users in %(need)s."
            )
            params = {
                "goods": one.product.name,
                "receiver": lowercase_first(EndUserType(receiver).label),
                "need": one.need.reference,
            }
            yield MissingField(words % params, one.need.get_absolute_url())


def _too_many_labels(record: DocumentRecord) -> Iterator[MissingField]:
    if len(record.cartons) > MAX_LABELS_PER_FILE:
        words = _(
            "A file can hold at most %(most)s labels. Split the shipment and print the labels of each part."
        )
        yield MissingField(words % {"most": MAX_LABELS_PER_FILE})


def _missing_pallets(record: DocumentRecord) -> Iterator[MissingField]:
    for one in record.goods:
        if one.cartons and not one.lead.pallet_cartons:
            words = _("The number of cartons per pallet is missing for %(goods)s. Enter it in %(offer)s.")
            params = {"goods": one.product.name, "offer": one.lead.reference}
            yield MissingField(words % params, one.lead.get_absolute_url())


def _missing_count(record: DocumentRecord) -> Iterator[MissingField]:
    shipment = record.shipment
    assert shipment is not None  # a goods received note always has a shipment
    if not record.receipt_lines:
        yield MissingField(_("No goods have been received yet."), shipment.get_absolute_url())


def _missing_inspection(record: DocumentRecord) -> Iterator[MissingField]:
    if not record.inspections:
        page = record.lots[0].get_absolute_url() if record.lots else ""
        yield MissingField(_("No lot has been inspected yet."), page)


def _missing_acceptance(record: DocumentRecord) -> Iterator[MissingField]:
    assert record.order is not None  # this kind always has an order
    if record.order.status not in STATUSES_AFTER_TAKEOVER:
        words = _("%(order)s has not been accepted. Accept the donation first.")
        yield MissingField(words % {"order": record.order}, record.order.get_absolute_url())


def _ended_donation(record: DocumentRecord) -> Iterator[MissingField]:
    assert record.order is not None  # this kind always has an order
    if record.order.status in (Order.Status.DECLINED, Order.Status.CANCELLED):
        words = _("%(order)s has the status “%(status)s”, so there is nothing left to offer.")
        yield MissingField(words % {"order": record.order, "status": record.order.get_status_display()})


def _missing_release(record: DocumentRecord) -> Iterator[MissingField]:
    if not record.released_pieces:
        assert record.order is not None  # this kind always has an order
        words = _(
            "No goods from %(order)s have been inspected and released yet. Send thanks once the "
            "goods can be used."
        )
        yield MissingField(words % {"order": record.order}, record.order.get_absolute_url())


def _missing_contract(record: DocumentRecord) -> Iterator[MissingField]:
    """Yield what an order needs to bind both sides: it is placed and in force, and the seller can be identified.

    Companies in China are identified by their registration number. Elsewhere many have none: the document then has
    a blank line for it.
    """
    order = record.order
    assert order is not None  # this kind always has an order
    page = order.get_absolute_url()
    if order.status in Order.Status.void:
        words = _("%(order)s has the status “%(status)s”, so it is no longer in force.")
        yield MissingField(words % {"order": order, "status": order.get_status_display()}, page)
    elif order.placed_at is None:
        yield MissingField(_("%(order)s has not been placed. Place it first.") % {"order": order}, page)
    elif not record.goods:
        yield MissingField(_("All goods were taken off %(order)s.") % {"order": order}, page)
    if order.supplier.country == CHINA_CODE and not order.supplier.uscc:
        words = _("The registration number of %(company)s is missing. Enter it first.")
        yield MissingField(words % {"company": order.supplier}, order.supplier.get_absolute_url())


EXTRA_CHECKS_BY_KIND = {
    GeneratedDocument.Kind.JOINT_DECLARATION_DATA_SHEET: _false_joint_declarations,
    GeneratedDocument.Kind.CARTON_LABELS: _too_many_labels,
    GeneratedDocument.Kind.PALLET_LABELS: _missing_pallets,
    GeneratedDocument.Kind.GOODS_RECEIVED_NOTE: _missing_count,
    GeneratedDocument.Kind.INSPECTION_REPORT: _missing_inspection,
    GeneratedDocument.Kind.OFFER_LETTER: _ended_donation,
    GeneratedDocument.Kind.ACCEPTANCE_LETTER: _missing_acceptance,
    GeneratedDocument.Kind.DONATION_CERTIFICATE: _missing_acceptance,
    GeneratedDocument.Kind.THANKS_LETTER: _missing_release,
    GeneratedDocument.Kind.THANKS_CERTIFICATE: _missing_release,
    GeneratedDocument.Kind.PURCHASE_ORDER: _missing_contract,
}
