"""Conditions for approving, placing, completing or giving up an order, and what blocks it.

They are checked on the order and the offers behind it.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from partners.cities.models import City
from procurement.allocations.queries import allocated_goods_matches, unorderable_goods_refusal
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.document_readiness import false_uses_of_allocated
from procurement.leads.rules.finding_transitions import is_settled_only_by_remedy
from procurement.leads.rules.leads import expired_offer_refusal
from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.leads.screening.payment_terms import COMBINED_RED_FLAGS
from procurement.leads.screening.rule_types import Rule, RuleNumber
from procurement.leads.screening.watchlists import WATCHLIST_CODES
from procurement.orders.models import Order, OrderLine
from procurement.orders.rules.fact_cache import cached_fact
from procurement.orders.rules.holds import order_on_hold_refusal
from procurement.requests.models import SupplyRequest
from procurement.sanctions.models import WatchlistMatch
from procurement.sanctions.queries import blocking_matches
from procurement.suppliers.models.statuses import SupplierStatus
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.statuses import person_with_interest_refusal
from procurement.verification.models import VerificationTask
from workflow.actors import Actor
from workflow.errors import LazyText, Refused
from workflow.i18n import LocalizedCount
from workflow.moves import first_refusal, not_ready_refusal
from workflow.query_expressions import may_have_related

MIN_QUOTES = 3
GOODS_RELATIONS = (
    "allocation__lead__city",
    "allocation__lead__product",
    "allocation__lead__standard",
    "allocation__lead__supplier",
    "allocation__lead__maker",
    "allocation__lead__line",
    "allocation__line__product",
    "allocation__line__supply_request__city",
)


def leads_of(order: Order) -> list[SupplierLead]:
    """Return the offers behind an order, each once, oldest first. One query.

    An order that is being created has no lines yet: its offers are those that the action notes on it.
    """
    if order._state.adding:
        return list(order.offers_at_creation)
    rows = SupplierLead.objects.filter(allocations__order_line__order=order).distinct().order_by("pk")
    return cached_fact(order, "leads", lambda: list(rows))


def verifiers_of(order: Order) -> set[int | None]:
    """Return the ids of users who verified the order's offers or accepted reports on them.

    The rule is in docs/rules/suppliers.md.
    """
    leads = leads_of(order)
    accepted = VerificationTask.objects.filter(lead__in=leads, status=VerificationTask.Status.ACCEPTED)
    judges = accepted.values_list("reviewed_by", flat=True)
    return {lead.verified_by_id for lead in leads} | cached_fact(order, "judges", lambda: set(judges))


def exceeds_approval_limit(city: City, total: Decimal | None) -> bool:
    """Return True if a second person must approve this sum in the city's currency.

    Always True if the city has set no limit, or if the sum is unknown.
    """
    return city.approval_limit is None or total is None or total > city.approval_limit


def is_above_approval_limit(order: Order) -> bool:
    """Return True if a second person must approve the order.

    Its sum, alone or with the orders that it counts with, is above the limit or unknown.
    """
    return exceeds_approval_limit(order.city, order.total_in_city_currency) or exceeds_approval_limit(
        order.city, total_of_counted_orders(order)
    )


def orders_counted_with(order: Order) -> list[Order]:
    """Return the other orders that count against the approval limit together with this one, oldest first.

    They are to the same company or its manufacturers, and at most the city's `approval_days` older than this
    one. So an order that is split to stay below the limit is approved like the whole (docs/rules/orders.md).
    One query; empty for an order that is being created.
    """
    return [] if order.pk is None else cached_fact(order, "counted_with", lambda: _counted_with(order))


def _counted_with(order: Order) -> list[Order]:
    rows = [row for company in companies_of(order) for row in company.row_ids]
    since = order.created_at - timedelta(days=order.city.approval_days)
    return list(Order.objects.counted_together(order.city, rows, since).exclude(pk=order.pk))


def total_of_counted_orders(order: Order, others: Sequence[Order] | None = None) -> Decimal | None:
    """Return the sum of an order and those counted with it, or None if one is unknown.

    In the city's currency.

    `others`: those orders, if they were read already.
    """
    counted = orders_counted_with(order) if others is None else others
    return sum_or_none([order.total_in_city_currency, *(other.total_in_city_currency for other in counted)])


def sum_or_none(totals: Collection[Decimal | None]) -> Decimal | None:
    """Return the sum of the totals, or None if one of them is unknown."""
    known = [total for total in totals if total is not None]
    return sum(known, Decimal(0)) if len(known) == len(totals) else None


def approver_needed_text(order: Order) -> LazyText:
    """Return why an approver must decide: the order itself is above the limit, or together with others."""
    if exceeds_approval_limit(order.city, order.total_in_city_currency):
        return _("This order is above your city’s approval limit.")
    words = _(
        "Together with %(others)s to the same company within %(days)s days, this order is above your city’s "
        "approval limit."
    )
    others = ", ".join(other.reference for other in orders_counted_with(order))
    return words % {"others": others, "days": order.city.approval_days}


def second_approver_findings(order: Order) -> list[Finding]:
    """Return the findings of combined red flags, answered or not: with one, any sum needs a second approver."""
    return [one for one in findings_of(order) if one.code == COMBINED_RED_FLAGS.code]


def findings_of(order: Order, leads: Iterable[SupplierLead] | None = None) -> list[Finding]:
    """Return the findings about the order's offers that still exist, oldest first.

    One query; `leads`: the offers, if they were read already.
    """
    offers = leads_of(order) if leads is None else list(leads)
    found = Finding.objects.filter(lead__in=offers).exclude(status=Finding.Status.RESOLVED)
    return cached_fact(order, "findings", lambda: list(found.select_related("answered_by").order_by("pk")))


def blocking_findings_of(order: Order, leads: Iterable[SupplierLead] | None = None) -> list[Finding]:
    """Return the findings that block the order's offers now, oldest first. `leads` as in `findings_of`."""
    return [one for one in findings_of(order, leads) if one.blocks]


