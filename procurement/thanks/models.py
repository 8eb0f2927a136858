"""Thank-yous of orders: ready on delivery, then reviewed and sent once, or skipped."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City
from partners.contacts.models import Contact
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.orders.models import Order
from procurement.shipments.models import Shipment
from workflow.base_models import JournaledModel
from workflow.search import is_reference_start, normalize_reference
from workflow.statuses import StatusChoices, StatusGroup
from workflow.uploads.models import File

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class ThankYouQuerySet(models.QuerySet["ThankYou"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the thank-yous of the cities whose records the reader sees."""
        return self.filter(city__in=permissions.visible_cities)

    def search(self, text: str) -> Self:
        """Return the thank-yous whose reference, or whose order's reference, begins with the text."""
        of = "reference" if is_reference_start(text, ThankYou.REFERENCE_PREFIX) else "order__reference"
        return self.filter(**{f"{of}__startswith": normalize_reference(text)})

    def waiting(self) -> Self:
        """Return the thank-yous that are neither sent nor skipped.

        A donation that already has its own thanks (order status `thanked`) is left out.
        """
        return self.filter(status=ThankYou.Status.READY).exclude(order__status=Order.Status.THANKED)


class ThankYou(JournaledModel):
    """Thank-you of a city to the people who helped with one order or donation. One per order."""

    REFERENCE_PREFIX = "TP"
    URL_NAME = "thank_you"

    class Status(StatusChoices):
        READY = "ready", StatusGroup.OPEN, pgettext_lazy("thanks", "Ready to send")
        SENT = "sent", StatusGroup.DONE, pgettext_lazy("thanks", "Sent")
        SKIPPED = "skipped", StatusGroup.VOID, pgettext_lazy("thanks", "Not sent")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    order = models.OneToOneField(Order, models.PROTECT, related_name="thank_you", verbose_name=_("order"))
    shipment = models.ForeignKey(
        Shipment,
        models.PROTECT,
        related_name="thank_yous",
        verbose_name=_("shipment"),
        help_text="The first of its shipments that was delivered.",
    )
    photo = models.ForeignKey(
        File, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("photo of the arrival")
    )
    shows_no_person = models.BooleanField(
        _("no one can be recognized in the photo"),
        default=False,
        help_text="Confirmed by the person who chose the photo.",
    )
    letter = models.ForeignKey(
        GeneratedDocument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("letter of thanks"),
    )
    certificate = models.ForeignKey(
        GeneratedDocument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("certificate of thanks"),
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = ThankYouQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False), name="thank_you_sent_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(photo=None) | Q(shows_no_person=True), name="thank_you_photo_shows_no_person"
            ),
        ]
        indexes = [models.Index("city", F("id").desc(), name="thank_you_of_city")]

    def __str__(self) -> str:
        return self.reference


class ThankYouMessageQuerySet(models.QuerySet["ThankYouMessage"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the messages of the cities whose records the reader sees.

        The person who is thanked reads the note on their own page.
        """
        return self.filter(city__in=permissions.visible_cities)


class ThankYouMessage(JournaledModel):
    """Message of a thank-you to one person, in that person's language. Written once, never changed."""

    URL_NAME = "thank_you_message"

    class Status(StatusChoices):
        SENT = "sent", StatusGroup.DONE, pgettext_lazy("thanks", "Sent")

    class Reason(models.TextChoices):
        OFFERED = "offered", pgettext_lazy("thanked for", "provided the offer")
        CHECKED = "checked", pgettext_lazy("thanked for", "carried out a check")
        INTRODUCED = "introduced", pgettext_lazy("thanked for", "introduced the contact")
        DONOR_STAFF = "office", pgettext_lazy("thanked for", "works for the donor city")

    thank_you = models.ForeignKey(ThankYou, models.PROTECT, related_name="messages")
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+", verbose_name=_("contact"))
    thanked_for = models.CharField(_("thanked for"), max_length=10, choices=Reason)
    language = models.CharField(_("language"), max_length=10)
    subject = models.CharField(_("Subject"), max_length=200)
    body = models.TextField(_("Message"))

    objects = ThankYouMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thank_you", "contact"], name="thank_you_message_once_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.thank_you}: {self.contact}"
