"""The life of a claimed relief: what it saves, whose places meet its condition, when it is reminded of, who may settle it. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from procurement.catalogue.models.customs import DutyRelief
from procurement.shipments.models.handouts import HandOut
from procurement.shipments.models.reliefs import ReliefClaim
from procurement.shipments.rules.customs import may_clear
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.moves import Move, Moves, one_of
from workflow.tongues import Figure

CENTS = Decimal("0.01")  # customs reckons in them
DAYS_BEFORE = (30, 7, 0)  # before the deadline, the first reminder first
FIRST = timedelta(days=DAYS_BEFORE[0] + 1)  # a day more: it is tomorrow somewhere


def may_claim(by: Actor, claim: ReliefClaim) -> bool:
    """Whoever declares: the city's people, and the broker the shipment was given to."""
    return may_clear(by, claim.declaration.lane)


def may_keep(by: Actor, claim: ReliefClaim) -> bool:
    """Whoever clears customs for the city. A broker declares; the city answers for the condition."""
    return by.may(Power.CLEAR, claim)


def nobody(by: Actor, claim: ReliefClaim) -> bool:
    """Only the clock reminds."""
    return False


def saved_by(value: Decimal, duty: Decimal | None, tax: Decimal | None, relief: DutyRelief) -> Decimal | None:
    """What a relief saves on a value, in the value's currency; None where a rate it turns on is not known.

    Tax is asked of the value and the duty together (Canada: Excise Tax Act, section 215), so a relief from duty alone lowers the
    tax as well; where the tax is not known it is left out: the amount is then that of the duty.
    """
    if (relief.relieves_duty and duty is None) or (relief.relieves_tax and tax is None):
        return None
    due = value * (duty or 0) / 100
    still_due = Decimal(0) if relief.relieves_duty else due
    taxed = (value + due) * (tax or 0) / 100
    still_taxed = Decimal(0) if relief.relieves_tax else (value + still_due) * (tax or 0) / 100
    return (due - still_due + taxed - still_taxed).quantize(CENTS, ROUND_HALF_EVEN)


def counts(claim: ReliefClaim, outs: Iterable[HandOut]) -> int:
    """How many of the pieces that stand handed out are at places that meet the condition.

    A place of which nobody has said who uses the goods meets it only where the condition names no kind of place.
    """
    return sum(out.quantity for out in outs if not claim.places or out.receiver in claim.places)


def due_by(claim: ReliefClaim, today: date) -> int:
    """How many of its three reminders are due by a day: 30 days and 7 days before its deadline, and on it."""
    if claim.prove_by is None:
        return 0
    return sum(today >= claim.prove_by - timedelta(days=days) for days in DAYS_BEFORE)


def shown_enough(claim: ReliefClaim, shown: int, files: int, word: str) -> Refused | None:
    """The end use is shown by hand-outs of every relieved piece and a paper that says so; what is short of it takes a word."""
    if not files:
        words = _(
            "Add the paper that shows the end use first: a receipt of the hospital, a list with its stamp."
        )
        return Refused("file_missing", words)
    if claim.pieces is None:
        return Refused("pieces_missing", _("Say first how many pieces the relief was claimed for."))
    if shown >= claim.pieces or word.strip():
        return None
    words = _(
        "%(shown)s of %(pieces)s pieces were handed out to places that meet the condition. Say what became of the others."
    )
    figures = {"shown": Figure(shown), "pieces": Figure(claim.pieces)}
    return Refused("not_all_shown", words % figures, **figures, field="word")


CLAIM = Move[ReliefClaim](
    verb="claim",
    label=_("Claim a relief"),
    past=_("claimed a relief, whose end use has to be shown"),
    target=ReliefClaim.Status.OPEN,
    allowed=may_claim,
)
CLAIM_FREELY = Move[ReliefClaim](
    verb="claim_freely",
    label=_("Claim a relief without a condition"),
    past=_("claimed a relief"),
    target=ReliefClaim.Status.CLEAR,
    allowed=may_claim,
)
CORRECT = Move[ReliefClaim](
    verb="correct",
    label=_("Correct"),
    past=_("corrected the row"),
    source=one_of(ReliefClaim.Status.OPEN, ReliefClaim.Status.CLEAR, ReliefClaim.Status.NOT_PROVEN),
    allowed=may_keep,
    reason=True,
)
REMIND = Move[ReliefClaim](
    verb="remind",
    label=_("Remind"),
    past=_("reminded of the deadline"),
    source=one_of(ReliefClaim.Status.OPEN),
    allowed=nobody,
    clock=True,
)
PROVE = Move[ReliefClaim](
    verb="prove",
    label=_("End use shown"),
    past=_("showed the end use"),
    source=one_of(ReliefClaim.Status.OPEN),
    target=ReliefClaim.Status.PROVEN,
    allowed=may_keep,
)
NOT_PROVEN = Move[ReliefClaim](
    verb="not_proven",
    label=_("Cannot be shown"),
    past=_("noted that the end use cannot be shown"),
    source=one_of(ReliefClaim.Status.OPEN),
    target=ReliefClaim.Status.NOT_PROVEN,
    allowed=may_keep,
    reason=True,
)
REPAY = Move[ReliefClaim](
    verb="repay",
    label=_("Repaid"),
    past=_("noted what was repaid"),
    source=one_of(ReliefClaim.Status.NOT_PROVEN),
    target=ReliefClaim.Status.REPAID,
    allowed=may_keep,
)
REOPEN = Move[ReliefClaim](
    verb="reopen",
    label=_("Take it back"),
    past=_("took it back: the end use is to be shown"),
    source=one_of(ReliefClaim.Status.PROVEN, ReliefClaim.Status.NOT_PROVEN, ReliefClaim.Status.REPAID),
    target=ReliefClaim.Status.OPEN,
    allowed=may_keep,
    reason=True,
)
RELIEF_MOVES = Moves(
    ReliefClaim,
    CLAIM,
    CLAIM_FREELY,
    CORRECT,
    REMIND,
    PROVE,
    NOT_PROVEN,
    REPAY,
    REOPEN,
    ends={ReliefClaim.Status.CLEAR: "the relief asks for no proof"},
)
