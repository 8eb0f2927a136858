"""Disputes: facts of the register on which sources disagree, their claims, and the decision."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.corrections.models import EXACTLY_ONE_ENTRY, RegisterFact, RegisterFactQuerySet
from partners.partial_dates import PartialDate, Precision
from partners.validators import validate_web_address
from workflow.base_models import JournaledModel
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class DisputeQuerySet(RegisterFactQuerySet["Dispute"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return all disputes: they are open to everyone who is signed in, like the register."""
        return self.all()

    def search(self, text: str) -> Self:
        """Return the disputes with a claim whose source or value contains the text."""
        return self.filter(
            pk__in=SourceClaim.objects.filter(Q(source__icontains=text) | Q(value__icontains=text)).values(
                "dispute"
            )
        )


class Dispute(RegisterFact, JournaledModel):
    """Fact on which sources disagree. All claims stay visible, even after the dispute is settled."""

    URL_NAME = "dispute"

    class Status(StatusChoices):
        # sources disagree, and the register has one of the values
        OPEN = "open", StatusGroup.OPEN, pgettext_lazy("a disagreement of sources", "Open")
        # a person chose a claim, with a reason; a new doubt reopens the dispute
        SETTLED = "settled", StatusGroup.DONE, pgettext_lazy("a disagreement of sources", "Settled")

    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(_("settled on"), null=True, blank=True)
    settled_for = models.CharField(_("accepted value"), max_length=200, blank=True)
    because = models.TextField(_("reason"), blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=EXACTLY_ONE_ENTRY, name="dispute_is_of_one_thing"),
            models.CheckConstraint(
                condition=Q(status="open", settled_at=None, settled_by=None, settled_for="", because="")
                | Q(status="settled", settled_at__isnull=False) & ~Q(settled_for="") & ~Q(because=""),
                name="dispute_settled_says_for_what_and_why",
            ),
            models.UniqueConstraint(fields=["place", "fact"], name="dispute_once_of_a_place"),
            models.UniqueConstraint(fields=["agreement", "fact"], name="dispute_once_of_an_agreement"),
            models.UniqueConstraint(fields=["exchange", "fact"], name="dispute_once_of_an_exchange"),
        ]

    def __str__(self) -> str:
        return str(self.register_entry)


class SourceClaim(models.Model):
    """Value that one source gives for a disputed fact.

    It is written as in a register file, or in words if the register has no column for the fact.
    """

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="claims")
    value = models.CharField(_("value"), max_length=200)
    source = models.CharField(_("source"), max_length=200)
    source_url = models.CharField(max_length=600, blank=True, validators=[validate_web_address])
    stated_on = models.DateField(_("source date"), null=True, blank=True)
    stated_precision = models.CharField(max_length=16, choices=Precision, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispute", "value", "source"], name="claim_once_of_a_source")
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.value}"

    @property
    def stated_date(self) -> PartialDate:
        """Date when the source made the claim, as exactly as it is known."""
        return PartialDate(self.stated_on, self.stated_precision)
