"""Forms that several moves share: a reason, an optional reason, a due date."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflow import clock
from workflow.formatting import local_moment, utc_offset
from workflow.http.edit_forms import EditForm
from workflow.http.forms import MomentField
from workflow.input_limits import MAX_TEXT_LENGTH


class ReasonForm(forms.Form):
    """Form for the written reason that some moves demand."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=MAX_TEXT_LENGTH
    )


class OptionalReasonForm(forms.Form):
    """Form for an optional reason."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_TEXT_LENGTH,
        required=False,
    )


class DueDateForm(EditForm):
    """Form for a new date by which an answer is due, in the local time of the contact."""

    def __init__(self, data: Any, zone: str, first: datetime | None) -> None:
        super().__init__(data)
        label = _("Due date, in the contact’s local time (%(zone)s)")
        params = {"zone": utc_offset(local_moment(first or clock.now(), zone))}
        self.fields["due_at"] = MomentField(label=label % params, zone=zone, initial=first)
