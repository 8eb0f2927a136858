"""The page the QR of a paper or a label leads to: whether it is genuine. It needs no account and counts who asks.

It names cities, the kind of paper, numbers, the day and the hashes; on a label's page also what its box holds: nobody, and no price.
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.limits import LINKS
from accounts.web.grants import private
from accounts.web.limited import limited
from partners.roles import Power
from partners.visit import Visit
from procurement.shipments.models.made import MadePaper
from procurement.shipments.models.shipment import Carton, Shipment
from procurement.shipments.paper import is_unchanged
from procurement.web.proof import Hash
from procurement.web.shipments.ways import public
from workflow.doors.http import show
from workflow.doors.words import language


@require_safe
def made_paper_check(request: Visit, code: str) -> HttpResponse:
    """The page itself; or, for who receives the shipment and scanned a carton's label, the page on which the carton is counted."""
    carton = _at_dock(request, code)
    return (
        redirect("dock_carton", carton.shipment.reference, carton.reference)
        if carton
        else _page(request, code)
    )


def _at_dock(request: Visit, code: str) -> Carton | None:
    """The carton that somebody signed in may count now: the phone's own camera opened the address on its label."""
    box = request.GET.get("box", "")[:20].replace("\0", "")
    if not box or not request.user.is_authenticated:
        return None
    made = MadePaper.objects.filter(code=code).values("shipment")
    rows = Carton.objects.filter(shipment__in=made, reference=box).select_related("shipment")
    carton = rows.filter(shipment__status=Shipment.Status.DELIVERED).first()
    return carton if carton is not None and request.by.may(Power.RECEIVE, carton.shipment) else None


@limited(LINKS)
def _page(request: Visit, code: str) -> HttpResponse:
    """Whether a paper is genuine: of what, of which moment, with which hashes; and whether a file is the one that was printed."""
    found = MadePaper.objects.select_related("city", "shipment__city").filter(code=code).first()
    genuine = found is not None and is_unchanged(found)
    context: dict[str, Any] = {"made": found, "genuine": genuine}
    if found is not None and genuine:
        context |= _told(request, found)
    page = show(request, "contact/made.html", context, status=200 if genuine else 404)
    return private(page, referrer="no-referrer")


def _told(request: Visit, found: MadePaper) -> dict[str, Any]:
    """The lines to compare, and what is to be said of the hash that was pasted, if one was."""
    form = Hash(request.GET if "sha256" in request.GET else None)
    said = form.cleaned_data["sha256"] if form.is_bound and form.is_valid() else ""
    alike = MadePaper.objects.filter(thing=found.thing, kind=found.kind, version__gt=found.version)
    return {
        "form": form,
        "said": said,
        "same": said == found.file_sha256,
        "later": alike.order_by("version").first(),
        "box": _box(found, request.GET.get("box", "")),
        **public.told(found.shipment, request.GET.get("box", "")),
    }


def _box(found: MadePaper, reference: str) -> dict[str, Any] | None:
    """What stands on the label of a box, as it was printed, in the reader's language where it was printed in it."""
    labels = found.print.words.get("labels", [])
    label = next((one for one in labels if one["reference"] == reference), None)
    if label is None:
        return None
    at = found.languages.index(language()) if language() in found.languages else 0
    told: dict[str, Any] = label["tongues"][at]
    return {**told, "reference": reference}


urlpatterns = [path("made/<slug:code>/", made_paper_check, name="made_paper_check")]
