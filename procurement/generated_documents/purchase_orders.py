"""Purchase order: what the city buys from a company, on which terms, in the words of the record.

The supplier reads it, customs takes it as the contract, and an auditor compares it with invoice and payments.
"""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

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
    BLANK_TO_FILL,
    city_heading,
    company_details,
    delivery_address,
    goods_description_lines,
    importer_name,
    manufacturer_lines,
    piece_count_text,
)
from procurement.orders.models import Order
from procurement.suppliers.models.bank_accounts import BankAccount
from workflow.formatting import format_day, format_decimals, format_money, format_percent, format_quantity


def purchase_order(record: DocumentRecord) -> list[Block]:
    """Return the purchase order: parties, goods, prices, payments, documents owed, inspection and conditions."""
    order = record.order
    assert order is not None  # a purchase order always has an order
    return [
        facts_block(*_parties(record, order), *_terms(record, order)),
        _goods(record),
        facts_block(*_sums(record, order)),
        *_payments(record, order),
        *_documents(record),
        *_inspection(record),
        heading_block(_("Conditions of purchase")),
        sentences_block(*_conditions(record)),
        signature_block(_("City: name, signature, seal"), _("Seller: name, signature, seal")),
    ]


def _parties(record: DocumentRecord, order: Order) -> list[tuple[str, object]]:
    """Return both parties. The seller's registration number is among its details, or a blank line of its own."""
    return [
        (_("Buyer"), city_heading(record)),
        (_("Buyer’s registration number"), record.city.registration_number),
        (_("Seller"), company_details(order.supplier)),
        *([] if order.supplier.uscc else [(_("Seller’s registration number"), "")]),
        (_("Seller’s own order number"), order.supplier_reference),
        (_("Importer of record"), importer_name(record)),
        (_("Deliver to"), delivery_address(record)),
    ]


def _terms(record: DocumentRecord, order: Order) -> list[tuple[str, object]]:
    placed = record.city.day_at(order.placed_at) if order.placed_at is not None else None
    return [
        (_("Order"), order.reference),
        (_("Order date"), format_day(placed)),
        (_("Incoterms rule and place"), " ".join(filter(None, (order.incoterm, order.incoterm_place)))),
        (_("Needed by"), _needed_by(record)),
        (_("Promised date"), format_day(order.promised_on) if order.promised_on is not None else ""),
        (_("Currency"), order.currency),
    ]


def _days_differ(record: DocumentRecord) -> bool:
    return len({one.needed_by for one in record.goods}) > 1


def _needed_by(record: DocumentRecord) -> str:
    """Return the day on which the goods are needed; "" if unknown. Different days are stated with the goods."""
    if _days_differ(record):
        return _("as stated for each line of goods")
    day = record.goods[0].needed_by
    return format_day(day) if day is not None else ""


def _goods(record: DocumentRecord) -> Block:
    """Return the table of goods: name, model and standard, manufacturer, packing, quantity, price and amount."""
    head = [_("Goods"), _("Manufacturer"), _("Packing"), _("Quantity"), _("Unit price"), _("Amount")]
    rows = [
        [
            [*goods_description_lines(one), *_line_day(record, one)],
            [*manufacturer_lines(one), one.maker.uscc if one.maker and one.maker.uscc else None],
            _packing_lines(one),
            piece_count_text(one.pieces, one),
            format_money(one.order_line.unit_price, one.order.currency),
            format_money(one.value, one.order.currency),
        ]
        for one in record.goods
    ]
    return table_block(head, rows, [7, 5, 4, 3, 3, 3], figures=[3, 4, 5])


def _line_day(record: DocumentRecord, one: GoodsLine) -> list[str]:
    """Return the line's own day, if the lines have different days."""
    if one.needed_by is None or not _days_differ(record):
        return []
    return [_("Needed by: %(day)s") % {"day": format_day(one.needed_by)}]


