"""Rules for changed bank accounts and hurried payment requests after the contract.

The rules are in docs/rules/orders.md. Pure functions: they read and write no rows.

Fraud case 8 (facts/fraud.md): the day after an advance of EUR 1.5 million was paid, an "emergency"
payment of EUR 880,000 was requested. These safeguards were missing: no change of account after
contract, a call-back to a known number, a second urgent payment as a hard stop.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening import rationales, remedies, sources
from procurement.leads.screening.bank_accounts import WAITING_HOURS
from procurement.leads.screening.offer_data import BLOCK, FindingData
from procurement.leads.screening.rule_types import RuleNumber, ScreeningRule
from procurement.orders.models import Order
from procurement.orders.payments.models import Payment
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.rules.bank_accounts import WAITING_PERIOD

# "The next day", also across a weekend: from a Friday to the Monday.
RUSH_PERIOD = timedelta(days=3)

RUSH_PERIOD_RULE_NUMBER = RuleNumber(
    _("Days within which a second payment request is considered rushed"), RUSH_PERIOD.days
)

ACCOUNT_AFTER_CONTRACT_RULE = ScreeningRule(
    code="account_after_contract",
    severities=(BLOCK,),
    description=_("Another account provided after the order was placed"),
    message=_(
        "%(order)s was placed on %(placed)s, and another account has been provided since: %(account)s. "
        "Payments are on hold until another person calls the supplier on a number confirmed by a contact, "
        "and two days have passed."
    ),
    rationale=rationales.CALL_BACK,
    remedy=remedies.CALL_BACK_AND_WAIT,
    numbers=(WAITING_HOURS,),
    sources=(sources.NRW_SCAM_ARRESTS, sources.NRW_SCAM_PAYMENTS),
)
URGENT_PAYMENT_RULE = ScreeningRule(
    code="payment_urgent",
    severities=(BLOCK,),
    description=_("Second payment requested soon after another, before the goods have moved"),
    message=_(
        "For %(order)s, %(amount)s was requested on %(asked)s, soon after another payment and "
        "before the goods had moved. Advances are often lost this way. Payments are on hold until "
        "another person calls the supplier back and two days have passed."
    ),
    rationale=rationales.CALL_BACK,
    remedy=remedies.CALL_BACK_AND_WAIT,
    numbers=(RUSH_PERIOD_RULE_NUMBER, WAITING_HOURS),
    sources=(sources.NRW_SCAM_ARRESTS, sources.NRW_SCAM_PAYMENTS),
)
ACCOUNT_CHANGE_RULES = (ACCOUNT_AFTER_CONTRACT_RULE, URGENT_PAYMENT_RULE)


def accounts_changed_after_contract(
    order: Order, placed: datetime, accounts: Sequence[BankAccount], at: datetime
) -> list[BankAccount]:
    """Return the accounts that count as a change after contract and have not been confirmed again since.

    A change is an account named after the order was placed, or an account the order uses now but did not
    name then. The first account a company ever named is no change. `placed`: when the order was placed.
    `accounts`: all accounts of the company by age, including retired ones.
    """
    return [
        account
        for account in accounts
        if account.status != BankAccount.Status.RETIRED
        and account.pk != order.contract_account_id
        and (
            (
                account.created_at >= placed
                and account.pk != accounts[0].pk
                and not _waiting_period_is_over(account, at)
            )
            or (_replaced_account(order, account) and not was_called_back_since(account, placed, at))
        )
    ]


def _replaced_account(order: Order, account: BankAccount) -> bool:
    """Return True if the order names this account now but named another one when it was placed."""
    return order.contract_account_id is not None and account.pk == order.bank_account_id


def _waiting_period_is_over(account: BankAccount, at: datetime) -> bool:
    until = account.waiting_period_ends_at
    return account.status == BankAccount.Status.CONFIRMED and until is not None and until <= at


def was_called_back_since(account: BankAccount | None, moment: datetime, at: datetime) -> bool:
    """Return True if the company was called back about the account since, and the waiting time has ended."""
    if account is None or not _waiting_period_is_over(account, at):
        return False
    assert account.waiting_period_ends_at is not None  # true after `_waiting_period_is_over`
    return account.waiting_period_ends_at - WAITING_PERIOD > moment


def is_urgent_request(payment: Payment, others: Iterable[Payment], at: datetime, *, pressed: bool) -> bool:
    """Return True if requesting this payment now is an urgent second request.

    There must be an earlier request, within three days, for another payment to the same company (`others`).
    If the supplier presses for this payment (`pressed`), an earlier request for it counts too, and the
    result is then always True.

    A payment that the city itself proposes is urgent only if it is a deposit and its order was placed
    after the earlier request. A payment for goods that have moved is never urgent unless the supplier
    presses for it.
    """
    known = [one.asked_at for one in (*others, *([payment] if pressed else []))]
    within = [asked for asked in known if asked is not None and at - RUSH_PERIOD <= asked <= at]
    placed = payment.order.placed_at
    if not within or placed is None:
        return False
    return pressed or (payment.milestone == Payment.Milestone.DEPOSIT and placed > min(within))


def account_change_findings(
    order: Order, accounts: Sequence[BankAccount], payments: Iterable[Payment], at: datetime
) -> list[FindingData]:
    """Return the findings for the offers of a placed order that still has open payments.

    `payments`: all payments of the order.
    """
    open_ones = [one for one in payments if one.status in Payment.Status.open]
    if not open_ones or order.placed_at is None:
        return []
    placed = order.city.day_at(order.placed_at).isoformat()
    changed = [
        ACCOUNT_AFTER_CONTRACT_RULE.finding(
            subject=f"{order.reference} {account.pk}",
            source=sources.NRW_SCAM_ARRESTS.url,
            order=order.reference,
            placed=placed,
            account=account.masked_account_number,
        )
        for account in accounts_changed_after_contract(order, order.placed_at, accounts, at)
    ]
    urgent = [
        URGENT_PAYMENT_RULE.finding(
            subject=f"{order.reference} {one.milestone}",
            source=sources.NRW_SCAM_ARRESTS.url,
            order=order.reference,
            amount={"amount": str(one.amount), "currency": one.currency},
            asked=order.city.day_at(one.urgent_request_at).isoformat(),
        )
        for one in open_ones
        if one.urgent_request_at is not None
        and not was_called_back_since(order.bank_account, one.urgent_request_at, at)
    ]
    return changed + urgent
