"""Actions on bank accounts of suppliers: one person enters one, a second calls back and confirms it.

An account can also be retired.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser, User
from procurement.suppliers.actions.suppliers import request_rescreening, request_rescreening_of_similar
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules import bank_accounts
from procurement.suppliers.rules.bank_accounts import (
    confirmed_phone,
    invalid_account_refusal,
    unconfirmed_number_refusal,
)
from procurement.suppliers.rules.dependent_cities import actor_cities
from procurement.suppliers.rules.match_keys import number_key
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, register_action


@register_action(bank_accounts.ENTER_ACCOUNT)
def propose_account(
    supplier: Supplier,
    *,
    holder: str,
    number: str,
    bank: str,
    country: str,
    currency: str = "",
    proposed_by: ActingUser,
    by: Actor,
    at: datetime,
) -> BankAccount:
    """Enter the bank account into which a supplier wants to be paid.

    It may be paid into after a second person has called back and the waiting period is over. Until then the
    cities for which it was entered pay nothing to the supplier, not even into another account: a person
    who changes the account at the last minute is often not the supplier. Other cities are notified and
    can still pay. Refuses a number without a letter or digit, and one that is too long.
    """
    supplier = supplier.current_row  # facts entered on a merged row belong to the row that stays
    if (fault := invalid_account_refusal(number_key(number))) is not None:
        raise fault
    account = BankAccount(
        supplier=supplier,
        holder=holder,
        number=number_key(number),
        bank=bank,
        country=country,
        currency=currency,
        proposed_by=proposed_by,
        cities=sorted(actor_cities(by)),
        next_check_at=at,
    )
    with transaction.atomic():
        same = BankAccount.objects.filter(number=account.number).exclude(supplier=supplier)
        others = same.values_list("supplier", flat=True)
        request_rescreening_of_similar(supplier, others, at, "account", only=account.cities or None)
        return bank_accounts.ENTER_ACCOUNT.create(account, by=by, at=at)


@register_action(bank_accounts.CONFIRM_ACCOUNT)
def confirm_account(
    account: BankAccount, *, callback_number: str, confirmed_by: ActingUser, by: Actor, at: datetime
) -> BankAccount:
    """Confirm an account after a call back by a second person, on a number that a contact confirmed.

    Payments wait until the waiting period is over. Refuses the person who entered the account, an empty
    number, and a number that no contact confirmed.
    """
    return _confirmed_by_callback(
        bank_accounts.CONFIRM_ACCOUNT, account, callback_number, confirmed_by, by, at
    )


@register_action(bank_accounts.RECORD_CALLBACK)
def record_callback(
    account: BankAccount, *, callback_number: str, confirmed_by: ActingUser, by: Actor, at: datetime
) -> BankAccount:
    """Record another call back by a second person, about an account that is already confirmed.

    It is needed when an order starts to use the account after its placement, or when the supplier presses for
    money. A new waiting period starts. Refuses the same as `confirm_account`.
    """
    return _confirmed_by_callback(
        bank_accounts.RECORD_CALLBACK, account, callback_number, confirmed_by, by, at
    )


@register_action(bank_accounts.RETIRE_ACCOUNT)
def retire_account(account: BankAccount, *, reason: str, by: Actor, at: datetime) -> BankAccount:
    """Stop the use of an account. Refuses one into which another city pays an open order."""
    with transaction.atomic():
        request_rescreening(
            account.supplier.current_row, at
        )  # removes findings about the account; the supplier's offers are screened again
        with bank_accounts.RETIRE_ACCOUNT.apply_to(account, by=by, at=at, reason=reason) as row:
            row.next_check_at = at
    return account


def mark_account_screened(account: BankAccount, at: datetime) -> None:
    """Record that placed orders were checked because of this account, and plan the next check.

    The next check is at the end of the waiting period. Nothing changes if `next_check_at` was changed
    meanwhile.
    """
    cools = account.waiting_period_ends_at is not None and account.waiting_period_ends_at > at
    then = (
        account.waiting_period_ends_at if cools and account.status == BankAccount.Status.CONFIRMED else None
    )
    BankAccount.objects.filter(pk=account.pk, next_check_at=account.next_check_at).update(next_check_at=then)


def _confirmed_by_callback(
    move: Move[BankAccount], account: BankAccount, number: str, called_by: User, by: Actor, at: datetime
) -> BankAccount:
    """Record a call back by a second person to a number that a contact confirmed.

    A waiting period starts now.
    """
    company = account.supplier.current_row
    with transaction.atomic():
        request_rescreening(company, at)
        with move.apply_to(account, by=by, at=at) as row:
            if not number.strip():
                words = _("Call the supplier back on a number confirmed by a contact, and record the call.")
                raise Refused("not_called_back", words, field="callback_number")
            cities = actor_cities(by)
            phone = confirmed_phone(
                number, company, list(SupplierFact.objects.confirmed_phones(company, cities))
            )
            if phone is None:
                raise unconfirmed_number_refusal(number.strip(), company)
            row.callback_number, row.phone = number.strip(), phone
            row.confirmed_by = called_by
            row.cities = sorted({*row.cities, *cities})
            row.waiting_period_ends_at = at + bank_accounts.WAITING_PERIOD
            row.next_check_at = at
    return account
