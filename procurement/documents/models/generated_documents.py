"""Models of a generated document and its PDF file, stored with a hash and never changed."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City
from procurement.documents.models.requests import DocumentSubmission
from procurement.orders.models import Order
from procurement.shipments.models import Shipment
from workflow.base_models import JournaledModel
from workflow.search import is_reference_start, normalize_reference
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class GeneratedDocumentQuerySet(models.QuerySet["GeneratedDocument"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the generated documents the reader may see.

        These are the documents of the cities whose records the reader sees and, for a customs broker, the
        customs documents of the shipments given to them: by their kind, or because the city accepted them as one.
        """
        accepted = DocumentSubmission.objects.accepted().filter(document__broker=permissions.user_id)
        submitted = accepted.values_list(
            Func(F("generated"), function="UNNEST", output_field=models.BigIntegerField())
        )
        given = Q(shipment__broker=permissions.user_id, kind__in=GeneratedDocument.CUSTOMS_KINDS)
        given |= Q(pk__in=submitted)
        return self.filter(
            Q(city__in=permissions.visible_cities) | (given if permissions.is_broker else Q(pk__in=()))
        )

    def search(self, text: str) -> Self:
        """Return the documents whose reference begins with the text, else those of matching objects.

        A shipment or order matches if its reference begins with the text.
        """
        if is_reference_start(text, GeneratedDocument.REFERENCE_PREFIX):
            return self.filter(reference__startswith=normalize_reference(text))
        of = Q(shipment__reference__startswith=normalize_reference(text))
        return self.filter(of | Q(order__reference__startswith=normalize_reference(text)))


class GeneratedDocument(JournaledModel):
    """Document generated from the data of a shipment or order, in one language or two side by side. Never changed.

    A newer version is stored as another row. `thing` names the subject: a shipment, an order, or an
    order's part of a shipment, as `of` writes it. `sha256` is the hash of the words and figures
    (`content_hash`), `file_sha256` the hash of the file.
    """

    REFERENCE_PREFIX = "MP"
    URL_NAME = "generated_document"
    # The code opens the public page, so it stays out of the journal, which more people read.
    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"code"})

    class Status(StatusChoices):
        FINAL = "final", StatusGroup.DONE, pgettext_lazy("a paper", "Final")

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Commercial invoice")
        PROFORMA = "proforma", _("Pro-forma invoice")
        STATEMENT_OF_VALUE = "value_statement", _("Statement of value")
        PACKING_LIST = "packing_list", _("Packing list")
        EXPORTER_DATA_SHEET = "exporter_data", _("Data sheet for the exporter’s declaration")
        JOINT_DECLARATION_DATA_SHEET = "joint_data", _("Data sheet for the joint declaration")
        CARTON_LABELS = "carton_labels", _("Carton labels")
        PALLET_LABELS = "pallet_labels", _("Pallet labels")
        GOODS_RECEIVED_NOTE = "goods_received", _("Goods received note")
        INSPECTION_REPORT = "inspection_report", _("Inspection report")
        OFFER_LETTER = "donation_letter", _("Letter of offer")
        ACCEPTANCE_LETTER = "acceptance_letter", _("Letter of acceptance")
        DONATION_CERTIFICATE = "gift_certificate", _("Donation certificate")
        THANKS_LETTER = "thanks_letter", _("Letter of thanks")
        THANKS_CERTIFICATE = "thanks_certificate", _("Certificate of thanks")
        PURCHASE_ORDER = "purchase_order", _("Purchase order")

    class LanguagePair(models.TextChoices):
        ZH_EN = "zh-en", _("Chinese and English")
        ZH_FR = "zh-fr", _("Chinese and French")
        EN_FR = "en-fr", _("English and French")
        EN = "en", _("English")
        FR = "fr", _("French")
        ZH = "zh", _("Chinese")

    # The subject is a shipment, one order's part of a shipment, or a whole order in any shipment.
    SHIPMENT_KINDS = (
        *(
            Kind.PACKING_LIST,
            Kind.EXPORTER_DATA_SHEET,
            Kind.JOINT_DECLARATION_DATA_SHEET,
            Kind.CARTON_LABELS,
            Kind.PALLET_LABELS,
        ),
        *(Kind.GOODS_RECEIVED_NOTE, Kind.INSPECTION_REPORT),
    )
    ORDER_PART_KINDS = (Kind.INVOICE, Kind.PROFORMA, Kind.STATEMENT_OF_VALUE)
    DONATION_KINDS = (
        Kind.OFFER_LETTER,
        Kind.ACCEPTANCE_LETTER,
        Kind.DONATION_CERTIFICATE,
        Kind.THANKS_LETTER,
        Kind.THANKS_CERTIFICATE,
    )
    WHOLE_ORDER_KINDS = (*DONATION_KINDS, Kind.PURCHASE_ORDER)
    CUSTOMS_KINDS = (
        *ORDER_PART_KINDS,
        Kind.PACKING_LIST,
        Kind.EXPORTER_DATA_SHEET,
        Kind.JOINT_DECLARATION_DATA_SHEET,
    )

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
    kind = models.CharField(_("document"), max_length=20, choices=Kind)
    language_pair = models.CharField(_("languages"), max_length=5, choices=LanguagePair)
    version = models.PositiveSmallIntegerField(_("version"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    figures = models.JSONField(
        help_text="Pieces, cartons, values and names by line of an order, and the weight: what must agree with other papers."
    )
    sha256 = models.CharField(max_length=64, help_text="Of text and figures (`content_hash`).")
    file_sha256 = models.CharField(max_length=64, help_text="Of the bytes of the PDF.")
    code = models.CharField(
        max_length=40,
        unique=True,
        help_text="Printed in the QR code; opens a public page that confirms the document.",
    )

    objects = GeneratedDocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["thing", "kind", "version"], name="generated_document_version_once"
            ),
            models.CheckConstraint(
                condition=Q(shipment__isnull=False) | Q(order__isnull=False),
                name="generated_document_is_of_something",
            ),
        ]
        indexes = [models.Index("city", F("id").desc(), name="generated_document_of_city")]

    def __str__(self) -> str:
        return self.reference

    @property
    def fingerprint(self) -> str:
        """First sixteen digits of the hash in groups of four, as printed on the document."""
        return " ".join(self.sha256[start : start + 4] for start in range(0, 16, 4))

    @property
    def languages(self) -> list[str]:
        """Two-letter codes of the document's languages, in order."""
        return self.language_pair.split("-")


class GeneratedDocumentFile(models.Model):
    """Words of a generated document and the bytes of the file printed from them. Never changed.

    The bytes are kept, like those of a decision memo (ADR 56): a reader can compare the file itself
    even after the layout has changed.
    """

    document = models.OneToOneField(GeneratedDocument, models.PROTECT, related_name="file")
    words = models.JSONField(help_text="The text of the document, by language.")
    pdf = models.BinaryField(help_text="PDF/A-2b.")

    def __str__(self) -> str:
        return f"{self.document_id}"


def document_subject(shipment: Shipment | None, order: Order | None) -> str:
    """Return the subject of a document as stored in `GeneratedDocument.thing`."""
    named: list[Any] = [one for one in (shipment, order) if one is not None]
    return " ".join(one.reference for one in named)
