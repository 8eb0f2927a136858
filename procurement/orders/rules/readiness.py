"""Readiness of an offer or order ("Can I order?"): red, amber or green, with the reasons.

Nothing is read here: the caller passes all data (`ReadinessInput`). To add a rule, write a function from that
input to its reasons and add it to `READINESS_CHECKS`, in the order in which to settle them.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from partners.cities.models import City
from partners.powers import Power
from procurement.allocations.models import Allocation
from procurement.catalogue.models.reference_rows import AcquisitionType
from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.rules.leads import expired_offer_refusal, verification_refusals
from procurement.leads.screening.declared_use import USE_FALSE
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.leads.screening.offer_data import FindingData
from procurement.orders.models import Order, OrderLine
from procurement.orders.rules.blockers import (
    approver_needed_text,
    changed_price_refusal,
    is_above_approval_limit,
    missing_reason_refusals,
    non_overridable_references,
)
from procurement.orders.rules.holds import order_on_hold_text
from procurement.requests.models import SupplyRequest
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.statuses import SupplierStatus
from workflow.errors import LazyText, Refused

SUBMITTED_STATUS = Order.Status.AWAITING_APPROVAL
UNDECIDED_STATUSES = (Order.Status.DRAFT, SUBMITTED_STATUS, Order.Status.OFFERED)
BARRED_STATUSES = (SupplierStatus.Status.SUSPENDED, SupplierStatus.Status.BANNED)


class ReadinessLevel(StrEnum):
    """Level of an order's readiness: red (needs a decision), amber (something is open), green (ready)."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


ANSWERS_BY_LEVEL = {
    ReadinessLevel.RED: pgettext_lazy("Can I order?", "No"),
    ReadinessLevel.AMBER: pgettext_lazy("Can I order?", "Not yet"),
    ReadinessLevel.GREEN: pgettext_lazy("Can I order?", "Yes"),
}
ORDERED_ANSWERS_BY_LEVEL = {
    ReadinessLevel.RED: _("Ordered, now blocked"),
    ReadinessLevel.AMBER: _("Ordered, with open issues"),
    ReadinessLevel.GREEN: _("Ordered, no open issues"),
}


@dataclass(frozen=True)
class ReadinessReason:
    """One reason against ordering: its text, the page where it is settled, and the power needed for that.

    People without that power see `responsible_text` instead, with a link to `url_without_power`, or to the same page if it is
    "".
    """

    level: ReadinessLevel
    text: LazyText
    url: str
    link_text: LazyText = ""
    required_power: Power | None = None
    responsible_text: LazyText = ""
    url_without_power: str = ""


@dataclass(frozen=True, kw_only=True)
class ReadinessInput:
    """Data from which readiness is assessed: the offers with their findings and supplier status.

    Also the needs, the allocation, and the order with its lines, account and overrides, as far as they exist.
    """

    city: City
    at: datetime
    leads: Sequence[SupplierLead]
    blocking_findings: Sequence[Finding] = ()
    overruled_findings: Sequence[Finding] = ()  # with who answered them
    supplier_status: SupplierStatus | None = None
    needs: Sequence[SupplyRequest] = ()
    allocation: Allocation | None = None
    order: Order | None = None
    unaccepted_goods: Refused | None = None  # of the allocation or the order
    lines: Sequence[OrderLine] = ()
    bank_account: BankAccount | None = None
    doubtful_declared_uses: Sequence[
        tuple[SupplyRequest, FindingData]
    ] = ()  # declared uses that are false or unproven
    override_covered_references: frozenset[str] = field(
        default_factory=frozenset
    )  # references of the obstacles that an override covers
    is_on_lead_page: bool = False  # the offer's own page: sentences do not name it, links stay on the page

    @property
    def is_order_binding(self) -> bool:
        """True if the order is binding already."""
        return self.order is not None and self.order.status in Order.BINDING_STATUSES


