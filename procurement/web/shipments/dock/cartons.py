"""The dock of a delivered shipment, made for a phone: scan a carton, say how it is, undo it. Works without the script, too."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Max
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts import limits
from accounts.web.limited import whom
from partners.roles import Power
from partners.visit import Visit, only
from procurement.leads import showing
from procurement.shipments.actions.dock.cartons import forget_carton, see_carton
from procurement.shipments.models.dock import CartonSeen
from procurement.shipments.models.shipment import Carton, Shipment
from procurement.shipments.rules.dock import cartons
from procurement.shipments.rules.dock.cartons import MOST_INSIDE
from procurement.web.shipments.dock import reading
from procurement.web.shipments.dock.reading import in_photo
from procurement.web.shipments.shipment import find
from workflow import clock
from workflow.clock import real_now
from workflow.doors.forms import DayField, QuantityField
from workflow.doors.http import attempt, show
from workflow.doors.refusals import status_of
from workflow.errors import Refused
from workflow.models.evidence import File

DOCK, CARTON = "shipments/dock/dock.html", "shipments/dock/carton.html"
MOST = 100  # numbers of cartons on one page: of a longer list the beginning is shown
LATEST = 10  # cartons that were just counted
State = CartonSeen.State


class Scan(forms.Form):
    """A photo of a label, or the number on it."""

    photo = forms.FileField(
        label=_("Photo of the label"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}),
    )
    number = forms.CharField(
        label=_("Or the carton’s number"),
        required=False,
        max_length=20,
        help_text=_("7, or CT-2020-0007."),
        widget=forms.TextInput(attrs={"class": "w-number", "autocomplete": "off"}),
    )
    carton = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)


class Seen(forms.Form):
    """How a carton is, and what is inside."""

    state = forms.ChoiceField(
        label=_("The carton is"), choices=State.choices, widget=forms.RadioSelect, initial=State.WHOLE
    )
    pieces = QuantityField(
        label=_("Pieces inside"),
        max_value=MOST_INSIDE,
        required=False,
        help_text=_("As packed, unless you counted."),
    )
    unusable = QuantityField(
        label=_("Of them not usable"),
        max_value=MOST_INSIDE,
        required=False,
        help_text=_("Of a damaged carton. Left empty: all of them."),
    )
    lot_number = forms.CharField(label=_("Lot number"), max_length=60, required=False)
    expires_on = DayField(label=_("Expires"), required=False)
    remark = forms.CharField(label=_("Remark"), max_length=300, required=False)

    @property
    def facts(self) -> dict[str, Any]:
        """What the action takes: nothing is inside what is missing; of a damaged carton nothing is usable unless somebody counted."""
        told = dict(self.cleaned_data)
        told["pieces"] = told["pieces"] or 0
        if told["state"] == State.DAMAGED and told["unusable"] is None:
            told["unusable"] = told["pieces"]
        if told["state"] == State.MISSING:
            told |= {"pieces": 0, "unusable": 0, "lot_number": "", "expires_on": None}
        return told | {"unusable": told["unusable"] or 0}


def at_dock(request: Visit, reference: str) -> Shipment:
    """The shipment, for whoever receives it; 403 for everybody else who sees it."""
    thing = find(request, reference)
    only(request, Power.RECEIVE, thing)
    return thing


@login_required
def dock(request: Visit, reference: str) -> HttpResponse:
    """How many cartons came, of how many; the next one is scanned here."""
    thing = at_dock(request, reference)
    return show(request, DOCK, context_of(request, thing))


def context_of(request: Visit, thing: Shipment) -> dict[str, Any]:
    """What the dock shows: the tally, the latest cartons, those nobody has seen, and what was just done."""
    seen = list(
        CartonSeen.objects.standing().filter(shipment=thing).select_related("carton", "by").order_by("-pk")
    )
    boxes = list(thing.cartons.order_by("number"))
    told = cartons.tally(boxes, seen)
    just = request.GET.get("of", "")
    return {
        "shipment": thing,
        "open": thing.status == Shipment.Status.DELIVERED,
        "form": Scan(),
        "tally": told,
        "unseen": told.unseen[:MOST],
        "further": max(0, len(told.unseen) - MOST),
        "latest": seen[:LATEST],
        "loose": sum(one.receipt_id is None for one in seen),
        "just": next((one for one in seen if one.carton.reference == just), None),
        "receipt": thing.receipts.filter(pk=_number(request.GET.get("counting", ""))).first(),
    }


def _number(text: str) -> int:
    """The number of a row in an address; 0, which none has, where it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


@login_required
@require_POST
def scan(request: Visit, reference: str) -> HttpResponse:
    """Find the carton: in a photo, or by its number. The page's script sends the photo alone and gets 201 with the carton, or why
    not.
    """
    thing = at_dock(request, reference)
    by_script = "application/json" in request.headers.get("Accept", "")
    try:
        carton = _scanned(request, thing)
    except Refused as refused:
        if by_script:
            return JsonResponse({"title": str(refused.message)}, status=_status(refused))
        context = context_of(request, thing) | {"form": Scan(request.POST), "refused": refused}
        return show(request, DOCK, context, status=_status(refused))
    if by_script:
        return JsonResponse({"id": carton.reference}, status=201)
    return HttpResponse(status=303, headers={"Location": address(thing, carton)})


