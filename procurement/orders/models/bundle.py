"""Every paper of an order in one ZIP, put together for one person: how far it is, where it lies, and until when."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.cities import City
from procurement.orders.models.order import Order
from workflow.models.tracked import Tracked
from workflow.search import as_quoted

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class BundleQuerySet(models.QuerySet["Bundle"]):
    def visible_to(self, powers: "Powers") -> Self:
        """Whoever asked for it, as long as they read the city: what is in it goes by what they may see."""
        return self.filter(by=powers.user_id, city__in=powers.sees)

    def search(self, text: str) -> Self:
        """Those of orders whose reference begins with the text."""
        return self.filter(order__reference__startswith=as_quoted(text))

    def due(self) -> Self:
        """Those that wait for the machine, the first asked first."""
        return self.filter(status=Bundle.Status.ASKED).order_by("asked_at", "pk")

    def over(self, at: datetime) -> Self:
        """Those whose days are over."""
        return self.filter(status=Bundle.Status.READY, until__lte=at)


class Bundle(Tracked):
    """The papers of an order for one person. One row for both, however often it is asked for: it is built anew in its place."""

    PAGE = "bundle"
    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"stored"})

    class Status(models.TextChoices):
        ASKED = "asked", pgettext_lazy("a file", "Being put together")  # waits for the machine, or is with it
        READY = "ready", pgettext_lazy("a file", "Ready")
        FAILED = "failed", pgettext_lazy("a file", "Not put together")
        GONE = "gone", pgettext_lazy("a file", "Deleted")  # its days are over, or it was dropped

    class Failure(models.TextChoices):
        NOT_SEEN = (
            "not_seen",
            _("You may not see this order any more. Ask who looks after your city's people."),
        )
        TOO_LARGE = (
            "too_large",
            _("Its files come to more than %(gigabytes)s GB. Open them one by one on their pages."),
        )
        NO_ROOM = (
            "no_room",
            _("There is no room left for it on the server. Tell whoever runs Twinlane, then try again."),
        )
        STUMBLED = (
            "stumbled",
            _(
                "It stumbled over a fault of its own, which was noted. Try again; if it fails again, tell whoever runs Twinlane."
            ),
        )

    order = models.ForeignKey(Order, models.PROTECT, related_name="bundles")
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    language = models.CharField(max_length=10, help_text="In which its lists and its foreword are written.")
    asked_at = models.DateTimeField(_("asked"))
    ready_at = models.DateTimeField(_("ready"), null=True, blank=True)
    until = models.DateTimeField(_("kept until"), null=True, blank=True)
    stored = models.CharField(
        max_length=60, blank=True, help_text="Its random name in MEDIA_ROOT/bundles; none unless it is there."
    )
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    sha256 = models.CharField(max_length=64, blank=True)
    files = models.PositiveIntegerField(
        default=0, help_text="How many files are in it, its own lists not counted."
    )
    left_out = models.PositiveIntegerField(
        default=0, help_text="Files, entries and comments that belong to it and that this person may not see."
    )
    failure = models.CharField(max_length=10, choices=Failure, blank=True)

    objects = BundleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "by"], name="bundle_once_a_person"),
            models.CheckConstraint(
                condition=Q(status="ready", ready_at__isnull=False, until__isnull=False, size__gt=0)
                & ~Q(stored="")
                | ~Q(status="ready") & Q(stored=""),
                name="bundle_lies_there_while_ready",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | ~Q(failure=""), name="bundle_failed_says_why"
            ),
        ]
        indexes = [
            models.Index("asked_at", "id", name="bundle_waiting", condition=Q(status="asked")),
            models.Index("until", name="bundle_over", condition=Q(status="ready")),
        ]

    def __str__(self) -> str:
        return f"{self.order}.zip"

    @property
    def waits(self) -> bool:
        """Whether the machine has it, or will soon."""
        return self.status == self.Status.ASKED
