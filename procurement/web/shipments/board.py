"""The board of shipments and a shipment's own page, with the moves on it."""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partners.models import Membership
from partners.visit import Visit
from partners.web import record
from procurement.catalogue.models import CustomsRule
from procurement.exchange.sheets import SHIPMENTS
from procurement.shipments import actions
from procurement.shipments.models import (
    CustomsHold,
    CustomsLane,
    CustomsPaper,
    Lot,
    Milestone,
    Receipt,
    Shipment,
    TrackingEvent,
)
from procurement.shipments.models.tracking import Step as Stage
from procurement.shipments.rules.gates import blocked_by
from procurement.web.sheets import sheet, wanted
from procurement.web.shipments.times import by_step, times_of, when
from workflow import clock
from workflow.doors import charts
from workflow.doors.forms import DayField, MomentField
from workflow.doors.http import show
from workflow.doors.lists import page
from workflow.doors.moving import Step, make, reason_form
from workflow.errors import Words
from workflow.models import Tracked

# Carriers tell moments of many places; one clock for all of them cannot be taken for another.
BY_UTC = _("By UTC, year-month-day and a 24-hour clock, for example 2020-04-16 23:40.")
BETWEEN = re.compile(r"[\s-]")
PAINTED = re.compile(
    r"[A-Za-z]{4}[\s-]*[0-9]{6}[\s-]*[0-9](?![0-9])", re.ASCII
)  # a container as on its door: CSQU 305438 3
LONGEST_SEAL = 30
ICONS = {
    Stage.READY: "package",
    Stage.PICKED_UP: "package-check",
    Stage.EXPORT_CLEARED: "file-check",
    Stage.DEPARTED: "plane-takeoff",
    Stage.ARRIVED: "plane-landing",
    Stage.IMPORT_CLEARED: "stamp",
    Stage.DELIVERED: "truck",
    Stage.INSPECTED: "clipboard-check",
}
CUSTOMS = {CustomsRule.Side.EXPORT: _("Export customs"), CustomsRule.Side.IMPORT: _("Import customs")}
VIEWS = {
    "": _("All"),
    "soon": _("Lands in 48 h"),
    "held": _("Held"),
    "papers": _("Papers missing"),
    "under_way": _("Under way"),
}


@login_required
def shipments(request: Visit) -> HttpResponseBase:
    """Every shipment the reader may see, with saved views for what is urgent."""
    view = request.GET.get("view", "")
    rows = _narrowed(Shipment.objects.visible_to(request.by).select_related("city"), view)
    if wanted(request):
        return sheet(request, "shipments", SHIPMENTS, rows)
    chips = [
        (label, f"?view={name}" if name else request.path, name == view) for name, label in VIEWS.items()
    ]
    return show(
        request,
        "shipments/list.html",
        {"page": page(request, rows), "chips": chips, "today": clock.now().date()},
    )


def _narrowed(rows: QuerySet[Shipment], view: str) -> QuerySet[Shipment]:
    match view:
        case "soon":
            return rows.filter(
                status__in=Shipment.UNDER_WAY, expected_on__lte=clock.now().date() + timedelta(days=2)
            )
        case "held":
            return rows.filter(held=True)
        case "papers":
            return rows.filter(papers_missing__gt=0, status__in=Shipment.UNDER_WAY)
        case "under_way":
            return rows.filter(status__in=Shipment.UNDER_WAY)
        case _:
            return rows


@login_required
def shipment(request: Visit, reference: str) -> HttpResponse:
    """One shipment: what blocks it and who has it, its steps, its two customs, what is in it, lots and inspections."""
    thing = find(request, reference)
    lanes = list(CustomsLane.objects.visible_to(request.by).filter(shipment=thing).order_by("pk"))
    papers = list(CustomsPaper.objects.visible_to(request.by).filter(shipment=thing).order_by("pk"))
    holds = list(CustomsHold.objects.visible_to(request.by).filter(lane__in=lanes).order_by("pk"))
    receipts = Receipt.objects.visible_to(request.by).filter(shipment=thing).select_related("by")
    receipts = list(receipts.order_by("pk"))
    goods = "line__order_line__allocation__lead__product"
    lots = Lot.objects.visible_to(request.by).filter(shipment=thing).select_related(goods)
    lots = list(lots.order_by("pk"))
    context = {
        "shipment": thing,
        "powers": request.by,
        "blocked": blocked_by(
            thing, lanes, papers, [held for held in holds if held.status == CustomsHold.Status.HELD]
        ),
        "lanes": [
            (lane, _papers_of(lane, papers), [one for one in holds if one.lane_id == lane.pk])
            for lane in lanes
        ],
        "lines": thing.lines.select_related(
            "order_line__order", "order_line__allocation__lead__product"
        ).order_by("pk"),
        "receipts": receipts,
        "lots": lots,
        "events": thing.events.select_related("by").order_by("-occurred_at", "-pk")[:30],
        **timeline(thing),
    }
    parts = _parts(lanes, holds, receipts, lots)
    return show(request, "shipments/detail.html", context | record.of(request, thing, parts))


def _parts(
    lanes: list[CustomsLane], holds: list[CustomsHold], receipts: list[Receipt], lots: list[Lot]
) -> list[tuple[Tracked, Words]]:
    """What the shipment's history tells with its own: things that stand on its page, by the names they have there."""
    names = {lane.pk: CUSTOMS[CustomsRule.Side(lane.side)] for lane in lanes}
    return [
        *((lane, names[lane.pk]) for lane in lanes),
        *((hold, names[hold.lane_id]) for hold in holds),
        *((receipt, _("Counting")) for receipt in receipts),
        *((lot, _("Lot %(number)s") % {"number": lot.number}) for lot in lots),
    ]


