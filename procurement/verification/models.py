"""Checks on an offer, the reports of their contacts, and checks that cities share."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City, CityDay
from partners.contacts.models import Contact
from procurement.catalogue.models.certificates import CertificateType
from procurement.leads.models.leads import SupplierLead
from procurement.suppliers.models.certificates import Certificate
from procurement.suppliers.models.suppliers import Supplier
from workflow.base_models import JournaledModel
from workflow.errors import LazyText
from workflow.query_expressions import order_by_moment
from workflow.search import GramsField, contains_each_word, is_reference_start, normalize_reference
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class CheckKind(models.TextChoices):
    """Kinds of checks, made on site or with an issuer.

    No rule requires the last kind, in which the city asks the contact for a certificate that the offer lacks.
    """

    BUSINESS_LICENCE = "business_licence", _("Business licence")
    CERTIFICATE = "certificate_with_issuer", _("Certificate, checked with the issuer")
    VISIT = "production_and_stock_visit", _("Production and stock visit")
    SAMPLE_TEST = "sample_test", _("Sample test")
    PRICE_EXPLANATION = "price_explanation", _("Price explanation")
    EXPORT_PERMISSION = "export_permission", _("Export permission")
    BANK_ACCOUNT = "bank_account", _("Bank account")
    MISSING_CERTIFICATE = "missing_certificate", _("Missing certificate")

    @classmethod
    def choices_required_by_rule(cls) -> list[tuple[str, LazyText]]:
        """Return the choices of the checks that a rule requires and that a person carries out."""
        return [(code, label) for code, label in cls.choices if code != cls.MISSING_CERTIFICATE]


class VerificationTaskQuerySet(models.QuerySet["VerificationTask"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the checks visible to the city that asked, the contact who was asked, and coordinators."""
        if permissions.oversees_all_cities:
            return self.all()
        return self.filter(
            Q(city__in=permissions.visible_cities | permissions.overseen_city_ids)
            | Q(contact__in=permissions.contact_ids)
        )

    def search(self, text: str) -> Self:
        """Return the checks that match the text.

        A text in the form of a reference matches references that begin with it; any other text matches company
        names.
        """
        if is_reference_start(text, VerificationTask.REFERENCE_PREFIX):
            return self.filter(reference__startswith=normalize_reference(text))
        return self.filter(supplier__in=Supplier.objects.with_name_words(text))

    def waiting(self) -> Self:
        """Return the checks that a contact is working on."""
        return self.filter(status__in=VerificationTask.WAITING_STATUSES)

    def asked_together_with(self, task: "VerificationTask") -> Self:
        """Return this check and the others of the same company that its city asks of the same contact.

        The others are included only while they wait for a report or for its review.
        """
        alike = Q(contact=task.contact_id, city=task.city_id, supplier=task.supplier_id)
        open_ones = Q(status__in=(*VerificationTask.WAITING_STATUSES, VerificationTask.Status.SUBMITTED))
        return self.filter(Q(pk=task.pk) | (alike & open_ones))

    def certificate_already_received(self) -> Self:
        """Return the open requests for a certificate that the city has meanwhile received in another way."""
        shown = Certificate.objects.exclude(status__in=Certificate.Status.void).filter(
            supplier=OuterRef("supplier"),
            kind=OuterRef("requested_certificate_type"),
            created_at__gt=OuterRef("created_at"),
        )
        open_ones = (*VerificationTask.WAITING_STATUSES, *VerificationTask.ASSIGNABLE_STATUSES)
        return self.filter(Exists(shown), status__in=open_ones, certificate=None)

    def moot(self) -> Self:
        """Return the unfinished checks of offers that have ended."""
        return self.filter(status__in=VerificationTask.Status.open).exclude(
            lead__status__in=SupplierLead.LIVE_STATUSES
        )

    def of_former_partner_contacts(self, former: Mapping[int, Collection[int]]) -> Self:
        """Return the checks assigned to a contact of a former partner city.

        `former` maps each city to its former partner cities.
        """
        gone = Q(pk=None)
        for city, partners in former.items():
            gone |= Q(city=city, contact__city__in=partners)
        return self.waiting().filter(gone)

    def reminder_due(self, at: datetime) -> Self:
        """Return the checks whose next reminder is due.

        Leaves out contacts who asked to be left alone, and needs that the city must reconfirm first. Includes contacts
        whose e-mail bounces, so that after three reminders a person phones them.
        """
        due = (
            self.waiting()
            .filter(next_reminder_at__lte=at)
            .exclude(contact__in=Contact.objects.declining_contact())
        )
        # Before more reminders, the city must confirm that it still needs the goods.
        return due.exclude(lead__line__supply_request__reconfirm_by__lt=CityDay(at))

    def reusing_revoked_check(self) -> Self:
        """Return the accepted checks based on another city's check that is no longer accepted."""
        accepted = VerificationTask.Status.ACCEPTED
        return self.filter(status=accepted, reused_from__isnull=False).exclude(reused_from__status=accepted)

    def of_contacts_no_longer_asked(self) -> Self:
        """Return the checks assigned to a contact whom the city has stopped asking."""
        return self.waiting().filter(contact__stopped_for__contains=[F("city_id")])

    def of_opted_out_contacts(self) -> Self:
        """Return the checks assigned to a contact who asked to be left alone."""
        return self.waiting().filter(contact__in=Contact.objects.declining_contact())


