"""Rules for findings: who may answer one, and when it is raised again."""

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.leads.models.findings import Finding
from procurement.suppliers.rules.statuses import uninvolved
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, not_ready, one_of

# Two persons decide on the watchlist match; the finding follows their decision.
WATCHLIST_CODES = frozenset({"list_match", "list_confirmed"})
# A second person calls the company back, then a waiting time passes; see the account (docs/rules/orders.md).
ACCOUNT_CODES = frozenset({"account_changed", "account_after_contract", "payment_urgent"})
# A written answer cannot make a false declaration true. A new need, declared use or product clears it.
USE_CODES = frozenset({"use_false"})
# The manufacturer denies the seller or the lot: a hard stop that no answer lifts (facts/fraud.md, R4).
# A new answer of the manufacturer clears it, or the withdrawal of a mistaken register lookup.
MAKER_CODES = frozenset({"distributor_unknown", "lot_unknown"})
# Findings that no answer or override lifts (docs/rules/orders.md): each follows the decision on another object.
# Add a new code of this sort to one of these sets.
NOT_ANSWERABLE = SECOND_PERSON_CODES = WATCHLIST_CODES | ACCOUNT_CODES | USE_CODES | MAKER_CODES

SECOND_APPROVER_CODES = frozenset({"flags_together"})  # the author of the order cannot approve it alone

# An unusual price needs extra checks. A price that is too low also needs a test of a sample.
LOW_PRICE_CODES = frozenset({"price_under_floor", "price_under_old_floor"})
HIGH_PRICE_CODES = frozenset({"price_high", "price_above_band", "price_four_times", "price_times_list"})
PRICE_CODES = HIGH_PRICE_CODES | LOW_PRICE_CODES | {"price_low"}


def may_answer(by: Actor, finding: Finding) -> bool | Refused:
    """Return True for officers and verifiers of the city, unless the company concerns them."""
    lead = finding.lead
    return by.may(Power.JUDGE_LEAD, finding) and (uninvolved(by, lead.supplier_id, lead.maker_id) or True)


def answerable(finding: Finding) -> Refused | None:
    """Return a refusal for a finding that only a decision elsewhere can lift, else None.

    Such a finding is cleared when the decision on its match, account, use or manufacturer is made.
    """
    if finding.code not in NOT_ANSWERABLE:
        return None
    if finding.code in ACCOUNT_CODES:
        return not_ready(
            _(
                "No answer lifts this: a second person calls the company back on a number that a contact confirmed, and confirms the "
                "account or retires it."
            )
        )
    if finding.code in USE_CODES:
        return not_ready(
            _(
                "No answer lifts this: correct who will use the goods in the need, or choose other goods or another declared use."
            )
        )
    if finding.code in MAKER_CODES:
        words = _(
            "No answer lifts this: ask the maker again and record its new answer. If %(look_up)s was recorded by mistake, take it back."
        )
        return not_ready(words % {"look_up": finding.subject}, look_up=finding.subject)
    words = _("No answer lifts this: two persons judge %(match)s in writing.")
    return not_ready(words % {"match": finding.subject}, match=finding.subject)


def system_only(by: Actor, thing: object) -> bool:
    """Return False: no person may make this move, only the system."""
    return False


FIND = Move[Finding](
    verb="find",
    label=_("Find"),
    past=_("noticed"),
    target=Finding.Status.OPEN,
    allowed=system_only,
    clock=True,
)
ANSWER = Move[Finding](
    verb="answer",
    label=_("Answer in writing"),
    past=_("answered the finding"),
    source=one_of(Finding.Status.OPEN),
    target=Finding.Status.EXPLAINED,
    allowed=may_answer,
    ready=answerable,
    reason=True,
)
UPHOLD = Move[Finding](
    verb="uphold",
    label=_("It stands"),
    past=_("upheld it"),
    source=one_of(Finding.Status.OPEN, Finding.Status.EXPLAINED),
    target=Finding.Status.UPHELD,
    allowed=may_answer,
    reason=True,
)
RAISE_AGAIN = Move[Finding](
    verb="raise_again",
    label=_("Raise again"),
    past=_("noticed it again"),
    source=one_of(Finding.Status.EXPLAINED, Finding.Status.RESOLVED),
    target=Finding.Status.OPEN,
    allowed=system_only,
    clock=True,
)
RESTATE = Move[Finding](
    verb="restate",
    label=_("State anew"),
    past=_("noticed other figures"),
    source=one_of(Finding.Status.OPEN, Finding.Status.UPHELD),
    allowed=system_only,
    clock=True,
)
CLEAR = Move[Finding](
    verb="clear",
    label=_("No longer so"),
    past=_("noticed that it is no longer so"),
    source=one_of(Finding.Status.OPEN, Finding.Status.EXPLAINED, Finding.Status.UPHELD),
    target=Finding.Status.RESOLVED,
    allowed=system_only,
    clock=True,
)
FINDING_MOVES = Moves(
    Finding,
    FIND,
    ANSWER,
    UPHOLD,
    RAISE_AGAIN,
    RESTATE,
    CLEAR,
    ends={},
)
