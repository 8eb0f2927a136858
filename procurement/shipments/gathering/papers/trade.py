"""What customs reads of a sale or a gift: the commercial invoice, the pro-forma with the true value, the statement of value."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from procurement.orders.models.order import Order
from procurement.shipments.gathering.papers import told
from procurement.shipments.gathering.papers.blocks import Block, facts, sentences, sign, table
from procurement.shipments.gathering.papers.record import Record
from procurement.shipments.gathering.papers.told import deliver_to
from workflow.doors import words


def invoice(record: Record) -> list[Block]:
    """What the seller asks for these pieces, by the order's own prices and terms."""
    order = _order(record)
    return [
        facts(
            (_("Seller"), told.company(order.supplier)),
            (_("Buyer"), told.city(record)),
            (_("Deliver to"), deliver_to(record)),
            (_("Importer of record"), told.importer(record)),
            (_("Order"), order.reference),
            (_("Seller's own invoice number"), ""),
            (_("Incoterm and place"), " ".join(filter(None, (order.incoterm, order.incoterm_place)))),
            (_("Currency"), order.currency),
            *told.carriage(record),
        ),
        _goods(record, _("Price per piece"), _("Amount")),
        facts(*_sums(record)),
        sentences(
            _(
                "We declare that this invoice states the true price of the goods and that what it says is correct."
            ),
            _(
                "Prepared from the record of the city for the seller. It holds once the seller has signed and sealed it."
            ),
        ),
        sign(_("Seller: name, signature, seal"), _("Place and day")),
    ]


def proforma(record: Record) -> list[Block]:
    """What a gift is truly worth, for customs: a gift is paid by nobody and is never without a value."""
    order = _order(record)
    return [
        facts(*_of_gift(record, order), *told.carriage(record)),
        _goods(record, _("True value of a piece"), _("Amount")),
        facts(*_sums(record)),
        sentences(
            _(
                "Gift. No payment was made and none will be: the value is stated for customs alone, and it is the true one."
            ),
            _("The goods are given for free use in the city that receives them, and are not for sale."),
        ),
        sign(_("Giver: name, signature, seal"), _("Place and day")),
    ]


def value_statement(record: Record) -> list[Block]:
    """The receiving city's own word on what a gift is worth, by the best price information it has (CBSA, Customs Notice 20-12)."""
    order = _order(record)
    return [
        facts(*_of_gift(record, order)),
        _goods(record, _("Value of a piece"), _("Amount")),
        facts(*_sums(record), (_("Where the price was found"), "")),
        sentences(
            _("We state that these goods were given to the city and that no payment was made for them."),
            _(
                "The value above is the best price information the city has for such goods. A gift is never declared with a value "
                "of zero. A customs broker decides which information is needed."
            ),
        ),
        sign(_("City: name, signature, seal"), _("Place and day")),
    ]


def _order(record: Record) -> Order:
    assert record.order is not None  # papers of an order's part of a shipment
    return record.order


def _of_gift(record: Record, order: Order) -> list[tuple[str, object]]:
    return [
        (_("Given by"), told.giver(order)),
        (_("Sent by"), told.company(order.supplier)),
        (pgettext("goods", "Received by"), deliver_to(record)),
        (_("Importer of record"), told.importer(record)),
        (_("Gift"), order.reference),
        (_("Currency"), order.currency),
    ]


def _goods(record: Record, price: str, together: str) -> Block:
    """Line by line: name, brand, model and use, codes, origin, pieces, price and value."""
    rows = [
        [
            told.named(one),
            told.codes(record, one),
            told.made(one),
            told.pieces(one.pieces, one),
            words.money(one.order_line.unit_price, one.order.currency),
            words.money(one.value, one.order.currency),
        ]
        for one in record.goods
    ]
    head = [_("Goods"), _("Customs codes"), _("Country of origin"), _("Quantity"), price, together]
    return table(head, rows, [7, 4, 5, 3, 3, 3], figures=[3, 4, 5])


def _sums(record: Record) -> list[tuple[str, object]]:
    """What it comes to. Freight and taxes of an order are told where all of the order travels here: no part of them is made up."""
    order = _order(record)
    goods = sum((one.value for one in record.goods), Decimal(0))
    boxes = len(record.boxes)
    rows: list[tuple[str, object]] = [
        (_("Cartons"), words.quantity(boxes) if boxes else ""),
        (_("Gross weight"), told.kilograms(record.gross_kg)),
        (_("Goods"), words.money(goods, order.currency)),
    ]
    extra = order.extra_costs + order.taxes
    if not extra:
        return [*rows, (_("Total"), words.money(goods, order.currency))]
    if goods != order.goods_total:
        return [*rows, (_("Freight and taxes"), _("of the whole order, not in this invoice"))]
    return [
        *rows,
        (_("Freight, insurance, inspection"), words.money(order.extra_costs, order.currency)),
        (_("Taxes"), words.money(order.taxes, order.currency)),
        (_("Total"), words.money(goods + extra, order.currency)),
    ]
