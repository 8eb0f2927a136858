"""Checks on a lead: what is looked at, who looks, and until when."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.cities import City, CityDay
from partners.models.people import Contact
from procurement.leads.models.offer import SupplierLead
from procurement.suppliers.models.certificate import Certificate
from procurement.suppliers.models.company import Supplier
from workflow.models.tracked import Tracked
from workflow.queries import by_moment
from workflow.search import as_quoted, quotes

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class Check(models.TextChoices):
    """What can be checked on the spot or with an issuer."""

    BUSINESS_LICENCE = "business_licence", _("Business licence")
    CERTIFICATE = "certificate_with_issuer", _("Certificate with its issuer")
    VISIT = "production_and_stock_visit", _("Visit to production and stock")
    SAMPLE = "sample_test", _("Test of a sample")
    PRICE = "price_explanation", _("Explanation of the price")
    EXPORT = "export_permission", _("Permission to export")
    BANK = "bank_account", _("Bank account")


class VerificationTaskQuerySet(models.QuerySet["VerificationTask"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The city that asked, the contact who was asked, and who coordinates."""
        if powers.watches_all:
            return self.all()
        return self.filter(Q(city__in=powers.sees | powers.watches) | Q(contact__in=powers.contacts))

    def search(self, text: str) -> Self:
        """Checks whose reference begins with the text; else those of companies in whose names all of it stands."""
        if quotes(text, VerificationTask.REFERENCE_PREFIX):
            return self.filter(reference__startswith=as_quoted(text))
        return self.filter(supplier__in=Supplier.objects.named(text))

    def waiting(self) -> Self:
        """Checks somebody abroad has in hand."""
        return self.filter(status__in=VerificationTask.WAITING)

    def moot(self) -> Self:
        """Checks somebody still has in hand, of offers that have ended."""
        return self.filter(status__in=VerificationTask.IN_HAND).exclude(lead__status__in=SupplierLead.LIVE)

    def through_ended(self, former: Mapping[int, Collection[int]]) -> Self:
        """Checks in the hands of somebody of a former partner city: `former` holds each city's."""
        gone = Q(pk=None)
        for city, partners in former.items():
            gone |= Q(city=city, contact__city__in=partners)
        return self.waiting().filter(gone)

    def due_for_chasing(self, at: datetime) -> Self:
        """Checks whose next reminder is due. Where mail comes back they are counted all the same: after three somebody phones."""
        due = self.waiting().filter(chase_at__lte=at).exclude(contact__in=Contact.objects.left_alone())
        # First the city says that the goods are still needed.
        return due.exclude(lead__line__supply_request__reconfirm_by__lt=CityDay(at))

    def overturned(self) -> Self:
        """Accepted checks that rest on another city's, which no longer stands."""
        accepted = VerificationTask.Status.ACCEPTED
        return self.filter(status=accepted, reused_from__isnull=False).exclude(reused_from__status=accepted)

    def stopped_by_city(self) -> Self:
        """Checks in the hands of somebody whom the city asks nothing more."""
        return self.waiting().filter(contact__stopped_for__contains=[F("city_id")])

    def of_who_stopped(self) -> Self:
        """Checks in the hands of somebody who wants to be asked, or written to, no more."""
        return self.waiting().filter(contact__in=Contact.objects.left_alone())


class VerificationTask(Tracked):
    """One check of one lead. Overdue and escalated are comparisons with the clock, not statuses."""

    REFERENCE_PREFIX = "VT"
    PAGE = "check"
    PAPERS_FOR_CONTACT = True

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("To be given out")
        OFFERED = "offered", _("Asked")
        TAKEN = "taken", _("Taken on")
        SUBMITTED = "submitted", _("Report in")
        ACCEPTED = "accepted", pgettext_lazy("a check", "Accepted")
        RETURNED = "returned", _("Returned with a question")
        DECLINED = "declined", _("Cannot be done")
        HANDED_OVER = "handed_over", _("Handed over")
        CANCELLED = "cancelled", _("Cancelled")
        OUTDATED = "outdated", _("Out of date")

    WAITING = (Status.OFFERED, Status.TAKEN, Status.RETURNED)
    IN_HAND = (Status.PROPOSED, *WAITING, Status.SUBMITTED, Status.DECLINED)

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="checks", verbose_name=_("city"))
    lead = models.ForeignKey(SupplierLead, models.PROTECT, related_name="checks")
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="checks")
    certificate = models.ForeignKey(Certificate, models.PROTECT, null=True, blank=True, related_name="checks")
    check_kind = models.CharField(_("check"), max_length=30, choices=Check)
    needed = models.BooleanField(_("needed before verifying"), default=True)
    why = models.CharField(max_length=40, blank=True, help_text="The code of the rule that asks for it.")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="checks_asked")
    reasons = models.JSONField(
        default=list, help_text="Why this person: the routing's reasons as codes with their figures."
    )
    offered_at = models.DateTimeField(_("asked"), null=True, blank=True)
    taken_at = models.DateTimeField(_("taken on"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    chase_at = models.DateTimeField(null=True, blank=True)
    chases = models.PositiveSmallIntegerField(default=0)
    submitted_at = models.DateTimeField(_("report in"), null=True, blank=True)
    question = models.TextField(_("question sent back"), blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    judged_at = models.DateTimeField(_("judged"), null=True, blank=True)
    remark = models.TextField(_("what they said"), blank=True)
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="next")
    reused_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reused_by",
        help_text="Another city's check that stands in its place, with that city's agreement.",
    )

    objects = VerificationTaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=("offered", "taken", "submitted", "returned"))
                | Q(contact__isnull=False, offered_at__isnull=False, due_at__isnull=False),
                name="check_given_to_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted")
                | Q(judged_by__isnull=False, judged_at__isnull=False, submitted_at__isnull=False),
                name="check_accepted_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                "supplier",
                "check_kind",
                "judged_at",
                name="check_to_share",
                condition=Q(status="accepted", reused_from__isnull=True),
            ),
            models.Index("city", F("id").desc(), name="check_of_city"),
            models.Index("city", "status", F("id").desc(), name="check_of_status"),
            models.Index("city", by_moment("due_at"), "id", name="check_soonest"),
            models.Index("contact", "status", name="check_of_contact"),
            models.Index("city", "status", "submitted_at", "id", name="check_by_report"),
            models.Index("city", "id", name="check_to_phone", condition=Q(chases__gte=3)),
            models.Index(
                "city",
                "due_at",
                "id",
                name="check_waiting",
                condition=Q(status__in=("offered", "taken", "returned")),
            ),
            models.Index(
                "chase_at",
                "id",
                name="check_to_chase",
                condition=Q(status__in=("offered", "taken", "returned")),
            ),
        ]

    @property
    def waits_until(self) -> datetime | None:
        """Until when a report is hoped for; none once the check waits no longer."""
        return self.due_at if self.status in self.WAITING else None

    def __str__(self) -> str:
        return self.reference
