"""Receiving pages for a phone: scan a carton, record its condition, undo it. Work without scripts."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Max, QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST

from accounts import throttling
from accounts.throttling import client_key
from partners.authenticated_requests import AuthenticatedRequest, require_permission
from partners.powers import Power
from procurement.leads.actions.attachments import attach_file_and_flag_companies
from procurement.quality.models import Lot
from procurement.receiving.actions.cartons import receive_cartons, record_carton, undo_carton
from procurement.receiving.forms import MAX_MARKED_CARTONS, CartonForm, ReceiveAllForm, ScanLabelForm, State
from procurement.receiving.models import CartonReceipt, GoodsReceipt
from procurement.receiving.rules.cartons import carton_totals
from procurement.receiving.views.carton_lookup import carton_from_number, carton_from_photo
from procurement.shipments.models import Carton, Shipment
from procurement.shipments.views.shipment import find_shipment
from workflow import clock
from workflow.clock import real_now
from workflow.errors import Refused
from workflow.http.pages import render_page, run_action
from workflow.http.refusal_responses import http_status
from workflow.uploads.models import File

DOCK, CARTON = "receiving/dock.html", "receiving/carton.html"
PRODUCT_PATH = "line__order_line__allocation__lead__product"
# The reader of labels is WebAssembly, which a page's policy must allow; no other page runs any.
SCANNER_CSP = {**settings.SECURE_CSP, "script-src": [CSP.SELF, "'wasm-unsafe-eval'"]}
UPLOAD_MESSAGES = {
    "failed": _("Sending failed."),
    "done": _("Sent"),
    "again": _("Send again"),
}
MAX_LATEST_CARTONS = 10  # cartons that were just counted


def find_receivable_shipment(request: AuthenticatedRequest, reference: str) -> Shipment:
    """Return the shipment for a person who may receive it. 403 for other readers who see it."""
    thing = find_shipment(request, reference)
    require_permission(request, Power.RECEIVE, thing)
    return thing


@login_required
@csp_override(SCANNER_CSP)
def carton_receiving_page(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Show what is expected and what has been counted, and receive all remaining cartons at once.

    The page also has the form that scans a single carton.
    """
    thing = find_receivable_shipment(request, reference)
    if request.method != "POST":
        return render_page(request, DOCK, carton_receiving_context(request, thing))
    form = ReceiveAllForm(request.POST, _uncounted_cartons(thing))
    if not form.is_valid():
        return render_page(request, DOCK, carton_receiving_context(request, thing, form), status=422)
    return run_action(
        request,
        lambda: _receive_all(request, thing, form),
        done=lambda made: f"{reverse('dock', args=[thing.reference])}?counting={made.pk}",
        template=DOCK,
        context=lambda: carton_receiving_context(request, thing, form),
    )


def _receive_all(request: AuthenticatedRequest, thing: Shipment, form: ReceiveAllForm) -> GoodsReceipt:
    """Store the photos of marked cartons that a browser without scripts sends with the form, then receive."""
    at = clock.now()
    for carton, _seen in form.carton_observations:
        upload = request.FILES.get(f"photo{carton.pk}")
        if upload is not None:
            throttling.count_use(throttling.CARTON_SCAN_LIMIT, client_key(request), real_now())
            attach_file_and_flag_companies(
                thing, upload, by=request.by, at=at, kind=carton.reference, power=Power.RECEIVE
            )
    return receive_cartons(
        thing,
        form.carton_observations,
        remark=form.cleaned_data["remark"],
        received_by=request.user,
        by=request.by,
        at=at,
    )


def _uncounted_cartons(thing: Shipment) -> list[Carton]:
    """Return the cartons that were not counted yet, in order, with their goods."""
    seen = CartonReceipt.objects.not_undone().filter(shipment=thing)
    rows = thing.cartons.exclude(pk__in=seen.values("carton")).select_related(PRODUCT_PATH)
    return list(rows.order_by("number"))


