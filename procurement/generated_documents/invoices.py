"""Commercial invoice, pro-forma invoice with the true value, and statement of value, for customs."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from procurement.generated_documents.content_blocks import (
    Block,
    facts_block,
    sentences_block,
    signature_block,
    table_block,
)
from procurement.generated_documents.document_record import DocumentRecord
from procurement.generated_documents.shared_texts import (
    city_heading,
    company_details,
    customs_codes,
    delivery_address,
    donor_heading,
    goods_description_lines,
    importer_name,
    manufacturer_lines,
    piece_count_text,
    transport_facts,
    weight_text,
)
from procurement.orders.models import Order
from workflow.formatting import format_money, format_quantity


def invoice(record: DocumentRecord) -> list[Block]:
    """Return the commercial invoice for these pieces, with the order's prices and terms."""
    order = _order(record)
    return [
        facts_block(
            (_("Seller"), company_details(order.supplier)),
            (_("Buyer"), city_heading(record)),
            (_("Deliver to"), delivery_address(record)),
            (_("Importer of record"), importer_name(record)),
            (_("Order"), order.reference),
            (_("Seller’s own invoice number"), ""),
            (_("Incoterms rule and place"), " ".join(filter(None, (order.incoterm, order.incoterm_place)))),
            (_("Currency"), order.currency),
            *transport_facts(record),
        ),
        _goods(record, _("Unit price"), _("Amount")),
        facts_block(*_sums(record)),
        sentences_block(
            _(
                "We declare that this invoice states the true price of the goods and that its "
                "contents are correct."
            ),
            _(
                "This invoice was prepared for the seller from the city’s record. It is valid once the "
                "seller has signed and sealed it."
            ),
        ),
        signature_block(_("Seller: name, signature, seal"), _("Place and date")),
    ]


def proforma(record: DocumentRecord) -> list[Block]:
    """Return the pro-forma invoice of a donation, with its true value.

    A donation costs nothing, but its value is never zero.
    """
    order = _order(record)
    return [
        facts_block(*_of_donation(record, order), *transport_facts(record)),
        _goods(record, _("True value per unit"), _("Amount")),
        facts_block(*_sums(record)),
        sentences_block(
            _(
                "Donation. No payment has been or will be made. The value is stated for customs "
                "purposes only and is the true value."
            ),
            _("The goods are donated for free use in the receiving city and are not for sale."),
        ),
        signature_block(_("Donor: name, signature, seal"), _("Place and date")),
    ]


def value_statement(record: DocumentRecord) -> list[Block]:
    """Return the receiving city's statement of the value of a donation.

    It uses the best price information the city has (CBSA, Customs Notice 20-12).
    """
    order = _order(record)
    return [
        facts_block(*_of_donation(record, order)),
        _goods(record, _("Value per unit"), _("Amount")),
        facts_block(*_sums(record), (_("Source of the price"), "")),
        sentences_block(
            _("We certify that these goods were donated to the city and that no payment was made for them."),
            _(
                "The value above is based on the best price information the city has for such "
                "goods. A donation is never declared with a value of zero. A customs broker "
                "decides what information is needed."
            ),
        ),
        signature_block(_("City: name, signature, seal"), _("Place and date")),
    ]


def _order(record: DocumentRecord) -> Order:
    assert record.order is not None  # these documents always have an order
    return record.order


def _of_donation(record: DocumentRecord, order: Order) -> list[tuple[str, object]]:
    return [
        (_("Donated by"), donor_heading(order)),
        (_("Sent by"), company_details(order.supplier)),
        (pgettext("goods", "Received by"), delivery_address(record)),
        (_("Importer of record"), importer_name(record)),
        (_("Donation"), order.reference),
        (_("Currency"), order.currency),
    ]


def _goods(record: DocumentRecord, price: str, together: str) -> Block:
    """Return the table of goods: name, brand, model and use, codes, origin, pieces, price and value."""
    rows = [
        [
            goods_description_lines(one),
            customs_codes(record, one),
            manufacturer_lines(one),
            piece_count_text(one.pieces, one),
            format_money(one.order_line.unit_price, one.order.currency),
            format_money(one.value, one.order.currency),
        ]
        for one in record.goods
    ]
    head = [_("Goods"), _("Customs codes"), _("Country of origin"), _("Quantity"), price, together]
    return table_block(head, rows, [7, 4, 5, 3, 3, 3], figures=[3, 4, 5])


def _sums(record: DocumentRecord) -> list[tuple[str, object]]:
    """Return the totals.

    Freight and taxes of an order are stated only if the whole order travels here. They are never
    divided.
    """
    order = _order(record)
    goods = sum((one.value for one in record.goods), Decimal(0))
    cartons = len(record.cartons)
    rows: list[tuple[str, object]] = [
        (_("Cartons"), format_quantity(cartons) if cartons else ""),
        (_("Gross weight"), weight_text(record.gross_kg)),
        (_("Goods"), format_money(goods, order.currency)),
    ]
    extra = order.extra_costs + order.taxes
    if not extra:
        return [*rows, (_("Total"), format_money(goods, order.currency))]
    if goods != order.goods_total:
        return [*rows, (_("Freight and taxes"), _("for the whole order, not included in this invoice"))]
    return [
        *rows,
        (_("Freight, insurance, inspection"), format_money(order.extra_costs, order.currency)),
        (_("Taxes"), format_money(order.taxes, order.currency)),
        (_("Total"), format_money(goods + extra, order.currency)),
    ]
