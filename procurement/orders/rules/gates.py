"""What must hold before an order is approved, placed, completed or given up: judgements on an order and the offers behind it."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from procurement.catalogue.models.facts import Dealing
from procurement.leads.gathering.receivers import promised
from procurement.leads.models.finding import Finding
from procurement.leads.models.offer import SupplierLead
from procurement.leads.rules.findings import OF_LISTS, SECOND_APPROVER, SECOND_PERSON
from procurement.leads.rules.leads import still_offered
from procurement.leads.screening.sentences import sentence
from procurement.lists import gathering
from procurement.lists.models.match import ListMatch
from procurement.orders.models.order import Order, OrderLine
from procurement.requests.models import SupplyRequest
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.rules.judgements import uninvolved
from procurement.verification.models.checks import VerificationTask
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import first_refusal, not_ready
from workflow.tongues import Figure

ENOUGH_OFFERS = 3
GOODS = (
    "allocation__lead__city",
    "allocation__lead__product",
    "allocation__lead__supplier",
    "allocation__lead__maker",
    "allocation__lead__line",
    "allocation__line__supply_request",
)


def leads_of(order: Order) -> list[SupplierLead]:
    """The offers an order rests on, each once, oldest first. One query."""
    return list(SupplierLead.objects.filter(allocations__order_line__order=order).distinct().order_by("pk"))


def verifiers_of(order: Order) -> set[int | None]:
    """Who verified the offers an order rests on, and who accepted the reports that say so, by user id (ADR 75)."""
    leads = leads_of(order)
    accepted = VerificationTask.objects.filter(lead__in=leads, status=VerificationTask.Status.ACCEPTED)
    return {lead.verified_by_id for lead in leads} | set(accepted.values_list("judged_by", flat=True))


def above_limit(order: Order) -> bool:
    """Whether a second person has to approve. Always, where the city named no limit or the sum in its currency is not known."""
    limit = order.city.approval_limit
    return limit is None or order.total_here is None or order.total_here > limit


def flagged(order: Order) -> list[Finding]:
    """The findings by which a second person has to approve whatever the sum: warning signs that came together, answered or not."""
    held = Finding.objects.filter(lead__in=leads_of(order), code__in=SECOND_APPROVER)
    return list(held.exclude(status=Finding.Status.GONE).order_by("pk"))


def obstacles(order: Order) -> list[str]:
    """What the verification gate and the finding gate find: offers not verified, and blocking findings that stand. By reference."""
    leads = leads_of(order)
    # A match on a list is no obstacle of these: nobody overrides it (`clear_of_lists`).
    return unverified(leads) + [one.reference for one in blocking(leads) if one.code not in OF_LISTS]


def unverified(leads: Iterable[SupplierLead]) -> list[str]:
    """The offers that are not verified, by reference."""
    return [lead.reference for lead in leads if lead.status != SupplierLead.Status.VERIFIED]


def blocking(leads: Iterable[SupplierLead]) -> list[Finding]:
    """The findings about these offers that stand and block, oldest first. One query."""
    return [finding for finding in of_block(leads) if finding.blocks]


def of_block(leads: Iterable[SupplierLead]) -> list[Finding]:
    """The findings about these offers that block, or blocked until a person overruled them, oldest first. One query."""
    found = Finding.objects.filter(lead__in=list(leads), severity=Finding.Severity.BLOCK)
    here = found.exclude(status=Finding.Status.GONE)
    return list(here.select_related("answered_by").order_by("pk"))


def firm(findings: Iterable[Finding]) -> list[str]:
    """Those that nobody overrides, by reference: a second person lifts them, on a row of their own (ADR 76)."""
    return [finding.reference for finding in findings if finding.code in SECOND_PERSON]


def companies_of(order: Order, leads: Iterable[SupplierLead] | None = None) -> list[Supplier]:
    """Whom an order deals with: its company, and who makes the goods where that is another. `leads` where they were read already."""
    offers = leads_of(order) if leads is None else leads
    makers = Supplier.objects.filter(pk__in=[lead.maker_id for lead in offers if lead.maker_id])
    return list(dict.fromkeys(company.current for company in (order.supplier, *makers.order_by("pk"))))


def uninvolved_in(by: Actor, order: Order) -> Refused | None:
    """Why somebody decides nothing about an order: its company concerns them, or who makes the goods where that is another."""
    if not by.concerned:
        return None
    return uninvolved(by, order.supplier_id, *(lead.maker_id for lead in leads_of(order)))


def clear_of_lists(order: Order) -> Refused | None:
    """Nothing is dealt with who may be on a list, before two persons judged it in writing. Nobody overrides this."""
    match = gathering.against(companies_of(order), order.city_id).first()
    return may_be_listed(match) if match is not None else None


def may_be_listed(match: ListMatch) -> Refused:
    """The refusal because of a match on a list."""
    words = _(
        "%(company)s may be on the list “%(list)s”. Two persons judge %(match)s first; nothing overrides it."
    )
    told = {"company": match.supplier, "list": match.listed.watch_list, "match": match.reference}
    return not_ready(words % told, match=match.reference)


def passes_gates(order: Order) -> Refused | None:
    """Nothing unverified is ordered, unless a named person overrode exactly what stands in the way and may be overridden; nothing of
    who may be listed, and nothing at a price that its offer does not ask any more.
    """
    if (no := clear_of_lists(order)) is not None:
        return no
    lines = list(order.lines.select_related("allocation__lead").order_by("allocation__lead", "pk"))
    others = (asks_otherwise(line, order.currency) for line in lines if order.kind == Dealing.PURCHASE)
    if (no := first_refusal(others)) is not None:
        return no
    leads = list(dict.fromkeys(line.allocation.lead for line in lines))
    findings = [one for one in blocking(leads) if one.code not in OF_LISTS]
    held = firm(findings)
    standing = [
        reference
        for reference in unverified(leads) + [finding.reference for finding in findings]
        if reference not in order.override_covers or reference in held
    ]
    if not standing:
        return None
    words = _("Not verified, or blocked by a finding: %(what)s. Settle it, or let an approver override it.")
    return not_ready(words % {"what": ", ".join(standing)}, obstacles=standing)


def in_time(order: Order, at: datetime) -> Refused | None:
    """Nothing more is ordered of an offer whose last day has passed, nor goods that the importer would have to declare falsely by the
    rules of the day. What the supplier has in hand already stays ordered.
    """
    lines = lines_of(order)
    leads = dict.fromkeys(line.allocation.lead for line in lines)
    return first_refusal(still_offered(lead, at) for lead in leads) or truly_used(lines, at)


def lines_of(order: Order) -> list[OrderLine]:
    """The lines of an order, with what its goods are, where they come from and who will use them. One query."""
    return list(order.lines.select_related(*GOODS).order_by("allocation__lead", "pk"))


def goods_of(lines: Iterable[OrderLine]) -> list[tuple[SupplierLead, SupplyRequest]]:
    """The offers of an order's lines, each with the need its goods are promised to; without lines of which nothing is left."""
    return [(line.allocation.lead, line.allocation.line.supply_request) for line in lines if line.quantity]


