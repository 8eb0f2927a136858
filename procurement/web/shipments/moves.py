"""The moves on a shipment's page: its numbers, who clears it, when its steps are expected, what was heard of it."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.models.people import Membership
from partners.visit import Visit
from procurement.shipments.actions import journey, planning
from procurement.shipments.actions.planning import assign_broker, review_papers
from procurement.shipments.actions.tracking import hearing, planned
from procurement.shipments.models import tracking
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.tracking import TrackingEvent
from procurement.web.shipments import regrouping
from procurement.web.shipments.shipment import find
from procurement.web.shipments.times import UTC, Place, by_step, places_of, times_of, when
from procurement.web.shipments.tracking import marks
from procurement.web.shipments.ways import moving
from workflow import clock
from workflow.doors.bounds import LONGEST_WORDS
from workflow.doors.editing import Edit
from workflow.doors.forms import DayField, MomentField
from workflow.doors.moving import Step, make, reason_form

BETWEEN = re.compile(r"[\s-]")
PAINTED = re.compile(
    r"[A-Za-z]{4}[\s-]*[0-9]{6}[\s-]*[0-9](?![0-9])", re.ASCII
)  # a container as on its door: CSQU 305438 3
LONGEST_SEAL = 30
ITS_CLOCK = _("In the local time shown next to your choice, for example 2020-04-16 23:40.")


class Numbers(Edit):
    """Who carries it, under which numbers. Check digits are judged when it is saved."""

    carrier = forms.CharField(label=_("Carrier"), max_length=100, required=False)
    voyage = forms.CharField(label=_("Flight or vessel"), max_length=60, required=False)
    air_waybill = forms.CharField(
        label=_("Air waybill"), max_length=20, required=False, help_text=_("Eleven digits.")
    )
    bill_of_lading = forms.CharField(label=_("Bill of lading"), max_length=40, required=False)
    containers = forms.CharField(
        label=_("Containers"),
        required=False,
        max_length=2000,
        help_text=_("Four letters and seven digits each, with spaces between them."),
    )
    tracking_number = forms.CharField(label=_("Courier's tracking number"), max_length=40, required=False)
    seals = forms.CharField(
        label=_("Seals"), required=False, max_length=2000, help_text=_("With commas between them.")
    )
    gross_kg = forms.DecimalField(
        label=_("Gross weight, kg"), min_value=0, max_digits=10, decimal_places=1, required=False
    )
    expected_on = DayField(label=_("Expected"), required=False)

    def __init__(self, data: Any, thing: Shipment | None = None) -> None:
        known = {name: getattr(thing, name) for name in self.base_fields} if thing else {}
        known["containers"] = " ".join(known.get("containers") or [])
        known["seals"] = ", ".join(known.get("seals") or [])
        super().__init__(data, initial=known)

    def clean_containers(self) -> list[str]:
        """The numbers one by one, each of them with or without spaces and a hyphen as on the door."""
        typed = str(self.cleaned_data["containers"])
        return PAINTED.sub(lambda found: f" {BETWEEN.sub('', found[0])} ", typed).replace(",", " ").split()

    def clean_seals(self) -> list[str]:
        """The seals one by one. Refuses one that is longer than any seal."""
        seals = [seal.strip() for seal in str(self.cleaned_data["seals"]).split(",") if seal.strip()]
        if any(len(seal) > LONGEST_SEAL for seal in seals):
            raise forms.ValidationError(_("A seal has 30 signs at most. Put commas between seals."))
        return seals


class Broker(forms.Form):
    """Who clears it."""

    broker = forms.ModelChoiceField(User.objects.none(), label=_("Customs broker"))

    def __init__(self, data: Any, thing: Shipment) -> None:
        super().__init__(data)
        brokers = Membership.objects.active().filter(role=Membership.Role.BROKER, city=thing.city_id)
        field = self.fields["broker"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = User.objects.filter(pk__in=brokers.values("user")).order_by("name", "pk")
        if not brokers.exists():
            field.help_text = _(
                "No customs broker works for your city yet. Invite one, or ask them for papers by link."
            )


class Estimate(forms.Form):
    """When a step is expected, and who says so."""

    step = forms.ChoiceField(label=_("Step"), choices=tracking.Step.choices)
    expected_at = MomentField(label=_("Expected"), zone=UTC, help_text=ITS_CLOCK)
    said_by = forms.CharField(label=_("Who says so"), max_length=100, required=False)

    def __init__(self, data: Any, thing: Shipment) -> None:
        super().__init__(data)
        _by_choice(self, "step", "expected_at", places_of(thing))


class Heard(forms.Form):
    """Something heard of a shipment. Steps with a button of their own are not offered: they are noted with it."""

    code = forms.ChoiceField(
        label=_("What happened"),
        choices=[
            (tracking.Step.PICKED_UP, tracking.Step.PICKED_UP.label),
            (TrackingEvent.OTHER, _("Something else")),
        ],
        help_text=_("Departed, arrived, cleared and delivered are noted with their own buttons."),
    )
    occurred_at = MomentField(label=_("When"), zone=UTC, help_text=ITS_CLOCK)
    place = forms.CharField(label=_("Where"), max_length=100, required=False)
    remark = forms.CharField(label=_("Remark"), max_length=LONGEST_WORDS, required=False)

    def __init__(self, data: Any, thing: Shipment) -> None:
        super().__init__(data)
        places = places_of(thing)
        here = tracking.Step.ARRIVED if thing.departed_at else tracking.Step.DEPARTED
        _by_choice(self, "code", "occurred_at", places | {TrackingEvent.OTHER: places.get(here, Place())})

    def clean(self) -> None:
        """Something else is said in words."""
        if self.cleaned_data.get("code") == TrackingEvent.OTHER and not self.cleaned_data.get("remark"):
            self.add_error("remark", _("Say what was heard."))


def _by_choice(form: forms.Form, choice: str, moment: str, places: Mapping[str, Place]) -> None:
    """Name the clock beside each choice, and read the moment on the clock of what was chosen."""
    chosen, field = form.fields[choice], form.fields[moment]
    assert isinstance(chosen, forms.ChoiceField)
    assert isinstance(field, MomentField)
    chosen.choices = [
        (value, f"{label} · {places.get(value, Place()).words}") for value, label in chosen.widget.choices
    ]
    field.zone = places.get(form.data.get(choice, ""), Place()).zone


@login_required
def move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A button or a form of a shipment's page."""
    return make(request, find(request, reference), verb, STEPS | marks.steps(request))