class VerificationTask(JournaledModel):
    """One check of one offer.

    "Overdue" and "escalated" are not statuses; they follow from the current time.
    """

    REFERENCE_PREFIX = "VT"
    URL_NAME = "check"
    ALLOWS_FILES_FOR_CONTACT = True

    class Status(StatusChoices):
        UNASSIGNED = "unassigned", StatusGroup.OPEN, _("Not assigned")
        REQUESTED = "requested", StatusGroup.OPEN, _("Requested")
        IN_PROGRESS = "in_progress", StatusGroup.OPEN, _("In progress")
        SUBMITTED = "submitted", StatusGroup.OPEN, _("Report received")
        ACCEPTED = "accepted", StatusGroup.DONE, pgettext_lazy("a check", "Accepted")
        RETURNED = "returned", StatusGroup.OPEN, _("Returned with a question")
        DECLINED = "declined", StatusGroup.OPEN, _("Cannot be done")
        FORWARDED = "forwarded", StatusGroup.VOID, _("Passed on to a colleague")
        CANCELLED = "cancelled", StatusGroup.VOID, _("Cancelled")
        OUTDATED = "outdated", StatusGroup.VOID, _("Outdated")

    WAITING_STATUSES = (Status.REQUESTED, Status.IN_PROGRESS, Status.RETURNED)
    ASSIGNABLE_STATUSES = (Status.UNASSIGNED, Status.DECLINED)  # no contact works on it

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="checks", verbose_name=_("city"))
    lead = models.ForeignKey(SupplierLead, models.PROTECT, related_name="checks")
    supplier = models.ForeignKey(Supplier, models.PROTECT, related_name="checks")
    certificate = models.ForeignKey(Certificate, models.PROTECT, null=True, blank=True, related_name="checks")
    check_kind = models.CharField(_("check"), max_length=30, choices=CheckKind)
    requested_certificate_type = models.ForeignKey(
        CertificateType,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("certificate asked for"),
        help_text="Set for the kind “missing certificate” only.",
    )
    needed = models.BooleanField(_("required before verifying"), default=True)
    why = models.CharField(max_length=40, blank=True, help_text="The code of the rule that asks for it.")
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True, related_name="checks_asked")
    reasons = models.JSONField(
        default=list, help_text="Why this person: the routing's reasons as codes with their figures."
    )
    offered_at = models.DateTimeField(_("requested"), null=True, blank=True)
    taken_at = models.DateTimeField(_("date accepted"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    next_reminder_at = models.DateTimeField(null=True, blank=True)
    reminder_count = models.PositiveSmallIntegerField(default=0)
    submitted_at = models.DateTimeField(_("report received"), null=True, blank=True)
    question = models.TextField(_("question about the report"), blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    remark = models.TextField(_("answer given"), blank=True)
    previous = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="next")
    reused_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reused_by",
        help_text="Another city's check that replaces it, with that city's agreement.",
    )

    objects = VerificationTaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=("requested", "in_progress", "submitted", "returned"))
                | Q(contact__isnull=False, offered_at__isnull=False, due_at__isnull=False),
                name="check_assigned_to_a_person",
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted")
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False, submitted_at__isnull=False),
                name="check_accepted_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(check_kind="missing_certificate", requested_certificate_type__isnull=False)
                | (~Q(check_kind="missing_certificate") & Q(requested_certificate_type=None)),
                name="check_wants_a_certificate",
            ),
        ]
        indexes = [
            models.Index(
                "supplier",
                "check_kind",
                "reviewed_at",
                name="check_to_share",
                condition=Q(status="accepted", reused_from__isnull=True),
            ),
            models.Index("city", F("id").desc(), name="check_of_city"),
            models.Index("city", "status", F("id").desc(), name="check_of_status"),
            models.Index("city", order_by_moment("due_at"), "id", name="check_soonest"),
            models.Index("contact", "status", name="check_of_contact"),
            models.Index("city", "status", "submitted_at", "id", name="check_by_report"),
            models.Index("city", "id", name="check_to_phone", condition=Q(reminder_count__gte=3)),
            models.Index(
                "city",
                "due_at",
                "id",
                name="check_waiting",
                condition=Q(status__in=("requested", "in_progress", "returned")),
            ),
            models.Index(
                "next_reminder_at",
                "id",
                name="check_to_remind",
                condition=Q(status__in=("requested", "in_progress", "returned")),
            ),
        ]

    def get_check_kind_display(self) -> str:  # type: ignore[no-redef]  # in place of the one that Django adds
        """Return what is checked, with the certificate that is asked for."""
        label = dict(CheckKind.choices).get(self.check_kind, self.check_kind)
        if self.requested_certificate_type is None:
            return str(label)
        return str(_("%(what)s (%(part)s)") % {"what": label, "part": self.requested_certificate_type.name})

    @property
    def answer_awaited_until(self) -> datetime | None:
        """Due time of the report while the check waits for it, else None."""
        return self.due_at if self.status in self.WAITING_STATUSES else None

    def __str__(self) -> str:
        return self.reference


