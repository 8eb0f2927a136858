"""Moves on a shipment's page: carriage, broker, times, steps, split, merge, reroute, return and end."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from partners.http import AuthenticatedRequest
from procurement.logistics.actions.journey import (
    cancel_shipment,
    close_shipment,
    record_arrival,
    record_delivery,
    record_departure,
    write_off_shipment,
)
from procurement.logistics.actions.planning import (
    assign_broker,
    edit_shipment,
    pack_shipment,
    review_documents,
)
from procurement.logistics.actions.reroute import reroute_shipment
from procurement.logistics.actions.returns import plan_return, record_return
from procurement.logistics.actions.split_and_merge import merge_shipments, split_shipment
from procurement.receiving.actions.destruction import record_destruction
from procurement.receiving.forms import DestructionForm
from procurement.shipments.form_fields import planned_times_form, times_by_step, when_form
from procurement.shipments.forms import (
    BrokerForm,
    CarriageForm,
    MergeShipmentsForm,
    RerouteForm,
    ReturnForm,
    SplitForm,
)
from procurement.shipments.models import Shipment, Step
from procurement.shipments.views.shipment import find_shipment
from procurement.tracking.actions.events import record_event
from procurement.tracking.actions.public_tracking import share_tracking, stop_sharing_tracking
from procurement.tracking.actions.schedule import estimate_step, schedule_steps
from procurement.tracking.forms import EstimateForm, TrackingUpdateForm
from procurement.tracking.views.flags import flag_steps
from workflow import clock
from workflow.http.transition_views import TransitionView, reason_form, run_transition


@login_required
def shipment_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on a shipment, or make the move."""
    return run_transition(request, find_shipment(request, reference), verb, STEPS | flag_steps(request))


def _plain(action: Any) -> TransitionView:
    return TransitionView(lambda request, thing: action(thing, by=request.by, at=clock.now()))


def _with(action: Any, form: Any) -> TransitionView:
    return TransitionView(
        lambda request, thing, **facts: action(thing, by=request.by, at=clock.now(), **facts), form=form
    )


REGROUP_STEPS = {
    "split": TransitionView(
        lambda request, thing, parts: split_shipment(
            thing, parts, author=request.user, by=request.by, at=clock.now()
        ),
        form=SplitForm,
        hint=_("How many pieces travel in a shipment of their own."),
    ),
    "merge": TransitionView(
        lambda request, thing, other: merge_shipments(thing, other, by=request.by, at=clock.now()),
        form=MergeShipmentsForm,
        hint=_("Its goods come into this one, and it is cancelled. It goes the same way."),
    ),
}


def _authored(
    action: Any, form: Any = None, *, me: bool = False, hint: Any = "", after: Any = None
) -> TransitionView:
    def act(request: Any, thing: Shipment, **facts: Any) -> Any:
        author = {"author": request.user} if me else {}
        return action(thing, by=request.by, at=clock.now(), **author, **facts)

    return TransitionView(act, form=form, hint=hint, after=after)


REROUTE_STEPS = {
    "reroute": _authored(
        reroute_shipment,
        RerouteForm,
        hint=_(
            "To another country only before its import is filed: its customs asks for its own papers, and the steps are planned anew."
        ),
    ),
    "send_back": _authored(
        plan_return,
        ReturnForm,
        me=True,
        hint=_(
            "The goods travel in a shipment of their own, with its own papers. Nothing that was counted changes."
        ),
    ),
    "destroy": _authored(
        record_destruction,
        DestructionForm,
        me=True,
        hint=_("A second person confirms it. Until then it is a note."),
    ),
    "hand_back": _authored(record_return, when_form("delivered_at", Step.DELIVERED)),
    "share": _authored(share_tracking),
    "unshare": _authored(stop_sharing_tracking),
}


STEPS = (
    REGROUP_STEPS
    | REROUTE_STEPS
    | {
        "pack": _plain(pack_shipment),  # for a return; other shipments are packed on their own page
        "edit": _with(edit_shipment, CarriageForm),
        "assign_broker": _with(assign_broker, BrokerForm),
        "schedule": TransitionView(
            lambda request, thing, **typed: schedule_steps(
                thing, times_by_step(typed), by=request.by, at=clock.now()
            ),
            form=planned_times_form,
        ),
        "review_documents": _plain(review_documents),
        "depart": _with(record_departure, when_form("departed_at", Step.DEPARTED)),
        "arrive": _with(record_arrival, when_form("arrived_at", Step.ARRIVED)),
        "deliver": TransitionView(
            lambda request, thing, **facts: record_delivery(
                thing, received_by=request.user, by=request.by, at=clock.now(), **facts
            ),
            form=when_form("delivered_at", Step.DELIVERED),
        ),
        "estimate": _with(estimate_step, EstimateForm),
        "record_event": _with(record_event, TrackingUpdateForm),
        "close": _plain(close_shipment),
        "cancel": _with(cancel_shipment, reason_form),
        "lose": _with(write_off_shipment, reason_form),
    }
)
