"""Facts an approver decides on, computed from the database: goods, prices, checks, findings, money.

The order's own page also uses `OffersSought`, which compares the stated number of offers sought with the
inquiries and offers in the database.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.permissions.permissions import Permissions
from partners.powers import Power
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.prices import comparable_quotes
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.leads.screening.labels import DOWNGRADE_REASONS
from procurement.orders.models import Order, OrderLine
from procurement.orders.payments.models import Payment
from procurement.orders.queries import Override, lead_as_ordered, overriders_by_reference
from procurement.orders.rules.blockers import findings_of, orders_counted_with, total_of_counted_orders
from procurement.orders.rules.orders import APPROVE_ORDER, may_accept, may_decide_as_second_person
from procurement.requests.models import RequestLine
from workflow.errors import LazyText
from workflow.formatting import format_day, format_money, format_quantity, format_share, quote_typed
from workflow.i18n import lowercase_first

CANCELLED_PAYMENT_STATUS = Payment.Status.CANCELLED
UNDECIDED_STATUSES = (Order.Status.AWAITING_APPROVAL, Order.Status.OFFERED)


class PriceComparison(NamedTuple):
    """Price per piece, with the text that compares it with other quotes."""

    goods: str
    price_text: str
    landed_cost_text: str
    comparison: str


class FindingAnswer(NamedTuple):
    """Finding about an offer, in words (`text`).

    `doubt_note` says why it warns instead of blocking, or is None. `overridden_by` names the author of the
    override, or is "".
    """

    finding: Finding
    text: str
    doubt_note: LazyText | None
    overridden_by: str


class DecisionFacts(NamedTuple):
    """Facts that an approver reads before deciding.

    After these, the page shows the readiness panel ("Can I order?").
    """

    goods: list[str]
    prices: list[PriceComparison]
    landed_total_text: str
    verification_texts: list[str]
    checks: str
    finding_answers: list[FindingAnswer]
    payment_texts: list[str]


class OffersSought(NamedTuple):
    """Number of offers sought: as stated in the order, and as recorded when the order was written.

    The other two are the inquiries and offers recorded now.
    """

    stated: int
    recorded: int
    inquiries_sent: int
    offers_received: int

    @property
    def is_stated_unlike_recorded(self) -> bool:
        """True if the stated number is not the recorded one."""
        return self.stated != self.recorded


def is_asked_to_decide(by: Permissions, order: Order) -> bool:
    """Return True if this person is asked to decide on the order now.

    For a purchase: an approver who had no part in the order. For a donation: an officer who may accept it
    and had no part in it.
    """
    if order.status == Order.Status.AWAITING_APPROVAL:
        return APPROVE_ORDER.allowed(by, order) is True
    return (
        order.status == Order.Status.OFFERED
        and may_decide_as_second_person(by, order) is True
        and may_accept(by, order) is True
    )


def decision_facts_of(
    order: Order,
    lines: Sequence[OrderLine],
    payments: Sequence[Payment],
    overrides: Iterable[Override],
    at: datetime,
) -> DecisionFacts:
    """Return the facts for the approver of one order.

    Runs one query for each kind of goods until the order binds, and one for the findings.
    """
    leads = list({line.allocation.lead.pk: line.allocation.lead for line in lines}.values())
    done, asked = (
        sum(lead.checks_accepted for lead in leads),
        sum(lead.required_check_count for lead in leads),
    )
    params = {"done": format_quantity(done), "asked": format_quantity(asked)}
    return DecisionFacts(
        goods=[_line_text(order, line) for line in lines],
        prices=_price_comparisons(order, lines, at),
        landed_total_text=_landed_total_text(order, lines, at),
        verification_texts=[_verification_text(lead) for lead in leads],
        checks=_("%(done)s of %(asked)s checks accepted.") % params,
        finding_answers=list(_finding_answers(order, overriders_by_reference(overrides))),
        payment_texts=list(_money_sentences(order, payments)),
    )


def lines_without_criteria(by: Permissions, order: Order, lines: Iterable[OrderLine]) -> list[RequestLine]:
    """Return the need lines, each once, for which this person may still fix criteria.

    Empty once the order binds, or if the person lacks the power ALLOCATE. The page names these lines if
    they have no criteria.
    """
    if order.status not in Order.NOT_BINDING_STATUSES or not by.may(Power.ALLOCATE, order):
        return []
    return list({line.allocation.line_id: line.allocation.line for line in lines}.values())


def _line_text(order: Order, line: OrderLine) -> str:
    text = _("%(goods)s: %(pieces)s from %(supplier)s, for %(need)s")
    return text % {
        "pieces": format_quantity(line.quantity),
        "goods": line.allocation.lead.product.name,
        "supplier": order.supplier.name,
        "need": quote_typed(line.allocation.line.supply_request.title),
    }


def _price_comparisons(order: Order, lines: Iterable[OrderLine], at: datetime) -> list[PriceComparison]:
    """Return the prices of the order, each compared with the quotes of the last month.

    A price in another currency is also given in the city's currency.
    """
    found = {}
    for line in lines:
        lead = line.allocation.lead
        if lead.pk not in found:
            paid = format_money(line.unit_price, order.currency)
            converted = order.to_city_currency(line.unit_price)
            if converted is not None and order.currency != order.city.currency:
                paid = f"{paid} = {format_money(converted, order.city.currency)}"
            found[lead.pk] = PriceComparison(
                lead.product.name, paid, _landed_cost_text(order, line, at), _comparison_text(order, line, at)
            )
    return list(found.values())


def _landed_cost(order: Order, line: OrderLine, at: datetime) -> Decimal | None:
    """Return the landed cost of a piece in the city's currency, at the price of the order."""
    lead = line.allocation.lead
    same_price = (line.unit_price, order.currency) == (lead.unit_price, lead.currency)
    kept = (lead if same_price else lead_as_ordered(order, line, at)).landed.get("arrived")
    return Decimal(kept) if kept else None


