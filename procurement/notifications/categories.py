"""Categories of notifications that users choose e-mail for, and the category of each table row.

The list is short and closed.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.hooks import NoticeKind
from procurement.notifications.conditions.inquiries import is_last_consent_reminder, is_third_reminder
from procurement.notifications.notices import STAFF_TEMPLATE, Notice
from workflow.outbox.models import DeliveryPreference


class Category(TextChoices):
    """Topic of a notification, from its reader's view."""

    QUESTIONS = "questions", pgettext_lazy("a kind of notice", "Inquiries and replies")
    OFFERS = "offers", pgettext_lazy("a kind of notice", "Offers")
    CHECKS = "checks", pgettext_lazy("a kind of notice", "Checks")
    ORDERS = "orders", pgettext_lazy("a kind of notice", "Orders and donations")
    GOODS = "goods", pgettext_lazy("a kind of notice", "Goods and customs")
    REGISTER = "register", pgettext_lazy("a kind of notice", "Register and contacts")
    COMMENTS = "comments", pgettext_lazy("a kind of notice", "Comments")
    UNDELIVERED = "undelivered", pgettext_lazy("a kind of notice", "Undelivered messages")
    CALLS = "calls", pgettext_lazy("a kind of notice", "Calls to make")
    RECALLS = "recalls", pgettext_lazy("a kind of notice", "Recalls")
    ACCOUNT = "account", pgettext_lazy("a kind of notice", "Your account")


CATEGORIES = (
    NoticeKind(
        name=Category.QUESTIONS,
        label=Category.QUESTIONS.label,
        description=_(
            "A contact replies, declines or forwards an inquiry, or a city asks to reach one of your "
            "contacts."
        ),
    ),
    NoticeKind(
        name=Category.OFFERS,
        label=Category.OFFERS.label,
        description=_(
            "Screening found a problem that blocks an offer, or an offer expired or is under review again."
        ),
    ),
    NoticeKind(
        name=Category.CHECKS,
        label=Category.CHECKS.label,
        description=_("A check report was received, or a check cannot be done."),
    ),
    NoticeKind(
        name=Category.ORDERS,
        label=Category.ORDERS.label,
        description=_(
            "An order or donation is waiting for your decision, or was approved, returned or lost."
        ),
    ),
    NoticeKind(
        name=Category.GOODS,
        label=Category.GOODS.label,
        description=_("Shipments that arrive or are held, documents customs asks about, and shortages."),
    ),
    NoticeKind(
        name=Category.REGISTER,
        label=Category.REGISTER.label,
        description=_("Corrections to the register, agreements, and contacts who agreed to be asked."),
    ),
    NoticeKind(
        name=Category.COMMENTS,
        label=Category.COMMENTS.label,
        description=_("Someone commented on an item you are responsible for."),
    ),
    NoticeKind(
        name=Category.UNDELIVERED,
        label=Category.UNDELIVERED.label,
        description=_("An email address that does not work, or a message sent to the wrong person."),
    ),
    NoticeKind(
        name=Category.CALLS,
        label=Category.CALLS.label,
        description=_("There was no reply to three reminders, so someone should phone."),
        choices=(DeliveryPreference.AT_ONCE, DeliveryPreference.DIGEST),
        restriction_reason=_(
            "No one else is notified after three reminders, so this email cannot be turned off."
        ),
    ),
    NoticeKind(
        name=Category.RECALLS,
        label=Category.RECALLS.label,
        description=_("Goods that must be removed from every ward now."),
        choices=(DeliveryPreference.AT_ONCE,),
        restriction_reason=_("People may be using the goods, so this email is always sent immediately."),
    ),
    NoticeKind(
        name=Category.ACCOUNT,
        label=Category.ACCOUNT.label,
        description=_("Codes, links, invitations and changes to how you sign in."),
        choices=(DeliveryPreference.AT_ONCE,),
        restriction_reason=_(
            "Without this email you could not sign in, or know that someone else did. It is "
            "always sent immediately."
        ),
    ),
)
assert {kind.name for kind in CATEGORIES} == set(Category), "each kind has its card"

_CATEGORY_BY_VERB = {
    "comment": Category.COMMENTS,
    "undelivered": Category.UNDELIVERED,
    "bounce": Category.UNDELIVERED,
    "not_for_me": Category.UNDELIVERED,
    "recall": Category.RECALLS,
    "warn": Category.RECALLS,
}
_CATEGORY_BY_MODEL = {
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
    "procurement.payment": Category.ORDERS,
    "procurement.watchlist": Category.OFFERS,
    "procurement.auditfile": Category.ORDERS,
    "procurement.allocationplan": Category.ORDERS,
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
    """Return the category of a row of the table.

    Messages with a template of their own, to people who act by link, have no category to choose and count as account
    notifications.
    """
    if notice.template != STAFF_TEMPLATE:
        return Category.ACCOUNT
    if notice.send_if in (is_third_reminder, is_last_consent_reminder):
        return Category.CALLS
    if verb in _CATEGORY_BY_VERB:
        return _CATEGORY_BY_VERB[verb]
    return _CATEGORY_BY_MODEL.get(
        label, Category.REGISTER if label.startswith("partners.") else Category.ACCOUNT
    )