def supplier_statuses_of_order(order: Order, on: date) -> dict[int, SupplierStatus]:
    """Return the city's status of the order's company and manufacturers on a day, by company. One query.

    The strictest one counts, also of merged companies (`SupplierStatus.objects.of`).
    """
    return cached_fact(order, f"statuses {on}", lambda: _load_statuses(order, on))


def _load_statuses(order: Order, on: date) -> dict[int, SupplierStatus]:
    if not may_have_related(order, "statuses"):
        return {}
    company_of = {row: company.pk for company in companies_of(order) for row in company.row_ids}
    statuses = SupplierStatus.objects.filter(supplier__in=company_of, city=order.city_id)
    ranks = SupplierStatus.Status.values
    held: dict[int, SupplierStatus] = {}
    for one in statuses.select_related("supplier").order_by("pk"):
        before = held.get(company_of[one.supplier_id])
        if one.is_in_force_on(on) and (
            before is None or ranks.index(one.status) > ranks.index(before.status)
        ):
            held[company_of[one.supplier_id]] = one
    return held


def blocker_references(order: Order) -> list[str]:
    """Return references of unverified offers and blocking findings, without those on watchlist matches."""
    leads = leads_of(order)
    # A watchlist match is not listed here: it cannot be overridden (`watchlist_match_of_order_refusal`).
    return unverified_leads(leads) + [
        one.reference for one in blocking_findings_of(order, leads) if one.code not in WATCHLIST_CODES
    ]


def unverified_leads(leads: Iterable[SupplierLead]) -> list[str]:
    """Return the references of the offers that are not verified."""
    return [lead.reference for lead in leads if lead.status != SupplierLead.Status.VERIFIED]


def blocking_or_overruled_findings(leads: Iterable[SupplierLead]) -> list[Finding]:
    """Return the blocking findings about these offers, including overruled ones, oldest first. One query."""
    found = Finding.objects.filter(lead__in=list(leads), severity=Finding.Severity.BLOCK)
    here = found.exclude(status=Finding.Status.RESOLVED)
    return list(here.select_related("answered_by").order_by("pk"))


