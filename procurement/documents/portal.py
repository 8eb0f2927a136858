"""Pages of a document request by link: submit a document with photos and a number, or report it as unavailable.

No account and no password. The pages list only documents that this person owes. City staff review each
submission. The pages show no price.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.link_sessions import link_required
from partners.powers import Power
from procurement.catalogue.models.customs import CustomsRule
from procurement.documents.actions.requests import report_document_unavailable
from procurement.documents.actions.submissions import submit_document
from procurement.documents.forms import DocumentUnavailableForm, SubmitDocumentForm
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.documents.models.requests import DocumentRequest, DocumentSubmission
from procurement.documents.queries import RequestedDocument, current_submissions, requested_documents
from procurement.documents.rules.requests import REPORT_UNAVAILABLE
from procurement.generated_documents.views import pdf_response
from procurement.portal.files import PortalFile, find_clean_file, link_signing_name
from procurement.portal.link_pages import (
    LinkRequest,
    add_link_photo,
    linked_document_request,
    refusal_status,
    throttled_page,
)
from procurement.shipments.models import ShipmentLine
from procurement.tracking.portal import link_tracking_context
from workflow import clock
from workflow.clock import real_now
from workflow.errors import Refused
from workflow.http.downloads import file_denied_response, file_response_or_page, redirect_to_signed
from workflow.http.pages import render_page, run_action
from workflow.http.signed_urls import check_signature, sign_for_reader
from workflow.uploads.models import File, FileQuerySet

document_request_link_required = link_required("procurement.documentrequest")


@document_request_link_required
def document_request_page(request: LinkRequest, reference: str) -> HttpResponse:
    """Show who asks, for which goods, and the documents of this person, each with its state.

    A supplier sees only the lines of its own orders.
    """
    document_request, by = linked_document_request(request, reference)
    requested = requested_documents(document_request)
    lines = ShipmentLine.objects.filter(shipment=document_request.shipment_id)
    if document_request.supplier_id is not None:
        lines = lines.filter(order_line__order__supplier=document_request.supplier_id)
    context = {
        "document_request": document_request,
        "shipment": document_request.shipment,
        "lines": lines.select_related("order_line__allocation__lead__product").order_by("pk"),
        "asked": requested,
        "open": sum(one.is_submission_expected and not one.unavailable_reason for one in requested),
        "documents": broker_documents(document_request),
        **link_tracking_context(document_request, by),
    }
    return render_page(request, "documents/portal/request.html", context)


@document_request_link_required
def submit_requested_document(request: LinkRequest, reference: str, document: str) -> HttpResponse:
    """Show one document with its earlier submissions and photos, and submit it."""
    document_request, by = linked_document_request(request, reference)
    requested = _find_requested_document(document_request, document)
    form = SubmitDocumentForm(request.POST if request.method == "POST" else None)
    context = _document_context(document_request, requested, form)
    if not form.is_valid():
        return render_page(
            request, "documents/portal/upload.html", context, status=422 if form.is_bound else 200
        )
    files = [file.pk for file in requested.files if file.status != File.Status.REJECTED]
    return throttled_page(request) or run_action(
        request,
        lambda: submit_document(
            document_request,
            requested.document,
            files=files,
            **form.cleaned_data,
            by_copied_link=request.link.copied_by_id is not None,
            by=by,
            at=clock.now(),
        ),
        done=reverse("portal_submission_receipt", args=[reference, document]),
        template="documents/portal/upload.html",
        context=context,
    )


def _document_context(
    document_request: DocumentRequest, requested: RequestedDocument, form: SubmitDocumentForm
) -> dict[str, Any]:
    return {
        "document_request": document_request,
        "asked": requested,
        "form": form,
        "photos": unsubmitted_files(document_request, requested.files),
        "sheet": generated_document_url(document_request, requested.data_sheet),
        "versions": [(one, submission_files(document_request, one)) for one in reversed(requested.versions)],
    }


@document_request_link_required
def add_document_photo(request: LinkRequest, reference: str, document: str) -> HttpResponse:
    """Store one photo or PDF of a document."""
    document_request, by = linked_document_request(request, reference)
    requested = _find_requested_document(document_request, document)

    def redisplay(refused: Refused | None) -> HttpResponse:
        fresh = _document_context(
            document_request,
            _find_requested_document(document_request, document),
            SubmitDocumentForm(None, initial=request.POST.dict()),
        )
        page = fresh | {"refused": refused}
        return render_page(request, "documents/portal/upload.html", page, status=refusal_status(refused))

    return add_link_photo(
        request, requested.document, by, Power.SUBMIT_DOCUMENTS, redisplay, kind=document_request.reference
    )


@document_request_link_required
def unavailable_document_form(request: LinkRequest, reference: str, document: str) -> HttpResponse:
    """Record “I cannot get this document”, with the reason, for the city."""
    document_request, by = linked_document_request(request, reference)
    requested = _find_requested_document(document_request, document)
    form = DocumentUnavailableForm(request.POST if request.method == "POST" else None)
    back = reverse("portal_documents", args=[reference])
    context = {
        "form": form,
        "heading": REPORT_UNAVAILABLE.label,
        "about": requested.document.name,
        "button": _("Tell the city"),
        "back": reverse("portal_document", args=[reference, document]),
    }
    if not form.is_valid():
        return render_page(request, "portal/short_form.html", context, status=422 if form.is_bound else 200)
    return throttled_page(request) or run_action(
        request,
        lambda: report_document_unavailable(
            document_request, requested.document, **form.cleaned_data, by=by, at=clock.now()
        ),
        done=back,
        template="portal/short_form.html",
        context=context,
    )


@document_request_link_required
def submission_receipt(request: LinkRequest, reference: str, document: str) -> HttpResponse:
    """Show the number of the submission, and the documents that are still open."""
    document_request, _by = linked_document_request(request, reference)
    requested = _find_requested_document(document_request, document)
    if requested.latest is None:
        raise Http404
    others = [
        one
        for one in requested_documents(document_request)
        if one.is_submission_expected
        and not one.unavailable_reason
        and one.document.pk != requested.document.pk
    ]
    context = {
        "document_request": document_request,
        "asked": requested,
        "version": requested.latest,
        "others": others,
    }
    return render_page(request, "documents/portal/receipt.html", context)


def _find_requested_document(document_request: DocumentRequest, reference: str) -> RequestedDocument:
    """Return a document of this request. 404 for any other."""
    found = next(
        (one for one in requested_documents(document_request) if one.document.reference == reference), None
    )
    if found is None:
        raise Http404
    return found


BROKER_ROLE = CustomsRule.ResponsibleParty.BROKER


class SubmittedFile(NamedTuple):
    """File of a submission with its address; the address is empty while the file is not clean."""

    name: str
    url: str


class BrokerDocument(NamedTuple):
    """Customs document that the city has, as its broker opens it."""

    document: CustomsDocument
    submission: DocumentSubmission | None
    files: list[SubmittedFile]


def unsubmitted_files(document_request: DocumentRequest, rows: Iterable[File]) -> list[PortalFile]:
    """Return the person's files that are not in a submission yet."""
    return [PortalFile(file, _file_url(document_request, file)) for file in rows]


