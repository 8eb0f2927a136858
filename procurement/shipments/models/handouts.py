"""Where a released lot went: so many pieces, to which place of the city, on which day."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.facts import Receiver
from procurement.shipments.models.arrival import Lot
from workflow.models.tracked import Tracked
from workflow.search import as_quoted

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class HandOutQuerySet(models.QuerySet["HandOut"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The city that handed it out."""
        return self.filter(city__in=powers.sees)

    def search(self, text: str) -> Self:
        """What went out of lots whose reference begins with the text."""
        return self.filter(lot__reference__startswith=as_quoted(text))

    def standing(self) -> Self:
        """Those that were not taken back: the pieces are there."""
        return self.filter(status=HandOut.Status.HANDED_OUT)


class HandOut(Tracked):
    """Pieces of a lot at a place. When the lot is recalled, each place is told, and it stands here who told it and when.

    `name` and `email` are as the city wrote them: of somebody who is known here already, it learns no more than it knew.
    """

    PAGE = "hand_out"

    class Status(models.TextChoices):
        HANDED_OUT = "handed_out", _("Handed out")
        TAKEN_BACK = "taken_back", _("Taken back")

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="hand_outs")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "partners.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisation"),
    )
    place = models.CharField(_("place"), max_length=200, blank=True, help_text="Where it is no organisation.")
    receiver = models.CharField(
        _("who will use the goods"),
        max_length=30,
        choices=Receiver,
        blank=True,
        help_text="The kind of place, by which conditions of duty reliefs are met. Empty: not stated.",
    )
    quantity = models.PositiveBigIntegerField(_("pieces"))
    handed_on = models.DateField(_("handed out on"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        help_text="Whose address it is: who is written to of a recall.",
    )
    name = models.CharField(_("who takes care of it there"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    told_at = models.DateTimeField(_("told of the recall"), null=True, blank=True, editable=False)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )

    objects = HandOutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation=None) ^ Q(place=""), name="hand_out_has_one_place"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="hand_out_of_something"),
            models.CheckConstraint(
                condition=Q(person=None, email="") | Q(person__isnull=False) & ~Q(email=""),
                name="hand_out_address_is_of_a_person",
            ),
            models.CheckConstraint(
                condition=Q(told_at=None, told_by=None) | Q(told_at__isnull=False, told_by__isnull=False),
                name="hand_out_told_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot} → {self.where}"

    @property
    def where(self) -> str:
        """The place by its name."""
        return str(self.organisation) if self.organisation is not None else self.place
