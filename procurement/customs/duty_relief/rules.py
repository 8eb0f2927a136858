"""Status transitions of a duty relief claim, with the amount saved, the proof of end use and the reminders."""

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from django.utils.translation import gettext_lazy as _

from partners.powers import Power
from procurement.catalogue.models.customs import DutyRelief
from procurement.customs.duty_relief.models import ReliefClaim
from procurement.customs.rules import may_clear
from workflow.actors import Actor
from workflow.errors import Refused
from workflow.i18n import LocalizedCount
from workflow.moves import Move, Moves, one_of, system_only

ONE_CENT = Decimal("0.01")  # the unit in which customs calculates
REMINDER_DAYS = (30, 7, 0)  # before the deadline, the first reminder first
FIRST_REMINDER_LEAD_TIME = timedelta(days=REMINDER_DAYS[0])


def may_claim(by: Actor, claim: ReliefClaim) -> bool:
    """Return True if the actor may declare: the city's staff and the shipment's broker."""
    return may_clear(by, claim.declaration.clearance)


def may_manage_claim(by: Actor, claim: ReliefClaim) -> bool:
    """Return True if the actor may clear customs for the city.

    A broker declares, but the city answers for the condition.
    """
    return by.may(Power.CLEAR_CUSTOMS, claim)


def saved_amount(
    value: Decimal, duty: Decimal | None, tax: Decimal | None, relief: DutyRelief
) -> Decimal | None:
    """Return how much duty and tax a relief saves on goods of a value.

    Returns None if the rate of a duty or tax that it relieves is unknown. Tax is due on the value and the
    duty together (Canada: Excise Tax Act, section 215), so a relief from duty alone lowers the tax as well.
    Without a tax rate, such a relief saves only the duty. Without a duty rate, a relief from tax alone saves
    the tax on the value.
    """
    if (relief.relieves_duty and duty is None) or (relief.relieves_tax and tax is None):
        return None
    due = value * (duty or 0) / 100
    still_due = Decimal(0) if relief.relieves_duty else due
    taxed = (value + due) * (tax or 0) / 100
    still_taxed = Decimal(0) if relief.relieves_tax else (value + still_due) * (tax or 0) / 100
    return (due - still_due + taxed - still_taxed).quantize(ONE_CENT, ROUND_HALF_EVEN)


def reminders_due(claim: ReliefClaim, today: date) -> int:
    """Return how many of the three reminders are due: 30 and 7 days before the deadline, and on it."""
    if claim.prove_by is None:
        return 0
    return sum(today >= claim.prove_by - timedelta(days=days) for days in REMINDER_DAYS)


def incomplete_proof_refusal(claim: ReliefClaim, shown: int, files: int, explanation: str) -> Refused | None:
    """Return a refusal if the end use is not shown.

    It is shown by a document and by distributions of every relieved piece. If fewer pieces were
    distributed, a written explanation is needed.
    """
    if not files:
        words = _(
            "First add the document that proves the end use, such as a hospital receipt or a stamped list."
        )
        return Refused("file_missing", words)
    if claim.pieces is None:
        return Refused("pieces_missing", _("First enter the number of units the relief was claimed for."))
    if shown >= claim.pieces or explanation.strip():
        return None
    words = _(
        "%(shown)s of %(pieces)s units were distributed to places that meet the condition. Explain what happened "
        "to the others."
    )
    figures = {"shown": LocalizedCount(shown), "pieces": LocalizedCount(claim.pieces)}
    return Refused("not_all_shown", words % figures, **figures, field="explanation")


CLAIM_RELIEF = Move[ReliefClaim](
    verb="claim",
    label=_("Claim relief"),
    past_tense=_("claimed relief that requires proof of end use"),
    target=ReliefClaim.Status.PROOF_DUE,
    allowed=may_claim,
)
CLAIM_WITHOUT_PROOF = Move[ReliefClaim](
    verb="claim_freely",
    label=_("Claim unconditional relief"),
    past_tense=_("claimed relief"),
    target=ReliefClaim.Status.NO_PROOF_NEEDED,
    allowed=may_claim,
)
CORRECT_CLAIM = Move[ReliefClaim](
    verb="correct",
    label=_("Correct details"),
    past_tense=_("corrected the relief claim"),
    source=one_of(
        ReliefClaim.Status.PROOF_DUE, ReliefClaim.Status.NO_PROOF_NEEDED, ReliefClaim.Status.UNPROVEN
    ),
    allowed=may_manage_claim,
    requires_reason=True,
)
REMIND = Move[ReliefClaim](
    verb="remind",
    label=_("Send deadline reminder"),
    past_tense=_("sent a deadline reminder"),
    source=one_of(ReliefClaim.Status.PROOF_DUE),
    allowed=system_only,
    allowed_for_system=True,
)
PROVE = Move[ReliefClaim](
    verb="prove",
    label=_("Record proof of end use"),
    past_tense=_("recorded the proof of end use"),
    source=one_of(ReliefClaim.Status.PROOF_DUE),
    target=ReliefClaim.Status.PROVEN,
    allowed=may_manage_claim,
    undo_verb="reopen",
)
MARK_UNPROVEN = Move[ReliefClaim](
    verb="mark_unproven",
    label=_("Record that end use cannot be proven"),
    past_tense=_("recorded that the end use cannot be proven"),
    source=one_of(ReliefClaim.Status.PROOF_DUE),
    target=ReliefClaim.Status.UNPROVEN,
    allowed=may_manage_claim,
    requires_reason=True,
    undo_verb="reopen",
)
REPAY = Move[ReliefClaim](
    verb="repay",
    label=_("Record repayment"),
    past_tense=_("recorded the repayment"),
    source=one_of(ReliefClaim.Status.UNPROVEN),
    target=ReliefClaim.Status.REPAID,
    allowed=may_manage_claim,
)
REOPEN = Move[ReliefClaim](
    verb="reopen",
    label=_("Reopen claim"),
    past_tense=_("reopened the claim: proof of end use is due again"),
    source=one_of(ReliefClaim.Status.PROVEN, ReliefClaim.Status.UNPROVEN, ReliefClaim.Status.REPAID),
    target=ReliefClaim.Status.PROOF_DUE,
    allowed=may_manage_claim,
    requires_reason=True,
)
RELIEF_MOVES = Moves(
    ReliefClaim,
    CLAIM_RELIEF,
    CLAIM_WITHOUT_PROOF,
    CORRECT_CLAIM,
    REMIND,
    PROVE,
    MARK_UNPROVEN,
    REPAY,
    REOPEN,
    ends={ReliefClaim.Status.NO_PROOF_NEEDED: "the relief asks for no proof"},
)
