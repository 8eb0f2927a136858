"""URLs of customs documents, document requests and submissions, on pages and by link."""

from django.urls import path

from procurement.documents.portal import (
    add_document_photo,
    document_request_file,
    document_request_page,
    redirect_to_generated_document,
    signed_document_request_file,
    signed_generated_document,
    submission_receipt,
    submit_requested_document,
    unavailable_document_form,
)
from procurement.documents.views.document_table import mark_documents
from procurement.documents.views.documents import customs_document_detail, document_move
from procurement.documents.views.file_assignment import assign_files, upload_documents
from procurement.documents.views.requests import (
    copy_document_request,
    document_request_detail,
    document_request_move,
    new_document_request,
)
from procurement.documents.views.submissions import new_submission, submission_move, submission_redirect

urlpatterns = [
    path("h/<slug:reference>/files/<slug:key>/", document_request_file, name="portal_document_file"),
    path(
        "h/<slug:reference>/files/<slug:key>/at/<str:signed>/",
        signed_document_request_file,
        name="portal_document_file_signed",
    ),
    path(
        "h/<slug:reference>/generated/<slug:generated>/",
        redirect_to_generated_document,
        name="portal_generated_document",
    ),
    path(
        "h/<slug:reference>/generated/<slug:generated>/at/<str:signed>/",
        signed_generated_document,
        name="portal_generated_document_signed",
    ),
    path("shipments/<slug:reference>/request-documents/", new_document_request, name="add_document_request"),
    path("document-requests/<slug:reference>/", document_request_detail, name="document_request"),
    path("document-requests/<slug:reference>/copy/", copy_document_request, name="document_request_copy"),
    path(
        "document-requests/<slug:reference>/<slug:verb>/", document_request_move, name="document_request_move"
    ),
    path("shipments/<slug:reference>/documents/add/", upload_documents, name="add_documents"),
    path("shipments/<slug:reference>/documents/sort/", assign_files, name="sort_documents"),
    path("customs-clearances/<slug:reference>/documents/mark/", mark_documents, name="mark_documents"),
    path("customs-documents/<slug:reference>/submit/", new_submission, name="add_submission"),
    path("customs-documents/<slug:reference>/", customs_document_detail, name="customs_document"),
    path("customs-documents/<slug:reference>/<slug:verb>/", document_move, name="customs_document_move"),
    path("document-submissions/<int:pk>/", submission_redirect, name="submission"),
    path("document-submissions/<int:pk>/<slug:verb>/", submission_move, name="submission_move"),
    path("h/<slug:reference>/", document_request_page, name="portal_documents"),
    path("h/<slug:reference>/documents/<slug:document>/", submit_requested_document, name="portal_document"),
    path(
        "h/<slug:reference>/documents/<slug:document>/photo/",
        add_document_photo,
        name="portal_document_photo",
    ),
    path(
        "h/<slug:reference>/documents/<slug:document>/cannot/",
        unavailable_document_form,
        name="portal_document_unavailable",
    ),
    path(
        "h/<slug:reference>/documents/<slug:document>/receipt/",
        submission_receipt,
        name="portal_submission_receipt",
    ),
]