def carton_receiving_context(
    request: AuthenticatedRequest, thing: Shipment, form: ReceiveAllForm | None = None
) -> dict[str, Any]:
    """Return the template context: the totals, the latest cartons, the uncounted ones, the last action."""
    seen = list(
        CartonReceipt.objects.not_undone()
        .filter(shipment=thing)
        .select_related("carton", "by")
        .order_by("-pk")
    )
    boxes = list(thing.cartons.select_related(PRODUCT_PATH).order_by("number"))
    totals = carton_totals(boxes, seen)
    just = request.GET.get("of", "")
    receipt = thing.goods_receipts.filter(pk=_row_id(request.GET.get("counting", ""))).first()
    return {
        "shipment": thing,
        "open": thing.status == Shipment.Status.DELIVERED,
        "form": ScanLabelForm(),
        "tally": totals,
        "arrival": form or ReceiveAllForm(None, totals.uncounted_cartons),
        "expected": sum(box.pieces for box in totals.uncounted_cartons),
        "further": max(0, len(totals.uncounted_cartons) - MAX_MARKED_CARTONS),
        "latest": seen[:MAX_LATEST_CARTONS],
        "loose": sum(one.receipt_id is None for one in seen),
        "just": next((one for one in seen if one.carton.reference == just), None),
        "receipt": receipt,
        "words": UPLOAD_MESSAGES,
        "to_inspect": _lots_to_inspect(thing) if receipt else (),
    }


def _lots_to_inspect(thing: Shipment) -> QuerySet[Lot]:
    """Return the lots of a shipment that wait for their first inspection."""
    rows = thing.lots.filter(status=Lot.Status.QUARANTINED, verdict="", quantity__gt=0)
    return rows.order_by("pk")


