"""Of a memo: each price part by part, against the middle of what others asked and what is known of the days; and what is paid when."""

from decimal import Decimal
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from procurement.catalogue.models.facts import Dealing
from procurement.catalogue.models.prices import PriceBand
from procurement.leads.gathering.prices import Peers
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules.landed import LandedCost, Mode, Part
from procurement.leads.screening.prices import (
    CONSISTENCY,
    ENOUGH_CITIES,
    ENOUGH_QUOTES,
    ROBUST_LIMIT,
    stands_out,
)
from procurement.leads.screening.sentences import POINTS
from procurement.leads.words import BASES, PARTS, WHY
from procurement.orders.gathering.blocks import Section, facts, heading, section, sentences, table
from procurement.orders.gathering.record import Record
from procurement.orders.models.order import Order
from procurement.orders.models.payment import Payment
from procurement.orders.rules import holding
from procurement.orders.rules.holding import held_on
from procurement.orders.rules.payments import MOST_DEPOSIT
from workflow.doors import words
from workflow.tongues import one_after_another

HUNDREDTH = Decimal("0.01")


def prices(record: Record) -> Section:
    """The price of each chosen offer: landed, against the median of its peers with their MAD, against what is known of the days."""
    blocks: list[dict[str, object] | None] = []
    for lead in record.chosen:
        blocks.append(heading(f"{lead.reference} · {lead.product.name}"))
        if lead.kind == SupplierLead.Kind.DONATION:
            blocks.append(sentences(_("A gift is held against no price.")))
            continue
        blocks += [_parts(record, lead), *_against(record, lead)]
    told = {"day": words.day(record.day)}
    return section(_("Price"), sentences(_("As of %(day)s.") % told), *blocks)


def _parts(record: Record, lead: SupplierLead) -> dict[str, object] | None:
    """The price of a piece landed, a row for each part, a column for each mode."""
    ways = record.ordered_ways[lead.pk]
    pairs = zip(ways[Mode.AIR].parts, ways[Mode.SEA].parts, strict=True)
    rows: list[list[str | list[str]]] = [
        [str(PARTS[air.name]), _part(air, ways[Mode.AIR]), _part(sea, ways[Mode.SEA])] for air, sea in pairs
    ]
    sums = [_sum(ways[mode]) for mode in (Mode.AIR, Mode.SEA)]
    return table(
        [_("A piece, landed"), _("By air"), _("By sea")],
        [*rows, [_("Together"), *sums]],
        [4, 5, 5],
    )


def _part(part: Part, way: LandedCost) -> list[str]:
    amount = _("not known") if part.amount is None else words.money(part.amount, way.currency)
    if part.amount is not None and part.least:
        amount = _("at least %(amount)s") % {"amount": amount}
    basis = "" if part.amount is None else str(BASES[part.basis])
    source = part.source and f"{part.source} ({words.day(part.day, short=True)})"
    return [amount, basis, str(WHY.get(part.why, "")), source]


def _sum(way: LandedCost) -> str:
    if not way.priced:
        return _("not known")
    total = words.money(way.total, way.currency)
    return total if way.whole else _("at least %(amount)s") % {"amount": total}


def _against(record: Record, lead: SupplierLead) -> list[dict[str, object] | None]:
    peers = record.peers.get(lead.pk)
    if peers is None:
        return [sentences(_("The price in the city's currency is not known, so it is held against nothing."))]
    bands = table(
        [_("Known of the day"), _("From"), _("Up to"), _("Source")],
        [
            [
                [band.get_basis_display(), band.maker, band.market, _days(band)],
                words.money(band.low, band.currency),
                words.money(band.high, band.currency),
                [" ".join(band.source_urls), band.note],
            ]
            for band in record.bands[lead.pk]
        ],
        [4, 3, 3, 8],
        figures=[1, 2],
    )
    return [_median(record, peers), bands]


def _days(band: PriceBand) -> str:
    return f"{words.day(band.valid_from, short=True)} – {words.day(band.valid_to, short=True)}"


