"""Categories of notifications that users choose e-mail for, and the category of each notification rule.

The list is short and closed.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.hooks import NotificationCategoryInfo
from procurement.notifications.conditions.inquiries import is_last_consent_reminder, is_third_reminder
from procurement.notifications.notices import STAFF_TEMPLATE, NotificationRule
from workflow.outbox.models import DeliveryPreference


class NotificationCategory(TextChoices):
    """Topic of a notification, from its reader's view."""

    INQUIRIES = "questions", pgettext_lazy("a kind of notice", "Inquiries and replies")
    OFFERS = "offers", pgettext_lazy("a kind of notice", "Offers")
    CHECKS = "checks", pgettext_lazy("a kind of notice", "Checks")
    ORDERS = "orders", pgettext_lazy("a kind of notice", "Orders and donations")
    GOODS = "goods", pgettext_lazy("a kind of notice", "Goods and customs")
    REGISTER = "register", pgettext_lazy("a kind of notice", "Register and contacts")
    COMMENTS = "comments", pgettext_lazy("a kind of notice", "Comments")
    UNDELIVERED = "undelivered", pgettext_lazy("a kind of notice", "Undelivered messages")
    PHONE_CALLS = "calls", pgettext_lazy("a kind of notice", "Calls to make")
    RECALLS = "recalls", pgettext_lazy("a kind of notice", "Recalls")
    ACCOUNT = "account", pgettext_lazy("a kind of notice", "Your account")


NOTIFICATION_CATEGORY_CHOICES = (
    NotificationCategoryInfo(
        name=NotificationCategory.INQUIRIES,
        label=NotificationCategory.INQUIRIES.label,
        description=_(
            "A contact replies to, declines or forwards an inquiry, a city asks to contact one of your contacts, or "
            "a need is waiting for approval or was returned."
        ),
    ),
    NotificationCategoryInfo(
        name=NotificationCategory.OFFERS,
        label=NotificationCategory.OFFERS.label,
        description=_(
            "Screening found a problem that blocks an offer, or an offer expired or is under review again."
        ),
    ),
    NotificationCategoryInfo(
        name=NotificationCategory.CHECKS,
        label=NotificationCategory.CHECKS.label,
        description=_("A check report was received, or a check cannot be done."),
    ),
    NotificationCategoryInfo(
        name=NotificationCategory.ORDERS,
        label=NotificationCategory.ORDERS.label,
        description=_(
            "An order or donation is waiting for your decision, or was approved, returned or lost."
        ),
    ),
    NotificationCategoryInfo(
        name=NotificationCategory.GOODS,
        label=NotificationCategory.GOODS.label,
        description=_("Shipments that arrive or are held, documents queried by customs, and shortages."),
    ),
    NotificationCategoryInfo(
        name=NotificationCategory.REGISTER,
        label=NotificationCategory.REGISTER.label,
        description=_("Agreements, corrections to the register, and contacts who agree to receive requests."),
    ),
    NotificationCategoryInfo(
        name=NotificationCategory.COMMENTS,
        label=NotificationCategory.COMMENTS.label,
        description=_("Someone commented on an item you are responsible for."),
    ),
    NotificationCategoryInfo(
        name=NotificationCategory.UNDELIVERED,
        label=NotificationCategory.UNDELIVERED.label,
        description=_("An email address that does not work, or a message sent to the wrong person."),
    ),
    NotificationCategoryInfo(
        name=NotificationCategory.PHONE_CALLS,
        label=NotificationCategory.PHONE_CALLS.label,
        description=_("There was no reply to three reminders, so someone should phone."),
        delivery_choices=(DeliveryPreference.AT_ONCE, DeliveryPreference.DIGEST),
        restriction_reason=_(
            "No one else is notified after three reminders, so this email cannot be turned off."
        ),
    ),
    NotificationCategoryInfo(
        name=NotificationCategory.RECALLS,
        label=NotificationCategory.RECALLS.label,
        description=_("Goods that must be removed from every ward now."),
        delivery_choices=(DeliveryPreference.AT_ONCE,),
        restriction_reason=_("People may be using the goods, so this email is always sent immediately."),
    ),
    NotificationCategoryInfo(
        name=NotificationCategory.ACCOUNT,
        label=NotificationCategory.ACCOUNT.label,
        description=_("Codes, links, invitations and changes to how you sign in."),
        delivery_choices=(DeliveryPreference.AT_ONCE,),
        restriction_reason=_(
            "Without this email you could not sign in, or know that someone else did. This email is always "
            "sent immediately."
        ),
    ),
)
assert {kind.name for kind in NOTIFICATION_CATEGORY_CHOICES} == set(NotificationCategory), (
    "each kind has its card"
)

