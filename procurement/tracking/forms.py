"""Forms of tracking: a file of events, an update, an estimate, a flag, and a report by link."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.logistics.queries.public_tracking import public_tracking
from procurement.shipments.form_fields import StepPlace, milestone_places
from procurement.shipments.models import Shipment, Step
from procurement.tracking.models import TrackingEvent
from workflow.http.forms import MomentField
from workflow.http.move_forms import ReasonForm
from workflow.input_limits import MAX_TEXT_LENGTH

MAX_FILE_BYTES = 1024 * 1024


class TrackingFileForm(forms.Form):
    """Form for a file of tracking events and its source."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV in UTF-8, up to 1 MB and 2,000 rows. Columns: shipment, code, occurred_at. "
            "Optional columns: code_system (own, dcsa, iata, iftsta), classifier (ACT, PLN, EST, "
            "REQ), place, pieces, external_id, source, remark. A time without an offset is the local "
            "time of the place."
        ),
    )
    source = forms.CharField(
        label=_("Source of the file"),
        max_length=60,
        required=False,
        help_text=_(
            "For example, the carrier. Updates with the same number from the same source count as one update."
        ),
    )

    def clean_file(self) -> bytes:
        """Return the content of the file. Refuses a file of more than 1 MB."""
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB. Upload it in parts."))
        content: bytes = file.read()
        return content


class ConfirmFileForm(forms.Form):
    """Form that sends the previewed file again to import it."""

    words = forms.CharField(widget=forms.HiddenInput, strip=False)
    name = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    source = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)


class FlagEventForm(ReasonForm):
    """Form that chooses a tracking event and gives the reason."""

    def __init__(self, data: Any, choices: list[tuple[int, str]], chosen: str) -> None:
        super().__init__(data, initial={"event": chosen})
        self.fields["event"] = forms.TypedChoiceField(label=_("Tracking update"), choices=choices, coerce=int)
        if not choices:
            self.fields["event"].help_text = _("There is no tracking update you can choose here.")
        self.order_fields(["event", "reason"])


LOCAL_TIME_HELP = _("In your local time, for example 2020-04-16 23:40.")


class LinkTrackingForm(forms.Form):
    """Form for a tracking update by link, without an account: what happened and where."""

    code = forms.ChoiceField(
        label=_("What happened"),
        choices=[(Step.PICKED_UP, Step.PICKED_UP.label), (TrackingEvent.OTHER_CODE, _("Other event"))],
    )
    remark = forms.CharField(label=_("Details"), max_length=MAX_TEXT_LENGTH, required=False)
    place = forms.CharField(label=_("Place"), max_length=100)

    def __init__(self, data: Any, zone: str) -> None:
        super().__init__(data)
        self.fields["occurred_at"] = MomentField(label=_("When"), zone=zone, help_text=LOCAL_TIME_HELP)

    def clean(self) -> None:
        """Require a description for “Something else”."""
        if self.cleaned_data.get("code") == TrackingEvent.OTHER_CODE and not self.cleaned_data.get("remark"):
            self.add_error("remark", _("Describe what happened."))


CHOSEN_PLACE_TIME_HELP = _("In the local time shown next to your choice, for example 2020-04-16 23:40.")


class EstimateStepForm(forms.Form):
    """Form for the expected time of a milestone, with its source."""

    step = forms.ChoiceField(label=_("Transport milestone"), choices=Step.choices)
    expected_at = MomentField(label=_("Expected date"), help_text=CHOSEN_PLACE_TIME_HELP)
    reported_by = forms.CharField(label=_("Reported by"), max_length=100, required=False)

    def __init__(self, data: Any, thing: Shipment) -> None:
        super().__init__(data)
        _use_zone_of_choice(self, "step", "expected_at", milestone_places(thing))


class TrackingUpdateForm(forms.Form):
    """Form for a tracking update. Milestones with a button of their own are not offered."""

    code = forms.ChoiceField(
        label=_("What happened"),
        choices=[
            (Step.PICKED_UP, Step.PICKED_UP.label),
            (TrackingEvent.OTHER_CODE, _("Other event")),
        ],
        help_text=_(
            "Use the buttons for departure, arrival, clearance and delivery to record these milestones."
        ),
    )
    occurred_at = MomentField(label=_("When"), help_text=CHOSEN_PLACE_TIME_HELP)
    place = forms.CharField(label=_("Place"), max_length=100, required=False)
    remark = forms.CharField(label=_("Remark"), max_length=MAX_TEXT_LENGTH, required=False)

    def __init__(self, data: Any, thing: Shipment) -> None:
        super().__init__(data)
        places = milestone_places(thing)
        here = Step.ARRIVED if thing.departed_at else Step.DEPARTED
        _use_zone_of_choice(
            self, "code", "occurred_at", places | {TrackingEvent.OTHER_CODE: places.get(here, StepPlace())}
        )

    def clean(self) -> None:
        """Require a description for “Something else”."""
        if self.cleaned_data.get("code") == TrackingEvent.OTHER_CODE and not self.cleaned_data.get("remark"):
            self.add_error("remark", _("Describe the tracking update."))


class ShareTrackingForm(forms.Form):
    """Form without fields that turns on the public tracking page and shows what it will hold."""

    def __init__(self, data: Any, thing: Shipment) -> None:
        super().__init__(data)
        self.where = public_tracking(thing, None)


def _use_zone_of_choice(form: forms.Form, choice: str, moment: str, places: Mapping[str, StepPlace]) -> None:
    """Show the time zone beside each choice, and read the moment in that of the chosen one."""
    chosen, field = form.fields[choice], form.fields[moment]
    assert isinstance(chosen, forms.ChoiceField)
    assert isinstance(field, MomentField)
    chosen.choices = [
        (value, f"{label} · {places.get(value, StepPlace()).label}") for value, label in chosen.widget.choices
    ]
    field.zone = places.get(form.data.get(choice, ""), StepPlace()).time_zone
