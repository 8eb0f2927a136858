"""The life of an account: entered by one person, confirmed by a second after calling back, cooled, retired."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.suppliers.models import BankAccount
from procurement.suppliers.rules.rights import may_edit
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused
from workflow.moves import Move, Moves, one_of

COOLING = timedelta(hours=48)  # between confirming an account and paying into it
LONGEST_NUMBER = 60  # characters of an account number, as it is kept
B = BankAccount.Status


def fault(number: str) -> Refused | None:
    """What is wrong with an account number as it is kept, with its field; None where it can be one."""
    if number and len(number) <= LONGEST_NUMBER:
        return None
    return Refused("bad_number", _("Give the account number, in letters and figures."), field="number")


def second_person(by: Actor, account: BankAccount) -> bool | Refused:
    """An account is confirmed by an officer or by whoever pays, and never by whoever proposed it."""
    if not (may_edit(by, account) or by.may(Power.PAY, account)):
        return False
    if by.user_id == account.proposed_by_id:
        return Refused(
            NOT_ALLOWED, _("A second person confirms an account: you entered it yourself."), show=True
        )
    return True


PROPOSE = Move[BankAccount](
    verb="propose",
    label=_("Enter an account"),
    past=_("entered the account"),
    target=B.PROPOSED,
    allowed=may_edit,
)
CONFIRM = Move[BankAccount](
    verb="confirm",
    label=_("Confirm after calling back"),
    past=_("confirmed the account after calling back"),
    source=one_of(B.PROPOSED),
    target=B.CONFIRMED,
    allowed=second_person,
)
RETIRE = Move[BankAccount](
    verb="retire",
    label=_("Use no longer"),
    past=_("retired the account"),
    source=one_of(B.PROPOSED, B.CONFIRMED),
    target=B.RETIRED,
    allowed=may_edit,
    reason=True,
)
ACCOUNT_MOVES = Moves(BankAccount, PROPOSE, CONFIRM, RETIRE, ends={B.RETIRED: "kept for the record"})
