"""Forms of facts about a supplier: one fact with its source, and a confirmed phone number."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.contacts.models import Contact
from procurement.suppliers.models.facts import SupplierFact
from workflow.http.forms import DayField


class SupplierFactForm(forms.Form):
    """Form for what a source states about one fact of a company."""

    name = forms.ChoiceField(label=_("Fact"), choices=SupplierFact.FactName.choices)
    value = forms.CharField(
        label=_("What the source says"),
        max_length=300,
        help_text=_("Enter dates as 2012-03-01 and countries as two-letter codes such as CN."),
    )
    stated_by = forms.CharField(
        label=_("Source of this information"),
        max_length=200,
        help_text=_("A person, a document or a register."),
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(),
        label=_("One of your contacts"),
        required=False,
        empty_label=_("none of your contacts"),
        help_text=_("A phone number that a contact has called can be used to confirm an account."),
    )
    stated_on = DayField(label=_("Date"))
    how = forms.ChoiceField(label=_("How this was checked"), choices=SupplierFact.CheckMethod.choices)
    source = forms.CharField(label=_("Source reference"), max_length=600, required=False)

    def __init__(self, data: Any, by: Any, known: dict[str, Any]) -> None:
        super().__init__(data, initial=known)
        field = self.fields["contact"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = (
            Contact.objects.visible_to(by).select_related("user", "city").order_by("user__name", "pk")
        )


CheckMethod = SupplierFact.CheckMethod


class ConfirmPhoneForm(forms.Form):
    """Form for a supplier's phone number, and how the contact knows it."""

    number = forms.CharField(label=_("Supplier’s phone number"), max_length=60)
    how = forms.ChoiceField(
        label=_("How do you know this number?"),
        choices=[
            (CheckMethod.PHONED, _("I called it and the company answered")),
            (CheckMethod.BUSINESS_LICENCE, _("I read it on the business licence")),
            (CheckMethod.REGISTER, _("I found it in a public register")),
        ],
        widget=forms.RadioSelect,
    )
