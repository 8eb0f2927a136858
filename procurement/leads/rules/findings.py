"""Who answers what screening noticed, and when it is noticed again."""

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.leads.models.finding import Finding
from procurement.suppliers.rules.judgements import uninvolved
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, not_ready, one_of

# Two persons judge the match itself, and the finding follows it.
OF_LISTS = frozenset({"list_match", "list_confirmed"})
# A second person calls the company back, and the account cools: the finding follows the account (ADR 78).
OF_ACCOUNTS = frozenset({"account_changed", "account_after_contract", "payment_urgent"})
# The importer would sign a false declaration: a sentence makes it no truer. It goes with the need, the use declared or the goods.
OF_USE = frozenset({"use_false"})
# The maker itself denies the seller or the lot, a hard stop by itself (facts/fraud.md, R4): no sentence of the seller's changes that.
# It goes with the maker's new answer, or with the look-up where that was a mistake.
OF_MAKERS = frozenset({"distributor_unknown", "lot_unknown"})
# Findings that no answer lifts and no override covers (ADR 76): each is settled on a row of its own, which the finding follows. A new
# code of this sort is one word in one of these.
NOT_ANSWERED = SECOND_PERSON = OF_LISTS | OF_ACCOUNTS | OF_USE | OF_MAKERS

SECOND_APPROVER = frozenset({"flags_together"})  # whoever wrote the order does not approve it alone

# A price that stands out asks for checks of its own; one that is too cheap for a test of a sample, too.
TOO_CHEAP = frozenset({"price_under_floor", "price_under_old_floor"})
TOO_DEAR = frozenset({"price_high", "price_above_band", "price_four_times", "price_times_list"})
OF_PRICE = TOO_DEAR | TOO_CHEAP | {"price_low"}


def may_answer(by: Actor, finding: Finding) -> bool | Refused:
    """Officers and verifiers of the city, but nobody whom the company concerns."""
    lead = finding.lead
    return by.may(Power.JUDGE_LEAD, finding) and (uninvolved(by, lead.supplier_id, lead.maker_id) or True)


def answerable(finding: Finding) -> Refused | None:
    """Findings that rest on somebody else's judgement are not answered: they go when that is made."""
    if finding.code not in NOT_ANSWERED:
        return None
    if finding.code in OF_ACCOUNTS:
        return not_ready(
            _(
                "No answer lifts this: a second person calls the company back on a number that a contact confirmed, and confirms the "
                "account or retires it."
            )
        )
    if finding.code in OF_USE:
        return not_ready(
            _(
                "No answer lifts this: correct who will use the goods in the need, or choose other goods or another declared use."
            )
        )
    if finding.code in OF_MAKERS:
        words = _(
            "No answer lifts this: ask the maker again and record its new answer. If %(look_up)s was recorded by mistake, take it back."
        )
        return not_ready(words % {"look_up": finding.subject}, look_up=finding.subject)
    words = _("No answer lifts this: two persons judge %(match)s in writing.")
    return not_ready(words % {"match": finding.subject}, match=finding.subject)


def nobody(by: Actor, thing: object) -> bool:
    """Only the machine makes this move."""
    return False


FIND = Move[Finding](
    verb="find", label=_("Find"), past=_("noticed"), target=Finding.Status.OPEN, allowed=nobody, clock=True
)
ANSWER = Move[Finding](
    verb="answer",
    label=_("Answer in writing"),
    past=_("answered the finding"),
    source=one_of(Finding.Status.OPEN),
    target=Finding.Status.ANSWERED,
    allowed=may_answer,
    ready=answerable,
    reason=True,
)
UPHOLD = Move[Finding](
    verb="uphold",
    label=_("It stands"),
    past=_("upheld it"),
    source=one_of(Finding.Status.OPEN, Finding.Status.ANSWERED),
    target=Finding.Status.UPHELD,
    allowed=may_answer,
    reason=True,
)
RAISE_AGAIN = Move[Finding](
    verb="raise_again",
    label=_("Raise again"),
    past=_("noticed it again"),
    source=one_of(Finding.Status.ANSWERED, Finding.Status.GONE),
    target=Finding.Status.OPEN,
    allowed=nobody,
    clock=True,
)
RESTATE = Move[Finding](
    verb="restate",
    label=_("State anew"),
    past=_("noticed other figures"),
    source=one_of(Finding.Status.OPEN, Finding.Status.UPHELD),
    allowed=nobody,
    clock=True,
)
CLEAR = Move[Finding](
    verb="clear",
    label=_("No longer so"),
    past=_("noticed that it is no longer so"),
    source=one_of(Finding.Status.OPEN, Finding.Status.ANSWERED, Finding.Status.UPHELD),
    target=Finding.Status.GONE,
    allowed=nobody,
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
