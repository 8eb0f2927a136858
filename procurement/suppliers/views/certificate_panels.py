"""Panels of a certificate's page: a preview of its document, and what screening finds for one offer."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from partners.authenticated_requests import AuthenticatedRequest
from procurement.leads.models.leads import SupplierLead
from procurement.leads.queries.screening_data import screening_data
from procurement.leads.screening.certificate_report import QuestionOutcome, QuestionResult, answer_questions
from procurement.leads.screening.finding_messages import finding_sentence
from procurement.leads.screening.screen_offer import screen_offer
from procurement.suppliers.models.certificates import Certificate
from procurement.verification.models import VerificationTask
from workflow import clock
from workflow.i18n import translation_for_reader
from workflow.uploads.models import File

MAX_FILES = 30
OUTCOME_ICONS = {
    QuestionOutcome.CONFIRMED: "check",
    QuestionOutcome.DOUBTFUL: "triangle-alert",
    QuestionOutcome.UNKNOWN: "circle-question-mark",
}


@dataclass(frozen=True)
class PreviewPage:
    """Page of a file, with the numbers of the pages before and after it."""

    file: File
    number: int

    @property
    def previous_number(self) -> int | None:
        """Number of the previous page, or None."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next_number(self) -> int | None:
        """Number of the next page, or None."""
        return self.number + 1 if self.number < self.file.pages else None


def document_context(request: AuthenticatedRequest, thing: Certificate) -> dict[str, Any]:
    """Return the files that show the certificate, and the page selected by `?file=` and `?page=`.

    These are its own files, those of checks made on it, and those of the inquiry it came with, as far as
    the reader may read them. Without a selection, it is the first page of the first file.
    """
    by = request.by
    checks = VerificationTask.objects.visible_to(by).filter(certificate=thing).order_by("pk")
    shown = Q(thing_label="procurement.certificate", thing_id=thing.pk)
    for label, keys in (
        ("procurement.verificationtask", [task.pk for task in checks]),
        ("procurement.inquiry", [thing.inquiry_id] if thing.inquiry_id else []),
    ):
        shown |= Q(thing_label=label, thing_id__in=keys)
    mine = File.objects.visible_to(by).filter(shown, status=File.Status.CLEAN).exclude(kind="screenshot")
    files = sorted(
        mine.order_by("pk")[:MAX_FILES],
        key=lambda file: (file.thing_label != "procurement.certificate", file.pk),
    )
    wanted = request.GET.get("file", "")
    file = next((one for one in files if one.key == wanted), files[0] if files else None)
    asked = request.GET.get("page", "1")
    number = (
        min(int(asked), file.pages) if file and asked.isascii() and asked.isdigit() and len(asked) < 5 else 1
    )
    return {
        "documents": files,
        "sheet": PreviewPage(file, max(number, 1)) if file else None,
        "certificate_checks": checks,
    }


def screening_findings_context(request: AuthenticatedRequest, thing: Certificate) -> dict[str, Any]:
    """Return what screening finds about the certificate for one offer, as of now.

    Of the offers whose goods the certificate is about, the offer is that of `?offer=`, else the newest open
    one, else the newest. Only offers to the reader's own cities count, because findings are private to the
    city of the offer.
    """
    company = thing.supplier.current_row
    mine = SupplierLead.objects.visible_to(request.by).filter(city__in=request.by.visible_cities)
    offers = mine.filter(supplier__in=company.row_ids)
    offers = offers.with_related_rows().select_related("inquiry")
    named = {product.pk for product in thing.products.all()}
    about = offers.filter(product__in=named) if named else offers
    reference = request.GET.get("offer", "")
    wanted = about.filter(reference=reference).first() if reference else None
    lead = wanted or about.live().order_by("-pk").first() or about.order_by("-pk").first()
    if lead is None:
        return {"looked_for": None, "looked": []}
    facts = screening_data(lead, clock.now())
    certificate = next((one for one in facts.certificates if one.reference == thing.reference), None)
    looked = answer_questions(certificate, facts, screen_offer(facts)) if certificate else []
    return {"looked_for": lead, "looked": [_question_row(look) for look in looked]}


def _question_row(look: QuestionResult) -> dict[str, Any]:
    """Return one screening rule with its result for display."""
    verdicts = {
        QuestionOutcome.CONFIRMED: _("In order"),
        QuestionOutcome.DOUBTFUL: _("Doubtful"),
        QuestionOutcome.UNKNOWN: _("Not known"),
    }
    grounds = [finding_sentence(one.code, one.figures) for one in look.findings] or [str(look.explanation)]
    return {
        "words": look.question.text,
        "outcome": look.outcome.value,
        "verdict": verdicts[look.outcome],
        "icon": OUTCOME_ICONS[look.outcome],
        "grounds": [
            *grounds,
            *([translation_for_reader(look.catalogue_reason)] if look.catalogue_reason else []),
        ],
        "sources": [one for one in look.source.split() if one.startswith("http")],
    }
