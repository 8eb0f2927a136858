"""The decision memo of an order: what the record said on a day, frozen, as a paper that can be known again; and its prints."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models.cities import City
from procurement.orders.models.order import Order
from workflow.models.tracked import Tracked
from workflow.search import as_quoted, quotes

if TYPE_CHECKING:
    from partners.rules.powers import Powers


class MemoQuerySet(models.QuerySet["Memo"]):
    def visible_to(self, powers: "Powers") -> Self:
        """The city that orders, its auditors among them."""
        return self.filter(city__in=powers.sees)

    def of(self, order: Order) -> Self:
        """The memos of an order with who made each, the newest first."""
        return self.filter(order=order).select_related("author").order_by("-number")

    def search(self, text: str) -> Self:
        """Memos whose reference begins with the text; else those of orders whose reference does."""
        if quotes(text, Memo.REFERENCE_PREFIX):
            return self.filter(reference__startswith=as_quoted(text))
        return self.filter(order__reference__startswith=as_quoted(text))


class Memo(Tracked):
    """What an order rests on, as it was frozen. A later memo stands beside an earlier one and never in its place.

    `sha256` is that of the words in all three languages (`paper.hashed`), printed on every page; each print has its own.
    """

    REFERENCE_PREFIX = "DM"
    PAGE = "memo"
    # Whoever holds the code reads the public page: the journal is read by more people than that.
    SECRET_FIELDS: ClassVar[frozenset[str]] = frozenset({"code"})

    class Status(models.TextChoices):
        FROZEN = "frozen", pgettext_lazy("a memo", "Frozen")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    city = models.ForeignKey(City, models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, models.PROTECT, related_name="memos", verbose_name=_("order"))
    number = models.PositiveSmallIntegerField(help_text="The how many-th memo of its order.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    order_status = models.CharField(max_length=20, choices=Order.Status, help_text="As of the memo.")
    code = models.CharField(
        max_length=40,
        unique=True,
        help_text="Stands in the QR; opens a public page that says the memo is genuine.",
    )
    sha256 = models.CharField(
        max_length=64, help_text="Of the words in all languages, as `paper.hashed` writes them."
    )
    head = models.CharField(
        max_length=64, blank=True, help_text="The head of the chain of entries as it was made."
    )

    objects = MemoQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "number"], name="memo_numbered_in_its_order")]
        indexes = [models.Index("city", F("id").desc(), name="memo_of_city")]

    def __str__(self) -> str:
        return self.reference

    @property
    def fingerprint(self) -> str:
        """The first sixteen signs of the hash in fours, as they stand on the paper."""
        return " ".join(self.sha256[start : start + 4] for start in range(0, 16, 4))


class MemoPrint(models.Model):
    """A memo in one language: its words, and the bytes that were printed from them. Never changed.

    The bytes are kept, which a letter's are not (ADR 79): an auditor compares the file itself, whatever became of the layout since.
    """

    memo = models.ForeignKey(Memo, models.PROTECT, related_name="prints")
    language = models.CharField(max_length=2, help_text="en, fr or zh.")
    words = models.JSONField(help_text="What the paper says.")
    pdf = models.BinaryField(help_text="PDF/A-2b.")
    sha256 = models.CharField(max_length=64, help_text="Of the bytes of the PDF.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["memo", "language"], name="memo_print_once_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.memo_id}-{self.language}"
