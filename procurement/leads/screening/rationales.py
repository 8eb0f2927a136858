"""Grounds on which a rule blocks or only warns. Only a ground with `may_block` may block (ADR 80)."""

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening.rule import Rationale

# They rest on the offer itself, an authority, an issuer, two persons, or a published source firm on the day.
CONTRADICTION = Rationale(
    _("It blocks: the offer or its papers contradict themselves, and nobody else need be asked to see it."),
    may_block=True,
)
PUBLISHED_SOURCE = Rationale(
    _(
        "It blocks where its source is firm and surely in force on the day; else it warns and says why it is unsure."
    ),
    may_block=True,
)
OFFICIAL_ANSWER = Rationale(
    _(
        "It blocks where an office of the state answers about whom it asks for; else it warns and says why it is unsure."
    ),
    may_block=True,
)
ISSUER_ANSWER = Rationale(_("It blocks: its issuer, or whoever looked at it, said so."), may_block=True)
TWO_PERSONS = Rationale(
    _(
        "It blocks until two persons have judged it in writing: a name alone is no proof, and no risk is taken on it."
    ),
    may_block=True,
)
CALL_BACK = Rationale(
    _("It blocks until a second person has called back: a change at the last minute is how money was lost."),
    may_block=True,
)
SHARED = Rationale(
    _(
        "It blocks: two companies cannot both own it. Where others may honestly share it, it warns and says why."
    ),
    may_block=True,
)

# They never block.
MAYBE_HONEST = Rationale(_("It only warns: there may be an honest reason for it."))
ADVICE = Rationale(_("It only warns: it is advice from alerts about fraud, and no proof."))
OWN_NUMBER = Rationale(_("It only warns: its number is our own, and no law’s."))
DERIVED_FIGURE = Rationale(
    _("It only warns: its figure is derived or remembered, and not published as such.")
)
UNOFFICIAL_WORD = Rationale(_("It only warns: it is somebody’s word, and no register’s."))
STILL_MISSING = Rationale(_("It only warns: what is missing may still come."))
CUSTOMS_REFUSES = Rationale(
    _("It only warns: a customs rule whose source is firm refuses the shipment itself.")
)
NOTHING_WRONG = Rationale(_("A note: nothing is wrong with it."))
ASKS_FOR_CHECK = Rationale(
    _(
        "It stops nobody by itself: it asks for a check, and the offer is verified once its report is accepted."
    )
)
REFUSES_ORDER = Rationale(
    _("The order is refused until a reason is written down: advances are where the money was lost.")
)
HOLDS_PAYMENT = Rationale(_("No payment is released meanwhile."))
ASKS_FOR_REASON = Rationale(_("The order asks for the reason, which stays in its record."))
