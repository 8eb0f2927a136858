"""Forms of customs clearances, declarations and customs holds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.form_fields import CountryField, CurrencyField
from procurement.customs.models import CustomsClearance, CustomsHold
from procurement.shipments.form_fields import event_time_field, milestone_place
from workflow.http.forms import MoneyField
from workflow.input_limits import MAX_TEXT_LENGTH


class FileClearanceForm(forms.Form):
    """Form for the filing of a clearance: customs office and time."""

    office = forms.CharField(label=_("Customs office"), max_length=100, required=False)

    def __init__(self, data: Any, thing: CustomsClearance) -> None:
        super().__init__(data)
        self.fields["filed_at"] = event_time_field(milestone_place(thing))


class DeclarationForm(forms.Form):
    """Form for a declaration with one line. The API accepts more lines."""

    number = forms.CharField(label=_("Number"), max_length=40)
    office = forms.CharField(label=_("Customs office"), max_length=100, required=False)
    broker_reference = forms.CharField(label=_("Broker’s reference"), max_length=60, required=False)
    hs_code = forms.CharField(label=_("Customs code, ten digits"), max_length=10)
    origin = CountryField(label=_("Country of origin"))
    value = MoneyField(label=_("Value"), max_digits=18, decimal_places=2)
    currency = CurrencyField(label=_("Currency"))
    relief = forms.CharField(label=_("Relief claimed"), max_length=60, required=False)


class CustomsHoldForm(forms.Form):
    """Form for a customs hold: its reason and the question of customs."""

    reason = forms.CharField(label=_("Reason"), max_length=MAX_TEXT_LENGTH)
    question = forms.CharField(
        label=_("Question from customs"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_TEXT_LENGTH,
    )

    def __init__(self, data: Any, thing: CustomsClearance) -> None:
        super().__init__(data)
        self.fields["started_at"] = event_time_field(milestone_place(thing))


class EndHoldForm(forms.Form):
    """Form for the end of a customs hold."""

    answer = forms.CharField(
        label=_("Answer to customs"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_TEXT_LENGTH,
    )

    def __init__(self, data: Any, thing: CustomsHold) -> None:
        super().__init__(data)
        self.fields["ended_at"] = event_time_field(milestone_place(thing))


class HoldReplyForm(forms.Form):
    """Form for the answer to customs with a file, on the shipment's page."""

    answer = forms.CharField(
        label=_("Answer to customs"), widget=forms.Textarea(attrs={"rows": 2}), max_length=MAX_TEXT_LENGTH
    )
    upload = forms.FileField(
        label=_("File sent with the answer"),
        required=False,
        help_text=_("PDF, JPEG, PNG or WebP, up to 10 MB."),
    )


class HoldAnswerForm(forms.Form):
    """Form for the answer to customs."""

    answer = forms.CharField(
        label=pgettext_lazy("noun", "Answer"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_TEXT_LENGTH,
    )
