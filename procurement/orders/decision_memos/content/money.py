"""Sections of a decision memo on money: prices part by part, compared with others, and the payments."""

from decimal import Decimal
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from procurement.catalogue.models.prices import PriceBand
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.prices import ComparableQuotes
from procurement.leads.rules.landed_cost import CostPart, LandedCost, TransportMode
from procurement.leads.screening.labels import BASIS_LABELS, COST_LABELS, COST_NOTES
from procurement.leads.screening.prices import (
    CONSISTENCY,
    DELIVERY_POINT_TEXTS,
    ENOUGH_CITIES,
    ENOUGH_QUOTES,
    ROBUST_LIMIT,
    is_outlier,
)
from procurement.orders.decision_memos.content.layout import (
    Section,
    facts_block,
    heading_block,
    memo_section,
    sentences_block,
    table_block,
)
from procurement.orders.decision_memos.content.record import OrderRecord
from procurement.orders.models import Order
from procurement.orders.payments.models import Payment
from procurement.orders.payments.rules import blocks
from procurement.orders.payments.rules.blocks import payment_blocks, payment_blocks_on
from procurement.orders.payments.rules.payments import MAX_DEPOSIT
from workflow.formatting import (
    format_day,
    format_decimals,
    format_money,
    format_quantity,
    format_share,
    iso_day,
)
from workflow.i18n import join_sentences

HUNDREDTH = Decimal("0.01")


def prices_section(record: OrderRecord) -> Section:
    """Return the section on the price of each chosen offer.

    It shows the landed cost, the median of comparable quotes with their MAD, and the printed prices of the
    day.
    """
    blocks: list[dict[str, object] | None] = []
    for lead in record.chosen:
        blocks.append(heading_block(f"{lead.reference} · {lead.product.name}"))
        if lead.kind == SupplierLead.Kind.DONATION:
            blocks.append(sentences_block(_("Donations are not compared on price.")))
            continue
        blocks += [_parts(record, lead), *_against(record, lead)]
    params = {"day": format_day(record.day)}
    return memo_section(_("Price"), sentences_block(_("As of %(day)s.") % params), *blocks)


def _parts(record: OrderRecord, lead: SupplierLead) -> dict[str, object] | None:
    """Return the table of the landed cost per piece: a row per part, a column per mode."""
    ways = record.ordered_ways[lead.pk]
    pairs = zip(ways[TransportMode.AIR].parts, ways[TransportMode.SEA].parts, strict=True)
    rows: list[list[str | list[str]]] = [
        [str(COST_LABELS[air.name]), _part(air, ways[TransportMode.AIR]), _part(sea, ways[TransportMode.SEA])]
        for air, sea in pairs
    ]
    sums = [_sum(ways[mode]) for mode in (TransportMode.AIR, TransportMode.SEA)]
    return table_block(
        [_("Landed cost per unit"), _("By air"), _("By sea")],
        [*rows, [_("Total"), *sums]],
        [4, 5, 5],
    )


def _part(part: CostPart, way: LandedCost) -> list[str]:
    amount = _("unknown") if part.amount is None else format_money(part.amount, way.currency)
    if part.amount is not None and part.least:
        amount = _("at least %(amount)s") % {"amount": amount}
    basis = "" if part.amount is None else str(BASIS_LABELS[part.basis])
    source = part.source and f"{part.source} ({iso_day(part.day)})"
    return [amount, basis, str(COST_NOTES.get(part.why, "")), source]


def _sum(way: LandedCost) -> str:
    if not way.priced:
        return _("unknown")
    total = format_money(way.total, way.currency)
    return total if way.complete else _("at least %(amount)s") % {"amount": total}


def _against(record: OrderRecord, lead: SupplierLead) -> list[dict[str, object] | None]:
    peers = record.peers.get(lead.pk)
    if peers is None:
        return [
            sentences_block(_("The price in the city’s currency is not known, so it cannot be compared."))
        ]
    bands = table_block(
        [_("Prices known on that date"), pgettext("a price", "From"), pgettext("a price", "To"), _("Source")],
        [
            [
                [band.get_basis_display(), band.maker, band.market, _days(band)],
                format_money(band.low, band.currency),
                format_money(band.high, band.currency),
                [" ".join(band.source_urls), band.note],
            ]
            for band in record.bands[lead.pk]
        ],
        [4, 3, 3, 8],
        figures=[1, 2],
    )
    return [_median(record, peers), bands]


def _days(band: PriceBand) -> str:
    return f"{iso_day(band.valid_from)} – {iso_day(band.valid_to)}"