def submission_files(document_request: DocumentRequest, version: DocumentSubmission) -> list[SubmittedFile]:
    """Return the files and generated documents of a submission."""
    found = [
        SubmittedFile(file.name, _file_url(document_request, file)) for file in _clean_files(version.files)
    ]
    sheets = (
        GeneratedDocument.objects.filter(pk__in=version.generated).order_by("pk") if version.generated else ()
    )
    return [
        *found,
        *(
            SubmittedFile(one.get_kind_display(), generated_document_url(document_request, one))
            for one in sheets
        ),
    ]


def _clean_files(ids: list[int]) -> Iterable[File]:
    return File.objects.filter(pk__in=ids).order_by("pk") if ids else ()


def _file_url(document_request: DocumentRequest, file: File) -> str:
    clean_ = file.status == File.Status.CLEAN
    return reverse("portal_document_file", args=[document_request.reference, file.key]) if clean_ else ""


def generated_document_url(document_request: DocumentRequest, document: GeneratedDocument | None) -> str:
    """Return the address of a generated document under this link, or "" for None."""
    return (
        reverse("portal_generated_document", args=[document_request.reference, document.reference])
        if document is not None
        else ""
    )


def broker_documents(document_request: DocumentRequest) -> list[BrokerDocument]:
    """Return the documents the city has, each with its files. Empty for all but a broker.

    They contain the prices that customs asks for.
    """
    if document_request.role != BROKER_ROLE:
        return []
    versions = current_submissions(document_request.shipment)
    rows = [(document, versions.get(document.pk)) for document in document_request.documents_in_hand]
    return [
        BrokerDocument(document, one, submission_files(document_request, one) if one is not None else [])
        for document, one in rows
    ]


