"""Of a memo: the need, what is ordered, by what the offers were judged, and the offers that were considered."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from procurement.allocations.models import Criteria
from procurement.catalogue.models.facts import Dealing, Use
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules.landed import Mode
from procurement.orders.gathering.blocks import Section, facts, heading, section, sentences, table
from procurement.orders.gathering.record import Record
from procurement.orders.rules.gates import ENOUGH_OFFERS
from procurement.requests.models import SupplyRequest
from workflow.doors import words
from workflow.tongues import one_after_another

ENDED = ("reject", "withdraw", "expire")
QUOTES = {"fr": ("«\xa0", "\xa0»")}  # elsewhere as in English


def need(record: Record) -> Section:
    """What was needed, by when, where, and for what."""
    blocks = [block for one in record.needs for block in _need(one)]
    return section(_("The need"), *blocks)


def _need(one: SupplyRequest) -> list[dict[str, object] | None]:
    whom = _("; ").join(one.receivers) or _("Not stated")
    accepts = _("; ").join(str(Dealing(kind).label) for kind in one.accepts)
    return [
        heading(f"{one.reference} · {one.title}"),
        facts(
            (_("Posted"), one.posted_at and f"{words.moment(one.posted_at)} · {one.author}"),
            (_("Declared use"), Use(one.declared_use).label),
            (_("Who will use the goods"), whom),
            (_("Deliver to"), one.deliver_to),
            (_("Importer of record"), one.importer_of_record),
            (_("Needed by"), one.needed_by and words.day(one.needed_by)),
            (_("Accepts"), accepts),
            (_("Notes"), one.notes),
        ),
        table(
            [_("Product"), _("Quantity"), _("Accepted standards"), _("Most it may cost")],
            [
                [
                    line.product.name,
                    words.quantity(line.quantity),
                    _("; ").join(str(standard) for standard in line.standards.all()) or "–",
                    words.money(line.max_unit_price, line.currency),
                ]
                for line in sorted(one.lines.all(), key=lambda line: line.position)
            ],
            [5, 2, 4, 2],
            figures=[1, 3],
        ),
    ]


def ordered(record: Record) -> Section:
    """What is bought or given, of whom, on which terms and by which authority."""
    order = record.order
    gift = order.kind == Dealing.DONATION
    by_id = {lead.pk: lead for lead in record.chosen}
    rows = []
    for line in record.lines:
        lead = by_id[line.allocation.lead_id]
        rows.append(
            [
                lead.reference,
                [lead.product.name, str(lead.standard or "")],
                words.quantity(line.quantity),
                words.money(line.unit_price, order.currency),
                words.money(line.unit_price * line.quantity, order.currency),
            ]
        )
    head = [_("Offer"), _("Product"), _("Quantity"), _("Value of a piece") if gift else _("Price per piece")]
    return section(
        _("What is given") if gift else _("What is ordered"),
        table([*head, _("Together")], rows, [3, 5, 2, 3, 3], figures=[2, 3, 4]),
        facts(*_sums(record), *_terms(record)),
        facts(*_authority(record)),
    )


def _sums(record: Record) -> list[tuple[str, object]]:
    order = record.order
    total = words.money(order.total, order.currency)
    if order.total_here is not None and order.currency != order.city.currency:
        here = words.money(order.total_here, order.city.currency)
        total += " = " + _("%(amount)s at the rate of %(day)s") % {
            "amount": here,
            "day": words.day(order.rate_on),
        }
    limit = order.city.approval_limit
    return [
        (_("Goods"), words.money(order.goods_total, order.currency)),
        (_("Freight, insurance, inspection"), words.money(order.extra_costs, order.currency)),
        (_("Taxes"), words.money(order.taxes, order.currency)),
        (_("Total"), total),
        (
            _("Limit of the city"),
            words.money(limit, order.city.currency)
            if limit is not None
            else _("none: a second person always"),
        ),
    ]


def _terms(record: Record) -> list[tuple[str, object]]:
    order = record.order
    account = order.bank_account
    return [
        (_("Incoterm"), f"{order.incoterm} {order.incoterm_place}".strip()),
        (_("Promised for"), order.promised_on and words.day(order.promised_on)),
        (_("Paid into"), account and f"{account.holder} · {account.masked}"),
        (
            _("Called back on"),
            account and account.confirmed_by and f"{account.called_back_on} · {account.confirmed_by}",
        ),
    ]


def _authority(record: Record) -> list[tuple[str, object]]:
    order = record.order
    if order.kind == Dealing.DONATION:
        return [(_("Given by"), order.donor_city.name if order.donor_city else order.supplier.name)]
    told = f"{order.get_authority_display()} · {order.authority_reference}".strip(" ·")
    return [(_("Authority"), told), (_("Budget line"), order.budget_line or _("not said"))]


def criteria(record: Record) -> Section:
    """By what the offers were judged: fixed by whom, and whether that was before they could be compared."""
    blocks: list[dict[str, object] | None] = []
    for line in record.wanted:
        fixed = [one for one in record.criteria if one.line_id == line.pk]
        blocks.append(heading(f"{line.supply_request.reference} · {line.product.name}"))
        blocks += [block for one in fixed for block in _criteria(one)] or [_none_fixed()]
    return section(_("What decides"), *blocks)


def _none_fixed() -> dict[str, object] | None:
    return sentences(_("No criteria are fixed: nobody can show later by what these offers were judged."))


def _criteria(one: Criteria) -> list[dict[str, object] | None]:
    told = {"name": one.author, "moment": words.moment(one.fixed_at)}
    late = {"offers": words.quantity(one.offers_in), "pieces": words.quantity(one.promised)}
    after = _(
        "Not before the offers could be compared: offers that had come in: %(offers)s, pieces allocated: %(pieces)s."
    )
    return [
        table(
            [_("Criterion"), _("Weight")],
            [
                [
                    point["words"],
                    words.share(point["weight"], 100) if point.get("weight") else _("must hold"),
                ]
                for point in one.points
            ],
            [6, 1],
            figures=[1],
        ),
        sentences(
            one_after_another(
                _("Fixed by %(name)s, %(moment)s.") % told,
                after % late if one.late else _("Before the offers could be compared."),
                _("Replaced by others since.") if one.replaced else "",
            ),
            one.reason and quoted(one.reason),
        ),
    ]


def offers(record: Record) -> Section:
    """Every offer for these lines, the chosen ones marked; how many were sought, and why fewer than three."""
    order = record.order
    told = {
        "asked": words.quantity(record.asked),
        "came": words.quantity(len(record.considered)),
        "sought": words.quantity(order.offers_sought),
    }
    few = order.offers_sought < ENOUGH_OFFERS and order.kind == Dealing.PURCHASE
    return section(
        _("Offers considered"),
        sentences(
            _("By the record: questions sent: %(asked)s, offers that came in: %(came)s.") % told,
            _("Offers sought, as the order says: %(sought)s.") % told
            if order.kind == Dealing.PURCHASE
            else None,
        ),
        facts((_("Why fewer than three"), order.few_offers_reason or _("not said"))) if few else None,
        table(
            [_("Offer"), _("Company"), _("Price per piece"), _("Landed"), _("What became of it")],
            [_offer(record, lead) for lead in record.considered],
            [3, 5, 4, 4, 5],
        ),
    )


def _offer(record: Record, lead: SupplierLead) -> list[str | list[str]]:
    maker = _("made by %(name)s") % {"name": lead.maker.name} if lead.maker else ""
    return [
        [
            lead.reference,
            lead.get_status_display(),
            words.day(record.order.city.day_at(lead.created_at), short=True),
        ],
        [lead.supplier.name, maker, lead.product.name, str(lead.standard or ""), _stock(lead)],
        _price(lead),
        [landed(record, lead, Mode.AIR), landed(record, lead, Mode.SEA)],
        _outcome(record, lead),
    ]


def _stock(lead: SupplierLead) -> str:
    n = words.quantity(lead.supply)
    return ngettext("%(n)s piece in time", "%(n)s pieces in time", lead.supply) % {"n": n}


def _price(lead: SupplierLead) -> list[str]:
    if lead.kind == SupplierLead.Kind.DONATION:
        return [_("Gift")]
    asked = f"{words.money(lead.unit_price, lead.currency)} {lead.incoterm}".strip()
    if lead.price_here is None or lead.currency == lead.city.currency:
        return [asked]
    here = words.money(lead.price_here, lead.city.currency)
    told = {"day": words.day(lead.rate_on, short=True), "source": lead.rate_source or _("ECB")}
    return [asked, f"= {here}", _("rate of %(day)s, %(source)s") % told]


def landed(record: Record, lead: SupplierLead, mode: Mode) -> str:
    """What a piece comes to by a mode: with everything, or at least."""
    way = record.ways[lead.pk][mode]
    if not way.priced or (lead.kind == SupplierLead.Kind.DONATION and not way.total):
        return ""  # nothing is asked for it, and what it costs to bring is not known
    told = {"total": words.money(way.total, way.currency)}
    texts = {
        (Mode.AIR, True): _("by air %(total)s"),
        (Mode.SEA, True): _("by sea %(total)s"),
        (Mode.AIR, False): _("by air at least %(total)s"),
        (Mode.SEA, False): _("by sea at least %(total)s"),
    }
    return texts[mode, way.whole] % told


def _outcome(record: Record, lead: SupplierLead) -> list[str]:
    chosen = sum(line.quantity for line in record.lines if line.allocation.lead_id == lead.pk)
    mine = any(one.pk == lead.pk for one in record.chosen)
    taken = {"n": words.quantity(chosen)}
    told = [
        ngettext("Chosen: %(n)s piece", "Chosen: %(n)s pieces", chosen) % taken if mine else _("Not chosen")
    ]
    entry = record.judged.get(lead.pk)
    if entry is not None and entry.verb in ENDED and not mine:
        told.append(" · ".join(filter(None, (entry.by_label, quoted(entry.reason) if entry.reason else ""))))
    found = [one for one in record.findings if one.lead_id == lead.pk and one.status != Finding.Status.GONE]
    labels = [_("Overruled") if one.overruled else one.get_severity_display() for one in found]
    counts = [f"{label} {words.quantity(labels.count(label))}" for label in dict.fromkeys(labels)]
    told.append(_("Findings: %(said)s") % {"said": _("; ").join(counts) or _("none")})
    return told


def quoted(text: str) -> str:
    """What somebody typed, as a quotation in the reader's language."""
    before, after = QUOTES.get(words.language(), ("“", "”"))
    return f"{before}{text.strip()}{after}"
