"""Pages of generated documents: available ones, missing data, versions, and the public verification.

The verification page is behind the QR code of a document or label. It needs no account and is rate-limited.
It names cities, the kind of document, numbers, the date and the hashes, and for a label the content of its
carton; but no person and no price.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.link_sessions import add_no_store_headers
from accounts.throttling import LINK_PAGE_LIMIT, throttle
from partners.authenticated_requests import AuthenticatedRequest
from partners.powers import Power
from procurement.documents.models.generated_documents import GeneratedDocument
from procurement.documents.rules.consistency import ComparedFigure, Inconsistency
from procurement.generated_documents.actions import generate_document
from procurement.generated_documents.content import printing_refusal
from procurement.generated_documents.document_record import DocumentRecord
from procurement.generated_documents.forms import FileHashForm, GenerateForm
from procurement.generated_documents.pdf import is_unchanged
from procurement.generated_documents.rules import GENERATE
from procurement.generated_documents.shared_texts import usual_language_pair
from procurement.generated_documents.status import DocumentStatus, document_statuses
from procurement.orders.models import Order
from procurement.orders.rules.purchase_orders import is_purchase_order_current
from procurement.orders.views.order_summary import goods_summary
from procurement.shipments.models import Carton, Shipment
from procurement.shipments.queries import shipment_titles
from procurement.shipments.views.shipment import find_shipment
from procurement.tracking.views.public_page import public_tracking_context
from workflow import clock
from workflow.errors import LazyText
from workflow.formatting import format_money, format_quantity, reader_language
from workflow.http.downloads import denied_page, redirect_to_signed
from workflow.http.pages import render_page, run_action
from workflow.http.signed_urls import sign_for_request

TEMPLATE = "generated_documents/shipment_documents.html"
FIGURE_LABELS = {
    ComparedFigure.PIECES: gettext_lazy("Units"),
    ComparedFigure.CARTONS: gettext_lazy("Cartons"),
    ComparedFigure.WEIGHT: gettext_lazy("Gross weight"),
    ComparedFigure.VALUE: gettext_lazy("Value"),
    ComparedFigure.NAME: gettext_lazy("Description of goods"),
}


@login_required
def shipment_documents(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show the documents of a shipment.

    City staff see every document. The broker, with the power CLEAR_CUSTOMS, sees the generated documents that
    customs asks for. 403 for others.
    """
    thing = find_shipment(request, reference)
    if not (request.by.may(Power.SEE, thing) or request.by.may(Power.CLEAR_CUSTOMS, thing)):
        raise PermissionDenied
    return render_page(request, TEMPLATE, shipment_documents_context(request, thing))


def shipment_documents_context(request: AuthenticatedRequest, thing: Shipment) -> dict[str, Any]:
    """Return the template context of a shipment's documents."""
    context: dict[str, Any] = {
        "shipment": thing,
        "title": shipment_titles([thing])[thing.pk],
        "thing": thing,
        "make": "generate_document",
    }
    if not request.by.may(Power.SEE, thing):
        return context | {"generated": list(_visible_documents(request).filter(shipment=thing))}
    record = DocumentRecord(thing, None, clock.now())
    of_orders = Q(order__in=record.orders, shipment=None)
    found = list(_visible_documents(request).filter(Q(shipment=thing) | of_orders))
    generated = [one for one in found if one.shipment_id is not None]
    whole_orders = [one for one in found if one.shipment_id is None]
    return (
        context
        | _statuses_context(request, record, generated, GeneratedDocument.Kind.PACKING_LIST, whole_orders)
        | {"orders": [(order, _goods_of_order(record, order)) for order in record.orders]}
    )


def _goods_of_order(record: DocumentRecord, order: Order) -> str:
    """Return the goods of an order in the record in words, from the rows already read."""
    return goods_summary(one.order_line for one in record.goods if one.order.pk == order.pk)


def order_documents_context(request: AuthenticatedRequest, thing: Order) -> dict[str, Any]:
    """Return the template context of the documents of a whole order: a donation's letters, or the purchase order."""
    generated = list(_visible_documents(request).filter(order=thing, shipment=None))
    record = DocumentRecord(None, thing, clock.now())
    context = _statuses_context(request, record, generated, GeneratedDocument.WHOLE_ORDER_KINDS[0])
    return {
        "thing": thing,
        "make": "generate_order_document",
        "purchase_order_note": _purchase_order_note(record, thing, context["statuses"]),
        **context,
    }


