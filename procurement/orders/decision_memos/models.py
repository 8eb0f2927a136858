"""Decision memos: the stored record of an order on a day, and its PDF files."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City
from procurement.orders.models import Order
from workflow.base_models import JournaledModel
from workflow.search import is_reference_start, normalize_reference
from workflow.statuses import StatusChoices, StatusGroup

if TYPE_CHECKING:
    from partners.permissions.permissions import Permissions


class DecisionMemoQuerySet(models.QuerySet["DecisionMemo"]):
    def visible_to(self, permissions: "Permissions") -> Self:
        """Return the memos of the cities the person may see, including as an auditor."""
        return self.filter(city__in=permissions.visible_cities)

    def of_order(self, order: Order) -> Self:
        """Return the memos of an order with their authors, newest first."""
        return self.filter(order=order).select_related("author").order_by("-number")

    def search(self, text: str) -> Self:
        """Return the memos, or the memos of orders, whose reference starts with the text."""
        if is_reference_start(text, DecisionMemo.REFERENCE_PREFIX):
            return self.filter(reference__startswith=normalize_reference(text))
        return self.filter(order__reference__startswith=normalize_reference(text))


class DecisionMemo(JournaledModel):
    """Decision memo: the stored reasons for an order. A later memo does not replace an earlier one.

    `sha256` is the hash of the text in all three languages (`content_hash`), printed on every page. Each
    printed file has its own hash.
    """

    REFERENCE_PREFIX = "DM"
    URL_NAME = "decision_memo"
    # The code opens the public page, and more people read the journal than should have it.
    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"code"})

    class Status(StatusChoices):
        FINAL = "final", StatusGroup.DONE, pgettext_lazy("a memo", "Frozen")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, models.PROTECT, related_name="decision_memos", verbose_name=_("order"))
    number = models.PositiveSmallIntegerField(help_text="The how many-th memo of its order.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    order_status = models.CharField(max_length=20, choices=Order.Status, help_text="As of the memo.")
    code = models.CharField(
        max_length=40,
        unique=True,
        help_text="Printed in the QR code; opens a public page that confirms the memo.",
    )
    sha256 = models.CharField(max_length=64, help_text="Of the text in all languages (`content_hash`).")
    head = models.CharField(
        max_length=64, blank=True, help_text="The head of the chain of entries as it was made."
    )

    objects = DecisionMemoQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="memo_numbered_in_its_order")]
        indexes = [models.Index("city", F("id").desc(), name="memo_of_city")]

    def __str__(self) -> str:
        return self.reference

    @property
    def fingerprint(self) -> str:
        """First sixteen characters of the hash in groups of four, as printed."""
        return " ".join(self.sha256[start : start + 4] for start in range(0, 16, 4))


class DecisionMemoFile(models.Model):
    """A memo in one language: its text and the printed bytes. Never changed.

    The bytes are stored, unlike those of a letter (ADR 56): an auditor compares the file itself, even if
    the layout has changed since.
    """

    memo = models.ForeignKey(DecisionMemo, models.PROTECT, related_name="files")
    language = models.CharField(max_length=2, help_text="en, fr or zh.")
    words = models.JSONField(help_text="The text of the memo.")
    pdf = models.BinaryField(help_text="PDF/A-2b.")
    sha256 = models.CharField(max_length=64, help_text="Of the bytes of the PDF.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["memo", "language"], name="memo_file_once_a_language")]

    def __str__(self) -> str:
        return f"{self.memo_id}-{self.language}"