def truly_used(lines: Iterable[OrderLine], at: datetime) -> Refused | None:
    """Whether goods declared as non-medical are for people who treat nobody, whichever need the offer was made for. No one overrides
    it, as no answer lifts it from the offer (`findings.OF_USE`).
    """
    for need, found in promised(goods_of(lines), at):
        if found.blocks:
            return not_ready(sentence(found.code, found.figures), need=need.reference)
    return None


def asks_otherwise(line: OrderLine, currency: str) -> Refused | None:
    """A price is ordered as long as the offer asks it: what was written before the offer changed says something nobody offers."""
    lead = line.allocation.lead
    if not line.quantity or (line.unit_price, currency) == (lead.unit_price, lead.currency):
        return None
    words = _(
        "%(lead)s asks %(asked)s a piece by now, the order says %(ordered)s. Cancel it and write it anew."
    )
    asked = _price(lead.unit_price, lead.currency)
    told = {"lead": lead.reference, "asked": asked, "ordered": _price(line.unit_price, currency)}
    return not_ready(words % told, lead=lead.reference)


def _price(amount: Decimal | None, currency: str) -> str:
    return f"{amount.normalize():f} {currency}" if amount is not None else "–"


def overridable(order: Order) -> list[str]:
    """What stands in the way now, may be overridden and is not yet, by reference."""
    leads = leads_of(order)
    findings = blocking(leads)
    held = {*firm(findings), *order.override_covers}
    found = unverified(leads) + [one.reference for one in findings]
    return [reference for reference in found if reference not in held]