_CATEGORY_BY_VERB = {
    "comment": NotificationCategory.COMMENTS,
    "undelivered": NotificationCategory.UNDELIVERED,
    "bounce": NotificationCategory.UNDELIVERED,
    "not_for_me": NotificationCategory.UNDELIVERED,
    "recall": NotificationCategory.RECALLS,
    "warn": NotificationCategory.RECALLS,
}
_CATEGORY_BY_MODEL = {
    "procurement.inquiry": NotificationCategory.INQUIRIES,
    "procurement.introductionconsent": NotificationCategory.INQUIRIES,
    "procurement.supplyrequest": NotificationCategory.INQUIRIES,
    "procurement.supplierlead": NotificationCategory.OFFERS,
    "procurement.supplier": NotificationCategory.OFFERS,
    "procurement.supplierchange": NotificationCategory.OFFERS,
    "procurement.certificate": NotificationCategory.OFFERS,
    "procurement.bankaccount": NotificationCategory.ORDERS,
    "procurement.finding": NotificationCategory.OFFERS,
    "procurement.verificationtask": NotificationCategory.CHECKS,
    "procurement.checkreuse": NotificationCategory.CHECKS,
    "procurement.order": NotificationCategory.ORDERS,
    "procurement.orderacknowledgement": NotificationCategory.ORDERS,
    "procurement.payment": NotificationCategory.ORDERS,
    "procurement.watchlist": NotificationCategory.OFFERS,
    "procurement.auditfile": NotificationCategory.ORDERS,
    "procurement.allocation": NotificationCategory.ORDERS,
    "procurement.allocationplan": NotificationCategory.ORDERS,
    "partners.delegation": NotificationCategory.ORDERS,
    "procurement.shipment": NotificationCategory.GOODS,
    "procurement.customsclearance": NotificationCategory.GOODS,
    "procurement.customshold": NotificationCategory.GOODS,
    "procurement.customsdocument": NotificationCategory.GOODS,
    "procurement.documentrequest": NotificationCategory.GOODS,
    "procurement.documentsubmission": NotificationCategory.GOODS,
    "procurement.goodsreceipt": NotificationCategory.GOODS,
    "procurement.discrepancy": NotificationCategory.GOODS,
    "procurement.lot": NotificationCategory.GOODS,
    "procurement.reliefclaim": NotificationCategory.GOODS,
    "procurement.webhookendpoint": NotificationCategory.UNDELIVERED,
}


def category_of(label: str, verb: str, rule: NotificationRule) -> NotificationCategory:
    """Return the category of a row of the table.

    Messages with a template of their own, to people who act by link, have no category to choose and count as account
    notifications.
    """
    if rule.template != STAFF_TEMPLATE:
        return NotificationCategory.ACCOUNT
    if rule.send_if in (is_third_reminder, is_last_consent_reminder):
        return NotificationCategory.PHONE_CALLS
    if verb in _CATEGORY_BY_VERB:
        return _CATEGORY_BY_VERB[verb]
    return _CATEGORY_BY_MODEL.get(
        label,
        NotificationCategory.REGISTER if label.startswith("partners.") else NotificationCategory.ACCOUNT,
    )