@dataclass(frozen=True)
class Readiness:
    """The answer: colour, word, all reasons with red ones first, and the overruled findings."""

    level: ReadinessLevel
    answer: LazyText
    reasons: list[ReadinessReason]
    overruled_findings_note: LazyText = ""


def assess_readiness(case: ReadinessInput) -> Readiness:
    """Return the readiness: green without reasons, red with at least one red reason, else amber."""
    reasons = [reason for line in READINESS_CHECKS for reason in line(case)]
    colour = ReadinessLevel.AMBER if reasons else ReadinessLevel.GREEN
    if any(reason.level is ReadinessLevel.RED for reason in reasons):
        colour = ReadinessLevel.RED
    word = (ORDERED_ANSWERS_BY_LEVEL if case.is_order_binding else ANSWERS_BY_LEVEL)[colour]
    ordered = sorted(reasons, key=lambda reason: reason.level is not ReadinessLevel.RED)
    return Readiness(colour, word, ordered, overruled_note(case.overruled_findings))


def overruled_note(findings: Sequence[Finding]) -> LazyText:
    """Return how many blocking findings were overruled and by whom, or "" for none."""
    if not findings:
        return ""
    names = dict.fromkeys(str(finding.answered_by) for finding in findings)
    words = ngettext_lazy(
        "%(count)s blocking finding was overruled by %(names)s.",
        "%(count)s blocking findings were overruled by %(names)s.",
        len(findings),
    )
    return words % {"count": len(findings), "names": ", ".join(names)}


# --- rules ---
def hold_reasons(case: ReadinessInput) -> Iterator[ReadinessReason]:
    """Yield a reason if the order is on hold."""
    order = case.order
    if order is not None and order.held_since is not None:
        page = order.get_absolute_url()
        who = _("A procurement officer or an approver must resume the order.")
        resume = f"{page}resume/"
        yield ReadinessReason(
            ReadinessLevel.RED, order_on_hold_text(order), resume, _("Resume order"), Power.ORDER, who, page
        )


def supplier_reasons(case: ReadinessInput) -> Iterator[ReadinessReason]:
    """Yield a reason if the city has suspended or banned the company."""
    supplier_status = case.supplier_status
    if supplier_status is not None and supplier_status.status in BARRED_STATUSES:
        params = {"supplier": supplier_status.supplier, "status": supplier_status.get_status_display()}
        words = _("Your city has set the status of %(supplier)s to “%(status)s”: %(reason)s")
        yield ReadinessReason(
            ReadinessLevel.RED,
            words % {**params, "reason": supplier_status.reason},
            supplier_status.supplier.get_absolute_url(),
            _("View company"),
            Power.REVIEW_LEAD,
            _("A procurement officer or a verifier must review the company."),
        )


def finding_reasons(case: ReadinessInput) -> Iterator[ReadinessReason]:
    """Yield a reason for each blocking finding without a valid override.

    On the offer's own page, one reason covers all findings.
    """
    firm = non_overridable_references(case.blocking_findings)
    values = {need.reference for need, _found in case.doubtful_declared_uses}
    standing = [
        finding
        for finding in case.blocking_findings
        # `doubtful_declared_uses` covers a false use, with the page to correct it
        if not (finding.code == USE_FALSE.code and finding.figures.get("need") in values)
        and (finding.reference not in case.override_covered_references or finding.reference in firm)
    ]
    if case.is_on_lead_page and len(standing) > 1:
        standing.sort(key=lambda finding: not _needs_response(finding, firm))
        summary = ngettext_lazy(
            "%(count)s finding blocks this offer.", "%(count)s findings block this offer.", len(standing)
        )
        yield _finding_reason(case, standing[0], firm, summary % {"count": len(standing)})
        return
    for finding in standing:
        words = _("%(finding)s: %(words)s") % {
            "finding": finding.reference,
            "words": finding_sentence(finding.code, finding.figures),
        }
        yield _finding_reason(case, finding, firm, words)


