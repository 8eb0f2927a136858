"""The life of an account: entered by one person, confirmed by a second who called a number a contact confirmed, cooled, retired."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.suppliers.models.account import BankAccount
from procurement.suppliers.models.company import Supplier
from procurement.suppliers.models.fact import CompanyFact
from procurement.suppliers.rules.comparing import phone_key, switchboard
from procurement.suppliers.rules.judgements import uninvolved
from procurement.suppliers.rules.relying import alone
from procurement.suppliers.rules.rights import may_edit
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.moves import Move, Moves, one_of

COOLING = timedelta(hours=48)  # between confirming an account and paying into it
LONGEST_NUMBER = 60  # characters of an account number, as it is kept


def called(number: str, company: Supplier, phones: Sequence[CompanyFact]) -> CompanyFact | None:
    """What a contact said about a number of a company, whatever its extension; None where no contact confirmed it. `phones` come from
    `CompanyFact.objects.confirmed_phones`.

    The newest of several: whoever asks later why it was called finds the contact who last confirmed it.
    """
    key = switchboard(phone_key(number, company.country))
    confirmed = [one for one in phones if key and switchboard(one.value_key) == key]
    return max(confirmed, key=lambda one: one.pk, default=None)


def not_confirmed(number: str, company: Supplier) -> Refused:
    """The refusal of a number that no contact confirmed: it says whom to ask."""
    words = _(
        "No contact has confirmed %(number)s as a number of %(company)s, so a call to it proves nothing. Ask a contact to call the "
        "company or to read its number on the licence or in a register; then call that number back."
    )
    told = {"number": number, "company": company}
    return Refused("number_not_confirmed", words % told, field="called_back_on")


def no_number(company: Supplier) -> Refused:
    """The refusal where no contact has confirmed any number of a company: it says whom to ask."""
    words = _(
        "No contact has confirmed a number of %(company)s yet. Ask a contact to call the company or to read its number on the licence "
        "or in a register, and note it on the company’s page; then call that number back."
    )
    return Refused("number_not_confirmed", words % {"company": company}, field="called_back_on")


def fault(number: str) -> Refused | None:
    """What is wrong with an account number as it is kept, with its field; None where it can be one."""
    if number and len(number) <= LONGEST_NUMBER:
        return None
    return Refused("bad_number", _("Give the account number, in letters and figures."), field="number")


def second_person(by: Actor, account: BankAccount) -> bool | Refused:
    """An account is confirmed by an officer or by whoever pays; never by whoever proposed it, nor by whom the company concerns."""
    if not (may_edit(by, account) or by.may(Power.PAY, account)):
        return False
    if by.user_id == account.proposed_by_id:
        return Refused(
            NOT_ALLOWED, _("A second person confirms an account: you entered it yourself."), show=True
        )
    return uninvolved(by, account.supplier_id) or True


def may_enter(by: Actor, account: BankAccount) -> bool | Refused:
    """Officers enter an account and end its use, where the company does not concern them."""
    return may_edit(by, account) and (uninvolved(by, account.supplier_id) or True)


PROPOSE = Move[BankAccount](
    verb="propose",
    label=_("Enter an account"),
    past=_("entered the account"),
    target=BankAccount.Status.PROPOSED,
    allowed=may_enter,
)
CONFIRM = Move[BankAccount](
    verb="confirm",
    label=_("Confirm after calling back"),
    past=_("confirmed the account after calling back"),
    source=one_of(BankAccount.Status.PROPOSED),
    target=BankAccount.Status.CONFIRMED,
    allowed=alone(second_person),
)
CALL_AGAIN = Move[BankAccount](
    verb="call_again",
    label=_("Call back again"),
    past=_("called the company back again"),
    source=one_of(BankAccount.Status.CONFIRMED),
    allowed=alone(second_person),
)
RETIRE = Move[BankAccount](
    verb="retire",
    label=_("Use no longer"),
    past=_("retired the account"),
    source=one_of(BankAccount.Status.PROPOSED, BankAccount.Status.CONFIRMED),
    target=BankAccount.Status.RETIRED,
    allowed=alone(may_enter),
    reason=True,
)
ACCOUNT_MOVES = Moves(
    BankAccount,
    PROPOSE,
    CONFIRM,
    CALL_AGAIN,
    RETIRE,
    ends={BankAccount.Status.RETIRED: "kept for the record"},
)
