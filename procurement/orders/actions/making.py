"""Writing an order: from allocations to lines, totals and planned payments; and changing it before it binds anybody."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.models.cities import City
from procurement.allocations.actions import mark_ordered
from procurement.allocations.models import Allocation
from procurement.catalogue.models.facts import Dealing
from procurement.leads.gathering.landed import entered
from procurement.leads.models.offer import SupplierLead
from procurement.leads.money import FOUR_PLACES, convert
from procurement.leads.rules.leads import still_offered
from procurement.orders.actions import accounts, payments
from procurement.orders.models.order import Order, OrderLine
from procurement.orders.rules import orders
from procurement.orders.rules.orders import may_order, may_revalue, stand_in
from procurement.orders.rules.payments import CENT, USUAL, Share
from procurement.suppliers.models.account import BankAccount
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import first_refusal, locked
from workflow.tongues import Figure

KINDS = {Dealing.PURCHASE: SupplierLead.Kind.SALE, Dealing.DONATION: SupplierLead.Kind.DONATION}
COSTS = ("extra_costs", "taxes")
MOST_COST = Decimal(
    10**12
)  # of goods, of other costs and of taxes; in the city's currency, whatever its notes are worth:
MOST_HERE = Decimal(10**15)
MOST_PRICE = Decimal(10**9)
EDITABLE = frozenset(
    {
        "extra_costs",
        "taxes",
        "incoterm",
        "incoterm_place",
        "authority",
        "authority_reference",
        "budget_line",
        "offers_sought",
        "few_offers_reason",
        "promised_on",
    }
)


NAMES = {
    "extra_costs": _("Freight, insurance, inspection"),
    "taxes": _("Taxes"),
    "allocations": _("Price of the goods"),
    "unit_values": _("Value of the goods"),
}


def draft(
    city: City,
    promised: Sequence[Allocation],
    *,
    author: User,
    by: Actor,
    at: datetime,
    shares: Sequence[Share] = USUAL,
    deposit_reason: str = "",
    bank_account: BankAccount | None = None,
    **facts: Any,
) -> Order:
    """Write an order to one supplier from confirmed allocations, at the offers' prices, and plan what is paid when.

    Refuses allocations of several cities, suppliers or currencies, gifts, offers without a
    price, payments that do not add up to 100 percent, and a deposit above 30 percent without a reason.
    """
    with transaction.atomic():
        order, rows = _assemble(Dealing.PURCHASE, city, promised, author, facts, at)
        order.deposit_reason = deposit_reason
        order.bank_account = _of_supplier(bank_account, order)
        if any(row.lead.unit_price is None for row in rows):
            raise Refused("price_missing", _("An offer in this order has no price."), field="allocations")
        prices = {row.pk: row.lead.unit_price or Decimal(0) for row in rows}
        _total(order, [(row.quantity, prices[row.pk]) for row in rows], at)
        orders.DRAFT.start(order, by=by, at=at, lines=_told(rows, prices))
        _write_lines(order, rows, prices, by, at)
        payments.plan(order, shares, by=by, at=at)
    return order


def offer(
    city: City,
    promised: Sequence[Allocation],
    *,
    author: User,
    by: Actor,
    at: datetime,
    donor_city: City | None = None,
    unit_values: Mapping[int, Decimal] | None = None,
    **facts: Any,
) -> Order:
    """Enter a gift from confirmed allocations of one giver, at its value: the offer's, or the one given per allocation id.

    The giving city is the one named, else that of the contact who brought it, else where the company is. Refuses allocations of
    several cities, givers or currencies, and offers for sale.
    """
    with transaction.atomic():
        order, rows = _assemble(Dealing.DONATION, city, promised, author, facts, at)
        order.donor_city = donor_city or (order.contact.city if order.contact else order.supplier.place)
        values = {key: _sane_price(value) for key, value in (unit_values or {}).items()}
        prices = {row.pk: values.get(row.pk, row.lead.unit_price or Decimal(0)) for row in rows}
        _total(order, [(row.quantity, prices[row.pk]) for row in rows], at)
        orders.OFFER.start(order, by=by, at=at, lines=_told(rows, prices))
        _write_lines(order, rows, prices, by, at)
    return order


def edit(
    order: Order,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    unit_values: Mapping[int, Decimal] | None = None,
    **facts: Any,
) -> Order:
    """Change an order before it is handed in, or a gift before it is ready: costs, terms, authority, days, the value of a gift
    (`unit_values` by line id). Totals and planned payments follow. Refuses facts that come from the offers, and an officer who
    would raise an accepted gift above the city's limit: an approver who had no hand in it does that, and accepts it anew by it.
    """
    unknown = sorted(facts.keys() - EDITABLE)
    if unknown:
        raise Refused(
            "not_editable", _("This comes from the offers and is not changed here."), fields=unknown
        )
    with orders.EDIT.on(order, by=by, at=at, reason=reason) as row:
        before = row.total
        for name, value in facts.items():
            setattr(row, name, value)
        if unit_values:
            _revalue(row, unit_values)
        retotal(row, by=by, at=at)
        if row.status == Order.Status.ACCEPTED and row.total > before:
            _accept_anew(row, by, at)
    return order


def _accept_anew(row: Order, by: Actor, at: datetime) -> None:
    """What was accepted at a lower value is accepted at this one by whoever enters it, if they might have accepted it so."""
    refused = may_revalue(by, row)
    if refused is not None:
        raise refused
    stands = None if may_order(by, row) else stand_in(by, row)
    row.approved_by_id, row.approved_at = by.user_id, at
    row.approved_under_id = stands.delegation_id if stands else None


def use_account(order: Order, account: BankAccount, *, reason: str, by: Actor, at: datetime) -> Order:
    """Choose the account this order is paid into. Nothing is paid until it is confirmed by a second person and has cooled.

    Refuses another company's account and one that is used no longer.
    """
    with orders.USE_ACCOUNT.on(order, by=by, at=at, reason=reason) as row:
        row.bank_account = _of_supplier(account, row)
    with transaction.atomic():
        accounts.judge(locked(order), at)
    return order


def retotal(row: Order, *, by: Actor, at: datetime) -> None:
    """Add up an order's lines again, under its lock; planned payments follow."""
    _total(row, list(row.lines.order_by("pk").values_list("quantity", "unit_price")), at)
    payments.reckon(row, by=by, at=at)


