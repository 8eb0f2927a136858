"""Pages of an order's documents: decision memos, audit file, and the public page behind a QR code.

The public page needs no account and is rate-limited. It shows the city, the numbers of memo and order, the
moment and the hashes, but no person and no price.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST, require_safe

from accounts.link_sessions import add_no_store_headers
from accounts.throttling import LINK_PAGE_LIMIT, throttle
from partners.authenticated_requests import AuthenticatedRequest
from procurement.audit_files.views import audit_file_context
from procurement.exports.csv_download import csv_response, is_csv_requested
from procurement.exports.list_columns import DECISION_MEMO_COLUMNS
from procurement.generated_documents.forms import FileHashForm
from procurement.generated_documents.views import order_documents_context
from procurement.orders.decision_memos.actions import create_memo
from procurement.orders.decision_memos.models import DecisionMemo, DecisionMemoFile
from procurement.orders.decision_memos.pdf import is_memo_unchanged
from procurement.orders.decision_memos.rules import CREATE_MEMO
from procurement.orders.models import Order
from procurement.orders.views.order_summary import goods_text_by_order
from procurement.orders.views.orders import find_order
from workflow import clock
from workflow.errors import NOT_ALLOWED
from workflow.http.downloads import denied_page, redirect_to_signed
from workflow.http.pages import render_page, run_action
from workflow.http.signed_urls import sign_for_request

# The files of a memo without the large columns; the page needs the hashes only.
FILES_WITHOUT_CONTENT_PREFETCH = Prefetch(
    "files", DecisionMemoFile.objects.defer("pdf", "words").order_by("language")
)
TEMPLATE = "orders/decision_memos/order_documents.html"


@login_required
def order_documents(request: AuthenticatedRequest, reference: str) -> HttpResponseBase:
    """Show the decision memos of an order, newest first, and its audit file. `?as=csv` returns the memos."""
    thing = find_order(request, reference)
    if is_csv_requested(request):
        rows = DecisionMemo.objects.visible_to(request.by).of_order(thing).select_related("order")
        return csv_response(
            request,
            f"memos-{thing.reference}",
            DECISION_MEMO_COLUMNS,
            rows.prefetch_related(FILES_WITHOUT_CONTENT_PREFETCH),
        )
    return render_page(request, f"{TEMPLATE}#bundle", documents_context(request, thing))


def documents_context(request: AuthenticatedRequest, thing: Order) -> dict[str, Any]:
    """Return the template context of an order's documents page."""
    memos = (
        DecisionMemo.objects.visible_to(request.by)
        .of_order(thing)
        .prefetch_related(FILES_WITHOUT_CONTENT_PREFETCH)
    )
    closed = CREATE_MEMO.refusal(request.by, DecisionMemo(order=thing, city=thing.city), clock.now())
    return {
        "order": thing,
        "goods": lambda: (
            goods_text_by_order([thing])[thing.pk] or thing.reference
        ),  # not read by the polled fragment
        "memos": memos,
        "may_make": closed is None,
        "not_yet": closed if closed is not None and closed.code != NOT_ALLOWED else None,
        # not read by the polled fragment
        "generated": SimpleLazyObject(lambda: order_documents_context(request, thing)),
        **audit_file_context(request, thing),
    }


@login_required
@require_POST
def new_memo(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Make a decision memo of the order as it is recorded now."""
    thing = find_order(request, reference)
    return run_action(
        request,
        lambda: create_memo(thing, author=request.user, by=request.by, at=clock.now()),
        done=memo_url,
        template=TEMPLATE,
        context=lambda: documents_context(request, thing),
    )


@login_required
def redirect_to_memo(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Redirect to the memo on the documents page of its order."""
    return redirect(memo_url(_find_memo(request, reference)))


@login_required
def memo_pdf(request: AuthenticatedRequest, reference: str, language: str) -> HttpResponse:
    """Redirect to an address of the memo's PDF in one language, signed for the reader."""
    one = _find_memo_file(request, reference, language)
    signed = sign_for_request(request.user, str(one))
    return redirect_to_signed(reverse("decision_memo_pdf_signed", args=[reference, language, signed]))


@login_required
def memo_pdf_signed(
    request: AuthenticatedRequest, reference: str, language: str, signed: str
) -> HttpResponse:
    """Download a memo's PDF in one language. Only the reader for whom the address was signed may do so.

    Each download returns the stored file, so the bytes never change.
    """
    one = _find_memo_file(request, reference, language)
    no = denied_page(request, signed, str(one), reverse("decision_memo_pdf", args=[reference, language]))
    if no is not None:
        return no
    answer = HttpResponse(bytes(one.pdf), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{reference}-{language}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
@throttle(LINK_PAGE_LIMIT)
def verify_decision_memo(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """Show whether a memo is genuine: its city, order, moment and hashes. 404 if it is not.

    With `?sha256=`, the page also shows whether that file is a print of the memo.
    """
    found = DecisionMemo.objects.select_related("city", "order").filter(code=code).first()
    genuine = found is not None and is_memo_unchanged(found)
    context: dict[str, Any] = {"memo": found, "genuine": genuine}
    if found is not None and genuine:
        context |= _verification_context(request, found)
    page = render_page(
        request, "orders/decision_memos/verified.html", context, status=200 if genuine else 404
    )
    return add_no_store_headers(page, referrer="no-referrer")


def _verification_context(request: AuthenticatedRequest, found: DecisionMemo) -> dict[str, Any]:
    """Return the template context of a genuine memo.

    It contains the hashes to compare, the file that matches a pasted hash, and a later memo, if any.
    """
    form = FileHashForm(request.GET if "sha256" in request.GET else None)
    digest = form.cleaned_data["sha256"] if form.is_bound and form.is_valid() else ""
    files = list(found.files.defer("pdf", "words").order_by("language"))
    return {
        "form": form,
        "files": files,
        "said": digest,
        "same": next((one for one in files if one.sha256 == digest), None),
        "later": DecisionMemo.objects.filter(order=found.order_id, number__gt=found.number)
        .order_by("number")
        .first(),
    }


def memo_url(memo: DecisionMemo) -> str:
    """Return the address of the memo on the documents page of its order."""
    return f"{reverse('order_documents', args=[memo.order.reference])}#{memo.reference}"


def _find_memo_file(request: AuthenticatedRequest, reference: str, language: str) -> DecisionMemoFile:
    return get_object_or_404(DecisionMemoFile, memo=_find_memo(request, reference), language=language)


def _find_memo(request: AuthenticatedRequest, reference: str) -> DecisionMemo:
    rows = DecisionMemo.objects.visible_to(request.by).select_related("order")
    return get_object_or_404(rows, reference=reference)
