"""Forms of a city's supplier status and of declared interests."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.cities.models import City
from procurement.suppliers.models.statuses import InterestDeclaration, SupplierStatus
from workflow.http.forms import DayField
from workflow.input_limits import MAX_TEXT_LENGTH


class SupplierStatusForm(forms.Form):
    """Form for a supplier status: city, status, dates and reason."""

    city = forms.ModelChoiceField(City.objects.none(), label=_("City"), empty_label=None)
    status = forms.ChoiceField(
        label=_("Supplier status"),
        choices=SupplierStatus.Status.choices,
        help_text=_("You cannot order from a company that is suspended or banned."),
    )
    starts_on = DayField(label=pgettext_lazy("a date", "From"))
    ends_on = DayField(label=_("Until"), required=False, help_text=_("Leave blank if there is no end date."))
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=MAX_TEXT_LENGTH,
        help_text=_("Other cities cannot see this."),
    )  # fmt: skip

    def __init__(self, data: Any, cities: Any, first: Any) -> None:
        super().__init__(data, initial={"starts_on": first, "city": cities.first()})
        field = self.fields["city"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = cities


class InterestDeclarationFilterForm(forms.Form):
    """Form that filters the list of declared interests by supplier and status."""

    q = forms.CharField(label=_("Supplier"), required=False, max_length=200)
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("Any")), *InterestDeclaration.Status.choices]
    )


class InterestDeclarationForm(forms.Form):
    """Form for a declared interest, in the person's own words."""

    words = forms.CharField(
        label=_("Nature of the interest"),
        required=False,
        max_length=MAX_TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example shares, a position or a relative. Only you can read this."),
    )
