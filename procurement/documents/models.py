"""Customs documents, document requests, submissions, and generated documents with their files."""

from datetime import datetime, time
from typing import TYPE_CHECKING, Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from procurement.catalogue.models.customs import CustomsRule
from procurement.customs.models import BROKERS, CustomsClearance
from procurement.orders.models import Order
from procurement.shipments.models import OfShipmentQuerySet, Shipment
from workflow.base_models import JournaledModel
from workflow.query_expressions import by_moment
from workflow.search import as_quoted, quotes
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class CustomsDocument(JournaledModel):
    """Document or step that a clearance needs, with the rule that asked for it and the rule's day."""

    REFERENCE_PREFIX = "CP"
    PAGE = "customs_document"
    SHARED_WITH = BROKERS

    class Status(StatusChoices):
        REQUIRED = "required", StatusGroup.OPEN, pgettext_lazy("a paper", "Missing")
        IN_PROGRESS = "in_progress", StatusGroup.OPEN, _("Draft")
        READY = "ready", StatusGroup.OPEN, _("Ready")
        SUBMITTED = "submitted", StatusGroup.DONE, _("Handed in")  # customs has it: it blocks no step
        ACCEPTED = "accepted", StatusGroup.DONE, _("Accepted")
        QUERIED = "queried", StatusGroup.OPEN, _("Queried")
        REFUSED = "refused", StatusGroup.OPEN, _("Refused")
        NOT_REQUIRED = "not_required", StatusGroup.VOID, _("No longer asked")

    # Where a needed document is. A ready one is with the city, and customs does not have it yet.
    WAITED_FOR = Status.open - {Status.READY}
    IN_HAND = Status.done | {Status.READY}

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    clearance = models.ForeignKey(CustomsClearance, models.PROTECT, related_name="documents")
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="documents")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    broker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    sort = models.CharField(
        _("sort"),
        max_length=5,
        choices=[(sort.value, sort.label) for sort in (CustomsRule.Sort.PAPER, CustomsRule.Sort.STEP)],
        default=CustomsRule.Sort.PAPER,
    )
    code = models.CharField(_("paper"), max_length=40)
    rule = models.CharField(max_length=90, help_text="The code of the rule that asks for it.")
    asked_on = models.DateField(_("by the rules of"))
    name_en = models.CharField(max_length=200)
    name_fr = models.CharField(max_length=200, blank=True)
    name_zh = models.CharField(max_length=200, blank=True)
    owner = models.CharField(_("who owes it"), max_length=10, choices=CustomsRule.Owner)
    supplier = models.ForeignKey(
        "procurement.Supplier",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("company"),
        help_text="Of what a supplier owes, the company whose goods it is for; none where nobody sells them.",
    )
    due_before = models.CharField(_("needed"), max_length=10, choices=CustomsRule.Due)
    blocks = models.BooleanField(
        _("blocks"), help_text="Only rules with a firm source block; the others warn."
    )
    satisfied_by = ArrayField(
        models.CharField(max_length=40),
        default=list,
        blank=True,
        help_text="Certificate kinds that are this paper.",
    )
    source_url = models.CharField(_("source"), max_length=600, blank=True)
    number = models.CharField(_("number"), max_length=80, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    remark = models.TextField(_("remark"), blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)

    objects = OfShipmentQuerySet["CustomsDocument"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clearance", "code", "supplier"], nulls_distinct=False, name="paper_once_a_company"
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted") | Q(accepted_at__isnull=False),
                name="paper_accepted_has_a_time",
            ),
        ]
        indexes = [
            models.Index("shipment", F("id"), name="paper_of_shipment"),
            models.Index("city", by_moment("accepted_at"), "id", name="paper_in_order"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Name of the document in the reader's language."""
        return {"fr": self.name_fr, "zh": self.name_zh}.get((get_language() or "en")[:2], "") or self.name_en

    @property
    def owed_by(self) -> str:
        """Name of the company that owes the document, else the role that owes it."""
        return str(self.supplier) if self.supplier is not None else self.get_owner_display()


Owner = CustomsRule.Owner
OFFICE_CLOSES = time(17)  # in the time zone of the person asked


class DocumentRequestQuerySet(models.QuerySet["DocumentRequest"]):
    def visible_to(self, powers: "Permissions") -> Self:
        """Return the requests of the receiving city.

        No other city learns which persons it asks, or at which addresses.
        """
        return self.filter(city__in=powers.sees)

    def due_for_chasing(self, at: datetime) -> Self:
        """Return the open requests whose next reminder is due and whose person can sign in."""
        return self.filter(status=DocumentRequest.Status.OPEN, chase_at__lte=at, person__is_active=True)

    def search(self, text: str) -> Self:
        """Return the requests whose reference begins with the text, else those of matching shipments.

        A shipment matches if its reference begins with the text.
        """
        if quotes(text, DocumentRequest.REFERENCE_PREFIX):
            return self.filter(reference__startswith=as_quoted(text))
        return self.filter(shipment__reference__startswith=as_quoted(text))


class DocumentRequest(JournaledModel):
    """Document request: the customs documents of one shipment that one person owes.

    The person submits them by a link, without an account. `name` and `email` are stored as the city
    entered them: if the person is already known, the city learns nothing more.
    """

    REFERENCE_PREFIX = "HI"
    PAGE = "document_request"

    class Status(StatusChoices):
        OPEN = "open", StatusGroup.OPEN, pgettext_lazy("papers", "Asked for")
        COMPLETED = "completed", StatusGroup.DONE, pgettext_lazy("papers", "All handed in")
        CANCELLED = "cancelled", StatusGroup.VOID, pgettext_lazy("papers", "No longer asked for")

    WORKS_FOR_GOODS = (Owner.BROKER, Owner.FORWARDER)  # the roles that also report where the goods are

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="document_requests")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    role = models.CharField(_("whose papers"), max_length=10, choices=Owner)
    supplier = models.ForeignKey(
        "procurement.Supplier",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("company"),
        help_text="Of a supplier's papers, whose: two companies of one shipment are asked each for theirs.",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who hands them in")
    )
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField(_("hoped for by"), null=True, blank=True)
    note = models.TextField(_("a word to them"), blank=True)
    chases = models.PositiveSmallIntegerField(_("reminders"), default=0, editable=False)
    chase_at = models.DateTimeField(_("next reminder"), null=True, blank=True, editable=False)
    cannot = models.JSONField(
        default=dict, editable=False, help_text="By the reference of a paper: why they cannot get it."
    )

    objects = DocumentRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "role", "supplier", "person"],
                nulls_distinct=False,
                condition=Q(status="open"),
                name="paper_call_open_once",
            ),
        ]
        indexes = [
            models.Index("city", F("id").desc(), name="paper_call_of_city"),
            models.Index(
                fields=["chase_at"],
                name="paper_call_to_chase",
                condition=Q(status="open", chase_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def papers(self) -> "models.QuerySet[CustomsDocument]":
        """Customs documents that the person owes or owed, in the order in which they were requested."""
        owed = CustomsDocument.objects.filter(
            shipment=self.shipment_id, owner=self.role, supplier=self.supplier_id
        )
        return owed.order_by("pk")

    @property
    def whose(self) -> str:
        """Name of the company that owes the documents, else the role that owes them."""
        return str(self.supplier) if self.supplier is not None else self.get_role_display()

    def covers(self, document: CustomsDocument) -> bool:
        """Return True if the document belongs to this request."""
        here = (self.shipment_id, self.role, self.supplier_id)
        return (document.shipment_id, document.owner, document.supplier_id) == here

    @property
    def missing(self) -> "models.QuerySet[CustomsDocument]":
        """Requested documents that the city still needs and does not have."""
        return self.papers.filter(status__in=CustomsDocument.WAITED_FOR)

    @property
    def waited_for(self) -> "models.QuerySet[CustomsDocument]":
        """Requested documents that the person could still submit.

        A submission that waits for review is left out, and so is a document that the person cannot get.
        """
        waiting = DocumentSubmission.objects.filter(
            document__in=self.papers, status=DocumentSubmission.Status.RECEIVED
        )
        return self.missing.exclude(pk__in=waiting.values("document")).exclude(reference__in=self.cannot)

    @property
    def in_hand(self) -> "models.QuerySet[CustomsDocument]":
        """Documents of the shipment that the city has, for the person who clears it through customs."""
        return CustomsDocument.objects.filter(
            shipment=self.shipment_id, status__in=CustomsDocument.IN_HAND
        ).order_by("pk")

    @property
    def due_at(self) -> datetime | None:
        """Moment at which the documents are due: the end of that office day in the person's time zone.

        None if no day was given.
        """
        if self.due_on is None:
            return None
        return datetime.combine(self.due_on, OFFICE_CLOSES, ZoneInfo(self.person.time_zone))

    @property
    def follows(self) -> bool:
        """True if the person is also asked to report where the goods are."""
        return self.role in self.WORKS_FOR_GOODS


class DocumentSubmissionQuerySet(models.QuerySet["DocumentSubmission"]):
    def visible_to(self, powers: "Permissions") -> Self:
        """Return the submissions to the cities whose records the reader sees, or to the reader as broker."""
        broker = Q(document__broker=powers.user_id) if powers.brokers else Q(pk__in=())
        return self.filter(Q(city__in=powers.sees) | broker)

    def taken(self) -> Self:
        """Return the submissions that the city accepted. For each document, the newest is its file."""
        return self.filter(status=DocumentSubmission.Status.ACCEPTED)

    def search(self, text: str) -> Self:
        """Return the submissions whose document's or shipment's reference begins with the text."""
        if quotes(text, CustomsDocument.REFERENCE_PREFIX):
            return self.filter(document__reference__startswith=as_quoted(text))
        return self.filter(document__shipment__reference__startswith=as_quoted(text))


class DocumentSubmission(JournaledModel):
    """Submission of a customs document: its files, or the documents generated for it. Never changed.

    A newer submission is stored as another row. `files` holds ids of files of the customs document,
    `generated` ids of generated documents; neither kind is ever deleted.
    """

    PAGE = "submission"

    class Status(StatusChoices):
        RECEIVED = "received", StatusGroup.OPEN, pgettext_lazy("a version of a paper", "Came in")
        ACCEPTED = "accepted", StatusGroup.DONE, pgettext_lazy("a version of a paper", "Taken")
        RETURNED = "returned", StatusGroup.VOID, pgettext_lazy("a version of a paper", "Given back")
        SUPERSEDED = "superseded", StatusGroup.VOID, pgettext_lazy("a version of a paper", "A newer one came")

    document = models.ForeignKey(CustomsDocument, models.PROTECT, related_name="submissions")
    city = models.ForeignKey("partners.City", models.PROTECT, related_name="+")
    request = models.ForeignKey(
        DocumentRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="submissions",
        help_text="By whose link it came; none where somebody brought it at the desk.",
    )
    number = models.PositiveSmallIntegerField(_("version"))
    files = ArrayField(models.BigIntegerField(), default=list, blank=True)
    generated = ArrayField(models.BigIntegerField(), default=list, blank=True)
    document_number = models.CharField(_("number of the paper"), max_length=80, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    by_copied_link = models.BooleanField(default=False)
    answer = models.TextField(_("why it was given back"), blank=True)
    judged_at = models.DateTimeField(_("judged"), null=True, blank=True)
    filed_at = models.DateTimeField(
        _("handed to customs"), null=True, blank=True, help_text="The version that customs was given."
    )

    objects = DocumentSubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="paper_version_once"),
            models.CheckConstraint(
                condition=~Q(status__in=("accepted", "returned")) | Q(judged_at__isnull=False),
                name="paper_version_judged_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | ~Q(answer=""), name="paper_version_given_back_says_why"
            ),
        ]
        indexes = [models.Index("city", F("id").desc(), name="paper_version_of_city")]

    def __str__(self) -> str:
        return str(_("%(paper)s, version %(number)s") % {"paper": self.document, "number": self.number})

    @property
    def broker_id(self) -> int | None:
        """Id of the broker to whom the customs document was given."""
        return self.document.broker_id


class GeneratedDocumentQuerySet(models.QuerySet["GeneratedDocument"]):
    def visible_to(self, powers: "Permissions") -> Self:
        """Return the generated documents the reader may see.

        These are the documents of the cities whose records the reader sees and, for a customs broker, the
        customs documents of the shipments given to them.
        """
        given = Q(shipment__broker=powers.user_id, kind__in=GeneratedDocument.FOR_CUSTOMS)
        return self.filter(Q(city__in=powers.sees) | (given if powers.brokers else Q(pk__in=())))

    def search(self, text: str) -> Self:
        """Return the documents whose reference begins with the text, else those of matching objects.

        A shipment or order matches if its reference begins with the text.
        """
        if quotes(text, GeneratedDocument.REFERENCE_PREFIX):
            return self.filter(reference__startswith=as_quoted(text))
        of = Q(shipment__reference__startswith=as_quoted(text))
        return self.filter(of | Q(order__reference__startswith=as_quoted(text)))


class GeneratedDocument(JournaledModel):
    """Document generated from the record, in one language or in two side by side. Never changed.

    A newer version is stored as another row. `thing` names the subject: a shipment, an order, or an
    order's part of a shipment, as `of` writes it. `sha256` is the hash of the words and figures
    (`paper.hashed`), `file_sha256` the hash of the file.
    """

    REFERENCE_PREFIX = "MP"
    PAGE = "generated_document"
    # The code opens the public page, so it stays out of the journal, which more people read.
    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"code"})

    class Status(StatusChoices):
        FINAL = "final", StatusGroup.DONE, pgettext_lazy("a paper", "Frozen")

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Commercial invoice")
        PROFORMA = "proforma", _("Pro-forma invoice")
        VALUE = "value_statement", _("Statement of value")
        PACKING = "packing_list", _("Packing list")
        EXPORTER = "exporter_data", _("Data sheet for the exporter's declaration")
        JOINT = "joint_data", _("Data sheet for the joint declaration")
        CARTONS = "carton_labels", _("Carton labels")
        PALLETS = "pallet_labels", _("Pallet labels")
        RECEIVED = "goods_received", _("Goods received note")
        INSPECTED = "inspection_report", _("Inspection report")
        OFFER = "donation_letter", _("Letter of offer")
        ACCEPTANCE = "acceptance_letter", _("Letter of acceptance")
        GIFT = "gift_certificate", _("Gift certificate")
        THANKS = "thanks_letter", _("Letter of thanks")
        THANKS_CERTIFICATE = "thanks_certificate", _("Certificate of thanks")

    class Tongues(models.TextChoices):
        ZH_EN = "zh-en", _("Chinese and English")
        ZH_FR = "zh-fr", _("Chinese and French")
        EN_FR = "en-fr", _("English and French")
        EN = "en", _("English")
        FR = "fr", _("French")
        ZH = "zh", _("Chinese")

    # The subject is a shipment, one order's part of a shipment, or a donation in any shipment.
    OF_SHIPMENT = (
        *(Kind.PACKING, Kind.EXPORTER, Kind.JOINT, Kind.CARTONS, Kind.PALLETS),
        *(Kind.RECEIVED, Kind.INSPECTED),
    )
    OF_PART = (Kind.INVOICE, Kind.PROFORMA, Kind.VALUE)
    OF_GIFT = (Kind.OFFER, Kind.ACCEPTANCE, Kind.GIFT, Kind.THANKS, Kind.THANKS_CERTIFICATE)
    FOR_CUSTOMS = (*OF_PART, Kind.PACKING, Kind.EXPORTER, Kind.JOINT)

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    shipment = models.ForeignKey(
        Shipment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="generated_documents",
        verbose_name=_("shipment"),
    )
    order = models.ForeignKey(
        Order,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="generated_documents",
        verbose_name=_("order"),
    )
    thing = models.CharField(max_length=50, help_text="The references of what it is of, joined by a space.")
    kind = models.CharField(_("paper"), max_length=20, choices=Kind)
    tongues = models.CharField(_("languages"), max_length=5, choices=Tongues)
    version = models.PositiveSmallIntegerField(_("version"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    figures = models.JSONField(
        help_text="Pieces, cartons, values and names by line of an order, and the weight: what must agree with other papers."
    )
    sha256 = models.CharField(max_length=64, help_text="Of words and figures, as `paper.hashed` writes them.")
    file_sha256 = models.CharField(max_length=64, help_text="Of the bytes of the PDF.")
    code = models.CharField(
        max_length=40,
        unique=True,
        help_text="Stands in the QR; opens a public page that says the paper is genuine.",
    )

    objects = GeneratedDocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thing", "kind", "version"], name="made_paper_version_once"),
            models.CheckConstraint(
                condition=Q(shipment__isnull=False) | Q(order__isnull=False),
                name="made_paper_is_of_something",
            ),
        ]
        indexes = [models.Index("city", F("id").desc(), name="made_paper_of_city")]

    def __str__(self) -> str:
        return self.reference

    @property
    def fingerprint(self) -> str:
        """First sixteen digits of the hash in groups of four, as printed on the document."""
        return " ".join(self.sha256[start : start + 4] for start in range(0, 16, 4))

    @property
    def languages(self) -> list[str]:
        """Two-letter codes of the document's languages, in order."""
        return self.tongues.split("-")


class GeneratedDocumentFile(models.Model):
    """Words of a generated document and the bytes of the file printed from them. Never changed.

    The bytes are kept, like those of a decision memo (ADR 56): a reader can compare the file itself
    even after the layout has changed.
    """

    document = models.OneToOneField(GeneratedDocument, models.PROTECT, related_name="file")
    words = models.JSONField(help_text="What the paper says, by language.")
    pdf = models.BinaryField(help_text="PDF/A-2b.")

    def __str__(self) -> str:
        return f"{self.document_id}"


def subject_of(shipment: Shipment | None, order: Order | None) -> str:
    """Return the subject of a document as stored in `MadePaper.thing`."""
    named: list[Any] = [one for one in (shipment, order) if one is not None]
    return " ".join(one.reference for one in named)