def _purchase_order_note(
    record: DocumentRecord, order: Order, statuses: Sequence[DocumentStatus]
) -> LazyText:
    """Return why a placed order has no purchase order although no data is missing; "" if it has one, or needs none.

    The periodic job has yet to generate it, or it contains a character that cannot be printed.
    """
    kind = GeneratedDocument.Kind.PURCHASE_ORDER
    if any(one.kind != kind or one.versions or one.missing for one in statuses):
        return ""
    if order.purchase_order_due_at is not None and order.held_since is not None:
        return _("The purchase order will be generated when the order is resumed.")
    if order.purchase_order_due_at is not None:
        return _("The purchase order is being generated. Reload this page in a moment.")
    refused = printing_refusal(kind, usual_language_pair(record), record)
    return refused.message if refused is not None else ""


def _visible_documents(request: AuthenticatedRequest) -> Any:
    return GeneratedDocument.objects.visible_to(request.by).select_related("author").order_by("-pk")


def _statuses_context(
    request: AuthenticatedRequest,
    record: DocumentRecord,
    generated: list[GeneratedDocument],
    sample: GeneratedDocument.Kind,
    whole_orders: Sequence[GeneratedDocument] = (),
) -> dict[str, Any]:
    found = document_statuses(record, generated, whole_orders)
    closed = GENERATE.refusal(request.by, GeneratedDocument(kind=sample, city=record.city), clock.now())
    names = {one.comparison_key: one.product.name for one in record.goods}
    return {
        "statuses": found.documents,
        "may_make": closed is None,
        "languages": GeneratedDocument.LanguagePair.choices,
        "usual": usual_language_pair(record),
        "differences": [inconsistency_text(one, names) for one in found.differences],
    }


def inconsistency_text(one: Inconsistency, names: dict[str, str]) -> dict[str, Any]:
    """Return a difference between documents for display: the aspect, the goods, and each value."""
    said = [(who or _("the current record"), _format_figure(one.aspect, value)) for who, value in one.values]
    return {"aspect": FIGURE_LABELS[one.aspect], "goods": names.get(one.goods_line_key, ""), "said": said}


def _format_figure(aspect: ComparedFigure, value: Any) -> str:
    if aspect in (ComparedFigure.PIECES, ComparedFigure.CARTONS):
        return format_quantity(value)
    if aspect == ComparedFigure.WEIGHT:
        return f"{value}\xa0kg"
    if aspect == ComparedFigure.VALUE:
        amount, _space, currency = value.partition(" ")
        return format_money(float(amount), currency)
    return str(value)


