"""What an approver decides on, in five lines computed from the record: what, the price, the checks, the money, what stands against it.

Also what the order's own page shows of the record beside what was typed: the offers sought.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.roles import Power
from partners.rules.powers import Powers
from procurement.catalogue.models.facts import Dealing
from procurement.leads.gathering.prices import peer_prices
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.screening.sentences import sentence
from procurement.leads.screening.sentences.unsure import UNSURE
from procurement.orders.gathering.overrides import Override, who_covered
from procurement.orders.gathering.prices import as_ordered
from procurement.orders.models.order import Order, OrderLine
from procurement.orders.models.payment import Payment
from procurement.orders.rules.orders import APPROVE, may_accept, second_person
from procurement.outreach.models import Inquiry
from procurement.requests.models import RequestLine
from workflow.doors import words
from workflow.errors import Words

CANCELLED = Payment.Status.CANCELLED
DECIDED = (Order.Status.AWAITING_APPROVAL, Order.Status.OFFERED)


class Price(NamedTuple):
    """A price per piece against what others asked: what it is, the middle of how many, and by how much it differs."""

    goods: str
    paid: str
    against: str


class Answer(NamedTuple):
    """A finding of an offer in words, how it stands, and who answered what; `overridden` by whom."""

    finding: Finding
    text: str
    unsure: Words | None
    overridden: str


class Five(NamedTuple):
    """The five lines. The last one is the light, which the page has."""

    what: list[str]
    prices: list[Price]
    checks: str
    answers: list[Answer]
    money: list[str]


class Sought(NamedTuple):
    """How many offers were sought by what was typed, and by the record: questions sent and offers that came in."""

    typed: int
    asked: int
    came: int

    @property
    def differs(self) -> bool:
        """Whether what was typed is not what the record holds: the questions sent, or the offers that came if there were more."""
        return self.typed != max(self.asked, self.came)


def is_theirs(by: Powers, order: Order) -> bool:
    """Whether this person is asked to decide now: an approver who had no hand in it, or the officer who may accept a gift."""
    if order.status == Order.Status.AWAITING_APPROVAL:
        return APPROVE.allowed(by, order) is True
    return (
        order.status == Order.Status.OFFERED
        and second_person(by, order) is True
        and may_accept(by, order) is True
    )


def five_of(
    order: Order,
    lines: Sequence[OrderLine],
    payments: Sequence[Payment],
    overrides: Iterable[Override],
    at: datetime,
) -> Five:
    """The lines of one order. A query for each kind of goods, and one for the findings."""
    leads = list({line.allocation.lead.pk: line.allocation.lead for line in lines}.values())
    done, asked = sum(lead.checks_accepted for lead in leads), sum(lead.checks_asked for lead in leads)
    told = {"done": words.quantity(done), "asked": words.quantity(asked)}
    return Five(
        what=[_what(order, line) for line in lines],
        prices=_prices(order, lines, at),
        checks=_("%(done)s of %(asked)s checks are accepted.") % told,
        answers=list(_answers(leads, who_covered(overrides))),
        money=list(_money(order, payments)),
    )


def sought(order: Order, lines: Iterable[OrderLine]) -> Sought:
    """What the record says about the needs of this order. Two queries."""
    wanted = {line.allocation.line_id for line in lines}
    needs = {line.allocation.line.supply_request_id for line in lines}
    asked = Inquiry.objects.filter(supply_request__in=needs, sent_at__isnull=False).count()
    came = SupplierLead.objects.filter(line__in=wanted, city=order.city).exclude(
        status=SupplierLead.Status.DRAFT
    )
    return Sought(order.offers_sought, asked, came.count())


def lines_without(by: Powers, order: Order, lines: Iterable[OrderLine]) -> list[RequestLine]:
    """The lines whose criteria this person may still fix, each once; the page names them where none are fixed."""
    if order.status not in Order.NOT_BINDING or not by.may(Power.ALLOCATE, order):
        return []
    return list({line.allocation.line_id: line.allocation.line for line in lines}.values())


def _what(order: Order, line: OrderLine) -> str:
    text = _("%(pieces)s %(goods)s from %(supplier)s, for %(need)s")
    return text % {
        "pieces": words.quantity(line.quantity),
        "goods": line.allocation.lead.product.name,
        "supplier": order.supplier.name,
        "need": line.allocation.line.supply_request.reference,
    }


def _prices(order: Order, lines: Iterable[OrderLine], at: datetime) -> list[Price]:
    """Each price of the order, in the city's currency too, against the middle of what others asked in the last month."""
    found = {}
    for line in lines:
        lead = line.allocation.lead
        if lead.pk not in found:
            paid = words.money(line.unit_price, order.currency)
            here = order.here(line.unit_price)
            if here is not None and order.currency != order.city.currency:
                paid = f"{paid} = {words.money(here, order.city.currency)}"
            found[lead.pk] = Price(lead.product.name, paid, _against(order, line, at))
    return list(found.values())


