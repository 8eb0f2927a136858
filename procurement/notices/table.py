"""What mail does the system send, to whom, and when? This page answers it, wholly.

Each row is (thing, what happened) -> notices. What is not here is in SILENT, with the reason; a test holds every move to that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from procurement.notices import audiences as to
from procurement.notices.audiences import Audience
from workflow.errors import Words
from workflow.models import Entry

type Condition = Callable[[Any, Entry], bool]
ANSWER = "answer"  # a link to answer one question, without an account
MY_PAGE = "my-page"
CODE = "code"
INVITATION = "invitation"
STAFF = "staff"  # one template for everybody who signs in: what happened, and the page


def always(_thing: Any, _entry: Entry) -> bool:
    """The condition of most rows."""
    return True


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One message. Contacts get words of their own (`template`); who signs in gets a subject and a sentence (`STAFF`).

    `link` is made when the message is sent. `while_at` names the statuses in which it still matters; empty for always. A
    `receipt` answers what its reader has just done, so it goes at once, at any hour. `lasts` is how long it is worth trying.
    """

    audience: Audience
    template: str = STAFF
    subject: Words = ""
    says: Words = ""
    link: str = ""
    while_at: frozenset[str] = frozenset()
    receipt: bool = False
    lasts: timedelta = timedelta(days=7)
    holds: Condition = always


def staff(
    audience: Audience, subject: Words, says: Words, *while_at: str, holds: Condition = always
) -> tuple[Notice, ...]:
    """A notice to people who sign in."""
    return (Notice(audience=audience, subject=subject, says=says, while_at=frozenset(while_at), holds=holds),)


def letter(
    audience: Audience, template: str, *while_at: str, link: str = "", holds: Condition = always
) -> tuple[Notice, ...]:
    """A message to a contact abroad, in words of its own."""
    return (
        Notice(audience=audience, template=template, link=link, while_at=frozenset(while_at), holds=holds),
    )


def at_once(
    audience: Audience, template: str, *, link: str, lasts: timedelta, holds: Condition = always
) -> tuple[Notice, ...]:
    """What the reader waits for at this moment."""
    return (Notice(audience=audience, template=template, link=link, receipt=True, lasts=lasts, holds=holds),)


def third(thing: Any, _entry: Entry) -> bool:
    """After the last reminder a person should phone."""
    return bool(thing.chases >= 3)


def was_sent(thing: Any, _entry: Entry) -> bool:
    """Only who was asked is told that no answer is needed."""
    return thing.sent_at is not None


def was_offered(thing: Any, _entry: Entry) -> bool:
    """Only who was given the check is told that it is not needed."""
    return thing.offered_at is not None


PHONE = _("Three reminders went out to %(contact)s and nobody answered. Please phone.")