def _median(record: OrderRecord, peers: ComparableQuotes) -> dict[str, object] | None:
    """Return the median of the quotes and the distance of the price, or that there are too few quotes."""
    params = {
        "quotes": format_quantity(len(peers.prices)),
        "cities": format_quantity(peers.cities),
        "enough": format_quantity(ENOUGH_QUOTES),
        "places": format_quantity(ENOUGH_CITIES),
    }
    if not peers.enough:
        few = _(
            "Too few quotes in the last month to compare (quotes: %(quotes)s, cities: %(cities)s). "
            "At least %(enough)s quotes made to %(places)s cities are needed."
        )
        return sentences_block(few % params)
    currency = record.order.city.currency
    middle = median(peers.prices)
    spread = median(abs(price - middle) for price in peers.prices)
    out = is_outlier(peers.value, peers.prices)
    verdict = _("The price is outside the usual range.") if out else _("The price is within the usual range.")
    return facts_block(
        (_("Price used for comparison"), format_money(peers.value, currency)),
        (_("Price basis"), str(DELIVERY_POINT_TEXTS.get(peers.point, ""))),
        (
            _("Quotes in the last month"),
            _("%(quotes)s, made to %(cities)s cities") % params,
        ),
        (_("Median"), f"{format_money(middle, currency)} · {_apart(peers.value, middle)}"),
        (_("Median absolute deviation"), format_money(spread, currency)),
        (pgettext("price", "Verdict"), join_sentences(verdict, _score(peers.value, middle, spread))),
    )


def _apart(price: Decimal, middle: Decimal) -> str:
    if price == middle:
        return _("The price equals the median.")
    share = {"share": format_share(abs(price - middle), middle)}
    return (
        _("The price is %(share)s above the median.")
        if price > middle
        else _("The price is %(share)s below the median.")
    ) % share


def _score(price: Decimal, middle: Decimal, spread: Decimal) -> str:
    """Return the modified z-score (Iglewicz and Hoaglin) with its limit, or a note if the MAD is zero."""
    if not spread:
        return _(
            "Half of the quotes are the same, so a difference of a quarter from the median counts as unusual."
        )
    score = (CONSISTENCY * abs(price - middle) / spread).quantize(HUNDREDTH)
    params = {"score": format_decimals(score), "limit": format_decimals(ROBUST_LIMIT, least=1)}
    return _("Modified z-score: %(score)s. Above %(limit)s counts as unusual.") % params


def payments_section(record: OrderRecord) -> Section:
    """Return the section on payments: share, amount, people, day and bank reference of each."""
    if record.order.kind == AcquisitionType.DONATION:
        return memo_section(_("Payments"), sentences_block(_("There are no payments for a donation.")))
    rows = _current_payments(record)
    early = sum(one.percent for one in rows if one.milestone == Payment.Milestone.DEPOSIT)
    params = {"share": format_share(early, 100), "most": format_share(MAX_DEPOSIT, 100)}
    deposit = _("%(share)s before shipping; above %(most)s, a reason is required.") % params
    return memo_section(
        _("Payments"),
        table_block(
            [_("Payment milestone"), _("Amount"), _("Status"), _("By")],
            [_payment(one) for one in rows],
            [4, 4, 3, 6],
            figures=[1],
        ),
        sentences_block(deposit, *_holding(record)),
        facts_block(
            (_("Reason for paying more than 30 percent before shipping"), record.order.deposit_reason)
        ),
    )


def _current_payments(record: OrderRecord) -> list[Payment]:
    """Return the payments without cancelled ones, or all payments of an order that was cancelled or lost."""
    if record.order.status in Order.Status.void:
        return record.payments
    return [one for one in record.payments if one.status != Payment.Status.CANCELLED]


def _holding(record: OrderRecord) -> list[str]:
    """Return the reasons that hold the payments of a placed order, as of the memo."""
    if record.order.status not in blocks.PAYABLE:
        return []
    order = Order.objects.get(
        pk=record.order.pk
    )  # read again: an order object caches its reasons in one language
    held = [str(one.no.message) for one in (*payment_blocks(order), *payment_blocks_on(order, record.at))]
    return [_("Payments are on hold: %(why)s") % {"why": why} for why in held] or [
        _("Payments are not on hold.")
    ]


def _payment(one: Payment) -> list[str | list[str]]:
    people = [
        _("proposed by %(name)s") % {"name": one.proposed_by} if one.proposed_by else "",
        _("paid by %(name)s, %(day)s") % {"name": one.paid_by, "day": format_day(one.paid_on)}
        if one.paid_by
        else "",
        one.transfer,
    ]
    due = _("due %(day)s") % {"day": format_day(one.due_on)} if one.due_on else ""
    return [
        [one.get_milestone_display(), format_share(one.percent, 100), due, one.due_reason],
        format_money(one.amount, one.currency),
        one.get_status_display(),
        people,
    ]


def piece_count(count: int) -> str:
    """Return a number of pieces in words."""
    return ngettext("%(n)s unit", "%(n)s units", count) % {"n": format_quantity(count)}
