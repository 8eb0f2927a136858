"""Where a company is paid: entered by one person, confirmed by a second who has called back, retired."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from procurement.suppliers.actions.companies import note_change
from procurement.suppliers.models import BankAccount, Supplier
from procurement.suppliers.rules import accounts as rules
from procurement.suppliers.rules.comparing import number_key
from workflow.actors import Actor
from workflow.errors import Refused


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

    Until then nothing is paid to the company at all: who changes the account at the last minute is often not the company.
    Refuses a number without a letter or figure, and one that is too long.
    """
    if (fault := rules.fault(number_key(number))) is not None:
        raise fault
    account = BankAccount(
        supplier=supplier,
        holder=holder,
        number=number_key(number),
        bank=bank,
        country=country,
        proposed_by=proposed_by,
        **facts,
    )
    with transaction.atomic():
        note_change(supplier, at, "account")
        return rules.PROPOSE.start(account, by=by, at=at)


def confirm_account(
    account: BankAccount, *, called_back_on: str, confirmed_by: User, by: Actor, at: datetime
) -> BankAccount:
    """A second person has called back. Payments wait until it has cooled. Refuses whoever entered it, and no number called."""
    with rules.CONFIRM.on(account, by=by, at=at) as row:
        if not called_back_on.strip():
            words = _("Call the company back on a number a contact confirmed, and write it down.")
            raise Refused("not_called_back", words, field="called_back_on")
        row.called_back_on = called_back_on
        row.confirmed_by = confirmed_by
        row.cooling_until = at + rules.COOLING
    return account


def retire_account(account: BankAccount, *, reason: str, by: Actor, at: datetime) -> BankAccount:
    """Use this account no longer."""
    with rules.RETIRE.on(account, by=by, at=at, reason=reason):
        pass
    return account