def _papers_of(lane: CustomsLane, papers: list[CustomsPaper]) -> list[dict[str, Any]]:
    """A lane's papers as the checklist shows them."""
    return [
        {
            "name": paper.name,
            "url": paper.get_absolute_url(),
            "owner": paper.get_owner_display()
            if paper.blocks
            else _("%(owner)s · warns only") % {"owner": paper.get_owner_display()},
            "thing": paper,
            "reason": paper.remark,
            "quiet": paper.status == CustomsPaper.Status.ACCEPTED,
        }
        for paper in papers
        if paper.lane_id == lane.pk
    ]


def timeline(thing: Shipment) -> dict[str, Any]:
    """The steps of the journey twice: as a list, and for the line of days."""
    milestones = list(thing.milestones.order_by("position"))
    following = next((one.pk for one in milestones if one.actual_at is None), None)
    rows = [_as_row(one, following, held=thing.held) for one in milestones]
    steps = [charts.Step(row["label"], row["when"], row["state"], row["kind"]) for row in rows]
    return {"steps": rows, "line": steps}


def _as_row(one: Milestone, following: int | None, *, held: bool) -> dict[str, Any]:
    clearing = one.step in (Stage.EXPORT_CLEARED, Stage.IMPORT_CLEARED)
    state = "done" if one.actual_at else "ahead"
    if one.pk == following:
        state = "held" if held and clearing else "now"
    known = (("actual", one.actual_at), ("estimated", one.estimated_at), ("planned", one.planned_at))
    kind, when = next(((kind, when) for kind, when in known if when is not None), ("planned", None))
    return {
        "icon": ICONS[Stage(one.step)],
        "label": one.get_step_display(),
        "place": one.place,
        "when": when,
        "state": state,
        "kind": kind,
        "note": _("says %(who)s") % {"who": one.estimated_by}
        if kind == "estimated" and one.estimated_by
        else "",
        "zone": one.timezone or "UTC",
    }


@login_required
def move(request: Visit, reference: str, verb: str) -> HttpResponse:
    """A button or a form of a shipment's page."""
    return make(request, find(request, reference), verb, STEPS)


def find(request: Visit, reference: str) -> Shipment:
    """The shipment, as far as the reader may see it."""
    rows = Shipment.objects.visible_to(request.by).select_related(
        "city", "author", "broker", "received_by", "contact__user"
    )
    return get_object_or_404(rows, reference=reference)


class Numbers(forms.Form):
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
        label=_("Gross weight, kg"), max_digits=10, decimal_places=1, required=False
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


class Estimate(forms.Form):
    """When a step is expected, and who says so."""

    step = forms.ChoiceField(label=_("Step"), choices=Stage.choices)
    expected_at = MomentField(label=_("Expected"), zone="UTC", help_text=BY_UTC)
    said_by = forms.CharField(label=_("Who says so"), max_length=100, required=False)


class Heard(forms.Form):
    """Something heard of a shipment. Steps with a button of their own are not offered: they are noted with it."""

    code = forms.ChoiceField(
        label=_("What happened"),
        choices=[(Stage.PICKED_UP, Stage.PICKED_UP.label), (TrackingEvent.OTHER, _("Something else"))],
        help_text=_("Departed, arrived, cleared and delivered are noted with their own buttons."),
    )
    occurred_at = MomentField(label=_("When"), zone="UTC", help_text=BY_UTC)
    place = forms.CharField(label=_("Where"), max_length=100, required=False)
    remark = forms.CharField(label=_("Remark"), max_length=1000, required=False)

    def clean(self) -> None:
        """Something else is said in words."""
        if self.cleaned_data.get("code") == TrackingEvent.OTHER and not self.cleaned_data.get("remark"):
            self.add_error("remark", _("Say what was heard."))


def _plain(action: Any) -> Step:
    return Step(lambda request, thing: action(thing, by=request.by, at=clock.now()))


def _with(action: Any, form: Any) -> Step:
    return Step(
        lambda request, thing, **facts: action(thing, by=request.by, at=clock.now(), **facts), form=form
    )


STEPS = {
    "edit": _with(actions.edit, Numbers),
    "assign_broker": _with(actions.assign_broker, Broker),
    "schedule": Step(
        lambda request, thing, **typed: actions.schedule(
            thing, by_step(typed), by=request.by, at=clock.now()
        ),
        form=times_of,
    ),
    "review_papers": _plain(actions.review_papers),
    "depart": _with(actions.depart, when("departed_at")),
    "arrive": _with(actions.arrive, when("arrived_at")),
    "deliver": Step(
        lambda request, thing, **facts: actions.deliver(
            thing, received_by=request.user, by=request.by, at=clock.now(), **facts
        ),
        form=when("delivered_at"),
    ),
    "estimate": _with(actions.estimate, lambda data, thing: Estimate(data)),
    "hear": _with(actions.hear, lambda data, thing: Heard(data)),
    "close": _plain(actions.close),
    "cancel": _with(actions.cancel, reason_form),
    "lose": _with(actions.lose, reason_form),
}

urlpatterns = [
    path("shipments/", shipments, name="shipments"),
    path("shipments/<slug:reference>/", shipment, name="shipment"),
    path("shipments/<slug:reference>/<slug:verb>/", move, name="shipment_move"),
]
