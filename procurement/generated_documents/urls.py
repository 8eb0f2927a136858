"""URLs of generated documents, and of the public page behind their QR code."""

from django.urls import path

from procurement.generated_documents.views import (
    generated_document_pdf,
    generated_document_pdf_signed,
    generated_document_redirect,
    new_generated_document,
    new_order_document,
    shipment_documents,
    verify_document,
)

urlpatterns = [
    path("document/<slug:code>/", verify_document, name="verify_document"),
    path("shipments/<slug:reference>/documents/", shipment_documents, name="shipment_documents"),
    path("shipments/<slug:reference>/documents/generate/", new_generated_document, name="generate_document"),
    path(
        "orders/<slug:reference>/documents/generate/",
        new_order_document,
        name="generate_order_document",
    ),
    path("generated-documents/<slug:reference>/", generated_document_redirect, name="generated_document"),
    path("generated-documents/<slug:reference>/pdf/", generated_document_pdf, name="generated_document_pdf"),
    path(
        "generated-documents/<slug:reference>/pdf/<str:signed>/",
        generated_document_pdf_signed,
        name="generated_document_pdf_signed",
    ),
]
