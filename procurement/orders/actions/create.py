"""Actions that write an order from allocations (lines, totals, planned payments), or change it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser, User
from partners.cities.models import City
from procurement.allocations.actions import mark_ordered
from procurement.allocations.models import Allocation
from procurement.allocations.queries import allocated_goods_matches, unorderable_goods_refusal
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.leads.currency_conversion import FOUR_PLACES, convert
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.landed_cost import manual_rates
from procurement.leads.rules.leads import expired_offer_refusal
from procurement.orders.actions.reminders import plan_reminders
from procurement.orders.actions.screening import rescreen_order
from procurement.orders.models import Order, OrderLine
from procurement.orders.payments.actions import plan_payments, recalculate_payments
from procurement.orders.payments.rules.payments import CENT, DEFAULT_SHARES, PaymentShare
from procurement.orders.queries import quotes_on_record
from procurement.orders.rules import orders
from procurement.orders.rules.orders import delegation_for_decision, may_order, revaluation_refusal
from procurement.requests.alternatives.models import GoodsMatchLevel
from procurement.requests.models import RequestLine
from procurement.suppliers.models.bank_accounts import BankAccount
from workflow.actors import Actor
from workflow.edits import UNSET, Edit, Unset
from workflow.errors import Refused, raise_refusal
from workflow.i18n import LocalizedCount
from workflow.moves import first_refusal, register_action, select_locked

LEAD_KIND_BY_ACQUISITION = {
    AcquisitionType.PURCHASE: SupplierLead.Kind.SALE,
    AcquisitionType.DONATION: SupplierLead.Kind.DONATION,
}
COST_FIELDS = ("extra_costs", "taxes")
MAX_COST = Decimal(
    10**12
)  # for goods, for other costs and for taxes; the next one is for any city's currency
MAX_CITY_CURRENCY_AMOUNT = Decimal(10**15)
MAX_PRICE = Decimal(10**9)
AMOUNT_LABELS = {
    "extra_costs": _("Freight, insurance, inspection"),
    "taxes": _("Taxes"),
    "allocations": _("Price of the goods"),
    "unit_values": _("Value of the goods"),
}


class OrderTerms(TypedDict, total=False):
    """Terms of a new order. Its costs are in its currency; the Incoterm is by default the offer's."""

    extra_costs: Decimal
    taxes: Decimal
    incoterm: str
    incoterm_place: str
    authority: str
    authority_reference: str
    budget_line: str
    offers_sought: int
    offers_sought_reason: str
    few_offers_reason: str
    promised_on: date | None


@dataclass(frozen=True, kw_only=True)
class OrderEdit(Edit):
    """Terms of an order to change. What comes from the offers is not changed here."""

    extra_costs: Decimal | Unset = UNSET
    taxes: Decimal | Unset = UNSET
    incoterm: str | Unset = UNSET
    incoterm_place: str | Unset = UNSET
    authority: str | Unset = UNSET
    authority_reference: str | Unset = UNSET
    budget_line: str | Unset = UNSET
    offers_sought: int | Unset = UNSET
    offers_sought_reason: str | Unset = UNSET
    few_offers_reason: str | Unset = UNSET
    promised_on: date | Unset | None = UNSET


@register_action(orders.CREATE_ORDER)
def create_order(
    city: City,
    allocations: Sequence[Allocation],
    *,
    author: ActingUser,
    by: Actor,
    at: datetime,
    shares: Sequence[PaymentShare] = DEFAULT_SHARES,
    deposit_reason: str = "",
    bank_account: BankAccount | None = None,
    **facts: Unpack[OrderTerms],
) -> Order:
    """Write an order to one supplier from confirmed allocations, and plan its payments.

    Prices are those of the offers. The number of quotes sought, unless given, is the larger of the inquiries sent
    and the offers received.

    Refuses allocations of several cities, suppliers or currencies, donations, offers without a price,
    payments that do not add up to 100 percent, and a deposit above 30 percent without a reason.
    """
    with transaction.atomic():
        order, rows = _build_order(AcquisitionType.PURCHASE, city, allocations, author, facts, at)
        order.deposit_reason = deposit_reason
        order.bank_account = _require_account_of_supplier(bank_account, order)
        if any(row.lead.unit_price is None for row in rows):
            raise Refused("price_missing", _("An offer in this order has no price."), field="allocations")
        prices = {row.pk: row.lead.unit_price or Decimal(0) for row in rows}
        _set_totals(order, [(row.quantity, prices[row.pk]) for row in rows], at)
        orders.CREATE_ORDER.create(order, by=by, at=at, lines=_journal_facts_of_lines(rows, prices))
        _write_lines(order, rows, prices, by, at)
        plan_payments(order, shares, by=by, at=at)
    return order