def _landed_cost_text(order: Order, line: OrderLine, at: datetime) -> str:
    arrived = _landed_cost(order, line, at)
    if arrived is None:
        return _("landed cost unknown")
    return _("landed cost: %(price)s") % {"price": format_money(arrived, order.city.currency)}


def _landed_total_text(order: Order, lines: Iterable[OrderLine], at: datetime) -> str:
    """Return the landed cost of all goods, with freight and duty by the offers or by published rates."""
    costs = [(_landed_cost(order, line, at), line.quantity) for line in lines if line.quantity]
    known = [arrived * quantity for arrived, quantity in costs if arrived is not None]
    if not known:
        return _("The offers do not give enough figures to calculate a landed cost.")
    total = format_money(sum(known, Decimal(0)), order.city.currency)
    return total if len(known) == len(costs) else _("at least %(total)s") % {"total": total}


def _verification_text(lead: SupplierLead) -> str:
    if lead.verified_by is None or lead.verified_at is None:
        return _("%(goods)s: not verified") % {"goods": lead.product.name}
    params = {
        "goods": lead.product.name,
        "name": lead.verified_by,
        "day": format_day(lead.city.day_at(lead.verified_at)),
    }
    return _("%(goods)s: %(name)s, %(day)s") % params


class OrdersCountedTogether(NamedTuple):
    """Orders that count against the approval limit together with one order; `sentence` states their sum with it."""

    orders: Sequence[Order]
    sentence: str


def orders_counted_together(order: Order) -> OrdersCountedTogether:
    """Return the orders that count against the approval limit together with this one. One query.

    Several orders just below the limit may be one order split up to avoid approval.
    """
    others, days = orders_counted_with(order), {"days": order.city.approval_days}
    if not others:
        return OrdersCountedTogether((), _("No other orders to this company within %(days)s days.") % days)
    total = total_of_counted_orders(order, others)
    if total is None:
        return OrdersCountedTogether(others, _("The total including this order is unknown."))
    figures = {"n": format_quantity(len(others)), "total": format_money(total, order.city.currency)}
    words = ngettext(
        "%(n)s other order to this company within %(days)s days. Together with this one: %(total)s.",
        "%(n)s other orders to this company within %(days)s days. Together with this one: %(total)s.",
        len(others),
    )
    return OrdersCountedTogether(others, words % {**figures, **days})


