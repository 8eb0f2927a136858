"""Submissions of a customs document on its page: accept or return them, or add one as an officer."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from procurement.documents.actions.submissions import upload_document
from procurement.documents.forms import SubmissionUploadForm, generated_document_label
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.documents.models.requests import DocumentSubmission
from procurement.documents.rules.requests import ACCEPT, RETURN, SUBMIT
from procurement.leads.actions.attachments import attach_file_and_flag_companies
from procurement.shipments.models import Shipment
from workflow import clock
from workflow.errors import NOT_ALLOWED
from workflow.http.move_views import MoveOption, move_options, run_move
from workflow.http.pages import render_page, run_action
from workflow.http.refusal_responses import http_status
from workflow.uploads.models import File


class SubmissionFile(NamedTuple):
    """File of a submission with its address; the address is empty while the file is not clean."""

    name: str
    url: str


def files_of_submissions(
    request: AuthenticatedRequest, versions: Iterable[DocumentSubmission]
) -> dict[int, list[SubmissionFile]]:
    """Return the files and generated documents of each submission that the reader may open, by id."""
    versions = list(versions)
    ids = [pk for version in versions for pk in version.files]
    files = File.objects.visible_to(request.by).in_bulk(ids) if ids else {}
    generated_ids = [pk for version in versions for pk in version.generated]
    generated = (
        GeneratedDocument.objects.visible_to(request.by).in_bulk(generated_ids) if generated_ids else {}
    )
    return {
        version.pk: [
            *(_submission_file(files[pk]) for pk in version.files if pk in files),
            *(
                SubmissionFile(
                    generated_document_label(generated[pk]),
                    reverse("generated_document_pdf", args=[generated[pk]]),
                )
                for pk in version.generated
                if pk in generated
            ),
        ]
        for version in versions
    }


def _submission_file(file: File) -> SubmissionFile:
    return SubmissionFile(file.name, file.get_absolute_url() if file.status == File.Status.CLEAN else "")


def submission_summaries(request: AuthenticatedRequest, shipment: Shipment) -> dict[int, dict[str, Any]]:
    """Return a summary for each document with submissions: files, number, and whether one waits for review."""
    rows = (
        DocumentSubmission.objects.visible_to(request.by)
        .filter(document__shipment=shipment)
        .order_by("number")
    )
    versions = list(rows)
    newest = {one.document_id: one for one in versions if one.status == DocumentSubmission.Status.ACCEPTED}
    parts = files_of_submissions(request, newest.values())
    found: dict[int, dict[str, Any]] = {}
    for version in versions:
        summary = found.setdefault(version.document_id, {"files": [], "count": 0, "waits": False})
        summary["count"] += 1
        summary["waits"] |= version.status == DocumentSubmission.Status.RECEIVED
        if newest.get(version.document_id) is version:
            summary |= {"files": parts[version.pk], "version": version.number}
    return found


def submissions_context(request: AuthenticatedRequest, document: CustomsDocument) -> dict[str, Any]:
    """Return the template context of a document: its submissions, newest first, and the form for another."""
    rows = DocumentSubmission.objects.visible_to(request.by).filter(document=document)
    versions = list(rows.select_related("request", "author", "document").order_by("-number"))
    parts = files_of_submissions(request, versions)
    open_to = (
        SUBMIT.refusal(
            request.by, DocumentSubmission(document=document, city_id=document.city_id), clock.now()
        )
        is None
    )
    newest = next((one.pk for one in versions if one.status == DocumentSubmission.Status.ACCEPTED), None)
    return {
        "versions": [(version, parts[version.pk], version.pk == newest) for version in versions],
        "bring_form": SubmissionUploadForm(None, None, document) if open_to else None,
    }


@login_required
def new_submission(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Add a submission as an officer. It is the document's file at once."""
    rows = CustomsDocument.objects.visible_to(request.by).select_related("shipment", "clearance")
    document = get_object_or_404(rows, reference=reference)
    closed = SUBMIT.refusal(
        request.by, DocumentSubmission(document=document, city_id=document.city_id), clock.now()
    )
    if closed is not None and closed.code == NOT_ALLOWED:
        raise PermissionDenied
    posted = request.method == "POST"
    form = SubmissionUploadForm(request.POST if posted else None, request.FILES if posted else None, document)
    context = {"thing": document, "form": form, "title": _("Upload document")}
    if closed is not None:  # refuse before storing a file
        return render_page(
            request, "http/record_form.html", context | {"refused": closed}, status=http_status(closed)
        )
    if not form.is_valid():
        return render_page(request, "http/record_form.html", context, status=422 if form.is_bound else 200)
    return run_action(
        request,
        lambda: _submit(request, document, **form.cleaned_data),
        done=document.get_absolute_url(),
        template="http/record_form.html",
        context=context,
    )


def _submit(
    request: AuthenticatedRequest,
    document: CustomsDocument,
    *,
    file: Any,
    generated: Any = (),
    number: str,
    remark: str,
) -> DocumentSubmission:
    at = clock.now()
    ids = [attach_file_and_flag_companies(document, file, by=request.by, at=at).pk] if file else []
    return upload_document(
        document,
        files=ids,
        generated=list(generated),
        number=number,
        remark=remark,
        author=request.user,
        by=request.by,
        at=at,
    )


@login_required
def submission_redirect(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """Redirect to the submission on the page of its document."""
    return redirect(submission_url(_find_submission(request, pk)))


@login_required
def submission_move(request: AuthenticatedRequest, pk: int, verb: str) -> HttpResponse:
    """Accept a submission, or return it."""
    return run_move(request, _find_submission(request, pk), verb, SUBMISSION_MOVE_OPTIONS)


def _find_submission(request: AuthenticatedRequest, pk: int) -> DocumentSubmission:
    rows = DocumentSubmission.objects.visible_to(request.by).select_related("document__shipment", "request")
    return get_object_or_404(rows, pk=pk)


def submission_url(version: Any) -> str:
    """Return the address of the submission on the page of its document."""
    return f"{version.document.get_absolute_url()}#versions"


SUBMISSION_MOVE_OPTIONS = move_options(
    ACCEPT,
    MoveOption(
        RETURN, hint=_("The person who submitted the document is informed and sees your comment as written.")
    ),
    after=submission_url,
)