@register_action(orders.ENTER_DONATION)
def create_donation(
    city: City,
    allocations: Sequence[Allocation],
    *,
    author: ActingUser,
    by: Actor,
    at: datetime,
    donor_city: City | None = None,
    unit_values: Mapping[int, Decimal] | None = None,
    **facts: Unpack[OrderTerms],
) -> Order:
    """Enter a donation from confirmed allocations of one donor, at its value.

    The value per piece is the offer's, or the one given by allocation id in `unit_values`. The donor city
    is `donor_city`, else that of the contact who brought the offer, else that of the company. Refuses
    allocations of several cities, donors or currencies, and offers for sale.
    """
    with transaction.atomic():
        order, rows = _build_order(AcquisitionType.DONATION, city, allocations, author, facts, at)
        order.donor_city = donor_city or (order.contact.city if order.contact else order.supplier.place)
        values = {key: _validated_unit_price(value) for key, value in (unit_values or {}).items()}
        prices = {row.pk: values.get(row.pk, row.lead.unit_price or Decimal(0)) for row in rows}
        _set_totals(order, [(row.quantity, prices[row.pk]) for row in rows], at)
        plan_reminders(order, Order.Status.OFFERED, at)
        orders.ENTER_DONATION.create(order, by=by, at=at, lines=_journal_facts_of_lines(rows, prices))
        _write_lines(order, rows, prices, by, at)
    return order