def non_overridable_references(findings: Iterable[Finding]) -> list[str]:
    """Return the references of findings that cannot be overridden.

    A second person must lift them (docs/rules/orders.md).
    """
    return [finding.reference for finding in findings if is_settled_only_by_remedy(finding.code)]


def companies_of(order: Order, leads: Iterable[SupplierLead] | None = None) -> list[Supplier]:
    """Return the order's supplier and the manufacturers of its goods, each once.

    `leads` as in `findings_of`.
    """
    return cached_fact(order, "companies", lambda: _load_companies(order, leads))


def _load_companies(order: Order, leads: Iterable[SupplierLead] | None) -> list[Supplier]:
    offers = leads_of(order) if leads is None else leads
    makers = Supplier.objects.filter(pk__in=[lead.maker_id for lead in offers if lead.maker_id])
    return list(dict.fromkeys(company.current_row for company in (order.supplier, *makers.order_by("pk"))))


def watchlist_matches_of_order(
    order: Order, leads: Iterable[SupplierLead] | None = None
) -> list[WatchlistMatch]:
    """Return the watchlist matches that block the companies of an order, oldest first.

    `leads` as in `findings_of`.
    """
    if not may_have_related(order, "matches"):
        return []
    return cached_fact(
        order, "matches", lambda: list(blocking_matches(companies_of(order, leads), order.city_id))
    )


def interest_in_order_refusal(by: Actor, order: Order) -> Refused | None:
    """Return a refusal if the actor has an interest in the order's company or a manufacturer, else None."""
    if not by.companies_with_interest:
        return None
    return person_with_interest_refusal(by, order.supplier_id, *(lead.maker_id for lead in leads_of(order)))


def watchlist_match_of_order_refusal(order: Order) -> Refused | None:
    """Return a refusal while a watchlist match blocks the order's companies, else None.

    Two persons must decide on the match in writing. No override is possible.
    """
    return next((watchlist_refusal(match) for match in watchlist_matches_of_order(order)), None)


def watchlist_refusal(match: WatchlistMatch) -> Refused:
    """Return the refusal for a watchlist match."""
    words = _(
        "%(company)s may be on the list “%(list)s”. Two people must decide on %(match)s first. "
        "This cannot be overridden."
    )
    params = {"company": match.supplier, "list": match.entry.watchlist, "match": match.reference}
    return not_ready_refusal(words % params, match=match.reference)


def open_blocker_refusal(order: Order) -> Refused | None:
    """Return the first refusal against ordering, or None.

    Refuses a hold, a watchlist match, a price that the offer no longer asks, and any unverified offer or
    blocking finding that is not covered by an override. Some findings cannot be overridden.
    """
    if (no := order_on_hold_refusal(order) or watchlist_match_of_order_refusal(order)) is not None:
        return no
    lines = lines_of(order)
    others = (
        changed_price_refusal(line, order.currency)
        for line in lines
        if order.kind == AcquisitionType.PURCHASE
    )
    if (no := first_refusal(others)) is not None:
        return no
    leads = list(dict.fromkeys(line.allocation.lead for line in lines))
    findings = [one for one in blocking_findings_of(order, leads) if one.code not in WATCHLIST_CODES]
    held = non_overridable_references(findings)
    standing = [
        reference
        for reference in unverified_leads(leads) + [finding.reference for finding in findings]
        if reference not in order.override_covers or reference in held
    ]
    if not standing:
        return None
    words = _(
        "Not verified, or blocked by a finding: %(what)s. Resolve it, or ask an approver to override it."
    )
    return not_ready_refusal(words % {"what": ", ".join(standing)}, obstacles=standing)


def unavailable_goods_refusal(order: Order, at: datetime) -> Refused | None:
    """Return a refusal for an offer past its last day, goods that their line no longer accepts, or a false use, or None.

    All as of that day. Orders that the supplier already has stay valid.
    """
    lines = lines_of(order)
    leads = dict.fromkeys(line.allocation.lead for line in lines)
    return (
        first_refusal(expired_offer_refusal(lead, at) for lead in leads)
        or unaccepted_goods_of_order_refusal(order, at)
        or false_use_of_lines_refusal(lines, at)
    )


