"""Where sources disagree about a fact of the register: what each of them says, and how somebody settled it."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.dates import Known, Precision
from partners.models.corrections import OF_ONE_THING, About, AboutQuerySet
from partners.places import web_address
from workflow.models.tracked import Tracked

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class DisputeQuerySet(AboutQuerySet["Dispute"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Open to everyone who is signed in, as the register is."""
        return self.all()

    def search(self, text: str) -> Self:
        """Those of which a source is named so or says so."""
        return self.filter(
            pk__in=Claim.objects.filter(Q(source__icontains=text) | Q(value__icontains=text)).values(
                "dispute"
            )
        )


class Dispute(About, Tracked):
    """One fact about which sources disagree. Its claims stand side by side, also after somebody settled it."""

    PAGE = "dispute"

    class Status(models.TextChoices):
        # sources disagree, and the register says one of the values
        OPEN = "open", pgettext_lazy("a disagreement of sources", "Open")
        # somebody chose, and said why; new doubts open it again
        SETTLED = "settled", pgettext_lazy("a disagreement of sources", "Settled")

    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(_("settled on"), null=True, blank=True)
    settled_for = models.CharField(_("settled for"), max_length=200, blank=True)
    because = models.TextField(_("because"), blank=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=OF_ONE_THING, name="dispute_is_of_one_thing"),
            models.CheckConstraint(
                condition=Q(status="open", settled_at=None, settled_by=None, settled_for="", because="")
                | Q(status="settled", settled_at__isnull=False) & ~Q(settled_for="") & ~Q(because=""),
                name="dispute_settled_says_for_what_and_why",
            ),
            models.UniqueConstraint(fields=["place", "fact"], name="dispute_once_of_a_place"),
            models.UniqueConstraint(fields=["twinning", "fact"], name="dispute_once_of_a_twinning"),
            models.UniqueConstraint(fields=["exchange", "fact"], name="dispute_once_of_an_exchange"),
        ]

    def __str__(self) -> str:
        return str(self.about)


class Claim(models.Model):
    """What one source says about a disputed fact, as a file of the register writes it, or in words where it has no form."""

    dispute = models.ForeignKey(Dispute, models.PROTECT, related_name="claims")
    value = models.CharField(_("says"), max_length=200)
    source = models.CharField(_("source"), max_length=200)
    source_url = models.CharField(max_length=600, blank=True, validators=[web_address])
    said_on = models.DateField(_("said on"), null=True, blank=True)
    said_precision = models.CharField(max_length=16, choices=Precision, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dispute", "value", "source"], name="claim_once_of_a_source")
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.value}"

    @property
    def said(self) -> Known:
        """When the source said it, as exactly as it is known."""
        return Known(self.said_on, self.said_precision)
