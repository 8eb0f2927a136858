"""API collection generated-documents: frozen documents generated from a shipment or an order.

Officers and logistics generate them; their city reads them.
"""

from django.http import HttpResponse
from django_filters import CharFilter
from rest_framework.request import Request

from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.generated_documents.rules import GENERATE
from procurement.orders.models import Order
from procurement.shipments.models import Shipment
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import CreateSerializer, VisibleReferenceField
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.viewsets import CollectionViewSet, MoveOperation


class GeneratedDocumentRowSerializer(RowSerializer):
    """Generated document.

    `sha256` is the hash of its words and figures, and its first digits are printed on each page.
    `file_sha256` is the hash of the PDF.
    """

    shipment = NamedReferenceField(allow_null=True)
    order = NamedReferenceField(allow_null=True)
    author = NamedReferenceField("name")

    class Meta:
        model = GeneratedDocument
        fields = (
            *("reference", "status", "kind", "language_pair", "version", "shipment", "order", "author"),
            *("sha256", "file_sha256", "created_at"),
        )


class GeneratedDocumentDetailSerializer(GeneratedDocumentRowSerializer):
    """Complete generated document, with the code in its QR."""

    class Meta:
        model = GeneratedDocument
        fields = (*GeneratedDocumentRowSerializer.Meta.fields, "code")


class NewGeneratedDocumentSerializer(CreateSerializer):
    """Document to generate from the data stored now.

    Its subject is a shipment, an order's part of a shipment (invoices), or a whole order (a purchase order, the
    letters of a donation).
    """

    shipment = VisibleReferenceField(Shipment, required=False)
    order = VisibleReferenceField(Order, required=False)

    class Meta:
        model = GeneratedDocument
        fields = ("kind", "language_pair", "shipment", "order")


class GeneratedDocumentFilter(SearchFilterSet):
    """Filters for generated documents."""

    search = search_filter(
        "The reference of the document, its shipment or its order, or the beginning of one: MP-2020, SH-2020."
    )
    shipment = CharFilter("shipment__reference")
    order = CharFilter("order__reference")
    kind = CharFilter("kind")


class GeneratedDocumentViewSet(CollectionViewSet):
    """Documents generated from stored data. They are never changed, and newer versions do not replace them."""

    model = GeneratedDocument
    path = "generated-documents"
    list_serializer = GeneratedDocumentRowSerializer
    detail_serializer = GeneratedDocumentDetailSerializer
    filterset_class = GeneratedDocumentFilter
    ordering_fields = {"created_at": "created_at"}
    file_content_types = {"content": ("application/pdf",)}
    create_action = MoveOperation(GENERATE, body=NewGeneratedDocumentSerializer)

    def content(self, request: Request, reference: str) -> HttpResponse:
        """Download the PDF/A as it was printed: the same bytes each time."""
        document = self.find_object(reference=reference)
        answer = HttpResponse(bytes(document.file.pdf), content_type="application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="{document}.pdf"'
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cache-Control"] = "private, no-store"
        return answer
