"""Forms that look up, add and edit a city."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.time_zones import time_zones
from partners.cities.gazetteer import currency_of
from partners.cities.models import City
from partners.form_fields import CountryField, CurrencyField, SubdivisionField
from partners.validators import normalize_code
from workflow.http.edit_forms import EditForm
from workflow.http.forms import QuantityField
from workflow.http.move_forms import ReasonForm
from workflow.quantities import normalize_width


class PlaceSearchForm(forms.Form):
    """Form to look up a place in GeoNames, given in the address of the page."""

    q = forms.CharField(label=_("Name of the city"), max_length=120, help_text=_("In any language."))
    country = CountryField(label=_("Country or region"), required=False)


class DegreesField(forms.DecimalField):
    """Form field for a coordinate in degrees, to five decimals. Takes a decimal comma and full-width figures."""

    def __init__(self, most: int, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "w-number", "autocomplete": "off"})
        super().__init__(
            required=False,
            widget=widget,
            min_value=-most,
            max_value=most,
            max_digits=8,
            decimal_places=5,
            **kwargs,
        )

    def to_python(self, value: Any) -> Any:
        """Return the degrees. South and west are negative."""
        text = normalize_width(value).replace(",", ".").replace("−", "-") if isinstance(value, str) else value
        return super().to_python(text)


class CityForm(EditForm):
    """Form for the facts of a city."""

    jointly_compared_fields: ClassVar = (frozenset({"latitude", "longitude"}),)

    name_en = forms.CharField(label=_("English name"), max_length=120)
    name_fr = forms.CharField(label=_("French name"), max_length=120, required=False)
    name_zh = forms.CharField(label=_("Chinese name"), max_length=120, required=False)
    name_local = forms.CharField(label=_("Local name"), max_length=120, required=False)
    country = CountryField(label=_("Country or region"))
    subdivision = SubdivisionField(label=_("Province or state"), required=False)
    level = forms.ChoiceField(label=_("Level"), choices=City.Level, initial=City.Level.CITY)
    timezone = forms.ChoiceField(label=_("Time zone"), required=False)
    currency = CurrencyField(
        label=_("Currency"), required=False, help_text=_("The approval limit is in this currency.")
    )
    latitude = DegreesField(90, label=_("Latitude"), help_text=_("In degrees; south is negative."))
    longitude = DegreesField(180, label=_("Longitude"), help_text=_("In degrees; west is negative."))
    coord_source = forms.CharField(label=_("Source of the position"), required=False, max_length=80)
    population = QuantityField(label=_("Population"), required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        province, zone = self.fields["subdivision"], self.fields["timezone"]
        assert isinstance(province, SubdivisionField)  # both declared above
        assert isinstance(zone, forms.ChoiceField)
        province.use_country(normalize_code(str(self["country"].value() or "")))
        stored = self.initial.get("timezone", "")
        listed = {name for _region, places in time_zones() for name, _place in places}
        kept = [] if stored in listed else [(stored, stored or "–")]
        zone.choices = [*([("", "–")] if stored else []), *kept, *time_zones()]


class NewCityForm(CityForm):
    """Form for a new city, by hand or with the facts of GeoNames."""

    geonames_id = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)


class EditCityForm(ReasonForm, CityForm):
    """Form to edit the facts of a city, with a reason. For a city without a currency, it proposes the country's."""

    field_order: Sequence[str] = (*CityForm.base_fields, "reason")

    def __init__(self, data: Any, city: City) -> None:
        stored = {name: getattr(city, name) for name in CityForm.base_fields}
        super().__init__(data, initial={**stored, "currency": city.currency or currency_of(city.country)})
        self.thing = city
