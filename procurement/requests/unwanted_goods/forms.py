"""Form for unwanted goods."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from procurement.catalogue.models.products import Product
from procurement.catalogue.models.standards import Standard
from procurement.requests.unwanted_goods.models import UnwantedGoods
from workflow.http.forms import DayField


class UnwantedGoodsForm(forms.Form):
    """Form for goods that are not wanted. It asks for the city only if there is a choice."""

    city = forms.ModelChoiceField(City.objects.none(), label=_("City"), required=False)
    product = forms.ModelChoiceField(
        Product.objects.order_by("family", "code"),
        label=_("Product"),
        required=False,
        empty_label=_("any"),
        help_text=_("Choose at least one of these. Only goods that match every choice are unwanted."),
    )
    family = forms.ChoiceField(
        label=_("Product family"), required=False, choices=[("", _("any")), *Product.Family.choices]
    )
    standard = forms.ModelChoiceField(
        Standard.objects.order_by("designation", "edition", "level"),
        label=_("Standard"),
        required=False,
        empty_label=_("any"),
    )
    condition = forms.ChoiceField(
        label=_("Condition"),
        required=False,
        choices=[("", _("any")), *UnwantedGoods.Condition.choices],
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("This text is public and shown exactly as you write it. Do not name anyone."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    ends_on = DayField(
        label=_("Last day"), required=False, help_text=_("Leave blank if there is no end date.")
    )

    def __init__(self, data: Any, cities: Collection[int], *, all_cities: bool) -> None:
        super().__init__(data)
        field = self.fields["city"]
        assert isinstance(field, forms.ModelChoiceField)  # declared above
        if len(cities) + all_cities < 2:
            del self.fields["city"]
            return
        field.queryset = City.objects.filter(pk__in=cities).order_by("name_en", "pk")
        field.empty_label = _("All cities") if all_cities else None
        field.required = not all_cities
