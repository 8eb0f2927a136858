"""Where a company is paid: entered by one person, confirmed by a second who has called back, retired."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from procurement.suppliers.actions.companies import note_change, note_shared
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.fact import CompanyFact
from procurement.suppliers.rules import accounts
from procurement.suppliers.rules.accounts import not_confirmed
from procurement.suppliers.rules.comparing import number_key
from procurement.suppliers.rules.relying import cities_of
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move


def propose_account(
    supplier: Supplier,
    *,
    holder: str,
    number: str,
    bank: str,
    country: str,
    proposed_by: User,
    by: Actor,
    at: datetime,
    **facts: Any,
) -> BankAccount:
    """Enter where a company wants to be paid. It counts once a second person has called back and it has cooled.

    Until then the cities for which it was entered pay nothing to the company, into another account neither: who changes the account at
    the last minute is often not the company. Other cities are notified, and pay on.
    Refuses a number without a letter or figure, and one that is too long.
    """
    supplier = supplier.current  # what is entered on a row that was merged is the company's
    if (fault := accounts.fault(number_key(number))) is not None:
        raise fault
    account = BankAccount(
        supplier=supplier,
        holder=holder,
        number=number_key(number),
        bank=bank,
        country=country,
        proposed_by=proposed_by,
        cities=sorted(cities_of(by)),
        look_at=at,
        **facts,
    )
    with transaction.atomic():
        same = BankAccount.objects.filter(number=account.number).exclude(supplier=supplier)
        others = same.values_list("supplier", flat=True)
        note_shared(supplier, others, at, "account", only=account.cities or None)
        return accounts.PROPOSE.start(account, by=by, at=at)


def confirm_account(
    account: BankAccount, *, called_back_on: str, confirmed_by: User, by: Actor, at: datetime
) -> BankAccount:
    """A second person has called back, on a number that a contact confirmed. Payments wait until the account has cooled.

    Refuses whoever entered it, no number called, and a number that no contact confirmed.
    """
    return _called(accounts.CONFIRM, account, called_back_on, confirmed_by, by, at)


def call_again(
    account: BankAccount, *, called_back_on: str, confirmed_by: User, by: Actor, at: datetime
) -> BankAccount:
    """A second person has called back again about an account that is confirmed: because an order names it only now, or because the
    supplier presses for money. It cools anew. Refuses what `confirm_account` refuses.
    """
    return _called(accounts.CALL_AGAIN, account, called_back_on, confirmed_by, by, at)


def retire_account(account: BankAccount, *, reason: str, by: Actor, at: datetime) -> BankAccount:
    """Use this account no longer. Refuses one into which another city pays an open order."""
    with transaction.atomic():
        note_change(
            account.supplier.current, at
        )  # what was found about it goes, and its offers are judged anew
        with accounts.RETIRE.on(account, by=by, at=at, reason=reason) as row:
            row.look_at = at
    return account


def looked_at(account: BankAccount, at: datetime) -> None:
    """Note that placed orders were looked at because of it: the next time is when it has cooled. Left alone if it moved since."""
    cools = account.cooling_until is not None and account.cooling_until > at
    then = account.cooling_until if cools and account.status == BankAccount.Status.CONFIRMED else None
    BankAccount.objects.filter(pk=account.pk, look_at=account.look_at).update(look_at=then)


def _called(
    move: Move[BankAccount], account: BankAccount, number: str, called_by: User, by: Actor, at: datetime
) -> BankAccount:
    """A call back: by a second person, to a number that a contact confirmed. The account cools from now."""
    company = account.supplier.current
    with transaction.atomic():
        note_change(company, at)
        with move.on(account, by=by, at=at) as row:
            if not number.strip():
                words = _("Call the company back on a number a contact confirmed, and write it down.")
                raise Refused("not_called_back", words, field="called_back_on")
            cities = cities_of(by)
            phone = accounts.called(
                number, company, list(CompanyFact.objects.confirmed_phones(company, cities))
            )
            if phone is None:
                raise not_confirmed(number.strip(), company)
            row.called_back_on, row.phone = number.strip(), phone
            row.confirmed_by = called_by
            row.cities = sorted({*row.cities, *cities})
            row.cooling_until = at + accounts.COOLING
            row.look_at = at
    return account
