"""Order acknowledgement: a supplier's answer to a purchase order, given by link without an account."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Language
from procurement.orders.models import Order
from workflow.base_models import JournaledModel
from workflow.input_limits import MAX_TEXT_LENGTH
from workflow.search import is_reference_start, normalize_reference
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions

MAX_ANSWERS = 32_767  # of the column answer_count


class OrderAcknowledgementQuerySet(models.QuerySet["OrderAcknowledgement"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the acknowledgements of the ordering cities that the reader sees.

        No other city learns to whom an order was sent, or what its supplier answered.
        """
        return self.filter(city__in=permissions.visible_cities)

    def awaiting_decision(self) -> Self:
        """Return the answers that the city has to decide on: proposals of other terms, and refusals."""
        return self.filter(status__in=OrderAcknowledgement.ANSWERED_STATUSES)

    def search(self, text: str) -> Self:
        """Return the acknowledgements whose own or whose order's reference begins with the text."""
        if is_reference_start(text, OrderAcknowledgement.REFERENCE_PREFIX):
            return self.filter(reference__startswith=normalize_reference(text))
        return self.filter(order__reference__startswith=normalize_reference(text))


class OrderAcknowledgement(JournaledModel):
    """Acknowledgement of one purchase order: to whom the order was sent, and the supplier's latest answer.

    The supplier confirms the order, proposes other terms or declines it, by link and without an account. Earlier
    answers are in the journal. `person` is the person at the supplier's own address, who gets the link; None while no
    address is known: an officer then copies a link and delivers it. `name` and `email` are as the city knew them.
    `purchase_order` is the version that was answered. `link_copied_by` is the officer by whose copied link it was
    answered; None if it was answered by the link of a message.
    """

    REFERENCE_PREFIX = "OA"
    URL_NAME = "order_acknowledgement"

    class Status(StatusChoices):
        REQUESTED = (
            "requested",
            StatusGroup.OPEN,
            pgettext_lazy("a purchase order", "Waiting for the supplier"),
        )
        PROPOSED = "proposed", StatusGroup.OPEN, pgettext_lazy("a purchase order", "Other terms proposed")
        DECLINED = "declined", StatusGroup.OPEN, pgettext_lazy("a purchase order", "Declined by the supplier")
        CONFIRMED = "confirmed", StatusGroup.DONE, pgettext_lazy("a purchase order", "Confirmed by link")
        CLOSED = "closed", StatusGroup.VOID, pgettext_lazy("a purchase order", "Link closed")

    ANSWERED_STATUSES = (Status.PROPOSED, Status.DECLINED)  # the city decides next

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    order = models.OneToOneField(
        Order, models.PROTECT, related_name="acknowledgement", verbose_name=_("order")
    )
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=200)
    email = models.EmailField(_("email"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_count = models.PositiveSmallIntegerField(_("times sent"), default=0, editable=False)
    answer_count = models.PositiveSmallIntegerField(_("answers"), default=0, editable=False)
    supplier_reference = models.CharField(_("supplier’s order number"), max_length=60, blank=True)
    delivery_on = models.DateField(_("delivery date named by the supplier"), null=True, blank=True)
    proposed_terms = models.TextField(
        _("other terms proposed"),
        max_length=MAX_TEXT_LENGTH,
        blank=True,
        help_text="Quantity, price or others.",
    )
    reason = models.TextField(_("supplier’s reason"), max_length=MAX_TEXT_LENGTH, blank=True)
    answered_by_name = models.CharField(_("answered at the supplier by"), max_length=150, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    purchase_order = models.ForeignKey(
        "procurement.GeneratedDocument",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("version that was answered"),
    )
    link_copied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("answered by a link copied by"),
    )
    city_reply = models.TextField(_("city’s reply"), max_length=MAX_TEXT_LENGTH, blank=True)

    objects = OrderAcknowledgementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="proposed") | Q(delivery_on__isnull=False) | ~Q(proposed_terms=""),
                name="acknowledgement_proposes_something",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("proposed", "declined"))
                | (~Q(reason="") & ~Q(answered_by_name="") & Q(answered_at__isnull=False)),
                name="acknowledgement_answer_says_why",
            ),
        ]
        indexes = [
            models.Index("city", F("id").desc(), name="acknowledgement_of_city"),
            models.Index(
                "city",
                "answered_at",
                name="acknowledgement_to_decide",
                condition=Q(status__in=("proposed", "declined")),
            ),
        ]

    def __str__(self) -> str:
        return self.reference