def _median(record: Record, peers: Peers) -> dict[str, object] | None:
    """The middle of the peers and how far the price is from it; or that there are too few to judge, and how many there are."""
    told = {
        "quotes": words.quantity(len(peers.prices)),
        "cities": words.quantity(peers.cities),
        "enough": words.quantity(ENOUGH_QUOTES),
        "places": words.quantity(ENOUGH_CITIES),
    }
    if not peers.enough:
        few = _(
            "Too few to judge: quotes of the last month: %(quotes)s, cities they were made to: %(cities)s. "
            "It takes %(enough)s quotes from %(places)s cities."
        )
        return sentences(few % told)
    currency = record.order.city.currency
    middle = median(peers.prices)
    spread = median(abs(price - middle) for price in peers.prices)
    out = stands_out(peers.value, peers.prices)
    verdict = _("The price stands out.") if out else _("The price does not stand out.")
    return facts(
        (_("Price compared"), words.money(peers.value, currency)),
        (_("Up to where"), str(POINTS.get(peers.point, ""))),
        (
            _("Quotes of the last month"),
            _("%(quotes)s from %(cities)s cities") % told,
        ),
        (_("Median"), f"{words.money(middle, currency)} · {_apart(peers.value, middle)}"),
        (_("Median absolute deviation"), words.money(spread, currency)),
        (_("Verdict"), one_after_another(verdict, _score(peers.value, middle, spread))),
    )


def _apart(price: Decimal, middle: Decimal) -> str:
    if price == middle:
        return _("This is the middle.")
    share = {"share": words.share(abs(price - middle), middle)}
    return (_("This is %(share)s above it.") if price > middle else _("This is %(share)s below it.")) % share


def _score(price: Decimal, middle: Decimal, spread: Decimal) -> str:
    """The modified z-score after Iglewicz and Hoaglin, beside its bound; where all but a few ask the same there is none."""
    if not spread:
        return _("Half of them ask the same, so a quarter away from the median counts as far.")
    score = (CONSISTENCY * abs(price - middle) / spread).quantize(HUNDREDTH)
    told = {"score": words.decimals(score), "limit": words.decimals(ROBUST_LIMIT, least=1)}
    return _("Modified z-score %(score)s; above %(limit)s counts as far.") % told


def payments(record: Record) -> Section:
    """The milestones: what share, how much, who proposed it, who paid it, when, and by which transfer."""
    if record.order.kind == Dealing.DONATION:
        return section(_("Payments"), sentences(_("Nothing is paid for a gift.")))
    rows = _standing(record)
    early = sum(one.percent for one in rows if one.milestone == Payment.Milestone.DEPOSIT)
    told = {"share": words.share(early, 100), "most": words.share(MOST_DEPOSIT, 100)}
    deposit = _("%(share)s before anything is shipped; above %(most)s needs a reason.") % told
    return section(
        _("Payments"),
        table(
            [_("Milestone"), _("Amount"), _("Status"), _("By whom")],
            [_payment(one) for one in rows],
            [4, 4, 3, 6],
            figures=[1],
        ),
        sentences(deposit, *_holding(record)),
        facts(
            (_("Why more than 30 percent is paid before anything is shipped"), record.order.deposit_reason)
        ),
    )


def _standing(record: Record) -> list[Payment]:
    """Without what was called off as the payments were divided otherwise; of an order that is over itself, all of them."""
    if record.order.status in (Order.Status.CANCELLED, Order.Status.LOST):
        return record.payments
    return [one for one in record.payments if one.status != Payment.Status.CANCELLED]


def _holding(record: Record) -> list[str]:
    """What holds the money of an order that was placed, as of the memo."""
    if record.order.status not in holding.PAYABLE:
        return []
    order = Order.objects.get(
        pk=record.order.pk
    )  # an order keeps its reasons in the language they were read in
    held = [str(one.no.message) for one in (*holding.held(order), *held_on(order, record.at))]
    return [_("Its money is held: %(why)s") % {"why": why} for why in held] or [_("Nothing holds its money.")]


def _payment(one: Payment) -> list[str | list[str]]:
    people = [
        _("proposed by %(name)s") % {"name": one.proposed_by} if one.proposed_by else "",
        _("paid by %(name)s, %(day)s") % {"name": one.paid_by, "day": words.day(one.paid_on)}
        if one.paid_by
        else "",
        one.transfer,
    ]
    due = _("due %(day)s") % {"day": words.day(one.due_on)} if one.due_on else ""
    return [
        [one.get_milestone_display(), words.share(one.percent, 100), due, one.due_reason],
        words.money(one.amount, one.currency),
        one.get_status_display(),
        people,
    ]


def pieces(count: int) -> str:
    """A count of pieces in words."""
    return ngettext("%(n)s piece", "%(n)s pieces", count) % {"n": words.quantity(count)}
