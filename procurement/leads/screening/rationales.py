"""Rationales of screening rules. Only a rule whose rationale has `may_block` may block (ADR 80)."""

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening.rule_types import Rationale

# They rest on the offer itself, an authority, an issuer, two persons, or a published source firm on the day.
CONTRADICTION = Rationale(
    _(
        "Blocks because the offer or its documents contradict themselves, which is clear without "
        "asking anyone else."
    ),
    may_block=True,
)
PUBLISHED_SOURCE = Rationale(
    _(
        "Blocks if the source is reliable and clearly in force on that date; otherwise warns and says "
        "what is uncertain."
    ),
    may_block=True,
)
OFFICIAL_ANSWER = Rationale(
    _(
        "Blocks if a government authority gave the answer about the party; otherwise warns and says "
        "what is uncertain."
    ),
    may_block=True,
)
ISSUER_ANSWER = Rationale(
    _("Blocks because the answer comes from the issuer or from someone who examined the document."),
    may_block=True,
)
DECIDED_BY_TWO = Rationale(
    _(
        "Blocks until two people have reviewed the match in writing. A name alone is not proof, "
        "but the risk is too high."
    ),
    may_block=True,
)
CALL_BACK = Rationale(
    _(
        "Blocks until another person has called the supplier back, because money has been lost "
        "through last-minute account changes."
    ),
    may_block=True,
)
SHARED_BY_COMPANIES = Rationale(
    _(
        "Blocks because two companies cannot own the same account or number. If they may "
        "legitimately share it, only warns and explains why."
    ),
    may_block=True,
)

# They never block.
MAY_BE_LEGITIMATE = Rationale(_("Warning only: there may be a legitimate reason."))
FRAUD_ALERT_ADVICE = Rationale(_("Warning only: this is advice from fraud alerts, not proof."))
OWN_FIGURE = Rationale(_("Warning only: the figure is our own estimate and is not set by law."))
DERIVED_FIGURE = Rationale(
    _("Warning only: the figure is derived or from memory, and not published as such.")
)
UNOFFICIAL_STATEMENT = Rationale(_("Warning only: this is someone’s statement, not a register entry."))
STILL_MISSING = Rationale(_("Warning only: the missing information may still arrive."))
CUSTOMS_MAY_REFUSE = Rationale(
    _("Warning only: the shipment itself is blocked by a customs rule with a reliable source.")
)
NOTHING_WRONG = Rationale(_("For information only: there is no problem."))
CHECK_REQUIRED = Rationale(
    _(
        "Does not block by itself. A check is required, and the offer can be verified once the "
        "report is accepted."
    )
)
ORDER_BLOCKED = Rationale(
    _("The order is blocked until a reason is entered, because most past losses came from advance payments.")
)
PAYMENT_HELD = Rationale(
    _("No payment is released until the callback is made and the waiting period has ended.")
)
REASON_REQUIRED = Rationale(_("A reason must be entered on the order and stays on record."))
