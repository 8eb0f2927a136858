"""Grounds on which a rule blocks or only warns. Only a ground in `FIRM_RATIONALES` may block."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from workflow.errors import Words

# They rest on the offer itself, an authority, an issuer, two persons, or a published source firm on the day.
FIRM_RATIONALES = frozenset({"own", "published", "official", "issuer", "judged", "second", "shared"})
RATIONALES: Mapping[str, Words] = {
    "own": _(
        "It blocks: the offer or its papers contradict themselves, and nobody else need be asked to see it."
    ),
    "published": _(
        "It blocks where its source is firm and surely in force on the day; else it warns and says why it is unsure."
    ),
    "official": _(
        "It blocks where an office of the state answers about whom it asks for; else it warns and says why it is unsure."
    ),
    "issuer": _("It blocks: its issuer, or whoever looked at it, said so."),
    "judged": _(
        "It blocks until two persons have judged it in writing: a name alone is no proof, and no risk is taken on it."
    ),
    "second": _(
        "It blocks until a second person has called back: a change at the last minute is how money was lost."
    ),
    "shared": _(
        "It blocks: two companies cannot both own it. Where others may honestly share it, it warns and says why."
    ),
    "honest": _("It only warns: there may be an honest reason for it."),
    "advice": _("It only warns: it is advice from alerts about fraud, and no proof."),
    "ours": _("It only warns: its number is our own, and no law’s."),
    "derived": _("It only warns: its figure is derived or remembered, and not published as such."),
    "word": _("It only warns: it is somebody’s word, and no register’s."),
    "open": _("It only warns: what is missing may still come."),
    "published_warns": _("It only warns: a customs rule whose source is firm refuses the shipment itself."),
    "note": _("A note: nothing is wrong with it."),
    "asks": _(
        "It stops nobody by itself: it asks for a check, and the offer is verified once its report is accepted."
    ),
    "refuses": _(
        "The order is refused until a reason is written down: advances are where the money was lost."
    ),
    "holds": _("No payment is released meanwhile."),
    "reason": _("The order asks for the reason, which stays in its record."),
}
# The remedies that settle a finding.
SETTLED: Mapping[str, Words] = {
    "answer": _(
        "An officer or verifier answers it in writing, or upholds it; it is raised again when its figures change."
    ),
    "correct": _("It goes once the fact is set right; else it is answered in writing."),
    "receiver": _(
        "No answer lifts it: it goes once the need says who will use the goods, or other goods or another declared use are chosen."
    ),
    "show": _("It goes once the right paper is shown; else it is answered in writing."),
    "two": _("No answer lifts it: two persons judge the match in writing."),
    "second_approver": _(
        "The order goes to an approver who did not write it; an answer in writing explains the finding and does not lift that."
    ),
    "call": _("A second person calls back on a number that a contact confirmed, or the account is retired."),
    "second_call": _(
        "No answer lifts it: a second person calls back on a number that a contact confirmed, and the account cools or is retired."
    ),
    "look": _(
        "Look it up again: of each register the newest answer counts. One entered by mistake is taken back; "
        "else it is answered in writing."
    ),
    "maker_again": _(
        "No answer lifts it: ask the maker again and record its new answer, or take the look-up back if it was recorded by mistake."
    ),
    "ask_maker": _("Ask the maker and record the answer; else it is answered in writing."),
    "issuer": _("Ask the issuer and record the answer; else it is answered in writing."),
    "nando": _(
        "Look the body up in NANDO, for this act, these goods and this module on that day, and write here what stands there."
    ),
    "price": _(
        "The check of the price asks the company to explain; what it says is answered here in writing."
    ),
    "sample": _("A laboratory tests a sample, and its result is written here as the answer."),
    "merge": _("Merge the two where they are one company; else write down why they are two."),
    "goods": _("It goes once the carrier or the door says otherwise; else it is answered in writing."),
    "report": _(
        "It goes when the report is sent anew or the check is made anew; else it is answered in writing."
    ),
    "nothing": _("Nothing need be done; an answer may be written."),
    "checked": _("Somebody on the spot makes the check, and the city accepts the report."),
    "written": _("Change it, or write down why."),
}
