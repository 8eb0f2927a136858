"""When a shipment is planned to leave, to arrive and to be at the door, and when a step of it was taken: the fields of these times.

Each is asked for on the clock of the place where the step happens, and the field shows which clock that is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from procurement.catalogue.models.customs import CustomsRule
from procurement.shipments.models.customs import CustomsHold, CustomsLane
from procurement.shipments.models.shipment import Shipment
from procurement.shipments.models.tracking import Step
from procurement.shipments.words import place_name, zone_of
from workflow import clock
from workflow.doors.counts import plain
from workflow.doors.editing import Edit
from workflow.doors.forms import DAY_FORMATS, MomentField
from workflow.doors.words import localised, offset
from workflow.errors import Words

NOON = "12:00"
AT_ITS_PLACE = _(
    "A date, or a date and time in that place’s local time: 2020-04-16 or 2020-04-16 23:40. Use UTC if we do not know the place."
)
UTC = "UTC"
PLANNED = {
    "planned_departed": Step.DEPARTED,
    "planned_arrived": Step.ARRIVED,
    "planned_delivered": Step.DELIVERED,
}
CLEARED = {
    CustomsRule.Side.EXPORT: Step.EXPORT_CLEARED,
    CustomsRule.Side.IMPORT: Step.IMPORT_CLEARED,
}


@dataclass(frozen=True)
class Place:
    """Where a step happens: its time zone, and its name; UTC without a name where the zone is not known."""

    zone: str = UTC
    name: str = ""

    @property
    def words(self) -> str:
        """Whose clock it is, with its difference from UTC today: "Guangzhou (UTC+8)"."""
        shift = offset(localised(clock.now(), self.zone))
        return f"{self.name} ({shift})" if self.name else shift


def places_of(shipment: Shipment) -> dict[str, Place]:
    """Where each step of a shipment happens. One query."""
    rows = shipment.milestones.values_list("step", "place", "timezone")
    city = shipment.city
    found = {step: Place(zone, place_name(place)) if zone else Place() for step, place, zone in rows}
    for step in (Step.DELIVERED, Step.INSPECTED):
        if step in found and found[step].zone == city.timezone:
            found[step] = Place(city.timezone, str(city))
    return found


def place_of(thing: Shipment | CustomsLane | CustomsHold, step: str = "") -> Place:
    """Where a step of a shipment happens; of a lane or a hold, where its customs are."""
    if isinstance(thing, CustomsHold):
        thing = thing.lane
    if isinstance(thing, CustomsLane):
        step, thing = CLEARED[CustomsRule.Side(thing.side)], thing.shipment
    return places_of(thing).get(step, Place())


class PlannedField(MomentField):
    """A moment on the clock of a place, or a day alone: then its noon there."""

    def __init__(self, place: Place | None = None, **kwargs: Any) -> None:
        super().__init__(required=False, help_text=AT_ITS_PLACE, **kwargs)
        if place is not None:
            self.at(place)

    def at(self, place: Place, *, shown: bool = True) -> None:
        """Take the clock of a place, and show it unless the place itself is typed in the same form."""
        self.zone = place.zone
        if shown:
            self.help_text = str(by_day_at(place))

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
    """The planned times of the steps that people wait for, each on the clock of its place."""

    planned_departed = PlannedField(label=_("Planned departure"))
    planned_arrived = PlannedField(label=_("Planned arrival in the country"))
    planned_delivered = PlannedField(label=_("Planned delivery"))

    def read_at(self, places: Mapping[str, Place], *, shown: bool = True) -> None:
        """Read each time on the clock of the place of its step; `shown`: and say which that is."""
        for name, step in PLANNED.items():
            field = self.fields[name]
            assert isinstance(field, PlannedField)  # declared above
            if step in places:
                field.at(places[step], shown=shown)

    @property
    def planned(self) -> dict[str, datetime | None]:
        """The times by step, None where nothing is planned."""
        return by_step(self.cleaned_data)


def _moment_words(place: Place) -> str:
    return gettext("On the clock of %(place)s, such as 2020-04-16 23:40.") % {"place": place.words}


def _now_words(place: Place) -> str:
    words = gettext("On the clock of %(place)s, such as 2020-04-16 23:40. Leave it empty if it happens now.")
    return words % {"place": place.words}


def _day_words(place: Place) -> str:
    words = gettext("A day, or a moment on the clock of %(place)s: 2020-04-16 or 2020-04-16 23:40.")
    return words % {"place": place.words}


moment_at: Callable[[Place], Words] = lazy(_moment_words, str)
now_at: Callable[[Place], Words] = lazy(_now_words, str)
by_day_at: Callable[[Place], Words] = lazy(_day_words, str)


def happened_field(place: Place) -> MomentField:
    """When something happened, on the clock of its place; nothing typed means now."""
    return MomentField(label=_("When"), zone=place.zone, required=False, help_text=now_at(place))


class When(forms.Form):
    """The form of a move that asks only when it happened; `field` is the fact's name, at which a refusal points."""

    def __init__(self, data: Any, field: str, place: Place) -> None:
        super().__init__(data)
        self.fields[field] = happened_field(place)


def when(field: str, step: str = "") -> Callable[[Any, Any], When]:
    """How a step makes that form; a lane knows its step itself."""
    return lambda data, thing: When(data, field, place_of(thing, step))


def by_step(typed: Mapping[str, Any]) -> dict[str, datetime | None]:
    """What was typed into the three fields, by step."""
    return {step: typed[name] for name, step in PLANNED.items()}


def times_of(data: Any, thing: Shipment) -> PlannedTimes:
    """The form with what is planned so far."""
    known = dict(thing.milestones.values_list("step", "planned_at"))
    initial = {name: known.get(step) for name, step in PLANNED.items()}
    form = PlannedTimes(data, initial=initial)
    form.read_at(places_of(thing))
    return form


def port_of(locode: str) -> Place:
    """A port as it was typed, by its UN/LOCODE; UTC where it is none that we know."""
    code = "".join(locode.split()).upper()
    return Place(zone_of(code), place_name(code)) if zone_of(code) else Place()
