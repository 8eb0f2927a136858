"""Form that saves the filter of a list."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.permissions.permissions import Permissions


class SavedViewForm(forms.Form):
    """Form for the name of a view and the people who get it."""

    name = forms.CharField(label=_("Name"), max_length=40)
    city = forms.ModelChoiceField(
        City.objects.none(), label=_("Visible to"), required=False, empty_label=_("Only me")
    )

    def __init__(self, data: Any, by: Permissions) -> None:
        super().__init__(data)
        field = self.fields["city"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        field.queryset = City.objects.filter(pk__in=by.visible_cities).order_by("name_en", "pk")
