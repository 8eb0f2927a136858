"""API collection decision-memos: unchangeable decision memos of orders, each in three languages.

Officers and approvers create them; their city reads them.
"""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django_filters import CharFilter
from rest_framework.request import Request

from procurement.orders.decision_memos.models import DecisionMemo, DecisionMemoFile
from procurement.orders.decision_memos.rules import CREATE_MEMO
from procurement.orders.models import Order
from workflow.api.fast_serializers import NamedReferenceField, RowSerializer
from workflow.api.fields import CreateSerializer, VisibleReferenceField
from workflow.api.filters import SearchFilterSet, search_filter
from workflow.api.viewsets import CollectionViewSet, MoveOperation
from workflow.formatting import reader_language


class DecisionMemoRowSerializer(RowSerializer):
    """Decision memo.

    `sha256` is the hash of its words in all languages, and its first digits are printed on each page.
    """

    order = NamedReferenceField()
    author = NamedReferenceField("name")

    class Meta:
        model = DecisionMemo
        fields = (
            *("reference", "status", "order", "number", "order_status", "author", "sha256", "head"),
            "created_at",
        )


class DecisionMemoFileRowSerializer(RowSerializer):
    """Print of a decision memo: its language (en, fr, zh) and the SHA-256 of the PDF."""

    class Meta:
        model = DecisionMemoFile
        fields = ("language", "sha256")


class DecisionMemoDetailSerializer(DecisionMemoRowSerializer):
    """Complete decision memo, with its prints."""

    files = DecisionMemoFileRowSerializer(many=True)

    class Meta:
        model = DecisionMemo
        fields = (*DecisionMemoRowSerializer.Meta.fields, "code", "files")


class NewDecisionMemoSerializer(CreateSerializer):
    """Decision memo to create from the data stored now about an order. Refused for a draft."""

    order = VisibleReferenceField(Order)

    class Meta:
        model = DecisionMemo
        fields = ("order",)


class DecisionMemoFilter(SearchFilterSet):
    """Filters for decision memos."""

    search = search_filter("The reference of the memo or of its order, or how it begins: DM-2020, PO-2020.")
    order = CharFilter("order__reference")
    city = CharFilter("city__slug")


class DecisionMemoViewSet(CollectionViewSet):
    """Decision memos of the orders of your cities.

    They are never changed, and later ones do not replace them.
    """

    model = DecisionMemo
    path = "decision-memos"
    list_serializer = DecisionMemoRowSerializer
    detail_serializer = DecisionMemoDetailSerializer
    filterset_class = DecisionMemoFilter
    ordering_fields = {"number": "number"}
    file_content_types = {"content": ("application/pdf",)}
    create_action = MoveOperation(CREATE_MEMO, body=NewDecisionMemoSerializer)

    def detail_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows with their prints, without the bytes of the files."""
        light = DecisionMemoFile.objects.defer("pdf", "words").order_by("language")
        return super().detail_queryset(rows).prefetch_related(Prefetch("files", light))

    def content(self, request: Request, reference: str) -> HttpResponse:
        """Download the PDF/A as it was printed, in your language: the same bytes each time."""
        memo = self.find_object(reference=reference)
        one = memo.files.filter(language=reader_language()).first()
        if one is None:
            raise Http404
        answer = HttpResponse(bytes(one.pdf), content_type="application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="{memo}-{one.language}.pdf"'
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cache-Control"] = "private, no-store"
        return answer
