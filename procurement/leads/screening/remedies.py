"""Remedies that settle a finding. Those with a refusal cannot be answered: they follow a decision elsewhere."""

from django.utils.translation import gettext_lazy as _

from procurement.leads.screening.rule import Remedy

ANSWER = Remedy(
    _(
        "An officer or verifier answers it in writing, or upholds it; it is raised again when its figures change."
    )
)
CORRECT_FACT = Remedy(_("It goes once the fact is set right; else it is answered in writing."))
# A written answer cannot make a false declaration true. A new need, declared use or product clears it.
CORRECT_USE = Remedy(
    _(
        "No answer lifts it: it goes once the need says who will use the goods, or other goods or another declared use are chosen."
    ),
    refusal=_(
        "No answer lifts this: correct who will use the goods in the need, or choose other goods or another declared use."
    ),
)
SHOW_CERTIFICATE = Remedy(_("It goes once the right paper is shown; else it is answered in writing."))
# Two persons decide on the watchlist match; the finding follows their decision.
TWO_PERSONS = Remedy(
    _("No answer lifts it: two persons judge the match in writing."),
    refusal=_("No answer lifts this: two persons judge %(match)s in writing."),
    subject="match",
)
SECOND_APPROVER = Remedy(
    _(
        "The order goes to an approver who did not write it; an answer in writing explains the finding and does not lift that."
    )
)
CALL_BACK = Remedy(
    _("A second person calls back on a number that a contact confirmed, or the account is retired.")
)
# A second person calls the company back, then a waiting time passes; see the account (docs/rules/orders.md).
CALL_BACK_AND_WAIT = Remedy(
    _(
        "No answer lifts it: a second person calls back on a number that a contact confirmed, and the account cools or is retired."
    ),
    refusal=_(
        "No answer lifts this: a second person calls the company back on a number that a contact confirmed, and confirms the "
        "account or retires it."
    ),
)
LOOK_UP_AGAIN = Remedy(
    _(
        "Look it up again: of each register the newest answer counts. One entered by mistake is taken back; "
        "else it is answered in writing."
    )
)
# The manufacturer denies the seller or the lot: a hard stop that no answer lifts (facts/fraud.md, R4).
# A new answer of the manufacturer clears it, or the withdrawal of a mistaken register lookup.
ASK_MANUFACTURER_AGAIN = Remedy(
    _(
        "No answer lifts it: ask the maker again and record its new answer, or take the look-up back if it was recorded by mistake."
    ),
    refusal=_(
        "No answer lifts this: ask the maker again and record its new answer. If %(look_up)s was recorded by mistake, take it back."
    ),
    subject="look_up",
)
ASK_MANUFACTURER = Remedy(_("Ask the maker and record the answer; else it is answered in writing."))
ASK_ISSUER = Remedy(_("Ask the issuer and record the answer; else it is answered in writing."))
LOOK_UP_IN_NANDO = Remedy(
    _(
        "Look the body up in NANDO, for this act, these goods and this module on that day, and write here what stands there."
    )
)
PRICE_CHECK = Remedy(
    _("The check of the price asks the company to explain; what it says is answered here in writing.")
)
TEST_SAMPLE = Remedy(_("A laboratory tests a sample, and its result is written here as the answer."))
MERGE = Remedy(_("Merge the two where they are one company; else write down why they are two."))
GOODS_ARRIVE = Remedy(
    _("It goes once the carrier or the door says otherwise; else it is answered in writing.")
)
REPORT_AGAIN = Remedy(
    _("It goes when the report is sent anew or the check is made anew; else it is answered in writing.")
)
NOTHING = Remedy(_("Nothing need be done; an answer may be written."))
ACCEPTED_REPORT = Remedy(_("Somebody on the spot makes the check, and the city accepts the report."))
CHANGE_OR_EXPLAIN = Remedy(_("Change it, or write down why."))