class CheckReportQuerySet(models.QuerySet["CheckReport"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the reports visible to the users who see the check, except coordinators.

        Coordinators only follow the progress.
        """
        return self.filter(
            Q(task__city__in=permissions.visible_cities) | Q(task__contact__in=permissions.contact_ids)
        )

    def search(self, text: str) -> Self:
        """Return the reports that match the text.

        A text in the form of a reference matches checks whose reference begins with it; any other text matches the
        summary and the place.
        """
        if is_reference_start(text, VerificationTask.REFERENCE_PREFIX):
            return self.filter(task__reference__startswith=normalize_reference(text))
        return self.filter(contains_each_word(text, "summary", "place"))


class CheckReport(models.Model):
    """Report of a contact on a check, as submitted.

    Each submission is a new row; rows are never changed.
    """

    class Method(models.TextChoices):
        VISIT = "visit", _("In person")
        PHONE = "phone", _("By phone")
        REGISTER = "register", _("In a public register")
        DOCUMENT = "document", _("From a document")

    class Confidence(models.IntegerChoices):
        LOW = 1, _("Unsure")
        MEDIUM = 2, _("Fairly sure")
        HIGH = 3, _("Sure")

    task = models.ForeignKey(VerificationTask, models.PROTECT, related_name="reports")
    question_version = models.PositiveSmallIntegerField(
        default=1, help_text="The version of the check's questions it answers: it is read by these."
    )
    question_family = models.CharField(
        max_length=20, blank=True, help_text="The family of goods those questions were about."
    )
    answers = models.JSONField(
        help_text="Per question code: answer (yes, no, could_not_check) and what was seen."
    )
    method = models.CharField(_("method"), max_length=10, choices=Method)
    place = models.CharField(_("place"), max_length=200, blank=True)
    seen_on = models.DateField(_("date seen"))
    seen_at = models.TimeField(_("time"), null=True, blank=True, help_text="By the clock of the place.")
    confidence = models.PositiveSmallIntegerField(_("degree of certainty"), choices=Confidence)
    confirmed_at_once = models.BooleanField(
        default=False, help_text="One answer confirmed everything, instead of an answer to each question."
    )
    summary = models.TextField(_("contact’s comments"), blank=True)
    language = models.CharField(max_length=10)
    file_ids = ArrayField(models.BigIntegerField(), default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_copied_link = models.BooleanField(default=False)
    at = models.DateTimeField(_("sent"))
    search = GramsField(of=("summary", "place"))

    objects = CheckReportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("task", F("id").desc(), name="report_of_check"),
            models.Index("seen_on", "id", name="report_in_order"),
            GinIndex(fields=["search"], name="report_search"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.at:%Y-%m-%d}"


class CheckReuseQuerySet(models.QuerySet["CheckReuse"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the requests addressed to the user's cities.

        The asking city sees the result on its own check, and the name of the asked city once this has agreed.
        """
        return self.filter(city__in=permissions.visible_cities)

    def unanswered_by(self, cities: frozenset[int]) -> Self:
        """Return the requests that these cities have not answered yet."""
        return self.filter(city__in=cities, status=CheckReuse.Status.PENDING)


class CheckReuse(JournaledModel):
    """Request to use another city's check. The asking city does not know which city it asks.

    `city` is the city that is asked, and the row belongs to it. `task` is the open check of the asking city;
    `origin` is the accepted check that could replace it.
    """

    REFERENCE_PREFIX = "RU"
    URL_NAME = "check_reuse"

    class Status(StatusChoices):
        PENDING = "pending", StatusGroup.OPEN, _("Requested")
        AGREED = "agreed", StatusGroup.DONE, _("Agreed")
        DECLINED = "declined", StatusGroup.VOID, pgettext_lazy("status", "Declined")
        CANCELLED = "cancelled", StatusGroup.VOID, _("No longer needed")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="+", verbose_name=_("city"))
    origin = models.ForeignKey(VerificationTask, models.PROTECT, related_name="lent")
    task = models.ForeignKey(VerificationTask, models.PROTECT, related_name="reuses")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = CheckReuseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "origin"], condition=~Q(status="cancelled"), name="reuse_requested_once"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("agreed", "declined"))
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="reuse_answered_by_a_person",
            ),
        ]
        indexes = [
            models.Index("city", "status", F("id").desc(), name="reuse_of_city"),
            models.Index("status", "id", name="reuse_waiting", condition=Q(status="pending")),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def lead(self) -> SupplierLead:
        """Offer for which the original check was made. A thank-you names its goods."""
        return self.origin.lead

    @property
    def contact(self) -> Contact | None:
        """Contact who made the original check, and who is thanked if another city uses it."""
        return self.origin.contact
