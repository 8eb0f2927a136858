"""The kinds of notices that people who sign in choose for: a short, closed list, and which row of the table is of which kind."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.above import NoticeKind
from procurement.notices.notice import STAFF, Notice, third
from workflow.models.bell import Way


class Kind(TextChoices):
    """What a notice is about, as its reader would sort it."""

    QUESTIONS = "questions", pgettext_lazy("a kind of notice", "Questions and answers")
    OFFERS = "offers", pgettext_lazy("a kind of notice", "Offers")
    CHECKS = "checks", pgettext_lazy("a kind of notice", "Checks")
    ORDERS = "orders", pgettext_lazy("a kind of notice", "Orders and gifts")
    GOODS = "goods", pgettext_lazy("a kind of notice", "Goods and customs")
    REGISTER = "register", pgettext_lazy("a kind of notice", "Register and contacts")
    COMMENTS = "comments", pgettext_lazy("a kind of notice", "Comments")
    UNDELIVERED = "undelivered", pgettext_lazy("a kind of notice", "Messages that did not arrive")
    CALLS = "calls", pgettext_lazy("a kind of notice", "Calls to make")
    RECALLS = "recalls", pgettext_lazy("a kind of notice", "Recalls")
    ACCOUNT = "account", pgettext_lazy("a kind of notice", "Your account")


KINDS = (
    NoticeKind(
        name=Kind.QUESTIONS,
        label=Kind.QUESTIONS.label,
        about=_("A partner answers, declines or passes on; a city asks to reach your contact."),
    ),
    NoticeKind(
        name=Kind.OFFERS,
        label=Kind.OFFERS.label,
        about=_("Screening found something that blocks an offer; an offer ran out or is looked at again."),
    ),
    NoticeKind(
        name=Kind.CHECKS, label=Kind.CHECKS.label, about=_("A report is in, or a check cannot be done.")
    ),
    NoticeKind(
        name=Kind.ORDERS,
        label=Kind.ORDERS.label,
        about=_("An order waits for your decision, was approved, returned or lost."),
    ),
    NoticeKind(
        name=Kind.GOODS,
        label=Kind.GOODS.label,
        about=_("Shipments that arrive or are held, papers customs asks about, goods that came short."),
    ),
    NoticeKind(
        name=Kind.REGISTER,
        label=Kind.REGISTER.label,
        about=_("Corrections of the register, agreements, and contacts who agreed to be asked."),
    ),
    NoticeKind(
        name=Kind.COMMENTS, label=Kind.COMMENTS.label, about=_("Somebody wrote a comment on what you keep.")
    ),
    NoticeKind(
        name=Kind.UNDELIVERED,
        label=Kind.UNDELIVERED.label,
        about=_("An address that does not work, or a message that reached the wrong person."),
    ),
    NoticeKind(
        name=Kind.CALLS,
        label=Kind.CALLS.label,
        about=_("Three reminders brought no answer, so somebody should phone."),
        ways=(Way.AT_ONCE, Way.DIGEST),
        why=_("Nobody else is told after three reminders, so this mail cannot be turned off."),
    ),
    NoticeKind(
        name=Kind.RECALLS,
        label=Kind.RECALLS.label,
        about=_("Goods that must leave every ward now."),
        ways=(Way.AT_ONCE,),
        why=_("People may be using the goods, so this mail always comes at once."),
    ),
    NoticeKind(
        name=Kind.ACCOUNT,
        label=Kind.ACCOUNT.label,
        about=_("Codes, links, invitations, and changes of how you sign in."),
        ways=(Way.AT_ONCE,),
        why=_(
            "Without it you could not come in, or would not hear that somebody else did, so it always comes at once."
        ),
    ),
)
assert {kind.name for kind in KINDS} == set(Kind), "each kind has its card"

_BY_VERB = {
    "comment": Kind.COMMENTS,
    "undelivered": Kind.UNDELIVERED,
    "bounce": Kind.UNDELIVERED,
    "not_for_me": Kind.UNDELIVERED,
    "recall": Kind.RECALLS,
    "warn": Kind.RECALLS,
}
_BY_THING = {
    "procurement.inquiry": Kind.QUESTIONS,
    "procurement.supplyrequest": Kind.QUESTIONS,
    "procurement.supplierlead": Kind.OFFERS,
    "procurement.supplier": Kind.OFFERS,
    "procurement.companychange": Kind.OFFERS,
    "procurement.certificate": Kind.OFFERS,
    "procurement.bankaccount": Kind.ORDERS,
    "procurement.finding": Kind.OFFERS,
    "procurement.verificationtask": Kind.CHECKS,
    "procurement.reuse": Kind.CHECKS,
    "procurement.order": Kind.ORDERS,
    "procurement.watchlist": Kind.OFFERS,
    "procurement.bundle": Kind.ORDERS,
    "partners.delegation": Kind.ORDERS,
    "procurement.shipment": Kind.GOODS,
    "procurement.customslane": Kind.GOODS,
    "procurement.customshold": Kind.GOODS,
    "procurement.customspaper": Kind.GOODS,
    "procurement.papercall": Kind.GOODS,
    "procurement.paperversion": Kind.GOODS,
    "procurement.receipt": Kind.GOODS,
    "procurement.differencecase": Kind.GOODS,
    "procurement.lot": Kind.GOODS,
    "procurement.reliefclaim": Kind.GOODS,
}


def kind_of(label: str, verb: str, notice: Notice) -> Kind:
    """The kind of a row of the table. What stands in words of its own to people who act by link is no kind to choose for."""
    if notice.template != STAFF:
        return Kind.ACCOUNT
    if notice.holds is third:
        return Kind.CALLS
    if verb in _BY_VERB:
        return _BY_VERB[verb]
    return _BY_THING.get(label, Kind.REGISTER if label.startswith("partners.") else Kind.ACCOUNT)
