"""A part of a lead promised to a line of a need, never more than there is or is needed; and by what the offers are judged."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.cities import City
from procurement.leads.models.offer import SupplierLead
from procurement.requests.models import MOST, RequestLine, SupplyRequest
from workflow.models.tracked import Tracked

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The city that needs the goods."""
        return self.filter(city__in=powers.sees)

    def promised(self) -> Self:
        """Allocations that count against their lead and their line."""
        return self.filter(status__in=Allocation.PROMISED)

    def moot(self) -> Self:
        """Promises not ordered yet, to needs that were withdrawn."""
        withdrawn = SupplyRequest.Status.WITHDRAWN
        return self.filter(status=Allocation.Status.CONFIRMED, line__supply_request__status=withdrawn)


class Allocation(Tracked):
    """So many pieces of this lead for that line. A part is released by lowering `quantity`; the status stays."""

    REFERENCE_PREFIX = "AL"
    PAGE = "allocation"

    class Status(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("an allocation", "Proposed")
        # counts against the lead and the line
        CONFIRMED = "confirmed", pgettext_lazy("an allocation", "Confirmed")
        DROPPED = "dropped", pgettext_lazy("an allocation", "Dropped")
        ORDERED = "ordered", pgettext_lazy("an allocation", "Ordered")
        FULFILLED = "fulfilled", pgettext_lazy("an allocation", "Fulfilled")
        RELEASED = "released", pgettext_lazy("an allocation", "Released")  # given back

    PROMISED = (Status.CONFIRMED, Status.ORDERED, Status.FULFILLED)

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="allocations", verbose_name=_("city"))
    lead = models.ForeignKey(SupplierLead, models.PROTECT, related_name="allocations")
    line = models.ForeignKey(RequestLine, models.PROTECT, related_name="allocations")
    quantity = models.PositiveBigIntegerField(_("quantity"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    override_reason = models.TextField(_("why in spite of a warning"), blank=True)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__range=(1, MOST)), name="allocation_quantity_is_sane"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("confirmed", "ordered", "fulfilled"))
                | Q(confirmed_at__isnull=False),
                name="allocation_confirmed_has_a_time",
            ),
        ]
        indexes = [
            models.Index("city", F("id").desc(), name="allocation_of_city"),
            models.Index("city", "quantity", "id", name="allocation_by_quantity"),
            models.Index("city", "id", name="allocation_to_order", condition=Q(status="confirmed")),
            models.Index("lead", "status", name="allocation_of_lead"),
            models.Index("line", "status", name="allocation_of_line"),
        ]

    def __str__(self) -> str:
        return self.reference


class CriteriaQuerySet(models.QuerySet["Criteria"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The city that decides."""
        return self.filter(city__in=powers.sees)

    def standing(self) -> Self:
        """Those that hold now."""
        return self.filter(replaced=False)

    def of(self, lines: Iterable[RequestLine | int | None]) -> Self:
        """What holds now for each of these lines, with who fixed it."""
        named = self.select_related("author", "line__product", "line__supply_request")
        return named.standing().filter(line__in=[line for line in lines if line is not None]).order_by("line")


class Criteria(models.Model):
    """By what the offers for one line are judged, fixed by somebody on a day. Never edited: other criteria are another row.

    `offers_in` says how many offers had come in by then, `promised` how many pieces were allocated: from the second offer on they can
    be compared, and whoever fixes criteria after that says why.
    """

    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    line = models.ForeignKey(RequestLine, models.PROTECT, related_name="criteria")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    fixed_at = models.DateTimeField(_("fixed"))
    points = models.JSONField(
        _("criteria"), help_text="Words and weight of each; without a weight it must hold."
    )
    reason = models.TextField(_("why then"), blank=True)
    offers_in = models.PositiveIntegerField(_("offers that had come in"))
    promised = models.PositiveBigIntegerField(_("pieces allocated by then"))
    replaced = models.BooleanField(default=False, editable=False)

    objects = CriteriaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"], name="criteria_once_a_line", condition=Q(replaced=False)
            ),
            models.CheckConstraint(
                condition=Q(offers_in__lt=2, promised=0) | ~Q(reason=""), name="criteria_late_have_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}/{self.pk}"

    def get_absolute_url(self) -> str:
        """The page of its line's criteria."""
        return reverse("criteria", args=[self.line.supply_request.reference, self.line_id])

    @property
    def late(self) -> bool:
        """Whether the offers could be compared, or some were chosen, before it was fixed."""
        return self.offers_in > 1 or self.promised > 0