NOTICES: dict[tuple[str, str], tuple[Notice, ...]] = {
    # --- what may happen to anything ----------------------------------------------------------------------------
    ("*", "comment"): staff(to.keeper, _("A comment"), _("%(who)s wrote a comment on %(thing)s.")),
    ("*", "undelivered"): staff(
        to.keeper,
        _("A message did not arrive"),
        _(
            "A message about %(thing)s to %(to)s could not be delivered. Check the address, or reach them another way."
        ),
    ),
    # --- people -------------------------------------------------------------------------------------------------
    ("accounts.link", "ask_for_code"): at_once(to.oneself, "code", link=CODE, lasts=timedelta(minutes=10)),
    ("accounts.link", "ask_again"): at_once(to.oneself, "link_again", link=MY_PAGE, lasts=timedelta(days=1)),
    ("accounts.user", "change_sign_in"): at_once(
        to.oneself, "sign_in_changed", link="", lasts=timedelta(days=7)
    ),
    ("accounts.user", "bounce"): staff(
        to.askers_of,
        _("An address that does not work"),
        _("Mail to %(thing)s comes back. Ask somebody else, or find out the new address."),
    ),
    ("partners.invitation", "invite"): at_once(
        to.oneself, "invitation", link=INVITATION, lasts=timedelta(days=7)
    ),
    ("partners.invitation", "renew"): at_once(
        to.oneself, "invitation", link=INVITATION, lasts=timedelta(days=7)
    ),
    # --- a question to a contact --------------------------------------------------------------------------------
    ("procurement.inquiry", "send"): letter(to.contact, "inquiry", "sent", link=ANSWER),
    ("procurement.inquiry", "consent"): (
        *letter(to.contact, "inquiry", "sent", link=ANSWER),
        *staff(to.keeper, _("The partner city agrees"), _("Their contact has been asked: %(thing)s.")),
    ),
    ("procurement.inquiry", "ask_partner"): staff(
        to.go_between,
        _("May we ask your contact?"),
        _(
            "%(city)s would like to ask a contact of yours for help, and asks you first. Agree, or say rather not."
        ),
        "awaiting_consent",
    ),
    ("procurement.inquiry", "refuse"): staff(
        to.keeper, _("The partner city would rather not"), _("Ask somebody else instead: %(thing)s.")
    ),
    ("procurement.inquiry", "answer"): (
        *staff(to.keeper, _("An answer came in"), _("%(contact)s answered %(thing)s. Look at the offer.")),
        Notice(audience=to.contact, template="inquiry_thanks", link=MY_PAGE, receipt=True),
    ),
    ("procurement.inquiry", "decline"): staff(
        to.keeper, _("They cannot help"), _("%(contact)s cannot help with %(thing)s. Ask somebody else.")
    ),
    ("procurement.inquiry", "hand_over"): staff(
        to.keeper,
        _("A colleague takes over"),
        _("%(contact)s passed %(thing)s on to a colleague, who has been asked."),
    ),
    ("procurement.inquiry", "remind"): (
        *letter(to.contact, "inquiry_reminder", "sent", link=ANSWER),
        *staff(to.keeper, _("Please phone"), PHONE, "sent", holds=third),
    ),
    ("procurement.inquiry", "lapse"): staff(
        to.keeper,
        _("No answer came"),
        _("%(thing)s is no longer waited for. A late answer is still welcome."),
    ),
    ("procurement.inquiry", "cancel"): letter(to.contact, "inquiry_not_needed", holds=was_sent),
    # --- an offer -----------------------------------------------------------------------------------------------
    ("procurement.supplierlead", "verify"): letter(to.contact, "lead_verified", link=MY_PAGE),
    ("procurement.supplierlead", "reject"): letter(to.contact, "lead_not_taken", link=MY_PAGE),
    ("procurement.supplierlead", "reopen"): staff(
        to.keeper, _("An offer needs another look"), _("%(thing)s went back to checking. %(reason)s")
    ),
    ("procurement.supplierlead", "expire"): staff(
        to.keeper,
        _("An offer has run out"),
        _("The day of %(thing)s has passed. Ask whether it still stands."),
    ),
    ("procurement.finding", "find"): staff(
        to.keeper,
        _("Something to look at"),
        _("Screening found something that blocks an offer: %(thing)s. Answer it in writing, or uphold it."),
        holds=lambda finding, entry: finding.severity == "block",
    ),
    # --- a check ------------------------------------------------------------------------------------------------
    ("procurement.verificationtask", "offer"): letter(to.contact, "check", "offered", link=ANSWER),
    ("procurement.verificationtask", "remind"): (
        *letter(to.contact, "check_reminder", "offered", "taken", "returned", link=ANSWER),
        *staff(to.keeper, _("Please phone"), PHONE, "offered", "taken", "returned", holds=third),
    ),
    ("procurement.verificationtask", "submit"): staff(
        to.keeper,
        _("A report is in"),
        _("Read the report on %(thing)s. Accept it, or return it with a question."),
        "submitted",
    ),
    ("procurement.verificationtask", "accept"): letter(to.contact, "check_thanks", link=MY_PAGE),
    ("procurement.verificationtask", "return"): letter(to.contact, "check_returned", "returned", link=ANSWER),
    ("procurement.verificationtask", "decline"): staff(
        to.keeper, _("A check cannot be done"), _("%(contact)s cannot do %(thing)s. Ask somebody else.")
    ),
    ("procurement.verificationtask", "hand_over"): staff(
        to.keeper,
        _("A colleague takes over"),
        _("%(contact)s passed %(thing)s on to a colleague, who has been asked."),
    ),
    ("procurement.verificationtask", "cancel"): letter(to.contact, "check_not_needed", holds=was_offered),
    # --- an order or a gift -------------------------------------------------------------------------------------
    ("procurement.order", "submit"): staff(
        to.approvers,
        _("An order waits for your decision"),
        _("%(who)s asks you to approve %(thing)s. The page shows what it rests on in five lines."),
        "awaiting_approval",
    ),
    ("procurement.order", "approve"): staff(
        to.keeper, _("Approved"), _("%(thing)s is approved and can be placed.")
    ),
    ("procurement.order", "return"): staff(to.keeper, _("Returned"), _("%(thing)s came back: %(reason)s")),
    ("procurement.order", "lose"): staff(
        to.officers,
        _("An order is lost"),
        _("%(thing)s will not arrive. What it covered is open again. %(reason)s"),
    ),
}

# Verbs that send nothing, by reason. "<thing>: <verb> <verb> ..."
SILENT: dict[str, str] = {
    "what an officer does at the desk is seen on the page": """
        procurement.supplyrequest: draft edit post reconfirm share fulfil
        procurement.inquiry: propose revise
        procurement.supplier: list correct merge
        procurement.certificate: claim amend pass_format suspect confirm mark_unconfirmable mark_altered mark_wrong_scope
        procurement.bankaccount: propose confirm retire
        procurement.standing: judge approve watch suspend ban
        procurement.supplierlead: draft edit change remark withdraw share
        procurement.finding: answer uphold
        procurement.verificationtask: propose take open_again
        procurement.allocation: propose confirm drop order lower release return_part return_all promise_again fulfil
        procurement.order: draft offer edit use_account override place confirm accept decline shorten ready complete thank cancel
        procurement.payment: plan reckon propose take_back pay cancel
    """,
    "it comes with another entry that is announced": """
        procurement.supplierlead: offer check
        procurement.finding: raise_again restate clear
        procurement.verificationtask: outdate
        accounts.link: issue prove revoke not_for_me
        accounts.user: add edit change_email set_password end_sessions shut_out stop_mail resume_mail
        accounts.apitoken: issue revoke
    """,
    "withdrawing or stopping a need cancels its questions, and those are announced": """
        procurement.supplyrequest: withdraw stop resume
    """,
    "the register is read on its pages": """
        partners.city: add correct
        partners.organisation: add correct
        partners.twinning: twin correct suspend resume end renew
        partners.contact: invite confirm correct go_away name_deputy stop resume
        partners.membership: grant join end
        partners.invitation: accept revoke
    """,
    "whoever adds a file sees what became of it": """
        workflow.file: receive check pass reject leave
        *: attach
    """,
}