def _needs_response(finding: Finding, firm: Collection[str]) -> bool:
    """Return True if a written response settles the finding."""
    return finding.status == Finding.Status.OPEN and finding.reference not in firm


def _finding_reason(
    case: ReadinessInput, finding: Finding, firm: Collection[str], words: LazyText
) -> ReadinessReason:
    """Return the reason for a finding, with the page and the link that settle it."""
    if not _needs_response(finding, firm):
        return ReadinessReason(
            ReadinessLevel.RED,
            words,
            finding.get_absolute_url(),
            _("View finding"),
            Power.REVIEW_LEAD,
            _("The finding was upheld, or another person must settle it on its own page."),
        )
    answer = f"{finding.get_absolute_url()}answer/"
    return ReadinessReason(
        ReadinessLevel.RED,
        words,
        f"{case.leads[0].get_absolute_url()}#{finding.reference}" if case.is_on_lead_page else answer,
        _("Respond to the finding"),
        Power.REVIEW_LEAD,
        _("A procurement officer or a verifier must respond to the finding."),
        finding.get_absolute_url(),
    )


def declared_use_reasons(case: ReadinessInput) -> Iterator[ReadinessReason]:
    """Yield a reason for each declared use that is false or unproven.

    The need states the users of the goods.
    """
    for need, found in case.doubtful_declared_uses:
        yield ReadinessReason(
            ReadinessLevel.RED if found.blocks else ReadinessLevel.AMBER,
            finding_sentence(found.code, found.figures),
            f"{need.get_absolute_url()}edit/",
            _("Correct need"),
            Power.POST_REQUEST,
            _("A procurement officer must correct the need or choose other goods."),
            need.get_absolute_url(),
        )


def unverified_lead_reasons(case: ReadinessInput) -> Iterator[ReadinessReason]:
    """Yield a reason for each unverified offer that no override covers."""
    for lead in case.leads:
        if lead.reference not in case.override_covered_references:
            yield from _offer_reasons(lead, case.is_on_lead_page)


def expiry_reasons(case: ReadinessInput) -> Iterator[ReadinessReason]:
    """Yield a reason for each offer past its last day. No override is possible."""
    if case.is_order_binding:
        return
    for lead in case.leads:
        no = expired_offer_refusal(lead, case.at) if lead.status in SupplierLead.LIVE_STATUSES else None
        if no is not None:
            officer = _("A procurement officer must ask whether the offer is still valid.")
            where = lead.get_absolute_url()
            yield ReadinessReason(
                ReadinessLevel.AMBER, no.message, where, _("View offer"), Power.OFFER_LEAD, officer
            )


def _offer_reasons(lead: SupplierLead, on_own_page: bool) -> Iterator[ReadinessReason]:
    where, name = lead.get_absolute_url(), {"lead": lead.reference}
    if lead.status in SupplierLead.Status.void:
        words = _("The status of %(lead)s is “%(status)s”.") % {**name, "status": lead.get_status_display()}
        yield ReadinessReason(
            ReadinessLevel.RED, words, where, responsible_text=_("Another offer is needed.")
        )
    elif lead.status == SupplierLead.Status.DRAFT:
        words = _("%(lead)s has not been submitted yet.") % name
        officer = _("The person who entered the offer must submit it.")
        yield ReadinessReason(ReadinessLevel.AMBER, words, where, _("View offer"), Power.OFFER_LEAD, officer)
    elif lead.status == SupplierLead.Status.RECEIVED:
        words = _("No checks have been started for %(lead)s yet.") % name
        officer = _("A procurement officer or a verifier must start the checks.")
        yield ReadinessReason(
            ReadinessLevel.AMBER, words, where, _("View offer"), Power.ASSIGN_CHECK, officer
        )
    elif lead.status == SupplierLead.Status.UNDER_REVIEW:
        yield from _verification_reasons(lead, on_own_page)