def _against(order: Order, line: OrderLine, at: datetime) -> str:
    if order.kind == Dealing.DONATION:
        return _("A gift is held against no price.")
    lead = as_ordered(order, line, at)
    if lead.price_here is None:
        return _("The price in the city's currency is not known, so it is held against nothing.")
    peers = peer_prices(lead, order.city.day_at(at))
    if not peers.enough:
        return _("Too few quotes of the last month to judge.")
    middle = median(peers.prices)
    told = {"middle": words.money(middle, order.city.currency), "n": words.quantity(len(peers.prices))}
    text = _("The middle of %(n)s quotes of the last month is %(middle)s.")
    return f"{text % told} {_apart(peers.value, middle)}"


def _apart(price: Decimal, middle: Decimal) -> str:
    if price == middle:
        return _("This is the middle.")
    share = words.share(abs(price - middle), middle)
    return (_("This is %(share)s above it.") if price > middle else _("This is %(share)s below it.")) % {
        "share": share
    }


def _answers(leads: Sequence[SupplierLead], covered: Mapping[str, str]) -> Iterable[Answer]:
    """The findings about its offers that are not gone, the hardest first, with answers and overrides."""
    rows = Finding.objects.filter(lead__in=leads).exclude(status=Finding.Status.GONE)
    ranks = {severity: place for place, severity in enumerate(Finding.Severity.values)}
    for one in sorted(rows.select_related("answered_by").order_by("pk"), key=lambda one: ranks[one.severity]):
        overridden = covered.get(one.reference, "")
        yield Answer(one, sentence(one.code, one.figures), UNSURE.get(one.unsure), overridden)


def counted(answers: Sequence[Answer]) -> str:
    """How the findings stand, in one line."""
    if not answers:
        return _("Screening found nothing.")
    by_status = Counter(answer.finding.status for answer in answers)
    said = [f"{words.quantity(n)} {Finding.Status(status).label}" for status, n in sorted(by_status.items())]
    text = ngettext("%(n)s finding: %(said)s.", "%(n)s findings: %(said)s.", len(answers))
    return text % {"n": words.quantity(len(answers)), "said": ", ".join(said).lower()}


def _money(order: Order, payments: Sequence[Payment]) -> Iterable[str]:
    total = words.money(order.total, order.currency)
    if order.total_here is not None and order.currency != order.city.currency:
        total = f"{total} = {words.money(order.total_here, order.city.currency)}"
    yield _("Total %(total)s") % {"total": total}
    if order.kind == Dealing.PURCHASE:
        before = [
            one for one in payments if one.milestone == Payment.Milestone.DEPOSIT and one.status != CANCELLED
        ]
        told = {
            "share": words.share(sum(one.percent for one in before), 100),
            "amount": words.money(sum((one.amount for one in before), Decimal(0)), order.currency),
        }
        yield _("%(share)s (%(amount)s) before anything is shipped") % told
        if order.deposit_reason:
            yield _("Why so much in advance: %(reason)s") % {"reason": order.deposit_reason}
    limit = order.city.approval_limit
    yield (
        _("Limit %(limit)s") % {"limit": words.money(limit, order.city.currency)}
        if limit is not None
        else _("No limit is set: every order needs a second person")
    )
    yield (
        _("Budget line %(line)s") % {"line": order.budget_line} if order.budget_line else _("No budget line")
    )
