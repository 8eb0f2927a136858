"""The papers of an order: its decision memos, made and opened, and every paper of it in one file; and the page a memo's QR leads to.

The public page needs no account, counts who asks, and names the city, the numbers, the moment and the hashes: nobody and no price.
"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.limits import LINKS
from accounts.web.grants import private
from accounts.web.limited import limited
from partners.visit import Visit
from procurement.exchange.sheets import MEMOS
from procurement.orders.actions import memos
from procurement.orders.models.memo import Memo, MemoPrint
from procurement.orders.models.order import Order
from procurement.orders.paper import is_unchanged
from procurement.orders.rules.memos import MAKE
from procurement.web.orders.bundles import bundle_of
from procurement.web.orders.orders import find
from procurement.web.proof import Hash
from procurement.web.sheets import sheet, wanted
from procurement.web.shipments.made import of_gift
from workflow import clock
from workflow.doors.files.addresses import sign_for
from workflow.doors.files.handing import lead_on, not_by
from workflow.doors.http import attempt, show
from workflow.errors import NOT_ALLOWED

# The prints of a memo without what is heavy: their hashes.
LIGHT = Prefetch("prints", MemoPrint.objects.defer("pdf", "words").order_by("language"))
TEMPLATE = "orders/papers.html"


@login_required
def papers(request: Visit, reference: str) -> HttpResponseBase:
    """The memos of an order, the newest first, and its papers in one file."""
    thing = find(request, reference)
    if wanted(request):
        rows = Memo.objects.visible_to(request.by).of(thing).select_related("order")
        return sheet(request, f"memos-{thing.reference}", MEMOS, rows.prefetch_related(LIGHT))
    return show(request, f"{TEMPLATE}#bundle", context_of(request, thing))


def context_of(request: Visit, thing: Order) -> dict[str, Any]:
    """What the page of an order's papers shows."""
    memos = Memo.objects.visible_to(request.by).of(thing).prefetch_related(LIGHT)
    closed = MAKE.refusal(request.by, Memo(order=thing, city=thing.city), clock.now())
    return {
        "order": thing,
        "memos": memos,
        "may_make": closed is None,
        "not_yet": closed if closed is not None and closed.code != NOT_ALLOWED else None,
        "gift_papers": of_gift(request, thing),
        **bundle_of(request, thing),
    }


@login_required
@require_POST
def make_memo(request: Visit, reference: str) -> HttpResponse:
    """Freeze what the record says now."""
    thing = find(request, reference)
    return attempt(
        request,
        lambda: memos.make_memo(thing, author=request.user, by=request.by, at=clock.now()),
        done=on_page,
        template=TEMPLATE,
        context=lambda: context_of(request, thing),
    )


@login_required
def memo(request: Visit, reference: str) -> HttpResponse:
    """A memo stands on the page of its order's papers."""
    return redirect(on_page(_memo(request, reference)))


@login_required
def memo_pdf(request: Visit, reference: str, language: str) -> HttpResponse:
    """A memo in one language: on to an address signed for the reader."""
    one = _print(request, reference, language)
    signed = sign_for(request.user, str(one))
    return lead_on(reverse("memo_pdf_signed", args=[reference, language, signed]))


@login_required
def memo_pdf_signed(request: Visit, reference: str, language: str, signed: str) -> HttpResponse:
    """A memo in one language, as it was printed, to whom the address was signed for: the same bytes each time."""
    one = _print(request, reference, language)
    no = not_by(request, signed, str(one), reverse("memo_pdf", args=[reference, language]))
    if no is not None:
        return no
    answer = HttpResponse(bytes(one.pdf), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{reference}-{language}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
@limited(LINKS)
def memo_check(request: Visit, code: str) -> HttpResponse:
    """Whether a memo is genuine: of which city and order, of what moment, with which hashes; and whether a file is a print of it."""
    found = Memo.objects.select_related("city", "order").filter(code=code).first()
    genuine = found is not None and is_unchanged(found)
    context: dict[str, Any] = {"memo": found, "genuine": genuine}
    if found is not None and genuine:
        context |= _told(request, found)
    page = show(request, "contact/memo.html", context, status=200 if genuine else 404)
    return private(page, referrer="no-referrer")


def _told(request: Visit, found: Memo) -> dict[str, Any]:
    """The lines to compare, and what is to be said of the hash that was pasted, if one was."""
    form = Hash(request.GET if "sha256" in request.GET else None)
    said = form.cleaned_data["sha256"] if form.is_bound and form.is_valid() else ""
    prints = list(found.prints.defer("pdf", "words").order_by("language"))
    return {
        "form": form,
        "prints": prints,
        "said": said,
        "same": next((one for one in prints if one.sha256 == said), None),
        "later": Memo.objects.filter(order=found.order_id, number__gt=found.number)
        .order_by("number")
        .first(),
    }


def on_page(memo: Memo) -> str:
    """The memo's place on the page of its order's papers."""
    return f"{reverse('order_papers', args=[memo.order.reference])}#{memo.reference}"


def _print(request: Visit, reference: str, language: str) -> MemoPrint:
    return get_object_or_404(MemoPrint, memo=_memo(request, reference), language=language)


def _memo(request: Visit, reference: str) -> Memo:
    rows = Memo.objects.visible_to(request.by).select_related("order")
    return get_object_or_404(rows, reference=reference)


urlpatterns = [
    path("orders/<slug:reference>/papers/", papers, name="order_papers"),
    path("orders/<slug:reference>/papers/memo/", make_memo, name="make_memo"),
    path("memos/<slug:reference>/", memo, name="memo"),
    path("memos/<slug:reference>/<slug:language>/", memo_pdf, name="memo_pdf"),
    path("memos/<slug:reference>/<slug:language>/at/<str:signed>/", memo_pdf_signed, name="memo_pdf_signed"),
    path("memo/<slug:code>/", memo_check, name="memo_check"),
]
