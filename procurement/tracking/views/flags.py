"""Steps that mark a tracking event as wrong, and that remove the mark."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from partners.http import AuthenticatedRequest
from procurement.shipments.models import Shipment
from procurement.tracking.actions.events import flag_event, unflag_event
from procurement.tracking.forms import FlagForm
from procurement.tracking.views.panel import event_choices
from workflow import clock
from workflow.http.transition_views import TransitionView


def flag_steps(request: AuthenticatedRequest) -> dict[str, TransitionView]:
    """Return both moves as steps of a shipment's page. `?event=` preselects an event."""
    chosen = request.GET.get("event", "")

    def step(action: Any, *, wrong: bool, hint: Any) -> TransitionView:
        def form(data: Any, thing: Shipment) -> FlagForm:
            return FlagForm(data, event_choices(thing, wrong=wrong), chosen)

        def act(request: AuthenticatedRequest, thing: Shipment, **facts: Any) -> Shipment:
            made: Shipment = action(thing, by=request.by, at=clock.now(), **facts)
            return made

        return TransitionView(act, form=form, hint=hint)

    marks = _("It stays on the page, with who said so and why. What rested on it is worked out anew.")
    takes = _("It counts again.")
    return {
        "flag_event": step(flag_event, wrong=False, hint=marks),
        "unflag_event": step(unflag_event, wrong=True, hint=takes),
    }
