"""What a broker or a forwarder says by their link beside the papers: where the goods are, and what was declared and released."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.web.grants import link_required
from procurement.shipments.actions.customs import file_lane, release_lane
from procurement.shipments.actions.tracking import hearing
from procurement.shipments.models.customs import CustomsLane
from procurement.shipments.models.handing import PaperCall
from procurement.shipments.models.tracking import Step, TrackingEvent
from procurement.shipments.rules.customs import DECLARE, FILE, LANE_MOVES, RELEASE
from procurement.shipments.rules.handing import Bringer
from procurement.web.contact_pages.acting import ByLink, called, too_often
from procurement.web.shipments.customs import LANE_FORMS, declared
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.forms import MomentField
from workflow.doors.http import attempt, show

by_link = link_required("procurement.papercall")
OWN = TrackingEvent.CodeSystem.OWN
THEIRS = (FILE, DECLARE, RELEASE)  # of a lane's moves, those that a broker makes by link
HERE = _("On your own clock, such as 2020-04-16 23:40.")


class Whereabouts(forms.Form):
    """What happened, where and when."""

    code = forms.ChoiceField(
        label=_("What happened"),
        choices=[(Step.PICKED_UP, Step.PICKED_UP.label), (TrackingEvent.OTHER, _("Something else"))],
    )
    remark = forms.CharField(label=_("What exactly"), max_length=LONGEST_WORDS, required=False)
    place = forms.CharField(label=_("Where"), max_length=100)

    def __init__(self, data: Any, zone: str) -> None:
        super().__init__(data)
        self.fields["occurred_at"] = MomentField(label=_("When"), zone=zone, help_text=HERE)

    def clean(self) -> None:
        """Something else is said in words."""
        if self.cleaned_data.get("code") == TrackingEvent.OTHER and not self.cleaned_data.get("remark"):
            self.add_error("remark", _("Say what happened."))


def of(call: PaperCall, by: Bringer) -> dict[str, Any]:
    """For the page of the link: what this person said of the goods, and their lanes, with what is open to them or why it is not."""
    if not call.follows:
        return {}
    said = TrackingEvent.objects.filter(shipment=call.shipment_id, by=call.person_id, code_system=OWN)
    rows = CustomsLane.objects.filter(pk__in=by.lanes, shipment=call.shipment_id).order_by("pk")
    lanes = (
        rows.select_related("shipment").prefetch_related("declarations")
        if call.role == "broker"
        else rows.none()
    )
    at = clock.now()
    return {
        "said": said.order_by("-occurred_at", "-pk")[:5],
        "lanes": [
            (lane, [(move, no) for move, no in LANE_MOVES.available(by, lane, at) if move in THEIRS])
            for lane in lanes
        ],
    }


@by_link
def handing_where(request: ByLink, reference: str) -> HttpResponse:
    """Say where the goods are: what, where, when."""
    call, by = called(request, reference)
    if not call.follows:
        raise Http404
    form = Whereabouts(request.POST if request.method == "POST" else None, call.person.time_zone)
    back = reverse("handing", args=[reference])
    context = {"form": form, "heading": _("Where are the goods?"), "button": _("Tell the city"), "back": back}
    if not form.is_valid():
        return show(request, "contact/ask.html", context, status=422 if form.is_bound else 200)
    return too_often(request) or attempt(
        request,
        lambda: hearing.hear(
            call.shipment, **form.cleaned_data, source=call.reference, by=by, at=clock.now()
        ),
        done=back,
        template="contact/ask.html",
        context=context,
    )


@by_link
def handing_lane(request: ByLink, reference: str, lane: str, verb: str) -> HttpResponse:
    """Say that it was filed, what was declared, or that customs let it go. 404 for a lane that is not this broker's."""
    call, by = called(request, reference)
    rows = CustomsLane.objects.filter(shipment=call.shipment_id, pk__in=by.lanes, reference=lane)
    thing, make = rows.select_related("shipment").first(), LANE_FORMS.get(verb)
    if call.role != "broker" or thing is None or make is None:
        raise Http404
    form = make(request.POST if request.method == "POST" else None, thing)
    back = reverse("handing", args=[reference])
    label = LANE_MOVES[verb].label
    context = {
        "form": form,
        "heading": label,
        "about": thing.get_side_display(),
        "button": label,
        "back": back,
    }
    if not form.is_valid():
        return show(request, "contact/ask.html", context, status=422 if form.is_bound else 200)
    return too_often(request) or attempt(
        request,
        lambda: _tell(thing, verb, by, form.cleaned_data),
        done=back,
        template="contact/ask.html",
        context=context,
    )


def _tell(lane: CustomsLane, verb: str, by: Bringer, facts: dict[str, Any]) -> object:
    at = clock.now()
    if verb == DECLARE.verb:
        return declared(lane, by=by, at=at, **facts)
    act = file_lane if verb == FILE.verb else release_lane
    return act(lane, by=by, at=at, **facts)


urlpatterns = [
    path("h/<slug:reference>/where/", handing_where, name="handing_where"),
    path("h/<slug:reference>/lanes/<slug:lane>/<slug:verb>/", handing_lane, name="handing_lane"),
]