def unaccepted_goods_of_order_refusal(order: Order, at: datetime) -> Refused | None:
    """Return a refusal if a need line no longer accepts ordered goods, or not as they were confirmed, else None."""
    rows = [line.allocation for line in lines_of(order) if line.quantity]
    return cached_fact(
        order, "goods", lambda: unorderable_goods_refusal(rows, allocated_goods_matches(rows, at))
    )


def lines_of(order: Order) -> list[OrderLine]:
    """Return the lines of an order with goods, origin and users. One query."""
    rows = order.lines.select_related(*GOODS_RELATIONS).order_by("allocation__lead", "pk")
    return cached_fact(order, "lines", lambda: list(rows))


def leads_with_needs(lines: Iterable[OrderLine]) -> list[tuple[SupplierLead, SupplyRequest]]:
    """Return the offer of each line with the need it is allocated to, without lines of quantity 0."""
    return [(line.allocation.lead, line.allocation.line.supply_request) for line in lines if line.quantity]


def false_use_of_lines_refusal(lines: Iterable[OrderLine], at: datetime) -> Refused | None:
    """Return a refusal if goods declared as non-medical are for people who treat patients, else None.

    The need the goods are allocated to counts, not the one the offer was made for. No override is possible,
    as no answer lifts this finding on the offer either.
    """
    for need, found in false_uses_of_allocated(leads_with_needs(lines), at):
        if found.blocks:
            return not_ready_refusal(finding_sentence(found.code, found.figures), need=need.reference)
    return None


def changed_price_refusal(line: OrderLine, currency: str) -> Refused | None:
    """Return a refusal if the offer asks another price than the order line, else None."""
    lead = line.allocation.lead
    if not line.quantity or (line.unit_price, currency) == (lead.unit_price, lead.currency):
        return None
    words = _(
        "%(lead)s now costs %(asked)s per unit; the order says %(ordered)s. Cancel the order and create a new "
        "one."
    )
    asked = _price_text(lead.unit_price, lead.currency)
    params = {"lead": lead.reference, "asked": asked, "ordered": _price_text(line.unit_price, currency)}
    return not_ready_refusal(words % params, lead=lead.reference)


def _price_text(amount: Decimal | None, currency: str) -> str:
    return f"{amount.normalize():f} {currency}" if amount is not None else "–"


def overridable_references(order: Order) -> list[str]:
    """Return the references of the current blockers that may be overridden and are not yet."""
    leads = leads_of(order)
    findings = blocking_findings_of(order, leads)
    held = {*non_overridable_references(findings), *order.override_covers}
    found = unverified_leads(leads) + [one.reference for one in findings]
    return [reference for reference in found if reference not in held]


def needless_override_refusal(order: Order) -> Refused | None:
    """Return a refusal if nothing can be overridden now, else None.

    Otherwise, an early override would hide obstacles that appear later.
    """
    if overridable_references(order):
        return None
    if not set(blocker_references(order)) - set(order.override_covers):
        return not_ready_refusal(_("Nothing is blocking this order."))
    return not_ready_refusal(
        _("The blocking issues cannot be overridden. Another person must settle each one on its own page.")
    )


def missing_reason_refusal(order: Order) -> Refused | None:
    """Return the first reason that an auditor would miss in the purchase, or None."""
    return first_refusal(missing_reason_refusals(order))


MIN_QUOTES_RULE_NUMBER = RuleNumber(_("Minimum number of quotes"), MIN_QUOTES)
OFFERS_SOUGHT_RULE = Rule(
    code="offers_sought",
    description=_("Number of quotes sought before the order"),
    rationale=rationales.REASON_REQUIRED,
    remedy=remedies.CHANGE_OR_EXPLAIN,
    numbers=(MIN_QUOTES_RULE_NUMBER,),
    sources=(sources.OWN_FIGURE,),
)


