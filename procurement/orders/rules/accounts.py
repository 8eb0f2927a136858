"""What happens to an account after the contract: which one is a change, and when a payment is asked for in a hurry. Pure (ADR 78).

Fraud case 8 (facts/fraud.md): an advance of EUR 1.5 million was paid, the next day an "emergency" EUR 880,000 was asked for. What was
missing: no change of account after contract, a call back to a known number, a second urgent payment as a hard stop.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from procurement.leads.models.finding import Finding
from procurement.leads.screening.values import Found
from procurement.orders.models.order import Order
from procurement.orders.models.payment import Payment
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.rules.accounts import COOLING

CODES = frozenset({"account_after_contract", "payment_urgent"})
SOURCE = (
    "https://www.iamexpat.de/expat-info/german-expat-news/european-police-foil-15-million-euro-face-mask-scam"
)
# "The next day", also over a weekend: asked for on a Friday, pressed for on the Monday.
HURRY = timedelta(days=3)


def changes(
    order: Order, placed: datetime, accounts: Sequence[BankAccount], at: datetime
) -> list[BankAccount]:
    """The accounts of the company of an order (`placed`: when) that are a change after its contract and have not been through the guard
    since. `accounts`: all of the company's, retired ones too, by age.

    A change is an account that was named after the order was placed, and one the order is paid into now that it did not name then.
    The first account a company ever named is none.
    """
    return [
        account
        for account in accounts
        if account.status != BankAccount.Status.RETIRED
        and account.pk != order.contract_account_id
        and (
            (account.created_at >= placed and account.pk != accounts[0].pk and not _cooled(account, at))
            or (_took_its_place(order, account) and not called_since(account, placed, at))
        )
    ]


def _took_its_place(order: Order, account: BankAccount) -> bool:
    """Whether an order names it now, and named another one when it was placed."""
    return order.contract_account_id is not None and account.pk == order.bank_account_id


def _cooled(account: BankAccount, at: datetime) -> bool:
    until = account.cooling_until
    return account.status == BankAccount.Status.CONFIRMED and until is not None and until <= at


def called_since(account: BankAccount | None, moment: datetime, at: datetime) -> bool:
    """Whether the company was called back about its account after a moment, and the account has cooled since."""
    if account is None or not _cooled(account, at):
        return False
    assert account.cooling_until is not None  # it has cooled
    return account.cooling_until - COOLING > moment


def hurried(payment: Payment, others: Iterable[Payment], at: datetime, *, pressed: bool) -> bool:
    """Whether asking for a payment now is a second one in a hurry: another one to the same company (`others`) was asked for within
    three days. Where the supplier presses for it (`pressed`) that is enough, and pressing twice for the same one is, too; a deposit
    that we propose ourselves is one where its order was placed only after the other was asked for. What goods that moved have earned
    is proposed in no hurry.
    """
    known = [one.asked_at for one in (*others, *([payment] if pressed else []))]
    within = [asked for asked in known if asked is not None and at - HURRY <= asked <= at]
    placed = payment.order.placed_at
    if not within or placed is None:
        return False
    return pressed or (payment.milestone == Payment.Milestone.DEPOSIT and placed > min(within))


def found(
    order: Order, accounts: Sequence[BankAccount], payments: Iterable[Payment], at: datetime
) -> list[Found]:
    """What is to be noted on the offers of a placed order that still has something to pay (`payments`: all of its own)."""
    open_ones = [one for one in payments if one.status in (Payment.Status.PLANNED, Payment.Status.PROPOSED)]
    if not open_ones or order.placed_at is None:
        return []
    named = {"order": order.reference, "placed": order.city.day_at(order.placed_at).isoformat()}
    changed = [
        _found(
            "account_after_contract", f"{order.reference} {account.pk}", named | {"account": account.masked}
        )
        for account in changes(order, order.placed_at, accounts, at)
    ]
    urged = [
        _found("payment_urgent", f"{order.reference} {one.milestone}", _asked(order, one))
        for one in open_ones
        if one.urged_at is not None and not called_since(order.bank_account, one.urged_at, at)
    ]
    return changed + urged


def _asked(order: Order, payment: Payment) -> dict[str, object]:
    assert payment.urged_at is not None  # or nothing is found
    amount = {"amount": str(payment.amount), "currency": payment.currency}
    return {
        "order": order.reference,
        "amount": amount,
        "asked": order.city.day_at(payment.urged_at).isoformat(),
    }


def _found(code: str, subject: str, figures: Mapping[str, object]) -> Found:
    return Found(
        code=code, severity=Finding.Severity.BLOCK, subject=subject, figures=dict(figures), source=SOURCE
    )
