"""Remedies that settle a finding.

A finding whose remedy has a refusal cannot be answered: it ends with a decision elsewhere, such as on a bank account.
"""

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening.rule_types import Remedy

WRITTEN_RESPONSE = Remedy(
    _(
        "A procurement officer or verifier responds in writing or upholds the finding. The "
        "finding is raised again if its figures change."
    )
)
CORRECT_FACT = Remedy(_("Resolved when the fact is corrected, or when someone responds."))
# A written answer cannot make a false declaration true. A new need, declared use or product clears it.
CORRECT_USE = Remedy(
    _(
        "A response does not resolve the finding. The finding is resolved when the need states who will "
        "use the goods, or when other goods or another declared use are chosen."
    ),
    refusal=_(
        "A response does not resolve this. Correct the users stated in the need, or choose other "
        "goods or another declared use."
    ),
)
SHOW_CERTIFICATE = Remedy(_("Resolved when the right document is provided, or when someone responds."))
# Two persons decide on the watchlist match; the finding follows their decision.
TWO_PERSON_REVIEW = Remedy(
    _("A response does not resolve the finding: two people must review the match in writing."),
    refusal=_("A response does not resolve this: two people must review %(match)s in writing."),
    subject_figure_name="match",
)
SECOND_APPROVER = Remedy(
    _(
        "The order must go to an approver who did not create it. A response explains the finding but does "
        "not remove this requirement."
    )
)
CALL_BACK = Remedy(
    _("Another person must call back on a number confirmed by a contact, or the account must be retired.")
)
# A second person calls the company back, then a waiting time passes; see the account (docs/rules/orders.md).
CALL_BACK_AND_WAIT = Remedy(
    _(
        "A response does not resolve the finding. Another person must call back on a number "
        "confirmed by a contact, and the waiting time must pass, or the account must be retired."
    ),
    refusal=_(
        "A response does not resolve this. Another person must call the supplier back on a number "
        "confirmed by a contact, and then confirm or retire the account."
    ),
)
LOOK_UP_AGAIN = Remedy(
    _(
        "Check again: the newest answer from each register counts. Withdraw an entry made by "
        "mistake; otherwise respond in writing."
    )
)
# The manufacturer denies the seller or the lot: a hard stop that no answer lifts (facts/fraud.md, R4).
# A new answer of the manufacturer clears it, or the withdrawal of a mistaken register lookup.
ASK_MANUFACTURER_AGAIN = Remedy(
    _(
        "A response does not resolve the finding. Ask the manufacturer again and record its new "
        "answer, or withdraw the lookup if it was recorded by mistake."
    ),
    refusal=_(
        "A response does not resolve this. Ask the manufacturer again and record its new answer. "
        "If %(look_up)s was recorded by mistake, withdraw it."
    ),
    subject_figure_name="look_up",
)
ASK_MANUFACTURER = Remedy(_("Ask the manufacturer and record the answer; otherwise respond in writing."))
ASK_ISSUER = Remedy(_("Ask the issuer and record the answer; otherwise respond in writing."))
LOOK_UP_IN_NANDO = Remedy(
    _(
        "Look up the body in NANDO for this act, these goods, this module and that date, and "
        "enter here what you find."
    )
)
PRICE_CHECK = Remedy(_("Ask the supplier to explain the price, and enter the explanation as your response."))
TEST_SAMPLE = Remedy(_("Have a laboratory test a sample, and enter the result as your response."))
MERGE_DUPLICATES = Remedy(
    _("Merge the two records if they are the same company; otherwise explain why they are not.")
)
PROOF_OF_ARRIVAL = Remedy(
    _("Resolved when the carrier or the goods receipt shows otherwise, or when someone responds.")
)
RESEND_REPORT = Remedy(
    _("Resolved when the report is sent again or the check is redone, or when someone responds.")
)
NO_ACTION_NEEDED = Remedy(_("No action is needed. You can add a response."))
ACCEPTED_REPORT = Remedy(_("Someone on site carries out the check, and the city accepts the report."))
CHANGE_OR_EXPLAIN = Remedy(_("Change the order or enter the reason."))
