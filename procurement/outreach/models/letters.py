"""Letters to contacts, stored unchanged as they were sent: inquiries and thank-yous."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.contacts.models import Contact
from procurement.outreach.models.inquiries import Inquiry
from workflow.journal.models import Entry


class SentLetterQuerySet(models.QuerySet["SentLetter"]):
    def thank_you_letters_about(self, label: str, pk: int) -> Self:
        """Return the thank-you letters about one item, oldest first."""
        return self.filter(entry__thing_label=label, entry__thing_id=pk).order_by("pk")


class SentLetter(models.Model):
    """An inquiry or a thank-you as a letter, stored unchanged as it was sent.

    The letter of an inquiry that was taken back (`former_inquiry`) stays, as withdrawn: its code may be on paper.

    The words and figures are stored, not the bytes of the PDF: the layout may improve, but the content
    does not change.
    """

    inquiry = models.OneToOneField(Inquiry, models.PROTECT, null=True, related_name="letter")
    former_inquiry = models.ForeignKey(
        Inquiry,
        models.PROTECT,
        null=True,
        related_name="former_letters",
        help_text="The inquiry of a letter that was taken back before it reached the contact; null for all others.",
    )
    entry = models.OneToOneField(
        Entry,
        models.PROTECT,
        null=True,
        related_name="letter",
        help_text="What is thanked for; null for a question.",
    )
    contact = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        related_name="thanks",
        help_text="Who is thanked; null for a question.",
    )
    code = models.CharField(
        max_length=40,
        unique=True,
        help_text="Printed in the QR code; opens a public page that confirms the letter.",
    )
    words = models.JSONField(help_text="The text of the letter, by language.")
    sha256 = models.CharField(max_length=64, help_text="Of the text (`content_hash`).")
    sent_at = models.DateTimeField(_("sent"))
    withdrawn_at = models.DateTimeField(_("date withdrawn"), null=True, blank=True)

    objects = SentLetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(inquiry__isnull=False, former_inquiry=None, entry=None, contact=None)
                | Q(inquiry=None, former_inquiry=None, entry__isnull=False, contact__isnull=False)
                | Q(
                    inquiry=None,
                    former_inquiry__isnull=False,
                    withdrawn_at__isnull=False,
                    entry=None,
                    contact=None,
                ),
                name="letter_asks_or_thanks",
            ),
        ]

    def __str__(self) -> str:
        return str(self.words.get("reference", self.code))

    @property
    def fingerprint(self) -> str:
        """The first sixteen characters of the hash in groups of four, as printed on the letter."""
        return " ".join(self.sha256[start : start + 4] for start in range(0, 16, 4))