def missing_reason_refusals(order: Order) -> list[Refused]:
    """Return every reason that an auditor would miss in a purchase, each with its field."""
    emergency = order.authority == Order.Authority.EMERGENCY
    another = order.kind == AcquisitionType.PURCHASE and order.offers_sought != order.offers_recorded
    on_record = {"recorded": LocalizedCount(order.offers_recorded)}
    answers = (
        not_ready_refusal(
            _("The record shows %(recorded)s for quotes sought. Explain why you entered a different number.")
            % on_record,
            field="offers_sought_reason",
        )
        if another and not order.offers_sought_reason.strip()
        else None,
        not_ready_refusal(_("Explain why you sought fewer than three quotes."), field="few_offers_reason")
        if order.offers_sought < MIN_QUOTES and not order.few_offers_reason.strip()
        else None,
        not_ready_refusal(_("Enter the decision that granted emergency powers."), field="authority_reference")
        if emergency and not order.authority_reference.strip()
        else None,
    )
    return [answer for answer in answers if answer is not None]


def approval_refusal(order: Order) -> Refused | None:
    """Return the first refusal against approving the order, or None.

    It must be complete, nothing may block it, and it must need no second person if its author approves it alone.
    """
    alone = order.status == Order.Status.DRAFT and is_above_approval_limit(order)
    return first_refusal(
        (
            missing_reason_refusal(order),
            not_ready_refusal(
                _("%(reason)s Send the order for approval.") % {"reason": approver_needed_text(order)}
            )
            if alone
            else None,
            _refuse_single_approval(order),
            open_blocker_refusal(order),
        )
    )


def _refuse_single_approval(order: Order) -> Refused | None:
    """Return a refusal if combined red flags require a second approver (FBI red flags, facts/fraud.md 2)."""
    found = second_approver_findings(order) if order.status == Order.Status.DRAFT else []
    if not found:
        return None
    words = _("%(what)s Send the order to an approver who did not create it.")
    sentences = " ".join(finding_sentence(one.code, one.figures) for one in found)
    return not_ready_refusal(words % {"what": sentences}, findings=[one.reference for one in found])


def donation_without_value_refusal(order: Order) -> Refused | None:
    """Return a refusal for a donation without its true value, else None. Customs requires the value."""
    if order.kind == AcquisitionType.PURCHASE or all(line.unit_price > 0 for line in order.lines.all()):
        return None
    return not_ready_refusal(
        _("Enter the true value of each donated item, as customs requires."), field="unit_values"
    )


def unsettled_pieces_refusal(order: Order) -> Refused | None:
    """Return a refusal unless every piece is released or recorded as failed, and some piece is released."""
    lines = list(order.lines.all())
    if not any(line.released for line in lines):
        return not_ready_refusal(_("No goods in this order have been inspected and released yet."))
    pieces = sum(line.open_quantity for line in lines)
    if not pieces:
        return None
    words = ngettext_lazy(
        "%(pieces)s unit has not been released yet.", "%(pieces)s units have not been released yet.", pieces
    )
    return not_ready_refusal(words % {"pieces": LocalizedCount(pieces)}, pieces=pieces)


def ready_goods_in_shipment_refusal(order: Order) -> Refused | None:
    """Return a refusal to cancel a ready order of which pieces are in a shipment, else None."""
    if order.status != Order.Status.READY_TO_SHIP or not any(line.shipped for line in order.lines.all()):
        return None
    return not_ready_refusal(
        _(
            "Some of the goods are in a shipment. Cancel that shipment first, or write the order off if the "
            "goods are lost."
        )
    )


def goods_in_transit_refusal(order: Order) -> Refused | None:
    """Return a refusal while goods are in transit or await inspection, else None."""
    pieces = sum(line.in_transit_quantity for line in order.lines.all())
    if not pieces:
        return None
    words = ngettext_lazy(
        "%(pieces)s unit is in transit or waiting for inspection. Receive and inspect it first.",
        "%(pieces)s units are in transit or waiting for inspection. Receive and inspect them first.",
        pieces,
    )
    return not_ready_refusal(words % {"pieces": LocalizedCount(pieces)}, pieces=pieces)
