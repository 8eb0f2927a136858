"""Moves of a shipment's page that mark a tracking event as wrong, and that remove the mark."""

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.authenticated_requests import AuthenticatedRequest
from procurement.shipments.models import Shipment
from procurement.tracking.forms import FlagEventForm
from procurement.tracking.rules import FLAG_EVENT, UNFLAG_EVENT
from procurement.tracking.views.tracking_panel import event_choices
from workflow.http.move_views import MoveOption, move_options


def flag_move_options(request: AuthenticatedRequest) -> dict[str, MoveOption]:
    """Return both moves with their forms, by verb. `?event=` preselects an event."""
    chosen = request.GET.get("event", "")

    def form(data: Any, thing: Shipment, *, wrong: bool) -> FlagEventForm:
        return FlagEventForm(data, event_choices(thing, wrong=wrong), chosen)

    marks = _(
        "The update stays on the page, with the reason and the name of the person who marked it. "
        "Everything based on the update is recalculated."
    )
    return move_options(
        MoveOption(FLAG_EVENT, form=partial(form, wrong=False), hint=marks),
        MoveOption(
            UNFLAG_EVENT,
            form=partial(form, wrong=True),
            hint=_("The tracking update is taken into account again."),
        ),
    )
