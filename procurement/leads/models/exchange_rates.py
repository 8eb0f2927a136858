"""Exchange rates entered by hand, for currencies and days without a rate of the European Central Bank."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City
from workflow.base_models import JournaledModel
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class ManualRateQuerySet(models.QuerySet["ManualRate"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the rates of the cities the person may see. A city's rates convert only its own amounts."""
        return self.filter(city__in=permissions.visible_cities)


class ManualRate(JournaledModel):
    """Exchange rate entered by a person: one unit of `currency` was worth `rate` units of `into` on a day.

    A rate is never changed. A wrong rate is withdrawn, and the right one is entered.
    """

    REFERENCE_PREFIX = "XR"
    URL_NAME = "manual_rate"

    class Status(StatusChoices):
        ACTIVE = "active", StatusGroup.DONE, pgettext_lazy("an exchange rate", "In use")
        WITHDRAWN = "withdrawn", StatusGroup.VOID, pgettext_lazy("an exchange rate", "Withdrawn")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    currency = models.CharField(_("currency"), max_length=3)
    into = models.CharField(_("to currency"), max_length=3)
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)
    on = models.DateField(_("date of the rate"))
    source = models.CharField(_("source"), max_length=200, help_text="Where it was read.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ManualRateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city", "currency", "into", "on"],
                condition=Q(status="active"),
                name="manual_rate_one_a_day",
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="manual_rate_is_more_than_nothing"),
            models.CheckConstraint(condition=~Q(currency=F("into")), name="manual_rate_of_two_currencies"),
            models.CheckConstraint(condition=~Q(source=""), name="manual_rate_has_a_source"),
        ]
        indexes = [models.Index("city", F("id").desc(), name="manual_rate_of_city")]

    def __str__(self) -> str:
        return self.reference