def _comparison_text(order: Order, line: OrderLine, at: datetime) -> str:
    """Return how the price compares with other quotes, as long as someone still decides on the order."""
    if order.status not in Order.NOT_BINDING_STATUSES:
        return ""
    if order.kind == AcquisitionType.DONATION:
        return _("Donations are not compared on price.")
    lead = lead_as_ordered(order, line, at)
    if lead.price_in_city_currency is None:
        return _("The price in the city’s currency is unknown, so it cannot be compared.")
    peers = comparable_quotes(lead, order.city.day_at(at))
    if not peers.has_enough_quotes:
        return _("Too few quotes in the last month to compare.")
    middle = median(peers.prices)
    params = {"middle": format_money(middle, order.city.currency), "n": format_quantity(len(peers.prices))}
    text = _("The median of %(n)s quotes in the last month is %(middle)s.")
    return f"{text % params} {_distance_text(peers.offer_price, middle)}"


def _distance_text(price: Decimal, middle: Decimal) -> str:
    if price == middle:
        return _("The price equals the median.")
    share = format_share(abs(price - middle), middle)
    return (
        _("The price is %(share)s above the median.")
        if price > middle
        else _("The price is %(share)s below the median.")
    ) % {"share": share}


def _finding_answers(order: Order, covered: Mapping[str, str]) -> Iterable[FindingAnswer]:
    """Yield the findings about the offers that still exist, most severe first, with their overrides."""
    ranks = {severity: place for place, severity in enumerate(Finding.Severity.values)}
    for one in sorted(findings_of(order), key=lambda one: ranks[one.severity]):
        overridden = covered.get(one.reference, "")
        yield FindingAnswer(
            one, finding_sentence(one.code, one.figures), DOWNGRADE_REASONS.get(one.unsure), overridden
        )


def findings_summary(answers: Sequence[FindingAnswer]) -> str:
    """Return one line that counts the findings by status."""
    if not answers:
        return _("Screening found nothing.")
    by_status = Counter(answer.finding.status for answer in answers)
    said = [
        _("%(label)s: %(figure)s")
        % {"label": lowercase_first(Finding.Status(status).label), "figure": format_quantity(n)}
        for status, n in sorted(by_status.items())
    ]
    text = ngettext("%(n)s finding (%(said)s).", "%(n)s findings (%(said)s).", len(answers))
    return text % {"n": format_quantity(len(answers)), "said": _(", ").join(said)}


def _money_sentences(order: Order, payments: Sequence[Payment]) -> Iterable[str]:
    total = format_money(order.total, order.currency)
    if order.total_in_city_currency is not None and order.currency != order.city.currency:
        total = f"{total} = {format_money(order.total_in_city_currency, order.city.currency)}"
    yield _("Total: %(total)s") % {"total": total}
    if order.kind == AcquisitionType.PURCHASE:
        before = [
            one
            for one in payments
            if one.milestone == Payment.Milestone.DEPOSIT and one.status != CANCELLED_PAYMENT_STATUS
        ]
        params = {
            "share": format_share(sum(one.percent for one in before), 100),
            "amount": format_money(sum((one.amount for one in before), Decimal(0)), order.currency),
        }
        yield _("%(share)s (%(amount)s) before shipping") % params
        if order.deposit_reason:
            yield _("Reason for the high advance payment: %(reason)s") % {"reason": order.deposit_reason}
    limit = order.city.approval_limit
    yield (
        _("Approval limit: %(limit)s") % {"limit": format_money(limit, order.city.currency)}
        if limit is not None
        else _("No approval limit is set, so every order needs approval")
    )
    yield (
        _("Budget line: %(line)s") % {"line": order.budget_line} if order.budget_line else _("No budget line")
    )