def _packing_lines(one: GoodsLine) -> list[str]:
    """Return the units per carton and the number of cartons; blank if the offer does not state them."""
    each = one.lead.carton_pieces
    if not each:
        return [BLANK_TO_FILL]
    return [
        _("%(units)s per carton") % {"units": piece_count_text(each, one)},
        _("Cartons: %(number)s") % {"number": format_quantity(-(-one.pieces // each))},
    ]


def _sums(record: DocumentRecord, order: Order) -> list[tuple[str, object]]:
    """Return the sums. The amounts of the lines, each rounded to the cent, add up to the goods of this document.

    The total is that of the order, of which the payments are shares, so a difference of cents has a row of its own.
    """
    goods = sum((one.value for one in record.goods), Decimal(0))
    rounding = order.goods_total - goods
    return [
        (_("Goods"), format_money(goods, order.currency)),
        *([(_("Rounding"), format_money(rounding, order.currency))] if rounding else []),
        (_("Freight, insurance, inspection"), format_money(order.extra_costs, order.currency)),
        (_("Taxes"), format_money(order.taxes, order.currency)),
        (_("Total"), format_money(order.total, order.currency)),
    ]


def _payments(record: DocumentRecord, order: Order) -> list[Block]:
    """Return the payments with their milestones and the account; nothing if none is planned."""
    if not record.payments:
        return []
    rows = [
        [
            one.get_milestone_display(),
            format_percent(one.percent),
            format_money(one.amount, one.currency),
        ]
        for one in record.payments
    ]
    # Only a second person's call to the company puts an account under the city's own QR code.
    chosen = [one for one in (order.contract_account, order.bank_account) if one is not None]
    account = next((one for one in chosen if one.status == BankAccount.Status.CONFIRMED), None)
    named = (
        f"{account.holder} · {account.bank} · {account.masked_account_number}"
        if account is not None
        # no blank line: an account written in by hand would stand above the city's own QR code
        else _("Not named yet. The city asks for the account and calls the seller back before it pays.")
    )
    return [
        heading_block(_("Payments")),
        table_block(
            [_("Payment milestone"), pgettext("of a sum", "Share"), _("Amount")],
            rows,
            [6, 3, 4],
            figures=[1, 2],
        ),
        facts_block((_("Paid to account"), named)),
        sentences_block(
            _(
                "The city pays into another account only after it has called the seller back on a number "
                "that it already knew."
            )
        ),
    ]


def _documents(record: DocumentRecord) -> list[Block]:
    """Return the documents that customs rules of the expected route ask of the seller; nothing if there are none."""
    if not record.supplier_document_rules:
        return []
    rows = [[rule.name, rule.get_due_before_display()] for rule in record.supplier_document_rules]
    return [
        heading_block(_("Documents from the seller")),
        table_block([pgettext("customs document", "Document"), _("Needed")], rows, [9, 4]),
    ]


def _inspection(record: DocumentRecord) -> list[Block]:
    rows = [
        [one.product.name, str(one.lead.standard or BLANK_TO_FILL), format_decimals(aql, least=0)]
        for one, aql in record.acceptable_quality_levels
    ]
    return [
        heading_block(_("Inspection on arrival")),
        table_block([_("Goods"), _("Standard"), _("AQL")], rows, [8, 5, 2], figures=[2]),
        sentences_block(
            _(
                "The city draws a sample of each lot (single sampling, normal inspection, level II) and accepts the lot "
                "at the acceptable quality level (AQL) above, in nonconforming units per hundred. Goods are used only "
                "after their lot has passed."
            )
        ),
    ]


def _conditions(record: DocumentRecord) -> list[str]:
    return [
        _(
            "The goods match this order in product, model, standard and manufacturer. Anything else needs the "
            "city’s written agreement before it is sent."
        ),
        _("Each carton is marked with the product, the model, the lot number and the quantity."),
        _(
            "The seller confirms this order to the city, by the link in its message, by phone or in writing, with its "
            "own order number and the day on which the goods are ready, or proposes other terms with a reason. A proposal "
            "applies once the city has agreed to it in writing."
        ),
        *(line.strip() for line in record.city.purchase_conditions.splitlines() if line.strip()),
    ]
