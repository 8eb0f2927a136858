"""Models of a document request, sent to one person by link, and of the submissions that answer it."""

from datetime import datetime, time
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.catalogue.models.customs import CustomsRule
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.shipments.models import Shipment
from workflow.base_models import JournaledModel
from workflow.search import is_reference_start, normalize_reference
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions
ResponsibleParty = CustomsRule.ResponsibleParty
OFFICE_CLOSING_TIME = time(17)  # in the time zone of the person asked


class DocumentRequestQuerySet(models.QuerySet["DocumentRequest"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the requests of the receiving city.

        No other city learns which persons the receiving city asks, or at which addresses.
        """
        return self.filter(city__in=permissions.visible_cities)

    def reminder_due(self, at: datetime) -> Self:
        """Return the open requests whose next reminder is due and whose person can sign in."""
        return self.filter(
            status=DocumentRequest.Status.OPEN, next_reminder_at__lte=at, person__is_active=True
        )

    def search(self, text: str) -> Self:
        """Return the requests whose reference begins with the text, else those of matching shipments.

        A shipment matches if its reference begins with the text.
        """
        if is_reference_start(text, DocumentRequest.REFERENCE_PREFIX):
            return self.filter(reference__startswith=normalize_reference(text))
        return self.filter(shipment__reference__startswith=normalize_reference(text))


class DocumentRequest(JournaledModel):
    """Document request: the customs documents of one shipment that one person owes.

    The person submits them by a link, without an account. `name` and `email` are stored as the city
    entered them: if the person is already known, the city learns nothing more.
    """

    REFERENCE_PREFIX = "HI"
    URL_NAME = "document_request"

    class Status(StatusChoices):
        OPEN = "open", StatusGroup.OPEN, pgettext_lazy("papers", "Requested")
        COMPLETED = "completed", StatusGroup.DONE, pgettext_lazy("papers", "All submitted")
        CANCELLED = "cancelled", StatusGroup.VOID, pgettext_lazy("papers", "Request cancelled")

    TRACKING_ROLES = (
        ResponsibleParty.BROKER,
        ResponsibleParty.FORWARDER,
    )  # the roles that also report where the goods are

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="document_requests")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    role = models.CharField(_("responsible party"), max_length=10, choices=ResponsibleParty)
    supplier = models.ForeignKey(
        "procurement.Supplier",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("company"),
        help_text="The supplier whose documents are requested: each company of a shipment is asked for its own.",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("person submitting the documents"),
    )
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=150)
    email = models.EmailField(_("email"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField(_("requested by (date)"), null=True, blank=True)
    note = models.TextField(_("message to this person"), blank=True)
    reminder_count = models.PositiveSmallIntegerField(_("reminders"), default=0, editable=False)
    next_reminder_at = models.DateTimeField(_("next reminder"), null=True, blank=True, editable=False)
    unavailable = models.JSONField(
        default=dict, editable=False, help_text="By the reference of a document: why they cannot get it."
    )

    objects = DocumentRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "role", "supplier", "person"],
                nulls_distinct=False,
                condition=Q(status="open"),
                name="document_request_open_once",
            ),
        ]
        indexes = [
            models.Index("city", F("id").desc(), name="document_request_of_city"),
            models.Index(
                fields=["next_reminder_at"],
                name="document_request_to_remind",
                condition=Q(status="open", next_reminder_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def documents(self) -> "models.QuerySet[CustomsDocument]":
        """Customs documents that the person owes or owed, in the order in which they were requested."""
        owed = CustomsDocument.objects.filter(
            shipment=self.shipment_id, owner=self.role, supplier=self.supplier_id
        )
        return owed.order_by("pk")

    @property
    def owner_name(self) -> str:
        """Name of the company that owes the documents, else the role that owes them."""
        return str(self.supplier) if self.supplier is not None else self.get_role_display()

    def covers(self, document: CustomsDocument) -> bool:
        """Return True if the document belongs to this request."""
        here = (self.shipment_id, self.role, self.supplier_id)
        return (document.shipment_id, document.owner, document.supplier_id) == here

    @property
    def missing_documents(self) -> "models.QuerySet[CustomsDocument]":
        """Requested documents that the city still needs and does not have."""
        return self.documents.filter(status__in=CustomsDocument.AWAITED_STATUSES)

    @property
    def still_expected_documents(self) -> "models.QuerySet[CustomsDocument]":
        """Requested documents that the person could still submit.

        A submission that waits for review is left out, and so is a document that the person cannot get.
        """
        waiting = DocumentSubmission.objects.filter(
            document__in=self.documents, status=DocumentSubmission.Status.RECEIVED
        )
        return self.missing_documents.exclude(pk__in=waiting.values("document")).exclude(
            reference__in=self.unavailable
        )

    @property
    def documents_in_hand(self) -> "models.QuerySet[CustomsDocument]":
        """Documents of the shipment that the city has, for the person who clears it through customs."""
        return CustomsDocument.objects.filter(
            shipment=self.shipment_id, status__in=CustomsDocument.IN_HAND_STATUSES
        ).order_by("pk")

    @property
    def due_at(self) -> datetime | None:
        """Moment at which the documents are due: the end of that office day in the person's time zone.

        None if no day was given.
        """
        if self.due_on is None:
            return None
        return datetime.combine(self.due_on, OFFICE_CLOSING_TIME, ZoneInfo(self.person.time_zone))

    @property
    def may_report_tracking(self) -> bool:
        """True if the person is also asked to report where the goods are."""
        return self.role in self.TRACKING_ROLES


class DocumentSubmissionQuerySet(models.QuerySet["DocumentSubmission"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the submissions to the cities whose records the reader sees, or to the reader as broker."""
        broker = Q(document__broker=permissions.user_id) if permissions.is_broker else Q(pk__in=())
        return self.filter(Q(city__in=permissions.visible_cities) | broker)

    def accepted(self) -> Self:
        """Return the submissions that the city accepted. The newest of each document is the one in use."""
        return self.filter(status=DocumentSubmission.Status.ACCEPTED)

    def search(self, text: str) -> Self:
        """Return the submissions whose document's or shipment's reference begins with the text."""
        if is_reference_start(text, CustomsDocument.REFERENCE_PREFIX):
            return self.filter(document__reference__startswith=normalize_reference(text))
        return self.filter(document__shipment__reference__startswith=normalize_reference(text))


class DocumentSubmission(JournaledModel):
    """Submission of a customs document: its files, or the documents generated for it.

    Its content never changes; only its review does. A newer submission is stored as another row. `files`
    holds ids of files of the customs document, `generated` ids of generated documents; neither kind is ever
    deleted.
    """

    URL_NAME = "submission"

    class Status(StatusChoices):
        RECEIVED = "received", StatusGroup.OPEN, pgettext_lazy("a version of a paper", "Received")
        ACCEPTED = "accepted", StatusGroup.DONE, pgettext_lazy("a version of a paper", "Accepted")
        RETURNED = "returned", StatusGroup.VOID, pgettext_lazy("a version of a paper", "Returned")
        SUPERSEDED = "superseded", StatusGroup.VOID, pgettext_lazy("a version of a paper", "Superseded")

    document = models.ForeignKey(CustomsDocument, models.PROTECT, related_name="submissions")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    request = models.ForeignKey(
        DocumentRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="submissions",
        help_text="Whose link it came by; empty if staff submitted it.",
    )
    number = models.PositiveSmallIntegerField(_("version"))
    files = ArrayField(models.BigIntegerField(), default=list, blank=True)
    generated = ArrayField(models.BigIntegerField(), default=list, blank=True)
    document_number = models.CharField(_("document number"), max_length=80, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_copied_link = models.BooleanField(default=False)
    answer = models.TextField(_("reason for return"), blank=True)
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    filed_at = models.DateTimeField(
        _("submitted to customs"), null=True, blank=True, help_text="The version that customs was given."
    )

    objects = DocumentSubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="submission_once"),
            models.CheckConstraint(
                condition=~Q(status__in=("accepted", "returned")) | Q(reviewed_at__isnull=False),
                name="submission_reviewed_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | ~Q(answer=""), name="submission_returned_says_why"
            ),
        ]
        indexes = [models.Index("city", F("id").desc(), name="submission_of_city")]

    def __str__(self) -> str:
        return str(_("%(paper)s, version %(number)s") % {"paper": self.document, "number": self.number})

    @property
    def broker_id(self) -> int | None:
        """Id of the broker to whom the customs document was given."""
        return self.document.broker_id
