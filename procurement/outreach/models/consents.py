"""Consents to introductions that a partner city gave for a period, so that it is not asked for each inquiry."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City, CityDay
from partners.contacts.models import Contact
from partners.memberships.models import Membership
from procurement.outreach.models.inquiries import Inquiry, IntroductionRight
from workflow.base_models import JournaledModel
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions

END_ANNOUNCED_BEFORE = timedelta(days=14)
MIN_AGE_FOR_REMINDER = timedelta(days=7)
REPORT_USES_AFTER = timedelta(days=1)


class IntroductionConsentQuerySet(models.QuerySet["IntroductionConsent"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the consents that a person with these permissions may see.

        These are the consents given to their own cities and to cities they watch as a coordinator, and those
        that their city or they themselves gave.
        """
        if permissions.oversees_all_cities:
            return self.all()
        given = Q(through_city__in=permissions.visible_cities) | Q(introducer__in=permissions.contact_ids)
        return self.filter(Q(city__in=permissions.visible_cities | permissions.overseen_city_ids) | given)

    def active(self) -> Self:
        """Return the consents that were neither withdrawn nor ended."""
        return self.filter(status=IntroductionConsent.Status.ACTIVE)

    def covering(self, inquiry: Inquiry) -> Self:
        """Return the active consents for the cities and the contact of this inquiry: one at most."""
        return self.active().filter(
            city=inquiry.city_id, through_city=inquiry.through_city_id, contact=inquiry.contact_id
        )

    def past_last_day(self, at: datetime) -> Self:
        """Return the active consents whose last day has passed in the consenting city."""
        return self.active().filter(ends_on__lt=CityDay(at, "through_city__timezone"))

    def without_giver(self) -> Self:
        """Return the active consents whose giver can no longer withdraw them."""
        return self.active().exclude(_giver_in_place())

    def unlapsed(self, at: datetime) -> Self:
        """Return the active consents that have not lapsed by their date or by the loss of their giver."""
        return self.active().filter(_giver_in_place(), ends_on__gte=CityDay(at, "through_city__timezone"))

    def end_announcement_due(self, at: datetime) -> Self:
        """Return the active consents that end within two weeks, and of whose end the asking city was not reminded.

        Consents that were given less than a week ago are left out.
        """
        soon = CityDay(at + END_ANNOUNCED_BEFORE, "through_city__timezone")
        due = self.active().filter(end_announced_at=None, ends_on__lt=soon)
        return due.filter(created_at__lte=at - MIN_AGE_FOR_REMINDER)

    def report_due(self, at: datetime) -> Self:
        """Return the consents with inquiries of which the person who gave them must be informed.

        They are informed of all inquiries at most once a day, or of each if they wanted that.
        """
        told = Coalesce(OuterRef("reported_at"), OuterRef("created_at"))
        used = Inquiry.objects.filter(consent=OuterRef("pk"), sent_at__gt=told, sent_at__lte=at)
        return self.filter(
            Q(Exists(used.filter(sent_at__lte=at - REPORT_USES_AFTER)))
            | Q(Exists(used), reports_each_use=True)
        )


def _giver_in_place() -> Q:
    """Return the condition that the person who consented can withdraw it.

    They must be an officer of the city, or an active contact there whom mail reaches: a contact withdraws by the
    link in a message.
    """
    contacts = Contact.objects.accepting_inquiries().reachable_by_mail().filter(city=OuterRef("through_city"))
    officers = Membership.objects.active().filter(
        user=OuterRef("given_by"),
        city=OuterRef("through_city"),
        role=Membership.Role.OFFICER,
        user__is_active=True,
    )
    return Q(Exists(contacts.filter(pk=OuterRef("introducer")))) | Q(Exists(officers), introducer=None)


class IntroductionConsent(JournaledModel):
    """Consent of a partner city to all inquiries of one city to one contact, until a day.

    `inquiry` is the one with which the consent was given. Later inquiries name it as their `consent`.
    """

    REFERENCE_PREFIX = "IC"
    URL_NAME = "consent"

    class Status(StatusChoices):
        ACTIVE = "active", StatusGroup.DONE, pgettext_lazy("a consent", "In force")
        WITHDRAWN = "withdrawn", StatusGroup.VOID, pgettext_lazy("a consent", "Withdrawn")
        EXPIRED = (
            "expired",
            StatusGroup.VOID,
            pgettext_lazy("a consent", "Expired"),
        )  # its last day has passed
        # before its last day: an agreement ended, or the person who gave it left
        ENDED = "ended", StatusGroup.VOID, pgettext_lazy("a consent", "Ended")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    inquiry = models.OneToOneField(Inquiry, models.PROTECT, related_name="period_consent")
    city = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name=_("requesting city"))
    through_city = models.ForeignKey(
        City, models.PROTECT, related_name="+", verbose_name=_("consenting city")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, related_name="+", verbose_name=_("contact who can be asked")
    )
    introducer = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("contact who consented"),
        help_text="A contact of `through_city`; null where one of its officers consented.",
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("given by")
    )
    ends_on = models.DateField(
        _("last day"), help_text="A working day in `through_city`, included, in its time zone."
    )
    reports_each_use = models.BooleanField(
        _("message about each inquiry"),
        default=False,
        help_text="The person who consented gets a message about each inquiry, not at most one a day about all.",
    )
    reported_at = models.DateTimeField(
        null=True, editable=False, help_text="When the last inquiry was sent of which the giver was informed."
    )
    end_announced_at = models.DateTimeField(
        null=True, editable=False, help_text="When the asking city was reminded that the consent ends soon."
    )

    objects = IntroductionConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("city", "through_city", "contact"),
                condition=Q(status="active"),
                name="one_introduction_consent_in_force",
            ),
        ]
        indexes = [
            models.Index("city", F("id").desc(), name="introduction_consents_of_city"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def giver_name(self) -> str:
        """Name of the person who consented: the contact, or the officer of the consenting city."""
        return str(self.introducer or self.given_by)

    @property
    def given_on(self) -> date:
        """The day on which the consent was given, in the consenting city."""
        return self.through_city.day_at(self.created_at)

    @property
    def introduction_right(self) -> IntroductionRight:
        """The right by which the contact who consented withdraws the consent, also by the link to its inquiry."""
        return IntroductionRight(self.introducer_id, (Inquiry._meta.label_lower, self.inquiry_id))

    @property
    def agreement_city_pairs(self) -> list[tuple[int, int]]:
        """The pairs of city ids whose agreements the consent relies on."""
        return [(self.city_id, self.through_city_id), (self.through_city_id, self.contact.city_id)]
