"""At the dock: each carton as somebody saw it. Rows join a counting that is finished, and come free when that is taken back."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.shipments.models.arrival import Receipt
from procurement.shipments.models.shipment import Carton, Shipment


class CartonSeenQuerySet(models.QuerySet["CartonSeen"]):
    def standing(self) -> Self:
        """What was not undone."""
        return self.filter(undone_at=None)

    def loose(self) -> Self:
        """What stands and is in no counting yet."""
        return self.standing().filter(receipt=None)


class CartonSeen(models.Model):
    """One carton, as somebody saw it at the door: how it was, and what was inside. Never changed; undone, it is seen anew."""

    class State(models.TextChoices):
        WHOLE = "whole", pgettext_lazy("a carton", "Whole")
        DAMAGED = "damaged", pgettext_lazy("a carton", "Damaged")
        MISSING = "missing", pgettext_lazy("a carton", "Missing")

    carton = models.ForeignKey(Carton, models.PROTECT, related_name="seen")
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="cartons_seen")
    state = models.CharField(_("state"), max_length=8, choices=State)
    pieces = models.PositiveIntegerField(_("pieces inside"))
    unusable = models.PositiveIntegerField(_("of them not usable"), default=0)
    lot_number = models.CharField(_("lot"), max_length=60, blank=True)
    expires_on = models.DateField(_("expires"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("seen"))
    receipt = models.ForeignKey(
        Receipt,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cartons_seen",
        help_text="The counting it is part of; none until that is finished.",
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CartonSeenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["carton"], condition=Q(undone_at=None), name="carton_seen_once"),
            models.CheckConstraint(
                condition=~Q(state="missing") | Q(pieces=0), name="carton_missing_holds_nothing"
            ),
            models.CheckConstraint(
                condition=Q(unusable=0) | Q(state="damaged", unusable__lte=F("pieces")),
                name="carton_unusable_was_inside",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False, receipt=None),
                name="carton_undone_is_in_no_counting",
            ),
        ]
        indexes = [models.Index("shipment", F("id").desc(), name="carton_seen_of_shipment")]

    def __str__(self) -> str:
        return f"{self.carton}: {self.get_state_display()}"
