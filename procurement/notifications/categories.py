"""Categories of notifications that users choose e-mail for, and the category of each table row.

The list is short and closed.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.hooks import NoticeKind
from procurement.notifications.conditions import is_third_reminder
from procurement.notifications.notices import STAFF, Notice
from workflow.outbox.models import DeliveryPreference


class Category(TextChoices):
    """Topic of a notification, from its reader's view."""

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


CATEGORIES = (
    NoticeKind(
        name=Category.QUESTIONS,
        label=Category.QUESTIONS.label,
        about=_("A partner answers, declines or passes on; a city asks to reach your contact."),
    ),
    NoticeKind(
        name=Category.OFFERS,
        label=Category.OFFERS.label,
        about=_("Screening found something that blocks an offer; an offer ran out or is looked at again."),
    ),
    NoticeKind(
        name=Category.CHECKS,
        label=Category.CHECKS.label,
        about=_("A report is in, or a check cannot be done."),
    ),
    NoticeKind(
        name=Category.ORDERS,
        label=Category.ORDERS.label,
        about=_("An order waits for your decision, was approved, returned or lost."),
    ),
    NoticeKind(
        name=Category.GOODS,
        label=Category.GOODS.label,
        about=_("Shipments that arrive or are held, papers customs asks about, goods that came short."),
    ),
    NoticeKind(
        name=Category.REGISTER,
        label=Category.REGISTER.label,
        about=_("Corrections of the register, agreements, and contacts who agreed to be asked."),
    ),
    NoticeKind(
        name=Category.COMMENTS,
        label=Category.COMMENTS.label,
        about=_("Somebody wrote a comment on what you keep."),
    ),
    NoticeKind(
        name=Category.UNDELIVERED,
        label=Category.UNDELIVERED.label,
        about=_("An address that does not work, or a message that reached the wrong person."),
    ),
    NoticeKind(
        name=Category.CALLS,
        label=Category.CALLS.label,
        about=_("Three reminders brought no answer, so somebody should phone."),
        choices=(DeliveryPreference.AT_ONCE, DeliveryPreference.DIGEST),
        why=_("Nobody else is told after three reminders, so this mail cannot be turned off."),
    ),
    NoticeKind(
        name=Category.RECALLS,
        label=Category.RECALLS.label,
        about=_("Goods that must leave every ward now."),
        choices=(DeliveryPreference.AT_ONCE,),
        why=_("People may be using the goods, so this mail always comes at once."),
    ),
    NoticeKind(
        name=Category.ACCOUNT,
        label=Category.ACCOUNT.label,
        about=_("Codes, links, invitations, and changes of how you sign in."),
        choices=(DeliveryPreference.AT_ONCE,),
        why=_(
            "Without it you could not come in, or would not hear that somebody else did, so it always comes at once."
        ),
    ),
)
assert {kind.name for kind in CATEGORIES} == set(Category), "each kind has its card"

_BY_VERB = {
    "comment": Category.COMMENTS,
    "undelivered": Category.UNDELIVERED,
    "bounce": Category.UNDELIVERED,
    "not_for_me": Category.UNDELIVERED,
    "recall": Category.RECALLS,
    "warn": Category.RECALLS,
}
_BY_THING = {
    "procurement.inquiry": Category.QUESTIONS,
    "procurement.supplyrequest": Category.QUESTIONS,
    "procurement.supplierlead": Category.OFFERS,
    "procurement.supplier": Category.OFFERS,
    "procurement.supplierchange": Category.OFFERS,
    "procurement.certificate": Category.OFFERS,
    "procurement.bankaccount": Category.ORDERS,
    "procurement.finding": Category.OFFERS,
    "procurement.verificationtask": Category.CHECKS,
    "procurement.checkreuse": Category.CHECKS,
    "procurement.order": Category.ORDERS,
    "procurement.watchlist": Category.OFFERS,
    "procurement.auditfile": Category.ORDERS,
    "partners.delegation": Category.ORDERS,
    "procurement.shipment": Category.GOODS,
    "procurement.customsclearance": Category.GOODS,
    "procurement.customshold": Category.GOODS,
    "procurement.customsdocument": Category.GOODS,
    "procurement.documentrequest": Category.GOODS,
    "procurement.documentsubmission": Category.GOODS,
    "procurement.goodsreceipt": Category.GOODS,
    "procurement.discrepancy": Category.GOODS,
    "procurement.lot": Category.GOODS,
    "procurement.reliefclaim": Category.GOODS,
}


def category_of(label: str, verb: str, notice: Notice) -> Category:
    """Return the kind of a row of the table.

    Messages with a template of their own, to people who act by link, have no kind to choose and count as account
    notifications.
    """
    if notice.template != STAFF:
        return Category.ACCOUNT
    if notice.holds is is_third_reminder:
        return Category.CALLS
    if verb in _BY_VERB:
        return _BY_VERB[verb]
    return _BY_THING.get(label, Category.REGISTER if label.startswith("partners.") else Category.ACCOUNT)
