"""Upload of many files to a clearance, and their assignment to customs documents by a person.

A file without a document stays at the clearance until a person chooses one.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partners.authenticated_requests import AuthenticatedRequest
from procurement.customs.models import CustomsClearance
from procurement.customs.rules import may_open_clearance
from procurement.documents.actions.submissions import submit_assigned_files
from procurement.documents.forms import NOT_A_DOCUMENT_CHOICE, DocumentFilesForm, FileAssignmentForm
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.queries import UNASSIGNED_FILE_KIND, unassigned_files
from procurement.documents.rules.file_matching import Match, MatchReason, match_files
from procurement.documents.views.document_table import documents_accepting_files, selectable_statuses
from procurement.shipments.models import Shipment
from procurement.shipments.views.shipment import find_shipment
from workflow import clock
from workflow.comments_and_files.actions import attach_file, move_file
from workflow.errors import Refused
from workflow.formatting import format_quantity
from workflow.http.pages import render_page, run_action
from workflow.uploads.models import File
from workflow.uploads.pdf_texts import text_of

TEMPLATE = "documents/assign_files.html"
Status = CustomsDocument.Status


@login_required
@require_POST
def upload_documents(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Upload the files of several customs documents, then redirect to their assignment.

    A file that cannot be taken has its own message, and the others are kept. If none can be taken, the whole
    upload is refused.
    """
    thing = find_shipment(request, reference)
    clearances = _find_clearances(request, thing)
    form = DocumentFilesForm(request.POST, request.FILES)
    if not form.is_valid():
        context = {"thing": thing, "form": form, "title": _("Upload documents")}
        return render_page(request, "http/record_form.html", context, status=422)
    return run_action(
        request,
        lambda: _attach_uploads(request, clearances, form.cleaned_data["uploads"]),
        done=reverse("sort_documents", args=[reference]),
        template=TEMPLATE,
        context=lambda: _page_context(thing, *_assignment_form(request, thing, clearances)),
    )


def _attach_uploads(
    request: AuthenticatedRequest, clearances: Sequence[CustomsClearance], uploads: Sequence[Any]
) -> None:
    """Attach the uploads to the clearance that is next. Refuses if none can be taken."""
    open_ones = [one for one in clearances if one.status in CustomsClearance.Status.open]
    holder = next(iter(open_ones or clearances))
    refusals: list[Refused] = []
    for upload in uploads:
        try:
            attach_file(holder, upload, by=request.by, at=clock.now(), kind=UNASSIGNED_FILE_KIND)
        except Refused as refused:
            refusals.append(refused)
    if len(refusals) == len(uploads):
        words = " ".join(str(one.message) for one in refusals)
        raise Refused(refusals[0].code, words, field="uploads")
    for one in refusals:
        messages.error(request, str(one.message))