def _assemble(
    kind: Dealing,
    city: City,
    promised: Sequence[Allocation],
    author: User,
    facts: dict[str, Any],
    at: datetime,
) -> tuple[Order, list[Allocation]]:
    """The new order and its allocations, locked by primary key; everything that must be the same for all of them is."""
    keys = [allocation.pk for allocation in promised]
    chosen = Allocation.objects.filter(pk__in=keys).select_related("lead__supplier")
    rows = list(chosen.order_by("pk").select_for_update(of=("self",)))
    if not rows:
        raise Refused("no_allocations", _("An order is made from allocations. Choose at least one."))
    offers = [row.lead for row in rows]
    if (late := first_refusal(still_offered(lead, at) for lead in offers)) is not None:
        late.details["field"] = "allocations"
        raise late
    _same(
        {city.pk, *(row.city_id for row in rows)}, "another_city", _("Choose allocations of your own city.")
    )
    _same(
        {lead.supplier.current.pk for lead in offers},
        "several_suppliers",
        _("Choose offers of one supplier."),
    )
    _same(
        {KINDS[kind], *(lead.kind for lead in offers)},
        "wrong_kind",
        _("What is given is accepted as a gift, what is sold is ordered: choose one of both."),
    )
    currencies = {lead.currency for lead in offers if lead.currency} or {city.currency}
    _same(currencies, "several_currencies", _("Choose offers in one currency."))
    first = offers[0]
    terms = {"incoterm": first.incoterm, "incoterm_place": first.incoterm_place, **facts}
    order = Order(
        contact=next((lead.contact for lead in offers if lead.contact_id), None),
        kind=kind,
        city=city,
        supplier=first.supplier,
        author=author,
        currency=currencies.pop(),
        **terms,
    )
    return order, rows


def _same(found: set[Any], code: str, words: Any) -> None:
    if len(found) > 1:
        raise Refused(code, words, field="allocations")


def _of_supplier(account: BankAccount | None, order: Order) -> BankAccount | None:
    if account is not None and (
        account.supplier_id != order.supplier.current.pk or account.status == BankAccount.Status.RETIRED
    ):
        words = _("Choose an account of %(supplier)s that is in use.") % {"supplier": order.supplier}
        raise Refused("another_account", words, field="bank_account")
    return account


def _write_lines(
    order: Order, rows: Sequence[Allocation], prices: Mapping[int, Decimal], by: Actor, at: datetime
) -> None:
    for row in rows:
        mark_ordered(row, by=by, at=at)
        OrderLine.objects.create(
            order=order, allocation=row, quantity=row.quantity, unit_price=prices[row.pk]
        )


def _revalue(row: Order, unit_values: Mapping[int, Decimal]) -> None:
    if row.kind == Dealing.PURCHASE:
        raise Refused("not_editable", _("The price comes from the offer and is not changed here."))
    for line in row.lines.filter(pk__in=unit_values).order_by("pk"):
        line.unit_price = _sane_price(unit_values[line.pk])
        line.save(update_fields=["unit_price"])


def _sane_price(value: Decimal) -> Decimal:
    """A value per piece that can be kept, to four places."""
    _sane(value, "unit_values", MOST_PRICE)
    return value.quantize(FOUR_PLACES, ROUND_HALF_EVEN)


def _total(order: Order, lines: Sequence[tuple[int, Decimal]], at: datetime) -> None:
    """The goods' total in the order's currency, and the whole in the city's at the day's rate. Refuses sums nobody pays."""
    goods = sum((quantity * price for quantity, price in lines), Decimal(0))
    field = "allocations" if order.kind == Dealing.PURCHASE else "unit_values"
    order.goods_total = _sane(goods, field)
    for name in COSTS:
        setattr(order, name, _sane(Decimal(getattr(order, name)), name))
    order.total_here, order.rate_on = None, None
    if order.city.currency and (order.total or order.kind == Dealing.PURCHASE):
        here = convert(
            order.total, order.currency, order.city.currency, order.city.day_at(at), entered(order.city)
        )
        order.total_here, order.rate_on = _sane(here.amount, field, MOST_HERE), here.rate_on


def _sane(amount: Decimal, field: str, most: Decimal = MOST_COST) -> Decimal:
    """An amount in cents. Refuses what is no number, below nothing or above what anybody pays; the field says where."""
    if not amount.is_finite() or not 0 <= amount <= most:
        words = _("%(what)s: give an amount from 0 to %(most)s.")
        raise Refused("bad_amount", words % {"what": NAMES[field], "most": Figure(most)}, field=field)
    return amount.quantize(CENT, ROUND_HALF_EVEN)


def _told(rows: Sequence[Allocation], prices: Mapping[int, Decimal]) -> list[dict[str, Any]]:
    return [
        {"allocation": row.reference, "quantity": row.quantity, "unit_price": str(prices[row.pk])}
        for row in rows
    ]