def _scanned(request: Visit, thing: Shipment) -> Carton:
    """What was sent: a carton the script has read already, a photo, or a number."""
    limits.count(limits.SCANS, whom(request), real_now())
    upload = request.FILES.get("file") or request.FILES.get("photo")
    if upload is not None:
        return in_photo(request, thing, upload)
    read = request.POST.getlist("carton")
    number = (read[-1] if read else "") or request.POST.get("number", "")
    return reading.typed(request, thing, number.replace("\0", "")[:20])


def _status(refused: Refused) -> int:
    return 429 if "retry_after" in refused.details else status_of(refused)


def address(thing: Shipment, carton: Carton) -> str:
    """The page on which a carton is counted."""
    return reverse("dock_carton", args=[thing.reference, carton.reference])


@login_required
def carton(request: Visit, reference: str, box: str) -> HttpResponse:
    """One carton: how it is, what is inside, photos of the damage; or what was said of it already."""
    thing, found = _found(request, reference, box)
    form = Seen(request.POST or None, initial=_proposed(found))
    context = _of_carton(thing, found) | {"form": form}
    if not form.is_valid():
        return show(request, CARTON, context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: see_carton(thing, found, **form.facts, seen_by=request.user, by=request.by, at=clock.now()),
        done=f"{reverse('dock', args=[thing.reference])}?of={found.reference}",
        template=CARTON,
        context=lambda: _of_carton(thing, found) | {"form": form},
    )


def _of_carton(thing: Shipment, found: Carton) -> dict[str, Any]:
    """What the page of a carton shows: what was packed, what was said of it, its photos."""
    photos = File.objects.about(thing).filter(kind=found.reference).order_by("pk")
    return {
        "shipment": thing,
        "carton": found,
        "open": thing.status == Shipment.Status.DELIVERED,
        "seen": CartonSeen.objects.standing().filter(carton=found).select_related("by").first(),
        "last": thing.cartons.aggregate(last=Max("number"))["last"],
        "photos": photos,
        "upload_url": reverse("dock_photo", args=[thing.reference, found.reference]),
    }


def _proposed(found: Carton) -> dict[str, Any]:
    """What is usual: the pieces and the lot of the packing, and the expiry that was last read on that lot here."""
    rows = CartonSeen.objects.standing().filter(
        shipment=found.shipment_id, lot_number=found.lot_number, expires_on__isnull=False
    )
    known = rows.order_by("-pk").values_list("expires_on", flat=True).first() if found.lot_number else None
    return {
        "state": State.WHOLE,
        "pieces": found.pieces,
        "lot_number": found.lot_number,
        "expires_on": known,
    }


@login_required
@require_POST
def forget(request: Visit, reference: str, box: str) -> HttpResponse:
    """Take back what was said of a carton; it is counted anew."""
    thing, found = _found(request, reference, box)
    return attempt(
        request,
        lambda: forget_carton(thing, found, undone_by=request.user, by=request.by, at=clock.now()),
        done=address(thing, found),
        template=CARTON,
        context=lambda: _of_carton(thing, found) | {"form": Seen(None, initial=_proposed(found))},
    )


@login_required
@require_POST
def photo(request: Visit, reference: str, box: str) -> HttpResponse:
    """A photo of the damage: one request each. The page's script gets 201 with its id, or a problem that says what is wrong."""
    thing, found = _found(request, reference, box)
    by_script = "application/json" in request.headers.get("Accept", "")
    try:
        limits.count(limits.SCANS, whom(request), real_now())
        upload = request.FILES.get("file")
        if upload is None:
            raise Refused("file_missing", _("Choose a photo first."), field="file")
        file = showing.attach(
            thing, upload, by=request.by, at=clock.now(), kind=found.reference, power=Power.RECEIVE
        )
    except Refused as refused:
        if by_script:
            return JsonResponse({"title": str(refused.message)}, status=_status(refused))
        form = Seen(None, initial=_proposed(found) | request.POST.dict())
        context = _of_carton(thing, found) | {"form": form, "refused": refused}
        return show(request, CARTON, context, status=_status(refused))
    if by_script:
        return JsonResponse({"id": file.pk}, status=201)
    form = Seen(None, initial=_proposed(found) | request.POST.dict())
    return show(request, CARTON, _of_carton(thing, found) | {"form": form})


def _found(request: Visit, reference: str, box: str) -> tuple[Shipment, Carton]:
    thing = at_dock(request, reference)
    return thing, get_object_or_404(
        thing.cartons.select_related("line__order_line__allocation__lead__product"), reference=box
    )


urlpatterns = [
    path("shipments/<slug:reference>/dock/", dock, name="dock"),
    path("shipments/<slug:reference>/dock/scan/", scan, name="dock_scan"),
    path("shipments/<slug:reference>/dock/<slug:box>/", carton, name="dock_carton"),
    path("shipments/<slug:reference>/dock/<slug:box>/undo/", forget, name="dock_undo"),
    path("shipments/<slug:reference>/dock/<slug:box>/photo/", photo, name="dock_photo"),
]