def _plain(action: Any) -> Step:
    return Step(lambda request, thing: action(thing, by=request.by, at=clock.now()))


def _with(action: Any, form: Any) -> Step:
    return Step(
        lambda request, thing, **facts: action(thing, by=request.by, at=clock.now(), **facts), form=form
    )


STEPS = (
    regrouping.STEPS
    | moving.STEPS
    | {
        "pack": _plain(planning.pack),  # of a return; other goods are packed on a page of their own
        "edit": _with(planning.edit, Numbers),
        "assign_broker": _with(assign_broker, Broker),
        "schedule": Step(
            lambda request, thing, **typed: planned.schedule(
                thing, by_step(typed), by=request.by, at=clock.now()
            ),
            form=times_of,
        ),
        "review_papers": _plain(review_papers),
        "depart": _with(journey.depart, when("departed_at", tracking.Step.DEPARTED)),
        "arrive": _with(journey.arrive, when("arrived_at", tracking.Step.ARRIVED)),
        "deliver": Step(
            lambda request, thing, **facts: journey.deliver(
                thing, received_by=request.user, by=request.by, at=clock.now(), **facts
            ),
            form=when("delivered_at", tracking.Step.DELIVERED),
        ),
        "estimate": _with(planned.estimate, Estimate),
        "hear": _with(hearing.hear, Heard),
        "close": _plain(journey.close),
        "cancel": _with(journey.cancel, reason_form),
        "lose": _with(journey.lose, reason_form),
    }
)


urlpatterns = [path("shipments/<slug:reference>/<slug:verb>/", move, name="shipment_move")]
