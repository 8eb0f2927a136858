"""Every paper of an order in one file: asked for on the page of its papers, watched there, taken home from there, deleted there."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from partners.visit import Visit
from procurement.exchange.bundle.work import MOST_GIGABYTES, task
from procurement.orders.actions import bundles
from procurement.orders.actions.bundles import ask_again, drop_bundle
from procurement.orders.models.bundle import Bundle
from procurement.orders.models.order import Order
from procurement.web.orders.orders import find
from workflow import clock
from workflow.doors.files.addresses import sign_for
from workflow.doors.files.handing import hand_out_made, lead_on, not_by
from workflow.doors.http import attempt
from workflow.doors.moving import Step, make
from workflow.due import how_far


def bundle_of(request: Visit, thing: Order) -> dict[str, Any]:
    """What the page of an order's papers shows of the reader's own bundle."""
    found = Bundle.objects.visible_to(request.by).filter(order=thing).first()
    return {
        "bundle": found,
        "progress": how_far(task(found)) if found is not None and found.waits else None,
        "why": why(found) if found is not None and found.failure else "",
    }


def why(bundle: Bundle) -> str:
    """Why it could not be put together, and what to do."""
    return str(Bundle.Failure(bundle.failure).label) % {"gigabytes": MOST_GIGABYTES}


@login_required
@require_POST
def ask_for_bundle(request: Visit, reference: str) -> HttpResponse:
    """Ask for every paper; whoever has asked before finds what there is."""
    thing = find(request, reference)
    return attempt(
        request,
        lambda: bundles.ask_for_bundle(
            thing, author=request.user, language=request.user.language, by=request.by, at=clock.now()
        ),
        done=on_page,
        template="moves/ask.html",
        context={"thing": thing},
    )


@login_required
def bundle(request: Visit, pk: int) -> HttpResponse:
    """A bundle stands on the page of its order's papers."""
    return redirect(on_page(_bundle(request, pk)))


@login_required
def bundle_move(request: Visit, pk: int, verb: str) -> HttpResponse:
    """Have it put together anew, or deleted."""
    return make(request, _bundle(request, pk), verb, STEPS)


@login_required
def bundle_file(request: Visit, pk: int) -> HttpResponse:
    """The finished file: on to an address signed for the reader. 404 while it is not there, or not there any more."""
    found = _bundle(request, pk)
    if found.status != Bundle.Status.READY:
        raise Http404
    signed = sign_for(request.user, str(found))
    return lead_on(reverse("bundle_file_signed", args=[pk, signed]))


@login_required
def bundle_file_signed(request: Visit, pk: int, signed: str) -> HttpResponseBase:
    """The finished file, as a download, to whom the address was signed for."""
    found = _bundle(request, pk)
    no = not_by(request, signed, str(found), reverse("bundle_file", args=[pk]))
    return no or hand_out_made(found.stored, str(found), "application/zip")


def on_page(found: Bundle) -> str:
    """The place of a bundle on the page of its order's papers."""
    return f"{reverse('order_papers', args=[found.order.reference])}#bundle"


def _bundle(request: Visit, pk: int) -> Bundle:
    return get_object_or_404(Bundle.objects.visible_to(request.by).select_related("order"), pk=pk)


STEPS = {
    "ask_again": Step(
        lambda request, thing: ask_again(
            thing, language=request.user.language, by=request.by, at=clock.now()
        ),
        after=on_page,
    ),
    "drop": Step(lambda request, thing: drop_bundle(thing, by=request.by, at=clock.now()), after=on_page),
}


urlpatterns = [
    path("orders/<slug:reference>/papers/all/", ask_for_bundle, name="ask_for_bundle"),
    path("bundles/<int:pk>/", bundle, name="bundle"),
    path("bundles/<int:pk>/file/", bundle_file, name="bundle_file"),
    path("bundles/<int:pk>/file/at/<str:signed>/", bundle_file_signed, name="bundle_file_signed"),
    path("bundles/<int:pk>/<slug:verb>/", bundle_move, name="bundle_move"),
]