def something_to_override(order: Order) -> Refused | None:
    """An override without an obstacle would only hide the next one; and some obstacles are nobody's to override."""
    if overridable(order):
        return None
    if not set(obstacles(order)) - set(order.override_covers):
        return not_ready(_("Nothing stands in the way of this order."))
    return not_ready(_("This is not overridden: a second person settles it where it stands."))


def complete(order: Order) -> Refused | None:
    """A purchase can be decided on when an auditor would find the reasons in it."""
    return first_refusal(incomplete(order))


def incomplete(order: Order) -> list[Refused]:
    """Every reason that an auditor would miss in a purchase, each with the field it belongs in."""
    emergency = order.authority == Order.Authority.EMERGENCY
    answers = (
        not_ready(_("Say why fewer than three offers were sought."), field="few_offers_reason")
        if order.offers_sought < ENOUGH_OFFERS and not order.few_offers_reason.strip()
        else None,
        not_ready(_("Name the decision that gives emergency powers."), field="authority_reference")
        if emergency and not order.authority_reference.strip()
        else None,
    )
    return [answer for answer in answers if answer is not None]


def approvable(order: Order) -> Refused | None:
    """Complete, within the limit if its author approves it alone, and through both gates."""
    alone = order.status == Order.Status.DRAFT and above_limit(order)
    words = _("This order is above your city's limit. Send it to an approver.")
    return first_refusal(
        (complete(order), not_ready(words) if alone else None, _not_alone(order), passes_gates(order))
    )


def _not_alone(order: Order) -> Refused | None:
    """Its author does not approve alone where warning signs came together (the FBI's red flags, facts/fraud.md 2)."""
    found = flagged(order) if order.status == Order.Status.DRAFT else []
    if not found:
        return None
    words = _("%(what)s Send the order to an approver who did not write it.")
    said = " ".join(sentence(one.code, one.figures) for one in found)
    return not_ready(words % {"what": said}, findings=[one.reference for one in found])


def valued(order: Order) -> Refused | None:
    """Customs asks for the true value of a gift, never nothing."""
    if order.kind == Dealing.PURCHASE or all(line.unit_price > 0 for line in order.lines.all()):
        return None
    return not_ready(_("Give the true value of each gift: customs asks for it."), field="unit_values")


def settled(order: Order) -> Refused | None:
    """An order is completed when every piece has been released here, or is known to have failed."""
    lines = list(order.lines.all())
    if not any(line.released for line in lines):
        return not_ready(_("Nothing of this order has been inspected and released yet."))
    pieces = sum(line.open for line in lines)
    if not pieces:
        return None
    words = ngettext_lazy(
        "%(pieces)s piece is not released yet.", "%(pieces)s pieces are not released yet.", pieces
    )
    return not_ready(words % {"pieces": Figure(pieces)}, pieces=pieces)


def nothing_on_the_way(order: Order) -> Refused | None:
    """An order is not given up while its goods are on the way or wait for inspection: see those in first."""
    pieces = sum(line.on_the_way for line in order.lines.all())
    if not pieces:
        return None
    words = ngettext_lazy(
        "%(pieces)s piece is on the way or waits for inspection. See it in first.",
        "%(pieces)s pieces are on the way or wait for inspection. See them in first.",
        pieces,
    )
    return not_ready(words % {"pieces": Figure(pieces)}, pieces=pieces)