@login_required
def assign_files(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show the suggested document of each uploaded file, and save the assignments that the person confirms.

    Each document is saved separately: if one is refused, the page says why and its files stay unassigned, while the
    others are saved.
    """
    thing = find_shipment(request, reference)
    clearances = _find_clearances(request, thing)
    form, rows = _assignment_form(request, thing, clearances)
    context = _page_context(thing, form, rows)
    if not form.is_valid():
        return render_page(request, TEMPLATE, context, status=422 if form.is_bound else 200)
    return run_action(
        request,
        lambda: _save_assignments(request, thing, clearances, form),
        done=lambda left: reverse("sort_documents", args=[reference]) if left else clearances_url(thing),
        template=TEMPLATE,
        context=context,
    )


def clearances_url(shipment: Shipment) -> str:
    """Return the address of the clearances on the page of their shipment."""
    return f"{shipment.get_absolute_url()}#customs"


def _find_clearances(request: AuthenticatedRequest, thing: Shipment) -> list[CustomsClearance]:
    """Return the shipment's clearances for which the person may prepare documents. 403 if there is none."""
    rows = CustomsClearance.objects.visible_to(request.by).filter(shipment=thing).order_by("pk")
    found = [one for one in rows if may_open_clearance(request.by, one)]
    if not found:
        raise PermissionDenied
    return found


def _assignment_form(
    request: AuthenticatedRequest, thing: Shipment, clearances: Sequence[CustomsClearance]
) -> tuple[FileAssignmentForm, list[tuple[File, Match | None]]]:
    """Return the form with its files, each preset to the document that it seems to be."""
    files = list(unassigned_files(request.by, clearances))
    every = _documents_of(clearances)
    documents = documents_accepting_files(every)
    numbers = {
        "AWB": [thing.air_waybill],
        "BL": [thing.bill_of_lading],
        "COURIER_AWB": [thing.tracking_number],
    }
    matches = match_files([(file.name, text_of(file)) for file in files], documents, numbers)
    initial: dict[str, Any] = {}
    for file, match in zip(files, matches, strict=True):
        initial[f"status-{file.key}"] = Status.READY  # a file that we have is not yet with customs
        if match is not None:
            initial[f"document-{file.key}"] = match.document.reference
            initial[f"number-{file.key}"] = _known_number(match, numbers)
    statuses = [one for one in selectable_statuses(request.by, clearances[0]) if one[0] != Status.IN_PROGRESS]
    posted = request.POST if request.method == "POST" and "uploads" not in request.FILES else None
    known = {one.reference for one in every}
    form = FileAssignmentForm(
        posted, files, _document_choices(clearances, documents), statuses, initial, known
    )
    return form, list(zip(files, matches, strict=True))


def _known_number(match: Match, numbers: dict[str, list[str]]) -> str:
    """Return the number of a matched document if it is known."""
    if match.reason in (MatchReason.NUMBER_IN_TEXT, MatchReason.NUMBER_IN_FILE_NAME):
        return match.matched_words
    return match.document.number or next(iter(numbers.get(match.document.code, ())), "")


def _documents_of(clearances: Sequence[CustomsClearance]) -> list[CustomsDocument]:
    rows = CustomsDocument.objects.filter(clearance__in=clearances)
    return list(rows.select_related("supplier", "clearance", "shipment").order_by("pk"))


def _document_choices(
    clearances: Sequence[CustomsClearance], documents: Sequence[CustomsDocument]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the documents to choose from, grouped by clearance. Documents of several companies name theirs."""
    return [
        (
            one.get_side_display(),
            [
                (document.reference, f"{document.name} · {document.owner_name}")
                for document in documents
                if document.clearance_id == one.pk
            ],
        )
        for one in clearances
    ]


def _page_context(
    thing: Shipment, form: FileAssignmentForm, rows: list[tuple[File, Match | None]]
) -> dict[str, Any]:
    """Return the context of the page: each file with its fields and the reason of its match."""
    return {
        "shipment": thing,
        "form": form,
        "rows": [
            {
                "file": file,
                "why": match_reason_text(match),
                "document": form[f"document-{file.key}"],
                "number": form[f"number-{file.key}"],
                "status": form[f"status-{file.key}"],
            }
            for file, match in rows
        ],
    }


def match_reason_text(match: Match | None) -> str:
    """Return the reason of a match in words."""
    if match is None:
        return _("No document found by name or content. Choose one.")
    words = {
        MatchReason.REFERENCE_IN_FILE_NAME: _("The file name contains the reference %(words)s."),
        MatchReason.NUMBER_IN_FILE_NAME: _("The file name contains the number %(words)s."),
        MatchReason.NAME_IN_FILE_NAME: _("The file name says “%(words)s”."),
        MatchReason.REFERENCE_IN_TEXT: _("The text contains the reference %(words)s."),
        MatchReason.NAME_IN_TEXT: _("The text begins with “%(words)s”."),
        MatchReason.NUMBER_IN_TEXT: _("The text contains the number %(words)s."),
    }
    return words[match.reason] % {"words": match.matched_words}


def _save_assignments(
    request: AuthenticatedRequest,
    thing: Shipment,
    clearances: Sequence[CustomsClearance],
    form: FileAssignmentForm,
) -> bool:
    """Save each document with its files; return True if files are still without a document."""
    documents = {one.reference: one for one in _documents_of(clearances)}
    holders = {one.pk: one for one in clearances}
    saved = 0
    for choice, files in form.files_by_document.items():
        try:
            if choice == NOT_A_DOCUMENT_CHOICE:
                _move_to_shipment(request, thing, files, holders)
                continue
            submit_assigned_files(
                documents[choice],
                [(file, holders[file.thing_id]) for file in files],
                **form.document_data(files),
                author=request.user,
                by=request.by,
                at=clock.now(),
            )
            saved += 1
        except Refused as refused:
            names = ", ".join(file.name for file in files)
            messages.error(request, _("%(what)s: %(why)s") % {"what": names, "why": refused.message})
    if saved:
        messages.success(request, _("Documents saved: %(many)s.") % {"many": format_quantity(saved)})
    return unassigned_files(request.by, clearances).exists()


def _move_to_shipment(
    request: AuthenticatedRequest,
    thing: Shipment,
    files: Sequence[File],
    holders: dict[int, CustomsClearance],
) -> None:
    """Move files that are no customs documents to the files of the shipment."""
    for file in files:
        move_file(file, holders[file.thing_id], thing, by=request.by, at=clock.now())
