"""Papers of a shipment, handed in by link: just those that this person owes, each with a photo, its number and a word; or “I cannot”.

No account and no password. What comes in waits for somebody of the city. No price stands here.
"""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.web.grants import link_required
from partners.roles import Power
from procurement.shipments.actions.handing.calls import cannot_bring
from procurement.shipments.actions.handing.versions import hand_in_paper
from procurement.shipments.gathering.handing import Asked, asked_in
from procurement.shipments.models.handing import PaperCall
from procurement.shipments.models.shipment import ShipmentLine
from procurement.shipments.rules.handing import CANNOT
from procurement.web.contact_pages.acting import ByLink, called, photo, refusal_status, too_often
from procurement.web.contact_pages.handing_in import files, whereabouts
from procurement.web.contact_pages.handing_in.files import address_of, for_broker
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.http import attempt, show
from workflow.errors import Refused
from workflow.models.evidence import File

by_link = link_required("procurement.papercall")


class HandIn(forms.Form):
    """What goes with the photos of a paper."""

    number = forms.CharField(
        label=_("Number of the paper"), max_length=80, required=False, help_text=_("If it has one.")
    )
    remark = forms.CharField(
        label=_("A word to the city"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_WORDS,
    )


class Why(forms.Form):
    """Why somebody cannot get a paper."""

    reason = forms.CharField(
        label=_("Why not?"),
        help_text=_("Who may have it, perhaps, or when there will be one."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_WORDS,
    )


@by_link
def handing(request: ByLink, reference: str) -> HttpResponse:
    """Who asks, for which goods, and just the papers of this person, each with where it stands. A company sees its own goods."""
    call, by = called(request, reference)
    asked = asked_in(call)
    lines = ShipmentLine.objects.filter(shipment=call.shipment_id)
    if call.supplier_id is not None:
        lines = lines.filter(order_line__order__supplier=call.supplier_id)
    context = {
        "call": call,
        "shipment": call.shipment,
        "lines": lines.select_related("order_line__allocation__lead__product").order_by("pk"),
        "asked": asked,
        "open": sum(one.wanted and not one.cannot for one in asked),
        "documents": for_broker(call),
        **whereabouts.of(call, by),
    }
    return show(request, "contact/handing.html", context)


@by_link
def handing_paper(request: ByLink, reference: str, paper: str) -> HttpResponse:
    """One paper: what it is, what was said of the last one, the photos added so far, and the form that hands it in."""
    call, by = called(request, reference)
    asked = _asked(call, paper)
    form = HandIn(request.POST if request.method == "POST" else None)
    context = _context(call, asked, form)
    if not form.is_valid():
        return show(request, "contact/handing_paper.html", context, status=422 if form.is_bound else 200)
    files = [file.pk for file in asked.files if file.status != File.Status.REJECTED]
    return too_often(request) or attempt(
        request,
        lambda: hand_in_paper(
            call,
            asked.paper,
            files=files,
            **form.cleaned_data,
            by_copied_link=request.link.copied_by_id is not None,
            by=by,
            at=clock.now(),
        ),
        done=reverse("handing_receipt", args=[reference, paper]),
        template="contact/handing_paper.html",
        context=context,
    )


def _context(call: PaperCall, asked: Asked, form: HandIn) -> dict[str, Any]:
    return {
        "call": call,
        "asked": asked,
        "form": form,
        "photos": files.brought(call, asked.files),
        "sheet": address_of(call, asked.sheet),
        "versions": [(one, files.parts(call, one)) for one in reversed(asked.versions)],
    }


@by_link
def handing_photo(request: ByLink, reference: str, paper: str) -> HttpResponse:
    """One photo or PDF of a paper."""
    call, by = called(request, reference)
    asked = _asked(call, paper)

    def again(refused: Refused | None) -> HttpResponse:
        fresh = _context(call, _asked(call, paper), HandIn(None, initial=request.POST.dict()))
        page = fresh | {"refused": refused}
        return show(request, "contact/handing_paper.html", page, status=refusal_status(refused))

    return photo(request, asked.paper, by, Power.HAND_IN, again, kind=call.reference)


@by_link
def handing_cannot(request: ByLink, reference: str, paper: str) -> HttpResponse:
    """Say “I cannot get this paper”, and why: the city sees it."""
    call, by = called(request, reference)
    asked = _asked(call, paper)
    form = Why(request.POST if request.method == "POST" else None)
    back = reverse("handing", args=[reference])
    context = {
        "form": form,
        "heading": CANNOT.label,
        "about": asked.paper.name,
        "button": _("Tell the city"),
        "back": reverse("handing_paper", args=[reference, paper]),
    }
    if not form.is_valid():
        return show(request, "contact/ask.html", context, status=422 if form.is_bound else 200)
    return too_often(request) or attempt(
        request,
        lambda: cannot_bring(call, asked.paper, **form.cleaned_data, by=by, at=clock.now()),
        done=back,
        template="contact/ask.html",
        context=context,
    )


@by_link
def handing_receipt(request: ByLink, reference: str, paper: str) -> HttpResponse:
    """The number of what was handed in, and what is still open."""
    call, _by = called(request, reference)
    asked = _asked(call, paper)
    if asked.latest is None:
        raise Http404
    others = [
        one for one in asked_in(call) if one.wanted and not one.cannot and one.paper.pk != asked.paper.pk
    ]
    context = {"call": call, "asked": asked, "version": asked.latest, "others": others}
    return show(request, "contact/handing_receipt.html", context)


def _asked(call: PaperCall, reference: str) -> Asked:
    """A paper of this call. 404 for any other."""
    found = next((one for one in asked_in(call) if one.paper.reference == reference), None)
    if found is None:
        raise Http404
    return found


urlpatterns = [
    path("h/<slug:reference>/", handing, name="handing"),
    path("h/<slug:reference>/papers/<slug:paper>/", handing_paper, name="handing_paper"),
    path("h/<slug:reference>/papers/<slug:paper>/photo/", handing_photo, name="handing_photo"),
    path("h/<slug:reference>/papers/<slug:paper>/cannot/", handing_cannot, name="handing_cannot"),
    path("h/<slug:reference>/papers/<slug:paper>/receipt/", handing_receipt, name="handing_receipt"),
]
