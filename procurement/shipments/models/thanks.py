"""The thank-you pack of an order: ready as its goods are delivered, looked at, sent once to each person who helped, or left."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.cities import City
from partners.models.people import Contact
from procurement.orders.models.order import Order
from procurement.shipments.models.made import MadePaper
from procurement.shipments.models.shipment import Shipment
from workflow.models.evidence import File
from workflow.models.tracked import Tracked
from workflow.search import as_quoted, quotes

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class ThanksPackQuerySet(models.QuerySet["ThanksPack"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The city that thanks."""
        return self.filter(city__in=powers.sees)

    def search(self, text: str) -> Self:
        """Packs whose reference begins with the text, or their order's."""
        of = "reference" if quotes(text, ThanksPack.REFERENCE_PREFIX) else "order__reference"
        return self.filter(**{f"{of}__startswith": as_quoted(text)})

    def waiting(self) -> Self:
        """Those nobody has sent or left; a gift that was thanked for by its own letter waits no more."""
        return self.filter(status=ThanksPack.Status.READY).exclude(order__status=Order.Status.THANKED)


class ThanksPack(Tracked):
    """What a city says and shows to those who helped with one order or gift. One an order."""

    REFERENCE_PREFIX = "TP"
    PAGE = "thanks_pack"

    class Status(models.TextChoices):
        READY = "ready", pgettext_lazy("thanks", "Ready to send")
        SENT = "sent", pgettext_lazy("thanks", "Sent")
        LEFT = "left", pgettext_lazy("thanks", "Left")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    order = models.OneToOneField(Order, models.PROTECT, related_name="thanks_pack", verbose_name=_("order"))
    shipment = models.ForeignKey(
        Shipment,
        models.PROTECT,
        related_name="thanks_packs",
        verbose_name=_("shipment"),
        help_text="The first of its shipments that was delivered.",
    )
    photo = models.ForeignKey(
        File, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("photo of the arrival")
    )
    nobody_seen = models.BooleanField(
        _("nobody can be recognised on it"), default=False, help_text="Said by whoever chose the photo."
    )
    letter = models.ForeignKey(
        MadePaper, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("letter of thanks")
    )
    certificate = models.ForeignKey(
        MadePaper,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("certificate of thanks"),
    )
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = ThanksPackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False), name="thanks_sent_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(photo=None) | Q(nobody_seen=True), name="thanks_photo_shows_nobody"
            ),
        ]
        indexes = [models.Index("city", F("id").desc(), name="thanks_pack_of_city")]

    def __str__(self) -> str:
        return self.reference


class ThanksNoteQuerySet(models.QuerySet["ThanksNote"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The city that wrote it. Whom it thanks reads it on their own page."""
        return self.filter(city__in=powers.sees)


class ThanksNote(Tracked):
    """The message of a pack to one person, in their language: written once, never changed."""

    PAGE = "thanks_note"

    class Status(models.TextChoices):
        SENT = "sent", pgettext_lazy("thanks", "Sent")

    class For(models.TextChoices):
        OFFERED = "offered", pgettext_lazy("thanked for", "brought the offer")
        CHECKED = "checked", pgettext_lazy("thanked for", "made a check")
        OFFICE = "office", pgettext_lazy("thanked for", "works for the city that gave")

    pack = models.ForeignKey(ThanksPack, models.PROTECT, related_name="notes")
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+", verbose_name=_("contact"))
    thanked_for = models.CharField(_("thanked for"), max_length=10, choices=For)
    language = models.CharField(_("language"), max_length=10)
    subject = models.CharField(_("Subject"), max_length=200)
    body = models.TextField(_("Message"))

    objects = ThanksNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pack", "contact"], name="thanks_note_once_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.pack}: {self.contact}"
