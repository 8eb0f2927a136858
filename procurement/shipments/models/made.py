"""Papers the program makes from the record: of a shipment, of an order in it, or of a gift; frozen, with the file as it was printed."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.cities import City
from procurement.orders.models.order import Order
from procurement.shipments.models.shipment import Shipment
from workflow.models.tracked import Tracked
from workflow.search import as_quoted, quotes

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class MadePaperQuerySet(models.QuerySet["MadePaper"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The city; and of a shipment given to a customs broker, what customs asks for."""
        given = Q(shipment__broker=powers.user_id, kind__in=MadePaper.FOR_CUSTOMS)
        return self.filter(Q(city__in=powers.sees) | (given if powers.brokers else Q(pk__in=())))

    def search(self, text: str) -> Self:
        """Papers whose reference begins with the text; else those of shipments or orders whose reference does."""
        if quotes(text, MadePaper.REFERENCE_PREFIX):
            return self.filter(reference__startswith=as_quoted(text))
        of = Q(shipment__reference__startswith=as_quoted(text))
        return self.filter(of | Q(order__reference__startswith=as_quoted(text)))


class MadePaper(Tracked):
    """A paper as it was made from the record, in one language or two side by side. Never changed; a newer version stands beside it.

    `thing` names what it is of: a shipment, an order, or an order's part of a shipment, as `of` writes it. `sha256` is that of the
    words and figures (`paper.hashed`), `file_sha256` that of the file.
    """

    REFERENCE_PREFIX = "MP"
    PAGE = "made_paper"
    # Whoever holds the code reads the public page: the journal is read by more people than that.
    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"code"})

    class Status(models.TextChoices):
        FROZEN = "frozen", pgettext_lazy("a paper", "Frozen")

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

    # A paper is of a shipment, of each order's part of it, or of a gift whatever it travels in.
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
        related_name="made_papers",
        verbose_name=_("shipment"),
    )
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="made_papers", verbose_name=_("order")
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

    objects = MadePaperQuerySet.as_manager()

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
        """The first sixteen signs of the hash in fours, as they stand on the paper."""
        return " ".join(self.sha256[start : start + 4] for start in range(0, 16, 4))

    @property
    def languages(self) -> list[str]:
        """The two letters of each of its languages, in their order."""
        return self.tongues.split("-")


class MadePrint(models.Model):
    """The words of a paper made from the record, and the bytes that were printed from them. Never changed.

    The bytes are kept, as a memo's are (ADR 79): who is shown the paper compares the file itself, whatever became of the layout since.
    """

    paper = models.OneToOneField(MadePaper, models.PROTECT, related_name="print")
    words = models.JSONField(help_text="What the paper says, by language.")
    pdf = models.BinaryField(help_text="PDF/A-2b.")

    def __str__(self) -> str:
        return f"{self.paper_id}"


def of(shipment: Shipment | None, order: Order | None) -> str:
    """What a paper is of, as `MadePaper.thing` keeps it."""
    named: list[Any] = [one for one in (shipment, order) if one is not None]
    return " ".join(one.reference for one in named)
