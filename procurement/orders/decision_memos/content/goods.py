"""Sections of a decision memo on goods: the need, the order, the criteria, and the offers considered."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from procurement.allocations.models import AllocationCriteria
from procurement.catalogue.models.reference_rows import AcquisitionType, DeclaredUse
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.landed_cost import TransportMode
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
from procurement.orders.rules.blockers import MIN_QUOTES, orders_counted_with, total_of_counted_orders
from procurement.requests.alternatives.models import GoodsMatchLevel
from procurement.requests.models import SupplyRequest
from workflow.formatting import (
    format_day,
    format_moment,
    format_money,
    format_quantity,
    format_share,
    iso_day,
    reader_language,
)
from workflow.i18n import join_sentences

LEAD_ENDING_VERBS = ("reject", "withdraw", "expire")
QUOTATION_MARKS = {"fr": ("«\xa0", "\xa0»")}  # English marks in other languages


def need_section(record: OrderRecord) -> Section:
    """Return the section on the needs: goods, quantity, date, place and use."""
    blocks = [block for one in record.needs for block in _need_blocks(one)]
    return memo_section(_("The need"), *blocks)


def _need_blocks(one: SupplyRequest) -> list[dict[str, object] | None]:
    whom = _("; ").join(one.facility_kind_labels) or _("Not stated")
    accepts = _("; ").join(str(AcquisitionType(kind).label) for kind in one.accepts)
    return [
        heading_block(f"{one.reference} · {one.title}"),
        facts_block(
            (_("Posted"), one.posted_at and f"{format_moment(one.posted_at)} · {one.author}"),
            (_("Declared use"), DeclaredUse(one.declared_use).label),
            (_("Who will use the goods"), whom),
            (_("Deliver to"), one.deliver_to),
            (_("Importer of record"), one.importer_of_record),
            (_("Needed by"), one.needed_by and format_day(one.needed_by)),
            (_("Accepts"), accepts),
            (_("Notes"), one.notes),
        ),
        table_block(
            [_("Product"), _("Quantity"), _("Accepted standards"), _("Maximum price")],
            [
                [
                    line.product.name,
                    format_quantity(line.quantity),
                    [
                        _("; ").join(str(standard) for standard in line.standards.all()) or "–",
                        *(_("or %(goods)s") % {"goods": one.label} for one in line.alternatives.all()),
                    ],
                    format_money(line.max_unit_price, line.currency),
                ]
                for line in sorted(one.lines.all(), key=lambda line: line.position)
            ],
            [5, 2, 4, 2],
            figures=[1, 3],
        ),
    ]


def order_section(record: OrderRecord) -> Section:
    """Return the section on the order: goods, supplier, terms and authority."""
    order = record.order
    gift = order.kind == AcquisitionType.DONATION
    by_id = {lead.pk: lead for lead in record.chosen_leads}
    rows = []
    for line in record.lines:
        lead = by_id[line.allocation.lead_id]
        rows.append(
            [
                lead.reference,
                [lead.product.name, str(lead.standard or "")],
                format_quantity(line.quantity),
                format_money(line.unit_price, order.currency),
                format_money(line.unit_price * line.quantity, order.currency),
            ]
        )
    head = [_("Offer"), _("Product"), _("Quantity"), _("Value per unit") if gift else _("Unit price")]
    return memo_section(
        _("Donated goods") if gift else _("Ordered goods"),
        table_block([*head, _("Total")], rows, [3, 5, 2, 3, 3], figures=[2, 3, 4]),
        *_substitution_blocks(record),
        facts_block(*_amount_rows(record), *_term_rows(record)),
        facts_block(*_authority_rows(record)),
    )


def _substitution_blocks(record: OrderRecord) -> list[dict[str, object] | None]:
    """Return the goods that replace those asked for first, with who accepted them and on what evidence."""
    by_id = {lead.pk: lead for lead in record.chosen_leads}
    rows = []
    for line in record.lines:
        allocation = line.allocation
        if allocation.goods_match == GoodsMatchLevel.EQUAL:
            continue
        lead = by_id[allocation.lead_id]
        accepted_by = allocation.substitution_accepted_by
        rows.append(
            [
                [lead.product.name, str(lead.standard or "")],
                allocation.line.product.name,
                allocation.get_goods_match_display(),
                [
                    str(accepted_by) if accepted_by is not None else _("not stated"),
                    format_moment(allocation.confirmed_at) if allocation.confirmed_at else "",
                    quoted_text(allocation.evidence) if allocation.evidence else "",
                ],
            ]
        )
    if not rows:
        return []
    head = [_("Allocated goods"), _("Requested goods"), _("Compared with the need"), _("Accepted by")]
    return [heading_block(_("Goods that differ from the request")), table_block(head, rows, [5, 4, 4, 5])]


def _amount_rows(record: OrderRecord) -> list[tuple[str, object]]:
    order = record.order
    total = format_money(order.total, order.currency)
    if order.total_in_city_currency is not None and order.currency != order.city.currency:
        here = format_money(order.total_in_city_currency, order.city.currency)
        total += " = " + _("%(amount)s at the exchange rate of %(day)s") % {
            "amount": here,
            "day": format_day(order.rate_on),
        }
    limit = order.city.approval_limit
    return [
        (_("Goods"), format_money(order.goods_total, order.currency)),
        (_("Freight, insurance, inspection"), format_money(order.extra_costs, order.currency)),
        (_("Taxes"), format_money(order.taxes, order.currency)),
        (_("Total"), total),
        (
            _("Approval limit"),
            format_money(limit, order.city.currency)
            if limit is not None
            else _("none: approval is always required"),
        ),
        (_("Orders counted with this one"), _counted_orders_text(order)),
    ]


def _counted_orders_text(order: Order) -> str:
    """Return the orders that the approval limit added to this one, and the sum."""
    others = orders_counted_with(order)
    total = total_of_counted_orders(order, others)
    references = ", ".join(other.reference for other in others)
    return f"{references} = {format_money(total, order.city.currency)}" if others and total else references


def _term_rows(record: OrderRecord) -> list[tuple[str, object]]:
    order = record.order
    account = order.bank_account
    return [
        (_("Incoterms rule"), f"{order.incoterm} {order.incoterm_place}".strip()),
        (_("Promised date"), order.promised_on and format_day(order.promised_on)),
        (_("Paid to account"), account and f"{account.holder} · {account.masked_account_number}"),
        (
            _("Number called back"),
            account and account.confirmed_by and f"{account.callback_number} · {account.confirmed_by}",
        ),
    ]


def _authority_rows(record: OrderRecord) -> list[tuple[str, object]]:
    order = record.order
    if order.kind == AcquisitionType.DONATION:
        return [(_("Donated by"), order.donor_city.name if order.donor_city else order.supplier.name)]
    values = f"{order.get_authority_display()} · {order.authority_reference}".strip(" ·")
    return [(_("Procurement authority"), values), (_("Budget line"), order.budget_line or _("not stated"))]


def criteria_section(record: OrderRecord) -> Section:
    """Return the section on the criteria: who fixed them, and if that was before offers could be compared."""
    blocks: list[dict[str, object] | None] = []
    for line in record.need_lines:
        fixed = [one for one in record.criteria if one.line_id == line.pk]
        blocks.append(heading_block(f"{line.supply_request.reference} · {line.product.name}"))
        blocks += [block for one in fixed for block in _criteria_blocks(one)] or [_no_criteria_block()]
    return memo_section(_("Evaluation criteria"), *blocks)


def _no_criteria_block() -> dict[str, object] | None:
    return sentences_block(
        _("No criteria are set: there will be no record of how these offers were evaluated.")
    )


def _criteria_blocks(one: AllocationCriteria) -> list[dict[str, object] | None]:
    params = {"name": one.author, "moment": format_moment(one.fixed_at)}
    late = {"offers": format_quantity(one.offers_in), "pieces": format_quantity(one.promised)}
    after = _(
        "Set after the offers could be compared. Offers received: %(offers)s; units allocated: %(pieces)s."
    )
    return [
        table_block(
            [_("Criterion"), _("Weight")],
            [
                [
                    point["words"],
                    format_share(point["weight"], 100)
                    if point.get("weight")
                    else pgettext("a criterion", "required"),
                ]
                for point in one.points
            ],
            [6, 1],
            figures=[1],
        ),
        sentences_block(
            join_sentences(
                _("Set by %(name)s, %(moment)s.") % params,
                after % late if one.is_late else _("Set before the offers could be compared."),
                _("Since replaced by other criteria.") if one.replaced else "",
            ),
            one.reason and quoted_text(one.reason),
        ),
    ]


def offers_section(record: OrderRecord) -> Section:
    """Return the section on all offers for these lines, with the chosen ones marked.

    It states how many offers were sought, and why fewer than three.
    """
    order = record.order
    params = {
        "asked": format_quantity(record.inquiries_sent_count),
        "came": format_quantity(len(record.considered_leads)),
        "sought": format_quantity(order.offers_sought),
    }
    few = order.offers_sought < MIN_QUOTES and order.kind == AcquisitionType.PURCHASE
    return memo_section(
        _("Offers considered"),
        sentences_block(
            _("According to the record, inquiries sent: %(asked)s; offers received: %(came)s.") % params,
            _("Quotes sought, according to the order: %(sought)s.") % params
            if order.kind == AcquisitionType.PURCHASE
            else None,
        ),
        facts_block(
            (_("Reason the number differs from the record"), order.offers_sought_reason or _("not stated"))
        )
        if order.kind == AcquisitionType.PURCHASE and order.offers_sought != order.offers_recorded
        else None,
        facts_block((_("Reason for fewer than three quotes"), order.few_offers_reason or _("not stated")))
        if few
        else None,
        table_block(
            [_("Offer"), _("Supplier"), _("Unit price"), _("Landed cost"), _("Result")],
            [_offer_row(record, lead) for lead in record.considered_leads],
            [3, 5, 4, 4, 5],
        ),
    )


def _offer_row(record: OrderRecord, lead: SupplierLead) -> list[str | list[str]]:
    maker = _("manufactured by %(name)s") % {"name": lead.maker.name} if lead.maker else ""
    return [
        [
            lead.reference,
            lead.get_status_display(),
            iso_day(record.order.city.day_at(lead.created_at)),
        ],
        [lead.supplier.name, maker, lead.product.name, str(lead.standard or ""), _supply_text(lead)],
        _price_lines(lead),
        [
            landed_cost_text(record, lead, TransportMode.AIR),
            landed_cost_text(record, lead, TransportMode.SEA),
        ],
        _outcome_lines(record, lead),
    ]


def _supply_text(lead: SupplierLead) -> str:
    n = format_quantity(lead.supply)
    return ngettext("%(n)s unit available in time", "%(n)s units available in time", lead.supply) % {"n": n}


def _price_lines(lead: SupplierLead) -> list[str]:
    if lead.kind == SupplierLead.Kind.DONATION:
        return [_("Donation")]
    asked = f"{format_money(lead.unit_price, lead.currency)} {lead.incoterm}".strip()
    if lead.price_in_city_currency is None or lead.currency == lead.city.currency:
        return [asked]
    here = format_money(lead.price_in_city_currency, lead.city.currency)
    params = {"day": iso_day(lead.rate_on), "source": lead.rate_source or _("ECB")}
    return [asked, f"= {here}", _("rate of %(day)s, %(source)s") % params]


def landed_cost_text(record: OrderRecord, lead: SupplierLead, mode: TransportMode) -> str:
    """Return the landed cost of a piece by one mode, in words: complete or "at least"."""
    cost_of_mode = record.landed_costs[lead.pk][mode]
    if not cost_of_mode.is_priced or (lead.kind == SupplierLead.Kind.DONATION and not cost_of_mode.total):
        return ""  # a donation with unknown transport cost
    params = {"total": format_money(cost_of_mode.total, cost_of_mode.currency)}
    texts = {
        (TransportMode.AIR, True): _("by air: %(total)s"),
        (TransportMode.SEA, True): _("by sea: %(total)s"),
        (TransportMode.AIR, False): _("by air: at least %(total)s"),
        (TransportMode.SEA, False): _("by sea: at least %(total)s"),
    }
    return texts[mode, cost_of_mode.complete] % params


def _outcome_lines(record: OrderRecord, lead: SupplierLead) -> list[str]:
    chosen = sum(line.quantity for line in record.lines if line.allocation.lead_id == lead.pk)
    mine = any(one.pk == lead.pk for one in record.chosen_leads)
    taken = {"n": format_quantity(chosen)}
    values = [
        ngettext("Chosen: %(n)s unit", "Chosen: %(n)s units", chosen) % taken if mine else _("Not chosen")
    ]
    entry = record.last_decisions.get(lead.pk)
    if entry is not None and entry.verb in LEAD_ENDING_VERBS and not mine:
        values.append(
            " · ".join(filter(None, (entry.by_label, quoted_text(entry.reason) if entry.reason else "")))
        )
    found = [
        one for one in record.findings if one.lead_id == lead.pk and one.status != Finding.Status.RESOLVED
    ]
    labels = [_("Overruled") if one.overruled else one.get_severity_display() for one in found]
    counts = [f"{label} {format_quantity(labels.count(label))}" for label in dict.fromkeys(labels)]
    values.append(_("Findings: %(said)s") % {"said": _("; ").join(counts) or _("none")})
    return values


def quoted_text(text: str) -> str:
    """Return a user's text in the quotation marks of the reader's language."""
    before, after = QUOTATION_MARKS.get(reader_language(), ("“", "”"))
    return f"{before}{text.strip()}{after}"
