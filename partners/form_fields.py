"""Form fields of the register: city, country, province, currency, holidays, date with precision, languages."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from partners.cities.models import City
from partners.partial_dates import PartialDate, YearOutOfRange, read_partial_date
from partners.place_labels import (
    country_choices,
    currency_choices,
    find_subdivision,
    subdivision_choices,
    subdivision_label,
)
from partners.validators import (
    is_country_code,
    is_subdivision_code,
    normalize_code,
    validate_country_code,
    validate_subdivision_code,
    validate_web_address,
)
from workflow.http.forms import SuggestionInput
from workflow.quantities import normalize_width


class CityField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """Form field for a city, shown with province and country to distinguish cities of the same name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(City.objects.order_by("name_en", "pk"), to_field_name="slug", **kwargs)

    def label_from_instance(self, obj: City) -> str:
        """Return name, province and country."""
        parts = (obj.name, obj.subdivision_label, obj.country_label)
        return ", ".join(part for part in dict.fromkeys(parts) if part)


class CodeChoiceField(forms.ChoiceField):
    """Form field that chooses a code by its name. Accepts small and full-width letters; the value is in capitals."""

    def to_python(self, value: Any) -> str:
        """Return the code in capitals."""
        return normalize_code(normalize_width(super().to_python(value) or ""))


class CountryField(CodeChoiceField):
    """Form field that chooses a country or region by its name; the value is its two-letter code of ISO 3166."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=lambda: [("", "–"), *country_choices()], **kwargs)


class CurrencyField(CodeChoiceField):
    """Form field that chooses a currency by its name; the value is its three-letter code of ISO 4217."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=lambda: [("", "–"), *currency_choices()], **kwargs)


class SubdivisionField(forms.CharField):
    """Form field for a province or state, typed by its name in any language; the value is its ISO 3166-2 code.

    A form names the country in which names are looked up: `use_country`. Codes of the right form are accepted too, also
    those dropped from the list.
    """

    country: str = ""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=80, widget=SuggestionInput(list), **kwargs)

    def use_country(self, country: str) -> None:
        """Look up names among the provinces or states of this country, and suggest them."""
        self.country = country
        assert isinstance(self.widget, SuggestionInput)  # made above
        self.widget.suggestions = lambda: [(label, code) for code, label in subdivision_choices(country)]

    def to_python(self, value: Any) -> str:
        """Return the code of the typed name or code."""
        text = super().to_python(value) or ""
        code = normalize_code(normalize_width(text))
        if not code or is_subdivision_code(code):
            return code
        if found := find_subdivision(text, self.country):
            return found
        raise forms.ValidationError(
            _(
                "No province or state of this country has this name. Enter it in full, or as a code such as CA-BC."
            )
        )

    def prepare_value(self, value: Any) -> Any:
        """Return the name of a code in the language of the page; a typed name as typed."""
        return subdivision_label(value) if isinstance(value, str) and is_subdivision_code(value) else value


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


SOURCE_URL_FIELD = forms.CharField(
    label=_("Source"), max_length=600, validators=[validate_web_address],
    help_text=_("Enter the address of the web page with this information."),
    widget=forms.URLInput(attrs={"placeholder": "https://"}),
)  # fmt: skip


class CountryCodeField(forms.CharField):
    """Country code: two letters of ISO 3166."""

    def clean(self, value: Any) -> str:
        """Return the code in capitals."""
        code = normalize_code(super().clean(value))
        if not is_country_code(code):
            raise forms.ValidationError(_("Enter the two-letter code of the country or region, such as CN."))
        return code
