"""Forms of the supplier's answer to an order, on the page behind the link, and of the city's decision on it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.orders.acknowledgements.models import MAX_ANSWERS, OrderAcknowledgement
from workflow.http.forms import DayField
from workflow.input_limits import MAX_TEXT_LENGTH


class AnswerForm(forms.Form):
    """Fields of every answer: who answers, and the version of the page that was read."""

    answered_by_name = forms.CharField(label=_("Your name"), max_length=150)
    seen_version = forms.CharField(max_length=16, widget=forms.HiddenInput)


class ConfirmOrderForm(AnswerForm):
    """Form that confirms the order, with the supplier's own number and delivery date."""

    delivery_on = DayField(label=_("Delivery date"))
    supplier_reference = forms.CharField(label=_("Your order number"), max_length=60, required=False)

    field_order = ("delivery_on", "supplier_reference", "answered_by_name")


class ProposeTermsForm(AnswerForm):
    """Form that proposes another delivery date or other terms, with the reason."""

    delivery_on = DayField(label=_("Other delivery date"), required=False)
    proposed_terms = forms.CharField(
        label=_("Other quantity, price or terms"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_TEXT_LENGTH,
    )
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=MAX_TEXT_LENGTH
    )
    supplier_reference = forms.CharField(label=_("Your order number"), max_length=60, required=False)

    field_order = ("delivery_on", "proposed_terms", "reason", "supplier_reference", "answered_by_name")


class DeclineOrderForm(AnswerForm):
    """Form that declines the order, with the reason."""

    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=MAX_TEXT_LENGTH
    )

    field_order = ("reason", "answered_by_name")


class AcceptProposalForm(forms.Form):
    """Form that accepts the proposal that was read: a later one is refused."""

    answer_count = forms.IntegerField(
        required=False, min_value=0, max_value=MAX_ANSWERS, widget=forms.HiddenInput
    )

    def __init__(self, data: Any, acknowledgement: OrderAcknowledgement) -> None:
        super().__init__(data, initial={"answer_count": acknowledgement.answer_count})


class RefuseAnswerForm(AcceptProposalForm):
    """Form that refuses the answer that was read, with the reason for the supplier."""

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=MAX_TEXT_LENGTH,
        help_text=_("The supplier reads it as you write it."),
    )
