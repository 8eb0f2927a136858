"""When a shipment is planned to leave, to arrive and to be at the door, and when a step of it was taken: the fields of these times."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.shipments.models import Shipment
from procurement.shipments.models.tracking import Step
from workflow.doors.counts import plain
from workflow.doors.editing import Edit
from workflow.doors.forms import DAY_FORMATS, MomentField

NOON = "12:00"
BY_UTC = _("A day, or a moment by UTC: 2020-04-16 or 2020-04-16 23:40.")
PLANNED = {
    "planned_departed": Step.DEPARTED,
    "planned_arrived": Step.ARRIVED,
    "planned_delivered": Step.DELIVERED,
}


class PlannedField(MomentField):
    """A moment by UTC, or a day alone: then its noon, which is the same day from Vancouver to Shanghai."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(zone="UTC", required=False, help_text=BY_UTC, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        """The moment typed."""
        if isinstance(value, str) and self._is_day(plain(value)):
            value = f"{plain(value)} {NOON}"
        return super().to_python(value)

    @staticmethod
    def _is_day(text: str) -> bool:
        try:
            forms.DateField(input_formats=DAY_FORMATS).clean(text)
        except forms.ValidationError:
            return False
        return True


class PlannedTimes(Edit):
    """The planned times of the steps that people wait for."""

    planned_departed = PlannedField(label=_("Planned departure"))
    planned_arrived = PlannedField(label=_("Planned arrival in the country"))
    planned_delivered = PlannedField(label=_("Planned delivery"))

    @property
    def planned(self) -> dict[str, datetime | None]:
        """The times by step, None where nothing is planned."""
        return by_step(self.cleaned_data)


def happened_field() -> MomentField:
    """When something happened, by UTC; nothing typed means now."""
    help_text = _("By UTC, such as 2020-04-16 23:40. Leave it empty if it happens now.")
    return MomentField(label=_("When"), zone="UTC", required=False, help_text=help_text)


class When(forms.Form):
    """The form of a move that asks only when it happened; `field` is the fact's name, at which a refusal points."""

    def __init__(self, data: Any, field: str) -> None:
        super().__init__(data)
        self.fields[field] = happened_field()


def when(field: str) -> Callable[[Any, Any], When]:
    """How a step makes that form."""
    return lambda data, _thing: When(data, field)


def by_step(typed: Mapping[str, Any]) -> dict[str, datetime | None]:
    """What was typed into the three fields, by step."""
    return {step: typed[name] for name, step in PLANNED.items()}


def times_of(data: Any, thing: Shipment) -> PlannedTimes:
    """The form with what is planned so far."""
    known = dict(thing.milestones.values_list("step", "planned_at"))
    return PlannedTimes(data, initial={name: known.get(step) for name, step in PLANNED.items()})