def _verification_reasons(lead: SupplierLead, on_own_page: bool) -> Iterator[ReadinessReason]:
    """Yield the first unmet condition of the verification: the later ones depend on it."""
    where, name = lead.get_absolute_url(), {"lead": lead.reference}
    left = [
        no for no in verification_refusals(lead) if "blocking_findings" not in no.details
    ]  # blocking findings have their own reasons
    for no in left[:1]:
        about = _("About %(lead)s: %(words)s") % {**name, "words": no.message}
        words = no.message if on_own_page else about
        verifier = _("A procurement officer or a verifier must follow up on the checks.")
        yield ReadinessReason(
            ReadinessLevel.AMBER, words, f"{where}#checks", _("View checks"), Power.ASSIGN_CHECK, verifier
        )
    if not left and not lead.blocking_findings:
        words = _("%(lead)s is waiting to be verified.") % name
        other = _(
            "A procurement officer or a verifier who neither entered the offer nor overruled a finding must "
            "verify it."
        )
        yield ReadinessReason(ReadinessLevel.AMBER, words, where, _("View offer"), Power.REVIEW_LEAD, other)


def price_reasons(case: ReadinessInput) -> Iterator[ReadinessReason]:
    """Yield a reason for each line of a purchase with another price than its offer asks."""
    order = case.order
    if order is None or order.kind != AcquisitionType.PURCHASE or case.is_order_binding:
        return
    for line in case.lines:
        no = changed_price_refusal(line, order.currency)
        if no is not None:
            page = order.get_absolute_url()
            officer = _("A procurement officer must create a new order.")
            yield ReadinessReason(
                ReadinessLevel.RED,
                no.message,
                f"{page}cancel/",
                _("Cancel order"),
                Power.ORDER,
                officer,
                page,
            )


def unaccepted_goods_reasons(case: ReadinessInput) -> Iterator[ReadinessReason]:
    """Yield a reason if a need line no longer accepts the goods, or not as they were confirmed."""
    no = case.unaccepted_goods
    thing = case.order or case.allocation
    if no is None or thing is None or case.is_order_binding:
        return
    page = thing.get_absolute_url()
    verb, link, power = "undo", _("Undo allocation"), Power.ALLOCATE
    if case.order is not None:
        verb, link, power = "cancel", _("Cancel order"), Power.ORDER
        if case.order.status == Order.Status.OFFERED:
            verb, link = "decline", _("Decline donation with thanks")
    officer = _("A procurement officer must allocate the goods again.")
    yield ReadinessReason(ReadinessLevel.RED, no.message, f"{page}{verb}/", link, power, officer, page)


def need_reasons(case: ReadinessInput) -> Iterator[ReadinessReason]:
    """Yield a reason for each need that is not open."""
    for asked in case.needs:
        if asked.status == SupplyRequest.Status.OPEN or (
            case.is_order_binding and asked.status != SupplyRequest.Status.WITHDRAWN
        ):
            continue
        gone = asked.status in SupplyRequest.Status.settled
        words = _("The status of %(need)s is “%(status)s”.")
        yield ReadinessReason(
            ReadinessLevel.RED if gone else ReadinessLevel.AMBER,
            words % {"need": asked.reference, "status": asked.get_status_display()},
            asked.get_absolute_url(),
            _("View need"),
            Power.POST_REQUEST,
            _("A procurement officer is responsible for the need."),
        )


def supply_reasons(case: ReadinessInput) -> Iterator[ReadinessReason]:
    """Yield a reason for each verified offer without free supply."""
    if case.allocation is not None or case.order is not None:
        return
    for lead in case.leads:
        if lead.status == SupplierLead.Status.VERIFIED and not lead.free_quantity:
            words = _("No quantity of %(lead)s is available any more.") % {"lead": lead.reference}
            yield ReadinessReason(
                ReadinessLevel.AMBER,
                words,
                lead.get_absolute_url(),
                responsible_text=_("Everything has been allocated."),
            )


