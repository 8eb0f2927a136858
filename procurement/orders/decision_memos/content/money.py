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
    DELIVERY_POINT_TEXTS,
    MAD_SCALE_FACTOR,
    MAX_ROBUST_SCORE,
    MIN_CITY_COUNT,
    MIN_QUOTE_COUNT,
    is_outlier,
)
from procurement.orders.decision_memos.content.content_blocks import (
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
from procurement.orders.payments.rules.blocks import payment_blocks, payment_blocks_at
from procurement.orders.payments.rules.payments import MAX_DEPOSIT_PERCENT
from workflow.formatting import (
    format_day,
    format_decimals,
    format_money,
    format_quantity,
    format_share,
    iso_day,
)
from workflow.i18n import join_sentences

CENT = Decimal("0.01")


def prices_section(record: OrderRecord) -> Section:
    """Return the section on the price of each chosen offer.

    It shows the landed cost, the median of comparable quotes with their median absolute deviation (MAD), and the
    published prices of the day.
    """
    blocks: list[dict[str, object] | None] = []
    for lead in record.chosen_leads:
        blocks.append(heading_block(f"{lead.reference} · {lead.product.name}"))
        if lead.kind == SupplierLead.Kind.DONATION:
            blocks.append(sentences_block(_("Donations are not compared on price.")))
            continue
        blocks += [_cost_table(record, lead), *_comparison_blocks(record, lead)]
    params = {"day": format_day(record.record_day)}
    return memo_section(_("Price"), sentences_block(_("As of %(day)s.") % params), *blocks)


def _cost_table(record: OrderRecord, lead: SupplierLead) -> dict[str, object] | None:
    """Return the table of the landed cost per piece: a row per part, a column per mode."""
    landed_costs = record.landed_costs_as_ordered[lead.pk]
    pairs = zip(landed_costs[TransportMode.AIR].parts, landed_costs[TransportMode.SEA].parts, strict=True)
    rows: list[list[str | list[str]]] = [
        [
            str(COST_LABELS[air.name]),
            _cost_cell(air, landed_costs[TransportMode.AIR]),
            _cost_cell(sea, landed_costs[TransportMode.SEA]),
        ]
        for air, sea in pairs
    ]
    sums = [_cost_total_text(landed_costs[mode]) for mode in (TransportMode.AIR, TransportMode.SEA)]
    return table_block(
        [_("Landed cost per unit"), _("By air"), _("By sea")],
        [*rows, [_("Total"), *sums]],
        [4, 5, 5],
    )


def _cost_cell(part: CostPart, cost_of_mode: LandedCost) -> list[str]:
    amount = _("unknown") if part.amount is None else format_money(part.amount, cost_of_mode.currency)
    if part.amount is not None and part.is_lower_bound:
        amount = _("at least %(amount)s") % {"amount": amount}
    basis = "" if part.amount is None else str(BASIS_LABELS[part.basis])
    source = part.source and f"{part.source} ({iso_day(part.rate_date)})"
    return [amount, basis, str(COST_NOTES.get(part.note_code, "")), source]


def _cost_total_text(cost_of_mode: LandedCost) -> str:
    if not cost_of_mode.is_priced:
        return _("unknown")
    total = format_money(cost_of_mode.total, cost_of_mode.currency)
    return total if cost_of_mode.complete else _("at least %(amount)s") % {"amount": total}


def _comparison_blocks(record: OrderRecord, lead: SupplierLead) -> list[dict[str, object] | None]:
    peers = record.comparable_quotes_by_lead.get(lead.pk)
    if peers is None:
        return [sentences_block(_("The price in the city’s currency is unknown, so it cannot be compared."))]
    price_bands = table_block(
        [_("Prices known on that date"), pgettext("a price", "From"), pgettext("a price", "To"), _("Source")],
        [
            [
                [band.get_basis_display(), band.maker, band.market, _band_period(band)],
                format_money(band.low, band.currency),
                format_money(band.high, band.currency),
                [" ".join(band.source_urls), band.note],
            ]
            for band in record.price_bands[lead.pk]
        ],
        [4, 3, 3, 8],
        figures=[1, 2],
    )
    return [_median_block(record, peers), price_bands]


def _band_period(band: PriceBand) -> str:
    return f"{iso_day(band.valid_from)} – {iso_day(band.valid_to)}"


def _median_block(record: OrderRecord, peers: ComparableQuotes) -> dict[str, object] | None:
    """Return the median of the quotes and the distance of the price, or that there are too few quotes."""
    params = {
        "quotes": format_quantity(len(peers.prices)),
        "cities": format_quantity(peers.city_count),
        "enough": format_quantity(MIN_QUOTE_COUNT),
        "places": format_quantity(MIN_CITY_COUNT),
    }
    if not peers.has_enough_quotes:
        few = _(
            "Too few quotes in the last month to compare (quotes: %(quotes)s, cities: %(cities)s). "
            "At least %(enough)s quotes made to %(places)s cities are needed."
        )
        return sentences_block(few % params)
    currency = record.order.city.currency
    middle = median(peers.prices)
    spread = median(abs(price - middle) for price in peers.prices)
    out = is_outlier(peers.offer_price, peers.prices)
    verdict = _("The price is outside the usual range.") if out else _("The price is within the usual range.")
    return facts_block(
        (_("Price used for comparison"), format_money(peers.offer_price, currency)),
        (_("Price basis"), str(DELIVERY_POINT_TEXTS.get(peers.delivery_point, ""))),
        (
            _("Quotes in the last month"),
            _("%(quotes)s, made to %(cities)s cities") % params,
        ),
        (_("Median"), f"{format_money(middle, currency)} · {_distance_text(peers.offer_price, middle)}"),
        (_("Median absolute deviation"), format_money(spread, currency)),
        (
            pgettext("price", "Verdict"),
            join_sentences(verdict, _z_score_text(peers.offer_price, middle, spread)),
        ),
    )


def _distance_text(price: Decimal, middle: Decimal) -> str:
    if price == middle:
        return _("The price equals the median.")
    share = {"share": format_share(abs(price - middle), middle)}
    return (
        _("The price is %(share)s above the median.")
        if price > middle
        else _("The price is %(share)s below the median.")
    ) % share


def _z_score_text(price: Decimal, middle: Decimal, spread: Decimal) -> str:
    """Return the modified z-score (Iglewicz and Hoaglin) with its limit, or a note if the MAD is zero."""
    if not spread:
        return _(
            "Half of the quotes are the same, so a difference of a quarter from the median counts as unusual."
        )
    score = (MAD_SCALE_FACTOR * abs(price - middle) / spread).quantize(CENT)
    params = {"score": format_decimals(score), "limit": format_decimals(MAX_ROBUST_SCORE, least=1)}
    return _("Modified z-score: %(score)s. Above %(limit)s counts as unusual.") % params


def payments_section(record: OrderRecord) -> Section:
    """Return the section on payments: share, amount, people, day and bank reference of each."""
    if record.order.kind == AcquisitionType.DONATION:
        return memo_section(_("Payments"), sentences_block(_("There are no payments for a donation.")))
    rows = _current_payments(record)
    early = sum(one.percent for one in rows if one.milestone == Payment.Milestone.DEPOSIT)
    params = {"share": format_share(early, 100), "most": format_share(MAX_DEPOSIT_PERCENT, 100)}
    deposit = _("%(share)s before shipping; above %(most)s, a reason is required.") % params
    return memo_section(
        _("Payments"),
        table_block(
            [_("Payment milestone"), _("Amount"), _("Status"), _("Handled by")],
            [_payment_row(one) for one in rows],
            [4, 4, 3, 6],
            figures=[1],
        ),
        sentences_block(deposit, *_payment_block_texts(record)),
        facts_block(
            (_("Reason for paying more than 30 percent before shipping"), record.order.deposit_reason)
        ),
    )


def _current_payments(record: OrderRecord) -> list[Payment]:
    """Return the payments without cancelled ones, or all payments of an order that was cancelled or lost."""
    if record.order.status in Order.Status.void:
        return record.payments
    return [one for one in record.payments if one.status != Payment.Status.CANCELLED]


def _payment_block_texts(record: OrderRecord) -> list[str]:
    """Return the reasons that hold the payments of a placed order, as of the memo."""
    if record.order.status not in blocks.PAYABLE_STATUSES:
        return []
    order = Order.objects.get(
        pk=record.order.pk
    )  # read again: an order object caches its reasons in one language
    held = [
        str(one.refusal.message)
        for one in (*payment_blocks(order), *payment_blocks_at(order, record.recorded_at))
    ]
    return [_("Payments are on hold: %(why)s") % {"why": why} for why in held] or [
        _("Payments are not on hold.")
    ]


def _payment_row(one: Payment) -> list[str | list[str]]:
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


def piece_count_text(count: int) -> str:
    """Return a number of pieces in words."""
    return ngettext("%(n)s unit", "%(n)s units", count) % {"n": format_quantity(count)}
