"""Moves of a bank account: entered, confirmed by a second person after a call back, retired.

The call goes to a number that a contact confirmed. A waiting period follows.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.suppliers.models.bank_accounts import BankAccount
from procurement.suppliers.models.facts import SupplierFact
from procurement.suppliers.models.suppliers import Supplier
from procurement.suppliers.rules.dependent_cities import allowed_unless_shared
from procurement.suppliers.rules.match_keys import phone_key, without_extension
from procurement.suppliers.rules.permissions import may_edit_supplier
from procurement.suppliers.rules.statuses import person_with_interest_refusal
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.moves import Move, Moves, one_of

WAITING_PERIOD = timedelta(hours=48)  # between confirming an account and the first payment into it
MAX_ACCOUNT_NUMBER_LENGTH = 60  # characters of an account number, as stored


def confirmed_phone(number: str, company: Supplier, phones: Sequence[SupplierFact]) -> SupplierFact | None:
    """Return the fact by which a contact confirmed this phone number, or None.

    The extension is not compared. `phones` come from `SupplierFact.objects.confirmed_phones`. The newest of
    several facts is returned, so that a later reader finds the contact who last confirmed the number.
    """
    key = without_extension(phone_key(number, company.country))
    confirmed = [one for one in phones if key and without_extension(one.value_key) == key]
    return max(confirmed, key=lambda one: one.pk, default=None)


def unconfirmed_number_refusal(number: str, company: Supplier) -> Refused:
    """Return the refusal for a number that no contact confirmed. Its message explains whom to ask."""
    words = _(
        "No contact has confirmed %(number)s as a number of %(company)s, so calling that number proves "
        "nothing. Ask a contact to call the company, or to find its number on the licence or in a "
        "register. Then call the company back on the confirmed number."
    )
    params = {"number": number, "company": company}
    return Refused("number_not_confirmed", words % params, field="callback_number")


def no_confirmed_number_refusal(company: Supplier) -> Refused:
    """Return the refusal if no contact has confirmed any number of a supplier.

    Its message explains whom to ask.
    """
    words = _(
        "No contact has confirmed a number of %(company)s yet. Ask a contact to call the company, or to "
        "find its number on the licence or in a register. Record the number on the company’s page, and "
        "then call the company back on that number."
    )
    return Refused("number_not_confirmed", words % {"company": company}, field="callback_number")


def invalid_account_refusal(number: str) -> Refused | None:
    """Return the refusal for an invalid account number, with its field, else None."""
    if number and len(number) <= MAX_ACCOUNT_NUMBER_LENGTH:
        return None
    return Refused("bad_number", _("Enter the account number, in letters and digits."), field="number")


def may_confirm_as_second_person(by: Actor, account: BankAccount) -> bool | Refused:
    """Return True for officers and people who pay, who may confirm an account.

    Refuses the person who entered the account, and a person with a declared interest in the supplier.
    """
    if not (may_edit_supplier(by, account) or by.may(Power.PAY, account)):
        return False
    if by.user_id == account.proposed_by_id:
        return Refused(
            NOT_ALLOWED, _("You entered this account, so another person must confirm it."), show=True
        )
    return person_with_interest_refusal(by, account.supplier_id) or True


def may_enter(by: Actor, account: BankAccount) -> bool | Refused:
    """Return True for officers without a declared interest in the supplier.

    They may enter an account and end its use.
    """
    return may_edit_supplier(by, account) and (person_with_interest_refusal(by, account.supplier_id) or True)


ENTER_ACCOUNT = Move[BankAccount](
    verb="propose",
    label=_("Enter an account"),
    past_tense=_("entered the account"),
    target=BankAccount.Status.PROPOSED,
    allowed=may_enter,
)
CONFIRM_ACCOUNT = Move[BankAccount](
    verb="confirm",
    label=_("Confirm after calling back"),
    past_tense=_("confirmed the account after calling back"),
    source=one_of(BankAccount.Status.PROPOSED),
    target=BankAccount.Status.CONFIRMED,
    allowed=allowed_unless_shared(may_confirm_as_second_person),
)
RECORD_CALLBACK = Move[BankAccount](
    verb="record_callback",
    label=_("Call back again"),
    past_tense=_("called the company back again"),
    source=one_of(BankAccount.Status.CONFIRMED),
    allowed=allowed_unless_shared(may_confirm_as_second_person),
)
RETIRE_ACCOUNT = Move[BankAccount](
    verb="retire",
    label=_("Retire account"),
    past_tense=_("retired the account"),
    source=one_of(BankAccount.Status.PROPOSED, BankAccount.Status.CONFIRMED),
    target=BankAccount.Status.RETIRED,
    allowed=allowed_unless_shared(may_enter),
    requires_reason=True,
)
ACCOUNT_MOVES = Moves(
    BankAccount,
    ENTER_ACCOUNT,
    CONFIRM_ACCOUNT,
    RECORD_CALLBACK,
    RETIRE_ACCOUNT,
    ends={BankAccount.Status.RETIRED: "kept for the record"},
)
