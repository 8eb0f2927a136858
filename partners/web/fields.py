"""Form fields of the register: a place by its name, a day as exactly as it is known, languages."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from partners.dates import Known, OutOfRange, read
from partners.models.cities import City
from partners.places import country_code, currency_code, in_capitals, subdivision_code
from workflow.doors.counts import plain


class CityField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """A place of the register, chosen by name with its province and country, which tell Richmond from Richmond."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(City.objects.order_by("name_en", "pk"), to_field_name="slug", **kwargs)

    def label_from_instance(self, obj: City) -> str:
        """Name, province, country."""
        parts = (obj.name, obj.subdivision_label, obj.country_label)
        return ", ".join(part for part in dict.fromkeys(parts) if part)


class CountryField(forms.CharField):
    """A country or region by the two letters of ISO 3166, capital in the end: screening compares them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Two letters, such as CN."))
        super().__init__(max_length=2, validators=[country_code], **kwargs)

    def to_python(self, value: Any) -> str:
        """The letters, small or full-width ones too."""
        return in_capitals(plain(super().to_python(value) or ""))


class CurrencyField(forms.CharField):
    """Money's currency by the three letters of ISO 4217, capital in the end."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Three letters, such as CNY."))
        super().__init__(max_length=3, validators=[currency_code], **kwargs)

    def to_python(self, value: Any) -> str:
        """The letters, small or full-width ones too."""
        return in_capitals(plain(super().to_python(value) or ""))


class HolidaysField(forms.CharField):
    """Whose public holidays somebody keeps: a country, or a province where they differ."""

    def __init__(self, **kwargs: Any) -> None:
        words = _("Two letters of the country, such as CN; where holidays differ, with the province: CA-BC.")
        kwargs.setdefault("help_text", words)
        super().__init__(max_length=6, **kwargs)

    def clean(self, value: Any) -> str:
        """The code in capitals, full-width letters too."""
        code = in_capitals(plain(super().clean(value)))
        if code:
            (subdivision_code if "-" in code else country_code)(code)
        return code


class KnownField(forms.CharField):
    """A day as exactly as it is known: 2011, 2015-06 or 2015-06-14."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("As exactly as it is known: 2011, 2015-06 or 2015-06-14."))
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "w-date", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Known:
        """The day, full-width figures included."""
        text = super().clean(value)
        try:
            return read(text)
        except OutOfRange as error:
            raise forms.ValidationError(error.words, code="invalid") from error
        except ValueError as error:
            words = _("Write the day as 2011, 2015-06 or 2015-06-14.")
            raise forms.ValidationError(words, code="invalid") from error


class LanguagesField(forms.MultipleChoiceField):
    """The languages somebody reads and writes, of those the product speaks."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple, **kwargs)