def allocation_reasons(case: ReadinessInput) -> Iterator[ReadinessReason]:
    """Yield a reason if the allocation is only proposed."""
    if case.allocation is not None and case.allocation.status == Allocation.Status.PROPOSED:
        words = _("%(allocation)s is only proposed and does not count yet.")
        yield ReadinessReason(
            ReadinessLevel.AMBER,
            words % {"allocation": case.allocation.reference},
            case.allocation.get_absolute_url(),
            _("View allocation"),
            Power.ALLOCATE,
            _("A procurement officer must confirm the allocation."),
        )


def missing_audit_fact_reasons(case: ReadinessInput) -> Iterator[ReadinessReason]:
    """Yield a reason for each fact that an auditor would miss in a draft purchase."""
    order = case.order
    if order is None or order.kind != AcquisitionType.PURCHASE or order.status != Order.Status.DRAFT:
        return
    for no in missing_reason_refusals(order):
        page = order.get_absolute_url()
        officer = _("A procurement officer must add the missing information.")
        yield ReadinessReason(
            ReadinessLevel.AMBER,
            no.message,
            f"{page}edit/",
            _("Add missing information"),
            Power.ORDER,
            officer,
            page,
        )


def approval_needed_reasons(case: ReadinessInput) -> Iterator[ReadinessReason]:
    """Yield a reason if an approver must decide: above the approval limit, or after submission."""
    order = case.order
    if (
        order is None
        or order.status not in UNDECIDED_STATUSES
        or not (order.status == SUBMITTED_STATUS or is_above_approval_limit(order))
    ):
        return
    where, city = order.get_absolute_url(), {"city": case.city}
    approver = (
        _("An approver in %(city)s who neither created the order nor verified any of its offers must decide.")
        % city
    )
    if order.status == Order.Status.DRAFT:
        words = _("%(reason)s An approver must decide.")
        yield ReadinessReason(
            ReadinessLevel.AMBER,
            words % {"reason": approver_needed_text(order)},
            where,
            _("View order"),
            Power.ORDER,
            approver,
        )
    else:
        words = _("The order is waiting for approval.")
        yield ReadinessReason(ReadinessLevel.AMBER, words, where, _("View order"), Power.APPROVE, approver)


def bank_account_reasons(case: ReadinessInput) -> Iterator[ReadinessReason]:
    """Yield a reason if no confirmed bank account is chosen."""
    order, chosen = case.order, case.bank_account
    if order is None or order.kind != AcquisitionType.PURCHASE:
        return
    page = order.get_absolute_url()
    if chosen is None and case.is_order_binding:
        words = _("No bank account has been chosen yet, so nothing can be paid.")
        officer = _("A procurement officer must choose the account.")
        where = f"{page}use_account/"
        yield ReadinessReason(
            ReadinessLevel.AMBER, words, where, _("Choose account"), Power.ORDER, officer, page
        )
    elif chosen is not None and chosen.status != BankAccount.Status.CONFIRMED:
        words = _("The status of the account %(account)s is “%(status)s”, so payments are on hold.")
        yield ReadinessReason(
            ReadinessLevel.AMBER,
            words % {"account": chosen.masked_account_number, "status": chosen.get_status_display()},
            order.supplier.get_absolute_url(),
            _("View account"),
            Power.EDIT_SUPPLIER,
            _("Another procurement officer must call the company back and confirm the account."),
        )


READINESS_CHECKS: tuple[Callable[[ReadinessInput], Iterator[ReadinessReason]], ...] = (
    hold_reasons,
    supplier_reasons,
    finding_reasons,
    declared_use_reasons,
    unverified_lead_reasons,
    expiry_reasons,
    price_reasons,
    unaccepted_goods_reasons,
    need_reasons,
    supply_reasons,
    allocation_reasons,
    missing_audit_fact_reasons,
    approval_needed_reasons,
    bank_account_reasons,
)
