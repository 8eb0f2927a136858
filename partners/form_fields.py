"""Form fields of the register: city, country, currency, holidays, date with precision, languages."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.partial_dates import PartialDate, YearOutOfRange, read_partial_date
from partners.validators import (
    is_country,
    normalize_code,
    validate_country_code,
    validate_currency_code,
    validate_subdivision_code,
    web_address,
)
from workflow.quantities import normalize_width


class CityField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """Form field for a city, shown with province and country to distinguish cities of the same name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(City.objects.order_by("name_en", "pk"), to_field_name="slug", **kwargs)

    def label_from_instance(self, obj: City) -> str:
        """Return name, province and country."""
        parts = (obj.name, obj.subdivision_label, obj.country_label)
        return ", ".join(part for part in dict.fromkeys(parts) if part)


class CountryField(forms.CharField):
    """Form field for a country or region as its two-letter code of ISO 3166.

    The value is stored in capitals, because screening compares it.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Two-letter code, such as CN."))
        super().__init__(max_length=2, validators=[validate_country_code], **kwargs)

    def to_python(self, value: Any) -> str:
        """Return the code in capitals. Accepts small and full-width letters."""
        return normalize_code(normalize_width(super().to_python(value) or ""))


class CurrencyField(forms.CharField):
    """Form field for a currency as its three-letter code of ISO 4217, stored in capitals."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Three-letter code, such as CNY."))
        super().__init__(max_length=3, validators=[validate_currency_code], **kwargs)

    def to_python(self, value: Any) -> str:
        """Return the code in capitals. Accepts small and full-width letters."""
        return normalize_code(normalize_width(super().to_python(value) or ""))


class HolidaysField(forms.CharField):
    """Form field for a holiday calendar: a country, or a province if its holidays differ."""

    def __init__(self, **kwargs: Any) -> None:
        message = _("Two-letter country code, such as CN. Add the province where holidays differ: CA-BC.")
        kwargs.setdefault("help_text", message)
        super().__init__(max_length=6, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the code in capitals. Accepts full-width letters."""
        code = normalize_code(normalize_width(super().clean(value)))
        if code:
            (validate_subdivision_code if "-" in code else validate_country_code)(code)
        return code


class PartialDateField(forms.CharField):
    """Form field for a date of any precision: 2011, 2015-06 or 2015-06-14."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("As precisely as known: 2011, 2015-06 or 2015-06-14."))
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "w-date", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> PartialDate:
        """Return the date with its precision. Accepts full-width digits."""
        text = super().clean(value)
        try:
            return read_partial_date(text)
        except YearOutOfRange as error:
            raise forms.ValidationError(error.words, code="invalid") from error
        except ValueError as error:
            message = _("Enter the date as 2011, 2015-06 or 2015-06-14.")
            raise forms.ValidationError(message, code="invalid") from error


class LanguagesField(forms.MultipleChoiceField):
    """Form field for the languages of a person, among those of the product."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple, **kwargs)


SOURCE_FIELD = forms.CharField(
    label=_("Source"), max_length=600, validators=[web_address],
    help_text=_("Enter the address of the web page with this information."),
    widget=forms.URLInput(attrs={"placeholder": "https://"}),
)  # fmt: skip


class CountryCodeField(forms.CharField):
    """Country code: two letters of ISO 3166."""

    def clean(self, value: Any) -> str:
        """Return the code in capitals."""
        code = normalize_code(super().clean(value))
        if not is_country(code):
            raise forms.ValidationError(_("Enter the two-letter code of the country or region, such as CN."))
        return code