@login_required
@require_POST
def new_generated_document(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Generate a document of a shipment, or of one order in it."""
    thing = find_shipment(request, reference)
    form = GenerateForm(request.POST)
    form.is_valid()
    chosen = form.cleaned_data.get("order")
    inside = Order.objects.filter(lines__shipment_lines__shipment=thing).distinct()
    order = inside.filter(reference=chosen).first() if chosen else None
    return _generate(
        request,
        form,
        TEMPLATE,
        lambda: shipment_documents_context(request, thing),
        shipment=thing,
        order=order,
    )


@login_required
@require_POST
def new_order_document(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Generate a letter or certificate of a donation, or the purchase order of a purchase."""
    rows = Order.objects.visible_to(request.by).select_related("city", "supplier", "donor_city")
    thing = get_object_or_404(rows, reference=reference)
    form = GenerateForm(request.POST)
    form.is_valid()

    def context() -> dict[str, Any]:
        return {"order": thing, **order_documents_context(request, thing)}

    return _generate(request, form, "generated_documents/order_documents.html", context, order=thing)


def _generate(
    request: AuthenticatedRequest, form: GenerateForm, template: str, context: Any, **of: Any
) -> HttpResponse:
    return run_action(
        request,
        lambda: generate_document(
            form.cleaned_data.get("kind", ""),
            language_pair=form.cleaned_data.get("language_pair", ""),
            author=request.user,
            by=request.by,
            at=clock.now(),
            **of,
        ),
        done=generated_document_url,
        template=template,
        context=context,
    )


@login_required
def generated_document_redirect(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Redirect to the document on the page where it is listed."""
    return redirect(generated_document_url(_find_document(request, reference)))


def generated_document_url(document: GeneratedDocument) -> str:
    """Return the address of the document on the page of its shipment or order."""
    name, thing = (
        ("shipment_documents", document.shipment)
        if document.shipment is not None
        else ("order_documents", document.order)
    )
    assert thing is not None  # a document always belongs to a shipment or an order
    return f"{reverse(name, args=[thing.reference])}#{document.reference}"


@login_required
def generated_document_pdf(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Redirect to an address of the PDF, signed for the reader."""
    document = _find_document(request, reference)
    signed = sign_for_request(request.user, str(document))
    return redirect_to_signed(reverse("generated_document_pdf_signed", args=[reference, signed]))


@login_required
def generated_document_pdf_signed(request: AuthenticatedRequest, reference: str, signed: str) -> HttpResponse:
    """Download the stored PDF. Only the reader for whom the address was signed may do so.

    Each download returns the same bytes.
    """
    document = _find_document(request, reference)
    no = denied_page(request, signed, str(document), reverse("generated_document_pdf", args=[reference]))
    return no or pdf_response(document)


def pdf_response(document: GeneratedDocument, *, shown: bool = False) -> HttpResponse:
    """Return the PDF of a generated document as a download, or `shown` in the browser."""
    answer = HttpResponse(bytes(document.file.pdf), content_type="application/pdf")
    name = f"{document.thing.replace(' ', '-')}-{document.kind}-{document.reference}.pdf"
    answer["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _find_document(request: AuthenticatedRequest, reference: str) -> GeneratedDocument:
    rows = GeneratedDocument.objects.visible_to(request.by).select_related("shipment", "order")
    return get_object_or_404(rows, reference=reference)


@require_safe
def verify_document(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show whether a document is genuine.

    A person who may receive the shipment and scanned a carton label is redirected to the page that counts
    the carton.
    """
    carton = _carton_to_count(request, code)
    return (
        redirect("count_carton", carton.shipment.reference, carton.reference)
        if carton
        else _verification_page(request, code)
    )


def _carton_to_count(request: AuthenticatedRequest, code: str) -> Carton | None:
    """Return the carton that this signed-in person may count now, or None.

    They opened the address on its label with the phone's own camera.
    """
    box = request.GET.get("box", "")[:20].replace("\0", "")
    if not box or not request.user.is_authenticated:
        return None
    document = GeneratedDocument.objects.filter(code=code).values("shipment")
    rows = Carton.objects.filter(shipment__in=document, reference=box).select_related("shipment")
    carton = rows.filter(shipment__status=Shipment.Status.DELIVERED).first()
    return carton if carton is not None and request.by.may(Power.RECEIVE, carton.shipment) else None


@throttle(LINK_PAGE_LIMIT)
def _verification_page(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show whether a document is genuine: its object, moment and hashes. 404 if it is not.

    With `?sha256=`, the page also shows whether that file is the one that was printed.
    """
    rows = GeneratedDocument.objects.select_related("city", "shipment__city", "order")
    found = rows.filter(code=code).first()
    genuine = found is not None and is_unchanged(found)
    context: dict[str, Any] = {"document": found, "genuine": genuine}
    if found is not None and genuine:
        context |= _verification_context(request, found)
    page = render_page(request, "generated_documents/genuine.html", context, status=200 if genuine else 404)
    return add_no_store_headers(page, referrer="no-referrer")


def _verification_context(request: AuthenticatedRequest, found: GeneratedDocument) -> dict[str, Any]:
    """Return the template context: hashes to compare, the result for a pasted hash, a later version."""
    form = FileHashForm(request.GET if "sha256" in request.GET else None)
    said = form.cleaned_data["sha256"] if form.is_bound and form.is_valid() else ""
    order = found.order if found.kind == GeneratedDocument.Kind.PURCHASE_ORDER else None
    alike = GeneratedDocument.objects.filter(thing=found.thing, kind=found.kind, version__gt=found.version)
    return {
        "form": form,
        "said": said,
        "same": said == found.file_sha256,
        "later": alike.order_by("version").first(),
        "cancelled": order is not None and order.status == Order.Status.CANCELLED,
        "outdated": order is not None and not is_purchase_order_current(found),
        "box": _carton_label(found, request.GET.get("box", "")),
        **public_tracking_context(found.shipment, request.GET.get("box", "")),
    }


def _carton_label(found: GeneratedDocument, reference: str) -> dict[str, Any] | None:
    """Return the text printed on the label of a carton, in the reader's language if printed in it."""
    labels = found.file.words.get("labels", [])
    label = next((one for one in labels if one["reference"] == reference), None)
    if label is None:
        return None
    at = found.languages.index(reader_language()) if reader_language() in found.languages else 0
    texts: dict[str, Any] = label["languages"][at]
    return {**texts, "reference": reference}
