"""Two customs on pages: lanes, holds and papers, and the moves on them."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext_lazy as _

from partners.roles import Power
from partners.visit import Visit, only
from partners.web import record
from partners.web.fields import CountryField, CurrencyField
from procurement.catalogue.models.customs import CustomsRule
from procurement.shipments.actions import customs
from procurement.shipments.actions.customs import (
    DeclaredLine,
    accept_paper,
    answer_hold,
    begin_paper,
    end_hold,
    file_lane,
    file_paper,
    new_version,
    place_hold,
    query_paper,
    ready_paper,
    refuse_paper,
    release_lane,
)
from procurement.shipments.gathering.papers.lacking import is_made
from procurement.shipments.models.customs import CustomsHold, CustomsLane, CustomsPaper
from procurement.web.shipments.handing.calls import key_of
from procurement.web.shipments.handing.versions import of_paper
from procurement.web.shipments.times import When, happened_field, place_of, when
from workflow import clock
from workflow.actors import Actor
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.forms import MoneyField
from workflow.doors.http import attempt, show
from workflow.doors.moving import Step, make, reason_form
from workflow.models.tracked import Tracked


class Office(forms.Form):
    """Where it was filed."""

    office = forms.CharField(label=_("Customs office"), max_length=100, required=False)

    def __init__(self, data: Any, thing: CustomsLane) -> None:
        super().__init__(data)
        self.fields["filed_at"] = happened_field(place_of(thing))


class Declared(forms.Form):
    """What was declared to customs; one line here, more through the API."""

    number = forms.CharField(label=_("Number"), max_length=40)
    office = forms.CharField(label=_("Customs office"), max_length=100, required=False)
    broker_reference = forms.CharField(label=_("Broker's reference"), max_length=60, required=False)
    hs_code = forms.CharField(label=_("Customs code, ten digits"), max_length=10)
    origin = CountryField(label=_("Country of origin"))
    value = MoneyField(label=_("Value"), max_digits=18, decimal_places=2)
    currency = CurrencyField(label=_("Currency"))
    relief = forms.CharField(label=_("Relief claimed"), max_length=60, required=False)


class Held(forms.Form):
    """Why customs holds it, and what it asks."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_WORDS)
    question = forms.CharField(
        label=_("Question asked"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_WORDS,
    )

    def __init__(self, data: Any, thing: CustomsLane) -> None:
        super().__init__(data)
        self.fields["started_at"] = happened_field(place_of(thing))


class Ended(forms.Form):
    """How a hold ended."""

    answer = forms.CharField(
        label=_("Answer given"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_WORDS,
    )

    def __init__(self, data: Any, thing: CustomsHold) -> None:
        super().__init__(data)
        self.fields["ended_at"] = happened_field(place_of(thing))


class Answer(forms.Form):
    """What customs was answered."""

    answer = forms.CharField(
        label=_("Answer"), widget=forms.Textarea(attrs={"rows": 3}), max_length=LONGEST_WORDS
    )


class Number(forms.Form):
    """The paper's own number."""

    number = forms.CharField(label=_("Number of the paper"), max_length=80, required=False)

    def __init__(self, data: Any, thing: CustomsPaper) -> None:
        super().__init__(data, initial={"number": thing.number})


KNOWING = (Office, Ended, Number)  # the forms that know the thing they are about


@login_required
def paper(request: Visit, reference: str) -> HttpResponse:
    """One paper: who owes it, before which step, why it is asked for, its file and history."""
    thing = _paper(request, reference)
    context = {
        "paper": thing,
        "powers": request.by,
        "from_record": _can_be_made(request, thing),
        "may_call": request.by.may(Power.SHIP, thing) and _is_owed(thing),
        "ask_key": key_of(thing.owner, thing.supplier_id),
        "asks_number": _asks_number(thing),
        "sees_company": request.by.may(Power.SEE, thing),
        **of_paper(request, thing),
    }
    return show(request, "shipments/paper.html", context | record.of(request, thing))


def _is_owed(thing: CustomsPaper) -> bool:
    """Whether somebody outside the city owes it, and it is still needed."""
    return thing.owner != CustomsRule.Owner.CITY and thing.status not in CustomsPaper.VOID


@login_required
def lane(request: Visit, reference: str) -> HttpResponse:
    """A lane stands on its shipment's page."""
    return redirect(on_shipment(_lane(request, reference)))


@login_required
def hold(request: Visit, pk: int) -> HttpResponse:
    """A hold stands on its shipment's page."""
    return redirect(on_shipment(_hold(request, pk).lane))


@login_required
def paper_move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A move on a paper."""
    thing = _paper(request, reference)
    return make(request, thing, verb, PAPER_STEPS if _asks_number(thing) else PAPER_STEPS | KNOWN_STEPS)


@login_required
def lane_move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A move on a lane."""
    return make(request, _lane(request, reference), verb, LANE_STEPS)


@login_required
def hold_lane(request: Visit, reference: str) -> HttpResponse:
    """Note that customs holds the lane, and what it asks."""
    thing = _lane(request, reference)
    form = Held(request.POST or None, thing)
    only(request, Power.CLEAR, thing)
    context = {"thing": thing.shipment, "form": form, "title": _("Held by customs")}
    if not form.is_valid():
        return show(request, "moves/record.html", context, status=422 if form.is_bound else 200)
    return attempt(
        request,
        lambda: place_hold(thing, by=request.by, at=clock.now(), **form.cleaned_data),
        done=on_shipment(thing),
        template="moves/record.html",
        context=context,
    )


@login_required
def hold_move(request: Visit, pk: int, verb: str) -> HttpResponse:
    """A move on a hold."""
    return make(request, _hold(request, pk), verb, HOLD_STEPS)


def _asks_number(thing: CustomsPaper) -> bool:
    """Whether its next move asks for its number: once, and again where customs asked about the paper."""
    return not thing.number or thing.status == CustomsPaper.Status.QUERIED


def _can_be_made(request: Visit, thing: CustomsPaper) -> bool:
    """Whether the program makes such a paper from the record: its rule names a template, or its code is one that it knows."""
    if not request.by.may(Power.SEE, thing):
        return False
    rule = CustomsRule.objects.filter(code=thing.rule).only("template").first()
    return is_made(rule.template if rule else "", thing.code)


def _paper(request: Visit, reference: str) -> CustomsPaper:
    rows = CustomsPaper.objects.visible_to(request.by).select_related("shipment", "lane", "supplier")
    return get_object_or_404(rows, reference=reference)


def _lane(request: Visit, reference: str) -> CustomsLane:
    return get_object_or_404(
        CustomsLane.objects.visible_to(request.by).select_related("shipment"), reference=reference
    )


def _hold(request: Visit, pk: int) -> CustomsHold:
    return get_object_or_404(
        CustomsHold.objects.visible_to(request.by).select_related("lane__shipment"), pk=pk
    )


def on_shipment(lane: CustomsLane) -> str:
    """The lane's place on its shipment's page."""
    return f"{lane.shipment.get_absolute_url()}#customs"


def declared(thing: CustomsLane, *, by: Actor, at: datetime, **facts: Any) -> object:
    """What was typed into the form of a declaration, declared: one line with its number."""
    names = ("hs_code", "origin", "value", "currency", "relief")
    line = DeclaredLine(**{name: facts.pop(name) for name in names})
    assert isinstance(line.value, Decimal)  # MoneyField gives one
    return customs.declare(thing, lines=[line], by=by, at=at, **facts)


def _step(action: Any, form: Any = None, after: Any = None) -> Step:
    plain = isinstance(form, type) and form not in KNOWING
    made = (lambda data, _thing: form(data)) if plain else form
    return Step(
        lambda request, thing, **facts: action(thing, by=request.by, at=clock.now(), **facts),
        form=made,
        after=after,
    )


def _of_hold(thing: Tracked) -> str:
    assert isinstance(thing, CustomsHold)  # HOLD_STEPS are made on holds
    return on_shipment(thing.lane)


LANE_STEPS = {
    "file": _step(file_lane, Office, on_shipment),
    "declare": _step(declared, Declared, on_shipment),
    "release": _step(release_lane, when("released_at"), on_shipment),
}
# The same forms, for a broker who says it by a link.
LANE_FORMS: dict[str, Callable[[Any, CustomsLane], forms.Form]] = {
    "file": Office,
    "declare": lambda data, _thing: Declared(data),
    "release": lambda data, thing: When(data, "released_at", place_of(thing)),
}
HOLD_STEPS = {
    "answer": _step(answer_hold, Answer, _of_hold),
    "end": _step(end_hold, Ended, _of_hold),
}
KNOWN_STEPS = {"ready": _step(ready_paper), "file": _step(file_paper)}
PAPER_STEPS = {
    "draft": _step(begin_paper),
    "ready": _step(ready_paper, Number),
    "file": _step(file_paper, Number),
    "accept": _step(accept_paper),
    "query": _step(query_paper, reason_form),
    "refuse": _step(refuse_paper, reason_form),
    "new_version": _step(new_version),
}

urlpatterns = [
    path("papers/<slug:reference>/", paper, name="paper"),
    path("papers/<slug:reference>/<slug:verb>/", paper_move, name="paper_move"),
    path("lanes/<slug:reference>/", lane, name="lane"),
    path("lanes/<slug:reference>/hold/", hold_lane, name="hold_lane"),
    path("lanes/<slug:reference>/<slug:verb>/", lane_move, name="lane_move"),
    path("holds/<int:pk>/", hold, name="hold"),
    path("holds/<int:pk>/<slug:verb>/", hold_move, name="hold_move"),
]
