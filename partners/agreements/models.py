"""Twinning agreements between two places. Public facts, each with its source."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City, either_city_matches
from partners.partial_dates import PartialDatesMixin, Precision
from partners.validators import validate_web_address
from workflow.base_models import JournaledModel
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class TwinningAgreementQuerySet(models.QuerySet["TwinningAgreement"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return all agreements: they are public facts, open to everyone who is signed in."""
        return self.all()

    def of_city(self, city: City) -> Self:
        """Return the agreements of a city, on either side."""
        return self.filter(Q(city_a=city) | Q(city_b=city))

    def expiring_soon(self) -> Self:
        """Return the agreements with a reminder of their end that were not renewed or ended since."""
        return self.not_ended_or_suspended().filter(reminded__gt=0)

    def search(self, text: str) -> Self:
        """Return the agreements whose note or cities' names, in any script, contain the text."""
        return self.filter(either_city_matches(text, "city_a", "city_b", "note"))

    def with_reminder_ahead(self, first: date, last: date) -> Self:
        """Return agreements that end between two dates and still have a reminder to send."""
        return self.not_ended_or_suspended().filter(expires_on__range=(first, last), reminded__lt=2)

    def confirmed_on(self, on: date) -> Self:
        """Return the agreements whose term on a date is confirmed by both sides, or by a coordinator."""
        return self.filter(Q(confirmed_a=True, confirmed_b=True) | Q(agreed_until__gte=on))

    def not_ended_or_suspended(self) -> Self:
        """Return the agreements that were not ended or suspended. They may have expired."""
        return self.filter(status=TwinningAgreement.Status.RECORDED)


class TwinningAgreement(PartialDatesMixin, JournaledModel):
    """Twinning agreement between two cities.

    The field `status` holds the last decision about it. The function `agreement_status_on` returns its status on a
    date.
    """

    URL_NAME = "agreement"

    class Kind(models.TextChoices):
        SISTER = "sister", _("Sister cities")
        FRIENDSHIP = "friendship", _("Friendship cities")
        OTHER = "other", _("Other agreement")

    class Status(StatusChoices):
        # signed, or in force according to its sources
        RECORDED = "recorded", StatusGroup.DONE, pgettext_lazy("an agreement", "Recorded")
        # one side has suspended it; it can be resumed
        SUSPENDED = "suspended", StatusGroup.VOID, pgettext_lazy("an agreement", "Suspended")
        # expired or terminated; kept, but never used for routing
        ENDED = "ended", StatusGroup.VOID, pgettext_lazy("an agreement", "Ended")

    class EndReason(models.TextChoices):
        EXPIRED = "expired", pgettext_lazy("an agreement", "Expired")
        TERMINATED = "terminated", pgettext_lazy("an agreement", "Terminated")

    city_a = models.ForeignKey(City, models.PROTECT, related_name="agreements_a")
    city_b = models.ForeignKey(City, models.PROTECT, related_name="agreements_b")
    kind = models.CharField(_("type"), max_length=12, choices=Kind)
    signed_on = models.DateField(_("date signed"), null=True, blank=True)
    signed_precision = models.CharField(max_length=16, choices=Precision, blank=True)
    expires_on = models.DateField(_("expiry date"), null=True, blank=True)
    expires_precision = models.CharField(max_length=16, choices=Precision, blank=True)
    reminded = models.PositiveSmallIntegerField(
        default=0,
        help_text="How many of the two reminders of `expires_on` were sent.",
    )
    ended_on = models.DateField(
        _("end date"), null=True, blank=True, help_text="While it is suspended, the day of the suspension."
    )
    ended_precision = models.CharField(max_length=16, choices=Precision, blank=True)
    ended_why = models.CharField(_("reason for ending"), max_length=12, choices=EndReason, blank=True)
    certain = models.BooleanField(
        _("known to be in force"), default=True, help_text="No: no source confirms that it is in force."
    )
    confirmed_a = models.BooleanField(_("confirmed by the first city"), default=False)
    confirmed_b = models.BooleanField(_("confirmed by the second city"), default=False)
    agreed_until = models.DateField(
        _("confirmed until"),
        null=True,
        blank=True,
        help_text="The last day of the term that both sides confirmed, while only one side has confirmed a longer one.",
    )
    source_url = models.CharField(_("source"), max_length=600, blank=True, validators=[validate_web_address])
    source_type = models.CharField(max_length=12, blank=True)
    scope = models.CharField(max_length=30, blank=True)
    note = models.TextField(_("note"), blank=True)
    conflict = models.TextField(
        _("points on which sources disagree"),
        blank=True,
        help_text="Which source states what; empty if they agree.",
    )
    recorded_on = models.DateField(
        _("date recorded"),
        help_text="The date of its source or, if that is unknown, the date of entry into this register.",
    )

    objects = TwinningAgreementQuerySet.as_manager()
    city_id: ClassVar[None] = None  # the register belongs to no single city

    class Meta:
        constraints = [
            models.UniqueConstraint(  # in either order of the two cities
                Least("city_a", "city_b"), Greatest("city_a", "city_b"), "kind", name="agreement_once_a_kind"
            ),
            models.CheckConstraint(condition=~Q(city_a=F("city_b")), name="agreement_is_of_two_places"),
            models.CheckConstraint(
                condition=Q(status="ended") & ~Q(ended_why="") | ~Q(status="ended") & Q(ended_why=""),
                name="agreement_ended_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(status="recorded") | Q(ended_on=None, ended_precision=""),
                name="agreement_recorded_has_no_end",
            ),
        ]
        indexes = [
            models.Index("city_b", "status", name="agreement_of_b"),
            models.Index("city_a", "status", name="agreement_of_a"),
            models.Index(
                "expires_on", name="agreement_to_end", condition=Q(status="recorded", reminded__lt=2)
            ),
            models.Index("id", name="agreement_reminded", condition=Q(status="recorded", reminded__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.city_a} – {self.city_b}"

    def is_confirmed(self, on: date) -> bool:
        """Return True if both sides, or a coordinator, have confirmed that the agreement holds on a date."""
        is_provisional = self.agreed_until is not None and self.agreed_until >= on
        return is_provisional or (self.confirmed_a and self.confirmed_b)

    @property
    def unconfirmed_cities(self) -> list[City]:
        """Cities that have not confirmed the current agreement."""
        sides = ((self.confirmed_a, self.city_a), (self.confirmed_b, self.city_b))
        return [city for confirmed, city in sides if not confirmed]

    def partner_of(self, city: City) -> City:
        """Return the city on the other side."""
        return self.city_b if city.pk == self.city_a_id else self.city_a
