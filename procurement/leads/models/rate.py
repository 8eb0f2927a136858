"""An exchange rate that somebody entered, for a currency or a day the European Central Bank has none for."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.cities import City
from workflow.models.tracked import Tracked

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class EnteredRateQuerySet(models.QuerySet["EnteredRate"]):
    def visible_to(self, powers: "Powers") -> Self:
        """A city's rates are its own: only its own amounts are converted by them."""
        return self.filter(city__in=powers.sees)


class EnteredRate(Tracked):
    """One unit of `currency` was worth `rate` units of `into` on a day: who said so, and where they read it.

    A rate is never changed: a mistake is withdrawn, and the right one entered.
    """

    REFERENCE_PREFIX = "XR"
    PAGE = "rate"

    class Status(models.TextChoices):
        ENTERED = "entered", pgettext_lazy("an exchange rate", "In use")
        WITHDRAWN = "withdrawn", pgettext_lazy("an exchange rate", "Withdrawn")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    currency = models.CharField(_("currency"), max_length=3)
    into = models.CharField(_("into"), max_length=3)
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)
    on = models.DateField(_("day of the rate"))
    source = models.CharField(_("source"), max_length=200, help_text="Where it was read.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = EnteredRateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city", "currency", "into", "on"],
                condition=Q(status="entered"),
                name="enteredrate_one_a_day",
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="enteredrate_is_more_than_nothing"),
            models.CheckConstraint(condition=~Q(currency=F("into")), name="enteredrate_of_two_currencies"),
            models.CheckConstraint(condition=~Q(source=""), name="enteredrate_has_a_source"),
        ]
        indexes = [models.Index("city", F("id").desc(), name="enteredrate_of_city")]

    def __str__(self) -> str:
        return self.reference
