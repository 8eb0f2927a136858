"""memos: what an order rested on, frozen, each in three languages; made by its officers and approvers, read by its city."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpResponse
from django_filters import CharFilter
from rest_framework.request import Request

from procurement.orders.actions.memos import make_memo
from procurement.orders.models.memo import Memo, MemoPrint
from procurement.orders.models.order import Order
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import New, Ref
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import Named, Row
from workflow.doors.words import language


class MemoRow(Row):
    """A memo. `sha256` is that of its words in all languages, whose beginning stands on each page of the paper."""

    order = Named()
    author = Named("name")

    class Meta:
        model = Memo
        fields = (
            *("reference", "status", "order", "number", "order_status", "author", "sha256", "head"),
            "created_at",
        )


class MemoPrintRow(Row):
    """One print of a memo: its language (en, fr, zh), and the SHA-256 of the PDF."""

    class Meta:
        model = MemoPrint
        fields = ("language", "sha256")


class MemoDetail(MemoRow):
    """A memo with its prints."""

    prints = MemoPrintRow(many=True)

    class Meta:
        model = Memo
        fields = (*MemoRow.Meta.fields, "code", "prints")


class NewMemo(New):
    """A memo to make, of what the record of an order says now. Refused of a draft."""

    order = Ref(Order)

    class Meta:
        model = Memo
        fields = ("order",)


class MemoFilter(Searched):
    """Which memos."""

    search = search_in("The reference of the memo or of its order, or how it begins: DM-2020, PO-2020.")
    order = CharFilter("order__reference")
    city = CharFilter("city__slug")


class Memos(Collection):
    """Decision memos of one's own city's orders. A later one stands beside an earlier one, and none is ever changed."""

    model = Memo
    path = "memos"
    row = MemoRow
    whole = MemoDetail
    filterset_class = MemoFilter
    orders = {"number": "number"}
    gives = {"content": ("application/pdf",)}
    begin = Verb(make_memo, body=NewMemo, me="author")

    def for_detail(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With its prints, without their bytes."""
        light = MemoPrint.objects.defer("pdf", "words").order_by("language")
        return super().for_detail(rows).prefetch_related(Prefetch("prints", light))

    def content(self, request: Request, reference: str) -> HttpResponse:
        """The PDF/A as it was printed, in the language of whoever asks: the same bytes each time."""
        memo = self.thing(reference=reference)
        one = memo.prints.filter(language=language()).first()
        if one is None:
            raise Http404
        answer = HttpResponse(bytes(one.pdf), content_type="application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="{memo}-{one.language}.pdf"'
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cache-Control"] = "private, no-store"
        return answer