def _row_id(text: str) -> int:
    """Return the row id in an address, or 0, which no row has, if it is not a number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


@login_required
@require_POST
def scan_carton(request: AuthenticatedRequest, reference: str) -> HttpResponse:
    """Find a carton by the label in a photo, or by its number, and redirect to its page.

    The page's script sends the photo alone and gets 201 with the carton, or the reason why not.
    """
    thing = find_receivable_shipment(request, reference)
    by_script = "application/json" in request.headers.get("Accept", "")
    try:
        carton = _find_scanned_carton(request, thing)
    except Refused as refused:
        if by_script:
            return JsonResponse({"title": str(refused.message)}, status=_status_of_refusal(refused))
        context = carton_receiving_context(request, thing) | {
            "form": ScanLabelForm(request.POST),
            "refused": refused,
        }
        return render_page(request, DOCK, context, status=_status_of_refusal(refused))
    if by_script:
        return JsonResponse({"id": carton.reference}, status=201)
    return HttpResponse(status=303, headers={"Location": carton_url(thing, carton)})


def _find_scanned_carton(request: AuthenticatedRequest, thing: Shipment) -> Carton:
    """Return the carton that was sent: read by the script, in a photo, or typed as a number. Rate-limited."""
    throttling.count_use(throttling.CARTON_SCAN_LIMIT, client_key(request), real_now())
    upload = request.FILES.get("file") or request.FILES.get("photo")
    if upload is not None:
        return carton_from_photo(request, thing, upload)
    read = request.POST.getlist("carton")
    number = (read[-1] if read else "") or request.POST.get("number", "")
    return carton_from_number(request, thing, number.replace("\0", "")[:20])


def _status_of_refusal(refused: Refused) -> int:
    return 429 if "retry_after" in refused.details else http_status(refused)


def carton_url(thing: Shipment, carton: Carton) -> str:
    """Return the address of the page that counts a carton."""
    return reverse("count_carton", args=[thing.reference, carton.reference])


@login_required
def count_carton(request: AuthenticatedRequest, reference: str, carton_reference: str) -> HttpResponse:
    """Show one carton with its packed content and photos, and record its condition and content."""
    thing, found = _find_carton(request, reference, carton_reference)
    form = CartonForm(request.POST or None, initial=_initial_carton_values(found))
    context = _carton_context(thing, found) | {"form": form}
    if not form.is_valid():
        return render_page(request, CARTON, context, status=422 if form.is_bound else 200)
    return run_action(
        request,
        lambda: record_carton(
            thing, found, **form.action_arguments, seen_by=request.user, by=request.by, at=clock.now()
        ),
        done=f"{reverse('dock', args=[thing.reference])}?of={found.reference}",
        template=CARTON,
        context=lambda: _carton_context(thing, found) | {"form": form},
    )


def _carton_context(thing: Shipment, found: Carton) -> dict[str, Any]:
    """Return the template context of a carton: its packed content, its record so far, its photos."""
    photos = File.objects.about(thing).filter(kind=found.reference).order_by("pk")
    return {
        "shipment": thing,
        "carton": found,
        "open": thing.status == Shipment.Status.DELIVERED,
        "seen": CartonReceipt.objects.not_undone().filter(carton=found).select_related("by").first(),
        "last": thing.cartons.aggregate(last=Max("number"))["last"],
        "photos": photos,
        "upload_url": reverse("damage_photo", args=[thing.reference, found.reference]),
    }


def _initial_carton_values(found: Carton) -> dict[str, Any]:
    """Return initial data: the packed pieces and lot, and the last expiry date recorded for that lot.

    Only records of this shipment count.
    """
    rows = CartonReceipt.objects.not_undone().filter(
        shipment=found.shipment_id, lot_number=found.lot_number, expires_on__isnull=False
    )
    known = rows.order_by("-pk").values_list("expires_on", flat=True).first() if found.lot_number else None
    return {
        "state": State.INTACT,
        "pieces": found.pieces,
        "lot_number": found.lot_number,
        "expires_on": known,
    }


@login_required
@require_POST
def recount_carton(request: AuthenticatedRequest, reference: str, carton_reference: str) -> HttpResponse:
    """Undo the record of a carton, so that it is counted again."""
    thing, found = _find_carton(request, reference, carton_reference)
    return run_action(
        request,
        lambda: undo_carton(thing, found, undone_by=request.user, by=request.by, at=clock.now()),
        done=carton_url(thing, found),
        template=CARTON,
        context=lambda: (
            _carton_context(thing, found) | {"form": CartonForm(None, initial=_initial_carton_values(found))}
        ),
    )


@login_required
@require_POST
def add_damage_photo(request: AuthenticatedRequest, reference: str, carton_reference: str) -> HttpResponse:
    """Store one photo of damage to a carton.

    The page's script gets 201 with the id of the file, or a JSON problem with the reason.
    """
    thing, found = _find_carton(request, reference, carton_reference)
    by_script = "application/json" in request.headers.get("Accept", "")
    try:
        throttling.count_use(throttling.CARTON_SCAN_LIMIT, client_key(request), real_now())
        upload = request.FILES.get("file")
        if upload is None:
            raise Refused("file_missing", _("Choose a photo first."), field="file")
        file = attach_file_and_flag_companies(
            thing, upload, by=request.by, at=clock.now(), kind=found.reference, power=Power.RECEIVE
        )
    except Refused as refused:
        if by_script:
            return JsonResponse({"title": str(refused.message)}, status=_status_of_refusal(refused))
        form = CartonForm(None, initial=_initial_carton_values(found) | request.POST.dict())
        context = _carton_context(thing, found) | {"form": form, "refused": refused}
        return render_page(request, CARTON, context, status=_status_of_refusal(refused))
    if by_script:
        return JsonResponse({"id": file.pk}, status=201)
    form = CartonForm(None, initial=_initial_carton_values(found) | request.POST.dict())
    return render_page(request, CARTON, _carton_context(thing, found) | {"form": form})


def _find_carton(
    request: AuthenticatedRequest, reference: str, carton_reference: str
) -> tuple[Shipment, Carton]:
    thing = find_receivable_shipment(request, reference)
    return thing, get_object_or_404(thing.cartons.select_related(PRODUCT_PATH), reference=carton_reference)
