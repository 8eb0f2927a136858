"""Fields for planned and actual times of a shipment, each in the local time of its place.

Each field shows the place and its time zone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.maps.great_circle import GeoPoint
from procurement.catalogue.models.customs import CustomsRule
from procurement.customs.models import CustomsClearance, CustomsHold
from procurement.shipments.models import Shipment, Step
from procurement.shipments.reference_tables import (
    known_places,
    locode_of_typed_place,
    nearest_place_locode,
    place_name,
    time_zone_of,
)
from procurement.shipments.rules import LOCODE_PATTERN
from workflow import clock
from workflow.errors import LazyText
from workflow.formatting import local_moment, utc_offset
from workflow.http.edit_forms import EditForm
from workflow.http.forms import DAY_FORMATS, MomentField, SuggestionInput
from workflow.quantities import normalize_width

NOON_TIME = "12:00"
LOCAL_TIME_HELP = _("A date, or a date and local time at that place: 2020-04-16 or 2020-04-16 23:40.")
STEP_BY_FIELD = {
    "planned_departure": Step.DEPARTED,
    "planned_arrival": Step.ARRIVED,
    "planned_delivery": Step.DELIVERED,
}
STEP_BY_CUSTOMS_SIDE = {
    CustomsRule.Side.EXPORT: Step.EXPORT_CLEARED,
    CustomsRule.Side.IMPORT: Step.IMPORT_CLEARED,
}


@dataclass(frozen=True)
class StepPlace:
    """Place of a milestone: its time zone and name; the reader's own zone without a name if it is unknown."""

    time_zone: str = ""
    name: str = ""

    @property
    def label(self) -> str:
        """Name of the place with its offset from UTC today: "Guangzhou (UTC+8)"."""
        shift = utc_offset(local_moment(clock.now(), self.time_zone or None))
        return f"{self.name or gettext('your time zone')} ({shift})"


def milestone_places(shipment: Shipment) -> dict[str, StepPlace]:
    """Return the place of each milestone of a shipment. One query."""
    rows = shipment.milestones.values_list("step", "place", "timezone")
    city = shipment.city
    found = {step: StepPlace(zone, place_name(place)) if zone else StepPlace() for step, place, zone in rows}
    for step in (Step.DELIVERED, Step.INSPECTED):
        if step in found and found[step].time_zone == city.timezone:
            found[step] = StepPlace(city.timezone, str(city))
    return found


def milestone_place(thing: Shipment | CustomsClearance | CustomsHold, step: str = "") -> StepPlace:
    """Return the place of a milestone; for a clearance or a customs hold, the place of its customs."""
    if isinstance(thing, CustomsHold):
        thing = thing.clearance
    if isinstance(thing, CustomsClearance):
        step, thing = STEP_BY_CUSTOMS_SIDE[CustomsRule.Side(thing.side)], thing.shipment
    return milestone_places(thing).get(step, StepPlace())


