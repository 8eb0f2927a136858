"""Marking something heard as wrong, and taking the mark back: which event, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.visit import Visit
from procurement.shipments.actions.tracking.hearing import call_right, call_wrong
from procurement.shipments.models.shipment import Shipment
from procurement.web.shipments.tracking.telling import choices_of
from workflow import clock
from workflow.doors.moving import Reason, Step


class Marked(Reason):
    """Which event, and why."""

    def __init__(self, data: Any, choices: list[tuple[int, str]], chosen: str) -> None:
        super().__init__(data, initial={"event": chosen})
        self.fields["event"] = forms.TypedChoiceField(label=_("What was heard"), choices=choices, coerce=int)
        if not choices:
            self.fields["event"].help_text = _("Nothing that was heard can be marked so.")
        self.order_fields(["event", "reason"])


def steps(request: Visit) -> dict[str, Step]:
    """The two moves as steps of a shipment's page; `?event=` chooses one beforehand."""
    chosen = request.GET.get("event", "")

    def step(action: Any, *, wrong: bool, hint: Any) -> Step:
        def form(data: Any, thing: Shipment) -> Marked:
            return Marked(data, choices_of(thing, wrong=wrong), chosen)

        def act(request: Visit, thing: Shipment, **facts: Any) -> Shipment:
            made: Shipment = action(thing, by=request.by, at=clock.now(), **facts)
            return made

        return Step(act, form=form, hint=hint)

    marks = _("It stays on the page, with who said so and why. What rested on it is worked out anew.")
    takes = _("It counts again.")
    return {
        "call_wrong": step(call_wrong, wrong=False, hint=marks),
        "call_right": step(call_right, wrong=True, hint=takes),
    }
