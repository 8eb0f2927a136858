"""made-papers: papers made from the record of a shipment or a gift, frozen; made by its officers and logistics, read by its city."""

from django.http import HttpResponse
from django_filters import CharFilter
from rest_framework.request import Request

from procurement.orders.models.order import Order
from procurement.shipments.actions.made import make_paper
from procurement.shipments.models.made import MadePaper
from procurement.shipments.models.shipment import Shipment
from workflow.doors.api.collections import Collection, Verb
from workflow.doors.api.fields import New, Ref
from workflow.doors.api.filters import Searched, search_in
from workflow.doors.api.reading import Named, Row


class MadePaperRow(Row):
    """A paper. `sha256` is that of its words and figures, whose beginning stands on each page; `file_sha256` that of the PDF."""

    shipment = Named(allow_null=True)
    order = Named(allow_null=True)
    author = Named("name")

    class Meta:
        model = MadePaper
        fields = (
            *("reference", "status", "kind", "tongues", "version", "shipment", "order", "author"),
            *("sha256", "file_sha256", "created_at"),
        )


class MadePaperDetail(MadePaperRow):
    """A paper with the code that its QR leads to."""

    class Meta:
        model = MadePaper
        fields = (*MadePaperRow.Meta.fields, "code")


class NewMadePaper(New):
    """A paper to make of what the record says now: of a shipment, of an order's part of it (invoices), or of a gift."""

    shipment = Ref(Shipment, required=False)
    order = Ref(Order, required=False)

    class Meta:
        model = MadePaper
        fields = ("kind", "tongues", "shipment", "order")


class MadePaperFilter(Searched):
    """Which papers."""

    search = search_in(
        "The reference of the paper, its shipment or its order, or how it begins: MP-2020, SH-2020."
    )
    shipment = CharFilter("shipment__reference")
    order = CharFilter("order__reference")
    kind = CharFilter("kind")


class MadePapers(Collection):
    """Papers made from the record. A newer version stands beside an earlier one, and none is ever changed."""

    model = MadePaper
    path = "made-papers"
    row = MadePaperRow
    whole = MadePaperDetail
    filterset_class = MadePaperFilter
    orders = {"created_at": "created_at"}
    gives = {"content": ("application/pdf",)}
    begin = Verb(make_paper, body=NewMadePaper, me="author")

    def content(self, request: Request, reference: str) -> HttpResponse:
        """The PDF/A as it was printed: the same bytes each time."""
        made = self.thing(reference=reference)
        answer = HttpResponse(bytes(made.print.pdf), content_type="application/pdf")
        answer["Content-Disposition"] = f'attachment; filename="{made}.pdf"'
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cache-Control"] = "private, no-store"
        return answer
