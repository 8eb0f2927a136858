"""Actions on submissions of a customs document: by link or by a city user, accepted or returned.

Every submission is kept. Every action locks the shipment first, like the actions on customs documents.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import ActingUser
from partners.powers import Power
from procurement.customs.models import CustomsClearance
from procurement.documents.actions.documents import (
    advance_document_to,
    mark_document_ready,
    start_document,
    start_new_version,
)
from procurement.documents.actions.requests import update_requests
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.documents.models.requests import DocumentRequest, DocumentSubmission
from procurement.documents.queries import matching_generated_documents
from procurement.documents.rules import requests
from procurement.documents.rules.requests import ended_shipment_refusal
from workflow.actors import Actor
from workflow.comments_and_files.actions import move_file
from workflow.errors import Refused
from workflow.moves import register_action, select_locked
from workflow.uploads.models import File

MAX_SUBMISSION_FILES = 20  # in one submission: more files are several documents


@register_action(requests.SUBMIT)
def submit_document(
    request: DocumentRequest,
    document: CustomsDocument,
    *,
    files: Sequence[int],
    by: Actor,
    at: datetime,
    number: str = "",
    remark: str = "",
    by_copied_link: bool = False,
) -> DocumentSubmission:
    """Submit a customs document by the link of a request. It waits for the city's review.

    An earlier submission that still waits is replaced. `files` are ids of files that the person
    uploaded for this document. Refuses a document that is not part of the request, a missing file, a
    file of another person or of another submission, a document that customs has, a withdrawn request,
    and a shipment that has ended.
    """
    version = DocumentSubmission(
        document=document,
        city_id=document.city_id,
        request=request,
        author_id=request.person_id,
        by_copied_link=by_copied_link,
    )
    if not by.may(Power.SUBMIT_DOCUMENTS, document):
        raise Refused("not_theirs", _("This document is not one you were asked for."), field="document")
    with transaction.atomic():
        shipment = select_locked(request.shipment)
        row = select_locked(request)
        row.shipment = shipment
        refused = requests.REPORT_UNAVAILABLE.refusal(by, row, at) or ended_shipment_refusal(row)
        if refused is not None:
            raise refused
        version.request = row
        _create_submission(version, files, (), by, at, number, remark)
        if document.reference in row.unavailable:
            row.unavailable = {key: why for key, why in row.unavailable.items() if key != document.reference}
            row.save(update_fields=["unavailable"])
        update_requests(shipment, at)
    return version


def upload_document(
    document: CustomsDocument,
    *,
    author: ActingUser,
    by: Actor,
    at: datetime,
    files: Sequence[int] = (),
    generated: Iterable[GeneratedDocument] = (),
    number: str = "",
    remark: str = "",
) -> DocumentSubmission:
    """Submit a document as a city user or broker: uploaded files, or documents generated for it.

    The submission is accepted at once. Refuses a submission without any file or generated document, a file of another
    document, and a generated document that is not a current one for this customs document.
    """
    version = DocumentSubmission(document=document, city_id=document.city_id, author=author)
    with transaction.atomic():
        shipment = select_locked(document.shipment)
        _create_submission(version, files, tuple(generated), by, at, number, remark)
        accept_submission(version, by=by, at=at)
        update_requests(shipment, at)
    return version


def submit_assigned_files(
    document: CustomsDocument,
    files: Sequence[tuple[File, CustomsClearance]],
    *,
    author: ActingUser,
    status: str,
    number: str,
    by: Actor,
    at: datetime,
) -> DocumentSubmission:
    """Submit files that were uploaded to a clearance as a document, and take it to a status.

    Each file comes with the clearance that holds it, and becomes a file of the document. Refuses everything
    that moving a file, submitting a document and `advance_document_to` refuse. Then nothing changes, and the
    files stay at their clearance.
    """
    with transaction.atomic():
        for file, clearance in files:
            move_file(file, clearance, document, by=by, at=at)
        ids = [file.pk for file, _clearance in files]
        version = upload_document(document, files=ids, number=number, author=author, by=by, at=at)
        document.refresh_from_db()
        if status != CustomsDocument.Status.READY:  # an accepted submission makes it ready
            advance_document_to(document, status, by=by, at=at)
    return version


@register_action(requests.ACCEPT)
def accept_submission(version: DocumentSubmission, *, by: Actor, at: datetime) -> DocumentSubmission:
    """Accept a submission, which makes the document ready. Its author is informed.

    Refuses an actor who sent the submission by link.
    """
    with transaction.atomic():
        shipment = select_locked(version.document.shipment)
        with requests.ACCEPT.apply_to(version, by=by, at=at) as row:
            row.reviewed_at = at
        document = select_locked(version.document)
        _mark_ready(document, version, by, at)
        version.document = document
        update_requests(shipment, at)
    return version


@register_action(requests.RETURN)
def return_submission(
    version: DocumentSubmission, *, reason: str, by: Actor, at: datetime
) -> DocumentSubmission:
    """Give a submission back with the reason: another one is needed. Its author is informed.

    Refuses a missing reason, and an actor who sent the submission by link.
    """
    with transaction.atomic():
        shipment = select_locked(version.document.shipment)
        with requests.RETURN.apply_to(version, by=by, at=at, reason=reason) as row:
            row.answer = reason.strip()
            row.reviewed_at = at
        update_requests(shipment, at)
    return version


def _create_submission(
    version: DocumentSubmission,
    files: Sequence[int],
    generated: tuple[GeneratedDocument, ...],
    by: Actor,
    at: datetime,
    number: str,
    remark: str,
) -> None:
    document = version.document = select_locked(version.document)
    refused = requests.SUBMIT.refusal(by, version, at)
    if refused is not None:
        raise refused
    version.files = _validated_files(document, version, files)
    version.generated = _validated_generated(document, generated)
    if not version.files and not version.generated:
        raise Refused("file_missing", _("First add the document as a photo or PDF."), field="file")
    if document.status == CustomsDocument.Status.REQUIRED:
        start_document(document, by=by, at=at)
    elif document.status == CustomsDocument.Status.REFUSED:
        start_new_version(document, by=by, at=at)
    version.number = _next_version_number(document)
    version.document_number, version.remark = number.strip(), remark.strip()
    for earlier in document.submissions.filter(status=DocumentSubmission.Status.RECEIVED).order_by("pk"):
        if requests.REPLACE.refusal(by, earlier, at) is None:
            with requests.REPLACE.apply_to(earlier, by=by, at=at):
                pass
    requests.SUBMIT.create(version, by=by, at=at, document=document.reference)
    if document.version != version.number:
        document.version = version.number
        document.save(update_fields=["version"])


def _next_version_number(document: CustomsDocument) -> int:
    """Return the next version number. A refused document has already moved on to its next version."""
    last = document.submissions.order_by("-number").values_list("number", flat=True).first() or 0
    return max(document.version, last + 1)


def _validated_files(document: CustomsDocument, version: DocumentSubmission, ids: Sequence[int]) -> list[int]:
    """Return the given files if all were uploaded for the document and none is in a submission yet.

    With a request, they must come from its person through that request. Refuses other files, and more
    than twenty.
    """
    used = {pk for one in document.submissions.all() for pk in one.files}
    rows = File.objects.about(document).filter(pk__in=set(ids) - used).exclude(status=File.Status.REJECTED)
    if version.request is not None:
        rows = rows.filter(by=version.request.person_id, kind=version.request.reference)
    found = list(rows.order_by("pk").values_list("pk", flat=True))
    if len(found) != len(set(ids)):
        raise Refused("not_of_paper", _("One of these files does not belong to this document."), field="file")
    if len(found) > MAX_SUBMISSION_FILES:
        raise Refused("too_many_files", _("A version can have at most 20 files."), field="file")
    return found


def _validated_generated(document: CustomsDocument, generated: tuple[GeneratedDocument, ...]) -> list[int]:
    if {one.pk for one in generated} - {one.pk for one in matching_generated_documents(document)}:
        raise Refused(
            "not_of_paper",
            _("This generated document is of another type or is no longer current."),
            field="generated",
        )
    return [one.pk for one in generated]


def _mark_ready(document: CustomsDocument, version: DocumentSubmission, by: Actor, at: datetime) -> None:
    """Make the document ready if it is a draft, and give it the number of the submission."""
    if document.status == CustomsDocument.Status.IN_PROGRESS:
        mark_document_ready(document, number=version.document_number, by=by, at=at)
    elif version.document_number and document.number != version.document_number:
        document.number = version.document_number
        document.save(update_fields=["number"])
