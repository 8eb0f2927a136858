"""URLs of customs documents, document requests and submissions, on pages and by link."""

from django.urls import path

from procurement.documents.portal import (
    add_document_photo,
    document_request_page,
    document_unavailable,
    request_file,
    request_file_signed,
    request_generated,
    request_generated_signed,
    requested_document,
    submission_receipt,
)
from procurement.documents.views.document_table import mark_documents
from procurement.documents.views.documents import document, document_move
from procurement.documents.views.file_assignment import add_documents, assign_files
from procurement.documents.views.requests import (
    copy_document_request,
    document_request,
    document_request_move,
    new_document_request,
)
from procurement.documents.views.submissions import new_submission, submission, submission_move

urlpatterns = [
    path("h/<slug:reference>/files/<slug:key>/", request_file, name="portal_document_file"),
    path(
        "h/<slug:reference>/files/<slug:key>/at/<str:signed>/",
        request_file_signed,
        name="portal_document_file_signed",
    ),
    path(
        "h/<slug:reference>/generated/<slug:generated>/", request_generated, name="portal_generated_document"
    ),
    path(
        "h/<slug:reference>/generated/<slug:generated>/at/<str:signed>/",
        request_generated_signed,
        name="portal_generated_document_signed",
    ),
    path("shipments/<slug:reference>/request-documents/", new_document_request, name="add_document_request"),
    path("document-requests/<slug:reference>/", document_request, name="document_request"),
    path("document-requests/<slug:reference>/copy/", copy_document_request, name="document_request_copy"),
    path(
        "document-requests/<slug:reference>/<slug:verb>/", document_request_move, name="document_request_move"
    ),
    path("shipments/<slug:reference>/documents/add/", add_documents, name="add_documents"),
    path("shipments/<slug:reference>/documents/sort/", assign_files, name="sort_documents"),
    path("customs-clearances/<slug:reference>/documents/mark/", mark_documents, name="mark_documents"),
    path("customs-documents/<slug:reference>/submit/", new_submission, name="add_submission"),
    path("customs-documents/<slug:reference>/", document, name="customs_document"),
    path("customs-documents/<slug:reference>/<slug:verb>/", document_move, name="customs_document_move"),
    path("document-submissions/<int:pk>/", submission, name="submission"),
    path("document-submissions/<int:pk>/<slug:verb>/", submission_move, name="submission_move"),
    path("h/<slug:reference>/", document_request_page, name="portal_documents"),
    path("h/<slug:reference>/documents/<slug:document>/", requested_document, name="portal_document"),
    path(
        "h/<slug:reference>/documents/<slug:document>/photo/",
        add_document_photo,
        name="portal_document_photo",
    ),
    path(
        "h/<slug:reference>/documents/<slug:document>/cannot/",
        document_unavailable,
        name="portal_document_unavailable",
    ),
    path(
        "h/<slug:reference>/documents/<slug:document>/receipt/",
        submission_receipt,
        name="portal_submission_receipt",
    ),
]