@register_action(orders.EDIT_ORDER)
def edit_order(
    order: Order,
    edit: OrderEdit,
    *,
    unit_values: Mapping[int, Decimal] | None = None,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> Order:
    """Change an order before it is submitted, or a donation before it is ready.

    Costs, terms, authority, days and the value of a donation (`unit_values` by line id) may change. Totals,
    planned payments and the number of quotes follow. Refuses facts that come from the offers. Refuses an officer who would raise
    an accepted donation above the approval limit: an approver who had no part in it does that, and thereby
    accepts it again.
    """
    with orders.EDIT_ORDER.apply_to(order, by=by, at=at, reason=reason) as row:
        before, promised_on = row.total, row.promised_on
        stated, follows = row.offers_sought, row.offers_sought == row.offers_recorded
        edit.apply_to(row)
        if row.promised_on != promised_on and row.status in Order.AWAITING_GOODS_STATUSES:
            plan_reminders(row, row.status, at)
        row.offers_recorded = _quotes_sought(row)
        if follows and row.offers_sought == stated:
            row.offers_sought = row.offers_recorded
        if unit_values:
            _set_unit_values(row, unit_values)
        recalculate_totals(row, by=by, at=at)
        if row.status == Order.Status.ACCEPTED and row.total > before:
            _accept_at_new_value(row, by, at)
    return order


def _quotes_sought(row: Order) -> int:
    """Return the number of quotes sought for an order's lines, by the record."""
    line_ids = row.lines.values_list("allocation__line", flat=True)
    return quotes_on_record(row.city_id, line_ids).quotes_sought


def _accept_at_new_value(row: Order, by: Actor, at: datetime) -> None:
    """Accept a donation again at its higher value.

    Refuses actors who could not have accepted it at that value.
    """
    refused = revaluation_refusal(by, row)
    if refused is not None:
        raise refused
    covered = None if may_order(by, row) else delegation_for_decision(by, row)
    row.approved_by_id, row.approved_at = by.user_id, at
    row.approved_under_id = covered.delegation_id if covered else None


@register_action(orders.CHOOSE_ACCOUNT)
def choose_account(order: Order, account: BankAccount, *, reason: str, by: Actor, at: datetime) -> Order:
    """Choose the bank account this order is paid into, with a reason.

    Nothing is paid until a second person confirmed the account and its waiting time has ended. Refuses the
    account of another company and a retired one.
    """
    with orders.CHOOSE_ACCOUNT.apply_to(order, by=by, at=at, reason=reason) as row:
        row.bank_account = _require_account_of_supplier(account, row)
    with transaction.atomic():
        rescreen_order(select_locked(order), at)
    return order


def recalculate_totals(row: Order, *, by: Actor, at: datetime) -> None:
    """Compute the totals of an order again, under its lock. Planned payments follow."""
    _set_totals(row, list(row.lines.order_by("pk").values_list("quantity", "unit_price")), at)
    recalculate_payments(row, by=by, at=at)


def _build_order(
    kind: AcquisitionType,
    city: City,
    allocations: Sequence[Allocation],
    author: User,
    facts: OrderTerms,
    at: datetime,
) -> tuple[Order, list[Allocation]]:
    """Return the new order and its allocations, locked by primary key.

    Refuses allocations that differ in what must be the same for all, and goods that their need line no longer accepts or
    that are another substitution than was confirmed. `goods_match` of the rows is how the goods match now.
    """
    rows = _lock_allocations(allocations)
    if not rows:
        raise Refused("no_allocations", _("An order is created from allocations. Choose at least one."))
    offers = [row.lead for row in rows]
    currency = _require_uniform_allocations(kind, city, rows)
    _compare_goods(rows, at)
    first = offers[0]
    recorded = quotes_on_record(city.pk, [row.line_id for row in rows]).quotes_sought
    terms: OrderTerms = {
        "incoterm": first.incoterm,
        "incoterm_place": first.incoterm_place,
        "offers_sought": recorded,
        **facts,
    }
    order = Order(
        contact=next((lead.contact for lead in offers if lead.contact_id), None),
        kind=kind,
        city=city,
        supplier=first.supplier,
        author=author,
        currency=currency,
        offers_recorded=recorded,
        **terms,
    )
    order.offers_at_creation = list(dict.fromkeys(offers))
    return order, rows


def _compare_goods(rows: Sequence[Allocation], at: datetime) -> None:
    """Refuse offers past their last day and goods that may not be ordered; write how the goods match now to the rows."""
    if (late := first_refusal(expired_offer_refusal(row.lead, at) for row in rows)) is not None:
        late.details["field"] = "allocations"
        raise late
    matches = allocated_goods_matches(rows, at)
    raise_refusal(unorderable_goods_refusal(rows, matches))
    for row in rows:
        row.goods_match = matches[row.pk].level


def _lock_allocations(allocations: Sequence[Allocation]) -> list[Allocation]:
    """Return the allocations with their offers and need lines, all locked in the order of docs/adr/0040."""
    keys = [allocation.pk for allocation in allocations]
    rows = list(Allocation.objects.filter(pk__in=keys).order_by("pk").select_for_update())
    leads = SupplierLead.objects.filter(pk__in={row.lead_id for row in rows}).order_by("pk")
    named = leads.select_related("supplier", "product", "standard").select_for_update(of=("self",))
    leads_by_id = {lead.pk: lead for lead in named}
    lines = RequestLine.objects.filter(pk__in={row.line_id for row in rows}).order_by("pk")
    asked = lines.select_related("product", "supply_request__city").select_for_update(of=("self",))
    lines_by_id = {line.pk: line for line in asked}
    for row in rows:
        row.lead, row.line = leads_by_id[row.lead_id], lines_by_id[row.line_id]
    return rows


def _require_uniform_allocations(kind: AcquisitionType, city: City, rows: Sequence[Allocation]) -> str:
    """Refuse allocations of several cities, suppliers, kinds or currencies, and return their currency.

    It is the city's currency if no offer names one.
    """
    offers = [row.lead for row in rows]
    _require_single(
        {city.pk, *(row.city_id for row in rows)}, "another_city", _("Choose allocations from your own city.")
    )
    _require_single(
        {lead.supplier.current_row.pk for lead in offers},
        "several_suppliers",
        _("Choose offers from a single supplier."),
    )
    _require_single(
        {LEAD_KIND_BY_ACQUISITION[kind], *(lead.kind for lead in offers)},
        "wrong_kind",
        _(
            "Donated goods are accepted as a donation, and goods for sale are ordered. Choose only one of "
            "the two."
        ),
    )
    currencies = {lead.currency for lead in offers if lead.currency} or {city.currency}
    _require_single(currencies, "several_currencies", _("Choose offers in a single currency."))
    return currencies.pop()


def _require_single(found: set[Any], code: str, words: Any) -> None:
    if len(found) > 1:
        raise Refused(code, words, field="allocations")


def _require_account_of_supplier(account: BankAccount | None, order: Order) -> BankAccount | None:
    if account is not None and (
        account.supplier_id != order.supplier.current_row.pk or account.status == BankAccount.Status.RETIRED
    ):
        words = _("Choose an active account of %(supplier)s.") % {"supplier": order.supplier}
        raise Refused("another_account", words, field="bank_account")
    return account


def _write_lines(
    order: Order, rows: Sequence[Allocation], prices: Mapping[int, Decimal], by: Actor, at: datetime
) -> None:
    for row in rows:
        mark_ordered(row, GoodsMatchLevel(row.goods_match), by=by, at=at)
        OrderLine.objects.create(
            order=order, allocation=row, quantity=row.quantity, unit_price=prices[row.pk]
        )


def _set_unit_values(row: Order, unit_values: Mapping[int, Decimal]) -> None:
    if row.kind == AcquisitionType.PURCHASE:
        raise Refused("not_editable", _("The price comes from the offer and cannot be changed here."))
    for line in row.lines.filter(pk__in=unit_values).order_by("pk"):
        line.unit_price = _validated_unit_price(unit_values[line.pk])
        line.save(update_fields=["unit_price"])


def _validated_unit_price(value: Decimal) -> Decimal:
    """Return a value per piece, rounded to four places. Refuses impossible values."""
    _validated_amount(value, "unit_values", MAX_PRICE)
    return value.quantize(FOUR_PLACES, ROUND_HALF_EVEN)


def _set_totals(order: Order, lines: Sequence[tuple[int, Decimal]], at: datetime) -> None:
    """Store the goods' total in the order's currency, and the grand total in the city's at the day's rate.

    Refuses impossible amounts.
    """
    goods = sum((quantity * price for quantity, price in lines), Decimal(0))
    field = "allocations" if order.kind == AcquisitionType.PURCHASE else "unit_values"
    order.goods_total = _validated_amount(goods, field)
    for name in COST_FIELDS:
        setattr(order, name, _validated_amount(Decimal(getattr(order, name)), name))
    order.total_in_city_currency, order.rate_on = None, None
    if order.city.currency and (order.total or order.kind == AcquisitionType.PURCHASE):
        here = convert(
            order.total, order.currency, order.city.currency, order.city.day_at(at), manual_rates(order.city)
        )
        order.total_in_city_currency, order.rate_on = (
            _validated_amount(here.amount, field, MAX_CITY_CURRENCY_AMOUNT),
            here.rate_date,
        )


def _validated_amount(amount: Decimal, field: str, maximum: Decimal = MAX_COST) -> Decimal:
    """Return the amount in cents. Refuses one that is no number, negative or too large, naming the field."""
    if not amount.is_finite() or not 0 <= amount <= maximum:
        words = _("%(what)s: enter an amount from 0 to %(most)s.")
        raise Refused(
            "bad_amount",
            words % {"what": AMOUNT_LABELS[field], "most": LocalizedCount(maximum)},
            field=field,
        )
    return amount.quantize(CENT, ROUND_HALF_EVEN)


def _journal_facts_of_lines(
    rows: Sequence[Allocation], prices: Mapping[int, Decimal]
) -> list[dict[str, Any]]:
    return [
        {"allocation": row.reference, "quantity": row.quantity, "unit_price": str(prices[row.pk])}
        for row in rows
    ]