def _visible_files(document_request: DocumentRequest) -> FileQuerySet:
    """Return the files submitted by this request; for a broker, also the files of documents the city has."""
    label = CustomsDocument._meta.label_lower
    rows = File.objects.filter(
        thing_label=label, thing_id__in=document_request.shipment.documents.values("pk")
    )
    theirs = rows.filter(by=document_request.person_id, kind=document_request.reference)
    if document_request.role != BROKER_ROLE:
        return theirs
    held = [pk for version in _submissions_in_use(document_request) for pk in version.files]
    return theirs | rows.filter(pk__in=held)


def _submissions_in_use(document_request: DocumentRequest) -> list[DocumentSubmission]:
    """Return the current submissions of the documents the city has."""
    held = set(document_request.documents_in_hand.values_list("pk", flat=True))
    return [
        version
        for document, version in current_submissions(document_request.shipment).items()
        if document in held
    ]


def _generated_sheets(document_request: DocumentRequest) -> list[GeneratedDocument]:
    """Return the data sheets for the person's own documents, for a supplier's contract the purchase order.

    For a broker, also the generated documents among the documents the city has.
    """
    sheets = [row.data_sheet for row in requested_documents(document_request) if row.data_sheet is not None]
    if document_request.role == BROKER_ROLE:
        ids = [pk for version in _submissions_in_use(document_request) for pk in version.generated]
        sheets += GeneratedDocument.objects.filter(pk__in=ids)
    return sheets


def _find_generated(document_request: DocumentRequest, reference: str) -> GeneratedDocument:
    found = next((one for one in _generated_sheets(document_request) if one.reference == reference), None)
    if found is None:
        raise Http404
    return found


@link_required("procurement.documentrequest", code=True)
def document_request_file(request: LinkRequest, reference: str, key: str) -> HttpResponse:
    """Redirect to an address of a file, signed for the link."""
    find_clean_file(_visible_files(linked_document_request(request, reference)[0]), key)
    signed = sign_for_reader(key, link_signing_name(request), real_now())
    return redirect_to_signed(reverse("portal_document_file_signed", args=[reference, key, signed]))


@link_required("procurement.documentrequest", code=True)
def signed_document_request_file(
    request: LinkRequest, reference: str, key: str, signed: str
) -> HttpResponseBase:
    """Return the file, if the address was signed for this link and has not expired."""
    file = find_clean_file(_visible_files(linked_document_request(request, reference)[0]), key)
    try:
        check_signature(signed, key, link_signing_name(request), real_now())
    except Refused as refused:
        return file_denied_response(request, refused, reverse("portal_document_file", args=[reference, key]))
    return file_response_or_page(request, file)


@link_required("procurement.documentrequest", code=True)
def redirect_to_generated_document(request: LinkRequest, reference: str, generated: str) -> HttpResponse:
    """Redirect to an address of a generated document, signed for the link."""
    found = _find_generated(linked_document_request(request, reference)[0], generated)
    signed = sign_for_reader(str(found), link_signing_name(request), real_now())
    return redirect_to_signed(
        reverse("portal_generated_document_signed", args=[reference, generated, signed])
    )


@link_required("procurement.documentrequest", code=True)
def signed_generated_document(
    request: LinkRequest, reference: str, generated: str, signed: str
) -> HttpResponseBase:
    """Return a generated document as it was printed, if the address is valid for this link."""
    found = _find_generated(linked_document_request(request, reference)[0], generated)
    try:
        check_signature(signed, str(found), link_signing_name(request), real_now())
    except Refused as refused:
        return file_denied_response(
            request, refused, reverse("portal_generated_document", args=[reference, generated])
        )
    return pdf_response(get_object_or_404(GeneratedDocument.objects.select_related("file"), pk=found.pk))
