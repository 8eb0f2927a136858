"""Reasons that hold the payments of an order, each with the page where it is settled. Reads only.

Reasons that do not depend on the time are read once per order object, since all its payments need them. A move
reads its own order under the lock, so it never decides with old data.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple, cast

from django.utils.translation import gettext_lazy as _

from procurement.leads.models.findings import Finding
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.document_readiness import false_uses_of_allocated
from procurement.leads.rules.finding_transitions import is_settled_only_by_remedy
from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.bank_accounts import WAITING_HOURS
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.leads.screening.offer_data import FindingData
from procurement.leads.screening.rule_types import Rule
from procurement.leads.screening.watchlists import WATCHLIST_CODES
from procurement.orders.models import Order
from procurement.orders.rules.blockers import (
    blocking_findings_of,
    companies_of,
    leads_of,
    leads_with_needs,
    lines_of,
    supplier_statuses_of_order,
    watchlist_matches_of_order,
    watchlist_refusal,
)
from procurement.orders.rules.fact_cache import cached_fact
from procurement.orders.rules.holds import order_on_hold_refusal
from procurement.requests.models import SupplyRequest
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.statuses import SupplierStatus
from workflow.errors import LazyText, Refused
from workflow.formatting import format_moment_with_offset
from workflow.moves import not_ready_refusal

PAYABLE_STATUSES = frozenset(
    {Order.Status.PLACED, Order.Status.CONFIRMED, Order.Status.READY_TO_SHIP, Order.Status.COMPLETED}
)
BARRED_STATUSES = (SupplierStatus.Status.SUSPENDED, SupplierStatus.Status.BANNED)
_BLOCKS_CACHE = "_money_held"  # attribute that caches the reasons on the order
_FALSE_USES_CACHE = "_false_uses"  # attribute that caches the false uses by day


class PaymentBlock(NamedTuple):
    """One reason that holds payments: the refusal, the page where it is settled, and the text of its link."""

    refusal: Refused
    url: str
    link_text: LazyText


def payment_blocks(order: Order) -> list[PaymentBlock]:
    """Return every reason that holds all payments of an order, whatever the time and the milestone.

    A refusal shows only the first reason.
    """
    known = vars(order)
    if _BLOCKS_CACHE not in known:
        leads = leads_of(order)
        account = [
            *_hold_blocks(order),
            *_order_blocks(order),
            *_account_blocks(order),
            *_account_change_blocks(order),
        ]
        known[_BLOCKS_CACHE] = [*account, *_watchlist_blocks(order, leads), *_finding_blocks(order, leads)]
    return cast("list[PaymentBlock]", known[_BLOCKS_CACHE])


def payment_blocks_at(order: Order, at: datetime) -> list[PaymentBlock]:
    """Return the reasons that hold all payments of an order at a moment.

    They are an account in its waiting time, a company that the city excludes, and a false declared use.
    """
    return [
        *_waiting_period_blocks(order, at),
        *_barred_supplier_blocks(order, order.city.day_at(at)),
        *_false_use_blocks(order, at),
    ]


def barred_supplier_refusal(order: Order, on: date) -> Refused | None:
    """Return a refusal if the city has suspended or banned the company or a manufacturer that day.

    Merged companies count too. Nothing is ordered from, accepted from or paid to such a company.
    """
    supplier_status = _barring_status(order, on)
    return _barred_supplier_refusal(supplier_status) if supplier_status is not None else None


def _barring_status(order: Order, on: date) -> SupplierStatus | None:
    statuses = supplier_statuses_of_order(order, on)
    held = (statuses[company.pk] for company in companies_of(order) if company.pk in statuses)
    return next((one for one in held if one.status in BARRED_STATUSES), None)


def _barred_supplier_refusal(supplier_status: SupplierStatus) -> Refused:
    words = _("Your city has set the status of %(supplier)s to “%(status)s”: %(reason)s")
    params = {
        "supplier": supplier_status.supplier,
        "status": supplier_status.get_status_display(),
        "reason": supplier_status.reason,
    }
    return Refused("kept_out", words % params, status=supplier_status.status)


def _hold_blocks(order: Order) -> Iterator[PaymentBlock]:
    """Yield a reason while the order is on hold."""
    no = order_on_hold_refusal(order)
    if no is not None:
        yield PaymentBlock(no, order.get_absolute_url(), _("View order"))


def _order_blocks(order: Order) -> Iterator[PaymentBlock]:
    if order.status not in PAYABLE_STATUSES:
        yield PaymentBlock(
            not_ready_refusal(_("The order has not been placed.")), order.get_absolute_url(), _("View order")
        )


BANK_ACCOUNT_RULE = Rule(
    code="account",
    description=_("Callback by another person about the account, and end of the waiting period"),
    rationale=rationales.PAYMENT_HELD,
    remedy=remedies.CALL_BACK,
    numbers=(WAITING_HOURS,),
    sources=(sources.FBI_ADVANCE_FEE_ALERT, sources.FBI_HOSPITAL_ALERT),
)


def _account_blocks(order: Order) -> Iterator[PaymentBlock]:
    """Yield a reason if no account is chosen, or if it or its phone number is not confirmed."""
    account = order.bank_account
    if account is None:
        words = _("Choose the supplier’s bank account.")
        where = f"{order.get_absolute_url()}use_account/"
        yield PaymentBlock(not_ready_refusal(words, field="bank_account"), where, _("Choose account"))
        return
    company = order.supplier.current_row.get_absolute_url()
    if account.status != BankAccount.Status.CONFIRMED:
        words = _(
            "The account %(account)s is not confirmed. Another person must call the company back first."
        )
        no = not_ready_refusal(words % {"account": account}, field="bank_account")
        yield PaymentBlock(no, company, _("View account"))
    elif account.phone is None or account.phone.status == SupplierFact.Status.RETRACTED:
        words = _(
            "No contact has confirmed the number called about the account %(account)s. Call back "
            "on a number that a contact has confirmed."
        )
        no = not_ready_refusal(words % {"account": account}, field="bank_account")
        yield PaymentBlock(no, f"{account.get_absolute_url()}record_callback/", _("Call back again"))
    elif order.city_id in account.phone.excluded_city_ids:
        words = _(
            "Your city has not accepted the number called about the account %(account)s. Accept "
            "it, or call back on another number that a contact has confirmed."
        )
        no = not_ready_refusal(words % {"account": account}, field="bank_account")
        yield PaymentBlock(no, f"{account.get_absolute_url()}record_callback/", _("Call back again"))


def _account_change_blocks(order: Order) -> Iterator[PaymentBlock]:
    """Yield a reason while a new account of the company is unconfirmed.

    Until then no account of the company is paid.
    """
    changed = (one for one in accounts_for_order(order) if one.status == BankAccount.Status.PROPOSED)
    for account in (one for one in changed if one.pk != order.bank_account_id):
        words = _("A new account was entered for %(company)s (%(account)s). Confirm or retire it first.")
        params = {"company": order.supplier, "account": account}
        no = not_ready_refusal(words % params, field="bank_account", account=account.pk)
        yield PaymentBlock(no, f"{account.get_absolute_url()}confirm/", _("View account"))


def accounts_for_order(order: Order) -> list[BankAccount]:
    """Return the supplier's accounts that are valid for the order's city, with the chosen one. One query.

    Accounts of a merged company belong to the company it was merged into.
    """
    own = BankAccount.objects.of_city(order.city_id) | BankAccount.objects.filter(
        pk=order.bank_account_id or 0
    )
    rows = own.filter(supplier=order.supplier.current_row).order_by("pk")
    return cached_fact(order, "accounts", lambda: list(rows))


def _watchlist_blocks(order: Order, leads: list[SupplierLead]) -> Iterator[PaymentBlock]:
    """Yield a reason for each watchlist match: nothing is paid before two persons have decided on it."""
    for match in watchlist_matches_of_order(order, leads):
        yield PaymentBlock(watchlist_refusal(match), match.get_absolute_url(), _("Review match"))


def _finding_blocks(order: Order, leads: list[SupplierLead]) -> Iterator[PaymentBlock]:
    """Yield a reason for each blocking finding about the offers that is not covered by a valid override."""
    for finding in blocking_findings_of(order, leads):
        elsewhere = is_settled_only_by_remedy(finding.code)
        overridden = finding.reference in order.override_covers and not elsewhere
        if finding.code in WATCHLIST_CODES or overridden:
            continue
        words = _("%(finding)s: %(words)s")
        params = {"finding": finding.reference, "words": finding_sentence(finding.code, finding.figures)}
        answerable = finding.status == Finding.Status.OPEN and not elsewhere
        where = finding.get_absolute_url()
        no = not_ready_refusal(words % params, finding=finding.reference)
        yield (
            PaymentBlock(no, f"{where}answer/", _("Respond to the finding"))
            if answerable
            else PaymentBlock(no, where, _("View finding"))
        )


def _false_use_blocks(order: Order, at: datetime) -> list[PaymentBlock]:
    """Return reasons for goods whose declared use is false for the need they are allocated to.

    The need an offer was made for is covered by a finding on the offer.
    """
    known = vars(order).setdefault(_FALSE_USES_CACHE, {})
    if (on := order.city.day_at(at)) not in known:
        goods = [
            (lead, need)
            for lead, need in leads_with_needs(lines_of(order))
            if lead.line is None or lead.line.supply_request_id != need.pk
        ]
        known[on] = [
            _false_use_block(need, found)
            for need, found in false_uses_of_allocated(goods, at)
            if found.blocks
        ]
    return cast("list[PaymentBlock]", known[on])


def _false_use_block(need: SupplyRequest, found: FindingData) -> PaymentBlock:
    no = not_ready_refusal(finding_sentence(found.code, found.figures), need=need.reference)
    return PaymentBlock(no, f"{need.get_absolute_url()}edit/", _("Correct need"))


def _waiting_period_blocks(order: Order, at: datetime) -> Iterator[PaymentBlock]:
    """Yield a reason while any account of the company is in its waiting time.

    Until then no account of the company is paid.
    """
    company = order.supplier.current_row
    confirmed = (one for one in accounts_for_order(order) if one.status == BankAccount.Status.CONFIRMED)
    cooling = [
        (one.waiting_period_ends_at, one)
        for one in confirmed
        if one.waiting_period_ends_at and one.waiting_period_ends_at > at
    ]
    for ends, account in sorted(cooling, key=lambda pair: pair[0], reverse=True)[:1]:
        words = _("The account %(account)s was confirmed only recently. Payments can resume on %(until)s.")
        params = {"account": account, "until": format_moment_with_offset(ends)}
        no = Refused("account_in_waiting_period", words % params, until=ends.isoformat())
        yield PaymentBlock(no, company.get_absolute_url(), _("View account"))


def _barred_supplier_blocks(order: Order, on: date) -> Iterator[PaymentBlock]:
    supplier_status = _barring_status(order, on)
    if supplier_status is not None:
        where = supplier_status.supplier.current_row.get_absolute_url()
        yield PaymentBlock(_barred_supplier_refusal(supplier_status), where, _("View company"))
