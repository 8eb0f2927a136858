"""Who approves for whom while somebody is away: for days that are named, by a person of the same city, and it ends by itself."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partners.models.cities import City

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The people of the city: whoever reads a decision may read under whose name it was made."""
        return self.filter(city__in=powers.sees)

    def standing(self) -> Self:
        """Those that nobody took back; whether one holds on a day is for its dates to say."""
        return self.filter(taken_back_at=None)


class Delegation(models.Model):
    """An approver lets somebody of their city approve from one day to another, both included, by the clock of the city.

    It gives nothing that the approver does not hold: with their role it ends, too. Its dates are never changed, only cut short.
    """

    city = models.ForeignKey(City, models.PROTECT, related_name="delegations")
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    reason = models.TextField(_("reason"), blank=True)
    given_at = models.DateTimeField(_("given"))
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="delegation_ends_later"),
            models.CheckConstraint(condition=~Q(giver=F("deputy")), name="delegation_is_to_another"),
        ]
        indexes = [
            models.Index("deputy", "ends_on", name="delegation_to", condition=Q(taken_back_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.deputy}"
