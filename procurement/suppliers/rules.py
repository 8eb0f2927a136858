"""Who may enter, correct and judge companies, their certificates and their accounts; and when two rows are one company."""

import re
from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc as uscc_numbers

from partners.roles import Power
from procurement.suppliers.models import BankAccount, Brought, Certificate, Standing, Supplier
from workflow.actors import Actor
from workflow.errors import NOT_ALLOWED, Refused, Words
from workflow.moves import Move, Moves, one_of
from workflow.search import fold

COOLING = timedelta(hours=48)  # between confirming an account and paying into it
# Words that say what a company is, not which: left out when names are compared.
_FORMS = re.compile(
    r"\b(co|company|ltd|limited|inc|corp|corporation|gmbh|sa|llc|demo)\b|有限责任公司|股份有限公司|有限公司|公司"
)


def name_key(name: str) -> str:
    """A company's name as it is compared: folded, without its legal form, without spaces and punctuation."""
    return "".join(char for char in _FORMS.sub(" ", fold(name)) if char.isalnum())


def number_key(number: str) -> str:
    """A number as it is compared: upper case letters and digits only, whatever the script."""
    return "".join(char for char in fold(number).upper() if char.isalnum())


def uscc_fault(number: str) -> str:
    """What is wrong with a Chinese company number: "" (nothing), "length", "characters" or "check_digit".

    Check digit mod 31 with weights 3^i (GB 32100-2015), by python-stdnum.
    """
    key = number_key(number)
    if len(key) != 18:
        return "length"
    if uscc_numbers.is_valid(key):
        return ""
    alphabet = set("0123456789ABCDEFGHJKLMNPQRTUWXY")
    return "check_digit" if set(key) <= alphabet else "characters"


def may_enter(by: Actor, thing: Brought) -> bool:
    """Officers of any city in the network; a contact for what they answer a question with."""
    return by.may(Power.EDIT_SUPPLIER, thing) or by.may(Power.OFFER_LEAD, thing)


def may_edit(by: Actor, thing: object) -> bool:
    """Officers of any city in the network: facts are shared."""
    return by.may(Power.EDIT_SUPPLIER, thing)


def may_check(by: Actor, thing: object) -> bool:
    """Officers and verifiers of any city in the network."""
    return by.may(Power.JUDGE_LEAD, thing)


def second_person(by: Actor, account: BankAccount) -> bool | Refused:
    """An account is confirmed by an officer or by whoever pays, and never by whoever proposed it."""
    if not (may_edit(by, account) or by.may(Power.PAY, account)):
        return False
    if by.user_id == account.proposed_by_id:
        return Refused(
            NOT_ALLOWED, _("A second person confirms an account: you entered it yourself."), show=True
        )
    return True


S = Supplier.Status
C = Certificate.Status
B = BankAccount.Status
J = Standing.Status
ANY_STANDING = one_of(J.APPROVED, J.WATCHED, J.SUSPENDED, J.BANNED)
UNJUDGED = one_of(C.CLAIMED, C.FORMAT_OK, C.SUSPECT)
ANY_CERTIFICATE = frozenset(C.values)

LIST = Move[Supplier](
    verb="list", label=_("Enter a company"), past=_("entered the company"), target=S.LISTED, allowed=may_enter
)
CORRECT = Move[Supplier](
    verb="correct",
    label=_("Correct"),
    past=_("corrected the company"),
    source=one_of(S.LISTED),
    allowed=may_edit,
)
MERGE = Move[Supplier](
    verb="merge",
    label=_("Merge into another"),
    past=_("merged the company"),
    source=one_of(S.LISTED),
    target=S.MERGED,
    allowed=may_edit,
    reason=True,
)
SUPPLIER_MOVES = Moves(Supplier, LIST, CORRECT, MERGE, ends={S.MERGED: "its facts stand under the other row"})

CLAIM = Move[Certificate](
    verb="claim",
    label=_("Add a certificate"),
    past=_("added the certificate"),
    target=C.CLAIMED,
    allowed=may_enter,
)
AMEND = Move[Certificate](
    verb="amend",
    label=_("Correct"),
    past=_("corrected the certificate"),
    source=ANY_CERTIFICATE,
    target=C.CLAIMED,
    allowed=may_edit,
)
PASS_FORMAT = Move[Certificate](
    verb="pass_format",
    label=_("Number well formed"),
    past=_("found the number well formed"),
    source=one_of(C.CLAIMED),
    target=C.FORMAT_OK,
    allowed=may_check,
    clock=True,
)
SUSPECT = Move[Certificate](
    verb="suspect",
    label=_("Suspect"),
    past=_("found the certificate suspect"),
    source=one_of(C.CLAIMED, C.FORMAT_OK),
    target=C.SUSPECT,
    allowed=may_check,
    clock=True,
)
CONFIRM_WITH_ISSUER = Move[Certificate](
    verb="confirm",
    label=_("Confirmed by the issuer"),
    past=_("confirmed it with the issuer"),
    source=UNJUDGED,
    target=C.CONFIRMED,
    allowed=may_check,
    reason=True,
)
NOT_CONFIRMED = Move[Certificate](
    verb="mark_unconfirmable",
    label=_("Could not be confirmed"),
    past=_("could not confirm it"),
    source=UNJUDGED,
    target=C.UNCONFIRMABLE,
    allowed=may_check,
    reason=True,
)
ALTERED = Move[Certificate](
    verb="mark_altered",
    label=_("Altered"),
    past=_("found it altered"),
    source=UNJUDGED,
    target=C.ALTERED,
    allowed=may_check,
    reason=True,
)
WRONG_SCOPE = Move[Certificate](
    verb="mark_wrong_scope",
    label=_("Not for these goods"),
    past=_("found that it is not for these goods"),
    source=UNJUDGED,
    target=C.WRONG_SCOPE,
    allowed=may_check,
    reason=True,
)
CERTIFICATE_MOVES = Moves(
    Certificate,
    CLAIM,
    AMEND,
    PASS_FORMAT,
    SUSPECT,
    CONFIRM_WITH_ISSUER,
    NOT_CONFIRMED,
    ALTERED,
    WRONG_SCOPE,
    ends={},
)

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


def _standing(verb: str, label: Words, past: Words, target: str) -> Move[Standing]:
    return Move[Standing](
        verb=verb,
        label=label,
        past=past,
        source=ANY_STANDING,
        target=target,
        allowed=may_check,
        reason=True,
    )


JUDGE = Move[Standing](
    verb="judge", label=_("Judge the company"), past=_("judged the company"), allowed=may_check, reason=True
)
APPROVE = _standing("approve", _("Approve"), _("approved the company"), J.APPROVED)
WATCH = _standing("watch", _("Watch"), _("put the company on watch"), J.WATCHED)
SUSPEND = _standing("suspend", _("Suspend"), _("suspended the company"), J.SUSPENDED)
BAN = _standing("ban", _("Ban"), _("banned the company"), J.BANNED)
STANDING_MOVES = Moves(Standing, JUDGE, APPROVE, WATCH, SUSPEND, BAN, ends={})
