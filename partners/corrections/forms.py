"""Forms of a proposed correction."""

from typing import Any

from django import forms
from django.db.models import IntegerField, TextField
from django.utils.translation import gettext_lazy as _

from partners.corrections.correctable_facts import DATE_LABELS, fact_choices, register_file_value
from partners.corrections.models import Correction, Registered
from partners.validators import validate_web_address
from workflow.http.forms import QuantityField
from workflow.input_limits import MAX_TEXT_LENGTH
from workflow.quantities import normalize_width


class CorrectionForm(forms.Form):
    """Form to propose the value of one fact, with its source and a reason."""

    fact = forms.CharField(widget=forms.HiddenInput)
    source_url = forms.CharField(
        label=_("Source"), max_length=600, validators=[validate_web_address],
        help_text=_("Enter the address of the web page with this information."),
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )  # fmt: skip
    why = forms.CharField(
        label=_("Reason"), max_length=MAX_TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any, thing: Registered, fact: str) -> None:
        super().__init__(data, initial={"fact": fact, "value": register_file_value(thing, fact)})
        self.fields["value"] = value_field(type(thing), fact)
        self.order_fields(["fact", "value", "source_url", "why"])

    def clean_value(self) -> str:
        """Return the value as text. The action validates it."""
        value = self.cleaned_data["value"]
        return "" if value is None else str(value)


class PartialDateTextField(forms.CharField):
    """Form field for a date of any precision, as text."""

    def to_python(self, value: Any) -> str:
        """Convert full-width digits to ASCII."""
        return normalize_width(super().to_python(value) or "")


def value_field(kind: type[Registered], fact: str) -> forms.Field:
    """Return the form field for a fact: a choice, a date, a number, or text."""
    message = _("Correct value")
    if fact in DATE_LABELS:
        hint = _("As precisely as known: 2011, 2015-06 or 2015-06-14.")
        return PartialDateTextField(
            label=message, required=False, max_length=30, help_text=hint, widget=_short_input()
        )
    if options := fact_choices(kind, fact):
        return forms.ChoiceField(label=message, choices=options)
    field: Any = kind._meta.get_field(fact)
    if isinstance(field, IntegerField):
        return QuantityField(label=message, required=False)
    widget = forms.Textarea(attrs={"rows": 3}) if isinstance(field, TextField) else forms.TextInput()
    longest = field.max_length or 2000
    return forms.CharField(label=message, required=not field.blank, max_length=longest, widget=widget)


def _short_input() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "w-date", "autocomplete": "off"})


# --- list and page of corrections -------------------------------------------------------------------------------
class CorrectionFilterForm(forms.Form):
    """Filters of the list of corrections."""

    whose = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("All")), ("mine", _("Proposed by me")), ("keep", _("For records I manage"))],
    )
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *Correction.Status.choices]
    )