class PlaceField(forms.CharField):
    """Field for a port or airport, chosen by its name in any language of the site; its value is the UN/LOCODE.

    Its initial value is a label (`place_label`). Any other text is refused unless it has the form of a
    UN/LOCODE; the action checks whether it is one.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=100, widget=SuggestionInput(known_places), **kwargs)

    def to_python(self, value: Any) -> str:
        """Return the UN/LOCODE of the place."""
        text = super().to_python(value) or ""
        found = locode_of_typed_place(text)
        if not text or found:
            return found
        code = "".join(text.split()).upper()
        if LOCODE_PATTERN.fullmatch(code) is None:
            raise forms.ValidationError(
                _("No port or airport with this name was found. Choose one from the list.")
            )
        return code


def nearest_port(city: City | None) -> str:
    """Return the UN/LOCODE of the known place nearest to a city, or "".

    Empty if the city or its position is unknown.
    """
    if city is None or city.latitude is None or city.longitude is None:
        return ""
    return nearest_place_locode(GeoPoint(float(city.latitude), float(city.longitude)), city.country)


class PlannedTimeField(MomentField):
    """Field for a moment in the local time of a place. A date alone means noon there."""

    def __init__(self, place: StepPlace | None = None, **kwargs: Any) -> None:
        super().__init__(required=False, help_text=LOCAL_TIME_HELP, **kwargs)
        if place is not None:
            self.use_place(place)

    def use_place(self, place: StepPlace, *, shown: bool = True) -> None:
        """Read the time as local time of a place. If `shown`, the help text names the place and its zone."""
        self.zone = place.time_zone
        if shown:
            self.help_text = str(day_help_for_place(place))

    def to_python(self, value: Any) -> datetime | None:
        """Return the moment typed."""
        if isinstance(value, str) and self._is_day(normalize_width(value)):
            value = f"{normalize_width(value)} {NOON_TIME}"
        return super().to_python(value)

    @staticmethod
    def _is_day(text: str) -> bool:
        try:
            forms.DateField(input_formats=DAY_FORMATS).clean(text)
        except forms.ValidationError:
            return False
        return True


class PlannedTimesForm(EditForm):
    """Form for the planned times of departure, arrival and delivery, each in the local time of its place."""

    planned_departure = PlannedTimeField(label=_("Planned departure"))
    planned_arrival = PlannedTimeField(label=_("Planned arrival in destination country"))
    planned_delivery = PlannedTimeField(label=_("Planned delivery"))

    def use_places(self, places: Mapping[str, StepPlace], *, shown: bool = True) -> None:
        """Read each time in the local time of its milestone's place. `shown` adds the place to the help text."""
        for name, step in STEP_BY_FIELD.items():
            field = self.fields[name]
            assert isinstance(field, PlannedTimeField)  # declared above
            if step in places:
                field.use_place(places[step], shown=shown)

    @property
    def planned_times_by_step(self) -> dict[str, datetime | None]:
        """Times by milestone, None where nothing is planned."""
        return times_by_step(self.cleaned_data)


def _moment_help(place: StepPlace) -> str:
    return gettext("Local time in %(place)s, for example 2020-04-16 23:40.") % {"place": place.label}


def _now_help(place: StepPlace) -> str:
    words = gettext(
        "Local time in %(place)s, for example 2020-04-16 23:40. Leave blank for the current time."
    )
    return words % {"place": place.label}


def _day_help(place: StepPlace) -> str:
    words = gettext("A date, or a date and local time in %(place)s: 2020-04-16 or 2020-04-16 23:40.")
    return words % {"place": place.label}


moment_help_for_place: Callable[[StepPlace], LazyText] = lazy(_moment_help, str)
now_help_for_place: Callable[[StepPlace], LazyText] = lazy(_now_help, str)
day_help_for_place: Callable[[StepPlace], LazyText] = lazy(_day_help, str)


def event_time_field(place: StepPlace) -> MomentField:
    """Return a field for the moment of an event, in the local time of its place. Empty means now."""
    return MomentField(
        label=_("When"), zone=place.time_zone, required=False, help_text=now_help_for_place(place)
    )


class EventTimeForm(forms.Form):
    """Form of a move that asks only for its moment.

    `field` is the name of the action's argument, so that a refusal can refer to it.
    """

    def __init__(self, data: Any, field: str, place: StepPlace) -> None:
        super().__init__(data)
        self.fields[field] = event_time_field(place)


def event_time_form_factory(field: str, step: str = "") -> Callable[[Any, Any], EventTimeForm]:
    """Return a function that builds an `EventTimeForm`. A clearance needs no `step`."""
    return lambda data, thing: EventTimeForm(data, field, milestone_place(thing, step))


def times_by_step(typed: Mapping[str, Any]) -> dict[str, datetime | None]:
    """Return the three times of the form by milestone."""
    return {step: typed[name] for name, step in STEP_BY_FIELD.items()}


def planned_times_form(data: Any, thing: Shipment) -> PlannedTimesForm:
    """Return the form with the times planned so far."""
    known = dict(thing.milestones.values_list("step", "planned_at"))
    initial = {name: known.get(step) for name, step in STEP_BY_FIELD.items()}
    form = PlannedTimesForm(data, initial=initial)
    form.use_places(milestone_places(thing))
    return form


def step_place_of(locode: str) -> StepPlace:
    """Return the place of a typed name or UN/LOCODE.

    An unknown place has the reader's time zone and no name.
    """
    code = locode_of_typed_place(locode)
    return StepPlace(time_zone_of(code), place_name(code)) if time_zone_of(code) else StepPlace()
