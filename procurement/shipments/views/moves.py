"""Moves on a shipment's page: carriage, broker, times, steps, split, merge, reroute, return and end."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from procurement.logistics.rules.shipments import (
    ARRIVE,
    ASSIGN_BROKER,
    CANCEL,
    CLOSE,
    DELIVER,
    DEPART,
    EDIT,
    MERGE,
    PACK,
    PLAN_RETURN,
    RECORD_RETURN,
    REROUTE,
    REVIEW_DOCUMENTS,
    SPLIT,
    WRITE_OFF,
)
from procurement.receiving.forms import DestructionForm
from procurement.receiving.rules.rejected_goods import RECORD_SHIPMENT_DESTRUCTION
from procurement.shipments.form_fields import event_time_form_factory, planned_times_form, times_by_step
from procurement.shipments.forms import (
    AssignBrokerForm,
    MergeShipmentsForm,
    RerouteShipmentForm,
    ReturnGoodsForm,
    SplitShipmentForm,
    TransportForm,
)
from procurement.shipments.models import Step
from procurement.shipments.views.shipment import find_shipment
from procurement.tracking.forms import EstimateStepForm, ShareTrackingForm, TrackingUpdateForm
from procurement.tracking.rules import ESTIMATE, RECORD_EVENT, SCHEDULE, SHARE, UNSHARE
from procurement.tracking.views.event_flags import flag_move_options
from workflow.http.move_views import MoveOption, move_options, run_move


@login_required
def shipment_move(request: AuthenticatedRequest, reference: str, verb: str) -> HttpResponse:
    """Show the form of a move on a shipment, or make the move."""
    return run_move(
        request, find_shipment(request, reference), verb, SHIPMENT_MOVE_OPTIONS | flag_move_options(request)
    )


SPLIT_MERGE_MOVE_OPTIONS = move_options(
    MoveOption(SPLIT, form=SplitShipmentForm, hint=_("Enter how many units to ship separately.")),
    MoveOption(
        MERGE,
        form=MergeShipmentsForm,
        hint=_(
            "The goods of the other shipment are moved into this one, and the other shipment is "
            "cancelled. Both must follow the same route."
        ),
    ),
)


REROUTE_RETURN_MOVE_OPTIONS = move_options(
    MoveOption(
        REROUTE,
        form=RerouteShipmentForm,
        hint=_(
            "You can choose another country only until the import is filed. The new country’s "
            "customs requires its own documents, and the milestones are planned again."
        ),
    ),
    MoveOption(
        PLAN_RETURN,
        form=ReturnGoodsForm,
        hint=_(
            "The goods travel in a separate shipment with its own documents. Quantities already "
            "counted do not change."
        ),
    ),
    MoveOption(
        RECORD_SHIPMENT_DESTRUCTION,
        form=DestructionForm,
        hint=_("Someone else must confirm the destruction. Until then it is only recorded."),
    ),
    MoveOption(RECORD_RETURN, form=event_time_form_factory("delivered_at", Step.DELIVERED)),
    MoveOption(SHARE, form=ShareTrackingForm, template="tracking/share.html"),
    UNSHARE,
)


SHIPMENT_MOVE_OPTIONS = (
    SPLIT_MERGE_MOVE_OPTIONS
    | REROUTE_RETURN_MOVE_OPTIONS
    | move_options(
        PACK,  # for a return; other shipments are packed on their own page
        MoveOption(EDIT, form=TransportForm),
        MoveOption(ASSIGN_BROKER, form=AssignBrokerForm),
        MoveOption(
            SCHEDULE,
            custom_action=lambda request, thing, make, **typed: make(thing, planned=times_by_step(typed)),
            form=planned_times_form,
        ),
        REVIEW_DOCUMENTS,
        MoveOption(DEPART, form=event_time_form_factory("departed_at", Step.DEPARTED)),
        MoveOption(ARRIVE, form=event_time_form_factory("arrived_at", Step.ARRIVED)),
        MoveOption(DELIVER, form=event_time_form_factory("delivered_at", Step.DELIVERED)),
        MoveOption(ESTIMATE, form=EstimateStepForm),
        MoveOption(RECORD_EVENT, form=TrackingUpdateForm),
        CLOSE,
        CANCEL,
        WRITE_OFF,
    )
)
