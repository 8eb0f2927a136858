"""API collections customs-documents, document-requests and document-submissions."""

from django_filters import BooleanFilter, CharFilter, ChoiceFilter
from rest_framework import serializers

from accounts.models import Language
from procurement.catalogue.models.customs import CustomsRule
from procurement.documents.models.customs_documents import CustomsDocument
from procurement.documents.models.requests import DocumentRequest, DocumentSubmission
from procurement.documents.rules import documents
from procurement.documents.rules.documents import (
    ENTER_NUMBER,
    FILE_DOCUMENT,
    MARK_IN_PROGRESS,
    MARK_READY,
    NEW_VERSION,
    RECORD_CUSTOMS_QUERY,
    RECORD_REFUSAL,
)
from procurement.documents.rules.requests import ACCEPT, CANCEL, REMIND, REQUEST_DOCUMENTS, RETURN
from procurement.shipments.models import Shipment
from procurement.suppliers.models.suppliers import Supplier
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import CreateSerializer, VisibleReferenceField, reason_field
from workflow.api.filters import ReferenceFilterSet, SearchFilterSet, search_filter
from workflow.api.viewsets import CollectionViewSet, MoveOperation, move_operations
from workflow.query_expressions import order_by_moment


class DocumentRequestRowSerializer(RowSerializer):
    """Document request: the documents of a shipment that one person owes, requested by link."""

    shipment = NamedReferenceField()
    city = NamedReferenceField("slug")
    supplier = NamedReferenceField(allow_null=True)
    author = NamedReferenceField("name")

    class Meta:
        model = DocumentRequest
        fields = (
            *("reference", "status", "shipment", "city", "role", "supplier", "name", "email", "author"),
            *("due_on", "note", "reminder_count", "next_reminder_at"),
            "created_at",
        )


class NewDocumentRequestSerializer(CreateSerializer):
    """Documents to request. A message with a personal link is sent to the address."""

    shipment = VisibleReferenceField(Shipment)
    supplier = VisibleReferenceField(
        Supplier,
        required=False,
        help_text="The supplier whose documents are requested. Optional where one company sells all the goods.",
    )
    language = serializers.ChoiceField(
        Language.choices,
        required=False,
        help_text="A person who has an account keeps the language they chose.",
    )

    class Meta:
        model = DocumentRequest
        fields = ("shipment", "role", "supplier", "name", "email", "language", "due_on", "note")


class DocumentRequestFilter(SearchFilterSet):
    """Filters for document requests."""

    search = search_filter("The request's reference, or the shipment's, or how one of them begins: HI-2020.")
    status = ChoiceFilter(choices=DocumentRequest.Status.choices)
    role = ChoiceFilter(choices=CustomsRule.ResponsibleParty.choices)
    supplier = CharFilter("supplier__reference")
    city = CharFilter("city__slug")
    shipment = CharFilter("shipment__reference")


class DocumentRequestViewSet(CollectionViewSet):
    """Document requests of your cities. Their submitted documents are in document-submissions."""

    model = DocumentRequest
    path = "document-requests"
    list_serializer = DocumentRequestRowSerializer
    filterset_class = DocumentRequestFilter
    ordering_fields = {"created_at": "created_at"}
    create_action = MoveOperation(REQUEST_DOCUMENTS, body=NewDocumentRequestSerializer)
    move_actions = move_operations(REMIND, CANCEL)


class DocumentSubmissionRowSerializer(RowSerializer):
    """Submission of a customs document: its request, the sender's remark, and the city's answer."""

    document = NamedReferenceField()
    city = NamedReferenceField("slug")
    request = NamedReferenceField(allow_null=True)

    class Meta:
        model = DocumentSubmission
        fields = (
            *(
                "id",
                "status",
                "document",
                "city",
                "request",
                "number",
                "document_number",
                "remark",
                "by_copied_link",
            ),
            *("answer", "reviewed_at", "filed_at", "created_at"),
        )


class DocumentSubmissionFilter(SearchFilterSet):
    """Filters for submissions."""

    search = search_filter("The document's reference, or the shipment's, or how one of them begins: CP-2020.")
    status = ChoiceFilter(choices=DocumentSubmission.Status.choices)
    city = CharFilter("city__slug")
    document = CharFilter("document__reference")
    shipment = CharFilter("document__shipment__reference")


class DocumentSubmissionViewSet(CollectionViewSet):
    """Submissions of the customs documents that you may see.

    The newest accepted submission is the document.
    """

    model = DocumentSubmission
    path = "document-submissions"
    lookup_field = "id"
    list_serializer = DocumentSubmissionRowSerializer
    filterset_class = DocumentSubmissionFilter
    ordering_fields = {"created_at": "created_at"}
    move_actions = move_operations(ACCEPT, RETURN)


class CustomsDocumentRowSerializer(RowSerializer):
    """Customs document that a clearance needs, with the rule that asks for it.

    The row states who owes it, before which step, and whether it blocks.
    """

    clearance = NamedReferenceField()
    shipment = NamedReferenceField()
    supplier = NamedReferenceField(allow_null=True)

    class Meta:
        model = CustomsDocument
        fields = (
            *(
                "reference",
                "status",
                "clearance",
                "shipment",
                "category",
                "code",
                "name_en",
                "name_fr",
                "name_zh",
            ),
            *("owner", "supplier", "due_before", "blocks", "rule", "asked_on", "source_url", "number"),
            "version",
            *("remark", "accepted_at"),
            "created_at",
        )


class CustomsDocumentFilter(ReferenceFilterSet):
    """Filters for customs documents."""

    status = ChoiceFilter(choices=CustomsDocument.Status.choices)
    shipment = CharFilter("shipment__reference")
    clearance = CharFilter("clearance__reference")
    owner = ChoiceFilter(choices=CustomsRule.ResponsibleParty.choices)
    supplier = CharFilter("supplier__reference")
    blocks = BooleanFilter()
    city = CharFilter("city__slug")


class CustomsDocumentViewSet(CollectionViewSet):
    """Customs documents of the shipments to your cities, or given to you as a broker."""

    model = CustomsDocument
    path = "customs-documents"
    list_serializer = CustomsDocumentRowSerializer
    filterset_class = CustomsDocumentFilter
    ordering_fields = {"accepted_at": order_by_moment("accepted_at")}
    move_actions = move_operations(
        MARK_IN_PROGRESS,
        MARK_READY,
        FILE_DOCUMENT,
        documents.RECORD_ACCEPTANCE,
        MoveOperation(RECORD_CUSTOMS_QUERY, reason=reason_field("What they ask.")),
        RECORD_REFUSAL,
        NEW_VERSION,
        MoveOperation(ENTER_NUMBER, number=serializers.CharField(max_length=80, allow_blank=True)),
    )
