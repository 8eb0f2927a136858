"""What becomes of goods that were refused: they go back in a shipment of their own, or are destroyed where they are."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.shipments.models.arrival import Lot
from procurement.shipments.models.shipment import Shipment, ShipmentLine
from workflow.models.tracked import Tracked
from workflow.search import as_quoted

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class BackLine(models.Model):
    """So many refused or rejected pieces of a line that go back. They stay counted where they were: no need's bar moves."""

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="back_lines")
    line = models.ForeignKey(ShipmentLine, models.PROTECT, related_name="back_lines")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="back_lines")
    quantity = models.PositiveBigIntegerField(_("quantity"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "line", "lot"], nulls_distinct=False, name="back_line_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="back_line_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.shipment}/{self.pk}"


class DestructionQuerySet(models.QuerySet["Destruction"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The city whose goods they were."""
        return self.filter(city__in=powers.sees)

    def search(self, text: str) -> Self:
        """What was destroyed of shipments whose reference begins with the text."""
        return self.filter(shipment__reference__startswith=as_quoted(text))

    def standing(self) -> Self:
        """Those that nobody dropped."""
        return self.exclude(status=Destruction.Status.DROPPED)


class Destruction(Tracked):
    """Refused goods destroyed where they are, where nobody takes them back: one person writes it down, another one confirms it."""

    PAGE = "destruction"

    class Status(models.TextChoices):
        NOTED = "noted", _("Noted, to be confirmed")
        DESTROYED = "destroyed", _("Destroyed")
        DROPPED = "dropped", pgettext_lazy("a note", "Dropped")

    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="destructions")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    line = models.ForeignKey(ShipmentLine, models.PROTECT, related_name="destructions")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="destructions")
    quantity = models.PositiveBigIntegerField(_("pieces"))
    destroyed_on = models.DateField(_("destroyed on"))
    words = models.TextField(_("how, where and why"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)

    objects = DestructionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="destruction_of_something"),
            models.CheckConstraint(condition=~Q(words=""), name="destruction_in_words"),
            models.CheckConstraint(
                condition=(
                    Q(status="destroyed", confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by=F("author"))
                )
                | (~Q(status="destroyed") & Q(confirmed_by=None, confirmed_at=None)),
                name="destruction_by_two_persons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot or self.shipment}: {self.quantity}"
